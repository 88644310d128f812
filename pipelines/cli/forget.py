"""The command `forget`: erases a person, and shows the receipt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import DryRun, head, now, plural, say, unfinished

if TYPE_CHECKING:
    from landscape.people.erasure import Receipt
    from landscape.services.deleting import AtService


def forget(
    email: Annotated[str | None, typer.Argument(help="The person's e-mail address, in any case.")] = None,
    name: Annotated[list[str] | None, typer.Option(help="Their name, as given in the survey.")] = None,
    response: Annotated[list[str] | None, typer.Option(help="A response, as in network_signup/2017/12.")] = None,
    visit: Annotated[
        str | None, typer.Option(help="Who spoke at a visit, by your list of speakers; as in force_visits/2017/V01.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Whoever was forgotten before and came back.")] = False,
    at_service: Annotated[
        bool, typer.Option("--at-service", help="Delete them at the services they were pulled from, too.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Takes a person out of everything, and keeps them out.

    Out of received files and of all that was made of them; a later file does not bring them back.
    """
    from landscape.people.erasure import forget as forget_person
    from landscape.people.erasure import forget_again
    from landscape.people.whom import Sought
    from pipelines.definitions import declared_surveys

    sought = Sought(email or "", tuple(name or ()), tuple(response or ()), visit or "")
    if again == (sought != Sought()) or (visit and (email or response)):
        raise LandscapeError(
            "say whom to forget, in one way",
            remedy="landscape forget EMAIL, or --name NAME, or --response SURVEY/WAVE/NUMBER, or --visit; or --again by itself",
        )
    paths, surveys = project_paths(), declared_surveys()
    with unfinished("What it had begun stays done; the same command does the rest."):
        if again:
            receipt = forget_again(paths, surveys, now(), is_dry_run=dry_run, at_service=at_service)
        else:
            receipt = forget_person(paths, surveys, sought, now(), is_dry_run=dry_run, at_service=at_service)
    _show_receipt(receipt, is_dry_run=dry_run)


def _show_receipt(receipt: Receipt, *, is_dry_run: bool) -> None:
    from landscape.releasing.register import recipients
    from landscape.surveys.invited import is_invited_list

    head("Dry run: nothing was changed. It would do this:" if is_dry_run else "Receipt")
    for file, n_responses in receipt.files:
        whole = "; nothing else was in it, so the file goes" if file in receipt.emptied else ""
        what = "invitation" if is_invited_list(Path(file)) else "response"
        say(f"  Out of {file}: {n_responses} {plural(n_responses, what)}{whole}")
    deleted, taken, added = ("Delete", "take out", "add") if is_dry_run else ("Deleted", "taken out", "added")
    say(f"  {deleted} whole ({len(receipt.made)}): all that is made of received files")
    for place in receipt.made if is_dry_run else ():
        say(f"    {place}")
    if receipt.n_decided:
        say(f"  Decisions and codings on their answers: {taken} {receipt.n_decided}")
    if receipt.n_tombstones:
        say(f"  Tombstones: {added} {receipt.n_tombstones} marks, so that no later file brings them back")
    for there in receipt.at_services:
        _show_at_service(there)
    if receipt.n_elsewhere:
        head(
            f"\n{receipt.n_elsewhere} other {plural(receipt.n_elsewhere, 'response')} under the same e-mail address "
            f"{plural(receipt.n_elsewhere, 'stays', 'stay')}.",
        )
    if receipt.left:
        say(
            f"\nTheir name, address or number {'would still be' if is_dry_run else 'is still'} here, "
            "perhaps in other people’s words:"
        )
        for place in receipt.left:
            say(f"  {place}")
    if receipt.releases:
        head(
            f"\n{plural(len(receipt.releases), 'A release holds', 'Releases hold')} what is listed above; once you have seen "
            "that it is theirs, tell the recipients, withdraw it and make one without it:",
        )
        for name in receipt.releases:
            say(f"  landscape release withdraw {name} --reason “…”")
            for recipient in recipients(project_paths(), name):
                say(f"    tell {recipient}")
    if not is_dry_run:
        say(
            "\nNext: landscape refresh. Also delete them in the survey tool, in backups, and in copies that were sent on; "
            "answers that were given without a name cannot be found."
        )


def _show_at_service(there: AtService) -> None:
    if there.deleted:
        say(
            f"  At {there.service}, {there.survey}: {len(there.deleted)} {plural(len(there.deleted), 'response')} deleted; "
            f"{there.how_far}",
        )
    if there.missing:
        say(f"  At {there.service}, {there.survey}: {len(there.missing)} no longer there")
    if there.by_hand:
        head(f"  By hand at {there.service}, since {there.why}:")
        for response_id in there.by_hand:
            say(f"    delete {response_id}")

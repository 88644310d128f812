"""The commands about people: vault, consent, contacts, forget, retention. Not here: anything they do; they show it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from landscape.errors import LandscapeError
from landscape.paths import project_paths

if TYPE_CHECKING:
    from landscape.people.erasure import Receipt
    from landscape.services.deleting import AtService

vault_app = typer.Typer(no_args_is_help=True, help="The contacts vault and its keys.")
consent_app = typer.Typer(no_args_is_help=True, help="What a person consented to, and withdrawing it.")
contacts_app = typer.Typer(no_args_is_help=True, help="Lists of people to write to.")
console = Console(highlight=False, soft_wrap=True)
warnings = Console(stderr=True, highlight=False, soft_wrap=True)

_NOBODY = "Nobody in the vault has this e-mail address; received files are in it from the next refresh on."

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


@vault_app.command()
def status() -> None:
    """Says what the vault holds, where the keys are, and whether both are safe."""
    from landscape.people.keeping import vault_status

    found = vault_status(project_paths())
    if found.contacts is None:
        console.print("Vault: none yet; every refresh makes it anew from the received files.")
    else:
        console.print(f"Vault: data/contacts.duckdb, with {sum(found.contacts.values())} responses of named people")
        for survey, n_responses in found.contacts.items():
            console.print(f"  {survey}: {n_responses}", markup=False)
    console.print(f"Keys: {len(found.keys)} in {found.key_folder}", markup=False)
    for name in found.keys:
        console.print(f"  {name}", markup=False)
    console.print(f"Tombstones: {found.n_tombstones} marks. Withdrawn consents: {found.n_withdrawals}.")
    _warn(found.warnings)


@vault_app.command("backup-key")
def backup_key(file: Annotated[Path, typer.Argument(help="The zip to write, outside the project folder.")]) -> None:
    """Copies all keys into one zip for escrow; unpacked into the key folder, it restores them."""
    from landscape.people.keeping import back_up_keys

    for name in back_up_keys(project_paths(), file):
        console.print(f"Copied: {name}", markup=False)
    console.print(
        f"Written: {file}. Give it into escrow, apart from the project, and keep no other copy.", markup=False
    )


@vault_app.command()
def rotate() -> None:
    """Renews the keys of the surveys' pseudonyms; the key of the tombstones is never renewed."""
    from landscape.people.keeping import rotate_keys

    for name in rotate_keys(project_paths()):
        console.print(f"Renewed: {name}", markup=False)
    console.print(
        "The next refresh gives everyone a new pseudonym. Copy the keys again: landscape vault backup-key FILE"
    )


@consent_app.command()
def show(email: Annotated[str, typer.Argument(help="The address they signed up with, in any case.")]) -> None:
    """Shows all that an e-mail address consented to, with wording, time and source row, and where it was invited."""
    from landscape.identity.withdrawals import consent_purposes
    from landscape.people.mailing import statements_of
    from landscape.private_files import log_access
    from landscape.surveys.invited import invitations_to
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    labels = consent_purposes(paths)
    found = statements_of(paths, email)
    log_access(paths, "consent show", "", len(found), _now())
    for place in invitations_to(paths, declared_surveys(), email):
        console.print(f"Invited: {place}", markup=False)
    if not found:
        console.print(_NOBODY)
        return
    for said, withdrawn_at in found:
        answer = "given" if said.is_given else "not given"
        withdrawn = f", withdrawn {_shown(withdrawn_at)} (UTC)" if said.is_given and withdrawn_at else ""
        console.print(f"{said.purpose}  {labels.get(said.purpose, '')}: {answer}{withdrawn}", markup=False)
        console.print(
            f"    wording {said.version}, said {_shown(said.said_at) or 'at an unknown time'} (UTC), "
            f"{said.person.file_name}, line {said.person.line}",
            markup=False,
        )
    if len({said.person.compared_name for said, _ in found}) > 1:
        console.print("Several people answered under this address.", style="bold")


@consent_app.command()
def withdraw(
    email: Annotated[str, typer.Argument(help="The address they signed up with, in any case.")],
    purpose: Annotated[str | None, typer.Option(help="One purpose, such as CON.NETWORK; all without it.")] = None,
) -> None:
    """Withdraws consent: for mailing lists at once, for everything else with the next refresh."""
    from landscape.identity.withdrawals import withdraw as withdraw_consent
    from landscape.people.mailing import statements_of
    from landscape.private_files import log_access

    paths, at = project_paths(), _now()
    for code in withdraw_consent(paths, email, purpose, at):
        log_access(paths, "consent withdraw", code, 1, at)
        console.print(f"Withdrawn: {code}", markup=False)
    if paths.contacts.exists() and not statements_of(paths, email):
        console.print(f"{_NOBODY} Check the spelling.", style="bold")
    console.print(
        "Mailing lists leave them out from now on; lists already written are in data/private/mailing-lists and wherever you "
        "copied them. Everything else follows with: landscape refresh"
    )


@contacts_app.command()
def export(purpose: Annotated[str, typer.Option(help="What for, such as CON.NETWORK.")]) -> None:
    """Writes the people who consent to a purpose as a workbook, for the coordinator only."""
    from landscape.people.keeping import warnings_of
    from landscape.people.mailing import export_contacts

    paths = project_paths()
    written = export_contacts(paths, purpose, _now())
    console.print(f"Written: {written.path.relative_to(paths.root).as_posix()}, with {_people(written.n_people)}")
    if written.n_left_out:
        addresses = _plural(written.n_left_out, "shared address", "shared addresses")
        console.print(f"Left out: {written.n_left_out} {addresses} where not everyone consents.")
    console.print("Delete it when the message is sent. The access log says that it was written.")
    _warn(warnings_of(paths))


@contacts_app.command()
def directory() -> None:
    """Writes the members-only directory of expertise: who consents to stand in it, with topics offered and wanted."""
    from landscape.people.directory import export_directory
    from landscape.people.keeping import warnings_of

    paths = project_paths()
    written = export_directory(paths, _now())
    console.print(f"Written: {written.path.relative_to(paths.root).as_posix()}, with {_people(written.n_people)}")
    if written.n_left_out:
        addresses = _plural(written.n_left_out, "shared address", "shared addresses")
        console.print(f"Left out: {written.n_left_out} {addresses} where not everyone consents.")
    console.print(
        "For members of the network only: never in a report, on a website or in a release. It holds no addresses; put "
        "people in touch yourself. The access log says that it was written."
    )
    _warn(warnings_of(paths))


def forget(
    email: Annotated[str | None, typer.Argument(help="The person's e-mail address, in any case.")] = None,
    name: Annotated[list[str] | None, typer.Option(help="Their name, as given in the survey.")] = None,
    response: Annotated[list[str] | None, typer.Option(help="A response, as in network_signup/2017/12.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Whoever was forgotten before and came back.")] = False,
    at_service: Annotated[
        bool, typer.Option("--at-service", help="Delete them at the services they were pulled from, too.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Takes a person out of received files and of all that was made of them, and keeps them from coming back."""
    from landscape.people.erasure import Sought, forget_again
    from landscape.people.erasure import forget as forget_person
    from pipelines.definitions import declared_surveys

    sought = Sought(email or "", tuple(name or ()), tuple(response or ()))
    if again == (sought != Sought()):
        raise LandscapeError(
            "say whom to forget, in one way",
            remedy="landscape forget EMAIL, or --name NAME, or --response SURVEY/WAVE/NUMBER; or --again by itself",
        )
    paths, surveys = project_paths(), declared_surveys()
    if again:
        receipt = forget_again(paths, surveys, _now(), is_dry_run=dry_run, at_service=at_service)
    else:
        receipt = forget_person(paths, surveys, sought, _now(), is_dry_run=dry_run, at_service=at_service)
    _show_receipt(receipt, is_dry_run=dry_run)


def retention(
    remove: Annotated[bool, typer.Option("--remove", help="Delete received files that are past their date.")] = False,
) -> None:
    """Says until when each survey's received files may stay, and deletes those past their date if asked."""
    from landscape.people.retention import remove_expired, retention_of
    from pipelines.definitions import declared_surveys

    paths, surveys, at = project_paths(), declared_surveys(), _now()
    table = Table("survey", "keep until", "received files", "", box=None)
    for one in retention_of(paths, surveys, at.date()):
        state = "past its date" if one.is_past and one.files else ""
        table.add_row(one.survey, one.retain_until.strftime("%d/%m/%Y"), str(len(one.files)), state)
    console.print(table)
    if not remove:
        console.print("To delete what is past its date, with all that was made of it: landscape retention --remove")
        return
    removed = remove_expired(paths, surveys, at)
    for place in removed:
        console.print(f"Deleted: {place}", markup=False)
    console.print("Then: landscape refresh" if removed else "Nothing is past its date.")


def warn_after_refresh() -> None:
    """Says what is not safe about vault and keys, and which received files are past their date."""
    from landscape.people.keeping import warnings_of
    from landscape.people.retention import retention_of
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    past = [one.survey for one in retention_of(paths, declared_surveys(), _now().date()) if one.is_past and one.files]
    late = (
        f"Received files are past the date until which they may be kept: {', '.join(past)}. See: landscape retention",
    )
    _warn((*warnings_of(paths), *(late if past else ())))


def _show_receipt(receipt: Receipt, *, is_dry_run: bool) -> None:
    from landscape.surveys.invited import is_invited_list

    console.print("Dry run: nothing was changed. It would do this:" if is_dry_run else "Receipt", style="bold")
    for file, n_responses in receipt.files:
        whole = "; nothing else was in it, so the file goes" if file in receipt.emptied else ""
        what = "invitation" if is_invited_list(Path(file)) else "response"
        console.print(f"  Out of {file}: {n_responses} {_plural(n_responses, what)}{whole}", markup=False)
    if is_dry_run:
        console.print(
            "  Delete whole: staging database, vault, marts, figures, report, issues, mailing lists, review sheets, "
            "Dagster’s history."
        )
    else:
        console.print(
            f"  Deleted whole ({len(receipt.made)}): staging database, vault and all else that is made of received files"
        )
        if receipt.n_decided:
            console.print(f"  Decisions and codings on their answers: {receipt.n_decided} taken out")
        if receipt.n_tombstones:
            console.print(f"  Tombstones: {receipt.n_tombstones} marks, so that no later file brings them back")
    for there in receipt.at_services:
        _show_at_service(there)
    if receipt.n_elsewhere:
        console.print(
            f"\n{receipt.n_elsewhere} other {_plural(receipt.n_elsewhere, 'response')} under the same e-mail address "
            f"{_plural(receipt.n_elsewhere, 'stays', 'stay')}.",
            style="bold",
        )
    if receipt.left:
        console.print("\nTheir name, address or number still stands here, perhaps in other people’s words; look at:")
        for place in receipt.left:
            console.print(f"  {place}", markup=False)
    if receipt.releases:
        console.print(
            f"\n{_plural(len(receipt.releases), 'A release holds', 'Releases hold')} it; once you have seen that it is "
            "theirs, withdraw and make a new one:",
            style="bold",
        )
        for name in receipt.releases:
            console.print(f"  landscape release withdraw {name} --reason “…”", markup=False)
    if not is_dry_run:
        console.print(
            "\nNext: landscape refresh. Also delete them in the survey tool, in backups, and in copies that were sent on; "
            "answers that were given without a name cannot be found."
        )


def _show_at_service(there: AtService) -> None:
    if there.deleted:
        console.print(
            f"  At {there.service}, {there.survey}: {len(there.deleted)} {_plural(len(there.deleted), 'response')} deleted; "
            f"{there.how_far}",
            markup=False,
        )
    if there.missing:
        console.print(f"  At {there.service}, {there.survey}: {len(there.missing)} no longer there", markup=False)
    if there.by_hand:
        console.print(f"  By hand at {there.service}, since {there.why}:", markup=False, style="bold")
        for response_id in there.by_hand:
            console.print(f"    delete {response_id}", markup=False)


def _warn(found: tuple[str, ...]) -> None:
    for warning in found:
        warnings.print(f"Warning: {warning}", style="bold red", markup=False)


def _people(n_people: int) -> str:
    return "1 person" if n_people == 1 else f"{n_people} people"


def _plural(number: int, one: str, many: str = "") -> str:
    return one if number == 1 else many or f"{one}s"


def _shown(at: dt.datetime | None) -> str:
    return at.strftime("%d/%m/%Y %H:%M") if at else ""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

"""The commands `consent` show, withdraw and object, and `hold`."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from landscape.paths import ProjectPaths, project_paths
from pipelines.cli.terminal import head, moment, now, say, unfinished

consent_app = typer.Typer(no_args_is_help=True, help="Shows what a person consented to, or withdraws it.")
_NOBODY = "Nobody in the received files has this e-mail address."


@consent_app.command()
def show(email: Annotated[str, typer.Argument(help="The address they signed up with, in any case.")]) -> None:
    """Shows all that an e-mail address consented to.

    With wording, time and source row, and where it was invited. The access log says that it was looked up.
    """
    from landscape.identity.withdrawals import consent_purposes
    from landscape.people.mailing import statements_of
    from landscape.private_files import log_access
    from landscape.surveys.invited import invitations_to
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    labels = consent_purposes(paths)
    surveys = declared_surveys()
    found = statements_of(paths, surveys, email)
    log_access(paths, "consent show", "", len(found), now())
    for place in invitations_to(paths, surveys, email):
        say(f"Invited: {place}")
    if not found:
        say(_NOBODY)
        return
    for said, withdrawn_at in found:
        answer = "given" if said.is_given else "not given"
        withdrawn = f", withdrawn {moment(withdrawn_at)} (UTC)" if said.is_given and withdrawn_at else ""
        say(f"{said.purpose}  {labels.get(said.purpose, '')}: {answer}{withdrawn}")
        say(
            f"    wording {said.version}, said {moment(said.said_at) or 'at an unknown time'} (UTC), "
            f"{said.person.file_name}, line {said.person.line}",
        )
    if len({said.person.compared_name for said, _ in found}) > 1:
        head("Several people answered under this address.")


@consent_app.command("object")
@unfinished("Unless it says so, no objection was noted.")
def object_to_use(
    email: Annotated[str, typer.Argument(help="The address they answered with, in any case.")],
) -> None:
    """Notes an objection to the use of what was answered.

    It is kept, and used for nothing: no list from now on, no table from the next refresh on.
    """
    from landscape.identity.holds import object_to_use as note_objection

    paths, at = project_paths(), now()
    note_objection(paths, email, at)
    _said_not_used(paths, email, at, "consent object")


@unfinished("Unless it says so, nothing was put on hold or freed.")
def hold(
    email: Annotated[str, typer.Argument(help="The address they answered with, in any case.")],
    lift: Annotated[bool, typer.Option("--lift", help="End the hold, or the objection.")] = False,
) -> None:
    """Keeps what a person answered, and uses it for nothing.

    Until it is lifted; say while it is in dispute whether it is right, or may be used.
    """
    from landscape.identity.holds import hold as put_on_hold
    from landscape.identity.holds import lift as lift_hold
    from landscape.private_files import log_access

    paths, at = project_paths(), now()
    if lift:
        lift_hold(paths, email)
        log_access(paths, "hold lift", "", 1, at)
        say("The hold is lifted. What they answered is used again from the next refresh on: landscape refresh")
        return
    put_on_hold(paths, email, at)
    _said_not_used(paths, email, at, "hold")


def _said_not_used(paths: ProjectPaths, email: str, at: dt.datetime, what: str) -> None:
    from landscape.people.statements import are_known
    from landscape.private_files import log_access
    from pipelines.definitions import declared_surveys

    log_access(paths, what, "", 1, at)
    say("Noted. Everyone who shares the address is left out of every list from now on.")
    if not are_known(paths, declared_surveys(), email):
        head(f"{_NOBODY} Check the spelling.")
    say(
        "Tables, figures and report follow with: landscape refresh. What was published stays: landscape forget looks for it."
    )


@consent_app.command()
@unfinished("A purpose that is not named as withdrawn is as it was.")
def withdraw(
    email: Annotated[str, typer.Argument(help="The address they signed up with, in any case.")],
    purpose: Annotated[str | None, typer.Option(help="One purpose, such as CON.NETWORK; all without it.")] = None,
) -> None:
    """Withdraws a person's consent.

    For mailing lists at once, for everything else with the next refresh.
    """
    from landscape.identity.withdrawals import withdraw as withdraw_consent
    from landscape.people.statements import are_known
    from landscape.private_files import log_access
    from pipelines.definitions import declared_surveys

    paths, at = project_paths(), now()
    for code in withdraw_consent(paths, email, purpose, at):
        log_access(paths, "consent withdraw", code, 1, at)
        say(f"Withdrawn: {code}")
    if not are_known(paths, declared_surveys(), email):
        head(f"{_NOBODY} Check the spelling.")
    say(
        "Mailing lists leave them out from now on; lists already written are in data/private/mailing-lists and wherever you "
        "copied them. Everything else follows with: landscape refresh"
    )

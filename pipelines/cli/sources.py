"""The commands around services that responses are pulled from: `pull` and `sources check`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.police_uk import pull_police_uk
from pipelines.cli.terminal import NOT_PULLED, DryRun, errors, head, moment, now, say, unfinished

if TYPE_CHECKING:
    from landscape.surveys.definition import Survey

sources_app = typer.Typer(no_args_is_help=True, help="Looks whether the services that we pull from answer.")
_NONE = (
    "No survey declares a source; files are dropped into data/raw. docs/connecting-a-survey.md says how to connect one."
)


@unfinished("A survey that is not named as pulled has the files it had.")
def pull(
    name: Annotated[str | None, typer.Argument(help="One survey; without it all that declare a source.")] = None,
    dry_run: DryRun = False,
    confirm_gone: Annotated[
        bool, typer.Option("--confirm-gone", help="It is right that most responses are gone.")
    ] = False,
) -> None:
    """Takes responses from their services into data/raw.

    A refresh does so by itself, too. `landscape pull police_uk` asks data.police.uk.
    """
    if confirm_gone and name is None:
        raise LandscapeError("name the survey whose responses may go", remedy="landscape pull NAME --confirm-gone")
    if name == "police_uk":
        pull_police_uk(None, dry_run)
        return
    from landscape.services.pulling import pull as pull_survey
    from landscape.staging_db import refresh_lock

    paths, surveys = project_paths(), _sourced(name)
    not_pulled: list[str] = []
    for survey in surveys:
        try:
            with nullcontext() if dry_run else refresh_lock(paths.lock):
                done = pull_survey(paths, survey, now(), is_dry_run=dry_run, confirms_gone=confirm_gone)
        except LandscapeError as error:
            not_pulled.append(str(error))
        else:
            say(done.said(is_dry_run=dry_run))
    if not surveys:
        say(_NONE)
    if not_pulled:
        show_not_pulled(not_pulled)
        raise typer.Exit(NOT_PULLED)


@sources_app.command("check")
def check_sources() -> None:
    """Checks whether each service answers and accepts the credentials; pulls nothing.

    It says how many responses each holds. Ends with exit status 3 where one does not.
    """
    from landscape.services.checking import check_source

    paths, surveys = project_paths(), _sourced(None)
    if not surveys:
        say(_NONE)
        return
    found = [check_source(paths, survey) for survey in surveys]
    for one in found:
        head(f"{one.survey} ({one.service})")
        steps = {"configured": one.is_configured, "reachable": one.is_reachable, "allowed to export": one.is_authorised}
        known = [f"{step}: {'yes' if state else 'no'}" for step, state in steps.items() if state is not None]
        there = "not said by the service" if one.n_there is None else str(one.n_there)
        pulled = f", pulled {moment(one.pulled_at)} (UTC)" if one.pulled_at else ""
        say(f"  {', '.join(known)}")
        say(f"  responses there: {there if one.is_authorised else 'unknown'}; here: {one.n_here}{pulled}")
        if one.why:
            errors.print(f"  {one.why}".replace("\n", "\n  "), style="red", markup=False)
    if any(one.why for one in found):
        raise typer.Exit(NOT_PULLED)


def show_not_pulled(not_pulled: Sequence[str]) -> None:
    """Says what could not be pulled."""
    errors.print("\nNot pulled; the files that were there before are used:", style="bold red")
    for said in not_pulled:
        errors.print(f"  {said}".replace("\n", "\n  "), style="red", markup=False)


def _sourced(name: str | None) -> list[Survey]:
    """The surveys that declare a source; or the one that is named."""
    from pipelines.definitions import declared_surveys

    surveys = declared_surveys()
    known = [survey.name for survey in surveys]
    if name is not None and name not in known:
        raise LandscapeError(f"there is no survey {name}", culprits=[f"known: {', '.join(known)}"])
    return [survey for survey in surveys if survey.name == name or (name is None and survey.source)]

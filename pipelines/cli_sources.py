"""The commands around services that responses are pulled from: pull, sources check. Not here: anything they do; they show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli_opendata import pull_police_uk

if TYPE_CHECKING:
    from landscape.surveys.definition import Survey

sources_app = typer.Typer(no_args_is_help=True, help="The services that responses are pulled from.")
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
NOT_PULLED = 3
"""The exit status where something could not be pulled and all else went well."""
_NONE = (
    "No survey declares a source; files are dropped into data/raw. docs/connecting-a-survey.md says how to connect one."
)


def pull(
    name: Annotated[str | None, typer.Argument(help="One survey; without it all that declare a source.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
) -> None:
    """Takes responses from their services into data/raw; a refresh does so by itself, too. `police_uk` asks data.police.uk."""
    if name == "police_uk":
        pull_police_uk(None, dry_run)
        return
    from landscape.services.pulling import pull as pull_survey
    from landscape.staging_db import refresh_lock

    paths, surveys = project_paths(), _sourced(name)
    not_pulled: list[str] = []
    for survey in surveys:
        try:
            with refresh_lock(paths.lock):
                done = pull_survey(paths, survey, dt.datetime.now(dt.UTC), is_dry_run=dry_run)
        except LandscapeError as error:
            not_pulled.append(str(error))
        else:
            console.print(done.said(is_dry_run=dry_run), markup=False)
    if not surveys:
        console.print(_NONE)
    if not_pulled:
        show_not_pulled(not_pulled)
        raise typer.Exit(NOT_PULLED)


@sources_app.command("check")
def check_sources() -> None:
    """Asks each service whether it answers, lets us in, and how many responses it holds; pulls nothing."""
    from landscape.services.checking import check_source

    paths, surveys = project_paths(), _sourced(None)
    if not surveys:
        console.print(_NONE)
        return
    found = [check_source(paths, survey) for survey in surveys]
    for one in found:
        console.print(f"{one.survey} ({one.service})", markup=False, style="bold")
        steps = {"configured": one.is_configured, "reachable": one.is_reachable, "authorised": one.is_authorised}
        known = [f"{step}: {'yes' if state else 'no'}" for step, state in steps.items() if state is not None]
        there = "not said by the service" if one.n_there is None else str(one.n_there)
        pulled = f", pulled {one.pulled_at:%d/%m/%Y %H:%M} (UTC)" if one.pulled_at else ""
        console.print(f"  {', '.join(known)}", markup=False)
        console.print(
            f"  responses there: {there if one.is_authorised else 'unknown'}; here: {one.n_here}{pulled}", markup=False
        )
        if one.why:
            errors.print(f"  {one.why}".replace("\n", "\n  "), style="red", markup=False)
    if any(one.why for one in found):
        raise typer.Exit(NOT_PULLED)


def show_not_pulled(not_pulled: Sequence[str]) -> None:
    """Says what could not be pulled, plainly."""
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

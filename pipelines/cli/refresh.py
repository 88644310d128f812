"""The command `refresh`. Not here: what a refresh makes."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.sources import show_not_pulled
from pipelines.cli.terminal import NOT_PULLED, console, head, now, say, show_table, unfinished, warn


@unfinished("The step that did not finish changed nothing that was published before.")
def refresh(
    again: Annotated[bool, typer.Option("--again", help="Make everything, also what has not changed.")] = False,
) -> None:
    """Takes in what was received; makes marts, figures and report.

    It pulls from services first. Ends with exit status 3 where something could not be pulled and all else was published.
    """
    from landscape.last_refresh import read_last_refresh
    from landscape.summary import summarise
    from pipelines.progress import progress
    from pipelines.refreshing import run_refresh

    signal.signal(signal.SIGTERM, _interrupt)
    with progress(console) as begins:
        done = run_refresh(begins, again=again)
    paths = project_paths()
    with read_last_refresh(paths) as con:
        summary = summarise(con, paths)
    say(*done.pulled)
    show_table(("", ""), summary.lines)
    if summary.is_sample:
        head("Made-up sample data: no real response is in data/raw yet.")
    say("Published:", *(f"  {place}" for place in summary.places))
    _warn_of_people()
    if done.not_pulled:
        show_not_pulled(done.not_pulled)
        raise typer.Exit(NOT_PULLED)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _warn_of_people() -> None:
    """Says what is not safe about vault and keys, and which received files are past their date."""
    from landscape.people.keeping import warnings_of
    from landscape.people.retention import retention_of
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    warn(warnings_of(paths))
    past = [one.survey for one in retention_of(paths, declared_surveys(), now().date()) if one.is_past and one.files]
    if past:
        late = "Received files are past the date until which they may be kept"
        warn([f"{late}: {', '.join(past)}. See: landscape retention"])

"""The command `refresh`: makes and publishes everything that changed."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from landscape.last_state import LastRefresh
from landscape.paths import project_paths
from landscape.people.keeping import warnings_of
from pipelines.cli.sources import show_not_pulled
from pipelines.cli.terminal import NOT_PULLED, console, head, now, say, show_table, unfinished, warn


@unfinished("The step that did not finish changed nothing that was published before.")
def refresh(
    again: Annotated[bool, typer.Option("--again", help="Make everything, also what has not changed.")] = False,
) -> None:
    """Takes in what was received; makes marts, figures and report.

    It pulls from services first. Ends with exit status 3 where something could not be pulled and all else was published.
    """
    from pipelines.progress import progress
    from pipelines.refreshing import run_refresh, unchanged

    if not again and (left := unchanged(project_paths())):
        say(
            f"Nothing has changed since the last refresh ({left.ended:%A %-d %B %Y, %H:%M}); all is as it was made then."
        )
        return _tell(left)
    signal.signal(signal.SIGTERM, _interrupt)
    with progress(console) as begins:
        from pipelines.definitions import CATALOGUE  # which takes a while

        done = run_refresh(CATALOGUE, begins, again=again)
    say(*done.mended, *done.pulled)
    if not done.made:
        say("What a refresh rests on was touched, and everything comes out as it was.")
    _tell(done.left)
    if done.not_pulled:
        show_not_pulled(done.not_pulled)
        raise typer.Exit(NOT_PULLED)


def _tell(left: LastRefresh) -> None:
    """What there is now, what a person should see to, and the file to open."""
    show_table(("", ""), left.summary)
    if left.is_sample:
        head("Made-up sample data: no real response is in data/raw yet.")
    say("Published:", *(f"  {place}" for place in left.places))
    warn([*left.warnings, *warnings_of(project_paths())])
    today, kept = now().date().isoformat(), sorted(left.retain_until.items())
    late = {
        "Received files are past the date until which they may be kept": [n for n, until in kept if "" < until < today],
        "Nobody has said until when received files may be kept": [name for name, until in kept if not until],
    }
    warn(
        f"{says}: {', '.join(names)}. Nothing is released. See: landscape retention"
        for says, names in late.items()
        if names
    )
    say("Open reports/landscape.html to read it.")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt

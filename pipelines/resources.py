"""What a run is given: the staging database, opened once, and what was received, read once."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar

import dagster as dg

from landscape.paths import ProjectPaths, project_paths
from landscape.publishing import recover
from landscape.staging_db import StagingDatabase, is_locked, open_staging_db, refresh_is_running
from landscape.step import Refresh
from landscape.surveys.definition import Survey

WAITS = 600.0
"""Seconds that a run begun in the UI waits for another refresh to end."""

IN_PROGRESS: ContextVar[Refresh | None] = ContextVar("IN_PROGRESS", default=None)
"""The refresh whose work is done and is now recorded; it holds lock and database."""


def recover_all(paths: ProjectPaths) -> None:
    """Completes or discards what an interrupted run left, before anything new."""
    for folder in (paths.marts, paths.figures, paths.reports):
        recover(folder)


def say_what_is_waited_for(paths: ProjectPaths, log: dg.DagsterLogManager | None) -> None:
    """Says in the log of a run that it waits, where another refresh is running."""
    if log and is_locked(paths.lock):
        log.info(f"{refresh_is_running(paths.lock)}\nThis run begins when it has ended, and waits up to ten minutes.")


def refresh_resource(declared: Callable[[], tuple[Survey, ...]]) -> dg.ResourceDefinition:
    """The resource of a run.

    Args:
        declared: Gives the declared surveys.
    """

    @dg.resource(description="The private DuckDB staging database, opened once for a run and by one run at a time.")
    def refresh(context: dg.InitResourceContext) -> Iterator[Refresh]:
        """The refresh that this run records; else opens the staging database, and closes it when the run ends."""
        if (in_progress := IN_PROGRESS.get()) is not None:
            yield in_progress
            return
        paths = project_paths()
        say_what_is_waited_for(paths, context.log)
        with open_staging_db(paths.staging_db, paths.lock, seconds=WAITS) as con:
            recover_all(paths)
            yield Refresh(StagingDatabase(con, paths), declared)

    return refresh

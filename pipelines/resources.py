"""What a run is given: the staging database, opened once, and what was received, read once."""

from collections.abc import Callable, Iterator

import dagster as dg

from landscape.paths import project_paths
from landscape.publishing import recover
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.step import Refresh
from landscape.surveys.definition import Survey


def refresh_resource(declared: Callable[[], tuple[Survey, ...]]) -> dg.ResourceDefinition:
    """The resource of a run.

    Args:
        declared: Gives the declared surveys.
    """

    @dg.resource(description="The private DuckDB staging database, opened once for a run and by one run at a time.")
    def refresh(_context: dg.InitResourceContext) -> Iterator[Refresh]:
        """Opens the staging database of the project folder in force; closes it when the run ends."""
        paths = project_paths()
        with open_staging_db(paths.staging_db, paths.lock) as con:
            for folder in (paths.marts, paths.figures, paths.reports):
                recover(folder)  # what an earlier run was cut off in is completed or discarded before anything new
            yield Refresh(StagingDatabase(con, paths), declared)

    return refresh

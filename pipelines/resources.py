"""What a run is given: the staging database, opened once. Not here: what is done with it."""

from collections.abc import Iterator

import dagster as dg

from landscape.paths import project_paths
from landscape.publishing import recover
from landscape.staging_db import StagingDatabase, open_staging_db


@dg.resource(description="The private DuckDB staging database, opened once for a run and by one run at a time.")
def staging_db(_context: dg.InitResourceContext) -> Iterator[StagingDatabase]:
    """Opens the staging database of the project folder in force; closes it when the run ends."""
    paths = project_paths()
    with open_staging_db(paths.staging_db, paths.lock) as con:
        for folder in (paths.marts, paths.figures, paths.reports):
            recover(folder)  # what an earlier run was cut off in is completed or discarded before anything new
        yield StagingDatabase(con, paths)

"""What a run is given: the workbench, opened once. Not here: what is done with it."""

from collections.abc import Iterator

import dagster as dg

from landscape.paths import project_paths
from landscape.publishing import recover
from landscape.warehouse import Workbench, open_workbench


@dg.resource(description="The private DuckDB workbench, opened once for a run and by one run at a time.")
def workbench(_context: dg.InitResourceContext) -> Iterator[Workbench]:
    """Opens the workbench of the project folder in force; closes it when the run ends."""
    paths = project_paths()
    with open_workbench(paths.workbench, paths.lock) as con:
        for folder in (paths.marts, paths.figures, paths.reports):
            recover(folder)  # what an earlier run was cut off in is completed or discarded before anything new
        yield Workbench(con, paths)

"""What a run is given: the workbench, opened once, and a terminal to speak on. Not here: its steps."""

from collections.abc import Iterator
from typing import Any

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


@dg.configured(dg.colored_console_logger, config_schema={"log_level": dg.Field(str, default_value="WARNING")})
def console(config: dict[str, Any]) -> dict[str, Any]:
    """Only what went wrong is told on the terminal; every step is told in the UI."""
    return {"log_level": config["log_level"]}

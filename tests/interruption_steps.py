"""A refresh without Dagster and browser that is killed at one of its renames, flushes and commits. Run as a child process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import duckdb

KILLED = 9


def main(fatal: int) -> int:
    """Makes what changed; at the fatal moment the process ends as if by kill -9. Prints how many moments it saw."""
    from marts_landscape import SURVEYS

    from assets.figures.layer import figures_step
    from assets.report import report_step
    from assets.tables import steps
    from landscape.paths import project_paths
    from landscape.staging_db import StagingDatabase, open_staging_db
    from landscape.step import Refresh

    seen = 0

    def moment() -> None:
        nonlocal seen
        seen += 1
        if seen == fatal:
            os._exit(KILLED)

    def at_rename(event: str, _arguments: tuple[object, ...]) -> None:
        if event == "os.rename":
            moment()

    sys.addaudithook(at_rename)
    os.fsync = _after(moment, os.fsync)
    paths = project_paths()
    with open_staging_db(paths.staging_db, paths.lock) as con:
        refresh = Refresh(StagingDatabase(_Committing(con, moment), paths), lambda: tuple(SURVEYS.values()))  # type: ignore[arg-type]
        for step in (*steps(), figures_step(), report_step()):
            step.run(refresh)
            refresh.refuse_broken(step.makes)
    sys.stdout.write(str(seen))
    return 0


def _after(moment: Callable[[], None], call: Callable[..., Any]) -> Callable[..., Any]:
    def called(*arguments: object) -> object:
        moment()
        return call(*arguments)

    return called


class _Committing:
    """A connection as it is, but for a moment before each commit and one after it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, moment: Callable[[], None]) -> None:
        self._con, self._moment = con, moment

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def commit(self) -> None:
        self._moment()
        self._con.commit()
        self._moment()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

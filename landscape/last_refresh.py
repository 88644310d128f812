"""Reading the staging database as the last refresh left it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landscape.errors import StagingDatabaseError
from landscape.paths import ProjectPaths
from landscape.staging_db import cannot_be_opened, connect, is_held, is_locked, refresh_is_running

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def read_last_refresh(paths: ProjectPaths) -> Iterator[DuckDBPyConnection]:
    """Opens the staging database for reading: takes no lock, does not wait, and others may read at the same time.

    Read what you need and close it: a refresh that starts meanwhile waits a few seconds for readers to finish.

    Raises:
        StagingDatabaseBusyError: A refresh is writing it; the error names the process.
        StagingDatabaseError: There is none, it cannot be opened, or a table that is asked for is not in it.
    """
    import duckdb

    file = paths.staging_db
    if not file.exists():
        raise StagingDatabaseError(
            "nothing has been refreshed yet",
            file=f"data/{file.name}",
            remedy="every refresh makes it: landscape refresh",
        )
    try:
        con = connect(file, read_only=True)
    except duckdb.Error as error:
        is_busy = is_held(error) and is_locked(paths.lock)
        raise (refresh_is_running(paths.lock) if is_busy else cannot_be_opened(file)) from error
    try:
        con.execute("SET TimeZone = 'UTC'")
        yield con
    except duckdb.CatalogException as error:
        raise StagingDatabaseError(
            "a table is not there: the last refresh did not get that far, or it is older than this command",
            file=f"data/{file.name}",
            remedy="first: landscape refresh",
        ) from error
    finally:
        con.close()

"""The staging database, the private DuckDB file a refresh works in: opening it, writing and checking tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import ReferenceDataError, StagingDatabaseBusyError, StagingDatabaseError, TableModelError
from landscape.models import DUCKDB_TYPES, TableModel
from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import Row, read_csv, typed_rows
from landscape.settings.reading import Findings
from landscape.table_rules import conditions

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

SCHEMAS = ("raw", "reference", "staged", "marts", "safe")
_LOCK_SECONDS = 5.0  # seconds that a writer at the command line waits for another to finish
_BETWEEN_TRIES = 0.1
_HELD = ("Could not set lock on file", "being used by another process")  # DuckDB on Unix; Windows
_PLACES_SHOWN = 5
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,  # nothing is fetched at run time
    "autoload_known_extensions": False,
    "memory_limit": "2GB",
}


@dataclass(frozen=True)
class StagingDatabase:
    """The open staging database and the project folder it belongs to."""

    con: DuckDBPyConnection
    paths: ProjectPaths


@contextmanager
def open_staging_db(path: Path, lock: Path, *, seconds: float | None = None) -> Iterator[DuckDBPyConnection]:
    """Opens the staging database for one refresh, exclusively.

    Args:
        path: The DuckDB file; made if there is none, private to its owner.
        lock: The lock file that command line, UI and schedule share.
        seconds: How long to wait for another refresh to end; five without it.

    Raises:
        StagingDatabaseBusyError: Another refresh is running; the error names its process.
        StagingDatabaseError: The file cannot be opened, or readers did not finish within five seconds.
    """
    import duckdb
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

    with refresh_lock(lock, seconds=seconds), _only_for_the_owner():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            con = Retrying(
                retry=retry_if_exception(is_held),
                stop=stop_after_delay(_LOCK_SECONDS),
                wait=wait_fixed(_BETWEEN_TRIES),
                reraise=True,
            )(connect, path)
        except duckdb.Error as error:
            raise cannot_be_opened(path) from error
        try:
            path.chmod(0o600)  # it may have been made otherwise
            _prepare(con)
            yield con
        finally:
            con.close()


@contextmanager
def _only_for_the_owner() -> Iterator[None]:
    """All that is written meanwhile is private from its first byte: the database, its log, what it moves out of memory."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def connect(path: Path, *, read_only: bool = False) -> DuckDBPyConnection:
    """A connection to the file as it is; raises DuckDB's own error if that is impossible."""
    import duckdb

    return duckdb.connect(path, read_only=read_only, config=_CONFIG)


def is_held(error: BaseException) -> bool:
    """Whether DuckDB could not open a file because another process has it open."""
    return any(words in str(error) for words in _HELD)


def cannot_be_opened(path: Path) -> StagingDatabaseError:
    """The error to raise if the staging database cannot be opened."""
    return StagingDatabaseError(
        "the staging database cannot be opened",
        file=f"{path.parent.name}/{path.name}",
        remedy="close other programs that have it open; if none has, delete the file: every refresh makes it again",
    )


@contextmanager
def scratch_staging_db() -> Iterator[DuckDBPyConnection]:
    """A staging database in memory for trying a file: it writes nothing, takes no lock and is gone afterwards."""
    import duckdb

    with duckdb.connect(":memory:", config={**_CONFIG, "temp_directory": ""}) as con:
        _prepare(con)
        yield con


def _prepare(con: DuckDBPyConnection) -> None:
    con.execute("SET TimeZone = 'UTC'")
    for schema in SCHEMAS:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")


@contextmanager
def refresh_lock(lock: Path, *, waits: bool = True, seconds: float | None = None) -> Iterator[None]:
    """Holds the lock of a refresh, or of anything else that must not run at the same time.

    Args:
        lock: The lock file.
        waits: Give another process time to finish; otherwise refuse at once.
        seconds: How long; five without it.

    Raises:
        StagingDatabaseBusyError: It did not finish; the message names the process that holds it.
    """
    from filelock import FileLock, Timeout

    lock.parent.mkdir(parents=True, exist_ok=True)
    holder = _holder(lock)
    try:
        with FileLock(lock, timeout=(_LOCK_SECONDS if seconds is None else seconds) if waits else 0):
            holder.write_text(f"process {os.getpid()}", encoding="ascii")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout as error:
        raise refresh_is_running(lock) from error


@contextmanager
def closed_ui(lock: Path) -> Iterator[None]:
    """Keeps the UI closed meanwhile: it shows, and goes on writing, what is to be removed.

    Raises:
        StagingDatabaseBusyError: It is open.
    """
    from filelock import FileLock, Timeout

    lock.parent.mkdir(exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout as error:
        raise StagingDatabaseBusyError(
            "the UI is open, and would go on showing and writing what is to be removed, so nothing was done",
            remedy="close it (Ctrl-C in its window), then give the same command again",
        ) from error


def refresh_is_running(lock: Path) -> StagingDatabaseBusyError:
    """The error to raise if a refresh is running; it names the process."""
    by = _holder(lock).read_text(encoding="ascii") if is_locked(lock) else "another process"
    return StagingDatabaseBusyError(f"a refresh is running ({by})", remedy="try again when it has ended")


def is_locked(lock: Path) -> bool:
    """Whether some process seems to hold the lock; one that was killed may still seem to."""
    return _holder(lock).exists()


def _holder(lock: Path) -> Path:
    return lock.with_suffix(".holder")


def build_table(con: DuckDBPyConnection, model: TableModel) -> None:
    """Makes a table from its SQL.

    Raises:
        TableModelError: The SELECT has other columns than the model declares.
    """
    if model.sql is None:
        raise TableModelError("has no .sql to be made from", file=model.table)
    _refuse_other_columns(con, model, model.sql)
    casts = ", ".join(f'CAST("{f.name}" AS {DUCKDB_TYPES[f.type]}) AS "{f.name}"' for f in model.fields)
    con.execute(f"CREATE OR REPLACE TABLE {model.table} AS SELECT {casts} FROM ({model.sql})")


def accept_table(con: DuckDBPyConnection, model: TableModel) -> None:
    """Checks the columns of a table made by Python against its model.

    Raises:
        TableModelError: It has other columns than the model declares.
    """
    _refuse_other_columns(con, model, f"SELECT * FROM {model.table}")


def _refuse_other_columns(con: DuckDBPyConnection, model: TableModel, query: str) -> None:
    given = [column[0] for column in con.execute(f"DESCRIBE {query}").fetchall()]
    declared = [field.name for field in model.fields]
    if given != declared:
        raise TableModelError(
            "its columns are not those declared in its .yml",
            file=model.table,
            culprits=[f"made: {', '.join(given)}", f"declared: {', '.join(declared)}"],
        )


def load_reference(con: DuckDBPyConnection, model: TableModel, folder: Path) -> list[Row]:
    """Loads a committed reference file with the types of its model; returns its rows as written.

    Raises:
        ReferenceDataError: Its columns differ from the model, or a value has the wrong type.
    """
    path = folder / (model.file or f"{model.name}.csv")
    rows = read_csv(path, [field.name for field in model.fields], ReferenceDataError, may_have=())
    findings = Findings(path, ReferenceDataError)
    made = list(typed_rows(rows, {field.name: field.type for field in model.fields}, findings))
    findings.refuse()
    columns = {field.name: DUCKDB_TYPES[field.type] for field in model.fields}
    write_rows(con, model.table, columns, [tuple(row[name] for name in columns) for row in made])
    return rows


def write_rows(
    con: DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Writes a table from rows made in Python; all at once, since DuckDB is slow with single rows.

    Args:
        con: The staging database.
        table: Schema-qualified name; without a schema the table is a temporary one.
        columns: DuckDB types by column name.
        rows: In the order of the columns.
    """
    import pandas as pd

    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    kind = "TABLE" if "." in table else "TEMP TABLE"
    con.execute(f"CREATE OR REPLACE {kind} {table} ({declared})")
    if rows:
        con.register("made_rows", pd.DataFrame(rows, columns=list(columns), dtype=object))
        con.execute(f"INSERT INTO {table} SELECT * FROM made_rows")
        con.unregister("made_rows")


def count_rows(con: DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    found = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def read_table(con: DuckDBPyConnection, table: str) -> pd.DataFrame:
    """A table as a frame, in a fixed order."""
    return con.execute(f"SELECT * FROM {table} ORDER BY ALL").df()


def check_table(con: DuckDBPyConnection, model: TableModel) -> tuple[str, ...]:
    """Breaches of the rules of a table's model, each with the keys of the first rows; empty if there are none."""
    failures: list[str] = []
    for says, rows in breaches(con, model):
        places = "; ".join(" · ".join(map(str, row)) for row in rows[:_PLACES_SHOWN])
        number = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        failures.append(f"{says}: {number}, at {places}")
    return tuple(failures)


def breaches(con: DuckDBPyConnection, model: TableModel) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Each rule of a table's model that is broken, with the keys of the rows that break it."""
    shown = ", ".join(f'"{column}"' for column in model.key)
    rules = tuple(conditions(model))
    # One query for all rules on single rows: most often none is broken, and nothing more is asked.
    broken = " OR ".join(f"({rule.row_breaks})" for rule in rules if rule.row_breaks)
    rows_are_sound = not broken or not con.execute(f"SELECT 1 FROM {model.table} WHERE {broken} LIMIT 1").fetchall()
    for rule in rules:
        if rule.row_breaks and rows_are_sound:
            continue
        rows = con.execute(f"SELECT {shown} FROM ({rule.query}) ORDER BY ALL").fetchall()
        if rows:
            yield rule.says, rows

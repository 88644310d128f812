"""The door to the staging database, the private DuckDB file a refresh works in. Not here: what is published from it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from landscape.errors import ReferenceDataError, StagingDatabaseBusyError, StagingDatabaseError, TableModelError
from landscape.models import DUCKDB_TYPES, TableModel
from landscape.paths import ProjectPaths

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

SCHEMAS = ("raw", "reference", "staged", "marts", "safe")
_LOCK_SECONDS = 5.0  # seconds that whoever writes at the command line waits for another to end
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
    """Opens the staging database for one refresh, alone.

    Args:
        path: The DuckDB file; made where there is none, private to its owner.
        lock: The lock file that command line, UI and schedule share.
        seconds: How long to wait for another refresh to end; five without it.

    Raises:
        StagingDatabaseBusyError: Another refresh is running; it is named.
        StagingDatabaseError: The file cannot be opened, or others who read it did not end within five seconds.
    """
    import duckdb
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

    with refresh_lock(lock, seconds=seconds):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        if path.stat().st_size == 0:
            path.unlink()  # DuckDB wants to make the file itself
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
            path.chmod(0o600)
            _prepare(con)
            yield con
        finally:
            con.close()


def connect(path: Path, *, read_only: bool = False) -> DuckDBPyConnection:
    """A connection to the file as it is; DuckDB's own error where there can be none."""
    import duckdb

    return duckdb.connect(path, read_only=read_only, config=_CONFIG)


def is_held(error: BaseException) -> bool:
    """Whether DuckDB could not open a file because another process has it open."""
    return any(words in str(error) for words in _HELD)


def cannot_be_opened(path: Path) -> StagingDatabaseError:
    """The error to raise where the staging database cannot be opened."""
    return StagingDatabaseError(
        "the staging database cannot be opened",
        file=f"{path.parent.name}/{path.name}",
        remedy="close other programs that have it open; if none has, delete the file: every refresh makes it anew",
    )


@contextmanager
def scratch_staging_db() -> Iterator[DuckDBPyConnection]:
    """A staging database in memory, to try a file on: it writes nothing, takes no lock and is gone afterwards."""
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
    """Holds the one lock of a refresh, and of whatever else must not run beside one.

    Args:
        lock: The lock file.
        waits: Give another refresh time to end; else refuse at once.
        seconds: How long; five without it.

    Raises:
        StagingDatabaseBusyError: It did not end; the message names the process that holds it.
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


def refresh_is_running(lock: Path) -> StagingDatabaseBusyError:
    """The error to raise where a refresh is in the way; it names the process."""
    by = _holder(lock).read_text(encoding="ascii") if is_locked(lock) else "another process"
    return StagingDatabaseBusyError(f"a refresh is running ({by})", remedy="try again when it has ended")


def is_locked(lock: Path) -> bool:
    """Whether some process says that it holds the lock; one that was killed may still seem to."""
    return _holder(lock).exists()


def _holder(lock: Path) -> Path:
    return lock.with_suffix(".holder")


def build_table(con: DuckDBPyConnection, model: TableModel) -> int:
    """Makes a table from its SQL; returns its rows.

    Raises:
        TableModelError: The SELECT gives other columns than the model declares.
    """
    if model.sql is None:
        raise TableModelError("has no .sql to be made from", file=model.table)
    _refuse_other_columns(con, model, model.sql)
    casts = ", ".join(f'CAST("{f.name}" AS {DUCKDB_TYPES[f.type]}) AS "{f.name}"' for f in model.fields)
    con.execute(f"CREATE OR REPLACE TABLE {model.table} AS SELECT {casts} FROM ({model.sql})")
    return count_rows(con, model.table)


def accept_table(con: DuckDBPyConnection, model: TableModel) -> None:
    """Takes a table that Python made for what its model declares.

    Raises:
        TableModelError: It has other columns than the model declares.
    """
    _refuse_other_columns(con, model, f"SELECT * FROM {model.table}")


def _refuse_other_columns(con: DuckDBPyConnection, model: TableModel, query: str) -> None:
    given = [column[0] for column in con.execute(f"DESCRIBE {query}").fetchall()]
    declared = [field.name for field in model.fields]
    if given != declared:
        raise TableModelError(
            "its columns are not those its .yml declares",
            file=model.table,
            culprits=[f"made: {', '.join(given)}", f"declared: {', '.join(declared)}"],
        )


def load_reference(con: DuckDBPyConnection, model: TableModel, folder: Path) -> int:
    """Loads a committed reference file as its model types it; returns its rows.

    Raises:
        ReferenceDataError: Its columns differ from the model, or a value is not of its type.
    """
    path = folder / (model.file or f"{model.name}.csv")
    columns = ", ".join(f"'{field.name}': 'VARCHAR'" for field in model.fields)
    read = (
        f"read_csv('{path.as_posix()}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"', "
        f"auto_detect=false, columns={{{columns}}})"
    )
    with path.open(encoding="utf-8") as stream:
        header = stream.readline().strip().split(",")
    if header != [f.name for f in model.fields]:
        raise ReferenceDataError(
            "its columns are not those its model declares",
            file=path.name,
            culprits=[f"file: {', '.join(header)}", f"model: {', '.join(f.name for f in model.fields)}"],
        )
    wrong = [
        f"row {row}: {field.name} is not a {field.type}"
        for field in model.fields
        for (row,) in con.execute(
            f"SELECT row FROM (SELECT row_number() OVER () + 1 AS row, * FROM {read}) "
            f'WHERE "{field.name}" <> \'\' AND TRY_CAST("{field.name}" AS {DUCKDB_TYPES[field.type]}) IS NULL'
        ).fetchall()
    ]
    if wrong:
        raise ReferenceDataError("values of another type", file=path.name, culprits=wrong)
    casts = ", ".join(f'CAST(nullif("{f.name}", \'\') AS {DUCKDB_TYPES[f.type]}) AS "{f.name}"' for f in model.fields)
    con.execute(f"CREATE OR REPLACE TABLE {model.table} AS SELECT {casts} FROM {read}")
    return count_rows(con, model.table)


def write_rows(
    con: DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]]
) -> None:
    """Writes a table anew from rows made in Python; at once, since DuckDB takes single rows slowly.

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


def rules_of(model: TableModel) -> tuple[str, ...]:
    """What a model's rules say, as short sentences."""
    return tuple(dict.fromkeys(_KINDS[condition.kind] for condition in _conditions(model)))


_KINDS = {
    "key": "Each row stands once.",
    "required": "Columns that must be filled are.",
    "allowed_values": "Values are of the declared list or form.",
    "ranges": "Numbers lie in their range.",
    "rules": "Conditions between columns hold.",
    "foreign_keys": "What another table must hold, it holds.",
}


def check_table(con: DuckDBPyConnection, model: TableModel) -> tuple[str, ...]:
    """What breaks the rules of a table's model, each with the key of the first rows; empty where it keeps them."""
    failures: list[str] = []
    shown = ", ".join(f'"{column}"' for column in model.key)
    conditions = tuple(_conditions(model))
    # One question for all that a row can break by itself: most often no row breaks any, and all is answered.
    broken = " OR ".join(f"({condition.row_breaks})" for condition in conditions if condition.row_breaks)
    rows_are_sound = not broken or not con.execute(f"SELECT 1 FROM {model.table} WHERE {broken} LIMIT 1").fetchall()
    for condition in conditions:
        if condition.row_breaks and rows_are_sound:
            continue
        rows = con.execute(f"SELECT {shown} FROM ({condition.query}) ORDER BY ALL").fetchall()
        if rows:
            places = "; ".join(" · ".join(str(value) for value in row) for row in rows[:_PLACES_SHOWN])
            number = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
            failures.append(f"{condition.says}: {number}, at {places}")
    return tuple(failures)


class _Condition(NamedTuple):
    """Kind of rule, what is said of a breach, a SELECT of the rows that break it; and how one row does so by itself."""

    kind: str
    says: str
    query: str
    row_breaks: str = ""


def _conditions(model: TableModel) -> Iterator[_Condition]:
    table = model.table
    keys = ", ".join(f'"{column}"' for column in model.key)
    yield _Condition(
        "key",
        f"{' × '.join(model.key)} stands more than once",
        f"SELECT {keys} FROM {table} GROUP BY ALL HAVING count(*) > 1",
    )
    for kind, says, breaks in _row_conditions(model):
        yield _Condition(kind, says, f"SELECT * FROM {table} WHERE {breaks}", breaks)
    for key in model.foreign_keys:
        on = " AND ".join(f'there."{b}" = here."{a}"' for a, b in zip(key.fields, key.reference_fields, strict=True))
        filled = " AND ".join(f'here."{a}" IS NOT NULL' for a in key.fields)
        yield _Condition(
            "foreign_keys",
            f"{', '.join(key.fields)} is not in {key.table}",
            (
                f"SELECT here.* FROM {table} AS here WHERE {filled} "
                f"AND NOT EXISTS (SELECT 1 FROM {key.table} AS there WHERE {on})"
            ),
        )


def _row_conditions(model: TableModel) -> Iterator[tuple[str, str, str]]:
    """(kind of rule, what it says, when a row breaks it)."""
    for field in model.fields:
        column, rules = f'"{field.name}"', field.constraints
        if field.is_required:
            yield "required", f"{field.name} is empty", f"{column} IS NULL"
        if "enum" in rules:
            allowed = ", ".join(sql_text(str(value)) for value in rules["enum"])
            yield "allowed_values", f"{field.name} is none of its values", f"{column} NOT IN ({allowed})"
        if "pattern" in rules:
            matches = f"regexp_full_match({column}, {sql_text(rules['pattern'])})"
            yield "allowed_values", f"{field.name} has another form", f"NOT {matches}"
        if "minimum" in rules:
            yield "ranges", f"{field.name} is below {rules['minimum']}", f"{column} < {rules['minimum']}"
        if "maximum" in rules:
            yield "ranges", f"{field.name} is above {rules['maximum']}", f"{column} > {rules['maximum']}"
    for rule in model.rules:
        yield "rules", rule.says, f"NOT ({rule.holds})"


def sql_text(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"

"""The permitted database: a second database with only what may be released, and the marts made there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from landscape.disclosure.permitted import PERMITTED
from landscape.errors import DisclosureError
from landscape.identity.keys import disclosure_secret, keyed_hash
from landscape.models import DUCKDB_TYPES, TableModel
from landscape.staging_db import build_table, check_table, scratch_staging_db, write_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INTERNAL_CAVEAT = "Internal draft: true detail, not for circulation."
_KEYS = {
    "place_key": "place",
    "source_key": "source",
    "visit_id": "visit",
    "response_id": "visit",
    "record_id": "record",
    "source_record_id": "record",
    "activity_id": "activity",
    "assertion_id": "assertion",
    "technology_id": "technology",
}
"""Columns that identify a row or place, by kind: in a release they hold meaningless keys."""

_MADE_UP = b"made-up people are nobody's secret"
"""Keys of made-up rows are the same on every computer."""

_NEVER_SHOWN = ("place_key", "source_key", "visit_id", "response_id", "record_id", "source_record_id")
_KEY_LENGTH = 20


@dataclass(frozen=True)
class Permitted:
    """The permitted database, and what must not leave it.

    Args:
        con: Reference tables, staged tables as far as they may be released, and the marts made from them.
        marts: The marts in it, without anything that counts people.
        keys: Keys and ids that must not appear in a released table.
    """

    con: DuckDBPyConnection
    marts: tuple[TableModel, ...]
    keys: frozenset[str]


def release_secret(*, is_sample: bool) -> bytes:
    """The key that keys of places, rows and counted responses are made with; for made-up rows one that everybody may know."""
    return _MADE_UP if is_sample else disclosure_secret()


@contextmanager
def permitted_marts(
    staging_db: DuckDBPyConnection,
    reference: Sequence[TableModel],
    staged: Sequence[TableModel],
    marts: Sequence[TableModel],
    secret: bytes,
) -> Iterator[Permitted]:
    """Copies what may be released into a separate database and makes the marts there with the same SQL.

    Code that is given it has no connection to the staging database, so nothing else can be shown.

    Args:
        staging_db: The staging database, after a refresh.
        reference: Models of the reference tables.
        staged: Models of the staged tables.
        marts: Models of the marts.
        secret: Keys of places and rows are made with it; at least 16 random bytes.

    Raises:
        DisclosureError: A mart reads a table that no release has, nobody has decided about a column, or a mart
            breaks its rules or shows a key.
    """
    _refuse_other_inputs(marts)
    declared = {model.table: model for model in staged}
    with scratch_staging_db() as con:
        for model in reference:
            columns = ", ".join(f'"{field.name}"' for field in model.fields)
            _write(con, model, staging_db.execute(f"SELECT {columns} FROM {model.table}").fetchall())
        keys = set(_ids(staging_db))
        for table, select in PERMITTED.items():
            keys |= _carry(staging_db, con, declared[table], select, secret)
        _make_marts(con, marts)
        permitted = Permitted(con, released_models(marts), frozenset(keys))
        refuse_keys(permitted)
        yield permitted


def released_models(marts: Sequence[TableModel]) -> tuple[TableModel, ...]:
    """The marts as they are in a release: without marts and fields that count people."""
    return tuple(
        replace(
            model,
            fields=tuple(field for field in model.fields if not field.people),
            caveats=tuple(caveat for caveat in model.caveats if caveat != INTERNAL_CAVEAT),
        )
        for model in marts
        if not model.people
    )


def refuse_keys(permitted: Permitted) -> None:
    """Looks for keys and ids in every column of the marts.

    Raises:
        DisclosureError: There is one; the error names tables and columns, never the key.
    """
    found = [
        f"{model.table}.{field.name}"
        for model in permitted.marts
        for field in model.fields
        if field.type == "string"
        for texts in [permitted.con.execute(f'SELECT DISTINCT "{field.name}" FROM {model.table}').fetchall()]
        if any(key in text for (text,) in texts if text for key in permitted.keys)
    ]
    if found:
        raise DisclosureError(
            "tables contain keys of places or of visits, so nothing is released",
            culprits=found,
            remedy="count by place_key, list by force_area_code, and do not show the id of a visit or a response",
        )


def _refuse_other_inputs(marts: Sequence[TableModel]) -> None:
    known = {*PERMITTED, *(model.table for model in marts)}
    culprits = [
        f"{model.table} reads {table}"
        for model in marts
        if not model.people
        for table in model.upstream
        if table not in known and not table.startswith("reference.")
    ]
    if culprits:
        raise DisclosureError(
            "tables are made from tables that are in no release",
            culprits=culprits,
            remedy="decide in landscape/disclosure/permitted.py what of those may be released, or mark the table "
            "`people: true` in its .yml, which keeps it out of releases",
        )


def _ids(staging_db: DuckDBPyConnection) -> Iterator[str]:
    """Everything that identifies a response or a person in the staging database."""
    for column, table in (
        ("response_id", "staged.responses"),
        ("person_key", "staged.responses"),
        ("person_key", "staged.invitations"),
        ("record_id", "staged.records"),
    ):
        query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
        yield from (str(found) for (found,) in staging_db.execute(query).fetchall())


def _carry(
    staging_db: DuckDBPyConnection, con: DuckDBPyConnection, model: TableModel, select: str, secret: bytes
) -> set[str]:
    """Writes one staged table into the permitted database; returns the keys made for it, which no table may show."""
    result = staging_db.execute(select)
    columns = [column[0] for column in result.description or ()]
    undecided = sorted({field.name for field in model.fields}.symmetric_difference(columns))
    if undecided:
        raise DisclosureError(
            f"nobody has decided whether columns of {model.table} may be released",
            culprits=undecided,
            remedy="add them to landscape/disclosure/permitted.py, as far as they may be released",
        )
    places = [columns.index(field.name) for field in model.fields]
    made: set[str] = set()
    rows = []
    for found in result.fetchall():
        row = [found[place] for place in places]
        for at, field in enumerate(model.fields):
            if field.name in _KEYS and row[at] is not None:
                row[at] = keyed_hash(secret, _KEYS[field.name], row[at])[:_KEY_LENGTH]
                if field.name in _NEVER_SHOWN:
                    made.add(row[at])
        rows.append(tuple(row))
    _write(con, model, sorted(rows, key=lambda row: tuple(map(str, row))))
    return made


def _write(con: DuckDBPyConnection, model: TableModel, rows: Sequence[tuple[object, ...]]) -> None:
    write_rows(con, model.table, {field.name: DUCKDB_TYPES[field.type] for field in model.fields}, rows)


def _make_marts(con: DuckDBPyConnection, marts: Sequence[TableModel]) -> None:
    """Makes every mart; those that count people are empty while others read them, and are dropped afterwards."""
    made: Mapping[str, TableModel] = {model.table: model for model in marts}
    for table in TopologicalSorter({table: set(model.upstream) for table, model in made.items()}).static_order():
        if table in made and made[table].people:
            _write(con, made[table], [])
        elif table in made:
            build_table(con, made[table])
    for model in marts:
        if model.people:
            con.execute(f"DROP TABLE {model.table}")
        for field in model.fields:
            if field.people and not model.people:
                con.execute(f'ALTER TABLE {model.table} DROP COLUMN "{field.name}"')
    broken = [f"{model.table}: {failure}" for model in released_models(marts) for failure in check_table(con, model)]
    if broken:
        raise DisclosureError("tables of the release break their rules", culprits=broken)

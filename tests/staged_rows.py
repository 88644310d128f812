"""Marts from staged rows written by hand, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from duckdb import DuckDBPyConnection
from marts_landscape import CHECKOUT

from assets.tables import models
from landscape.models import DUCKDB_TYPES
from landscape.places.landscape import write_landscape
from landscape.staging_db import build_table, load_reference, scratch_staging_db, write_rows

Row = Mapping[str, object]
STAGED = {model.table: model for model in models("staged")}
MARTS = {model.name: model for model in models("marts")}


@contextmanager
def empty_landscape() -> Iterator[DuckDBPyConnection]:
    """Reference tables as committed, and all staged tables, empty."""
    with scratch_staging_db() as con:
        for model in models("reference"):
            if (CHECKOUT.reference / (model.file or f"{model.name}.csv")).exists():
                load_reference(con, model, CHECKOUT.reference)
            else:
                write_rows(con, model.table, {field.name: DUCKDB_TYPES[field.type] for field in model.fields}, [])
        write_landscape(con, CHECKOUT.reference)
        for table, model in STAGED.items():
            write_rows(con, table, {field.name: DUCKDB_TYPES[field.type] for field in model.fields}, [])
        yield con


def fill(con: DuckDBPyConnection, tables: Mapping[str, Sequence[Row]]) -> None:
    """Writes these rows, and no others, into the staged tables; a column that is not named is empty."""
    for table, model in STAGED.items():
        rows = tables.get(model.name)
        if rows:
            columns = {field.name: DUCKDB_TYPES[field.type] for field in model.fields}
            write_rows(con, table, columns, [tuple(row.get(column) for column in columns) for row in rows])
        else:
            con.execute(f"DELETE FROM {table}")


def mart(con: DuckDBPyConnection, name: str, columns: str = "*") -> list[tuple[object, ...]]:
    """Columns of a mart, made by its own SQL."""
    build_table(con, MARTS[name])
    return con.execute(f"SELECT {columns} FROM marts.{name}").fetchall()


def visit(visit_id: str, area: str | None, organisation: str = "ORG.FORCE", **more: object) -> Row:
    return {
        "visit_id": visit_id, "force_area_code": area, "place_key": area, "organisation_type_code": organisation,
        "release_level": "REL.NAMED", "is_sample": False, **more,
    }  # fmt: skip


def activities(
    *found: tuple[str, Sequence[str | None], str, Sequence[str], Mapping[str, object]],
) -> dict[str, list[Row]]:
    """The staged tables of activities: (id, areas, type, objectives, what else is known; `product` among it)."""
    tables: dict[str, list[Row]] = {"activities": [], "activity_areas": [], "activity_codes": [], "technologies": []}
    for number, areas, kind, objectives, known in found:
        tables["activities"].append({"activity_id": number, "activity_type_code": kind, "is_sample": False, **known})
        tables["activity_areas"] += [
            {"activity_id": number, "force_area_code": area, "place_key": area} for area in areas
        ]
        tables["activity_codes"] += [
            {"activity_id": number, "scheme": "objective", "code": code} for code in objectives
        ]
        if "product" in known:
            tables["technologies"].append(
                {"technology_id": f"{number}/1", "activity_id": number, "product_name": known["product"]}
            )
    return tables


def challenge(number: str, area: str | None, code: str) -> Row:
    return {
        "assertion_id": number,
        "challenge_code": code,
        "force_area_code": area,
        "place_key": area,
        "is_sample": False,
    }

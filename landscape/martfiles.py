"""Writes the published marts as files: DuckDB, Parquet, CSV and their data package."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import PublishError
from landscape.models import TableModel
from landscape.pii_scan import Known, refuse_personal_history, scan_with
from landscape.places.landscape import read_landscape
from landscape.publishing import file_sha256, publish, read_record
from landscape.staging_db import StagingDatabase
from landscape.table_rules import sql_text
from landscape.text import safe_cell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Failures = Callable[[TableModel], Sequence[str]]
"""Gives what breaks the rules of a table."""

DATABASE = "landscape.duckdb"
PACKAGE = "datapackage.json"
STORAGE_VERSION = "v1.5.0"  # DuckDB 1.5 opens it
LICENCE = "Internal draft, not for circulation"
KEYED_BY = "Keyed by police force area (ONS code)."


def write_mart_files(
    con: DuckDBPyConnection, models: tuple[TableModel, ...], staging: Path, published: Path, title: str
) -> set[str]:
    """Writes the marts into a folder, the database only when its content changed.

    Args:
        con: The staging database.
        models: The marts, by name.
        staging: Where to write.
        published: The database as published now.
        title: The landscape's title.

    Returns:
        Names of all files that belong to the publication.
    """
    import duckdb

    con.execute("SET threads = 1")  # the same rows give the same bytes
    try:
        resources = write_tables(con, models, staging)
        package = data_package(resources, f"{title}: marts", f"{LICENCE}. {KEYED_BY}")
        if _published_content(published) != package["content_hash"]:
            _write_database(con, models, staging)
    except duckdb.IOException as error:
        raise PublishError(
            "DuckDB cannot write the files",
            file=f"{published.parent.name}/{published.name}",
            remedy="free some disk space and check that you may write there, then refresh again. "
            "Nothing published was changed.",
        ) from error
    finally:
        con.execute("RESET threads")
    (staging / PACKAGE).write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return {PACKAGE, DATABASE, *(resource["path"] for resource in resources), *(f"{m.name}.parquet" for m in models)}


def write_tables(con: DuckDBPyConnection, models: Sequence[TableModel], folder: Path) -> list[dict[str, Any]]:
    """Writes tables as Parquet and CSV.

    Args:
        con: Where they are, on one thread.
        models: Their models.
        folder: Where to write; it must exist.

    Returns:
        Their entries in a data package.
    """
    for model in models:
        _write_parquet(con, model, folder)
        write_csv(con, model, folder)
    return [_resource(con, model, folder) for model in models]


def data_package(resources: list[dict[str, Any]], title: str, description: str) -> dict[str, Any]:
    """The data package of some tables.

    Args:
        resources: From `write_tables`.
        title: What they are.
        description: Their status and key; a note on made-up rows is put before it.
    """
    made_up = any(resource["is_sample"] for resource in resources)
    return {
        "profile": "tabular-data-package",
        "name": "engagement-landscape",
        "title": title,
        "description": f"{'Made-up sample data. ' if made_up else ''}{description}",
        "is_sample": made_up,
        "content_hash": _content_hash(resources),
        "resources": resources,
    }


def is_sample(con: DuckDBPyConnection) -> bool:
    """Whether this landscape is based on made-up responses."""
    found = con.execute("SELECT coalesce(bool_or(is_sample), false) FROM staged.submissions").fetchone()
    return bool(found and found[0])


def _rows_of(model: TableModel) -> str:
    """A SELECT of its rows in a fixed order: by key, or for safe tables as they were written."""
    columns = ", ".join(f'"{field.name}"' for field in model.fields)
    order = "rowid" if model.layer == "safe" else ", ".join(f'"{column}" NULLS LAST' for column in model.key)
    return f"SELECT {columns} FROM {model.table} ORDER BY {order}"


def _write_parquet(con: DuckDBPyConnection, model: TableModel, staging: Path) -> None:
    path = (staging / f"{model.name}.parquet").as_posix()
    con.execute(f"COPY ({_rows_of(model)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def write_csv(con: DuckDBPyConnection, model: TableModel, staging: Path) -> None:
    """CSV for spreadsheets: a text that a spreadsheet would run as a formula starts with an apostrophe."""
    rows = con.execute(_rows_of(model)).fetchall()
    with (staging / f"{model.name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in model.fields])
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return safe_cell(value) if isinstance(value, str) else value


def _resource(con: DuckDBPyConnection, model: TableModel, staging: Path) -> dict[str, Any]:
    path = staging / f"{model.name}.csv"
    found = con.execute(f"SELECT count(*) FROM {model.table}").fetchone()
    return {
        "name": model.name.replace("_", "-"),
        "path": path.name,
        "title": model.title,
        "description": model.long_description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
        "rows": found[0] if found else 0,
        "is_sample": any(f.name == "is_sample" for f in model.fields) and is_sample(con),
        "parquet": {
            "path": f"{model.name}.parquet",
            "hash": f"sha256:{file_sha256(staging / f'{model.name}.parquet')}",
        },
        "schema": model.table_schema(),
    }


def _content_hash(resources: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(resources, sort_keys=True).encode()).hexdigest()


def _published_content(published: Path) -> str | None:
    package = published / PACKAGE
    if not package.exists() or not (published / DATABASE).exists():
        return None
    held = (read_record(package) or {}).get("content_hash")
    return str(held) if held else None


def _write_database(con: DuckDBPyConnection, models: tuple[TableModel, ...], staging: Path) -> None:
    path = (staging / DATABASE).as_posix()
    con.execute(f"ATTACH '{path}' AS published (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        con.execute("CREATE SCHEMA published.marts")
        for model in models:
            con.execute(f"CREATE TABLE published.{model.table} AS {_rows_of(model)}")
            _describe(con, model, database="published.")
        con.execute("CHECKPOINT published")
    finally:
        con.execute("DETACH published")


def publish_marts(
    staging_db: StagingDatabase,
    marts: tuple[TableModel, ...],
    verified: tuple[TableModel, ...],
    failures: Failures,
    known: Known,
    stamp: str = "",
) -> list[str]:
    """Publishes the marts if every table keeps its rules.

    Args:
        staging_db: Where the tables are.
        marts: What is published.
        verified: All tables whose rules must hold; the marts among them.
        failures: What breaks the rules of a table.
        known: Whom the PII scan searches for.
        stamp: What they were made from.

    Returns:
        The files that were written.

    Raises:
        PublishError: A rule is broken, or the folder cannot be written; what was published before is unchanged.
    """
    broken = [f"{model.table}: {failure}" for model in verified for failure in failures(model)]
    if broken:
        raise PublishError("tables break their rules, so nothing is published", culprits=broken)
    refuse_personal_history(staging_db.paths, known)
    folder, title = staging_db.paths.marts, read_landscape(staging_db.paths.reference).names.title
    return publish(
        folder,
        PACKAGE,
        lambda staging: write_mart_files(staging_db.con, marts, staging, folder, title),
        scan_with(known),
        stamp,
    )


def _describe(con: DuckDBPyConnection, model: TableModel, database: str) -> None:
    """Writes the model's descriptions as comments into a database (`"name."`, or the staging database)."""
    con.execute(f"COMMENT ON TABLE {database}{model.table} IS {sql_text(model.long_description)}")
    for field in model.fields:
        con.execute(f'COMMENT ON COLUMN {database}{model.table}."{field.name}" IS {sql_text(field.description)}')

"""A table model (.sql + .yml) becomes an asset with its checks. Not here: any one table's meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from landscape.errors import LandscapeError, without_words
from landscape.lineage import Lineage, kept_lineage
from landscape.models import DUCKDB_TYPES, TableModel, read_models
from landscape.staging_db import (
    StagingDatabase,
    build_table,
    check_table,
    count_rows,
    load_reference,
    rules_of,
)

ASSETS_FOLDER = Path(__file__).parent
TABLE_SCHEMA = "table_schema"
NO_COLUMN = "rows counted, or fixed in the SQL"
ASKED = ("options", "questions")
DECIDED = ("agreement", "codings", "decisions")
NAMED = ("landscape",)
MADE_IN_PYTHON = (*ASKED, *DECIDED, *NAMED)
SHOWN_UPSTREAM = ("reference", "staged", "marts")  # raw tables have no declared columns to trace


@cache
def models(layer: str) -> tuple[TableModel, ...]:
    """The table models of a layer."""
    return read_models(ASSETS_FOLDER, layer)


def table_models() -> dict[str, TableModel]:
    """The models of all tables with declared columns, by table."""
    return {model.table: model for layer in SHOWN_UPSTREAM for model in models(layer)}


def table_key(table: str) -> dg.AssetKey:
    """The asset of a schema-qualified table."""
    return dg.AssetKey(table.split("."))


def table_spec(model: TableModel, deps: tuple[str, ...] | None = None) -> dg.AssetSpec:
    """The asset of a model: its words, its columns, what it reads."""
    return dg.AssetSpec(
        key=table_key(model.table),
        deps=[table_key(table) for table in (deps if deps is not None else model.upstream)],
        description=model.long_description,
        group_name=group_of(model.layer),
        owners=list(OWNERS),
        kinds={"duckdb", _maker(model)},
        metadata={"dagster/column_schema": column_schema(model), "dagster/table_name": model.table},
    )


def _maker(model: TableModel) -> str:
    """What a table comes from: a SELECT, a committed CSV file, or Python."""
    if model.sql:
        return "sql"
    return "csv" if model.layer == "reference" and model.name not in MADE_IN_PYTHON else "python"


def column_schema(model: TableModel) -> dg.TableSchema:
    """The Columns tab."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                field.name,
                DUCKDB_TYPES[field.type],
                description=field.description,
                constraints=dg.TableColumnConstraints(
                    nullable=not field.is_required, unique=(field.name,) == model.key
                ),
            )
            for field in model.fields
        ]
    )


def check_spec(model: TableModel) -> dg.AssetCheckSpec:
    """One blocking check for all the rules of a table: one for each rule would take longer to record than to do."""
    return dg.AssetCheckSpec(
        TABLE_SCHEMA, asset=table_key(model.table), blocking=True, description=" ".join(rules_of(model))
    )


def made_tables(made: Sequence[TableModel], staging_db: StagingDatabase) -> Iterator[dg.MaterializeResult[Any]]:
    """What each made table reports: rows, columns, lineage, and how it keeps its rules.

    Raises:
        LandscapeError: Tables break their rules. It comes last, so that the UI has every check of every
            table, and says in words what Dagster itself would only count.
    """
    broken: list[str] = []
    for model in made:
        with without_words(f"checking {model.table}"):
            failures = check_table(staging_db.con, model)
        broken += [f"{model.table}: {failure}" for failure in failures]
        yield _table_result(model, staging_db, failures)
    if broken:
        raise LandscapeError(
            "tables break their rules",
            culprits=broken,
            remedy="mend these rows in the file they come from (data/reference, data/raw), then refresh "
            "again; the UI shows the same under Checks",
        )


def _table_result(model: TableModel, staging_db: StagingDatabase, failures: Sequence[str]) -> dg.MaterializeResult[Any]:
    metadata: dict[str, Any] = {
        "dagster/row_count": count_rows(staging_db.con, model.table),
        "dagster/column_schema": column_schema(model),
    }
    if model.sql:
        sources = _column_sources(model, staging_db)
        metadata["made_from"] = _made_from(sources)
        metadata["sql"] = dg.MetadataValue.md(f"```sql\n{model.sql}\n```")
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(table_key(table), name) for table, name in found]
                for column, found in sources.items()
            }
        )
    return dg.MaterializeResult(
        asset_key=table_key(model.table),
        metadata=metadata,
        check_results=[
            dg.AssetCheckResult(
                check_name=TABLE_SCHEMA,
                asset_key=table_key(model.table),
                passed=not failures,
                description="\n".join(f"- {failure}" for failure in failures) or None,
            )
        ],
    )


def _column_sources(model: TableModel, staging_db: StagingDatabase) -> Lineage:
    known = table_models()
    schemas = {table: {f.name: DUCKDB_TYPES[f.type] for f in known[table].fields} for table in model.upstream}
    return kept_lineage(model, schemas, staging_db.paths.dagster_home / ".dagster" / "lineage")


def _made_from(sources: Mapping[str, list[tuple[str, str]]]) -> dg.TableMetadataValue:
    """The lineage of each column as a table: the open-source UI keeps column lineage but never draws it."""
    return dg.MetadataValue.table(
        [
            dg.TableRecord({"column": column, "made_from": ", ".join(map(".".join, found)) or NO_COLUMN})
            for column, found in sources.items()
        ],
        schema=dg.TableSchema([dg.TableColumn("column", "string"), dg.TableColumn("made_from", "string")]),
    )


def sql_assets(layer: str) -> list[dg.AssetsDefinition]:
    """An asset for each table of a layer that a SELECT makes."""
    return [table_asset(model, _build) for model in models(layer) if model.sql]


def reference_models() -> tuple[TableModel, ...]:
    """The models of the committed reference files."""
    return tuple(model for model in models("reference") if model.name not in MADE_IN_PYTHON)


def reference_assets() -> list[dg.AssetsDefinition]:
    """An asset for each committed reference file."""
    return [table_asset(model, _load) for model in reference_models()]


def _build(model: TableModel, staging_db: StagingDatabase) -> None:
    build_table(staging_db.con, model)


def _load(model: TableModel, staging_db: StagingDatabase) -> None:
    load_reference(staging_db.con, model, staging_db.paths.reference)


def table_asset(model: TableModel, make: Callable[[TableModel, StagingDatabase], None]) -> dg.AssetsDefinition:
    """The asset of one table, with its check; `make` writes it into the staging database."""

    @dg.multi_asset(
        name=f"{model.layer}__{model.name}",
        specs=[table_spec(model)],
        check_specs=[check_spec(model)],
        can_subset=False,
    )
    def table(staging_db: dg.ResourceParam[StagingDatabase]) -> Iterator[dg.MaterializeResult[Any]]:
        with without_words(f"making {model.table}"):
            make(model, staging_db)
        yield from made_tables([model], staging_db)

    return table

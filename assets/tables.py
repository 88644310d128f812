"""A table model (.sql + .yml) becomes an asset with its checks. Not here: any one table's meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from landscape.lineage import Lineage, kept_lineage
from landscape.models import DUCKDB_TYPES, TableModel, read_models
from landscape.staging_db import StagingDatabase, count_rows, rules_of
from landscape.steps import ASKED, DECIDED, NAMED, Refresh, Step, steps_of

ASSETS_FOLDER = Path(__file__).parent
TABLE_SCHEMA = "table_schema"
NO_COLUMN = "rows counted, or fixed in the SQL"
MADE_IN_PYTHON = (*ASKED, *DECIDED, *NAMED)
MODELLED = ("reference", "staged", "marts", "safe")
"""The layers whose tables have declared columns; raw tables have as many as their questionnaires."""


@cache
def models(layer: str) -> tuple[TableModel, ...]:
    """The table models of a layer."""
    return read_models(ASSETS_FOLDER, layer)


def table_models() -> dict[str, TableModel]:
    """The models of all tables with declared columns, by table."""
    return {model.table: model for layer in MODELLED for model in models(layer)}


@cache
def steps() -> tuple[Step, ...]:
    """The steps of a refresh up to the safe tables, in order."""
    return steps_of({layer: models(layer) for layer in MODELLED})


def step(name: str) -> Step:
    """The step of that name."""
    return next(each for each in steps() if each.name == name)


def table_key(table: str) -> dg.AssetKey:
    """The asset of a schema-qualified table."""
    return dg.AssetKey(table.split("."))


def table_spec(model: TableModel, reads: Sequence[str]) -> dg.AssetSpec:
    """The asset of a model: its words, its columns, what it reads."""
    return dg.AssetSpec(
        key=table_key(model.table),
        deps=[table_key(table) for table in reads],
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


def made_tables(made: Sequence[TableModel], refresh: Refresh) -> Iterator[dg.MaterializeResult[Any]]:
    """What each made table reports: rows, columns, lineage, and how it keeps its rules.

    Raises:
        LandscapeError: Tables break their rules. It comes last, so that the UI has every check of every
            table, and says in words what Dagster itself would only count.
    """
    for model in made:
        yield _table_result(model, refresh.staging_db, refresh.failures(model))
    refresh.refuse_broken(made)


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


def reference_models() -> tuple[TableModel, ...]:
    """The models of the committed reference files."""
    return tuple(model for model in models("reference") if model.name not in MADE_IN_PYTHON)


def layer_assets(
    layer: str, files: Mapping[str, Sequence[dg.AssetKey]] = MappingProxyType({})
) -> list[dg.AssetsDefinition]:
    """An asset for each table that the steps of a layer make, with one check a table.

    Args:
        layer: The layer.
        files: What a step reads besides tables, by the step's name.
    """
    return [_step_asset(each, files.get(each.name, ())) for each in steps() if each.layer == layer and each.makes]


def _step_asset(step: Step, files: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    made = {model.table for model in step.makes}

    def reads(model: TableModel) -> tuple[str, ...]:
        return step.reads if step.layer == "safe" else tuple(t for t in model.upstream if t not in made)

    @dg.multi_asset(
        name=step.name,
        specs=[table_spec(model, reads(model)).merge_attributes(deps=files) for model in step.makes],
        check_specs=[check_spec(model) for model in step.makes],
        can_subset=False,
    )
    def tables(refresh: dg.ResourceParam[Refresh]) -> Iterator[dg.MaterializeResult[Any]]:
        step.run(refresh)
        yield from made_tables(step.makes, refresh)

    return tables

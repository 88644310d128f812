"""Turns a table model (.sql + .yml) into an asset with its check."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.edited import edited_by_hand
from landscape.models import DUCKDB_TYPES, TableModel, read_models
from landscape.progress import making
from landscape.staging_db import count_rows
from landscape.step import Refresh, Step
from landscape.steps import ASKED, DECIDED, NAMED, steps_of
from landscape.surveys.statuses import said_by_survey
from landscape.table_rules import rules_of

ASSETS_FOLDER = Path(__file__).parent
TABLE_SCHEMA = "table_schema"
MADE_IN_PYTHON = (*ASKED, *DECIDED, *NAMED)
MODELLED = ("reference", "staged", "marts", "safe")
"""The layers whose tables have declared columns; columns of raw tables depend on the questionnaires."""


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


def table_spec(model: TableModel, reads: Sequence[str], code: str) -> dg.AssetSpec:
    """The asset of a model: description, columns, inputs."""
    return dg.AssetSpec(
        key=table_key(model.table),
        deps=[table_key(table) for table in reads],
        description=model.long_description,
        group_name=group_of(model.layer),
        owners=list(OWNERS),
        kinds={"duckdb", _maker(model)},
        metadata={"dagster/column_schema": column_schema(model), "dagster/table_name": model.table},
        code_version=short(code),
    )


def _maker(model: TableModel) -> str:
    """What a table is made by: a SELECT, a committed CSV file, or Python."""
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
    """One blocking check for all the rules of a table: recording one per rule would take longer than checking."""
    return dg.AssetCheckSpec(
        TABLE_SCHEMA, asset=table_key(model.table), blocking=True, description=" ".join(rules_of(model))
    )


def made_by(
    step: Step,
    refresh: Refresh,
    chosen: Iterable[dg.AssetKey],
    shown: Callable[[], Mapping[str, dict[str, Any]]] = dict,
) -> Iterator[dg.MaterializeResult[Any]]:
    """Takes a step, and reports for each chosen asset its current state and whether it keeps its rules.

    Args:
        step: The step; it does nothing if nothing has changed.
        refresh: The refresh in progress.
        chosen: The assets to record.
        shown: Gives what the UI shows of assets that are not tables with declared columns, by name, once they are made.

    Raises:
        LandscapeError: Tables break their rules. It is raised last, so that the UI has every check of every
            table, and it says in words what Dagster itself would only count.
    """
    step.run(refresh)
    says = shown()
    models = {model.table: model for model in step.makes}
    for key in sorted(chosen):
        making(key.to_user_string())
        name = ".".join(key.path)
        metadata = {"dagster/row_count": count_rows(refresh.con, name)} if name in models else says.get(name, {})
        if name == "staged.responses":
            metadata |= said_by_survey(refresh.con)
        yield dg.MaterializeResult(
            asset_key=key,
            metadata=metadata,
            data_version=dg.DataVersion(refresh.stamps.result(name)),
            check_results=[_checked(key, refresh.failures(models[name]))] if name in models else [],
        )
    refresh.refuse_broken(step.makes)


def _checked(key: dg.AssetKey, failures: Sequence[str]) -> dg.AssetCheckResult:
    description = "\n".join(f"- {failure}" for failure in failures) or None
    return dg.AssetCheckResult(check_name=TABLE_SCHEMA, asset_key=key, passed=not failures, description=description)


def reference_models() -> tuple[TableModel, ...]:
    """The models of the committed reference files."""
    return tuple(model for model in models("reference") if model.name not in MADE_IN_PYTHON)


def layer_assets(
    layer: str, files: Mapping[str, Sequence[dg.AssetKey]] = MappingProxyType({})
) -> list[dg.AssetsDefinition]:
    """An asset for each table that the steps of a layer make, with one check per table.

    Args:
        layer: The layer.
        files: What a step reads besides tables, by the step's name.
    """
    return [_table_assets(each, files.get(each.name, ())) for each in steps() if each.layer == layer and each.makes]


def _table_assets(step: Step, files: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    made = {model.table for model in step.makes}
    deps = (*files, *edited_by_hand(step))

    def reads(model: TableModel) -> tuple[str, ...]:
        return step.reads if step.layer == "safe" else tuple(t for t in model.upstream if t not in made)

    @dg.multi_asset(
        name=step.name,
        specs=[table_spec(model, reads(model), step.code).merge_attributes(deps=deps) for model in step.makes],
        check_specs=[check_spec(model) for model in step.makes],
        can_subset=True,
    )
    def tables(
        context: dg.AssetExecutionContext, refresh: dg.ResourceParam[Refresh]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        yield from made_by(step, refresh, context.selected_asset_keys)

    return tables


def file_spec(
    step: Step, key: dg.AssetKey, kinds: set[str], description: str, reads: Sequence[dg.AssetKey]
) -> dg.AssetSpec:
    """An asset for something a step makes that is not a table with declared columns."""
    return dg.AssetSpec(
        key=key,
        deps=[*reads, *edited_by_hand(step)],
        description=description,
        group_name=group_of(key.path[0]),
        owners=list(OWNERS),
        kinds=kinds,
        code_version=short(step.code),
    )


def file_asset(
    step: Step,
    kinds: set[str],
    description: str,
    reads: Sequence[dg.AssetKey] | None = None,
    shown: Callable[[Refresh], dict[str, Any]] = lambda _: {},
) -> dg.AssetsDefinition:
    """The asset of a step that makes one file, or a folder of files.

    Args:
        step: The step.
        kinds: The kinds the UI shows.
        description: What it is.
        reads: What it is made from; by default, the tables that the step reads.
        shown: Gives what the UI shows of it once it is made.
    """
    key = dg.AssetKey(step.name.split("__"))
    deps = list(map(table_key, step.reads)) if reads is None else reads

    @dg.multi_asset(name=step.name, specs=[file_spec(step, key, kinds, description, deps)])
    def files(refresh: dg.ResourceParam[Refresh]) -> Iterator[dg.MaterializeResult[Any]]:
        yield from made_by(step, refresh, [key], lambda: {".".join(key.path): shown(refresh)})

    return files


def short(code: str) -> str:
    """A hash as the UI shows it; the letter before it keeps twelve digits from looking like a telephone number."""
    return f"v{code[:12]}"

"""What was received, unchanged but without personal columns."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from assets.raw.pulled import pulled_asset, pulled_key, pulled_names
from assets.tables import file_asset, file_spec, made_by, step
from landscape.paths import project_paths, surveys_folder
from landscape.staging_db import count_rows
from landscape.step import LOADING, Refresh
from landscape.surveys.definition import Survey, names_of_surveys, read_survey

RECEIVED = dg.AssetKey(["raw", "received_files"])
POLICE_UK = dg.AssetKey(["raw", "police_uk"])


def survey_names() -> tuple[str, ...]:
    """The surveys, one for each folder, without reading questionnaires; one that is drafted meanwhile waits."""
    return _names_in(surveys_folder())


@cache
def _names_in(folder: Path) -> tuple[str, ...]:
    return names_of_surveys(folder)


@cache
def declared_surveys() -> tuple[Survey, ...]:
    """All surveys with their questionnaires; reading them takes a moment, so only code that runs calls it."""
    return tuple(read_survey(surveys_folder() / name, project_paths().reference) for name in survey_names())


def pulled_keys() -> tuple[dg.AssetKey, ...]:
    """The assets that pull responses from services, one for each survey that declares one."""
    return tuple(pulled_key(name) for name in pulled_names(surveys_folder()))


def survey_keys() -> tuple[dg.AssetKey, ...]:
    """The assets with the cells received, one for each survey."""
    return tuple(dg.AssetKey(["raw", name]) for name in survey_names())


def raw_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer: what is pulled from services, then what was received."""
    police_uk = file_asset(
        step("raw__police_uk"),
        {"json"},
        "What was pulled from data.police.uk, each answer as received (Open Government Licence v3.0). A refresh reads "
        "what is in data/raw/police_uk and asks for nothing; `landscape police-uk pull` pulls.",
    )
    return [*map(pulled_asset, pulled_names(surveys_folder())), _received_assets(), police_uk]


def _received_assets() -> dg.AssetsDefinition:
    """The received files and one asset per survey, loaded together: real and made-up rows never mix."""
    loading = step(LOADING)
    says = {RECEIVED: "Every received file: tool, fingerprint, rows, and whether it is made up."}
    for key in survey_keys():
        says[key] = (
            f"The cells received for the survey {key.path[-1]}, as text, without personal columns. "
            f"What was asked is in assets/raw/surveys/{key.path[-1]}."
        )
    specs = [file_spec(loading, key, {"duckdb", "python"}, said, pulled_keys()) for key, said in says.items()]

    @dg.multi_asset(name=LOADING, specs=specs, can_subset=True)
    def received(
        context: dg.AssetExecutionContext, refresh: dg.ResourceParam[Refresh]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        tables = [".".join(key.path) for key in context.selected_asset_keys]
        yield from made_by(
            loading,
            refresh,
            context.selected_asset_keys,
            lambda: {table: {"dagster/row_count": count_rows(refresh.con, table)} for table in tables},
        )

    return received

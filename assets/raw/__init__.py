"""What was received, untouched. Not here: cleaning, or any personal column."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.tables import ASSETS_FOLDER
from landscape.paths import project_paths
from landscape.surveys.definition import Survey, read_surveys
from landscape.surveys.landing import land, raw_table
from landscape.surveys.received import received_files
from landscape.warehouse import Workbench, count_rows

SURVEYS_FOLDER = ASSETS_FOLDER / "raw" / "surveys"
RECEIVED = dg.AssetKey(["raw", "received_files"])


@cache
def surveys() -> tuple[Survey, ...]:
    """All surveys, one for each folder in `surveys/`."""
    return read_surveys(SURVEYS_FOLDER, project_paths().reference)


def _survey_spec(survey: Survey) -> dg.AssetSpec:
    parts = ", ".join(part.name for part in survey.questionnaire.repeats)
    return dg.AssetSpec(
        key=["raw", survey.name],
        description=f"{survey.title}: the cells received, as text, without personal columns."
        + (f" Repeated parts: {parts}." if parts else ""),
        group_name=group_of("raw"),
        owners=list(OWNERS),
        kinds={"duckdb", "python"},
    )


def raw_assets() -> dg.AssetsDefinition:
    """The received files and one asset per survey, landed together: real and made-up rows never mix."""
    declared = surveys()
    files = dg.AssetSpec(
        key=RECEIVED,
        description="Every received file: tool, fingerprint, rows, and whether it is made up.",
        group_name=group_of("raw"),
        owners=list(OWNERS),
        kinds={"duckdb", "python"},
    )

    @dg.multi_asset(name="raw__received", specs=[files, *map(_survey_spec, declared)])
    def received(workbench: dg.ResourceParam[Workbench]) -> Iterator[dg.MaterializeResult[Any]]:
        found = received_files(workbench.paths, declared)
        land(workbench.con, declared, found)
        yield dg.MaterializeResult(
            asset_key=RECEIVED,
            metadata={
                "dagster/row_count": len(found),
                "made_up": any(file.is_sample for file in found),
                "files": dg.MetadataValue.md("\n".join(f"- {file.name}" for file in found)),
            },
        )
        for survey in declared:
            rows = count_rows(workbench.con, raw_table(survey.name, None))
            yield dg.MaterializeResult(asset_key=["raw", survey.name], metadata={"dagster/row_count": rows})

    return received

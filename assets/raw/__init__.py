"""What was received, untouched. Not here: cleaning, or any personal column."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.raw.pulled import pulled_asset, pulled_key, pulled_names
from assets.tables import step
from landscape.paths import project_paths, surveys_folder
from landscape.staging_db import count_rows
from landscape.steps import Refresh
from landscape.surveys.definition import Survey, read_surveys

RECEIVED = dg.AssetKey(["raw", "received_files"])
POLICE_UK = dg.AssetKey(["raw", "police_uk"])


def survey_names() -> tuple[str, ...]:
    """The surveys, one for each folder; no questionnaire is read for it."""
    return tuple(path.parent.name for path in sorted(surveys_folder().glob("*/survey.yml")))


@cache
def declared_surveys() -> tuple[Survey, ...]:
    """All surveys with their questionnaires; reading them takes a moment, so only what runs asks for them."""
    return read_surveys(surveys_folder(), project_paths().reference)


def pulled_keys() -> tuple[dg.AssetKey, ...]:
    """The assets that pull responses from services, one for each survey that declares one."""
    return tuple(pulled_key(name) for name in pulled_names(surveys_folder()))


def survey_keys() -> tuple[dg.AssetKey, ...]:
    """The assets with the cells received, one for each survey."""
    return tuple(dg.AssetKey(["raw", name]) for name in survey_names())


def _survey_spec(name: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=["raw", name],
        description=f"The cells received for the survey {name}, as text, without personal columns. "
        f"What was asked stands in assets/raw/surveys/{name}.",
        group_name=group_of("raw"),
        owners=list(OWNERS),
        kinds={"duckdb", "python"},
    )


def raw_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer: what is pulled from services, then what was received."""
    return [*(pulled_asset(name) for name in pulled_names(surveys_folder())), _received_assets()]


def _received_assets() -> dg.AssetsDefinition:
    """The received files and one asset per survey, loaded together: real and made-up rows never mix."""
    files = dg.AssetSpec(
        key=RECEIVED,
        description="Every received file: tool, fingerprint, rows, and whether it is made up.",
        group_name=group_of("raw"),
        owners=list(OWNERS),
        kinds={"duckdb", "python"},
        deps=pulled_keys(),
    )

    @dg.multi_asset(name="raw__received", specs=[files, *map(_survey_spec, survey_names())])
    def received(refresh: dg.ResourceParam[Refresh]) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.surveys.loading import raw_table

        step("raw__received").run(refresh)
        found = refresh.received.files
        yield dg.MaterializeResult(
            asset_key=RECEIVED,
            metadata={
                "dagster/row_count": len(found),
                "made_up": any(file.is_sample for file in found),
                "files": dg.MetadataValue.md("\n".join(f"- {file.name}" for file in found)),
            },
        )
        for survey in refresh.surveys:
            rows = count_rows(refresh.con, raw_table(survey.name, None))
            yield dg.MaterializeResult(
                asset_key=["raw", survey.name],
                metadata={
                    "dagster/row_count": rows,
                    "survey": survey.title,
                    "repeated_parts": ", ".join(part.name for part in survey.questionnaire.repeats) or "none",
                },
            )

    return received


@dg.asset(
    key=POLICE_UK,
    group_name=group_of("raw"),
    owners=list(OWNERS),
    kinds={"json"},
    description="What was pulled from data.police.uk, each answer as received (Open Government Licence v3.0). A refresh reads "
    "what is in data/raw/police_uk and asks for nothing; `landscape police-uk pull` pulls.",
)
def police_uk(refresh: dg.ResourceParam[Refresh]) -> dg.MaterializeResult[Any]:
    """Reads every kept answer, so that a damaged file is found before anything is made of it."""
    from landscape.opendata.police_uk_files import read_pulls

    pulls = read_pulls(refresh.staging_db.paths.police_uk)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": sum(len(pull.answers(force)) for pull in pulls for force in pull.forces),
            "pulls": len(pulls),
            "latest": pulls[-1].name if pulls else "none yet",
        }
    )

"""What the project knows: areas, populations, bodies, spellings, codes. Not here: anything a survey said."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.raw import declared_surveys
from assets.tables import (
    ASKED,
    DECIDED,
    NAMED,
    check_spec,
    made_tables,
    models,
    reference_assets,
    table_asset,
    table_spec,
)
from landscape.errors import without_words
from landscape.models import TableModel
from landscape.staging_db import StagingDatabase, accept_table

BOUNDARIES = dg.AssetKey(["reference", "boundaries"])


def _questions() -> dg.AssetsDefinition:
    made = [model for model in models("reference") if model.name in ASKED]

    @dg.multi_asset(
        name="reference__questions",
        specs=[table_spec(model, deps=()) for model in made],
        check_specs=[check_spec(model) for model in made],
    )
    def questions(staging_db: dg.ResourceParam[StagingDatabase]) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.surveys.questions import write_questions

        write_questions(staging_db.con, declared_surveys())
        for model in made:
            accept_table(staging_db.con, model)
        yield from made_tables(made, staging_db)

    return questions


def _decided() -> dg.AssetsDefinition:
    """What people decided, coded and agreed on, from the files the command line keeps; empty where they did not."""
    made = [model for model in models("reference") if model.name in DECIDED]

    @dg.multi_asset(
        name="reference__decided",
        specs=[table_spec(model, deps=()) for model in made],
        check_specs=[check_spec(model) for model in made],
    )
    def decided(staging_db: dg.ResourceParam[StagingDatabase]) -> Iterator[dg.MaterializeResult[Any]]:
        from landscape.coding.ledgers import load_ledgers

        with without_words("reading decisions"):
            load_ledgers(staging_db.con, staging_db.paths)
            for model in made:
                accept_table(staging_db.con, model)
        yield from made_tables(made, staging_db)

    return decided


def _names() -> list[dg.AssetsDefinition]:
    """What the landscape is called, from data/reference/landscape.yml."""

    def make(model: TableModel, staging_db: StagingDatabase) -> None:
        from landscape.places.landscape import write_landscape

        write_landscape(staging_db.con, staging_db.paths.reference)
        accept_table(staging_db.con, model)

    return [table_asset(model, make) for model in models("reference") if model.name in NAMED]


@dg.asset(
    key=BOUNDARIES,
    group_name=group_of("reference"),
    owners=list(OWNERS),
    kinds={"geojson"},
    deps=[dg.AssetKey(["reference", "force_areas"])],
    description="Boundaries of the force areas, simplified to 250 m with shared borders kept. "
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
)
def boundaries(staging_db: dg.ResourceParam[StagingDatabase]) -> dg.MaterializeResult[Any]:
    """Reads the boundaries, so that a damaged file is found before anything is drawn."""
    from landscape.places.boundaries import attribution_of, read_boundaries

    areas = read_boundaries(staging_db.paths.reference / "force_areas.geojson")
    return dg.MaterializeResult(metadata={"dagster/row_count": len(areas), "attribution": attribution_of(areas)})


def reference_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [*reference_assets(), *_names(), _questions(), _decided(), boundaries]

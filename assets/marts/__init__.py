"""The tables analysts use, keyed by force area. Not here: pictures, or anything that names a person."""

from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.staged import VAULT
from assets.tables import models, sql_assets, table_key
from landscape.errors import without_words
from landscape.warehouse import Workbench

PUBLISHED = dg.AssetKey(["marts", "published"])


def _published() -> dg.AssetsDefinition:
    marts, staged = models("marts"), models("staged")

    @dg.asset(
        key=PUBLISHED,
        deps=[VAULT, *(table_key(model.table) for model in marts)],
        group_name=group_of("marts"),
        owners=list(OWNERS),
        kinds={"duckdb", "parquet", "csv"},
        description="The marts as files in data/marts: landscape.duckdb, Parquet, CSV and datapackage.json, "
        "swapped in together.",
    )
    def published(workbench: dg.ResourceParam[Workbench]) -> dg.MaterializeResult[Any]:
        from landscape.disclosure.tables import write_people
        from landscape.martfiles import publish_marts

        with without_words("publishing marts"):
            write_people(workbench.con)
            written = publish_marts(workbench, marts, verified=(*staged, *marts))
        return dg.MaterializeResult(
            metadata={
                "written": dg.MetadataValue.md("\n".join(f"- {name}" for name in written)),
                "folder": "data/marts",
            }
        )

    return published


def marts_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [*sql_assets("marts"), _published()]

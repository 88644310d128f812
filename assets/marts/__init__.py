"""The tables analysts use, keyed by force area. Not here: pictures, or anything that names a person."""

from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.staged import VAULT
from assets.tables import layer_assets, models, table_key
from landscape.errors import without_words
from landscape.step import Refresh

PUBLISHED = dg.AssetKey(["marts", "published"])


def _published() -> dg.AssetsDefinition:
    marts, verified = models("marts"), (*models("staged"), *models("marts"))

    @dg.asset(
        key=PUBLISHED,
        deps=[VAULT, *(table_key(model.table) for model in (*marts, *models("safe")))],
        group_name=group_of("marts"),
        owners=list(OWNERS),
        kinds={"duckdb", "parquet", "csv"},
        description="The marts as files in data/marts: landscape.duckdb, Parquet, CSV and datapackage.json, "
        "swapped in together.",
    )
    def published(refresh: dg.ResourceParam[Refresh]) -> dg.MaterializeResult[Any]:
        from landscape.martfiles import publish_marts

        with without_words("publishing marts"):
            written = publish_marts(refresh.staging_db, marts, verified, refresh.failures)
        return dg.MaterializeResult(
            metadata={
                "written": dg.MetadataValue.md("\n".join(f"- {name}" for name in written)),
                "folder": "data/marts",
            }
        )

    return published


def marts_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [*layer_assets("marts"), _published()]

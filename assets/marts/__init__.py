"""The tables analysts use, keyed by force area. Not here: pictures, or anything that names a person."""

from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.staged import VAULT
from assets.tables import models, sql_assets, table_asset, table_key
from landscape.errors import without_words
from landscape.models import TableModel
from landscape.staging_db import StagingDatabase, accept_table

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
    def published(staging_db: dg.ResourceParam[StagingDatabase]) -> dg.MaterializeResult[Any]:
        from landscape.disclosure.safe_tables import write_safe_tables
        from landscape.martfiles import publish_marts

        with without_words("publishing marts"):
            write_safe_tables(staging_db.con)
            written = publish_marts(staging_db, marts, verified=(*staged, *marts))
        return dg.MaterializeResult(
            metadata={
                "written": dg.MetadataValue.md("\n".join(f"- {name}" for name in written)),
                "folder": "data/marts",
            }
        )

    return published


def _priority_ranking() -> dg.AssetsDefinition:
    """The one mart that SQL does not make: its intervals come from drawing respondents anew."""

    def make(model: TableModel, staging_db: StagingDatabase) -> None:
        from landscape.analysis.ranking import write_priority_ranking

        write_priority_ranking(staging_db.con)
        accept_table(staging_db.con, model)

    return table_asset(next(model for model in models("marts") if model.name == "priority_ranking"), make)


def marts_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [*sql_assets("marts"), _priority_ranking(), _published()]

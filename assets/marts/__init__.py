"""The marts: the tables analysts use, keyed by force area. They contain no personal data."""

import dagster as dg

from assets.tables import file_asset, layer_assets, step

PUBLISHED = dg.AssetKey(["marts", "published"])


def marts_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer: the tables, and the files that they are published as."""
    published = file_asset(
        step("marts__published"),
        {"duckdb", "parquet", "csv"},
        "The marts as files in data/marts: landscape.duckdb, Parquet, CSV and datapackage.json, swapped in together.",
        shown=lambda _: {"folder": "data/marts"},
    )
    return [*layer_assets("marts"), published]

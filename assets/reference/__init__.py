"""Reference data: areas, populations, bodies, spellings, codes; and what people decided."""

import dagster as dg

from assets.tables import file_asset, layer_assets, step

BOUNDARIES = dg.AssetKey(["reference", "boundaries"])


def reference_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    boundaries = file_asset(
        step("reference__boundaries"),
        {"geojson"},
        "Boundaries of the force areas, simplified to 250 m with shared borders kept. "
        "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
    )
    return [*layer_assets("reference"), boundaries]

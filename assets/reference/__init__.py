"""What the project knows: areas, populations, bodies, spellings, codes. Not here: anything a survey said."""

from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.tables import layer_assets
from landscape.steps import Refresh

BOUNDARIES = dg.AssetKey(["reference", "boundaries"])


@dg.asset(
    key=BOUNDARIES,
    group_name=group_of("reference"),
    owners=list(OWNERS),
    kinds={"geojson"},
    deps=[dg.AssetKey(["reference", "force_areas"]), dg.AssetKey(["reference", "landscape"])],
    description="Boundaries of the force areas, simplified to 250 m with shared borders kept. "
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
)
def boundaries(refresh: dg.ResourceParam[Refresh]) -> dg.MaterializeResult[Any]:
    """Reads the boundaries, so that a damaged file is found before anything is drawn."""
    from landscape.places.boundaries import attribution_of, read_boundaries

    areas = read_boundaries(refresh.staging_db.paths.reference / "force_areas.geojson")
    return dg.MaterializeResult(metadata={"dagster/row_count": len(areas), "attribution": attribution_of(areas)})


def reference_layer() -> list[dg.AssetsDefinition]:
    """All assets of the layer."""
    return [*layer_assets("reference"), boundaries]

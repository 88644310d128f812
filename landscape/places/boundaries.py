"""The boundaries of the twelve force areas. Not here: drawing them, or spellings of their names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import ReferenceDataError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

NATIONAL_GRID = 27700
N_FORCE_AREAS = 12
# Of the boundaries as committed: a map says it in its source, and the map's builder puts that of newer boundaries in its place.
ATTRIBUTION = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right 2018."
)


def read_boundaries(path: Path) -> GeoDataFrame:
    """Read the boundaries of the force areas of the North of England.

    Args:
        path: A GeoJSON file (WGS 84) with one feature per force area.

    Returns:
        One row per area in order of code: force_area_code, force_area_name, geometry in metres of the British
        National Grid (EPSG:27700).

    Raises:
        ReferenceDataError: The file is missing, or areas are missing, doubled or not valid polygons.

    Source: Office for National Statistics, as data/reference/README.md tells.
    """
    import json

    import geopandas

    remedy = "Restore data/reference/force_areas.geojson from the repository (git checkout)."
    if not path.is_file():
        raise ReferenceDataError("There is no boundary file here.", file=path, remedy=remedy)
    areas = geopandas.read_file(path)[["force_area_code", "force_area_name", "geometry"]]
    unsound = areas.loc[~areas.geometry.is_valid | areas.force_area_code.duplicated(), "force_area_code"]
    if len(areas) != N_FORCE_AREAS or len(unsound):
        raise ReferenceDataError(
            f"The boundary file must hold {N_FORCE_AREAS} force areas, each once and each a valid polygon; "
            f"it holds {len(areas)}.",
            file=path,
            culprits=sorted(unsound),
            remedy=remedy,
        )
    areas = areas.to_crs(epsg=NATIONAL_GRID).sort_values("force_area_code", ignore_index=True)
    areas.attrs["attribution"] = json.loads(path.read_text(encoding="utf-8")).get("attribution", ATTRIBUTION)
    return areas


def attribution_of(boundaries: GeoDataFrame) -> str:
    """Whom a map of these boundaries must name."""
    return str(boundaries.attrs.get("attribution", ATTRIBUTION))

"""The boundaries of the force areas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import ReferenceDataError
from landscape.places.landscape import AREAS_FILE, Landscape, read_landscape
from landscape.settings.csvfiles import read_csv

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FILE = "force_areas.geojson"
NATIONAL_GRID = 27700
# Of the boundaries as committed: a map says it in its source, and the map's builder puts that of newer boundaries in its place.
ATTRIBUTION = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
    "Contains OS data © Crown copyright and database right 2018."
)


def read_boundaries(path: Path) -> GeoDataFrame:
    """Read the boundaries of the force areas of the landscape.

    Args:
        path: A GeoJSON file (WGS 84) with one feature per force area, in the reference folder.

    Returns:
        One row per area in order of code: force_area_code, force_area_name, geometry in metres of the British
        National Grid (EPSG:27700).

    Raises:
        ReferenceDataError: The file is missing, or its areas are not those of force_areas.csv, each once and each a
            valid polygon.

    Source: Office for National Statistics, as data/reference/README.md tells.
    """
    import json

    import geopandas

    remedy = f"Restore data/reference/{FILE} from the repository (git checkout)."
    if not path.is_file():
        raise ReferenceDataError("There is no boundary file here.", file=path, remedy=remedy)
    areas = geopandas.read_file(path)[["force_area_code", "force_area_name", "geometry"]]
    listed = read_csv(path.with_name(AREAS_FILE), ("force_area_code",), ReferenceDataError)
    wanted, held = {row["force_area_code"] for row in listed}, set(areas.force_area_code)
    unsound = areas.loc[~areas.geometry.is_valid | areas.force_area_code.duplicated(), "force_area_code"]
    wrong = [
        *(f"{code}: missing" for code in sorted(wanted - held)),
        *(f"{code}: not in {AREAS_FILE}" for code in sorted(held - wanted)),
        *(f"{code}: more than once, or not a valid polygon" for code in sorted(set(unsound))),
    ]
    if wrong:
        raise ReferenceDataError(
            f"The boundary file must contain the {len(wanted)} force areas of {AREAS_FILE}, each once and each a valid "
            f"polygon; it contains {len(areas)}.",
            file=path,
            culprits=wrong,
            remedy=remedy,
        )
    areas = areas.to_crs(epsg=NATIONAL_GRID).sort_values("force_area_code", ignore_index=True)
    areas.attrs["attribution"] = json.loads(path.read_text(encoding="utf-8")).get("attribution", ATTRIBUTION)
    areas.attrs["landscape"] = read_landscape(path.parent)
    return areas


def landscape_of(boundaries: GeoDataFrame) -> Landscape:
    """The landscape whose boundaries these are."""
    found: Landscape = boundaries.attrs["landscape"]
    return found


def attribution_of(boundaries: GeoDataFrame) -> str:
    """Whom a map of these boundaries must name."""
    return str(boundaries.attrs.get("attribution", ATTRIBUTION))

"""Fetches force area boundaries from ONS Open Geography, checks and simplifies them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import OpenDataError
from landscape.places.boundaries import NATIONAL_GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

BASE_URL = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
TOLERANCE = 250  # metres; for the simplification, which keeps shared borders shared
MOST_AREA_CHANGE = 0.01  # of an area: force limits have not changed, so more means another place, or a loss
LEAST_OVERLAP = 0.95  # of an area with the current one, as a share of their union
LARGEST_GAP = 1_000_000  # square metres; a dock or lagoon cut off by generalising is smaller
LARGEST_OVERLAP = 10_000  # square metres, of two areas
_DECIMALS = 5  # of a degree: about one metre
_FIELD = re.compile(r"pfa\d\d(cd|nm)\Z", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_SECONDS = 60.0
_MOST_PAGES = 100
_TRY_ANOTHER = (
    "nothing was changed. Look for another service of the same boundaries, or ask whoever looks after the project"
)

Feature = dict[str, Any]


@dataclass(frozen=True)
class AreaChange:
    """How one area differs from the current one: square kilometres and vertices, before and after."""

    code: str
    name: str
    km2_before: float
    km2_after: float
    n_vertices_before: int
    n_vertices_after: int

    @property
    def area_change(self) -> float:
        """As a share of the area before."""
        return self.km2_after / self.km2_before - 1


@dataclass(frozen=True)
class NewBoundaries:
    """Boundaries that passed every check: force_area_code, force_area_name and geometry (WGS 84)."""

    service: str
    year: int
    areas: GeoDataFrame
    changes: tuple[AreaChange, ...]

    @property
    def attribution(self) -> str:
        """The attribution that a map of them must have."""
        return (
            "Source: Office for National Statistics licensed under the Open Government Licence v3.0. "
            f"Contains OS data © Crown copyright and database right {self.year}."
        )


def new_boundaries(service: str, present: GeoDataFrame, base_url: str = BASE_URL) -> NewBoundaries:
    """Fetches the boundaries of the landscape's areas from ONS, checks and simplifies them.

    Args:
        service: Name of the ONS service.
        present: The current ones: force_area_code, force_area_name and geometry (EPSG:27700).
        base_url: Where services are.

    Raises:
        OpenDataError: It does not answer, or the answer does not fit; nothing was changed.
    """
    year = _YEAR.search(service)
    if year is None:
        raise OpenDataError(
            "there is no year in the service's name, and the attribution needs one",
            culprits=[service],
            remedy="look its full name up at ONS Open Geography, and put it into data/reference/boundaries.yml",
        )
    fetched = _as_areas(fetch_features(service, base_url), service, present)
    _refuse_other_places(fetched, present, service)
    simple = _simplified(_seamless(fetched, service), service)
    _refuse_other_places(simple.to_crs(epsg=NATIONAL_GRID), present, service)
    return NewBoundaries(service, int(year.group()), simple, _changes(simple, present))


def fetch_features(service: str, base_url: str = BASE_URL) -> list[Feature]:
    """All features of a service, fetched page by page.

    Raises:
        OpenDataError: It does not answer, or not with features.
    """
    import httpx

    found: list[Feature] = []
    with httpx.Client(timeout=_SECONDS) as http:
        for _ in range(_MOST_PAGES):
            page = _page(http, f"{base_url}/{service}/FeatureServer/0/query", len(found), service)
            found += page["features"]
            more = page.get("exceededTransferLimit") or (page.get("properties") or {}).get("exceededTransferLimit")
            if not more:
                return found
            if not page["features"]:
                break
    raise OpenDataError("ONS says there is more, but does not send it", culprits=[service], remedy=_TRY_ANOTHER)


def _page(http: Any, url: str, offset: int, service: str) -> dict[str, Any]:  # noqa: ANN401 httpx comes late
    import httpx
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

    ask = {"where": "1=1", "outFields": "*", "outSR": 4326, "f": "geojson", "resultOffset": offset}
    attempts = Retrying(
        retry=retry_if_exception_type(httpx.TransportError),
        stop=stop_after_attempt(3),
        wait=wait_exponential(max=10),
        reraise=True,
    )
    try:
        got = attempts(http.get, url, params=ask)
        page = got.json() if got.status_code == httpx.codes.OK else {}
    except httpx.TransportError as error:
        raise OpenDataError(
            f"ONS did not answer ({type(error).__name__})",
            culprits=[service],
            remedy="check whether this computer is online, then try again; nothing was changed",
        ) from error
    except ValueError:
        page = {}
    if not isinstance(page.get("features"), list):  # an error comes with status 200 and its own kind of body
        said = (page.get("error") or {}).get("message", "no features")
        raise OpenDataError(
            f"ONS has no such boundaries (status {got.status_code}, {said})",
            culprits=[service],
            remedy="look the service's name up at ONS Open Geography, and put it into data/reference/boundaries.yml",
        )
    return page


def _as_areas(features: Sequence[Feature], service: str, present: GeoDataFrame) -> GeoDataFrame:
    """The areas of the landscape by code, in metres, with the names used here."""
    import geopandas

    names = {name for feature in features for name in feature["properties"]}
    fields = {kind: [name for name in sorted(names) if _kind(name) == kind] for kind in ("cd", "nm")}
    if any(len(found) != 1 for found in fields.values()):
        raise OpenDataError(
            "the service must have one field of codes (such as PFA23CD) and one of names (PFA23NM)",
            file=service,
            culprits=[f"{kind}: {', '.join(found) or 'none'}" for kind, found in fields.items()],
            remedy=_TRY_ANOTHER,
        )
    everywhere = geopandas.GeoDataFrame.from_features(features, crs=4326)
    everywhere["force_area_code"] = everywhere[fields["cd"][0]]
    whole = everywhere[everywhere.force_area_code.isin(present.force_area_code)]
    missing = sorted(set(present.force_area_code) - set(whole.force_area_code))
    doubled = sorted(whole.force_area_code[whole.force_area_code.duplicated()].unique())
    unsound = sorted(whole.force_area_code[~whole.geometry.is_valid | whole.geometry.is_empty])
    wrong = [
        *(f"{code}: missing" for code in missing),
        *(f"{code}: more than once" for code in doubled),
        *(f"{code}: not a valid polygon" for code in unsound),
    ]
    if wrong:
        raise OpenDataError("areas are missing or not sound", file=service, culprits=wrong, remedy=_TRY_ANOTHER)
    named = present[["force_area_code", "force_area_name"]]
    areas = named.merge(whole[["force_area_code", "geometry"]], on="force_area_code").sort_values("force_area_code")
    return geopandas.GeoDataFrame(areas, crs=4326).reset_index(drop=True).to_crs(epsg=NATIONAL_GRID)


def _kind(name: str) -> str:
    found = _FIELD.match(name)
    return found.group(1).casefold() if found else ""


def _refuse_other_places(areas: GeoDataFrame, present: GeoDataFrame, service: str) -> None:
    """Refuses areas whose place or size differs from the current area with the same code."""
    here = present.set_index("force_area_code").geometry
    wrong = []
    for code, name, shape in zip(areas.force_area_code, areas.force_area_name, areas.geometry, strict=True):
        change = shape.area / here[code].area - 1
        overlap = shape.intersection(here[code]).area / shape.union(here[code]).area
        if abs(change) > MOST_AREA_CHANGE or overlap < LEAST_OVERLAP:
            wrong.append(f"{code} {name}: area {change:+.1%}, overlap {overlap:.0%}")
    if wrong:
        raise OpenDataError(
            f"areas differ from the current ones by more than {MOST_AREA_CHANGE:.0%} of their area, or are elsewhere",
            file=service,
            culprits=wrong,
            remedy=f"if the limits of a force have changed, they must be changed by hand; {_TRY_ANOTHER}",
        )


def _seamless(areas: GeoDataFrame, service: str) -> GeoDataFrame:
    """The areas without the slivers that rounding leaves between neighbours; larger gaps and overlaps are refused."""
    import shapely

    shapes = areas.geometry.values
    whole = shapely.union_all(shapes)
    gaps = [shapely.Polygon(ring).area for part in shapely.get_parts(whole) for ring in part.interiors]
    wrong = [f"a hole of {gap / 1e6:.1f} km² inside the landscape" for gap in sorted(gaps) if gap > LARGEST_GAP]
    for i, j in areas.sindex.query(areas.geometry, predicate="intersects").T.tolist():
        shared = shapes[i].intersection(shapes[j]).area if i < j else 0.0
        if shared > LARGEST_OVERLAP:
            names = f"{areas.force_area_name[i]} and {areas.force_area_name[j]}"
            wrong.append(f"{names} overlap in {shared / 1e6:.2f} km²")
    if wrong:
        raise OpenDataError("areas do not fit together", file=service, culprits=wrong, remedy=_TRY_ANOTHER)
    if shapely.coverage_is_valid(shapes):
        return areas
    return areas.set_geometry(shapely.coverage_clean(shapes), crs=areas.crs)


def _simplified(areas: GeoDataFrame, service: str) -> GeoDataFrame:
    """The areas in degrees, simplified with shared borders kept, rounded, and wound as RFC 7946 requires."""
    import numpy
    import shapely

    simple = areas.set_geometry(areas.geometry.simplify_coverage(TOLERANCE)).to_crs(epsg=4326)
    rounded = shapely.transform(simple.geometry.values, lambda xy: numpy.round(xy, _DECIMALS))
    rounded = shapely.orient_polygons(rounded, exterior_cw=False)
    simple = simple.set_geometry(rounded, crs=4326)
    unsound = sorted(simple.force_area_name[~simple.geometry.is_valid])
    if unsound or not shapely.coverage_is_valid(simple.geometry.values):
        raise OpenDataError(
            f"simplified to {TOLERANCE} m the areas do not fit together",
            file=service,
            culprits=unsound or ["borders of neighbours part"],
            remedy=_TRY_ANOTHER,
        )
    return simple


def _changes(areas: GeoDataFrame, present: GeoDataFrame) -> tuple[AreaChange, ...]:
    import shapely

    here = present.set_index("force_area_code").geometry
    metres = areas.to_crs(epsg=NATIONAL_GRID)
    return tuple(
        AreaChange(
            code=code,
            name=name,
            km2_before=here[code].area / 1e6,
            km2_after=shape.area / 1e6,
            n_vertices_before=int(shapely.get_num_coordinates(here[code])),
            n_vertices_after=int(shapely.get_num_coordinates(shape)),
        )
        for code, name, shape in zip(metres.force_area_code, metres.force_area_name, metres.geometry, strict=True)
    )

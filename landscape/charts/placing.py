"""Where each area's name and tile go: as given in landscape.yml, or worked out from the boundaries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from landscape.charts.sheet import Point
from landscape.charts.style import SMALL, SMALLEST
from landscape.charts.text import measure, wrap
from landscape.places.boundaries import landscape_of
from landscape.places.landscape import Extent, Place

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

MOST_COLUMNS = 4  # of tiles, as many as have room beside a map
_MARGIN = 0.02  # of the longer side, around a map
_TALLEST, _FLATTEST = 1.25, 0.5  # height of a map as a share of its width
_ROOM = 0.8  # share of an area's width for its name


@dataclass(frozen=True)
class Label:
    """Where an area's name is: its lines, its middle in metres, where its leader line ends, its size in pixels."""

    lines: tuple[str, ...]
    at: Point
    tip: Point | None
    size: float


def map_extent(boundaries: GeoDataFrame) -> Extent:
    """West, south, east and north of a map of all areas, in metres."""
    return landscape_of(boundaries).map_extent or _around(boundaries)


def small_map_extent(boundaries: GeoDataFrame) -> Extent:
    """The same for a small map, which has no names."""
    return landscape_of(boundaries).small_map_extent or _around(boundaries)


def shape_of(extent: Extent) -> float:
    """Height of an extent as a share of its width."""
    west, south, east, north = extent
    return (north - south) / (east - west)


def labels(boundaries: GeoDataFrame, metres_per_pixel: float) -> dict[str, Label]:
    """The name of each area, by code.

    Args:
        boundaries: The areas, as `read_boundaries` gives them.
        metres_per_pixel: The scale of the map.
    """
    fixed = landscape_of(boundaries).areas
    return {
        row.force_area_code: _label(row.force_area_name, row.geometry, fixed.get(row.force_area_code), metres_per_pixel)
        for row in boundaries.itertuples()
    }


def _label(name: str, shape: BaseGeometry, fixed: Place | None, metres_per_pixel: float) -> Label:
    west, _, east, _ = shape.bounds
    room = _ROOM * (east - west) / metres_per_pixel
    fits = fixed is None and all(measure(word, SMALL, bold=True) <= room for word in name.split())
    inside = shape.representative_point()
    if fixed is None:
        fixed = Place(is_small=not fits)
    size = SMALLEST if fixed.is_small else SMALL
    widest = max(room, *(measure(word, size, bold=True) for word in name.split()))  # no word is broken
    lines = fixed.label or tuple(wrap(name, widest, size, bold=True))
    return Label(lines, fixed.label_at or (inside.x, inside.y), fixed.leader_to, size)


def tiles(boundaries: GeoDataFrame) -> dict[str, tuple[int, int]]:
    """Column and row of each area among equal tiles, by code: fixed for all areas, or worked out for all."""
    fixed = {code: place.tile for code, place in landscape_of(boundaries).areas.items() if place.tile}
    if set(fixed) == set(boundaries.force_area_code):
        return fixed
    inside = boundaries.geometry.representative_point()
    return laid_out({code: (at.x, at.y) for code, at in zip(boundaries.force_area_code, inside, strict=True)})


def laid_out(places: Mapping[str, Point]) -> dict[str, tuple[int, int]]:
    """A cell of a grid for each place: row by row from the north, in each row from the west.

    A row that is not full keeps the columns nearest to where its places are.

    Args:
        places: Eastings and northings by code.

    >>> laid_out({"west": (0, 0), "east": (9, 1), "north": (5, 9)})
    {'north': (0, 0), 'east': (1, 0), 'west': (0, 1)}
    """
    columns = min(MOST_COLUMNS, math.ceil(math.sqrt(len(places))))
    from_north = sorted(places, key=lambda code: (-places[code][1], places[code][0], code))
    xs = [x for x, _ in places.values()]
    placed: dict[str, tuple[int, int]] = {}
    for row, start in enumerate(range(0, len(places), columns)):
        codes = sorted(from_north[start : start + columns], key=lambda code: (places[code][0], code))
        wanted = [_share(places[code][0], xs) * (columns - 1) for code in codes]
        distances = {
            chosen: sum(abs(column - at) for column, at in zip(chosen, wanted, strict=True))
            for chosen in combinations(range(columns), len(codes))
        }
        nearest = min(distances, key=lambda chosen: distances[chosen])
        placed |= {code: (column, row) for code, column in zip(codes, nearest, strict=True)}
    return placed


def _share(value: float, among: list[float]) -> float:
    """How far a value is from the least to the greatest; halfway where all are the same."""
    least, greatest = min(among), max(among)
    return (value - least) / (greatest - least) if greatest > least else 0.5


def _around(boundaries: GeoDataFrame) -> Extent:
    """The areas with a margin, made wider or taller to a shape that fits a page."""
    west, south, east, north = map(float, boundaries.total_bounds)
    margin = _MARGIN * max(east - west, north - south)
    width, height = east - west + 2 * margin, north - south + 2 * margin
    width, height = max(width, height / _TALLEST), max(height, width * _FLATTEST)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2

"""The force areas as a map, as equal tiles and as small maps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.charts.paper import MARGIN, inner_width
from landscape.charts.placing import labels, map_extent, shape_of, small_map_extent
from landscape.charts.sheet import Box, Sheet, filled
from landscape.charts.style import BACKING, BODY, BORDER, INK, PAPER, RULE, SMALL, SMALLEST, Fill
from landscape.charts.text import LINE_HEIGHT, measure, plain, wrap

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from shapely.geometry.base import BaseGeometry

MAP_WIDTH = 420.0
NUMBERED_MAP_WIDTH = 232.0  # the least
TILE, LABELLED_TILE = 66.0, 83.0  # the latter with room for the labels of the map
MOST_ROWS = 3  # of small maps, where they need not be narrower than SMALL_MAP_WIDTH
SMALL_MAP_WIDTH = 98.0
SMALL_MAP_DETAIL = 168  # what is smaller than this part of a small map's width is left out: about half a pixel
_SMALL_MAP_GAP = 10.0


@dataclass(frozen=True)
class AreaCell:
    """One force area as drawn: its fill, its label, and the text shown when it is pointed at."""

    code: str
    name: str
    fill: Fill
    label: str
    hover: str


def map_height(boundaries: GeoDataFrame, width: float) -> float:
    """Height of a map of this width."""
    return width * shape_of(map_extent(boundaries))


def numbered(cells: Mapping[str, AreaCell], width: float) -> dict[str, str]:
    """What a table or tiles call each area, by code: its name, with its number if a map of this width has numbers."""
    if width >= MAP_WIDTH:
        return {code: cell.name for code, cell in cells.items()}
    in_order = sorted(cells.values(), key=lambda cell: cell.name)
    return {cell.code: f"{number} {cell.name}" for number, cell in enumerate(in_order, start=1)}


def draw_map(
    sheet: Sheet,
    boundaries: GeoDataFrame,
    cells: Mapping[str, AreaCell],
    left: float,
    top: float,
    width: float = MAP_WIDTH,
) -> int:
    """Draw the areas with names and labels; below MAP_WIDTH with their numbers only.

    Args:
        sheet: Where to draw.
        boundaries: force_area_code and geometry (EPSG:27700).
        cells: By force_area_code, one for each boundary.
        left: Pixels from the sheet's left edge.
        top: Pixels from its top.
        width: In pixels; `map_height` gives the height.

    Returns:
        The number of the map's axes, for what is drawn over it.
    """
    extent = map_extent(boundaries)
    scale = (extent[2] - extent[0]) / width  # metres a pixel
    places = labels(boundaries, scale)
    axes = _areas(sheet, boundaries, cells, (left, top, width, map_height(boundaries, width)), extent)
    has_names = width >= MAP_WIDTH
    numbers = {code: name.partition(" ")[0] for code, name in numbered(cells, width).items()}
    for code, cell in cells.items():
        place = places[code]
        lines, label = (place.lines, cell.label) if has_names else ((numbers[code],), "")
        line = place.size * LINE_HEIGHT * scale
        half = (len(lines) + has_names) * line / 2
        east, north = place.at
        is_backed = cell.fill.pattern or cell.fill.colour == PAPER  # readable over a pattern, or over arrows
        ink, backing = cell.fill.ink, BACKING if is_backed else None
        if place.tip:
            ink, backing = INK, None
            sheet.add(_leader((east, north - 1.2 * half), place.tip), axes)
        style: dict[str, Any] = {"size": place.size, "anchor": "center", "axes": axes, "backing": backing}
        split = north + half - len(lines) * line
        sheet.text(east, split, lines, bold=True, colour=ink, valign="bottom", **style)
        if label:
            sheet.text(east, split, label, colour=ink, valign="top", **style)
    return axes


def draw_tiles(
    sheet: Sheet,
    places: Mapping[str, tuple[int, int]],
    cells: Mapping[str, AreaCell],
    left: float,
    top: float,
    size: float,
    names: Mapping[str, str],
) -> None:
    """Draw the areas as equal tiles of `size` pixels with name and label; by code, `places` are their columns and rows."""
    side = size - 3
    for code, cell in cells.items():
        column, row = places[code]
        x, y = left + column * size, top + row * size
        sheet.boxes([(x, y, side, side)], cell.fill)
        backing = BACKING if cell.fill.pattern else None
        middle: dict[str, Any] = {"anchor": "center", "colour": cell.fill.ink, "backing": backing}
        label = wrap(cell.label, side, BODY, bold=True)
        name = wrap(names[code], size, SMALLEST)  # a long name may reach into the gap
        room = int((side - 8 - len(label) * BODY * LINE_HEIGHT) // (SMALLEST * LINE_HEIGHT))
        sheet.text(x + side / 2, y + 5, _cut(name, max(room, 1), side), size=SMALLEST, **middle)
        sheet.text(x + side / 2, y + side - 5, label, bold=True, valign="bottom", **middle)


def _cut(lines: list[str], room: int, width: float) -> list[str]:
    """A name in as many lines as there is room for, cut between words; the map beside it has the whole."""
    if len(lines) <= room:
        return lines
    last = lines[room - 1]
    while " " in last and measure(f"{last} …", SMALLEST) > width:
        last = last.rpartition(" ")[0]
    return [*lines[: room - 1], f"{last} …"]


@dataclass(frozen=True)
class SmallMap:
    """One of several maps side by side: its title, a line beneath it, and its areas by code."""

    title: str
    note: str
    cells: Mapping[str, AreaCell]


@dataclass(frozen=True)
class Grid:
    """How small maps are set out: columns, pixels per map, and the height of the titles of each row."""

    columns: int
    map_width: float
    map_height: float
    heads: tuple[float, ...]

    @property
    def height(self) -> float:
        """Pixels that all rows need."""
        return sum(head + self.map_height + _SMALL_MAP_GAP for head in self.heads)


def small_map_grid(boundaries: GeoDataFrame, maps: Sequence[SmallMap]) -> Grid:
    """The layout of small maps: as large as fits a page, at most six to a row."""
    most = min(6, int(inner_width() // SMALL_MAP_WIDTH))
    columns = min(most, max(4, math.ceil(len(maps) / MOST_ROWS)))
    width = (inner_width() - (columns - 1) * _SMALL_MAP_GAP) / columns
    heads = [_head_height(each, width) for each in maps]
    rows = range(0, len(maps), columns)
    height = width * 0.95 * shape_of(small_map_extent(boundaries))
    return Grid(columns, width, height, tuple(max(heads[start : start + columns]) for start in rows))


def draw_small_maps(sheet: Sheet, boundaries: GeoDataFrame, maps: Sequence[SmallMap], grid: Grid) -> None:
    """Draw small maps row by row from the top of the sheet's body, without labels on their areas."""
    extent = small_map_extent(boundaries)
    tolerance = (extent[2] - extent[0]) / SMALL_MAP_DETAIL
    simple = boundaries.assign(geometry=boundaries.geometry.simplify_coverage(tolerance))
    top = sheet.top
    for row, head in enumerate(grid.heads):
        for column, each in enumerate(maps[row * grid.columns : (row + 1) * grid.columns]):
            left = MARGIN + column * (grid.map_width + _SMALL_MAP_GAP)
            below = sheet.paragraph(left, top, grid.map_width, each.title, size=SMALL, bold=True)
            sheet.paragraph(left, below, grid.map_width, each.note, size=SMALL)
            box = (left, top + head, grid.map_width, grid.map_height)
            _areas(sheet, simple, each.cells, box, extent)
        top += head + grid.map_height + _SMALL_MAP_GAP


def _head_height(small: SmallMap, width: float) -> float:
    lines = len(wrap(small.title, width, SMALL, bold=True)) + len(wrap(small.note, width, SMALL))
    return lines * SMALL * LINE_HEIGHT + 4


def _areas(
    sheet: Sheet,
    boundaries: GeoDataFrame,
    cells: Mapping[str, AreaCell],
    box: Box,
    extent: tuple[float, float, float, float],
) -> int:
    axes = sheet.map_axes(box, extent)
    for code, geometry in zip(boundaries.force_area_code, boundaries.geometry, strict=True):
        cell = cells[code]
        xs, ys = _rings(geometry)
        trace = filled(xs, ys, cell.fill, outline=RULE if cell.fill.colour == PAPER else BORDER)
        hover = {"hoveron": "fills", "hoverinfo": "text", "text": plain(cell.hover), "name": plain(cell.name)}
        sheet.add({**trace, **hover}, axes)
    return axes


def _rings(geometry: BaseGeometry) -> tuple[list[float | None], list[float | None]]:
    """Rings of a polygon or multipolygon in whole metres, parted by None."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for polygon in getattr(geometry, "geoms", [geometry]):
        for ring in (polygon.exterior, *polygon.interiors):
            xs += [*(round(east) for east, _ in ring.coords), None]
            ys += [*(round(north) for _, north in ring.coords), None]
    return xs[:-1], ys[:-1]


def _leader(start: tuple[float, float], end: tuple[float, float]) -> dict[str, Any]:
    line = {"color": INK, "width": 0.8}
    xs, ys = zip(start, end, strict=True)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(xs),
        "y": list(ys),
        "line": line,
        "hoverinfo": "skip",
    }

"""A map beside a table, a map beside tiles, and small maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.maps import (
    LABELLED_TILE,
    MAP_WIDTH,
    NUMBERED_MAP_WIDTH,
    TILE,
    AreaCell,
    SmallMap,
    draw_map,
    draw_small_maps,
    draw_tiles,
    map_height,
    numbered,
    small_map_grid,
)
from landscape.charts.paper import MARGIN, inner_width, need_width
from landscape.charts.placing import tiles as placed_tiles
from landscape.charts.sheet import KeyItem, Sheet
from landscape.charts.style import SMALL, WIDTH
from landscape.charts.tables import Column, draw_table, table_height
from landscape.charts.text import LINE_HEIGHT
from landscape.places.boundaries import ATTRIBUTION, attribution_of

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_GAP, _GAP_BELOW, _TABLE_TOP, _TILES_TOP = 8.0, 12.0, 30.0, 60.0
BESIDE_WIDTH = WIDTH - 2 * MARGIN - MAP_WIDTH - _GAP


def map_with_table(
    words: Words,
    boundaries: GeoDataFrame,
    cells: Mapping[str, AreaCell],
    *,
    key: Sequence[KeyItem],
    key_title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    data: pd.DataFrame,
    draw_over: Callable[[Sheet, int], None] | None = None,
) -> Chart:
    """A choropleth with a table of the same areas on its right; on narrower paper below it.

    Args:
        words: What the chart says.
        boundaries: force_area_code and geometry (EPSG:27700).
        cells: By force_area_code.
        key: Label and fill of all that is drawn.
        key_title: What the key is a key to.
        columns: The table's columns; together at most BESIDE_WIDTH pixels.
        rows: The table's rows, one text per column; the first is the area's name.
        data: The frame drawn.
        draw_over: Draws over the map, given the sheet and the number of the map's axes.
    """
    words = as_attributed(words, boundaries)
    width = min(MAP_WIDTH, inner_width() - BESIDE_WIDTH - _GAP)
    is_beside = width >= NUMBERED_MAP_WIDTH
    width = width if is_beside else NUMBERED_MAP_WIDTH
    names = {cells[code].name: name for code, name in numbered(cells, width).items()}
    rows = [(names.get(name, name), *others) for name, *others in rows]
    height = map_height(boundaries, width)
    table = table_height(columns, rows)
    height = max(height, _TABLE_TOP + table) if is_beside else height + _GAP_BELOW + table
    sheet = Sheet(words, key=key, key_title=key_title, body_height=height)
    axes = draw_map(sheet, boundaries, cells, MARGIN if is_beside else _middle(width), sheet.top, width)
    if draw_over is not None:
        draw_over(sheet, axes)
    if is_beside:
        draw_table(sheet, columns, rows, MARGIN + width + _GAP, sheet.top + _TABLE_TOP)
    else:
        draw_table(sheet, _widened(columns), rows, MARGIN, sheet.top + map_height(boundaries, width) + _GAP_BELOW)
    return finished(words, sheet.figure(), data)


def map_over_table(
    words: Words,
    boundaries: GeoDataFrame,
    cells: Mapping[str, AreaCell],
    *,
    key: Sequence[KeyItem],
    key_title: str,
    table: tuple[Sequence[Column], Sequence[Sequence[str]]],
    data: pd.DataFrame,
) -> Chart:
    """A choropleth above a table as wide as the standard paper.

    Args:
        words: What the chart says.
        boundaries: force_area_code and geometry (EPSG:27700).
        cells: By force_area_code.
        key: Label and fill of all that is drawn.
        key_title: What the key is a key to.
        table: Its columns, together at most the standard paper's inner width, and its rows.
        data: The frame drawn.
    """
    words = as_attributed(words, boundaries)
    columns, rows = table
    need_width(inner_width(), max(MAP_WIDTH, sum(column.width for column in columns)))
    below = _GAP_BELOW + table_height(columns, rows) if rows else 0
    sheet = Sheet(words, key=key, key_title=key_title, body_height=map_height(boundaries, MAP_WIDTH) + below)
    draw_map(sheet, boundaries, cells, _middle(MAP_WIDTH), sheet.top)
    if rows:
        draw_table(sheet, columns, rows, MARGIN, sheet.top + map_height(boundaries, MAP_WIDTH) + _GAP_BELOW)
    return finished(words, sheet.figure(), data)


def _middle(width: float) -> float:
    """The left edge of something of this width that is centred."""
    return MARGIN + (inner_width() - width) / 2


def _widened(columns: Sequence[Column]) -> list[Column]:
    """Columns that take the whole paper, up to half as wide again."""
    stretch = min(1.5, inner_width() / sum(column.width for column in columns))
    return [replace(column, width=column.width * stretch) for column in columns]


def map_with_tiles(
    words: Words,
    boundaries: GeoDataFrame,
    cells: Mapping[str, AreaCell],
    tiles: Mapping[str, AreaCell],
    *,
    key: Sequence[KeyItem],
    key_title: str,
    data: pd.DataFrame,
) -> Chart:
    """A choropleth with the same areas as equal tiles on its right, so that large areas do not dominate.

    On narrower paper the map has numbers, and the tiles below it take over its labels.
    """
    words = as_attributed(words, boundaries)
    is_beside = inner_width() >= MAP_WIDTH + _GAP + BESIDE_WIDTH
    width = MAP_WIDTH if is_beside else NUMBERED_MAP_WIDTH
    places = placed_tiles(boundaries)
    n_columns, n_rows = (1 + max(place[axis] for place in places.values()) for axis in (0, 1))
    size = min(TILE, BESIDE_WIDTH / n_columns) if is_beside else min(LABELLED_TILE, inner_width() / n_columns)
    need_width(size, LABELLED_TILE)
    below, height = SMALL * LINE_HEIGHT + 6 + n_rows * size, map_height(boundaries, width)
    body_height = max(height, _TILES_TOP + below) if is_beside else height + _GAP_BELOW + below
    sheet = Sheet(words, key=key, key_title=key_title, body_height=body_height)
    left, top = MARGIN + width + _GAP, sheet.top + _TILES_TOP
    if is_beside:
        draw_map(sheet, boundaries, cells, MARGIN, sheet.top)
    else:
        draw_map(sheet, boundaries, cells, _middle(width), sheet.top, width)
        left, top = _middle(n_columns * size), sheet.top + map_height(boundaries, width) + _GAP_BELOW
    top = sheet.paragraph(left, top, BESIDE_WIDTH, "The same counts, every area at one size", size=SMALL, bold=True)
    draw_tiles(sheet, places, tiles if is_beside else cells, left, top + 6, size, numbered(cells, width))
    return finished(words, sheet.figure(), data)


def small_maps(
    words: Words,
    boundaries: GeoDataFrame,
    maps: Sequence[SmallMap],
    *,
    key: Sequence[KeyItem],
    key_title: str,
    nothing: str,
    data: pd.DataFrame,
) -> Chart:
    """Small choropleths side by side, or the sentence `nothing` where there is none to draw."""
    words = as_attributed(words, boundaries)
    if not maps:
        return statement(words, nothing, data)
    grid = small_map_grid(boundaries, maps)
    sheet = Sheet(words, key=key, key_title=key_title, body_height=grid.height)
    draw_small_maps(sheet, boundaries, maps, grid)
    return finished(words, sheet.figure(), data)


def as_attributed(words: Words, boundaries: GeoDataFrame) -> Words:
    """The words with the attribution of the very boundaries that are drawn, which may be newer than the committed ones."""
    return replace(words, source=words.source.replace(ATTRIBUTION, attribution_of(boundaries)))


def statement(words: Words, sentence: str, data: pd.DataFrame) -> Chart:
    """A chart with nothing to draw: it says so instead."""
    sheet = Sheet(words, body_height=90)
    sheet.paragraph(MARGIN, sheet.top + 30, inner_width(), sentence)
    return finished(words, sheet.figure(), data)

"""A map beside a table, a map beside tiles, and small maps. Not here: shapes and placing (maps.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.maps import (
    MAP_HEIGHT,
    MAP_WIDTH,
    AreaCell,
    SmallMap,
    draw_map,
    draw_small_maps,
    draw_tiles,
    small_map_grid,
)
from landscape.charts.sheet import INNER, MARGIN, KeyItem, Sheet
from landscape.charts.style import SMALL
from landscape.charts.tables import ROW_HEIGHT, Column, draw_table
from landscape.places.boundaries import ATTRIBUTION, attribution_of

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

BESIDE = MARGIN + MAP_WIDTH + 8
BESIDE_WIDTH = 720 - MARGIN - BESIDE


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
) -> Chart:
    """A choropleth with a table of the same areas at its right.

    Args:
        words: What the chart says.
        boundaries: force_area_code and geometry (EPSG:27700).
        cells: By force_area_code.
        key: Label and fill of all that is drawn.
        key_title: What the key is a key to.
        columns: Of the table; together at most BESIDE_WIDTH pixels.
        rows: Of the table, one text per column.
        data: The frame drawn.
    """
    words = as_attributed(words, boundaries)
    sheet = Sheet(words, key=key, key_title=key_title, body_height=MAP_HEIGHT)
    draw_map(sheet, boundaries, cells, MARGIN, sheet.top)
    draw_table(sheet, columns, rows, BESIDE, sheet.top + 30)
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
    """A choropleth above a table as wide as the sheet.

    Args:
        words: What the chart says.
        boundaries: force_area_code and geometry (EPSG:27700).
        cells: By force_area_code.
        key: Label and fill of all that is drawn.
        key_title: What the key is a key to.
        table: Its columns, together at most the sheet's inner width, and its rows.
        data: The frame drawn.
    """
    words = as_attributed(words, boundaries)
    columns, rows = table
    below = (len(rows) + 2) * ROW_HEIGHT if rows else 0
    sheet = Sheet(words, key=key, key_title=key_title, body_height=MAP_HEIGHT + below)
    draw_map(sheet, boundaries, cells, MARGIN + (INNER - MAP_WIDTH) / 2, sheet.top)
    if rows:
        draw_table(sheet, columns, rows, MARGIN, sheet.top + MAP_HEIGHT)
    return finished(words, sheet.figure(), data)


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
    """A choropleth with the same areas as equal tiles at its right, so that wide areas do not own the ink."""
    words = as_attributed(words, boundaries)
    sheet = Sheet(words, key=key, key_title=key_title, body_height=MAP_HEIGHT)
    draw_map(sheet, boundaries, cells, MARGIN, sheet.top)
    top = sheet.paragraph(
        BESIDE,
        sheet.top + 60,
        BESIDE_WIDTH,
        "The same counts, every area at one size",
        size=SMALL,
        bold=True,
    )
    draw_tiles(sheet, tiles, BESIDE, top + 6)
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
    grid = small_map_grid(maps)
    sheet = Sheet(words, key=key, key_title=key_title, body_height=grid.height)
    draw_small_maps(sheet, boundaries, maps, grid)
    return finished(words, sheet.figure(), data)


def as_attributed(words: Words, boundaries: GeoDataFrame) -> Words:
    """The words with the attribution of the very boundaries that are drawn, which may be newer than the committed ones."""
    return replace(words, source=words.source.replace(ATTRIBUTION, attribution_of(boundaries)))


def statement(words: Words, sentence: str, data: pd.DataFrame) -> Chart:
    """A chart with nothing to draw says so, in its place."""
    sheet = Sheet(words, body_height=90)
    sheet.paragraph(MARGIN, sheet.top + 30, 720 - 2 * MARGIN, sentence)
    return finished(words, sheet.figure(), data)

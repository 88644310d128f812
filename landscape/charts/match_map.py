"""Pairs of areas as arrows on the map, beside a list of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from landscape.charts.area_charts import map_with_table
from landscape.charts.chart import Chart, Words
from landscape.charts.maps import AreaCell
from landscape.charts.placing import map_extent
from landscape.charts.sheet import KeyItem, Point, Sheet
from landscape.charts.style import PLUM
from landscape.charts.tables import Column

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_BOW = 0.16  # how far an arrow bends, as a share of its length, so that the two directions are apart
_GAP = 11 / 262  # as a share of the map's width, between the tip of an arrow and the middle of its area
_STEPS = 16


def map_with_arrows(
    words: Words,
    boundaries: GeoDataFrame,
    cells: Mapping[str, AreaCell],
    arrows: Sequence[tuple[str, str]],
    *,
    key: Sequence[KeyItem],
    key_title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    data: pd.DataFrame,
) -> Chart:
    """A map of the areas with an arrow for each pair, and a table of the pairs.

    Args:
        words: What the chart says.
        boundaries: force_area_code and geometry (EPSG:27700).
        cells: By force_area_code.
        arrows: From one force_area_code to another.
        key: Label and fill of all that is drawn.
        key_title: What the key is a key to.
        columns: The table's columns.
        rows: The table's rows, one text per column; the first is the area's name.
        data: The frame drawn.
    """
    inside = boundaries.geometry.representative_point()
    places = {code: (at.x, at.y) for code, at in zip(boundaries.force_area_code, inside, strict=True)}

    west, _, east, _ = map_extent(boundaries)

    def draw_arrows(sheet: Sheet, axes: int) -> None:
        for start, end in arrows:
            sheet.add(_arrow(places[start], places[end], _GAP * (east - west)), axes)

    return map_with_table(
        words,
        boundaries,
        cells,
        key=key,
        key_title=key_title,
        columns=columns,
        rows=rows,
        data=data,
        draw_over=draw_arrows,
    )


def _arrow(start: Point, end: Point, gap: float) -> dict[str, Any]:
    east, north = end[0] - start[0], end[1] - start[1]
    length = math.hypot(east, north)
    bend = ((start[0] + end[0]) / 2 + _BOW * north, (start[1] + end[1]) / 2 - _BOW * east)
    at = [(1 - gap / length) * i / _STEPS for i in range(_STEPS + 1)]
    curve = [tuple((1 - t) ** 2 * start[i] + 2 * t * (1 - t) * bend[i] + t**2 * end[i] for i in range(2)) for t in at]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [round(x) for x, _ in curve],
        "y": [round(y) for _, y in curve],
        "line": {"color": PLUM, "width": 1.4},
        "marker": {
            "color": PLUM,
            "symbol": ["circle"] + ["arrow"] * _STEPS,
            "angleref": "previous",
            "opacity": 1,
            "size": [6] + [0] * (_STEPS - 1) + [12],
        },
        "hoverinfo": "skip",
    }

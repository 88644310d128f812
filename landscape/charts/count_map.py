"""A heat map of counts in a few classes, each cell filled by its class or its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from landscape.charts.bands import count_bands, fill_of, key_of
from landscape.charts.frame import rows_of
from landscape.charts.matrix import Cell, heat_map

if TYPE_CHECKING:
    import pandas as pd

    from landscape.charts.chart import Chart, Words
    from landscape.charts.frame import Row


def count_map(
    words: Words,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    lines: Sequence[Sequence[Row]],
    count: str,
    key_title: str,
    data: pd.DataFrame,
    in_cell: Callable[[Row], str] | None = None,
) -> Chart:
    """Rows by columns, the cells in at most four classes of their counts.

    Args:
        words: What the chart says.
        rows: Labels.
        columns: Labels.
        lines: The cells by row, then by column; each has a `state` and the count.
        count: The column that is counted.
        key_title: What the key is a key to.
        data: The frame drawn.
        in_cell: What is written in a cell; by default the count, if it is above zero.
    """
    bands = count_bands(int(getattr(row, count)) for line in lines for row in line if row.state == "value")
    fills = [[fill_of(row.state, getattr(row, count), bands) for row in line] for line in lines]
    written = in_cell or partial(_count_if_any, count=count)
    return heat_map(
        words,
        rows=rows,
        columns=columns,
        cells=[
            [Cell(written(row), fill) for row, (_, fill) in zip(line, line_fills, strict=True)]
            for line, line_fills in zip(lines, fills, strict=True)
        ],
        key=key_of([each for line in fills for each in line], bands),
        key_title=key_title,
        data=data,
    )


def by_place(data: pd.DataFrame, code: str, codes: Iterable[str], areas: Iterable[str]) -> list[list[Row]]:
    """The rows of a frame by code, then by force area.

    Args:
        data: One row for each code × `force_area_code`.
        code: The column of codes.
        codes: Their order.
        areas: The order of the areas.
    """
    found = {(getattr(row, code), row.force_area_code): row for row in rows_of(data)}
    order = list(areas)
    return [[found[each, area] for area in order] for each in codes]


def _count_if_any(row: Row, count: str) -> str:
    return str(getattr(row, count)) if row.state == "value" else ""

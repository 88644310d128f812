"""A figure that is a table, with its cells wrapped to fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.paper import MARGIN, inner_width, need_width
from landscape.charts.sheet import Sheet
from landscape.charts.style import SMALL, STRIPE, Fill
from landscape.charts.tables import Column
from landscape.charts.text import LINE_HEIGHT, wrap

if TYPE_CHECKING:
    import pandas as pd

_PADDING = 9.0
_STRIPE = Fill(STRIPE)


def table_figure(
    words: Words, *, columns: Sequence[Column], rows: Sequence[Sequence[str]], data: pd.DataFrame
) -> Chart:
    """Rows of text under headings, striped; nothing is cut.

    Args:
        words: What the chart says.
        columns: Headings and widths; together at most the sheet's inner width.
        rows: One text per column.
        data: The frame drawn.
    """
    need_width(inner_width(), sum(column.width for column in columns))
    heads = [wrap(column.heading, column.width - 8, SMALL, bold=True) for column in columns]
    cells = [[wrap(text, column.width - 8, SMALL) for text, column in zip(row, columns, strict=True)] for row in rows]
    heights = [_height(line) for line in cells]
    sheet = Sheet(words, body_height=_height(heads) + sum(heights) + 4)
    width = sum(column.width for column in columns)
    y = sheet.top + _height(heads)
    _row(sheet, columns, heads, sheet.top, bold=True)
    stripes = []
    for i, (line, height) in enumerate(zip(cells, heights, strict=True)):
        if i % 2 == 0:
            stripes.append((MARGIN, y, width, height))
        _row(sheet, columns, line, y, bold=False)
        y += height
    if stripes:
        sheet.boxes(stripes, _STRIPE, outline=_STRIPE.colour)
    sheet.line([(MARGIN, sheet.top + _height(heads)), (MARGIN + width, sheet.top + _height(heads))])
    sheet.line([(MARGIN, y), (MARGIN + width, y)])
    return finished(words, sheet.figure(), data)


def _height(line: Sequence[Sequence[str]]) -> float:
    return max(len(lines) for lines in line) * SMALL * LINE_HEIGHT + _PADDING


def _row(sheet: Sheet, columns: Sequence[Column], line: Sequence[Sequence[str]], top: float, *, bold: bool) -> None:
    x = float(MARGIN)
    for column, lines in zip(columns, line, strict=True):
        at, anchor = (x + column.width - 8, "right") if column.is_number else (x + 2, "left")
        if lines:
            sheet.text(at, top + _PADDING / 2, lines, size=SMALL, anchor=anchor, bold=bold)
        x += column.width

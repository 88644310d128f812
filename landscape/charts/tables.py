"""A small table beside a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from landscape.charts.sheet import Sheet
from landscape.charts.style import ROW_LINE, SMALL
from landscape.charts.text import LINE_HEIGHT, wrap

ROW_HEIGHT = 25.0


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in pixels and whether it holds numbers (which are right-aligned)."""

    heading: str
    width: float
    is_number: bool = True


def table_height(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> float:
    """Pixels that a table takes."""
    return _head_height(columns) + sum(_row_height(columns, row) for row in rows)


def draw_table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], left: float, top: float) -> None:
    """Draw rows under headings; headings and words are wrapped to fit, numbers never."""
    below = top + _head_height(columns)
    tops = list(accumulate((_row_height(columns, row) for row in rows), initial=below))
    width = sum(column.width for column in columns)
    x = left
    for i, column in enumerate(columns):
        at, anchor = (x + column.width, "right") if column.is_number else (x, "left")
        sheet.text(at, below - 4, _heading(column), size=SMALL, bold=True, anchor=anchor, valign="bottom")
        for row, y in zip(rows, tops, strict=False):
            middle = y + _row_height(columns, row) / 2
            sheet.text(at, middle, _cell(column, row[i]), size=SMALL, anchor=anchor, valign="middle")
        x += column.width
    for y in tops:
        sheet.line([(left, y), (left + width, y)], colour=ROW_LINE)


def _heading(column: Column) -> list[str]:
    return wrap(column.heading, column.width - 6, SMALL, bold=True)


def _head_height(columns: Sequence[Column]) -> float:
    return max(len(_heading(column)) for column in columns) * SMALL * LINE_HEIGHT + 4


def _cell(column: Column, text: str) -> list[str]:
    return [text] if column.is_number else wrap(text, column.width, SMALL) or [""]


def _row_height(columns: Sequence[Column], row: Sequence[str]) -> float:
    lines = max(len(_cell(column, text)) for column, text in zip(columns, row, strict=True))
    return ROW_HEIGHT + (lines - 1) * SMALL * LINE_HEIGHT

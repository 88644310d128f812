"""A small table beside a map. Not here: the full data table (page.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landscape.charts.sheet import Sheet
from landscape.charts.style import ROW_LINE, SMALL
from landscape.charts.text import LINE_HEIGHT, wrap

ROW_HEIGHT = 25.0


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in pixels and whether it holds numbers (then set to the right)."""

    heading: str
    width: float
    is_number: bool = True


def table_height(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> float:
    """Pixels that a table takes."""
    heads = [wrap(column.heading, column.width - 6, SMALL, bold=True) for column in columns]
    return max(len(head) for head in heads) * SMALL * LINE_HEIGHT + 4 + len(rows) * ROW_HEIGHT


def draw_table(sheet: Sheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], left: float, top: float) -> None:
    """Draw rows of one line each under headings that are broken to fit."""
    heads = [wrap(column.heading, column.width - 6, SMALL, bold=True) for column in columns]
    below = top + max(len(head) for head in heads) * SMALL * LINE_HEIGHT + 4
    width = sum(column.width for column in columns)
    x = left
    for i, column in enumerate(columns):
        at, anchor = (x + column.width, "right") if column.is_number else (x, "left")
        sheet.text(at, below - 4, heads[i], size=SMALL, bold=True, anchor=anchor, valign="bottom")
        for j, row in enumerate(rows):
            middle = below + (j + 0.5) * ROW_HEIGHT
            sheet.text(at, middle, row[i], size=SMALL, anchor=anchor, valign="middle")
        x += column.width
    for j in range(len(rows) + 1):
        sheet.line([(left, below + j * ROW_HEIGHT), (left + width, below + j * ROW_HEIGHT)], colour=ROW_LINE)

"""Counts as circles on a grid, each with a part of it filled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.paper import MARGIN, inner_width, need_width
from landscape.charts.sheet import Sheet
from landscape.charts.style import BLUE, BODY, CELL_LINE, FAINTEST_LINE, INK, SEQUENTIAL, SMALL, SOFT_INK
from landscape.charts.text import LINE_HEIGHT, wrap

if TYPE_CHECKING:
    import pandas as pd

LABEL_WIDTH = 200.0
_LARGEST, _SMALLEST = 19.0, 5.0  # pixels across
_ROW, _COLUMN, _HEAD = 26.0, 54.0, 68.0
_LEAST_COLUMN = 36.0  # a circle, and a number of two digits beside it
_PALE = SEQUENTIAL[0]


@dataclass(frozen=True)
class Bubble:
    """A count, and how much of it is filled; the part is at most the whole."""

    whole: int
    part: int


def bubble_grid(
    words: Words,
    *,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    bubbles: Mapping[tuple[str, str], Bubble],
    key: tuple[str, str],
    data: pd.DataFrame,
) -> Chart:
    """Rows by columns of circles, whose areas are counts; columns have letters, explained below.

    The labels of many columns would not fit above them; letters do.

    Args:
        words: What the chart says.
        rows: Labels by code, in order.
        columns: Labels by code, in order; at most 26.
        bubbles: By row and column; a cell without one is left empty.
        key: What the whole circle and its filled part count.
        data: The frame drawn.
    """
    width = min(_COLUMN, (inner_width() - LABEL_WIDTH) / max(len(columns), 1))
    need_width(width, _LEAST_COLUMN)
    labels = [wrap(label, LABEL_WIDTH - 8, SMALL) for label in rows.values()]
    heights = [max(_ROW, len(label) * SMALL * LINE_HEIGHT + 8) for label in labels]
    letters = dict(zip(columns, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False))
    lettered = [f"{letters[code]}  {label}" for code, label in columns.items()]
    per_column = math.ceil(len(lettered) / 3)
    sheet = Sheet(words, body_height=_HEAD + sum(heights) + 24 + per_column * SMALL * 1.5)
    most = max((bubble.whole for bubble in bubbles.values()), default=1)
    _size_key(sheet, key, most)
    left, top = MARGIN + LABEL_WIDTH, sheet.top + _HEAD
    for j, code in enumerate(columns):
        sheet.text(left + (j + 0.5) * width, top - 4, letters[code], bold=True, anchor="center", valign="bottom")
    wholes: list[tuple[float, float, Bubble]] = []
    y = top
    for row, label, height in zip(rows, labels, heights, strict=True):
        sheet.line([(MARGIN, y), (left + width * len(columns), y)], colour=CELL_LINE)
        sheet.text(MARGIN, y + height / 2, label, size=SMALL, valign="middle")
        for j, column in enumerate(columns):
            bubble = bubbles.get((row, column))
            if bubble:
                x = left + (j + 0.5) * width
                wholes.append((x - 5, y + height / 2, bubble))
                at = x - 4 + _across(bubble.whole, most) / 2, y + height / 2
                sheet.text(*at, str(bubble.whole), size=SMALL, valign="middle")
        y += height
    for j in range(len(columns) + 1):
        sheet.line([(left + j * width, top), (left + j * width, y)], colour=FAINTEST_LINE)
    _draw(sheet, wholes, most)
    for i, text in enumerate(lettered):
        at = MARGIN + (i // per_column) * (inner_width() / 3), y + 18 + (i % per_column) * SMALL * 1.5
        sheet.text(*at, text, size=SMALL)
    return finished(words, sheet.figure(), data)


def _across(count: int, most: int) -> float:
    """Diameter in pixels, so that areas are in proportion to counts."""
    return max(_SMALLEST, _LARGEST * math.sqrt(count / most))


def _draw(sheet: Sheet, at: Sequence[tuple[float, float, Bubble]], most: int) -> None:
    for x, y, bubble in at:
        sheet.dots([(x, y)], colour=BLUE, size=_across(bubble.whole, most) + 1.6)
        sheet.dots([(x, y)], colour=_PALE, size=_across(bubble.whole, most))
        if bubble.part:
            sheet.dots([(x, y)], colour=BLUE, size=_LARGEST * math.sqrt(bubble.part / most))


def _size_key(sheet: Sheet, key: tuple[str, str], most: int) -> None:
    y = sheet.top + 10
    half = max(1, most // 2)
    _draw(sheet, [(MARGIN + 12, y, Bubble(most, 0)), (MARGIN + 40, y, Bubble(most, half))], most)
    sheet.text(MARGIN + 56, y, f"Whole circle: {key[0]} (largest here {most}); dark part: {key[1]}", size=BODY,
               valign="middle", colour=INK)  # fmt: skip
    sheet.text(
        MARGIN, y + 12, "An empty cell is a gap in the record, not proof of absence.", size=SMALL, colour=SOFT_INK
    )

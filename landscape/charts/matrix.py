"""Charts on a grid: a heat map, and sets that occur together (UpSet)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.paper import MARGIN, inner_width, need_width
from landscape.charts.sheet import INNER, KeyItem, Sheet
from landscape.charts.style import BLUE, BODY, HAIRLINE, HOLLOW, INK, SMALL, SMALLEST, SOFT_INK, STRIPE, Fill
from landscape.charts.text import LINE_HEIGHT, measure, wrap

if TYPE_CHECKING:
    import pandas as pd

LABEL_WIDTH = 196.0  # on the standard paper
LEAST_LABEL_WIDTH = 120.0
LEAST_COLUMN = 38.0  # of a heat map: room for “12 of” over “14”, and a heading two columns wide
_ROW_PADDING = 10.0
_BAR_HEIGHT = 150.0


@dataclass(frozen=True)
class Cell:
    """One cell of a heat map: its text and its fill."""

    text: str
    fill: Fill


def heat_map(
    words: Words,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    key: Sequence[KeyItem],
    key_title: str,
    data: pd.DataFrame,
) -> Chart:
    """Rows by columns with the number written in each cell.

    Args:
        words: What the chart says.
        rows: Labels; long ones are broken, never cut.
        columns: Labels; at two alternating heights, since vertical text is hard to read.
        cells: By row, then by column.
        key: Label and fill of all that is drawn.
        key_title: What the key is a key to.
        data: The frame drawn.
    """
    label_width = _label_width()
    width = (inner_width() - label_width) / len(columns)
    need_width(width, LEAST_COLUMN)
    heads = [wrap(column, 2 * width - 8, SMALL) for column in columns]
    level = max(len(head) for head in heads) * SMALL * LINE_HEIGHT + 4
    labels = [wrap(row, label_width - 8, SMALL) for row in rows]
    heights = [len(label) * SMALL * LINE_HEIGHT + _ROW_PADDING for label in labels]
    sheet = Sheet(words, key=key, key_title=key_title, body_height=2 * level + sum(heights) + 6)
    left, top = MARGIN + label_width, sheet.top + 2 * level
    for j, head in enumerate(heads):
        middle, foot = left + (j + 0.5) * width, top - 3 - (j % 2) * level
        at_edge = j == len(heads) - 1  # beyond it the sheet ends
        x, anchor = (middle + width / 2, "right") if at_edge else (middle, "center")
        sheet.text(x, foot, head, size=SMALL, anchor=anchor, valign="bottom")
        if j % 2:
            sheet.line([(middle, foot), (middle, top)], colour=HAIRLINE)
    by_fill: dict[Fill, list[tuple[float, float, float, float]]] = {}
    y = top
    for label, height, row in zip(labels, heights, cells, strict=True):
        sheet.text(MARGIN, y + height / 2, label, size=SMALL, valign="middle")
        for j, cell in enumerate(row):
            by_fill.setdefault(cell.fill, []).append((left + j * width, y, width, height))
            lines = wrap(cell.text, width - 2, SMALLEST)
            if lines:
                at = left + (j + 0.5) * width, y + height / 2
                sheet.text(*at, lines, size=SMALLEST, anchor="center", valign="middle", colour=cell.fill.ink)
        y += height
    for fill, boxes in by_fill.items():
        sheet.boxes(boxes, fill)
    return finished(words, sheet.figure(), data)


@dataclass(frozen=True)
class Combination:
    """One exact set of members (by code), and in how many cases and areas it occurs."""

    members: frozenset[str]
    n_cases: int
    n_areas: int


def upset(
    words: Words,
    *,
    members: Mapping[str, str],
    combinations: Sequence[Combination],
    bar_title: str,
    area_title: str,
    data: pd.DataFrame,
) -> Chart:
    """Bars of how often each set occurs, over a matrix of dots that shows its members.

    Args:
        words: What the chart says.
        members: Labels of the rows by code, in order.
        combinations: The columns, in order.
        bar_title: What the bars count.
        area_title: What the numbers below the matrix count.
        data: The frame drawn.
    """
    label_width = _label_width()
    labels = [wrap(member, label_width - 8, SMALL) for member in members.values()]
    heights = [max(22.0, len(label) * SMALL * LINE_HEIGHT + 6) for label in labels]
    sheet = Sheet(words, body_height=_BAR_HEIGHT + sum(heights) + 34)
    left, width = MARGIN + label_width, (inner_width() - label_width) / max(len(combinations), 6)
    need_width(width, _least_column())
    base = sheet.top + _BAR_HEIGHT
    sheet.paragraph(MARGIN, sheet.top + 16, label_width - 20, bar_title, size=BODY, bold=True)
    middles = _matrix_rows(sheet, labels, heights, base + 8, left + width * len(combinations))
    highest = max(each.n_cases for each in combinations)
    bars = []
    for j, each in enumerate(combinations):
        x = left + (j + 0.5) * width
        height = (_BAR_HEIGHT - 30) * each.n_cases / highest
        bars.append((x - min(width * 0.7, 30) / 2, base - height, min(width * 0.7, 30), height))
        sheet.text(x, base - height - 2, f"{each.n_cases:,}", size=SMALL, anchor="center", valign="bottom")
        filled = [middles[i] for i, member in enumerate(members) if member in each.members]
        hollow = [y for y in middles if y not in filled]
        if hollow:
            sheet.dots([(x, y) for y in hollow], colour=HOLLOW, size=7)
        sheet.line([(x, min(filled)), (x, max(filled))], colour=BLUE, width=2.5)
        sheet.dots([(x, y) for y in filled], colour=BLUE, size=11)
        sheet.text(x, middles[-1] + heights[-1] / 2 + 8, f"{each.n_areas:,}", size=SMALL, anchor="center")
    sheet.boxes(bars, Fill(BLUE), outline=BLUE)
    sheet.line([(left, base), (left + width * len(combinations), base)], colour=INK)
    foot = middles[-1] + heights[-1] / 2 + 8
    sheet.text(MARGIN, foot, area_title, size=SMALL, colour=SOFT_INK)
    return finished(words, sheet.figure(), data)


def _matrix_rows(
    sheet: Sheet, labels: Sequence[Sequence[str]], heights: Sequence[float], top: float, right: float
) -> list[float]:
    """Stripe and label the rows of the matrix; returns the middle of each."""
    middles = []
    y = top
    for i, (label, height) in enumerate(zip(labels, heights, strict=True)):
        if i % 2 == 0:
            sheet.boxes([(MARGIN, y, right - MARGIN, height)], Fill(STRIPE), outline=STRIPE)
        sheet.text(MARGIN + 4, y + height / 2, label, size=SMALL, valign="middle")
        middles.append(y + height / 2)
        y += height
    return middles


def columns_that_fit() -> int:
    """How many combinations fit side by side on the standard paper with their numbers still legible.

    What is drawn does not depend on the current paper: a figure has one data table.
    """
    return int((INNER - LABEL_WIDTH) / _least_column())


def _least_column() -> float:
    return measure("00", SMALL) + 4


def _label_width() -> float:
    """Room for the labels of rows: in proportion to the paper, but never less than a long word needs."""
    return max(LEAST_LABEL_WIDTH, min(LABEL_WIDTH, LABEL_WIDTH * inner_width() / INNER))

"""Shares as dots with their intervals, one panel beside another. Not here: how an interval is worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.sheet import INNER, MARGIN, Sheet
from landscape.charts.style import BLUE, BODY, PLUM, SMALL, SOFT_INK
from landscape.charts.text import LINE_HEIGHT, measure, wrap

if TYPE_CHECKING:
    import pandas as pd

LABEL_WIDTH = 190.0
_GAP = 18.0
SHARES = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))
_MARKS = (("circle", BLUE), ("diamond", PLUM))  # told apart by shape as well as colour


@dataclass(frozen=True)
class Dot:
    """A place on the scale with its interval, each 0–1, and what stands beside it, such as x of n."""

    at: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Panel:
    """One panel: its title, its dots by code, and what it says instead where there are none."""

    title: str
    dots: Mapping[str, Dot]
    nothing: str


def interval_panels(
    words: Words,
    *,
    rows: Mapping[str, str],
    panels: Sequence[Panel],
    data: pd.DataFrame,
    scale: Sequence[tuple[float, str]] = SHARES,
) -> Chart:
    """Two panels of dots with intervals on a common scale.

    Args:
        words: What the chart says.
        rows: Labels by code, common to the panels, in order.
        panels: Two, side by side.
        data: The frame drawn.
        scale: Marks of the scale, each a place from 0 to 1 and what stands there.
    """
    labels = [wrap(label, LABEL_WIDTH - 8, SMALL) for label in rows.values()]
    heights = [max(26.0, len(label) * SMALL * LINE_HEIGHT + 8) for label in labels]
    width = (INNER - LABEL_WIDTH - _GAP) / 2
    heads = [wrap(panel.title, width, BODY, bold=True) for panel in panels]
    head = max(len(each) for each in heads) * BODY * LINE_HEIGHT + 6
    sheet = Sheet(words, body_height=head + sum(heights) + 26)
    y = top = sheet.top + head
    middles = {}
    for row, label, height in zip(rows, labels, heights, strict=True):
        middles[row] = y + height / 2
        sheet.text(MARGIN, middles[row], label, size=SMALL, valign="middle")
        sheet.line([(MARGIN, y + height), (MARGIN + INNER, y + height)], colour="#E2E2E2")
        y += height
    for i, panel in enumerate(panels):
        left = MARGIN + LABEL_WIDTH + i * (width + _GAP)
        sheet.text(left, top - 6, heads[i], bold=True, valign="bottom")
        if panel.dots:
            _panel(sheet, panel, middles, (left, top, width, y - top), _MARKS[i], scale)
        else:
            sheet.paragraph(left, top + 12, width, panel.nothing, size=SMALL, colour=SOFT_INK)
    return finished(words, sheet.figure(), data)


def _panel(
    sheet: Sheet,
    panel: Panel,
    middles: Mapping[str, float],
    box: tuple[float, float, float, float],
    mark: tuple[str, str],
    marks: Sequence[tuple[float, str]],
) -> None:
    symbol, colour = mark
    left, top, width, height = box
    room = max(measure(dot.text, SMALL) for dot in panel.dots.values()) + 8
    start, scale = left + 8, width - room - 16
    for at, told in marks:
        x = start + at * scale
        sheet.line([(x, top), (x, top + height + 4)], colour="#B5B5B5", dash="solid" if at == 0 else "dot")
        sheet.text(x, top + height + 5, told, size=SMALL, anchor="center", colour=SOFT_INK)
    for row, dot in panel.dots.items():
        y = middles[row]
        sheet.line([(start + dot.low * scale, y), (start + dot.high * scale, y)], colour=colour, width=2)
        sheet.dots([(start + dot.at * scale, y)], colour=colour, size=10, symbol=symbol)
        sheet.text(left + width, y, dot.text, size=SMALL, anchor="right", valign="middle")

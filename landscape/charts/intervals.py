"""Shares as dots with their intervals, one panel beside another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.paper import MARGIN, inner_width, need_width
from landscape.charts.sheet import Sheet
from landscape.charts.style import BLUE, BODY, HAIRLINE, PAPER, PLUM, SCALE_LINE, SMALL, SOFT_INK
from landscape.charts.text import LINE_HEIGHT, measure, wrap

if TYPE_CHECKING:
    import pandas as pd

LABEL_WIDTH = 190.0
_GAP = 18.0
_SHARES = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))
_SHORTEST_SCALE = 80.0  # from 0 to 100 %, so that intervals can be distinguished
_LABEL_GAP = 4.0
_MARKS = (("circle", BLUE), ("diamond", PLUM))  # different in shape as well as colour


@dataclass(frozen=True)
class Dot:
    """The text of a row, such as x of n, and its place on the scale with its interval, each 0–1; no place, no mark."""

    text: str
    at: float | None = None
    low: float = 0
    high: float = 0


@dataclass(frozen=True)
class Panel:
    """One panel: its title, its dots by code, and what it says if there are none."""

    title: str
    dots: Mapping[str, Dot]
    nothing: str


def interval_panels(
    words: Words,
    *,
    rows: Mapping[str, str],
    panels: Sequence[Panel],
    data: pd.DataFrame,
) -> Chart:
    """Two panels of dots with intervals on a common scale.

    Labels are on the left; on narrower paper above each row, so that the scale stays long enough.

    Args:
        words: What the chart says.
        rows: Labels by code, common to the panels, in order.
        panels: Two, side by side.
        data: The frame drawn.
    """
    inner = inner_width()
    aside = LABEL_WIDTH if (inner - LABEL_WIDTH - _GAP) / 2 >= _shortest_panel(panels) else 0.0
    width = (inner - aside - _GAP) / 2
    need_width(width, _shortest_panel(panels))
    labels = [wrap(label, (aside or inner) - 8, SMALL) for label in rows.values()]
    above = [0.0 if aside else len(label) * SMALL * LINE_HEIGHT + _LABEL_GAP for label in labels]
    heights = [
        max(26.0, len(label) * SMALL * LINE_HEIGHT + 8) if aside else over + 22
        for label, over in zip(labels, above, strict=True)
    ]
    heads = [wrap(panel.title, width, BODY, bold=True) for panel in panels]
    head = max(len(each) for each in heads) * BODY * LINE_HEIGHT + 6
    sheet = Sheet(words, body_height=head + sum(heights) + 26)
    y = top = sheet.top + head
    middles = {}
    for row, label, height, over in zip(rows, labels, heights, above, strict=True):
        middles[row] = y + over + (height - over) / 2
        if aside:
            sheet.text(MARGIN, middles[row], label, size=SMALL, valign="middle")
        else:
            sheet.text(MARGIN, y + _LABEL_GAP, label, size=SMALL, backing=PAPER)
        sheet.line([(MARGIN, y + height), (MARGIN + inner, y + height)], colour=SCALE_LINE)
        y += height
    for i, panel in enumerate(panels):
        left = MARGIN + aside + i * (width + _GAP)
        sheet.text(left, top - 6, heads[i], bold=True, valign="bottom")
        if panel.dots:
            _panel(sheet, panel, middles, (left, top, width, y - top), _MARKS[i])
        else:
            sheet.paragraph(left, top + 12, width, panel.nothing, size=SMALL, colour=SOFT_INK)
    return finished(words, sheet.figure(), data)


def _shortest_panel(panels: Sequence[Panel]) -> float:
    """Width below which a panel's scale is too short beside its figures."""
    texts = [dot.text for panel in panels for dot in panel.dots.values()]
    return _SHORTEST_SCALE + 24 + max((measure(text, SMALL) for text in texts), default=0.0)


def _panel(
    sheet: Sheet,
    panel: Panel,
    middles: Mapping[str, float],
    box: tuple[float, float, float, float],
    mark: tuple[str, str],
) -> None:
    symbol, colour = mark
    left, top, width, height = box
    room = max(measure(dot.text, SMALL) for dot in panel.dots.values()) + 8
    start, scale = left + 8, width - room - 16
    for at, shown in _SHARES:
        x = start + at * scale
        sheet.line([(x, top), (x, top + height + 4)], colour=HAIRLINE, dash="solid" if at == 0 else "dot")
        sheet.text(x, top + height + 5, shown, size=SMALL, anchor="center", colour=SOFT_INK)
    for row, dot in panel.dots.items():
        y = middles[row]
        if dot.at is not None:
            sheet.line([(start + dot.low * scale, y), (start + dot.high * scale, y)], colour=colour, width=2)
            sheet.dots([(start + dot.at * scale, y)], colour=colour, size=10, symbol=symbol)
        sheet.text(left + width, y, dot.text, size=SMALL, anchor="right", valign="middle")

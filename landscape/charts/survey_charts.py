"""Closed questions as bars of x of n, two columns to a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words, finished
from landscape.charts.paper import MARGIN, inner_width, need_width, on_paper
from landscape.charts.sheet import Box, Point, Sheet
from landscape.charts.style import BLUE, BODY, HAIRLINE, PIXELS_PER_CM, SMALL, SOFT_INK, TRACK, WIDTH, Fill
from landscape.charts.text import LINE_HEIGHT, measure, wrap

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = 2  # one on narrow paper
TALLEST = 730.0  # pixels; with headline, key and caption it fills an A4 page of the report
_TALLEST_COLUMN = 900.0  # the same on other paper, where the one column is longer
_GAP = 28.0  # between the columns
_LABEL_SHARE = 190 / 332  # of a column
_SHORTEST_TRACK = 60.0  # so that bars can be distinguished
_FIGURES = 66.0  # room beside a track for “40 of 46”
_BELOW_QUESTION = 15.0
_BAR_HEIGHT = 9.0
_STEP = 10.0
_CHOSE, _DID_NOT = Fill(BLUE), Fill(TRACK)


@dataclass(frozen=True)
class Bar:
    """One option, how many chose it (None where no number is printed), and what is printed then."""

    label: str
    n_selected: int | None
    words: str = ""


@dataclass(frozen=True)
class ClosedQuestion:
    """One closed question as drawn.

    Args:
        wording: As it was asked.
        note: Printed below the wording: how many answered, and how.
        n_answered: Of how many options are counted.
        bars: Its options in their order, those that nobody chose with 0.
    """

    wording: str
    note: str
    n_answered: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class QuestionPage:
    """Which questions are in which column, by their places in the list given, and the height in pixels."""

    columns: tuple[tuple[int, ...], ...]
    height: float

    @property
    def drawn(self) -> tuple[int, ...]:
        """Places of the questions on the page."""
        return tuple(place for column in self.columns for place in column)


def page_of(questions: Sequence[ClosedQuestion]) -> QuestionPage:
    """As many questions as fit on one page, in order and whole, in columns of about the same height.

    The page ends before the first question that does not fit; a question taller than a column is left out. Which
    questions these are does not depend on the current paper: a figure has one data table.
    """
    with on_paper(WIDTH / PIXELS_PER_CM):
        full = _placed([_height(question) for question in questions], TALLEST, COLUMNS)
    columns, tallest = (COLUMNS, TALLEST) if inner_width() == WIDTH - 2 * MARGIN else (_columns(), _TALLEST_COLUMN)
    heights = [_height(question) if place in full.drawn else math.inf for place, question in enumerate(questions)]
    height = max(sum(heights[place] for place in full.drawn) / columns, _STEP)
    while len((page := _placed(heights, min(height, tallest), columns)).drawn) < len(full.drawn):
        need_width(tallest, height)
        height += _STEP
    used = max((sum(heights[place] for place in column) for column in page.columns), default=0.0)
    return QuestionPage(page.columns, used)


def _columns() -> int:
    """How many columns leave room for their bars."""
    least = (_SHORTEST_TRACK + _FIGURES) / (1 - _LABEL_SHARE)
    return max(1, min(COLUMNS, int((inner_width() + _GAP) // (least + _GAP))))


def _column_width() -> float:
    return (inner_width() - (_columns() - 1) * _GAP) / _columns()


def _label_width() -> float:
    return round(_column_width() * _LABEL_SHARE, 2)


def _placed(heights: Sequence[float], height: float, n_columns: int) -> QuestionPage:
    columns: list[list[int]] = [[] for _ in range(n_columns)]
    at, room = 0, height
    for place, needed in enumerate(heights):
        if needed > max(height, TALLEST):
            continue
        if needed > room:
            at, room = at + 1, height
        if at == n_columns or needed > room:
            break
        columns[at].append(place)
        room -= needed
    return QuestionPage(tuple(map(tuple, columns)), height)


def _height(question: ClosedQuestion) -> float:
    return _head_height(question) + sum(map(_row_height, question.bars)) + _BELOW_QUESTION


def _head_height(question: ClosedQuestion) -> float:
    wording = wrap(question.wording, _column_width(), BODY, bold=True)
    note = wrap(question.note, _column_width(), SMALL)
    return (len(wording) * BODY + len(note) * SMALL) * LINE_HEIGHT + 5


def _row_height(bar: Bar) -> float:
    """A row of several lines has a little more space below it."""
    return len(wrap(bar.label, _label_width(), SMALL)) * (SMALL * LINE_HEIGHT + 2) + 1


def question_bars(
    words: Words,
    questions: Sequence[ClosedQuestion],
    page: QuestionPage,
    *,
    key_labels: tuple[str, str],
    data: pd.DataFrame,
) -> Chart:
    """Bars of counts, all to one scale, on a track as long as the number who answered the question.

    Args:
        words: What the chart says.
        questions: Those that `page` was laid out for.
        page: Which of them are drawn, and where; at least one.
        key_labels: What the bar means, and what the rest of its track means.
        data: The frame with all questions.
    """
    key = list(zip(key_labels, (_CHOSE, _DID_NOT), strict=True))
    sheet = Sheet(words, key=key, key_title="Number of answers", body_height=page.height)
    drawn = [questions[place] for place in page.drawn]
    figures = max(measure(x_of_n(bar, question), SMALL) for question in drawn for bar in question.bars)
    room = _column_width() - _label_width() - figures - 16
    need_width(room, _SHORTEST_TRACK)
    scale = room / max(question.n_answered for question in drawn)
    tracks: list[Box] = []
    chose: list[Box] = []
    for i, column in enumerate(page.columns):
        left, y = MARGIN + i * (_column_width() + _GAP), sheet.top
        for question in (questions[place] for place in column):
            below = sheet.paragraph(left, y, _column_width(), question.wording, bold=True)
            sheet.paragraph(left, below, _column_width(), question.note, size=SMALL, colour=SOFT_INK)
            y += _head_height(question)
            for bar in question.bars:
                y, track = _row(sheet, bar, question, (left, y), scale)
                if bar.n_selected is not None:  # an empty track would say that nobody chose it
                    tracks.append(track)
                if bar.n_selected:
                    chose.append((*track[:2], bar.n_selected * scale, _BAR_HEIGHT))
            y += _BELOW_QUESTION
    for boxes, fill, outline in ((tracks, _DID_NOT, HAIRLINE), (chose, _CHOSE, BLUE)):
        if boxes:
            sheet.boxes(boxes, fill, outline=outline)
    return finished(words, sheet.figure(), data)


def _row(sheet: Sheet, bar: Bar, question: ClosedQuestion, at: Point, scale: float) -> tuple[float, Box]:
    """Write an option and its x of n; returns the y below them, and the box of the track between them."""
    left, y = at
    below = y + _row_height(bar)
    middle = (y + below) / 2
    sheet.text(left, middle, wrap(bar.label, _label_width(), SMALL), size=SMALL, valign="middle")
    sheet.text(left + _column_width(), middle, x_of_n(bar, question), size=SMALL, anchor="right", valign="middle")
    start = left + _label_width() + 8
    return below, (start, middle - _BAR_HEIGHT / 2, question.n_answered * scale, _BAR_HEIGHT)


def x_of_n(bar: Bar, question: ClosedQuestion) -> str:
    """How many chose an option, of how many who answered."""
    if bar.n_selected is None:
        return bar.words
    return f"{bar.n_selected:,} of {question.n_answered:,}"

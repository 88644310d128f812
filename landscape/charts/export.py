"""One figure for a document of your own, laid out for its width there and checked to be readable."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.charts.chart import Chart
from landscape.charts.page import chart_csv
from landscape.charts.paper import TooNarrowError, on_paper
from landscape.charts.render import draw_pictures, mark_of, page_of
from landscape.charts.style import PIXELS_PER_CM, SMALLEST
from landscape.charts.text import LINE_HEIGHT, measure
from landscape.errors import RenderError
from landscape.figure_marks import DRAFT_RELEASE
from landscape.pii_scan import Known, refuse_personal_in

if TYPE_CHECKING:
    import plotly.graph_objects as go

FORMATS = ("png", "svg", "html", "csv", "json")
NARROWEST_CM, STANDARD_CM, WIDEST_CM = 6.0, 16.0, 40.0
TALLEST_CM = 25.0  # of an A4 page; anything taller is scaled down when printed
_STEP_CM = 0.5
_ALLOWED = 1.5  # pixels that two texts may share or go over the edge: letters do not fill their line


def export_figure(
    draw: Callable[[], Chart | None], kind: str, width_cm: float, out: Path, known: Known, release: str = DRAFT_RELEASE
) -> Chart:
    """Draws a figure for a width and writes one file.

    Args:
        draw: Draws the figure for the current paper.
        kind: One of FORMATS.
        width_cm: Its width in the document; the size of type does not depend on it.
        out: The file to write.
        known: People whose names and numbers must not appear in it.
        release: Name of the release it belongs to.

    Returns:
        The chart.

    Raises:
        TooNarrowError: It would be illegible or taller than a page; the error names the smallest width that works.
        RenderError: There is no such format or width, nothing to draw, or no picture could be made.
        PersonalDataError: It would contain personal data.
    """
    if kind not in FORMATS:
        raise RenderError(f"there is no format “{kind}”", culprits=FORMATS, remedy="use one of these")
    if not NARROWEST_CM <= width_cm <= WIDEST_CM:
        raise RenderError(
            f"{width_cm:g} cm is not a width for a figure",
            remedy=f"use {NARROWEST_CM:g} to {WIDEST_CM:g} cm; 16 cm is the text column of an A4 page, 8 cm half of it",
        )
    chart = laid_out(draw, width_cm)
    mark = mark_of(chart, release)
    with tempfile.TemporaryDirectory(prefix="landscape-figure-") as scratch:
        made = Path(scratch) / f"{chart.figure_id}.{kind}"
        if kind in ("csv", "json"):
            text = chart_csv(chart.data) if kind == "csv" else chart.plot.to_json(pretty=True)
            made.write_text(text, encoding="utf-8", newline="\n")
        else:
            missing = draw_pictures([chart], [mark], made.parent)
            if kind == "html":
                made.write_text(page_of(chart, mark, made.parent, missing), encoding="utf-8", newline="\n")
            elif missing:
                raise RenderError(missing)
        refuse_personal_in(made.parent, known)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(made.read_bytes())
    return chart


def laid_out(draw: Callable[[], Chart | None], width_cm: float) -> Chart:
    """The chart for a width.

    Raises:
        TooNarrowError: It would be illegible; the error names the smallest width that works.
    """
    if (chart := _fitting(draw, width_cm)) is not None:
        return chart
    says = f"at {width_cm:g} cm this figure cannot be read, or is taller than a page"
    width = width_cm
    while width < WIDEST_CM:
        width = (width // _STEP_CM + 1) * _STEP_CM
        if _fitting(draw, width) is not None:
            raise TooNarrowError(says, remedy=f"take {width:g} cm or more: --width {width:g}cm")
    raise TooNarrowError(f"{says}; no other width is any better")


def _fitting(draw: Callable[[], Chart | None], width_cm: float) -> Chart | None:
    with on_paper(width_cm):
        try:
            chart = draw()
        except TooNarrowError:
            return None
    if chart is None:
        raise RenderError(
            "there is nothing to draw yet", remedy="a figure of open data needs a pull first: docs/open-data.md"
        )
    too_tall = width_cm < STANDARD_CM and chart.plot.layout.height > TALLEST_CM * PIXELS_PER_CM
    return None if too_tall or illegible(chart) else chart


def illegible(chart: Chart) -> list[str]:
    """The texts of a chart that cannot be read, each with what is wrong; the watermark is meant to lie over others."""
    layout = chart.plot.layout
    notes = [note for note in layout.annotations if not note.textangle]
    boxes = [_box(note, layout) for note in notes]
    found = [f"too small: {_words(note)}" for note in notes if note.font.size < SMALLEST]
    for i, (left, top, right, bottom) in enumerate(boxes):
        if min(left, top) < -_ALLOWED or right > layout.width + _ALLOWED or bottom > layout.height + _ALLOWED:
            found.append(f"leaves the paper: {_words(notes[i])}")
        for j in range(i):
            wide = min(right, boxes[j][2]) - max(left, boxes[j][0])
            high = min(bottom, boxes[j][3]) - max(top, boxes[j][1])
            if min(wide, high) > _ALLOWED:
                found.append(f"over one another: {_words(notes[j])} | {_words(notes[i])}")
    return found


def _words(note: Any) -> str:  # noqa: ANN401 an annotation of Plotly
    return html.unescape(note.text.removeprefix("<b>").removesuffix("</b>").replace("<br>", " "))


def _box(note: Any, layout: go.Layout) -> tuple[float, float, float, float]:  # noqa: ANN401
    """Left, top, right and bottom of a text in pixels of the paper."""
    lines = [html.unescape(line) for line in note.text.removeprefix("<b>").removesuffix("</b>").split("<br>")]
    width = max(measure(line, note.font.size, bold=note.text.startswith("<b>")) for line in lines)
    height = len(lines) * note.font.size * LINE_HEIGHT
    x, y = _on_paper(note, layout)
    left = x - {"left": 0, "center": width / 2, "right": width}[note.xanchor]
    top = y - {"top": 0, "middle": height / 2, "bottom": height}[note.yanchor]
    return left, top, left + width, top + height


def _on_paper(note: Any, layout: go.Layout) -> tuple[float, float]:  # noqa: ANN401
    """Where a text is, in pixels; on a map it is in metres, on the map's own axes."""
    if note.xref == "x":
        return note.x, note.y
    xaxis, yaxis = layout[f"xaxis{note.xref[1:]}"], layout[f"yaxis{note.yref[1:]}"]
    across = (note.x - xaxis.range[0]) / (xaxis.range[1] - xaxis.range[0])
    up = (note.y - yaxis.range[0]) / (yaxis.range[1] - yaxis.range[0])
    share = yaxis.domain[0] + up * (yaxis.domain[1] - yaxis.domain[0])
    return (xaxis.domain[0] + across * (xaxis.domain[1] - xaxis.domain[0])) * layout.width, (1 - share) * layout.height

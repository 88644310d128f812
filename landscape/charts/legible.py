"""Whether all that is written on a chart can be read: inside the paper, large enough, not one over another. Not here: layout."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from landscape.charts.chart import Chart
from landscape.charts.style import PIXELS_PER_CM, SMALLEST
from landscape.charts.text import LINE_HEIGHT, measure

if TYPE_CHECKING:
    import plotly.graph_objects as go

POINTS_PER_PIXEL = 72 / 2.54 / PIXELS_PER_CM
_ALLOWED = 1.5  # pixels that two texts may share, or stand over the edge: letters do not fill their line


def illegible(chart: Chart) -> list[str]:
    """The texts of a chart that cannot be read, each with what is wrong; the watermark lies over others by intent."""
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
    """A text's point in pixels; that of a map is in metres on axes of its own."""
    if note.xref == "x":
        return note.x, note.y
    xaxis, yaxis = layout[f"xaxis{note.xref[1:]}"], layout[f"yaxis{note.yref[1:]}"]
    across = (note.x - xaxis.range[0]) / (xaxis.range[1] - xaxis.range[0])
    up = (note.y - yaxis.range[0]) / (yaxis.range[1] - yaxis.range[0])
    share = yaxis.domain[0] + up * (yaxis.domain[1] - yaxis.domain[0])
    return (xaxis.domain[0] + across * (xaxis.domain[1] - xaxis.domain[0])) * layout.width, (1 - share) * layout.height

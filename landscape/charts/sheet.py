"""The sheet a chart is drawn on: words, key, stamps, pixel coordinates.

Everything except a map is drawn in pixels from the top left corner, so that nothing moves or is cut off when the
picture is scaled; a map gets its own axes, in metres, laid over a box of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.charts.paper import MARGIN, inner_width, paper_width
from landscape.charts.status import status
from landscape.charts.style import (
    BODY,
    FAMILY,
    HAIRLINE,
    HATCH,
    HEADLINE,
    INK,
    NOTHING,
    PAPER,
    PLUM,
    RULE,
    SMALL,
    SOFT_INK,
    SUBTITLE,
    WIDTH,
    Fill,
)
from landscape.charts.text import LINE_HEIGHT, measure, plain, wrap

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from landscape.charts.chart import Words

INNER = WIDTH - 2 * MARGIN  # on the standard paper
SAMPLE = "Made-up sample data"
SAMPLE_NOTICE = f"{SAMPLE}: no figure here describes a real force."
_SWATCH_WIDTH, _SWATCH_HEIGHT = 22, 13
_WATERMARK_SIZE, _WATERMARK_EVERY, _WATERMARK_NEEDS = 40, 420, 500
_STAMP_HEIGHT = 20

KeyItem = tuple[str, Fill]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, width, height


class Sheet:
    """A figure as wide as the paper, whose words are laid out before its body is drawn.

    Args:
        words: What the chart says.
        key: Label and fill of everything the body draws, in order.
        key_title: What the key is a key to.
        body_height: Height the body needs, in pixels.
    """

    def __init__(self, words: Words, *, key: Sequence[KeyItem] = (), key_title: str = "", body_height: float) -> None:
        self.width, self.inner = paper_width(), inner_width()
        self._traces: list[dict[str, Any]] = []
        self._notes: list[dict[str, Any]] = []
        self._axes: dict[str, dict[str, Any]] = {}
        self._stamp(words)
        self.top = self._head(words)
        self.top = self._key(key, key_title, self.top) + 8
        self.bottom = self.top + body_height
        self.height = round(self._foot(words, self.bottom + 12) + MARGIN)
        self._is_sample = words.is_sample

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        *,
        size: float = BODY,
        anchor: str = "left",
        valign: str = "top",
        bold: bool = False,
        colour: str = INK,
        backing: str | None = None,
        axes: int | None = None,
    ) -> None:
        """Put lines of text at a point of the sheet (or of a map's axes, by their number)."""
        lines = [text] if isinstance(text, str) else list(text)
        harmless = "<br>".join(plain(line) for line in lines)
        suffix = "" if axes is None else str(axes)
        self._notes.append(
            {
                "x": round(x, 2),
                "y": round(y, 2),
                "xref": f"x{suffix}",
                "yref": f"y{suffix}",
                "text": f"<b>{harmless}</b>" if bold else harmless,
                "font": {"size": size, "color": colour},
                "xanchor": anchor,
                "yanchor": valign,
                "align": anchor,
                "showarrow": False,
                "borderpad": 0 if backing is None else 1,
                **({"bgcolor": backing} if backing else {}),
            }
        )

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = INK,
    ) -> float:
        """Put text wrapped to a width; returns the y below it."""
        lines = wrap(text, width, size, bold=bold)
        if lines:
            self.text(x, y, lines, size=size, bold=bold, colour=colour)
        return y + len(lines) * size * LINE_HEIGHT

    def boxes(self, boxes: Sequence[Box], fill: Fill, *, outline: str = RULE) -> None:
        """Draw rectangles with the same fill."""
        xs: list[float | None] = []
        ys: list[float | None] = []
        for left, top, width, height in boxes:
            xs += [left, left + width, left + width, left, left, None]
            ys += [top, top, top + height, top + height, top, None]
        self._traces.append(filled(xs[:-1], ys[:-1], fill, outline=outline))

    def line(self, points: Sequence[Point], *, colour: str = RULE, width: float = 1, dash: str = "solid") -> None:
        """Draw a line through points of the sheet."""
        self._scatter(points, mode="lines", line={"color": colour, "width": width, "dash": dash})

    def dots(self, points: Sequence[Point], *, colour: str, size: float, symbol: str = "circle") -> None:
        """Draw markers at points of the sheet."""
        marker = {"color": colour, "size": size, "symbol": symbol, "line": {"width": 0}}
        self._scatter(points, mode="markers", marker=marker, cliponaxis=False)

    def _scatter(self, points: Sequence[Point], **drawn: object) -> None:
        xs, ys = zip(*points, strict=True)
        self._traces.append({"type": "scatter", "x": list(xs), "y": list(ys), "hoverinfo": "skip", **drawn})

    def map_axes(self, box: Box, extent: tuple[float, float, float, float]) -> int:
        """Lay a map's axes over a box of the sheet.

        Args:
            box: Left, top, width and height in pixels.
            extent: West, south, east and north in metres; shown whole, to the same scale in both directions.

        Returns:
            The number of the axes.
        """
        number = 2 + len(self._axes) // 2
        left, top, width, height = box
        west, south, east, north = extent
        plain_axis = {"visible": False, "fixedrange": True}
        self._axes[f"xaxis{number}"] = {
            **plain_axis,
            "anchor": f"y{number}",
            "range": [west, east],
            "domain": [left / self.width, (left + width) / self.width],
            "constrain": "domain",
        }
        self._axes[f"yaxis{number}"] = {
            **plain_axis,
            "anchor": f"x{number}",
            "range": [south, north],
            "domain": [1 - (top + height) / self.height, 1 - top / self.height],
            "scaleanchor": f"x{number}",
            "constrain": "domain",
        }
        return number

    def add(self, trace: dict[str, Any], axes: int) -> None:
        """Add a trace on a map's axes."""
        self._traces.append({**trace, "xaxis": f"x{axes}", "yaxis": f"y{axes}"})

    def figure(self) -> go.Figure:
        """The finished figure.

        Plotly does not validate it, which would take six times as long as all the rest; a test compares the two.
        """
        import plotly.graph_objects as go

        if self._is_sample:
            self._watermark()
        page_axis = {"visible": False, "fixedrange": True, "domain": [0, 1]}
        layout = {
            "template": {"data": {"scatter": [{"type": "scatter"}]}},  # an empty one; without it Plotly puts its own
            "width": self.width,
            "height": self.height,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
            "paper_bgcolor": PAPER,
            "plot_bgcolor": NOTHING,
            "font": {"family": FAMILY, "size": BODY, "color": INK},
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {"font": {"family": FAMILY, "size": BODY}, "align": "left"},
            "xaxis": {**page_axis, "range": [0, self.width]},
            "yaxis": {**page_axis, "range": [self.height, 0]},
            "annotations": self._notes,
        }
        return go.Figure(
            data=_in_order(self._traces),
            layout={**_in_order(layout), **_in_order(self._axes, top=False)},
            _validate=False,
        )

    def _stamp(self, words: Words) -> None:
        room = measure(status(), SMALL, bold=True) + 14
        self.boxes([(self.width - MARGIN - room, MARGIN - 4, room, _STAMP_HEIGHT)], Fill(PAPER), outline=PLUM)
        middle = MARGIN - 4 + _STAMP_HEIGHT / 2
        stamp: dict[str, Any] = {"size": SMALL, "bold": True, "colour": PLUM, "valign": "middle"}
        self.text(self.width - MARGIN - room / 2, middle, status(), anchor="center", **stamp)
        if words.is_sample:
            self.text(MARGIN, middle, SAMPLE.upper(), **stamp)

    def _head(self, words: Words) -> float:
        y = MARGIN + _STAMP_HEIGHT + 2.0
        y = self.paragraph(MARGIN, y, self.inner, words.headline, size=HEADLINE, bold=True) + 3
        return self.paragraph(MARGIN, y, self.inner, words.subtitle, size=SUBTITLE, colour=SOFT_INK) + 8

    def _key(self, key: Sequence[KeyItem], title: str, y: float) -> float:
        if not key:
            return y
        y = self.paragraph(MARGIN, y, self.inner, title, size=BODY, bold=True) + 3
        x = float(MARGIN)
        for label, fill in key:
            lines = wrap(label, self.inner - _SWATCH_WIDTH - 6, BODY)
            room = _SWATCH_WIDTH + 6 + max(measure(line, BODY) for line in lines)
            if x > MARGIN and x + room > self.width - MARGIN:
                x, y = float(MARGIN), y + 20
            self.boxes([(x, y + 2, _SWATCH_WIDTH, _SWATCH_HEIGHT)], fill)
            self.text(x + _SWATCH_WIDTH + 6, y, lines)
            y += (len(lines) - 1) * BODY * LINE_HEIGHT
            x += room + 18
        return y + 22

    def _foot(self, words: Words, y: float) -> float:
        self.line([(MARGIN, y - 6), (self.width - MARGIN, y - 6)], colour=HAIRLINE)
        if words.is_sample:
            y = self.paragraph(MARGIN, y, self.inner, SAMPLE_NOTICE, size=SMALL, bold=True, colour=PLUM) + 2
        y = self.paragraph(MARGIN, y, self.inner, words.caption, size=SMALL, colour=SOFT_INK) + 2
        return self.paragraph(MARGIN, y, self.inner, words.source, size=SMALL, colour=SOFT_INK)

    def _watermark(self) -> None:
        body = self.bottom - self.top
        times = max(1, round(body / _WATERMARK_EVERY))
        size = min(_WATERMARK_SIZE, round(_WATERMARK_SIZE * self.width / _WATERMARK_NEEDS))
        for i in range(times):
            self.text(self.width / 2, self.top + body * (i + 0.5) / times, SAMPLE, size=size, bold=True)
            self._notes[-1] |= {"xanchor": "center", "yanchor": "middle", "textangle": -20, "opacity": 0.13}
            self._notes[-1]["font"]["color"] = PLUM


def _in_order(of: Any, *, top: bool = True) -> Any:  # noqa: ANN401 whatever a figure is made of
    """The same with the keys of each dict sorted, as Plotly writes them; those at the top only where asked."""
    if isinstance(of, dict):
        return {key: _in_order(of[key]) for key in (sorted(of) if top else of)}
    if isinstance(of, list) and of and isinstance(of[0], dict):
        return [_in_order(one) for one in of]
    return of


def filled(
    xs: Sequence[float | None], ys: Sequence[float | None], fill: Fill, *, outline: str = RULE
) -> dict[str, Any]:
    """A Plotly trace of closed rings, parted by None, with one fill; a pattern lies over its colour."""
    pattern = {
        "shape": fill.pattern,
        "fgcolor": HATCH,
        "bgcolor": fill.colour,
        "size": 6,
        "solidity": 0.22,
    }
    return {
        "type": "scatter",
        "mode": "lines",
        "x": list(xs),
        "y": list(ys),
        "fill": "toself",
        "fillcolor": fill.colour,
        "line": {"color": outline, "width": 0.8},
        "hoverinfo": "skip",
        **({"fillpattern": pattern} if fill.pattern else {}),
    }

"""House style: colours, type sizes, how each state of a cell is filled. Not here: any shape or position."""

from __future__ import annotations

from dataclasses import dataclass

FAMILY = "Open Sans, sans-serif"
PIXELS_PER_CM = 45  # in print, so that 12 pixels print as 7.6 points
WIDTH = 16 * PIXELS_PER_CM  # the standard paper: the text column of an A4 page
SMALLEST, SMALL, BODY, SUBTITLE, HEADLINE = 10.5, 11, 12, 13, 17  # 10.5 pixels print as 6.6 points

INK, SOFT_INK, RULE, PAPER = "#1A1A1A", "#3D3D3D", "#6F6F6F", "#FFFFFF"
BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"  # Government Analysis Function
SEQUENTIAL = ("#ADD1F1", "#6BACE6", "#2073BC", "#12436D", "#092135")  # the same, pale to dark


@dataclass(frozen=True)
class Fill:
    """How a shape is filled.

    Args:
        colour: Background.
        ink: Colour of text that reads well on it.
        pattern: Plotly's fill pattern, "" for none.
    """

    colour: str
    ink: str = INK
    pattern: str = ""


SEQUENTIAL_FILLS = tuple(Fill(colour, INK if i < 2 else PAPER) for i, colour in enumerate(SEQUENTIAL))
STATE_FILLS = {
    "zero": Fill(PAPER),
    "not_covered": Fill("#EFEFEF", pattern="/"),
    "suppressed": Fill("#EFEFEF", pattern="x"),
    "withheld": Fill("#EFEFEF", pattern="."),
    "out_of_scope": Fill("#C8C8C8", pattern="-"),  # in grey print its colour is that of the palest class
}
STATE_NAMES = {
    "zero": "None recorded",
    "not_covered": "Not yet covered",
    "suppressed": "Suppressed, too few",
    "withheld": "Nothing that may be named",
    "out_of_scope": "Out of scope",
}

"""House style: colours, type sizes, how each state of a cell is filled."""

from __future__ import annotations

from dataclasses import dataclass

FAMILY = "Open Sans, sans-serif"
PIXELS_PER_CM = 45  # in print, so that 12 pixels print as 7.6 points
WIDTH = 16 * PIXELS_PER_CM  # the standard paper: the text column of an A4 page
SMALLEST, SMALL, BODY, SUBTITLE, HEADLINE = 10.5, 11, 12, 13, 17  # 10.5 pixels print as 6.6 points

INK, SOFT_INK, RULE, PAPER = "#1A1A1A", "#3D3D3D", "#6F6F6F", "#FFFFFF"
BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"  # Government Analysis Function
HAIRLINE, ROW_LINE, CELL_LINE, FAINTEST_LINE = "#B5B5B5", "#CFCFCF", "#DDDDDD", "#EEEEEE"  # from strong to weak
SCALE_LINE, BORDER, HATCH = "#E2E2E2", "#5A5A5A", "#8A8A8A"
STRIPE, TRACK, HOLLOW, STAND_IN = "#F3F3F3", "#E1E8EF", "#C8C8C8", "#F7F7F7"
NOT_SHOWN = "#EFEFEF"
BACKING, NOTHING = "rgba(255,255,255,0.85)", "rgba(0,0,0,0)"  # behind text on a pattern; and no colour at all
SEQUENTIAL = ("#ADD1F1", "#6BACE6", "#2073BC", "#12436D", "#092135")  # the same, pale to dark


PAGE_COLOURS = {
    "ink": INK,
    "paper": PAPER,
    "plum": PLUM,
    "blue": BLUE,
    "focus": ORANGE,
    "hairline": HAIRLINE,
    "stripe": STRIPE,
    "stand_in": STAND_IN,
}
"""Colours of a figure's page and of the page of all figures, by the names their templates use."""

REPORT_COLOURS = {
    "navy": BLUE,
    "plum": PLUM,
    "ink": "#262626",
    "grey": SOFT_INK,
    "line": "#BFBFBF",
    "pale": "#E7EEF5",
}
"""Colours of the report, by the names its templates use."""


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
    "not_covered": Fill(NOT_SHOWN, pattern="/"),
    "suppressed": Fill(NOT_SHOWN, pattern="x"),
    "not_said": Fill(NOT_SHOWN, pattern="."),
    "out_of_scope": Fill(HOLLOW, pattern="-"),  # in black and white its colour is that of the palest class
}
STATE_NAMES = {
    "zero": "None recorded",
    "not_covered": "Not yet covered",
    "suppressed": "Suppressed, too few",
    "not_said": "Not said",
    "out_of_scope": "Out of scope",
}

"""Text in charts: escaped, measured, wrapped, counted."""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
LINE_HEIGHT = 1.3  # Plotly's own, in units of the type size
_WIDEST = 1000  # thousandths of the type size, for a character the table does not know


def plain(text: str) -> str:
    """Text escaped for Plotly: shown as typed, never read as markup.

    Plotly reads a subset of HTML in every string, and a control character makes an SVG unreadable.

    >>> plain("<b>Us & them</b>")
    '&lt;b&gt;Us &amp; them&lt;/b&gt;'
    """
    spaced = " ".join(text.split())
    return html.escape("".join(c for c in spaced if unicodedata.category(c) != "Cc"), quote=False)


@cache
def _advances() -> dict[str, dict[str, int]]:
    advances: dict[str, dict[str, int]] = json.loads((FONTS / "advances.json").read_text(encoding="utf-8"))
    return advances


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Width of one line of text in the house font.

    Args:
        text: The line, not escaped.
        size: Type size in pixels.
        bold: Whether it is set in bold.

    Returns:
        Width in pixels.
    """
    table = _advances()["bold" if bold else "regular"]
    return sum(table.get(character, _WIDEST) for character in text) * size / 1000


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break text into lines that fit; a word wider than the line is split.

    Args:
        text: The text, not escaped.
        width: Room in pixels.
        size: Type size in pixels.
        bold: Whether it is set in bold.

    Returns:
        The lines; none for empty text.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        lines.append("")
        for character in word:
            if lines[-1] and measure(lines[-1] + character, size, bold=bold) > width:
                lines.append("")
            lines[-1] += character
    return lines


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "visit"), counted(1200, "activity", "activities")
    ('1 visit', '1,200 activities')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def listed(items: Iterable[str]) -> str:
    """Items as an English list.

    >>> listed(["Cumbria", "Durham", "Cleveland"])
    'Cumbria, Durham and Cleveland'
    """
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last

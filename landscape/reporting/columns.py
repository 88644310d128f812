"""The widths of a table's columns, and which hold numbers."""

from __future__ import annotations

import re

_NUMERIC = re.compile(r"[\d,.]+%?( (of|to) [\d,.]+%?)?|\[\w+\]")
LINE_CHARACTERS = 100
"""Characters of table text on a line of 16 cm."""
CELL_PADDING = 4
BOLD = 1.2
SHORT_CELL = 18
"""A cell of up to this many characters, such as a date, should not wrap."""


def is_numeric(cells: list[str]) -> bool:
    """Whether more than half of the cells are numbers or symbols for one, and at least one is a number."""
    numbers = [cell for cell in cells if _NUMERIC.fullmatch(cell)]
    return 2 * len(numbers) > len(cells) and not all(cell.startswith("[") for cell in numbers)


def _length(text: str) -> float:
    """Width of a text in lower-case characters; capitals are wider."""
    return len(text) + 0.4 * sum(map(str.isupper, text))


def _unbroken(text: str) -> float:
    """Width that should stay on one line: all of a short text such as a date, or else the longest word."""
    return _length(text) if len(text) <= SHORT_CELL else max(map(_length, text.split()))


def widths(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[float, ...]:
    """Share of the line for each column: first what should not wrap, then the length of the text."""
    needs, wants = [], []
    for i, heading in enumerate(columns):
        cells = [row[i] for row in rows]
        words = [BOLD * _unbroken(word) for word in heading.split()]
        needs.append(min(40, max([*words, *map(_unbroken, cells)]) + CELL_PADDING))
        wants.append(max(needs[-1], min(60, max([*words, *map(_length, cells)]) + CELL_PADDING)))
    spare, asked = max(0, LINE_CHARACTERS - sum(needs)), sum(wants) - sum(needs)
    sizes = [
        need + (spare * (want - need) / asked if asked else spare / len(columns))
        for need, want in zip(needs, wants, strict=True)
    ]
    return tuple(round(size / sum(sizes), 4) for size in sizes)

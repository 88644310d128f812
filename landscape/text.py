"""Texts made safe for spreadsheets, and compared as tools write them."""

import re

SPREADSHEET_TRAPS = ("=", "+", "-", "@", "\t", "\r")
"""Characters that start a formula in a spreadsheet."""
_SPACE = re.compile(r"\s+")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(SPREADSHEET_TRAPS) else text


def normal_wording(text: str) -> str:
    """A wording without regard to case, spacing and a final colon or full stop: tools change these by themselves."""
    return _SPACE.sub(" ", text).strip().rstrip(".:* ").casefold()

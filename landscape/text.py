"""Texts as other programs take them."""

import re

SPREADSHEET_TRAPS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_SPACE = re.compile(r"\s+")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(SPREADSHEET_TRAPS) else text


def normal_wording(text: str) -> str:
    """A wording with case, spacing and a final colon or full stop set aside: tools change these by themselves."""
    return _SPACE.sub(" ", text).strip().rstrip(".:* ").casefold()

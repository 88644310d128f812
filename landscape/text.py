"""Texts as other programs take them."""

import re

SPREADSHEET_TRAPS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "\u00a0": " "}
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(SPREADSHEET_TRAPS) else text


def without_control(text: str) -> str:
    r"""A text that Excel and Word take: control characters, as Word puts one for a line break, are written out.

    >>> without_control("Durham\x0band Cleveland")
    'Durham\\x0band Cleveland'
    """
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def plain_quotes(text: str) -> str:
    """The text, of the same length, with straight quotation marks and ordinary spaces."""
    return text if text.isascii() else text.translate(_STRAIGHT)


def normal_wording(text: str) -> str:
    r"""A wording with all set aside that tools change by themselves.

    That is case, spacing, a final colon or full stop, how quotation marks are drawn, and characters that nobody sees.

    >>> normal_wording("What’s  the “main” prob\u00adlem:") == normal_wording("what's the \"main\" problem")
    True
    """
    if not text.isascii():
        text = _UNSEEN.sub("", text).translate(_STRAIGHT)
    return _SPACE.sub(" ", text).strip().rstrip(".:* ").casefold()

"""The form in which texts are searched: what a reader would see, however it is written down."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

CELL = "\x1f"
"""Between neighbouring cells and blocks: names go across it, numbers of a table do not."""

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_BACKSLASH = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4})\}?|x([0-9a-fA-F]{2})|([nrtbf])|([/\"'\\]))")
_MARK_UP = re.compile(r"&#?\w{1,31};?")
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "æ": "ae", "Æ": "AE", "œ": "oe"}
    | {"Œ": "OE", "ı": "i", "ß": "ss", "ẞ": "SS"}
)
_SIGNS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʹʻʼʽˈˊˋ՚᾽᾿Ꞌꞌ＇", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-")
    | dict.fromkeys("。․", ".")
)


def normal(text: str) -> str:
    r"""A text as it is searched.

    Escapes of JSON, mark-up and web addresses are decoded; widths, spaces, dashes and quotation marks are folded; accents
    and everything invisible are taken out.

    >>> normal(r"Jos\u00e9&nbsp;O\u2019Brien \u2013 jose%40post\u200b.example")
    "Jose O'Brien - jose@post.example"
    """
    for _ in range(2):  # an escape may itself be escaped
        if "\\" in text:
            text = _BACKSLASH.sub(_unescaped, text)
        if "&" in text:
            text = _MARK_UP.sub(lambda found: html.unescape(found.group()), text)
        if "%" in text and _PERCENT.search(text):
            text = unquote(text, errors="replace")
    return text if text.isascii() else _FOREIGN.sub(_folded, text)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else found[4] or " "


def _folded(found: re.Match[str]) -> str:
    return _fold(found.group())


@lru_cache(maxsize=10_000)
def _fold(run: str) -> str:
    """A run of characters outside ASCII; what is left of it are letters and digits of other scripts."""
    decomposed = unicodedata.normalize("NFKD", run.translate(_SIGNS)).translate(_SIGNS)
    seen = "".join(_seen(letter) for letter in decomposed)
    return unicodedata.normalize("NFC", seen.translate(_LETTERS))


def _seen(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category.startswith("M") or category == "Cf" or letter in "\u3164\uffa0\u115f\u1160":
        return ""  # accents, and what has no width
    return letter if letter.isascii() or letter.isalnum() else " "

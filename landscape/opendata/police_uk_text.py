"""Texts written by the police: converts them to plain text, and decides whether they may be kept."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser

from landscape.pii_scan import Known, personal_kinds

_BREAKS = {"p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"}
_RANKS = (
    "PCSOs?|PSCOs?|PCs?|SCs?|DCs?|DSs?|DIs?|Sgts?|Sergeants?|Insps?|Inspectors?|Supts?|Superintendents?|Constables?|CI|DCI|ACC|DCC|"
    "Community Support Officers?|Officers?|Cllrs?|Councillors?|Mr|Mrs|Ms|Miss|Dr|Rev|Reverend"
)
# A rank or title, perhaps a collar number, then a capitalised word: "PC 1234 Smith", "Insp. O'Neill", "Sgt Dyer".
_NAMED = re.compile(rf"\b(?i:{_RANKS})\b\.?\s+(?:\d{{1,5}}\s+)?[A-Z][A-Za-z'’-]+")
_HANDLE = re.compile(r"(?<!\w)@\w{2,}")
_SIGNED = re.compile(r"\b(?i:contact|speak to|ask for|regards,?|signed)\s+[A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+")


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def text_of_html(html: str) -> str:
    r"""A text without its mark-up: paragraphs become lines, entities become characters, runs of spaces one space.

    >>> text_of_html("<p>Speeding &amp; parking</p><p>on  the&nbsp;A19</p>")
    'Speeding & parking\non the A19'
    >>> text_of_html("Leake &amp; Keyworth")
    'Leake & Keyworth'
    """
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return "\n".join(line for line in lines if line)


def names_someone(text: str, known: Known) -> bool:
    """Whether a text contains an address or a number, or seems to name a person.

    It should withhold too much rather than too little: both "PC Plod" and "Officer Training".

    >>> names_someone("Reduce speeding on the A19.", Known())
    False
    >>> names_someone("Thank you for your support. Sgt Dyer", Known())
    True
    """
    is_personal = next(personal_kinds(text, known), None) is not None
    return is_personal or any(pattern.search(text) for pattern in (_NAMED, _HANDLE, _SIGNED))


def text_key(text: str) -> str:
    """A key for a text that depends only on its words, not on case, spaces and punctuation.

    >>> text_key("Speeding, A19!") == text_key("speeding  a19")
    True
    """
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return hashlib.sha256(words.encode()).hexdigest()[:16]

"""What a LimeSurvey heading says: question, sub-question, or a fact about the response."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from landscape.surveys.export import Role

Style = Literal["code", "text", "code and text"]

_CODE = re.compile(r"(?P<base>[A-Za-z]\w*)(?P<subs>(\[[^\[\]]*\])*)")
_CODE_AND_TEXT = re.compile(_CODE.pattern + r"\.(\s+(?P<text>.*))?", re.DOTALL)
_TIMING = re.compile(r"interviewtime|(group|question)time\d+", re.IGNORECASE)
_FACTS: dict[str, tuple[str, Role]] = {
    "id": ("response id", "response_id"),
    "submitdate": ("date submitted", "completed_at"),
    "lastpage": ("last page", "tool"),
    "startlanguage": ("start language", "tool"),
    "seed": ("seed", "tool"),
    "token": ("access code", "tool"),
    "startdate": ("date started", "started_at"),
    "datestamp": ("date last action", "tool"),
    "ipaddr": ("ip address", "tool"),
    "refurl": ("referrer url", "tool"),
}
_BY_TEXT = {text: name for name, (text, _) in _FACTS.items()} | {"token": "token"}
OWN_WORDS, COMMENT = "other", "comment"


@dataclass(frozen=True)
class Heading:
    """One heading, taken apart.

    Args:
        fact: The fact about the response that is below it (`id`, `lastpage`, …); empty for a question.
        question: What all columns of one question share: its code, or its text where there is no code.
        wording: The question's text, or its code where there is no text.
        part: The sub-question, option, place or row as worded; empty where the question has but one column.
        sub: Its code; the wording where there is none.
    """

    fact: str
    question: str
    wording: str
    part: str
    sub: str

    @property
    def role(self) -> Role:
        """The role of a fact's column."""
        return _FACTS[self.fact][1] if self.fact in _FACTS else "tool"


def style_of(headings: Sequence[str]) -> Style | None:
    """How an export is headed; None where the headings are not LimeSurvey's."""
    known = {heading.strip().casefold() for heading in headings}
    if {"id", "submitdate"} <= known:
        return "code"
    if {"response id", "date submitted"} <= known:
        return "text"
    worded = [m for heading in headings if (m := _CODE_AND_TEXT.fullmatch(heading.strip()))]
    has_facts = any(m["base"] in ("id", "submitdate") for m in worded)
    has_parts = any(m["subs"] for m in worded)
    filled = [heading for heading in headings if heading.strip()]
    return "code and text" if worded and len(worded) == len(filled) and (has_facts or has_parts) else None


def taken_apart(heading: str, style: Style) -> Heading:
    """A heading of an export in a style."""
    heading = heading.strip()
    if style == "text":
        fact = _BY_TEXT.get(heading.casefold(), "")
        wording, part = _wording_and_part(heading)
        question, choice = _wording_and_part(wording) if part.casefold() == COMMENT else (wording, "")
        if choice:  # beside a choice, as long as that has a column, too; else a column of an array
            return Heading(fact, question, question, f"{choice}] [{part}", f"{choice.casefold()}{COMMENT}")
        return Heading(fact, wording, wording, part, part.casefold())
    found = (_CODE if style == "code" else _CODE_AND_TEXT).fullmatch(heading)
    if found is None:
        return Heading("", heading, heading, "", "")
    base, sub = found["base"], found["subs"].strip("[]").replace("][", " ")
    is_fact = base in _FACTS or _TIMING.fullmatch(base) is not None
    if style == "code":
        return Heading(base if is_fact else "", base, base, sub, sub)
    wording, part = _wording_and_part(found["text"] or "") if sub else (found["text"] or "", "")
    if sub == OWN_WORDS and not part:
        part = OWN_WORDS
    return Heading(base if is_fact else "", base, wording, part, sub)


def _wording_and_part(text: str) -> tuple[str, str]:
    """The text before the bracket that closes it, and what is in that bracket, which may hold brackets itself.

    >>> _wording_and_part("Which media [any]? [Radio [local]]")
    ('Which media [any]?', 'Radio [local]')
    """
    if not text.endswith("]"):
        return text, ""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(text[at], 0)
        if depth == 0:
            return text[:at].strip(), text[at + 1 : -1].strip()
    cut = text.rfind(" [")
    return (text[:cut].strip(), text[cut + 2 : -1].strip()) if cut > 0 else (text, "")

"""A questionnaire as a survey tool defines it, whichever tool it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_UNSEEN = {ord(letter): None for letter in "\u00ad\u200b\u200c\u200d\ufeff"}


@dataclass(frozen=True)
class Choice:
    """One option.

    Args:
        code: As exports with codes write it; empty where the tool has none.
        label: What respondents see.
        is_own_words: Respondents write their own words beside it, which the tool exports apart.
    """

    code: str
    label: str
    is_own_words: bool = False


@dataclass(frozen=True)
class DefinedQuestion:
    """One question, a row of a grid, or a ranking as a whole.

    Args:
        code: As exports with codes head its column.
        label: As exports with full text head it.
        kind: text, integer, decimal, date, select_one, select_multiple, or ranking.
        options: Of a closed question or a ranking, in the tool's order.
        part: The repeated part it is in; empty for the responses themselves.
        relevant: When it is asked, as an XLSForm says it with the codes of questions and options; empty if always.
        required: It must be answered.
        hint: The help below it.
        headings: Other headings that exports give it.
        is_personal: The tool marks it as identifying people.
        is_unsure: The file does not tell whether one answer may be given or several, or what an open one holds.
    """

    code: str
    label: str
    kind: str
    options: tuple[Choice, ...] = ()
    part: str = ""
    relevant: str = ""
    required: bool = False
    hint: str = ""
    headings: tuple[str, ...] = ()
    is_personal: bool = False
    is_unsure: bool = False


@dataclass(frozen=True)
class RepeatedPart:
    """A part that is filled in several times; `parent` is empty directly below the response."""

    name: str
    label: str
    parent: str = ""


@dataclass(frozen=True)
class Definition:
    """A questionnaire as its tool defines it.

    Args:
        tools: The survey tools that use this format; the first is taken where no export says which.
        title: What respondents see above the questions; empty where the file does not say.
        questions: In the order asked.
        parts: The repeated ones, each after the one it is in.
        language: The language that was taken, of several; empty where there is but one.
        languages: The others.
        not_asked: Headings of columns that exports may have besides, such as texts that are only shown.
        left_out: What could not be carried over, one line each.
    """

    tools: tuple[str, ...]
    title: str
    questions: tuple[DefinedQuestion, ...]
    parts: tuple[RepeatedPart, ...] = ()
    language: str = ""
    languages: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def plain_text(text: str) -> str:
    """A wording as exports have it: without tags and what cannot be seen, in one line.

    >>> plain_text("<p>How&nbsp;<b>safe</b><br>is it?</p>")
    'How safe is it?'
    """
    without = html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
    return " ".join(without.translate(_UNSEEN).split())


def language_to_take(languages: tuple[str, ...], usual: str = "") -> str:
    """English where a form is in several languages, since the project is; else the form's usual one, else the first.

    >>> language_to_take(("Français (fr)", "English (en)")), language_to_take(("cy", "de"), "de")
    ('English (en)', 'de')
    """
    english = [name for name in languages if re.search(r"\ben\b|^en[-_]|english", name, re.IGNORECASE)]
    return (english or [name for name in languages if name == usual] or [*languages, ""])[0]


def unbracketed(condition: str) -> str:
    """A condition without brackets around the whole of it.

    >>> unbracketed("((a) and (b))"), unbracketed("(a) and (b)")
    ('(a) and (b)', '(a) and (b)')
    """
    text = condition.strip()
    while text.startswith("(") and text.endswith(")"):
        depth, ends = 0, []
        for at, character in enumerate(text):
            depth += {"(": 1, ")": -1}.get(character, 0)
            if depth == 0:
                ends.append(at)
        if ends[:1] != [len(text) - 1]:
            break
        text = text[1:-1].strip()
    return text


def joined_conditions(conditions: Iterable[str]) -> str:
    """Conditions that must all hold, as one; empty ones always do.

    >>> joined_conditions(["", "(a or b)", "c"]), joined_conditions(["(a)"])
    ('(a or b) and (c)', 'a')
    """
    said = [unbracketed(condition) for condition in conditions if condition.strip()]
    return said[0] if len(said) == 1 else " and ".join(f"({condition})" for condition in said)

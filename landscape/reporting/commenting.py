"""Finds the sentences around changed numbers, and puts Word comments on them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from landscape.reporting.controls import Control, Paragraph
from landscape.reporting.wordfile import COMMENTS, WordFile
from landscape.reporting.wordxml import W, run

AUTHOR, INITIALS = "engagement-landscape", "EL"
_SENTENCE_ENDS = re.compile(r"[.!?][”’\")\]]*\s+(?=[A-Z“‘\"(\[])")
Edit = tuple[int, int, bytes]
"""The first and last byte to replace in a part, and the new bytes."""


@dataclass(frozen=True)
class Pair:
    """A text that changed in a control."""

    control: Control
    old: str
    new: str


@dataclass(frozen=True)
class Sentence:
    """A sentence with the texts that changed in it.

    Args:
        text: Its current text.
        pairs: What changed, in order.
        paragraph: The paragraph it is in.
        start: Where it began in the paragraph before the change.
        end: Where it ended.
    """

    text: str
    pairs: tuple[Pair, ...]
    paragraph: Paragraph
    start: int
    end: int


def sentences(pairs: Iterable[Pair]) -> list[Sentence]:
    """The sentences in which numbers changed, each once, in order."""
    grouped: dict[tuple[int, int, int], list[Pair]] = {}
    for pair in pairs:
        paragraph = pair.control.paragraph
        if paragraph is not None:
            start, end = _bounds(paragraph.text, pair.control.text_start, pair.control.text_end)
            grouped.setdefault((id(paragraph), start, end), []).append(pair)
    found = []
    for (_, start, end), changed in grouped.items():
        paragraph = changed[0].control.paragraph
        assert paragraph is not None  # noqa: S101 - only those were grouped
        found.append(Sentence(_now(paragraph.text, start, end, changed), tuple(changed), paragraph, start, end))
    return found


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a piece of text begins and ends."""
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(text)]
    begin = max((place for place in ends if place <= start), default=0)
    return begin, min((place for place in ends if place >= end), default=len(text))


def _now(text: str, start: int, end: int, pairs: list[Pair]) -> str:
    for pair in sorted(pairs, key=lambda pair: pair.control.text_start, reverse=True):
        text = text[: pair.control.text_start] + pair.new + text[pair.control.text_end :]
        end += len(pair.new) - (pair.control.text_end - pair.control.text_start)
    return text[start:end].strip()


def comment_edits(file: WordFile, found: list[Sentence]) -> list[Edit]:
    """Writes a comment for each sentence and returns the marks that anchor it, at the edges of runs.

    Args:
        file: The document; it gets a part for comments if it has none.
        found: The sentences; one that is completely inside a control cannot be marked and gets none.
    """
    from lxml import etree

    file.add_comments_part()
    root = etree.fromstring(file.parts[COMMENTS])
    taken = [int(comment.get(f"{W}id")) for comment in root.iter(f"{W}comment")]
    edits: list[Edit] = []
    for number, sentence in enumerate(filter(_can_be_marked, found), start=max(taken, default=-1) + 1):
        words = "; ".join(f"{pair.old} → {pair.new} ({pair.control.tag})" for pair in sentence.pairs)
        comment = etree.SubElement(root, f"{W}comment")
        for name, value in (("id", str(number)), ("author", AUTHOR), ("initials", INITIALS)):
            comment.set(f"{W}{name}", value)
        text = run(f"Brought up to date: {words}")
        comment.append(etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}">{text}</w:p>'))
        edits += _marks(sentence, number)
    file.parts[COMMENTS] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return edits


def _can_be_marked(sentence: Sentence) -> bool:
    return all(pair.control.start > sentence.paragraph.children[0][0] for pair in sentence.pairs)


def _marks(sentence: Sentence, number: int) -> list[Edit]:
    inside = [
        (start, end)
        for start, end, text_start, text_end in sentence.paragraph.children
        if text_start < sentence.end and text_end > sentence.start
    ]
    first, last = inside[0][0], inside[-1][1]
    begin = f'<w:commentRangeStart w:id="{number}"/>'
    finish = f'<w:commentRangeEnd w:id="{number}"/><w:r><w:commentReference w:id="{number}"/></w:r>'
    return [(first, first, begin.encode()), (last, last, finish.encode())]

"""Brings an edited Word document up to date from a report's own document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.parsers.expat import ExpatError

from landscape.errors import EditedDocumentError
from landscape.paths import ProjectPaths
from landscape.reporting import exchange
from landscape.reporting.commenting import Edit, Pair, comment_edits, sentences
from landscape.reporting.compose import SAMPLE
from landscape.reporting.controls import TABLES, Control, Part
from landscape.reporting.wordfile import MAIN, WordFile, refuse_open
from landscape.reporting.wordxml import control, run

if TYPE_CHECKING:
    from lxml.etree import _Element

WORD = "landscape.docx"
STAMP, NOTICE = "stamp", "notice"
STATUS = {STAMP, NOTICE, "status.words"}
"""The controls that say what a document may be used for: they change only if all numbers do, or to made-up data."""


@dataclass(frozen=True)
class Change:
    """A sentence, table or picture that was brought up to date.

    Args:
        what: Which of the three.
        where: The sentence as it is now, or the tag of the table or picture.
        texts: What changed in it: tag or place, old text, new text.
    """

    what: Literal["sentence", "table", "figure"]
    where: str
    texts: tuple[tuple[str, str, str], ...] = ()


@dataclass
class Outcome:
    """What an update changed, and what it did not.

    Args:
        is_sample: True if the numbers come from made-up responses.
        changes: Part by part, in the order of the document.
        n_controls: How many controls of the report the document has.
        unknown: Tags that the report no longer has, with their paragraphs; these controls were not changed.
        emptied: Tags of controls that a person emptied; they were not changed.
        is_stamp_added: True if made-up numbers came into a document that did not say so.
        is_stamp_kept: True if it keeps its status, such as draft, because something was not changed.
        written: Where it was written; None if nothing had changed.
        backup: The document as it was before, if it was replaced.
    """

    is_sample: bool
    changes: list[Change] = field(default_factory=list)
    n_controls: int = 0
    unknown: list[tuple[str, str]] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    is_stamp_added: bool = False
    is_stamp_kept: bool = False
    written: Path | None = None
    backup: Path | None = None


@dataclass(frozen=True)
class Value:
    """The content of a control in the report's own document."""

    content: _Element
    picture: bytes


def source_of(paths: ProjectPaths, release: str | None) -> Path:
    """The report's own document that numbers are taken from.

    Args:
        paths: The project folder.
        release: A release's name; None for the report as last refreshed.

    Raises:
        EditedDocumentError: There is none.
    """
    if release is None:
        if not (paths.reports / WORD).exists():
            raise EditedDocumentError("there is no report yet", file=paths.reports / WORD, remedy="landscape refresh")
        return paths.reports / WORD
    released = {path.parent.name: path for path in sorted((paths.reports / "releases").glob(f"*/{WORD}"))}
    if release not in released:
        raise EditedDocumentError(
            f"there is no release {release} with a Word report",
            remedy=f"the releases are: {', '.join(released)}" if released else "nothing has been released yet",
        )
    return released[release]


def update(document: Path, source: Path, out: Path | None = None, *, with_comments: bool = False) -> Outcome:
    """Brings numbers, tables and figures of an edited document up to date and changes no other word.

    Without `out` the document itself is replaced, and a copy is kept as "… (before update).docx".

    Args:
        document: The document that a person edited.
        source: The report's own document, with today's numbers.
        out: Where to write instead.
        with_comments: Also puts a Word comment on every sentence whose numbers changed.

    Raises:
        EditedDocumentError: It cannot be read or written, or contains nothing of the report.
    """
    target = out or document
    _refuse_source(target, source)
    file, values = WordFile(document), values_of(WordFile(source))
    refuse_open(target)
    parts = _parts(file)
    controls = {name: part.controls(values) for name, part in parts.items()}
    everywhere = [found for one in controls.values() for found in one]
    if not everywhere:
        raise EditedDocumentError(
            "it contains no numbers, tables or figures of the report (no content controls)",
            file=document,
            remedy="edit a copy of reports/landscape.docx, or copy sentences, tables and figures from it into this document",
        )
    stamp = exchange.text_of(values[STAMP].content)
    outcome = Outcome(is_sample=stamp.startswith(SAMPLE), n_controls=len(everywhere))
    outcome.unknown = sorted(
        {
            (found.tag, found.paragraph.text if found.paragraph else "")
            for found in everywhere
            if found.tag not in values
        }
    )
    before = _stamps(parts, controls)
    is_marked = not outcome.is_sample or all(text.startswith(SAMPLE) for text in before)
    if outcome.unknown and before - {stamp} and is_marked:
        outcome.is_stamp_kept = True
        for tag in STATUS & set(values):
            del values[tag]
    for name, part in parts.items():
        _update_part(file, name, part, controls[name], values, outcome, with_comments)
    if outcome.is_sample and not any(found.tag == STAMP for found in everywhere):
        _add_stamp(file, stamp)
        outcome.is_stamp_added = True
    if outcome.changes or outcome.is_stamp_added or out:
        _save(file, document, out, outcome)
    return outcome


def _refuse_source(target: Path, source: Path) -> None:
    if target.exists() and target.resolve() == source.resolve():
        raise EditedDocumentError(
            "it is the report itself, which each refresh replaces",
            file=target,
            remedy="save a copy under another name and edit that",
        )


def _parts(file: WordFile) -> dict[str, Part]:
    try:
        return {name: Part(file.parts[name]) for name in file.texts()}
    except ExpatError as error:
        raise EditedDocumentError(
            f"its inside is damaged ({error})",
            file=file.path,
            remedy="open it in Word, let Word repair it, and save it under another name",
        ) from error


def values_of(source: WordFile) -> dict[str, Value]:
    """The contents of the report's own document, by tag."""
    values: dict[str, Value] = {}
    for name, part in _parts(source).items():
        for found in part.controls():
            content = exchange.parsed(part.data[found.start : found.end], found.namespaces)
            pictures = exchange.pictures_in(content)
            values.setdefault(found.tag, Value(content, source.picture(name, pictures[0]) if pictures else b""))
    if STAMP not in values:
        raise EditedDocumentError(
            "it contains no numbers that could be used (no content controls)",
            file=source.path,
            remedy="landscape refresh, which makes the report again",
        )
    empty = exchange.parsed(b"", {})
    values.setdefault(NOTICE, Value(empty, b""))  # a report of real responses has none
    return values


def _stamps(parts: dict[str, Part], controls: dict[str, list[Control]]) -> set[str]:
    """The status that a document states."""
    return {
        exchange.text_of(exchange.parsed(parts[name].data[found.start : found.end], found.namespaces))
        for name, those in controls.items()
        for found in those
        if found.tag == STAMP
    }


def _update_part(
    file: WordFile,
    name: str,
    part: Part,
    controls: list[Control],
    values: dict[str, Value],
    outcome: Outcome,
    with_comments: bool,
) -> None:
    edits: list[Edit] = []
    pairs: list[Pair] = []
    dropped: set[str] = set()
    for found in controls:
        if found.tag not in values:
            continue
        content, value = exchange.parsed(part.data[found.start : found.end], found.namespaces), values[found.tag]
        before = set(exchange.pictures_in(content))
        changed = _update_control(file, name, found, content, value, outcome)
        if changed:
            edits.append((found.start, found.end, exchange.serialised(content)))
            dropped |= before - set(exchange.pictures_in(content))
        if isinstance(changed, Pair):
            pairs.append(changed)
        elif changed:
            outcome.changes.append(changed)
    to_read = sentences(pairs)
    outcome.changes += [
        Change("sentence", one.text, tuple((p.control.tag, p.old, p.new) for p in one.pairs)) for one in to_read
    ]
    if with_comments and to_read and name == MAIN:
        edits += comment_edits(file, to_read)
    file.parts[name] = _edited(part.data, edits)
    file.forget_pictures(name, dropped)


def _update_control(
    file: WordFile, part: str, found: Control, content: _Element, value: Value, outcome: Outcome
) -> Pair | Change | None:
    """Changes the content of a control; None if it is up to date or was emptied."""
    is_empty = found.is_placeholder or not (exchange.has_text(content) or exchange.pictures_in(content))
    if is_empty and found.tag != STAMP:
        outcome.emptied.append(found.tag)
        return None
    if found.tag.startswith(TABLES):
        cells = exchange.set_table(content, value.content) if exchange.has_table(content) else []
        return Change("table", found.tag, tuple((c.place, c.old, c.new) for c in cells)) if cells else None
    if value.picture or exchange.pictures_in(content):
        return _update_picture(file, part, found, content, value)
    old, new = exchange.text_of(content), exchange.text_of(value.content)
    if old == new:
        return None
    exchange.set_text(content, new)
    return Pair(found, old, new)


def _update_picture(file: WordFile, part: str, found: Control, content: _Element, value: Value) -> Change | None:
    shown = exchange.pictures_in(content)
    if shown and value.picture and file.picture(part, shown[0]) == value.picture:
        return Change("figure", found.tag) if exchange.set_description(content, value.content) else None
    if shown and value.picture:
        exchange.set_picture(content, value.content, file.add_picture(part, value.picture))
        exchange.set_description(content, value.content)
    else:  # a picture where there was a reason for none, or the reverse
        exchange.set_content(content, value.content)
        if value.picture:
            exchange.set_picture(content, value.content, file.add_picture(part, value.picture))
    return Change("figure", found.tag)


def _edited(data: bytes, edits: list[Edit]) -> bytes:
    pieces, read_to = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [data[read_to:start], new]
        read_to = end
    return b"".join([*pieces, data[read_to:]])


def _add_stamp(file: WordFile, text: str) -> None:
    """Adds the status as the first line of a document without it, so that made-up numbers are always marked."""
    part = Part(file.parts[MAIN])
    line = f"<w:p>{control(STAMP, run(text))}</w:p>".encode()
    file.parts[MAIN] = part.data[: part.body_start] + line + part.data[part.body_start :]


def _save(file: WordFile, document: Path, out: Path | None, outcome: Outcome) -> None:
    if out is None:
        outcome.backup = next(path for path in _copies(document) if not path.exists())
        WordFile(document).save(outcome.backup)
    outcome.written = out or document
    file.save(outcome.written)


def _copies(path: Path) -> Iterator[Path]:
    """Names for a copy of a document, the simplest first: no earlier copy is overwritten."""
    yield path.with_name(f"{path.stem} (before update){path.suffix}")
    for number in count(2):
        yield path.with_name(f"{path.stem} (before update {number}){path.suffix}")

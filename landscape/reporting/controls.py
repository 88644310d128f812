"""Finds the report's content controls in a part of a Word document, byte by byte.

Everything outside a control must stay as it is to the last byte, so places are byte offsets, and only the content of a
control is written from a parsed tree.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, field
from xml.parsers import expat

from landscape.reporting.wordxml import W, title_of

_W = W[1:-1] + " "
_TAG_IN_TITLE = re.compile(r"\[([^\[\]]+)\]\Z")
TABLES = ("table:", "figure-data:")
"""The prefix of tags of controls around tables."""
FIGURES = "figure:"
"""The prefix for pictures, and of the pictures' own names: LibreOffice may keep only these."""


@dataclass
class Paragraph:
    """A paragraph's text, and where its children are: bytes, then characters of the text."""

    text: str = ""
    children: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class Control:
    """A content control of the report.

    Args:
        tag: Its meaning.
        start: First byte of its content.
        end: The byte after that.
        namespaces: Prefixes valid there.
        paragraph: The paragraph it is in, or that is in it; None for a table.
        text_start: Where its text begins in the paragraph.
        text_end: Where its text ends.
        is_placeholder: True if a person emptied it and Word shows a prompt.
        is_ours: False for a control that may not be the report's: people may use controls too.
    """

    tag: str
    start: int
    end: int
    namespaces: dict[str, str]
    paragraph: Paragraph | None
    text_start: int
    text_end: int
    is_placeholder: bool
    is_ours: bool


@dataclass
class _Open:
    """A `w:sdt` that is being read."""

    depth: int
    namespaces: dict[str, str]
    paragraph: Paragraph | None
    text_start: int
    tag: str = ""
    title: str = ""
    picture: str = ""
    start: int = 0
    end: int = 0
    text_end: int = 0
    is_placeholder: bool = False
    has_table: bool = False


class Part:
    """One XML part of a Word document with the controls in it.

    Args:
        data: Its bytes.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.body_start = 0
        self.namespaces: dict[str, str] = {}
        self._controls: list[Control] = []
        self._path: list[tuple[str, int]] = []
        self._declared: list[tuple[int, str, str]] = []
        self._sdts: list[_Open] = []
        self._paragraphs: list[tuple[int, Paragraph]] = []
        self._tables: list[tuple[int, int, list[_Open]]] = []
        self._child: list[tuple[int, int]] = []
        self._in_text = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartNamespaceDeclHandler = self._declare
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._read
        self._parser = parser
        parser.Parse(data, True)

    def controls(self, known: Container[str] = ()) -> list[Control]:
        """The report's controls in order; one inside another is part of its content and not listed.

        Args:
            known: Tags that are the report's, whatever the control's name.
        """
        listed: list[Control] = []
        ours = [control for control in self._controls if control.is_ours or control.tag in known]
        for control in sorted(ours, key=lambda control: (control.start, -control.end)):
            if not listed or control.start >= listed[-1].end:
                listed.append(control)
        return listed

    def _declare(self, prefix: str | None, uri: str) -> None:
        self._declared.append((len(self._path), prefix or "", uri))

    def _in_force(self) -> dict[str, str]:
        return {prefix: uri for _, prefix, uri in self._declared}

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        at, depth = self._parser.CurrentByteIndex, len(self._path)
        self._path.append((name, at))
        if self._paragraphs and depth == self._paragraphs[-1][0] + 1:
            self._child.append((at, len(self._paragraphs[-1][1].text)))
        match name.removeprefix(_W):
            case "document" | "hdr" | "ftr" | "footnotes" | "endnotes":
                self.namespaces = self._in_force()
            case "body":
                self.body_start = self._after(at)
            case "p":
                self._paragraphs.append((depth, Paragraph()))
                for sdt in self._sdts:
                    if sdt.paragraph is None:
                        sdt.paragraph, sdt.text_end = self._paragraphs[-1][1], -1
            case "tbl":
                for sdt in self._sdts:
                    sdt.has_table = True
                self._tables.append((depth, at, []))
            case "sdt":
                paragraph = self._paragraphs[-1][1] if self._paragraphs else None
                self._sdts.append(_Open(depth, self._in_force(), paragraph, len(paragraph.text) if paragraph else 0))
            case "sdtContent" if self._sdts:
                self._sdts[-1].start = self._after(at)
            case "t":
                self._in_text = True
            case about if self._sdts:
                self._tell(self._sdts[-1], about, attributes)

    def _tell(self, sdt: _Open, about: str, attributes: dict[str, str]) -> None:
        """Reads a property of a control."""
        if about.endswith(" docPr"):
            sdt.picture = attributes.get("name", "")
        elif self._path[-2][0] == f"{_W}sdtPr" and len(self._path) == sdt.depth + 3:
            value = attributes.get(f"{_W}val", "")
            sdt.tag = value if about == "tag" else sdt.tag
            sdt.title = value if about == "alias" else sdt.title
            sdt.is_placeholder |= about == "showingPlcHdr" and value not in ("0", "false")

    def _after(self, at: int) -> int:
        """The byte after a tag; the tags it is used for have no attribute that could contain the bracket."""
        return self.data.index(b">", at) + 1

    def _read(self, text: str) -> None:
        if self._in_text and self._paragraphs:
            self._paragraphs[-1][1].text += text

    def _close(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        self._path.pop()
        depth = len(self._path)
        match name.removeprefix(_W):
            case "t":
                self._in_text = False
            case "sdtContent" if self._sdts and depth == self._sdts[-1].depth + 1:
                self._sdts[-1].end = max(at, self._sdts[-1].start)
            case "sdt" if self._sdts and depth == self._sdts[-1].depth:
                self._finish(self._sdts.pop())
            case "tbl":
                _, start, waiting = self._tables.pop()
                for sdt in waiting:  # a table's control that a program moved into the first cell
                    sdt.start, sdt.end, sdt.paragraph = start, self._after(at), None
                    self._keep(sdt)
            case "p":
                self._paragraphs.pop()
        if self._paragraphs and depth == self._paragraphs[-1][0] + 1:
            start, text_start = self._child.pop()
            paragraph = self._paragraphs[-1][1]
            paragraph.children.append((start, self._after(at), text_start, len(paragraph.text)))
        while self._declared and self._declared[-1][0] >= depth:
            self._declared.pop()

    def _finish(self, sdt: _Open) -> None:
        if sdt.paragraph is not None:
            sdt.text_end = len(sdt.paragraph.text)
        by_title = _TAG_IN_TITLE.search(sdt.title)
        if not sdt.tag and not sdt.title and sdt.picture.startswith(FIGURES):
            sdt.tag = sdt.title = sdt.picture
        elif not sdt.tag and sdt.title:
            sdt.tag = by_title[1] if by_title else sdt.title
            if sdt.tag.startswith(TABLES) and not sdt.has_table and self._tables:
                self._tables[-1][2].append(sdt)
                return
        self._keep(sdt)

    def _keep(self, sdt: _Open) -> None:
        if sdt.tag and sdt.start:
            self._controls.append(
                Control(
                    tag=sdt.tag,
                    start=sdt.start,
                    end=sdt.end,
                    namespaces=sdt.namespaces,
                    paragraph=None if sdt.has_table else sdt.paragraph,
                    text_start=sdt.text_start,
                    text_end=sdt.text_end,
                    is_placeholder=sdt.is_placeholder,
                    is_ours=sdt.title in (title_of(sdt.tag), sdt.tag),
                )
            )

"""Pieces of WordprocessingML: content controls, fields, bookmarks, links."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from landscape.reporting.content import Number
from landscape.reporting.layout import Heading, Line, Link, Picture

if TYPE_CHECKING:
    from markupsafe import Markup

TAG_LENGTH = 64
"""Word refuses a document whose content control has a longer tag or title."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_KIND = {"text": "<w:text/>", "picture": "<w:picture/>", "table": ""}
_WORDS_OF_A_TAG = re.compile(r"[^A-Za-z0-9]+")


def tag_of(meaning: str) -> str:
    """A meaning as the tag of a control; one that is too long for Word ends in a checksum.

    >>> tag_of("coverage.n_areas"), len(tag_of("x" * 90))
    ('coverage.n_areas', 64)
    """
    if len(meaning) <= TAG_LENGTH:
        return meaning
    return f"{meaning[: TAG_LENGTH - 9]}-{zlib.crc32(meaning.encode()):08x}"


def title_of(tag: str) -> str:
    """The title Word shows on a control: a few words, and the tag, for programs that drop tags.

    >>> title_of("coverage.n_areas")
    'Coverage: areas [coverage.n_areas]'
    """
    title = f"{words_of_tag(tag)} [{tag}]"
    return title if len(title) <= TAG_LENGTH else tag


def words_of_tag(tag: str) -> str:
    """A tag in a few words.

    >>> words_of_tag("priorities.events.wave_2017.n_top")
    'Priorities: events wave 2017 top'
    """
    about, _, name = tag.replace(":", ".", 1).partition(".")
    name = " ".join(_WORDS_OF_A_TAG.sub(" ", part.removeprefix("n_")) for part in name.split("."))
    return f"{about.replace('-', ' ').capitalize()}{': ' if name else ''}{name}"


def control(tag: str, content: str, kind: str = "text") -> str:
    """A content control, whose content is brought up to date by `landscape report update`.

    Args:
        tag: Its meaning.
        content: Runs, or a table.
        kind: text, picture or table.
    """
    from markupsafe import escape

    tag = tag_of(tag)
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(title_of(tag))}"/><w:tag w:val="{escape(tag)}"/>{_KIND[kind]}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def run(text: str) -> str:
    """A run of plain text."""
    from markupsafe import escape

    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def inline(xml: str) -> Markup:
    """Raw WordprocessingML for the place of a `{{ … }}`, which is inside a run's text."""
    from markupsafe import Markup

    return Markup('</w:t></w:r>{}<w:r><w:t xml:space="preserve">').format(Markup(xml))  # noqa: S704 - callers escape


def line(parts: Line) -> Markup | str:
    """A text with numbers as controls and references as fields; plain text is unchanged."""
    if all(isinstance(part, str) for part in parts):
        return "".join(str(part) for part in parts)
    return inline("".join(map(_part, parts)))


def _part(part: str | Number | Link) -> str:
    match part:
        case Number(meaning, text):
            return control(meaning, run(text))
        case Link(text, anchor):
            return f'<w:fldSimple w:instr=" REF {bookmark(anchor)} \\h ">{run(text)}</w:fldSimple>'
        case _:
            return run(part)


def written(tag: str, text: str) -> Markup:
    """A text from the data as one control."""
    return inline(control(tag, run(text)))


def caption_label(name: str, number: int, anchor: str) -> Markup:
    """A caption's "Figure 3", counted by Word itself and bookmarked for references."""
    place = f'w:id="{_bookmark_id(anchor)}"'
    return inline(
        f'<w:bookmarkStart {place} w:name="{bookmark(anchor)}"/>{run(f"{name} ")}'
        f'<w:fldSimple w:instr=" SEQ {name} \\* ARABIC ">{run(str(number))}</w:fldSimple><w:bookmarkEnd {place}/>'
    )


def bookmarked(text: str, anchor: str) -> Markup:
    """A heading's text, bookmarked for the contents."""
    place = f'w:id="{_bookmark_id(anchor)}"'
    return inline(f'<w:bookmarkStart {place} w:name="{bookmark(anchor)}"/>{run(text)}<w:bookmarkEnd {place}/>')


def bookmark(anchor: str) -> str:
    """The name of a bookmark; Word hides those that begin with an underscore."""
    return ("_Toc_" if anchor.startswith("section") else "_Ref_") + anchor.replace("-", "_")


def _bookmark_id(anchor: str) -> int:
    return zlib.crc32(anchor.encode()) & 0x7FFFFFFF


def contents(headings: list[Heading]) -> list[dict[str, object]]:
    """The lines of the contents: one field around all of them, each a link to its heading."""
    shown = [heading for heading in headings if heading.level <= 2]
    lines = [
        (heading.anchor, f"{run(heading.number)}<w:r><w:tab/></w:r>{run(heading.text)}", heading.level)
        for heading in shown
    ]
    return _listed(' TOC \\o "1-2" \\h \\z \\u ', lines)


def list_of_figures(pictures: list[Picture]) -> list[dict[str, object]]:
    """The lines of the list of figures; captions are brought up to date there too.

    LibreOffice writes a broken document where a control and a field end together, so there is a space between them.
    """
    lines = [
        (p.anchor, run(f"Figure {p.number}. ") + control(f"figure-caption:{p.figure_id}", run(p.caption)) + run(" "), 1)
        for p in pictures
    ]
    return _listed(' TOC \\h \\z \\c "Figure" ', lines)


def _listed(instruction: str, lines: list[tuple[str, str, int]]) -> list[dict[str, object]]:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    last = len(lines) - 1
    return [
        {
            "level": level,
            "line": inline(
                (begin if position == 0 else "")
                + f'<w:hyperlink w:anchor="{bookmark(anchor)}" w:history="1">{xml}</w:hyperlink>'
                + (end if position == last else "")
            ),
        }
        for position, (anchor, xml, level) in enumerate(lines)
    ]

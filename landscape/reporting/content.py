"""The parts of a report: sections, paragraphs, numbers, tables and figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from landscape.reporting.wording import finding

_PLACE = re.compile(r"\{(?:see (?P<kind>figure|table):(?P<target>[\w.]+)|(?P<name>\w+))\}")
_NOT_IN_AN_ID = re.compile("[^a-z0-9]+")
ID_LENGTH = 50
"""Word refuses a document whose content control has a tag of more than 64 characters."""


@dataclass(frozen=True)
class Number:
    """A part of a sentence that comes from the data: a count with its noun, a share, a label. In Word, a content control.

    Args:
        id: What it means, the same at every refresh, as in `coverage.n_areas`.
        text: As printed today.
    """

    id: str
    text: str


@dataclass(frozen=True)
class Reference:
    """A reference to a figure or table in a sentence; printed with its number, or not at all if it is missing."""

    kind: Literal["figure", "table"]
    id: str


Words = tuple[str | Number | Reference, ...]
"""A text in parts, with those from the data marked as numbers."""


def words(scope: str, template: str, **numbers: str) -> Words:
    """A text whose numbers are named.

    Only the template is searched for braces: labels may contain them.

    Args:
        scope: What the text is about; together with the name of a number it makes the number's id.
        template: The text, with `{name}` in place of each number and `{see figure:id}` or `{see table:id}`
            right after the word that a figure or table supports.
        numbers: Today's values, as printed.

    >>> words("coverage", "Visited: {n_visited}{see table:visits}.", n_visited="9 of 12")
    ('Visited: ', Number(id='coverage.n_visited', text='9 of 12'), Reference(kind='table', id='visits'), '.')
    """
    parts: list[str | Number | Reference] = []
    read_to = 0
    for place in _PLACE.finditer(template):
        parts += [template[read_to : place.start()]]
        read_to = place.end()
        if place["name"]:
            parts.append(Number(f"{scope}.{place['name']}", numbers[place["name"]]))
        else:
            parts.append(Reference("table" if place["kind"] == "table" else "figure", place["target"]))
    return tuple(part for part in (*parts, template[read_to:]) if part != "")


def found(scope: str, template: str, is_sample: bool, **numbers: str) -> Words:
    """A sentence about the data, as `words`, with a mark at the beginning if the data are made up.

    The beginning is a number too (`opening`), so that an edited Word document loses the mark when real data come.
    The template begins with an ordinary word in lower case.

    >>> found("activities", "areas with one: {n}.", True, n="8")[0]
    Number(id='activities.opening', text='In the made-up sample, areas')
    """
    first, _, rest = template.partition(" ")
    return words(scope, f"{{opening}} {rest}", opening=finding(first, is_sample), **numbers)


def whole(meaning: str, sentence: Words) -> Words:
    """A sentence whose wording depends on the data, as one number: an edited document gets the new wording too.

    >>> whole("area.E23000002.coverage", found("x", "this area is not covered.", False))
    (Number(id='area.E23000002.coverage', text='This area is not covered.'),)
    """
    return (Number(meaning, plain(sentence)),)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: plain text, or words whose numbers are named."""

    words: str | Words

    @property
    def text(self) -> str:
        """The paragraph as plain text, without references."""
        return plain(self.words)


@dataclass(frozen=True)
class BulletList:
    """A bulleted list."""

    items: tuple[str | Words, ...]


def plain(of: str | Words) -> str:
    """The text without references, whose numbers are not known yet."""
    if isinstance(of, str):
        return of
    return "".join(part if isinstance(part, str) else part.text for part in of if not isinstance(part, Reference))


@dataclass(frozen=True)
class DataTable:
    """A table whose cells are already worded for print.

    Args:
        title: What the table shows, without its number.
        columns: Heading of each column.
        rows: One tuple of cells per row, as long as `columns`.
        note: How to read it; printed below.
        is_sample: True if made-up rows were counted; the caption then says so.
        table_id: The table's meaning, the same at every refresh; made from the title if not given.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    is_sample: bool = False
    table_id: str = ""

    @property
    def id(self) -> str:
        """The id for `{see table:id}`."""
        return self.table_id or id_of(self.title)


def id_of(title: object) -> str:
    """A title as part of an id.

    >>> id_of("Topics chosen, wave 2017")
    'topics_chosen_wave_2017'
    """
    return _NOT_IN_AN_ID.sub("_", str(title).lower()).strip("_")[:ID_LENGTH]


@dataclass(frozen=True)
class FigureRef:
    """The place of a figure in the text."""

    figure_id: str


Block = Paragraph | BulletList | DataTable | FigureRef


@dataclass(frozen=True)
class Section:
    """A heading and the blocks below it; `starts_page` if it begins a new page."""

    title: str
    blocks: tuple[Block, ...] = ()
    subsections: tuple[Section, ...] = ()
    starts_page: bool = False


@dataclass(frozen=True)
class Figure:
    """One entry of the figures' manifest (`figures.json`).

    Args:
        files: File name by kind (html, svg, png, csv), all in the folder of the manifest.
        pictures_missing: Why there is no picture; empty if there is one.
        release: The release it belongs to, or "draft".
    """

    figure_id: str
    title: str
    subtitle: str
    caption: str
    alt: str
    long_description: str
    source: str
    is_sample: bool
    files: Mapping[str, str]
    pictures_missing: str = ""
    release: str = "draft"

    @classmethod
    def from_manifest(cls, entry: Mapping[str, Any]) -> Figure:
        """The figure that one entry of `figures.json` describes."""
        return cls(
            figure_id=entry["id"],
            title=entry["title"],
            subtitle=entry["subtitle"],
            caption=entry["caption"],
            alt=entry["alt"],
            long_description=entry["long_description"],
            source=entry["source"],
            is_sample=bool(entry["is_sample"]),
            files={kind: file["path"].replace("\\", "/").rsplit("/", 1)[-1] for kind, file in entry["files"].items()},
            pictures_missing=entry.get("pictures_missing") or "",
            release=entry.get("release") or "draft",
        )


@dataclass(frozen=True)
class Status:
    """What a report may be used for.

    Args:
        stamp: Printed on every page.
        words: What the report says about itself, one paragraph each.
    """

    stamp: str
    words: tuple[str, ...]


DRAFT = Status(
    "Draft, not for circulation",
    (
        "This is a draft for the research team. It is not for circulation: it has not been through the "
        "disclosure control that a release goes through.",
    ),
)


@dataclass(frozen=True)
class Report:
    """The whole report.

    Args:
        title: Title on the cover and in the document properties.
        subtitle: Line below the title.
        is_sample: True where the responses are made up.
        stamp: Status printed on every page.
        sections: In reading order.
        notice: What a reader needs to know before the first page; may be empty.
        figures: Every figure that a `FigureRef` may name.
        is_brief: True for a page or two without cover and contents.
    """

    title: str
    subtitle: str
    is_sample: bool
    stamp: str
    sections: tuple[Section, ...]
    notice: str = ""
    figures: tuple[Figure, ...] = field(default=())
    is_brief: bool = False

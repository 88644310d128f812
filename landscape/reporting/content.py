"""What a report is made of, without a word of its own. Not here: numbering, layout or any file format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of plain text."""

    text: str


@dataclass(frozen=True)
class BulletList:
    """Points of equal rank."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class DataTable:
    """A table whose cells are already worded for print.

    Args:
        title: What the table shows, without its number.
        columns: Heading of each column.
        rows: One tuple of cells per row, as long as `columns`.
        note: How to read it; stands beneath.
        is_sample: True where made-up rows were counted; the caption then says so.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    is_sample: bool = False


@dataclass(frozen=True)
class FigureRef:
    """The place of a figure in the text."""

    figure_id: str


Block = Paragraph | BulletList | DataTable | FigureRef


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...] = ()
    subsections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One entry of the figures' manifest (`figures.json`).

    Args:
        files: File name by kind (html, svg, png, csv), all in the folder of the manifest.
        pictures_missing: Why there is no picture; empty where there is one.
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
class Report:
    """The whole report.

    Args:
        title: Title on the cover and in the document properties.
        subtitle: Line below the title.
        is_sample: True where the responses are made up.
        stamp: Status printed on every page.
        sections: In reading order.
        notice: What a reader must know before the first page; empty where there is nothing.
        figures: Every figure that a `FigureRef` may name.
    """

    title: str
    subtitle: str
    is_sample: bool
    stamp: str
    sections: tuple[Section, ...]
    notice: str = ""
    figures: tuple[Figure, ...] = field(default=())

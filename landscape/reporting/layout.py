"""Puts a report into reading order and numbers it, for all formats."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from landscape.errors import RenderError
from landscape.reporting.columns import is_numeric, widths
from landscape.reporting.content import (
    BulletList,
    DataTable,
    Figure,
    FigureRef,
    Number,
    Paragraph,
    Reference,
    Report,
    Section,
    Words,
)
from landscape.reporting.wording import number

SAMPLE_MARK = "made-up sample data"

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")
_LONG_FRACTION = re.compile(r"-?\d+\.\d{3,}")
_ESCAPED_CELL = re.compile(r"'(?=[=+\-@\t\r])")
UNBROKEN_ROWS = 16
"""A printed table with no more rows than this, heading included, stays on one page."""


@dataclass(frozen=True)
class Heading:
    """A numbered heading; `level` 1 is a chapter."""

    level: int
    number: str
    text: str
    anchor: str
    starts_page: bool = False
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Link:
    """A reference with the number of its target, as in "Figure 3"."""

    text: str
    anchor: str


Line = tuple[str | Number | Link, ...]
"""A text in parts as printed."""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    parts: Line
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of points."""

    points: tuple[Line, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Table:
    """A table; `number` is None if it is the data of a figure. `widths` are shares that add to 1."""

    number: int | None
    table_id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    widths: tuple[float, ...]
    note: str
    kind: Literal["table"] = "table"

    @property
    def anchor(self) -> str:
        """The target of references to it."""
        return f"table-{self.number}"


@dataclass(frozen=True)
class Picture:
    """A figure with its number, its data and the files of its pictures, if there are any."""

    number: int
    figure_id: str
    caption: str
    note: str
    alt: str
    long_description: str
    missing: str
    pictures: dict[str, Path]
    data: Table
    kind: Literal["figure"] = "figure"

    @property
    def anchor(self) -> str:
        """The target of references to it."""
        return f"figure-{self.number}"


Element = Heading | Text | Bullets | Table | Picture


def lay_out(report: Report, figures_dir: Path) -> list[Element]:
    """Everything in the report in reading order, with the numbers printed in all formats.

    Args:
        report: The content.
        figures_dir: The folder that holds `figures.json` and the files it names.

    Raises:
        RenderError: The manifest names files that are not in the folder.
    """
    figures = {figure.figure_id: figure for figure in report.figures}
    lost = sorted(
        name for figure in report.figures for name in figure.files.values() if not (figures_dir / name).is_file()
    )
    if lost:
        raise RenderError(
            "Files of figures are missing.",
            file=figures_dir,
            culprits=lost,
            remedy="Draw the figures again with `landscape refresh`, then make the report.",
        )
    links = _links(report)
    tables, pictures = count(1), count(1)

    def walk(sections: tuple[Section, ...], level: int, prefix: str) -> Iterator[Element]:
        for position, section in enumerate(sections, start=1):
            place = f"{prefix}{position}"
            anchor = f"section-{place.replace('.', '-')}"
            yield Heading(level, place, printable(section.title), anchor, section.starts_page)
            for block in section.blocks:
                match block:
                    case Paragraph(words):
                        yield Text(_line(words, links))
                    case BulletList(items):
                        yield Bullets(tuple(_line(item, links) for item in items))
                    case DataTable():
                        yield _table(block, next(tables))
                    case FigureRef(figure_id):
                        yield _picture(figures[figure_id], next(pictures), figures_dir)
            yield from walk(section.subsections, level + 1, f"{place}.")

    return list(walk(report.sections, 1, ""))


def _links(report: Report) -> dict[Reference, Link]:
    """Every numbered figure and table by its reference."""
    links: dict[Reference, Link] = {}
    numbers = {"table": count(1), "figure": count(1)}

    def walk(sections: tuple[Section, ...]) -> None:
        for section in sections:
            for block in section.blocks:
                match block:
                    case DataTable():
                        reference = Reference("table", block.id)
                    case FigureRef(figure_id):
                        reference = Reference("figure", figure_id)
                    case _:
                        continue
                n = next(numbers[reference.kind])
                links.setdefault(reference, Link(f"{reference.kind.capitalize()} {n}", f"{reference.kind}-{n}"))
            walk(section.subsections)

    walk(report.sections)
    return links


def _line(words: str | Words, links: Mapping[Reference, Link]) -> Line:
    """A text with its references resolved; references to things not in this report are left out."""
    if isinstance(words, str):
        return (printable(words),)
    line: list[str | Number | Link] = []
    for part in words:
        match part:
            case Number(id_, text):
                line.append(Number(id_, _UNPRINTABLE.sub(" ", text)))
            case Reference():
                line += [" (", links[part], ")"] if part in links else []
            case _:
                line.append(_UNPRINTABLE.sub(" ", part))
    return tuple(line)


def printable(text: str) -> str:
    r"""The text on one line, without characters that are not allowed in documents.

    >>> printable("one\ttwo\x00")
    'one two'
    """
    return _UNPRINTABLE.sub(" ", text).strip()


def _table(table: DataTable, table_number: int | None) -> Table:
    columns = tuple(map(printable, table.columns))
    rows = tuple(tuple(map(printable, row)) for row in table.rows)
    return Table(
        number=table_number,
        table_id=table.id,
        caption=_marked(table.title, table.is_sample),
        columns=columns,
        rows=rows,
        numeric=tuple(is_numeric([row[i] for row in rows]) for i in range(len(columns))),
        widths=widths(columns, rows),
        note=printable(table.note),
    )


def _picture(figure: Figure, figure_number: int, figures_dir: Path) -> Picture:
    with (figures_dir / figure.files["csv"]).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    source = figure.source if figure.source.startswith("Source:") else f"Source: {figure.source}"
    data = DataTable(
        title=f"Data of figure {figure_number}",
        columns=tuple(header),
        rows=tuple(tuple(map(_cell, row)) for row in rows),
        is_sample=figure.is_sample,
    )
    # A drawn figure carries its own subtitle, cases, coverage and source; they are not printed twice.
    about = " ".join(_sentence(words) for words in (figure.subtitle, figure.caption, source) if words)
    trace = f"Figure id: {figure.figure_id}."
    return Picture(
        number=figure_number,
        figure_id=figure.figure_id,
        caption=_marked(figure.title, figure.is_sample),
        note=printable(f"{about} {trace}" if figure.pictures_missing else trace),
        alt=printable(f"{_sentence(figure.alt)} {about}"),
        long_description=printable(figure.long_description),
        missing=printable(figure.pictures_missing),
        pictures={kind: figures_dir / figure.files[kind] for kind in ("png", "svg") if kind in figure.files},
        data=_table(data, None),
    )


def _marked(title: str, is_sample: bool) -> str:
    return printable(f"{title} ({SAMPLE_MARK})" if is_sample else title)


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _cell(text: str) -> str:
    """A cell of an exported CSV as printed: without the apostrophe for spreadsheets, long fractions rounded."""
    text = _ESCAPED_CELL.sub("", text, count=1) if text.startswith("'") else text
    return number(text, 2 if abs(float(text)) >= 1 else 3) if _LONG_FRACTION.fullmatch(text) else text

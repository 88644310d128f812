"""A response in memory, and what every dialect needs to write one out. Not here: any tool's habits."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook

Answer = str | int | float | dt.date | Sequence[str]
"""An answer as given: text or an option's label; a number; a date; the labels ticked, with own words."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_TYPES = "[Content_Types].xml"
_SHOWN_DATE = "dd/mm/yyyy"


@dataclass(frozen=True)
class Record:
    """One entry of a repeated part of a response.

    Args:
        number: Its own number, unique in the file; empty where no other entry belongs to it.
        answers: Answers by question name; a question without an answer is left out.
        parts: Entries of the repeated parts below it, by the part's name.
    """

    number: str
    answers: Mapping[str, Answer]
    parts: Mapping[str, Sequence[Record]] = field(default_factory=dict)


@dataclass(frozen=True)
class Response(Record):
    """One response. Times are local to the survey; a tool that asks for none (a workbook) writes none."""

    started_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None


def day_after(survey: Survey) -> dt.datetime:
    """When a made-up export counts as written: the morning after the last wave has closed (UTC)."""
    return dt.datetime.combine(survey.waves[-1].closes_on + dt.timedelta(days=1), dt.time(9), dt.UTC)


def cell_value(answer: Answer | None, separator: str, closing: str = "") -> str | int | float | dt.date | None:
    """What one cell holds: ticked options joined, anything else as it is.

    >>> cell_value(["Web", "Radio, print"], ";", closing=";")
    'Web;Radio, print;'
    """
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return separator.join(answer) + closing if answer else None
    return answer


def write_value(cell: Cell, value: str | float | dt.date | None, number_format: str = "") -> None:
    """Writes one value; text stays text even where it begins as a formula would."""
    from openpyxl.styles import Alignment

    cell.value = value
    cell.alignment = Alignment(horizontal="left", vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
    if number_format:
        cell.number_format = number_format


def save_table(
    table: Sequence[Sequence[str | dt.date | None]], path: Path, saved_at: dt.datetime, title: str, shown_time: str
) -> None:
    """Saves a table as a workbook of one sheet, where a tool writes nothing but cells.

    Args:
        table: Headings and rows: texts, true dates and times.
        path: The .xlsx to write.
        saved_at: When it says it was saved (UTC).
        title: The sheet's name.
        shown_time: How Excel shows times; dates are shown day first.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.title = title
    for row, cells in enumerate(table, start=1):
        for position, value in enumerate(cells, start=1):
            shown = shown_time if isinstance(value, dt.datetime) else _SHOWN_DATE if isinstance(value, dt.date) else ""
            write_value(workbook.active.cell(row, position), value or None, shown)  # an empty text leaves no cell
    save_workbook(workbook, path, saved_at)


def save_workbook(workbook: Workbook, path: Path, saved_at: dt.datetime) -> None:
    """Saves a workbook so that the same contents give the same bytes on every machine.

    Args:
        workbook: What to save.
        path: Where; missing folders are made.
        saved_at: When it says it was made and last changed (UTC).
    """
    workbook.properties.creator = "engagement-landscape"
    workbook.properties.created = saved_at.replace(tzinfo=None)
    unfixed = io.BytesIO()
    workbook.save(unfixed)
    write_fixed_zip(unfixed, path, saved_at)


def write_fixed_zip(unfixed: io.BytesIO, path: Path, saved_at: dt.datetime) -> None:
    """Writes an Office file (a zip) with sorted entries and fixed dates.

    Args:
        unfixed: The file as its library made it.
        path: Where; missing folders are made.
        saved_at: When it says it was last changed (UTC).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = saved_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    # Stored, not compressed: compressors differ from one machine to the next.
    with zipfile.ZipFile(unfixed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _TYPES, name)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it would say which kind of machine wrote it
            target.writestr(entry, content)

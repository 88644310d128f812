"""A response in memory, and what every tool needs to write one out."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landscape.office_files import save_workbook, write_value
from landscape.surveys.definition import Survey

Answer = str | int | float | dt.date | Sequence[str]
"""An answer as given: text or an option's label; a number; a date; the labels ticked, with own words."""

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


def write_text_rows(path: Path, rows: Iterable[Sequence[str]], *, has_mark: bool = False) -> None:
    """Writes comma-separated UTF-8 with CRLF line ends, with a byte order mark if `has_mark`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig" if has_mark else "utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows(rows)

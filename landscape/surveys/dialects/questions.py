"""One column per question out of a tool's columns per option, and its ticks. Not here: how any tool heads its columns."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects.textfiles import decode
from landscape.surveys.export import Column, Role, Row, Sheet

Cells = Sequence[str]


@dataclass(frozen=True)
class Handed:
    """A column as it is handed over.

    Args:
        heading: As `Column` has it.
        role: As `Column` has it.
        fill: Its cell, from all cells of a row of the file.
    """

    heading: str
    role: Role
    fill: Callable[[Cells], str]


def as_written(position: int, heading: str, role: Role) -> Handed:
    """A column handed over as it stands in the file."""
    return Handed(heading, role, lambda cells: cells[position])


def sheet_of(repeat: str | None, title: str, width: int, handed: Sequence[Handed], rows: Iterable[Row]) -> Sheet:
    """The sheet that is handed over.

    Args:
        repeat: As `Sheet` has it.
        title: As `Sheet` has it.
        width: How many columns the file has; rows of another width are handed over as they are, to be set aside.
        handed: What is handed over of each row.
        rows: The rows below the headings.
    """
    columns = tuple(Column(i, column.heading, column.role) for i, column in enumerate(handed))

    def cells_of(row: Row) -> tuple[str, ...]:
        if len(row.cells) == width:
            return tuple(column.fill(row.cells) for column in handed)
        return row.cells if len(row.cells) != len(handed) else (*row.cells, "")  # it must not look whole by chance

    return Sheet(repeat, title, columns, tuple(Row(row.line, cells_of(row)) for row in rows))


def as_list(ticked: Sequence[str]) -> str:
    """Ticked options as one cell.

    >>> as_list(["Radio, print", "Café"])
    '["Radio, print", "Café"]'
    """
    return json.dumps(list(ticked), ensure_ascii=False)


def listed(cell: str) -> list[str] | None:
    """The options in a cell that `as_list` wrote; None for any other cell.

    >>> listed('["A", "B"]'), listed("A B")
    (['A', 'B'], None)
    """
    if not cell.startswith("["):
        return None
    try:
        found = json.loads(cell)
    except json.JSONDecodeError:
        return None
    return found if all(isinstance(part, str) for part in found) else None


def is_json(path: Path) -> bool:
    """Whether the file begins as a JSON object or list does."""
    with path.open("rb") as stream:
        return stream.read(64).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"[")


def read_json(path: Path) -> tuple[Any, str]:
    """What a JSON file holds, numbers as written, and a note where its encoding had to be guessed.

    Raises:
        ReceivedFileError: It is cut short or damaged.
    """
    text, note = decode(path)
    try:
        return json.loads(text, parse_int=str, parse_float=str), note
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReceivedFileError(
            "it is damaged or was cut short", file=path, remedy="export it again; do not edit it by hand"
        ) from error


def json_text(value: object) -> str:
    """A value of a JSON file as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def whole_columns(headings: Sequence[str], rows: Sequence[Row]) -> list[list[str]]:
    """All cells of each column, without their outer spaces, from rows of the right width."""
    whole = [row.cells for row in rows if len(row.cells) == len(headings)]
    return [[cells[at].strip() for cells in whole] for at in range(len(headings))]


def utc_text(text: str, *, is_utc_without_offset: bool) -> str:
    """An ISO 8601 time as UTC without an offset.

    Args:
        text: As written; what is no time stays as it is.
        is_utc_without_offset: What a time without an offset means: UTC, or an unknown zone, which gives "".

    >>> utc_text("2016-03-14T14:15:48.000-04:00", is_utc_without_offset=False)
    '2016-03-14T18:15:48'
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    if moment.tzinfo is None and not is_utc_without_offset:
        return ""
    moment = moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
    return moment.replace(tzinfo=None).isoformat()


def refuse_other_times(sheet: Sheet, path: Path) -> None:
    """Sees that the times are written as ISO 8601, the one way in which these tools write them.

    Raises:
        ReceivedFileError: Some are not, as after a spreadsheet has saved the file; the lines are named.
    """
    for role in ("completed_at", "started_at"):
        position = sheet.position(role)
        odd = [
            f"line {row.line}"
            for row in sheet.rows
            if position is not None and len(row.cells) == len(sheet.columns) and not _is_time(row.cells[position].strip())
        ]
        if odd:
            raise ReceivedFileError(
                f"times in the column “{sheet.columns[position or 0].heading}” are not as the tool writes them, "
                "so day and month could be mixed up",
                file=path,
                culprits=odd,
                remedy="export it again and do not save it from a spreadsheet",
            )


UNDATED = "undated"
"""Stands for the time of a response that is complete while the file does not say since when."""


def _is_time(text: str) -> bool:
    if text in ("", UNDATED):
        return True
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True

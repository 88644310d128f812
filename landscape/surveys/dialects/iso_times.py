"""Times of tools that write ISO 8601: made UTC, and held to it. Not here: tools that write days and months in an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.export import Sheet

UNDATED = "undated"
"""Stands for the time of a response that is complete while the file does not say since when."""


def in_utc(position: int, *, is_utc_without_offset: bool) -> Callable[[Sequence[str]], str]:
    """Makes a column's cells UTC without an offset.

    Args:
        position: Of the column.
        is_utc_without_offset: What a time without an offset means: UTC; or an unknown zone, which gives "".
    """
    return lambda cells: utc_text(cells[position], is_utc_without_offset=is_utc_without_offset)


def utc_text(text: str, *, is_utc_without_offset: bool) -> str:
    """An ISO 8601 time as UTC without an offset; what is no time stays as it is.

    >>> utc_text("2016-03-14T14:15:48.000-04:00", is_utc_without_offset=False)
    '2016-03-14T18:15:48'
    """
    moment = _moment(text)
    if moment is None:
        return text
    if moment.tzinfo is None and not is_utc_without_offset:
        return ""
    return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC).replace(tzinfo=None).isoformat()


def refuse_other_times(sheet: Sheet, path: Path) -> None:
    """Sees that started_at and completed_at are written as ISO 8601.

    Raises:
        ReceivedFileError: Some are not, as after a spreadsheet has saved the file; the lines are named.
    """
    for column in sheet.columns:
        if column.role not in ("started_at", "completed_at"):
            continue
        odd = [
            f"line {row.line}"
            for row in sheet.rows
            if len(row.cells) == len(sheet.columns)
            and (text := row.cells[column.position].strip()) not in ("", UNDATED)
            and _moment(text) is None
        ]
        if odd:
            raise ReceivedFileError(
                f"times in the column “{column.heading}” are not as the tool writes them: day and month could be mixed up",
                file=path,
                culprits=odd,
                remedy="export it again and do not save it from a spreadsheet",
            )


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None

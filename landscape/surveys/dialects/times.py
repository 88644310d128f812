"""Times and dates as tools write them, made ISO 8601 or UTC. Not here: which column holds one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects.workbooks import read_rows
from landscape.surveys.export import Row, Sheet

Order = Literal["day first", "month first"]
_DATE = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T].*)?", re.DOTALL)
UNDATED = "undated"
"""Stands for the time of a response that is complete while the file does not say since when."""


def iso_time(text: str, formats: Sequence[str]) -> str:
    """A local time in ISO 8601; what fits none of the formats stays as it is.

    >>> iso_time("9/6/2018 0:06:16", ["%d/%m/%Y %H:%M:%S"])
    '2018-06-09T00:06:16'
    """
    for time_format in formats:
        try:
            return dt.datetime.strptime(text.strip(), time_format).isoformat()  # noqa: DTZ007 - the zone is told apart
        except ValueError:
            continue
    return text


def utc_times(texts: Iterable[str]) -> list[str] | None:
    """The times in UTC where they are ISO 8601 with an offset; None where one of them has none.

    >>> utc_times(["2018-06-09T00:06:16+01:00", ""])
    ['2018-06-08T23:06:16', '']
    """
    found: list[str] = []
    for text in texts:
        try:
            moment = dt.datetime.fromisoformat(text.strip()) if text.strip() else None
        except ValueError:
            return None
        if moment is not None and moment.tzinfo is None:
            return None
        found.append(moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() if moment else "")
    return found if any(found) else None


def refuse_other_order(rows: Sequence[Row], positions: Iterable[int], order: Order, path: Path, remedy: str) -> None:
    """Refuses columns of dates in which a day stands where the month should.

    Args:
        rows: All rows below the headings.
        positions: Columns to look at; one that holds anything but dates is passed over.
        order: What is declared.
        path: The file, for the message.
        remedy: What to do about it.

    Raises:
        ReceivedFileError: Some dates are possible only in the other order; their lines are named.
    """
    for position in positions:
        dates: dict[int, tuple[int, int]] = {}
        for row in rows:
            if position < len(row.cells) and row.cells[position].strip():
                date = _DATE.fullmatch(row.cells[position])
                if date is None:
                    dates.clear()
                    break
                dates[row.line] = (int(date[1]), int(date[2]))
        day_first = [line for line, (first, second) in dates.items() if first > 12 >= second]
        month_first = [line for line, (first, second) in dates.items() if second > 12 >= first]
        wrong, right = (month_first, day_first) if order == "day first" else (day_first, month_first)
        if wrong:
            raise ReceivedFileError(
                f"in column {position + 1} day and month change places from row to row"
                if right
                else f"the dates in column {position + 1} are not written {order}",
                file=path,
                culprits=[f"line {line}" for line in wrong],
                remedy=remedy,
            )


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


def dated_rows(path: Path, sheet: str, date_format: str, time_format: str) -> list[Row]:
    """All rows of a sheet as text, with its true dates and times in the given formats.

    Text that looks like a date stays as the respondent typed it.
    """
    from python_calamine import CalamineWorkbook

    rows = read_rows(path, sheet)
    with CalamineWorkbook.from_path(path) as workbook:
        typed = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [
        Row(
            row.line,
            tuple(
                _written(value, date_format, time_format) or cell for value, cell in zip(values, row.cells, strict=True)
            ),
        )
        for values, row in zip(typed, rows, strict=True)
    ]


def _written(value: object, date_format: str, time_format: str) -> str:
    if isinstance(value, dt.datetime):
        return value.strftime(time_format)
    return value.strftime(date_format) if isinstance(value, dt.date) else ""


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None

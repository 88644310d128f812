"""Times and dates as tools write them, made ISO 8601 or UTC."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells, Row
from landscape.surveys.dialects.workbooks import read_rows
from landscape.surveys.export import DateOrder, Sheet

_DATE = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T].*)?", re.DOTALL)
_MONTHS = 12
UNDATED = "undated"
"""In place of the time of a response that is complete while the file does not say since when."""


def iso_time(text: str, formats: Sequence[str]) -> str:
    """A local time in ISO 8601; what fits none of the formats stays as it is.

    >>> iso_time("9/6/2018 0:06:16", ["%d/%m/%Y %H:%M:%S"])
    '2018-06-09T00:06:16'
    """
    for time_format in formats:
        try:
            return dt.datetime.strptime(text.strip(), time_format).isoformat()  # noqa: DTZ007 - the zone is known apart
        except ValueError:
            continue
    return text


def iso_date(text: str, formats: Sequence[str]) -> str:
    """A date in ISO 8601; what fits none of the formats stays as it is.

    >>> iso_date("9/5/2017", ["%d/%m/%Y"])
    '2017-05-09'
    """
    written = iso_time(text, formats)
    return written if written == text else written.partition("T")[0]


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


Dates = dict[str, tuple[int, int]]
"""The first two numbers of each distinct date."""


class DateOrderError(ReceivedFileError):
    """Nothing that is declared says whether day or month comes first.

    `possible` is an order the dates can be read in; `is_certain`, that they can be read in no other.
    """

    possible: DateOrder = "day_first"
    is_certain = False


def order_of_dates(
    cells: Cells,
    positions: Iterable[int],
    path: Path,
    *,
    order: DateOrder | None,
    deciding: Collection[int],
    remedy: str,
) -> DateOrder:
    """Which of day and month comes first in columns of dates such as 3/4/2026.

    Args:
        cells: All cells below the headings.
        positions: Columns to look at; one that holds anything but dates is passed over.
        path: The file, for the message.
        order: What is declared, or the tool's habit; None where neither says so.
        deciding: Columns that are dates for sure: where nothing says their order, the file is not read.
        remedy: What to do where dates are in another order.

    Raises:
        ReceivedFileError: Some dates are possible only in the other order; their lines are named.
        DateOrderError: Nothing says the order.
    """
    dates = {at: _dates_in(cells, at) for at in sorted({*positions, *deciding})}
    if order is None:
        _refuse_unclear(cells, dates, deciding, path, remedy)
        order = "day_first"
    words = order.replace("_", " ")
    wrong, right = (
        (_only_month_first, _only_day_first) if order == "day_first" else (_only_day_first, _only_month_first)
    )
    for at, found in dates.items():
        if _some(found, wrong):
            raise ReceivedFileError(
                f"in column {at + 1} day and month change places from row to row"
                if _some(found, right)
                else f"the dates in column {at + 1} are not written {words}",
                file=path,
                culprits=[f"line {line}" for line in _lines_of(cells, {at: found}, wrong)],
                remedy=remedy,
            )
    return order


def _dates_in(cells: Cells, position: int) -> Dates:
    """The first two numbers of each distinct date in a column, by text; nothing where it holds anything but dates."""
    odd = [row.cells[position] for row in cells.odd if position < len(row.cells)]
    dates: Dates = {}
    for text in (*cells.columns[position].texts, *odd):
        if text.strip():
            date = _DATE.fullmatch(text)
            if date is None:
                return {}
            dates[text] = (int(date[1]), int(date[2]))
    return dates


def _only_day_first(one: int, other: int) -> bool:
    return one > _MONTHS >= other


def _only_month_first(one: int, other: int) -> bool:
    return other > _MONTHS >= one


def _some(dates: Dates, holds: Callable[[int, int], bool]) -> bool:
    return any(holds(*pair) for pair in dates.values())


def _lines_of(cells: Cells, dates: Mapping[int, Dates], holds: Callable[[int, int], bool]) -> list[int]:
    """The lines with a date whose numbers are such that this holds."""
    found: set[int] = set()
    for at, known in dates.items():
        texts = {text for text, pair in known.items() if holds(*pair)}
        found |= {line for line, _ in cells.held(at, texts.__contains__)}
        found |= {row.line for row in cells.odd if at < len(row.cells) and row.cells[at] in texts}
    return sorted(found)


def _refuse_unclear(
    cells: Cells, dates: Mapping[int, Dates], deciding: Collection[int], path: Path, remedy: str
) -> None:
    is_day_first = any(_some(found, _only_day_first) for found in dates.values())
    if not is_day_first and (lines := _lines_of(cells, dates, _only_month_first)):
        error = DateOrderError(
            "its dates are written month first, and survey.yml does not say so",
            file=path,
            culprits=[f"{len(lines)} rows, the first at line {lines[0]}"],
            remedy=f"add `dates: month_first` to survey.yml; or {remedy}",
        )
        error.possible, error.is_certain = "month_first", True
        raise error
    unclear = (
        [] if is_day_first else _lines_of(cells, {at: dates[at] for at in deciding}, lambda one, other: one != other)
    )
    if unclear:
        raise DateOrderError(
            "nothing says whether day or month comes first in its dates",
            file=path,
            culprits=[f"{len(unclear)} rows, the first at line {unclear[0]}"],
            remedy="add `dates: day_first` or `dates: month_first` to survey.yml",
        )


def in_utc(column: CellColumn, *, is_utc_without_offset: bool) -> CellColumn:
    """A column of times in UTC without an offset.

    Args:
        column: As the tool writes it.
        is_utc_without_offset: What a time without an offset means: UTC; or an unknown zone, which gives "".
    """
    return column.mapped(lambda text: utc_text(text, is_utc_without_offset=is_utc_without_offset))


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
        is_odd = sheet.cells.columns[column.position].where(
            lambda text: text.strip() not in ("", UNDATED) and _moment(text) is None
        )
        odd = [f"line {line}" for line in sheet.cells.lines_where(is_odd)]
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

"""Numbers and dates as a REDCap user has chosen to export them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Cells
from landscape.surveys.dialects.times import DateOrderError
from landscape.surveys.export import DateOrder

_DECIMAL = re.compile(r"-?\d+([.,]\d+)?")
_DATE = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})((?: \d{1,2}:\d{2}(?::\d{2})?)?)")
_REMEDY = "export with dates as Y-M-D, and do not save the file from a spreadsheet"
_MONTHS = 12

Value = Callable[[str], str]


def with_point(text: str) -> str:
    """A number with a decimal point."""
    return text.strip().replace(",", ".")


def holds_decimal_commas(values: Sequence[str]) -> bool:
    """Whether a column holds nothing but numbers, some of them with a decimal comma."""
    filled = [value for value in values if value]
    return any("," in value for value in filled) and all(_DECIMAL.fullmatch(value) for value in filled)


def date_columns(columns: dict[int, list[str]]) -> list[int]:
    """The columns that hold nothing but dates in which the year comes last."""
    return [
        at for at, values in columns.items() if any(values) and all(_DATE.fullmatch(value) for value in values if value)
    ]


def date_reader(positions: Sequence[int], cells: Cells, path: Path, declared: DateOrder | None) -> Value:
    """How to make the dates of a file ISO 8601: a user has one order of day and month for the whole of it.

    Args:
        positions: The columns of dates in which the year comes last.
        cells: All cells.
        path: The file, for the message.
        declared: Which of day and month comes first, where survey.yml says so.

    Raises:
        ReceivedFileError: Day and month change places, or nothing says which comes first; the lines are named.
    """

    def lines_where(holds: Callable[[re.Match[str]], object]) -> list[int]:
        def is_one(text: str) -> object:
            date = _DATE.fullmatch(text.strip())
            return date and holds(date)

        return sorted(line for at in positions for line, _ in cells.held(at, is_one))

    day_first = lines_where(lambda m: int(m[1]) > _MONTHS)
    month_first = lines_where(lambda m: int(m[2]) > _MONTHS)
    is_mixed = bool(day_first and month_first)
    if is_mixed or (declared == "day_first" and month_first) or (declared == "month_first" and day_first):
        wrong = {*day_first, *month_first} if is_mixed else {*(month_first if declared == "day_first" else day_first)}
        raise ReceivedFileError(
            "day and month change places from date to date"
            if is_mixed
            else f"its dates are not written {str(declared).replace('_', ' ')}",
            file=path,
            culprits=[f"line {line}" for line in sorted(wrong)],
            remedy=_REMEDY,
        )
    if declared is None and not day_first and not month_first and lines_where(lambda m: m[1] != m[2]):
        found = lines_where(bool)
        raise DateOrderError(
            "nothing says whether day or month comes first",
            file=path,
            culprits=[f"{len(found)} dates, the first at line {found[0]}"],
            remedy=f"{_REMEDY}; or add `dates: day_first` or `dates: month_first` to survey.yml",
        )
    is_day_first = not month_first and declared != "month_first"

    def read(text: str) -> str:
        found = _DATE.fullmatch(text.strip())
        if found is None:
            return text
        day, month = (found[1], found[2]) if is_day_first else (found[2], found[1])
        return f"{found[3]}-{int(month):02}-{int(day):02}{found[4]}"

    return read

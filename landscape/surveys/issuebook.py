"""The issues as a spreadsheet that a person works through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.errors import PublishError
from landscape.models import TableModel
from landscape.office_files import FONT, INK, PALE, STRONG, save_workbook, write_value
from landscape.surveys.statuses import RESPONSE_STATUSES, STATUSES

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection
    from openpyxl.worksheet.worksheet import Worksheet

_SAVED_AT = dt.datetime(2017, 5, 9, tzinfo=dt.UTC)  # fixed: the same issues give the same bytes
_FRONT = {"What is it": 46, "Where": 54, "What to do": 50, "Command": 60, "Who": 18, "Done": 8}
"""What a person reads, with the width of each column; all that is known of an issue follows."""
_WIDTH = 14
_WHO = {"sender": "who filled it in", "coder": "a coder", "us": "the team"}


def write_issues(con: DuckDBPyConnection, model: TableModel, path: Path) -> None:
    """Writes staged.issues as a workbook with one row per issue, and how many responses count beside it.

    Raises:
        PublishError: The file is open in another program.
    """
    from openpyxl import Workbook

    book = Workbook()
    issues, responses = book.active, book.create_sheet("responses")
    issues.title = "issues"
    names = [field.name for field in model.fields]
    found = con.execute(f"SELECT {', '.join(names)} FROM {model.table} ORDER BY issue_number").fetchall()
    rows = [[*_front(dict(zip(names, row, strict=True))), None, *row] for row in found]
    _fill(issues, [*_FRONT, *names], rows, list(_FRONT.values()))
    statuses = [[survey, n, *STATUSES[status]] for survey, status, n in con.execute(RESPONSE_STATUSES).fetchall()]
    _fill(responses, ["Survey", "Responses", "Status", "What that means"], statuses, [24, 12, 20, 80])
    try:
        save_workbook(book, path, _SAVED_AT)
    except PermissionError as error:
        raise PublishError(
            "it is open in another program", file=path.name, remedy="close it there, then refresh again"
        ) from error


def _front(issue: Mapping[str, object]) -> tuple[str, ...]:
    reason, value, field = str(issue["reason"]), issue["cell_value"], issue["field"]
    what = f"{reason[0].upper()}{reason[1:]}" + (f": {value}" if value else "")
    line = f"line {issue['line']}" if issue["line"] else ""
    where = ", ".join(filter(None, [str(issue["file_name"]), str(issue["cell"] or line)])) + (
        f": {field}" if field else ""
    )
    return what, where, str(issue["suggestion"]), str(issue["command"] or ""), _WHO[str(issue["responsibility"])]


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.append(headings)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            write_value(cell, value or None)  # type: ignore[arg-type]
            if column <= len(widths):
                cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    for column in range(1, len(headings) + 1):
        heading = sheet.cell(1, column)
        is_front = column <= len(widths)
        heading.font = Font(name=FONT, bold=True, color=INK)
        heading.fill = PatternFill("solid", fgColor=STRONG if is_front else PALE)
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1] if is_front else _WIDTH
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions

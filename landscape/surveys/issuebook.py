"""The issues as a spreadsheet that a person works through. Not here: finding them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from landscape.errors import PublishError
from landscape.models import TableModel
from landscape.office_files import save_workbook, write_value

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_SAVED_AT = dt.datetime(2017, 5, 9, tzinfo=dt.UTC)  # fixed: the same issues give the same bytes
_WIDTHS = {"file_name": 48, "field": 48, "reason": 36, "suggestion": 80, "cell_value": 28, "survey": 18}
_WIDTH = 14


def write_issues(con: DuckDBPyConnection, model: TableModel, path: Path) -> None:
    """Writes staged.issues as a workbook with one row per issue and an empty column to tick them off.

    Raises:
        PublishError: The file is open in another program.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "issues"
    headings = [*(field.name for field in model.fields), "done"]
    sheet.append(headings)
    for row in con.execute(f"SELECT * FROM {model.table} ORDER BY issue_number").fetchall():
        sheet.append([None] * len(headings))
        for column, value in enumerate(row, start=1):
            write_value(sheet.cell(sheet.max_row, column), value)
    for column, heading in enumerate(headings, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(heading, _WIDTH)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    draft = path.with_suffix(".draft")
    save_workbook(book, draft, _SAVED_AT)
    try:
        draft.replace(path)
    except PermissionError as error:
        draft.unlink()
        raise PublishError(
            "it is open in another program", file=path.name, remedy="close it there, then refresh again"
        ) from error

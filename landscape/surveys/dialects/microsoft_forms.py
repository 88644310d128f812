"""Microsoft Forms: the workbook behind "Open in Excel"; own words replace "Other". Not here: any question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from landscape.surveys.definition import Survey
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import ISO_FORMAT, Column, Export, Role, Sheet, split_against
from landscape.surveys.render import Response, cell_value, day_after, save_workbook, write_value

NAME = "microsoft_forms"
TITLE = "Microsoft Forms"
ENDING = ".xlsx"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
SEPARATOR = ";"
_SIGNATURE = ("ID", "Start time", "Completion time", "Email", "Name")
_ROLES: dict[str, Role] = {"ID": "response_id", "Start time": "started_at", "Completion time": "completed_at"}
_TOOL_HEADINGS = {*_SIGNATURE, "Last modified time", "Language", "Total points", "Quiz feedback"}
_WIDTH = 24
_SHOWN_TIME_FORMAT, _SHOWN_DATE_FORMAT = "m/d/yy h:mm:ss", "m/d/yyyy"


def recognises(path: Path) -> bool:
    """Whether the first sheet begins with the columns that Forms always writes."""
    if not is_workbook(path):
        return False
    names = sheet_names(path)
    rows = read_rows(path, names[0])
    return bool(rows) and rows[0].cells[: len(_SIGNATURE)] == _SIGNATURE


def read(path: Path) -> Export:
    """Reads the workbook's first sheet; the e-mail and name columns that Forms itself adds are not used."""
    title = sheet_names(path)[0]
    heading, *rows = read_rows(path, title)
    columns = tuple(Column(i, text.strip(), _role(text.strip())) for i, text in enumerate(heading.cells))
    return Export(NAME, (Sheet(None, title, columns, tuple(rows)),), exported_at=modified_at(path))


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by `;`, usually with one more at the end."""
    return split_against(cell, labels, SEPARATOR)


def render(survey: Survey, responses: Sequence[Response], path: Path) -> None:
    """Writes responses as Forms would: one table on one sheet, from people outside the asking organisation.

    Args:
        survey: Whose questions head the columns; Forms knows no repeated parts.
        responses: In the order of the rows.
        path: The .xlsx to write.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    questions = survey.questionnaire.of(None)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    sheet.append([*_SIGNATURE, *(question.label for question in questions)])
    for row, response in enumerate(responses, start=2):
        facts = (response.number, response.started_at, response.completed_at, "anonymous", None)
        for position, fact in enumerate(facts, start=1):
            write_value(
                sheet.cell(row, position), fact, _SHOWN_TIME_FORMAT if isinstance(fact, dt.datetime) else ""
            )
        for position, question in enumerate(questions, start=len(facts) + 1):
            value = cell_value(response.answers.get(question.name), SEPARATOR, closing=SEPARATOR)
            number_format = _SHOWN_DATE_FORMAT if isinstance(value, dt.date) else ""
            write_value(sheet.cell(row, position), value, number_format)
    last = f"{get_column_letter(len(_SIGNATURE) + len(questions))}{max(2, len(responses) + 1)}"
    for position in range(1, len(_SIGNATURE) + len(questions) + 1):
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTH
    table = Table(displayName="Table1", ref=f"A1:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    save_workbook(workbook, path, day_after(survey))


def _role(heading: str) -> Role:
    if not heading:
        return "empty"
    return _ROLES.get(heading, "tool" if heading in _TOOL_HEADINGS else "answer")

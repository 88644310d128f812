"""Microsoft Forms: the workbook behind "Open in Excel", or kept by Power Automate. Not here: any question."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from landscape.surveys.definition import Survey
from landscape.surveys.dialects.merging import json_list
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import ISO_FORMAT, Column, Export, Role, Sheet, split_against
from landscape.surveys.render import Response, cell_value, day_after, save_workbook, write_value

NAME = "microsoft_forms"
TITLE = "Microsoft Forms"
ENDING = ".xlsx"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
SEPARATOR = ";"
VARIANTS = ("joined", "json")
_SIGNATURE = ("ID", "Start time", "Completion time", "Email", "Name")
_ROLES: dict[str, Role] = {"id": "response_id", "start time": "started_at", "completion time": "completed_at"}
_TOOL_HEADINGS = {
    "email",
    "name",
    "last modified time",
    "language",
    "total points",
    "quiz feedback",
    "grade posted time",
}
_QUIZ = ("Points - ", "Feedback - ")
_WIDTH = 24
_SHOWN_TIME_FORMAT, _SHOWN_DATE_FORMAT = "m/d/yy h:mm:ss", "m/d/yyyy"


def recognises(path: Path) -> bool:
    """Whether the first sheet begins with the columns that Forms always writes."""
    if not is_workbook(path):
        return False
    names = sheet_names(path)
    rows = read_rows(path, names[0])
    if not rows:
        return False
    first = [cell.strip().casefold() for cell in rows[0].cells[: len(_SIGNATURE)]]
    return first == [heading.casefold() for heading in _SIGNATURE]


def read(path: Path) -> Export:
    """Reads the workbook's first sheet; the e-mail and name columns that Forms itself adds are not used."""
    title = sheet_names(path)[0]
    heading, *rows = read_rows(path, title)
    n_own = next((i for i, text in enumerate(heading.cells) if not _is_of_forms(text)), len(heading.cells))
    columns = tuple(Column(i, text.strip(), _role(text.strip(), i < n_own)) for i, text in enumerate(heading.cells))
    return Export(NAME, (Sheet(None, title, columns, tuple(rows)),), exported_at=modified_at(path))


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by `;`, usually with one more at the end, or in a JSON array; a ranking keeps its order."""
    listed = json_list(cell)
    return split_against(cell, labels, SEPARATOR) if listed is None else listed


def render(survey: Survey, responses: Sequence[Response], path: Path, *, variant: str = "joined") -> None:
    """Writes responses as Forms would: one table on one sheet, from people outside the asking organisation.

    Args:
        survey: Whose questions head the columns; Forms knows no repeated parts.
        responses: In the order of the rows.
        path: The .xlsx to write.
        variant: How choose-many answers stand in a cell: `joined` by `;`, or as Power Automate's `json` array.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    questions = survey.questionnaire.of(None)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    sheet.append([*_SIGNATURE, *(question.label for question in questions)])
    for cell in sheet[1]:
        cell.data_type = "s"  # a question may begin as a formula would
    for row, response in enumerate(responses, start=2):
        facts = (response.number, response.started_at, response.completed_at, "anonymous", None)
        for position, fact in enumerate(facts, start=1):
            write_value(sheet.cell(row, position), fact, _SHOWN_TIME_FORMAT if isinstance(fact, dt.datetime) else "")
        for position, question in enumerate(questions, start=len(facts) + 1):
            answer = response.answers.get(question.name)
            value = cell_value(answer, SEPARATOR, closing=SEPARATOR)
            if variant == "json" and isinstance(answer, Sequence) and not isinstance(answer, str):
                value = json.dumps(list(answer), ensure_ascii=False)
            number_format = _SHOWN_DATE_FORMAT if isinstance(value, dt.date) else ""
            write_value(sheet.cell(row, position), value, number_format)
    last = f"{get_column_letter(len(_SIGNATURE) + len(questions))}{max(2, len(responses) + 1)}"
    for position in range(1, len(_SIGNATURE) + len(questions) + 1):
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTH
    table = Table(displayName="Table1", ref=f"A1:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    save_workbook(workbook, path, day_after(survey))


def _is_of_forms(heading: str) -> bool:
    return heading.strip().casefold() in _ROLES.keys() | _TOOL_HEADINGS


def _role(heading: str, is_of_forms: bool) -> Role:
    """Its own columns stand before the first question; a question may bear the same name as one of them."""
    if not heading:
        return "empty"
    if is_of_forms:
        return _ROLES.get(heading.casefold(), "tool")
    return "tool" if heading.startswith(_QUIZ) else "answer"

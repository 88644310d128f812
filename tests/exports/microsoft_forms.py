"""Writes exports as Microsoft Forms does."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from exports.responses import Response, cell_value, day_after
from landscape.office_files import save_workbook, write_value
from landscape.surveys.definition import Survey

ENDING = ".xlsx"
VARIANTS = ("joined", "json")
_SEPARATOR = ";"
_FACTS = ("ID", "Start time", "Completion time", "Email", "Name")
_WIDTH = 24
_SHOWN_TIME_FORMAT, _SHOWN_DATE_FORMAT = "m/d/yy h:mm:ss", "m/d/yyyy"


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "joined") -> None:
    """Writes responses as Forms would: one table on one sheet, from people outside the asking organisation.

    Args:
        survey: Whose questions head the columns; Forms knows no repeated parts.
        responses: In the order of the rows.
        path: The .xlsx to write.
        variant: How choose-many answers are written in a cell: `joined` by `;`, or as Power Automate's `json` array.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    questions = survey.questionnaire.of(None)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Sheet1"
    sheet.append([*_FACTS, *(question.label for question in questions)])
    for cell in sheet[1]:
        cell.data_type = "s"  # a question may begin as a formula would
    for row, response in enumerate(responses, start=2):
        facts = (response.number, response.started_at, response.completed_at, "anonymous", None)
        for position, fact in enumerate(facts, start=1):
            write_value(sheet.cell(row, position), fact, _SHOWN_TIME_FORMAT if isinstance(fact, dt.datetime) else "")
        for position, question in enumerate(questions, start=len(facts) + 1):
            answer = response.answers.get(question.name)
            value = cell_value(answer, _SEPARATOR, closing=_SEPARATOR)
            if variant == "json" and isinstance(answer, Sequence) and not isinstance(answer, str):
                value = json.dumps(list(answer), ensure_ascii=False)
            number_format = _SHOWN_DATE_FORMAT if isinstance(value, dt.date) else ""
            write_value(sheet.cell(row, position), value, number_format)
    last = f"{get_column_letter(len(_FACTS) + len(questions))}{max(2, len(responses) + 1)}"
    for position in range(1, len(_FACTS) + len(questions) + 1):
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTH
    table = Table(displayName="Table1", ref=f"A1:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
    sheet.add_table(table)
    save_workbook(workbook, path, day_after(survey))

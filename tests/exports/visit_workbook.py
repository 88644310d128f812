"""Fills in the project’s own visit workbook, as a researcher would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from exports.responses import Record, Response, cell_value, day_after
from landscape.office_files import save_workbook, write_value
from landscape.surveys.definition import Survey
from landscape.surveys.workbook import (
    HEADING_ROWS,
    PARENT_COLUMN,
    RECORD_COLUMN,
    SEPARATOR,
    SHOWN_DATE_FORMAT,
    blank_workbook,
    own_columns,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ENDING = ".xlsx"
VARIANTS = ("xlsx",)


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "xlsx") -> None:
    """Writes responses as a filled-in workbook.

    Args:
        survey: Whose questionnaire the workbook is made from.
        responses: In the order of the rows.
        path: The .xlsx to write.
        variant: There is one only.
    """
    workbook = blank_workbook(survey)
    records: dict[str | None, list[tuple[Record, str]]] = {None: [(response, "") for response in responses]}
    _write_rows(workbook[survey.name], survey, None, records[None])
    for part in survey.questionnaire.repeats:  # a part is listed after the part it belongs to
        records[part.name] = [
            (record, above.number) for above, _ in records[part.parent] for record in above.parts.get(part.name, ())
        ]
        _write_rows(workbook[part.name], survey, part.name, records[part.name])
    save_workbook(workbook, path, day_after(survey))


def _write_rows(sheet: Worksheet, survey: Survey, repeat: str | None, records: Iterable[tuple[Record, str]]) -> None:
    numbers = own_columns(survey.questionnaire, repeat)
    for row, (record, parent) in enumerate(records, start=HEADING_ROWS + 1):
        own = {RECORD_COLUMN: record.number, PARENT_COLUMN: parent}
        for position, name in enumerate(numbers, start=1):
            write_value(sheet.cell(row, position), own[name])
        for position, question in enumerate(survey.questionnaire.of(repeat), start=len(numbers) + 1):
            value = cell_value(record.answers.get(question.name), SEPARATOR)
            number_format = SHOWN_DATE_FORMAT if isinstance(value, dt.date) else ""
            write_value(sheet.cell(row, position), value, number_format)

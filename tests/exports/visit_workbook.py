"""Fills in the project’s own visit workbook, as a researcher would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from exports.responses import Answer, Record, Response, cell_value, day_after
from landscape.office_files import save_workbook, write_value
from landscape.surveys.definition import Survey
from landscape.surveys.dialects.visit_workbook import TICK
from landscape.surveys.options import Option
from landscape.surveys.questionnaire import Question, Questionnaire
from landscape.surveys.workbook import (
    HEADING_ROWS,
    PARENT_COLUMN,
    RECORD_COLUMN,
    SHOWN_DATE_FORMAT,
    asked_columns,
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
    survey = replace(survey, questionnaire=_version(survey, responses), versions=())
    workbook = blank_workbook(survey)
    records: dict[str | None, list[tuple[Record, str]]] = {None: [(response, "") for response in responses]}
    _write_rows(workbook[survey.name], survey, None, records[None])
    for part in survey.form.repeats:  # a part is listed after the part it belongs to
        records[part.name] = [
            (record, above.number) for above, _ in records[part.parent] for record in above.parts.get(part.name, ())
        ]
        _write_rows(workbook[part.name], survey, part.name, records[part.name])
    save_workbook(workbook, path, day_after(survey))


def _version(survey: Survey, responses: Sequence[Response]) -> Questionnaire:
    """The latest version of the questionnaire that asks all that was answered."""
    needed = set(_answered(None, responses))
    versions = survey.versions or (survey.questionnaire,)
    return next(one for one in versions if needed <= {(question.repeat, question.name) for question in one.questions})


def _answered(repeat: str | None, records: Sequence[Record]) -> Iterator[tuple[str | None, str]]:
    for record in records:
        yield from ((repeat, name) for name in record.answers)
        for part, below in record.parts.items():
            yield from _answered(part, below)


def _write_rows(sheet: Worksheet, survey: Survey, repeat: str | None, records: Iterable[tuple[Record, str]]) -> None:
    numbers = own_columns(survey.form, repeat)
    for row, (record, parent) in enumerate(records, start=HEADING_ROWS + 1):
        own = {RECORD_COLUMN: record.number, PARENT_COLUMN: parent}
        for position, name in enumerate(numbers, start=1):
            write_value(sheet.cell(row, position), own[name])
        columns = enumerate(asked_columns(survey.form, repeat), start=len(numbers) + 1)
        for position, (question, option) in columns:
            answer = record.answers.get(question.name)
            value = cell_value(answer, ";") if option is None else _tick(question, option, answer)
            number_format = SHOWN_DATE_FORMAT if isinstance(value, dt.date) else ""
            write_value(sheet.cell(row, position), value, number_format)


def _tick(question: Question, option: Option, answer: Answer | None) -> str | None:
    """An x where the option was ticked; beside “Other”, the words themselves, and what was misspelt."""
    given = [answer] if isinstance(answer, str) else list(cast("Sequence[str]", answer or ()))
    if option.label in given:
        return TICK
    strange = [text for text in given if text not in {one.label for one in question.options}]
    is_for_words = option.code == (question.other_code or question.offered[-1].code)
    return ";".join(strange) if strange and is_for_words else None

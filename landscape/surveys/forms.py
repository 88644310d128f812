"""A survey as an XLSForm workbook that Kobo and ODK take as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from landscape.office_files import save_workbook, write_value
from landscape.surveys.definition import Survey
from landscape.surveys.form_script import write_form_script
from landscape.surveys.options import Option
from landscape.surveys.questionnaire import Question

OWN_WORDS = "Specify other."
"""The wording of the question for own words; Kobo gives it to its own, and exports are read by it."""

_WIDTHS = {"type": 34, "name": 28, "label": 70, "hint": 40, "relevant": 40, "list_name": 28, "form_title": 60}
_WIDTH = 14


def write_forms(survey: Survey, folder: Path) -> tuple[Path, Path]:
    """Writes a survey as an XLSForm workbook and as a Word script.

    Args:
        survey: Its questionnaire gives the questions, with their option lists.
        folder: Where `<survey>.xlsx` and `<survey>.docx` are written; made where it is missing.

    Returns:
        The workbook and the script.
    """
    workbook, script = folder / f"{survey.name}.xlsx", folder / f"{survey.name}.docx"
    saved_at = dt.datetime.combine(survey.waves[0].opens_on, dt.time(9), dt.UTC)  # fixed: no clock is read
    write_xlsform(survey, workbook, saved_at)
    write_form_script(survey, script, saved_at)
    return workbook, script


def write_xlsform(survey: Survey, path: Path, saved_at: dt.datetime) -> None:
    """Writes the sheets survey, choices and settings; each option list stands once in `choices`."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    lists = _list_names(survey)
    sheets: dict[str, list[tuple[str, ...]]] = {
        "survey": [("type", "name", "label", "hint", "required", "relevant"), *_survey_rows(survey, lists)],
        "choices": [("list_name", "name", "label"), *_choice_rows(lists)],
        "settings": [
            ("form_title", "form_id", "version"),
            (survey.title, survey.name, survey.form.version),
        ],
    }
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row, start=1):
                write_value(sheet.cell(number, column), text or None)
        for column, heading in enumerate(rows[0], start=1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(heading, _WIDTH)
        sheet.freeze_panes = "A2"
    save_workbook(workbook, path, saved_at)


def _list_names(survey: Survey) -> dict[tuple[Option, ...], str]:
    """A name for each distinct option list: that of the first question that has it."""
    names: dict[tuple[Option, ...], str] = {}
    for question in survey.form.questions:
        if question.options:
            names.setdefault(question.offered, question.rank[0] if question.rank else question.name)
    return names


def _survey_rows(
    survey: Survey, lists: dict[tuple[Option, ...], str], part: str | None = None
) -> Iterator[tuple[str, ...]]:
    """The rows of a part, with the parts below it after its own questions."""
    for question in survey.form.of(part):
        yield from _question_rows(question, lists)
    for below in survey.form.repeats:
        if below.parent == part:
            yield ("begin_repeat", below.name, below.label, "", "", "")
            yield from _survey_rows(survey, lists, below.name)
            yield ("end_repeat", "", "", "", "", "")


def _question_rows(question: Question, lists: dict[tuple[Option, ...], str]) -> Iterator[tuple[str, ...]]:
    kind = f"{question.kind} {lists[question.offered]}" if question.options else question.kind
    required = "yes" if question.required else ""
    yield (kind, question.name, question.label, question.hint, required, question.relevant)
    if question.other_code:
        is_other = f"selected(${{{question.name}}}, '{question.other_code}')"
        yield ("text", f"{question.name}_other", OWN_WORDS, "", "", is_other)


def _choice_rows(lists: dict[tuple[Option, ...], str]) -> Iterator[tuple[str, ...]]:
    for options, name in lists.items():
        for option in options:
            yield (name, option.code, option.label)

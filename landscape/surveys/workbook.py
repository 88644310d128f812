"""The blank workbook that researchers fill in, made from any questionnaire."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import SurveyDefinitionError
from landscape.office_files import FONT, HINT, INK, PALE, STRONG, WHITE, save_workbook
from landscape.surveys.definition import Survey
from landscape.surveys.dialects.visit_workbook import (
    ABOUT_SHEET,
    HEADING_ROWS,
    MARK,
    OPTION_MARK,
    PARENT_COLUMN,
    RECORD_COLUMN,
    REPEAT_ROW,
    RESPONSES_ROW,
    TICK,
)
from landscape.surveys.options import Option
from landscape.surveys.questionnaire import Question, Questionnaire

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LISTS_SHEET = "lists"
SHOWN_DATE_FORMAT = "dd/mm/yyyy"

_OUR_SHEETS = (ABOUT_SHEET, LISTS_SHEET)
_LAST_ROW = 1000  # dropdowns and formats reach this far down
_LONGEST_TITLE = 31  # Excel's limit for a sheet's name
_WIDTHS = {"text": 44, "date": 14, "integer": 14, "decimal": 14}
_WIDEST, _NARROWEST, _NUMBER_WIDTH, _TICK_WIDTH = 46, 18, 22, 4.3
_TICK_HEIGHT = 230  # of headings that are written upwards, in points
_HOW_TO = (
    "Fill in one row for each entry, from row 3 down, on the sheets named above.",
    "Leave this sheet, the sheets’ names, and rows 1 and 2 of each sheet as they are.",
    "Darker headings must be answered. Leave others blank where you do not know: blank means unknown.",
    "record: give each row a number of your own, used only once in this workbook.",
    "belongs_to: the number of the row that this row is part of. On sheets that belong to the first one it may stay empty where "
    "that has one row only.",
    "One answer: choose it from the list that opens in the cell.",
    "Several answers: a narrow column for each option; put x where it applies. In the column “Other” write what it is.",
    "Dates: as day/month/year, such as 20/06/2017.",
    "Write no names of people, e-mail addresses or telephone numbers anywhere.",
    "Save the workbook as .xlsx, then see whether all is right: landscape check FILE",
)


def write_blank_workbook(survey: Survey, path: Path) -> None:
    """Writes the workbook that a researcher fills in: a sheet for the responses, one for each repeated part.

    Args:
        survey: Any survey; its questionnaire gives sheets, headings, dropdowns and formats.
        path: The .xlsx to write.

    Raises:
        SurveyDefinitionError: A repeated part has a name that no sheet can bear.
    """
    save_workbook(blank_workbook(survey), path, dt.datetime.combine(survey.waves[0].opens_on, dt.time(9), dt.UTC))


def blank_workbook(survey: Survey) -> Workbook:
    """The blank workbook, not yet saved; see `write_blank_workbook`."""
    from openpyxl import Workbook

    asked = survey.form
    _refuse_impossible_sheets(survey)
    workbook = Workbook()
    about = workbook.active
    about.title = ABOUT_SHEET
    sheets: dict[str | None, Worksheet] = {None: workbook.create_sheet(survey.name)}
    sheets |= {repeat.name: workbook.create_sheet(repeat.name) for repeat in asked.repeats}
    hidden = workbook.create_sheet(LISTS_SHEET)
    hidden.sheet_state = "hidden"  # what drops down in cells; nobody reads it
    lists = _fill_lists(hidden, asked)
    for repeat, sheet in sheets.items():
        _fill_sheet(sheet, survey, repeat, lists)
    _fill_about(about, survey)
    return workbook


def own_columns(asked: Questionnaire, repeat: str | None) -> tuple[str, ...]:
    """The columns before the questions: a row's own number where others may belong to it, its parent's."""
    numbered = repeat is None or any(part.parent == repeat for part in asked.repeats)
    return ((RECORD_COLUMN,) if numbered else ()) + ((PARENT_COLUMN,) if repeat is not None else ())


def _refuse_impossible_sheets(survey: Survey) -> None:
    titles = [*_OUR_SHEETS, survey.name, *(part.name for part in survey.form.repeats)]
    folded = [title.casefold() for title in titles]
    unfit = [title for title in titles if len(title) > _LONGEST_TITLE or folded.count(title.casefold()) > 1]
    if unfit:
        raise SurveyDefinitionError(
            "no workbook can have sheets of these names",
            file=f"{survey.name}/questionnaire.md",
            culprits=sorted(set(unfit)),
            remedy=f"give each repeated part a name of its own, up to {_LONGEST_TITLE} letters, "
            f"and none of {', '.join(_OUR_SHEETS)}",
        )


def _fill_about(sheet: Worksheet, survey: Survey) -> None:
    from openpyxl.styles import Alignment, Font

    asked = survey.form
    rows = [
        (MARK, ""),
        ("survey", survey.title),
        ("version", asked.version),
        (RESPONSES_ROW, survey.name),
        *((REPEAT_ROW, part.name) for part in asked.repeats),
        ("", ""),
        *(("how to" if number == 0 else "", line) for number, line in enumerate(_HOW_TO)),
    ]
    for row in rows:
        sheet.append(row)
        sheet.cell(sheet.max_row, 1).alignment = Alignment(vertical="top")
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(name=FONT, bold=True, size=14, color=INK)
    sheet["B2"].font = Font(name=FONT, bold=True, color=INK)
    sheet.row_dimensions[1].height = 24
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 100
    sheet.sheet_view.showGridLines = False


def _fill_lists(sheet: Worksheet, asked: Questionnaire) -> dict[str, str]:
    """Writes each distinct option list once; returns the range of cells of each list that opens in cells."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    users: dict[tuple[str, ...], list[str]] = {}
    for question in asked.questions:
        if question.kind == "select_one":
            users.setdefault(tuple(option.label for option in question.offered), []).append(question.name)
    ranges: dict[str, str] = {}
    for position, (labels, names) in enumerate(users.items(), start=1):
        letter = get_column_letter(position)
        for row, text in enumerate((", ".join(names), *labels), start=1):
            sheet.cell(row, position, text)
        sheet.cell(1, position).font = Font(name=FONT, bold=True, color=INK)
        sheet.column_dimensions[letter].width = max(map(len, (", ".join(names), *labels))) + 2
        ranges |= dict.fromkeys(names, f"{LISTS_SHEET}!${letter}$2:${letter}${len(labels) + 1}")
    sheet.freeze_panes = "A2"
    return ranges


def _fill_sheet(sheet: Worksheet, survey: Survey, repeat: str | None, lists: dict[str, str]) -> None:
    asked = survey.form
    numbers = own_columns(asked, repeat)
    for position, name in enumerate(numbers, start=1):
        _write_heading(sheet, position, name, _number_wording(survey, repeat, name), _NUMBER_WIDTH, is_required=True)
    if repeat is not None:
        above = _parent_sheet(survey, repeat)
        numbers_above = f"'{above}'!$A${HEADING_ROWS + 1}:$A${_LAST_ROW}"
        _validate(sheet, len(numbers), "list", numbers_above, wanted=f"a number given on the sheet “{above}”")
    for position, (question, option) in enumerate(asked_columns(asked, repeat), start=len(numbers) + 1):
        if option is None:
            _write_heading(
                sheet, position, question.name, question.label, _width(question), is_required=question.required
            )
            _prepare_column(sheet, position, question, lists)
        else:
            _write_tick_heading(sheet, position, question, option)
    sheet.freeze_panes = sheet.cell(HEADING_ROWS + 1, len(numbers) + 1)
    lines = max(
        math.ceil(len(str(cell.value)) / (sheet.column_dimensions[cell.column_letter].width - 4))
        for cell in sheet[2]
        if not cell.alignment.textRotation
    )
    has_ticks = any(cell.alignment.textRotation for cell in sheet[2])
    sheet.row_dimensions[2].height = max(15 * lines + 6, _TICK_HEIGHT if has_ticks else 0)


def asked_columns(asked: Questionnaire, repeat: str | None) -> Iterator[tuple[Question, Option | None]]:
    """The columns of a part's questions: one each, but one an option where several may be ticked."""
    for question in asked.of(repeat):
        if question.kind == "select_multiple":
            yield from ((question, option) for option in question.offered)
        else:
            yield question, None


def _number_wording(survey: Survey, repeat: str | None, column: str) -> str:
    if column == PARENT_COLUMN and repeat is not None:
        return f"Number of the row on the sheet “{_parent_sheet(survey, repeat)}” that it belongs to"
    example = f"{(repeat or survey.name.rpartition('_')[2])[0].upper()}01"
    return f"Number of this row (your own, such as {example})"


def _parent_sheet(survey: Survey, repeat: str) -> str:
    part = next(part for part in survey.form.repeats if part.name == repeat)
    return part.parent or survey.name


def _write_heading(sheet: Worksheet, position: int, name: str, wording: str, width: int, *, is_required: bool) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    top, heading = sheet.cell(1, position, name), sheet.cell(2, position, wording)
    top.font = Font(name=FONT, size=9, italic=True, color=HINT)
    heading.font = Font(name=FONT, bold=True, color=INK)
    heading.fill = PatternFill("solid", fgColor=STRONG if is_required else PALE)
    heading.alignment = Alignment(wrap_text=True, vertical="top")
    heading.border = Border(bottom=Side("medium", color=INK), right=Side("thin", color=WHITE))
    sheet.column_dimensions[top.column_letter].width = width


def _write_tick_heading(sheet: Worksheet, position: int, question: Question, option: Option) -> None:
    """A narrow column for one option, its heading written upwards; a thin line parts one question from the next."""
    from openpyxl.styles import Alignment, Border, Font, Side

    is_first = option == question.offered[0]
    name, wording = f"{question.name}{OPTION_MARK}{option.code}", f"{question.label}: {option.label}"
    _write_heading(sheet, position, name, wording, _NARROWEST, is_required=question.required)
    heading = sheet.cell(2, position)
    heading.alignment = Alignment(textRotation=90, wrap_text=True, vertical="bottom", horizontal="center")
    heading.font = Font(name=FONT, bold=is_first, size=9, color=INK)
    side = Side("medium", color=INK)
    heading.border = Border(bottom=side, left=side if is_first else Side("thin", color=WHITE))
    column = sheet.column_dimensions[heading.column_letter]
    column.width, column.alignment = _TICK_WIDTH, Alignment(horizontal="center", vertical="top")
    if option.code != question.other_code:
        _validate(sheet, position, "list", f'"{TICK}"', wanted=f"{TICK}, or nothing")


def _width(question: Question) -> int:
    longest = max((len(option.label) for option in question.options), default=0)
    return _WIDTHS.get(question.kind) or min(_WIDEST, max(_NARROWEST, longest + 4))


def _prepare_column(sheet: Worksheet, position: int, question: Question, lists: dict[str, str]) -> None:
    from openpyxl.styles import Alignment

    column = sheet.column_dimensions[sheet.cell(1, position).column_letter]
    column.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
    if question.kind == "date":
        column.number_format = SHOWN_DATE_FORMAT
        _validate(sheet, position, "date", "1", wanted="a date, as day/month/year")
    elif question.kind == "integer":
        _validate(sheet, position, "whole", "-1", wanted="a whole number")
    elif question.kind == "decimal":
        _validate(sheet, position, "decimal", "-1E+300", wanted="a number")
    elif question.kind == "select_one":
        _validate(sheet, position, "list", lists[question.name], wanted="an option from the list")


def _validate(sheet: Worksheet, position: int, kind: str, rule: str, *, wanted: str) -> None:
    """Lets a column take only what a rule allows: entries of a range of cells, or values above a bound."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    validation = DataValidation(
        type=kind,
        formula1=rule,
        operator=None if kind == "list" else "greaterThan",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Not accepted",
        error=f"This cell takes {wanted}.",
    )
    letter = get_column_letter(position)
    validation.add(f"{letter}{HEADING_ROWS + 1}:{letter}{_LAST_ROW}")
    sheet.add_data_validation(validation)

"""Writes and reads the private workbooks in which people code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.office_files import FONT, INK, PALE, TO_FILL, save_workbook, write_value
from landscape.private_files import make_private
from landscape.surveys.dialects.workbooks import is_workbook, read_rows, sheet_names
from landscape.text import normal_wording, safe_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

REVIEW, CODES, ABOUT = "review", "codes", "about"
RECORD, CODER, CHECK, WORDS = "record", "coder", "check", "words"
SEPARATOR = "; "
SAMPLE_NOTICE = "Made-up sample data: nobody said this."
PRIVATE_NOTICE = (
    "Private: these are people’s own words. Keep this file in data/private/review, pass it on only within the team, and "
    "delete it when it is coded. When someone asks to be forgotten, the whole folder is deleted."
)
_BETWEEN = re.compile(r"[;\n]")
_WIDTHS = {RECORD: 34, WORDS: 70, "asked": 44, "suggestions": 44, "your codes": 44, "what it is": 60, "definition": 80}
_WIDTHS |= {"code and label": 60, "response": 30, "question": 22, "coder A": 40, "coder B": 40, "agreed codes": 40}
_WIDTH = 18
_NARROW = {"part": 7, CODER: 10, CHECK: 8}
_LINE_HEIGHT, _HEADING_HEIGHT = 15, 22


@dataclass(frozen=True)
class Sheet:
    """A workbook to be filled in.

    Args:
        headings: Column headings, in order.
        rows: One tuple of cells each.
        to_fill: The headings of the columns that a person fills.
        lists: Labels by code for each option list, by the list's name.
        list_of: The list for a row's cell, by row (from 0) and heading.
        definitions: Definitions of codes that have one.
        how_to: Instructions for whoever fills it in.
        is_sample: Whether it is based on made-up answers.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    to_fill: Sequence[str]
    lists: Mapping[str, Mapping[str, str]]
    list_of: Mapping[tuple[int, str], str]
    how_to: Sequence[str]
    definitions: Mapping[str, str] = field(default_factory=dict)
    is_sample: bool = False


def write_sheet(sheet: Sheet, folder: Path, name: str, at: dt.datetime) -> Path:
    """Writes a workbook that only its owner may read; never overwrites one.

    Args:
        sheet: Its content.
        folder: Where; made private.
        name: Its name, without ending; the time is added.
        at: When (UTC).

    Raises:
        LandscapeError: There is already one from this second.
    """
    from openpyxl import Workbook

    made_up = "SAMPLE-" if sheet.is_sample else ""
    path = make_private(folder) / f"{made_up}{name}-{at:%Y%m%d-%H%M%S}.xlsx"
    if path.exists():
        raise LandscapeError(
            "there is already a file of this name", file=path.name, remedy="wait a second, then try again"
        )
    book = Workbook()
    review = book.active
    review.title = REVIEW
    ranges = _write_codes(book.create_sheet(CODES), sheet)
    _write_review(review, sheet, ranges)
    _write_about(book.create_sheet(ABOUT), sheet)
    save_workbook(book, path, at, is_private=True)
    return path


def _write_review(review: Worksheet, sheet: Sheet, ranges: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    _write_headings(review, sheet.headings)
    for number, cells in enumerate(sheet.rows, start=2):
        for column, (heading, text) in enumerate(zip(sheet.headings, cells, strict=True), start=1):
            cell = review.cell(number, column)
            write_value(cell, safe_cell(text) or None)
            cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
            if heading in sheet.to_fill:
                cell.fill = PatternFill("solid", fgColor=TO_FILL)
        lines = max(
            len(text) // _WIDTHS.get(heading, _WIDTH) + 1 for heading, text in zip(sheet.headings, cells, strict=True)
        )
        review.row_dimensions[number].height = _LINE_HEIGHT * lines + 3
    validations = {
        name: DataValidation(type="list", formula1=place, allow_blank=True, showErrorMessage=False)
        for name, place in ranges.items()
    }  # it only suggests: several codes are typed with “; ” between them
    for (row, heading), name in sheet.list_of.items():
        validations[name].add(f"{get_column_letter(sheet.headings.index(heading) + 1)}{row + 2}")
    for validation in validations.values():
        review.add_data_validation(validation)
    if CHECK in sheet.headings:
        review.column_dimensions[get_column_letter(sheet.headings.index(CHECK) + 1)].hidden = True
    review.freeze_panes = review.cell(2, 2)
    review.auto_filter.ref = review.dimensions


def _write_codes(codes: Worksheet, sheet: Sheet) -> dict[str, str]:
    """Writes every list once; returns the range of cells of each."""
    from openpyxl.styles import Alignment

    _write_headings(codes, ("list", "code and label", "definition"))
    ranges: dict[str, str] = {}
    row = 2
    for name, labels in sheet.lists.items():
        first = row
        for code, label in labels.items():
            texts = (name, _shown(code, label), sheet.definitions.get(code, ""))
            for column, text in enumerate(texts, start=1):
                write_value(codes.cell(row, column), safe_cell(text) or None)
                codes.cell(row, column).alignment = Alignment(vertical="top", wrap_text=True)
            row += 1
        ranges[name] = f"{CODES}!$B${first}:$B${row - 1}"
    return ranges


def _write_headings(sheet: Worksheet, headings: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, column, heading)
        cell.font = Font(name=FONT, bold=True, color=INK)
        cell.fill = PatternFill("solid", fgColor=PALE)
        cell.alignment = Alignment(vertical="center")
        sheet.column_dimensions[get_column_letter(column)].width = _NARROW.get(heading, _WIDTHS.get(heading, _WIDTH))
    sheet.row_dimensions[1].height = _HEADING_HEIGHT
    sheet.freeze_panes = "A2"


def _write_about(about: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font

    about.column_dimensions["A"].width = 100
    notices = [SAMPLE_NOTICE] if sheet.is_sample else []
    for row, text in enumerate((*notices, PRIVATE_NOTICE, *sheet.how_to), start=1):
        cell = about.cell(row, 1, text)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.font = Font(name=FONT, bold=row <= len(notices) + 1)


def _shown(code: str, label: str) -> str:
    return f"{code} {label.replace(';', ',')}"


def read_sheet(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a returned sheet: line and cells by heading; rows without a record are left out.

    Raises:
        LandscapeError: It is not such a sheet.
    """
    if not path.is_file():
        raise LandscapeError("there is no such file", file=path, remedy="sheets are in data/private/review")
    if not is_workbook(path) or REVIEW not in sheet_names(path):
        raise LandscapeError(
            "it is not a sheet from `landscape review export`",
            file=path.name,
            remedy="save it as .xlsx, with its sheets as they were",
        )
    rows = read_rows(path, REVIEW)
    headings = [cell.strip() for cell in rows[0].cells] if rows else []
    lacking = [heading for heading in needed if heading not in headings]
    if lacking:
        raise LandscapeError(
            "columns are missing, or it is another kind of sheet",
            file=path.name,
            culprits=lacking,
            remedy="leave the first row as it was; `landscape agreement` takes every kind of sheet, `review import` words only",
        )
    found = ((row.line, dict(zip(headings, (cell.strip() for cell in row.cells), strict=False))) for row in rows[1:])
    return [(line, cells) for line, cells in found if cells.get(RECORD)]


def codes_in(text: str, labels: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The codes that a person wrote into a cell, and anything that is not a code.

    Several are separated by `;`; each is a code, a label, or both as the dropdown writes them.

    >>> codes_in("OBJ.TRUST Build trust; obj.inform", {"OBJ.TRUST": "Build trust", "OBJ.INFORM": "Inform"})
    (['OBJ.TRUST', 'OBJ.INFORM'], [])
    """
    by_text = {normal_wording(code): code for code in labels}
    by_text |= {normal_wording(label): code for code, label in labels.items()}
    by_text |= {normal_wording(_shown(code, label)): code for code, label in labels.items()}
    codes: list[str] = []
    unknown: list[str] = []
    for part in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        found = [by_text.get(normal_wording(part))]
        if None in found:
            found = [by_text.get(normal_wording(token)) for token in re.split(r"[,\s]+", part)]
        if None in found:
            unknown.append(part)
        codes += [code for code in found if code is not None and None not in found]
    return list(dict.fromkeys(codes)), unknown

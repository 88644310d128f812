"""The project's own visit workbook, one sheet for each repeated part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Row, cells_of
from landscape.surveys.dialects.merging import without_errors
from landscape.surveys.dialects.times import iso_date
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import (
    ISO_FORMAT,
    NOTHING_ASKED,
    Asked,
    Column,
    Export,
    Role,
    Sheet,
    split_against,
    with_own_words,
)

ABOUT_SHEET = "about"
MARK = "engagement-landscape workbook"
RESPONSES_ROW, REPEAT_ROW = "responses", "repeat"
RECORD_COLUMN, PARENT_COLUMN = "record", "belongs_to"
HEADING_ROWS = 2  # the question's name, then its wording
OPTION_MARK = "/"
"""In row 1, between a question that takes several answers and the code of the option that its column ticks."""
TICK = "x"
NAME = "visit_workbook"
TITLE = "the project’s visit workbook"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = False
MEND = "put these cells right in the workbook, save it and check it again"
_TYPED_DATES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")  # as the workbook asks for dates, where Excel kept one as text
_BLANK = "copy the answers into a blank workbook: landscape survey workbook SURVEY"
_TICKS = {TICK, "yes", "y", "1", "true", "✓", "✔"}
_OTHER = ".OTHER"
_SEPARATOR = re.compile(r"\s*[;\n\r]+\s*")
_COMMA = re.compile(r"\s*,\s*")


def recognises(path: Path) -> bool:
    """Whether it has the sheet that says where it comes from."""
    if not is_workbook(path) or ABOUT_SHEET not in sheet_names(path):
        return False
    rows = read_rows(path, ABOUT_SHEET)
    return bool(rows) and rows[0].cells[:1] == (MARK,)


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads every sheet that the `about` sheet lists.

    Raises:
        ReceivedFileError: Sheets that it lists are gone, or have lost their headings or their row numbers; all are named.
    """
    listed = [
        row.cells[:2]
        for row in read_rows(path, ABOUT_SHEET)
        if row.cells[0] in (RESPONSES_ROW, REPEAT_ROW) and len(row.cells) > 1
    ]
    if [kind for kind, _ in listed].count(RESPONSES_ROW) != 1:
        raise ReceivedFileError(
            f"its sheet “{ABOUT_SHEET}” no longer says which sheets hold the answers",
            file=path,
            remedy=_BLANK,
        )
    there = set(sheet_names(path))
    faults: list[str] = []
    sheets: list[Sheet] = []
    for kind, title in sorted(listed, key=lambda row: row[0] != RESPONSES_ROW):
        rows = read_rows(path, title) if title in there else None
        fault = f"the sheet “{title}” was renamed or deleted" if rows is None else _fault(kind, title, rows)
        if rows is None or fault:
            faults.append(fault)
        else:
            sheets.append(_sheet(title if kind == REPEAT_ROW else None, title, rows, asked))
    if faults:
        raise ReceivedFileError(
            "the workbook is no longer laid out as it was", file=path, culprits=faults, remedy=f"undo that, or {_BLANK}"
        )
    return Export(NAME, tuple(_of_the_only_response(sheets)), exported_at=modified_at(path), mend=MEND)


def _of_the_only_response(sheets: Sequence[Sheet]) -> Iterator[Sheet]:
    """The sheets; rows that may leave it open which response they belong to are of the only one there is."""
    responses, own = sheets[0], sheets[0].position("response_id")
    numbers = [] if own is None else [text.strip() for text in responses.cells.columns[own].in_rows()]
    for sheet in sheets:
        at = sheet.position("parent_id")
        if at is None or len(numbers) != 1 or f"“{responses.title}”" not in sheet.columns[at].heading:
            yield sheet
        else:
            of_it = sheet.cells.columns[at].mapped(lambda text: text.strip() or numbers[0])
            yield replace(sheet, cells=sheet.cells.with_columns({at: of_it}))


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by `;` or by line breaks, as cells that were pasted are; by commas where all between them are options.

    What fits no option ends at the next one.

    >>> split("Web, radio, print", ["Web", "Radio, print"]), split("TV ;Web", ["Web"])
    (['Web', 'Radio, print'], ['TV', 'Web'])
    """
    by_typing = {_tidy(label): label for label in labels}
    parts: list[str] = []
    for part in split_against(_tidy(cell), list(by_typing), ";"):
        parts += [by_typing[part]] if part in by_typing else _by_commas(part, labels) or part.split(";")
    return [part for part in parts if part]


def _by_commas(part: str, labels: Sequence[str]) -> list[str]:
    """The options in a part that is nothing but options with commas between them; else nothing."""
    by_typing = {_COMMA.sub(",", label).casefold(): label for label in labels}
    found = split_against(_COMMA.sub(",", part).casefold(), list(by_typing), ",")
    return [by_typing[option] for option in found] if by_typing.keys() >= set(found) else []


def _tidy(text: str) -> str:
    return _SEPARATOR.sub(";", text.strip()).strip(";")


def _fault(kind: str, title: str, rows: list[Row]) -> str:
    """What a sheet has lost that it cannot be read without; empty if nothing."""
    if len(rows) < HEADING_ROWS:
        return f"the sheet “{title}” has lost its two rows of headings"
    needed = PARENT_COLUMN if kind == REPEAT_ROW else RECORD_COLUMN
    if needed not in {name.strip() for name in rows[0].cells}:
        return f"the sheet “{title}” has lost “{needed}” in row 1, above the numbers of its rows"
    return ""


def _sheet(repeat: str | None, title: str, rows: list[Row], asked: Asked) -> Sheet:
    names, wordings = ([cell.strip() for cell in row.cells] for row in rows[:HEADING_ROWS])
    own_id: Role = "record_id" if repeat else "response_id"
    roles: dict[str, Role] = {RECORD_COLUMN: own_id, PARENT_COLUMN: "parent_id"}
    columns = tuple(
        Column(i, wording, roles.get(name, "answer" if wording else "empty"))
        for i, (name, wording) in enumerate(zip(names, wordings, strict=True))
    )
    filled = (row for row in rows[HEADING_ROWS:] if any(cell.strip() for cell in row.cells))
    sheet = _with_ticks_joined(without_errors(Sheet(repeat, title, columns, cells_of(filled, len(columns)))), names)
    dated = [column.position for column in columns if asked.kind(column.heading) == "date"]
    typed = {at: sheet.cells.columns[at].mapped(lambda text: iso_date(text, _TYPED_DATES)) for at in dated}
    return replace(sheet, cells=sheet.cells.with_columns(typed))


def _with_ticks_joined(sheet: Sheet, names: Sequence[str]) -> Sheet:
    """A sheet in which the first of a question's tick columns holds all that was ticked, as a cell with several answers.

    What is no tick stays as it was typed: beside “Other” it is the answer in own words, elsewhere it fits no option.
    """
    options: dict[str, dict[int, str]] = {}
    for at, name in enumerate(names):
        question, mark, code = name.partition(OPTION_MARK)
        if mark and ": " in sheet.columns[at].heading:  # “question: option”; else the row of headings is gone
            options.setdefault(question, {})[at] = code
    columns = list(sheet.columns)
    for question, codes in options.items():
        first, *others = codes
        columns[first] = replace(columns[first], heading=question, role="answer")
        for at in others:
            columns[at] = replace(columns[at], role="tool")
    made = {min(codes): sheet.cells.made(tuple(codes), partial(_ticked, codes)) for codes in options.values()}
    return replace(sheet, columns=tuple(columns), cells=sheet.cells.with_columns(made))


def _ticked(codes: Mapping[int, str], cells: Mapping[int, str]) -> str:
    given = [(code, text) for at, code in codes.items() if (text := cells[at].strip())]
    is_own = {code: code.endswith(_OTHER) and text.casefold() not in _TICKS for code, text in given}
    ticked = ";".join(code if text.casefold() in _TICKS else text for code, text in given if not is_own[code])
    return with_own_words(ticked, [text for code, text in given if is_own[code]])

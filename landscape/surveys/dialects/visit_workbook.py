"""The project's own visit workbook, one sheet for each repeated part. Not here: how the blank one looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
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
    Row,
    Sheet,
    split_against,
)

ABOUT_SHEET = "about"
MARK = "engagement-landscape workbook"
RESPONSES_ROW, REPEAT_ROW = "responses", "repeat"
RECORD_COLUMN, PARENT_COLUMN = "record", "belongs_to"
HEADING_ROWS = 2  # the question's name, then its wording
NAME = "visit_workbook"
TITLE = "the project’s visit workbook"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = False
_TYPED_DATES = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y")  # as the blank workbook asks for them
_BLANK = "start from a blank workbook: landscape survey workbook <survey>"
_SEPARATOR = re.compile(r"\s*;\s*")


def recognises(path: Path) -> bool:
    """Whether it has the sheet that says where it comes from."""
    if not is_workbook(path) or ABOUT_SHEET not in sheet_names(path):
        return False
    rows = read_rows(path, ABOUT_SHEET)
    return bool(rows) and rows[0].cells[:1] == (MARK,)


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads every sheet that the `about` sheet lists.

    Raises:
        ReceivedFileError: A sheet that it lists is gone, or has lost its headings or its row numbers.
    """
    listed = [
        row.cells[:2]
        for row in read_rows(path, ABOUT_SHEET)
        if row.cells[0] in (RESPONSES_ROW, REPEAT_ROW) and len(row.cells) > 1
    ]
    gone = sorted({title for _, title in listed} - set(sheet_names(path)))
    if gone:
        raise ReceivedFileError("sheets were renamed or deleted", file=path, culprits=gone, remedy=_BLANK)
    if [kind for kind, _ in listed].count(RESPONSES_ROW) != 1:
        raise ReceivedFileError(
            f"its sheet “{ABOUT_SHEET}” no longer says which sheets hold the answers",
            file=path,
            remedy=_BLANK,
        )
    sheets = tuple(
        _sheet(title if kind == REPEAT_ROW else None, title, read_rows(path, title), path, asked)
        for kind, title in sorted(listed, key=lambda row: row[0] != RESPONSES_ROW)
    )
    return Export(NAME, sheets, exported_at=modified_at(path))


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by `; `. People also type a bare `;`; what fits no option ends at the next one."""
    by_typing = {_tidy(label): label for label in labels}
    parts: list[str] = []
    for part in split_against(_tidy(cell), list(by_typing), ";"):
        parts += [by_typing[part]] if part in by_typing else part.split(";")
    return [part for part in parts if part]


def _tidy(text: str) -> str:
    return _SEPARATOR.sub(";", text).strip()


def _sheet(repeat: str | None, title: str, rows: list[Row], path: Path, asked: Asked) -> Sheet:
    if len(rows) < HEADING_ROWS:
        raise ReceivedFileError(f"the sheet “{title}” has lost its two rows of headings", file=path, remedy=_BLANK)
    names, wordings = (row.cells for row in rows[:HEADING_ROWS])
    own_id: Role = "record_id" if repeat else "response_id"
    roles: dict[str, Role] = {RECORD_COLUMN: own_id, PARENT_COLUMN: "parent_id"}
    columns = tuple(
        Column(i, wording.strip(), roles.get(name.strip(), "answer" if wording.strip() else "empty"))
        for i, (name, wording) in enumerate(zip(names, wordings, strict=True))
    )
    needed = PARENT_COLUMN if repeat else RECORD_COLUMN
    if needed not in {name.strip() for name in names}:
        raise ReceivedFileError(
            f"the sheet “{title}” has lost its column “{needed}”, so a row cannot be told from others",
            file=path,
            remedy=f"put “{needed}” back into row 1 above the numbers, or {_BLANK}",
        )
    filled = tuple(row for row in rows[HEADING_ROWS:] if any(cell.strip() for cell in row.cells))
    dated = {column.position for column in columns if asked.kind(column.heading) == "date"}
    return without_errors(Sheet(repeat, title, columns, tuple(_with_dates(row, dated) for row in filled)))


def _with_dates(row: Row, dated: set[int]) -> Row:
    """A row whose dates that were typed as text are written in ISO 8601, as Excel's own dates are."""
    return Row(
        row.line, tuple(iso_date(text, _TYPED_DATES) if at in dated else text for at, text in enumerate(row.cells))
    )

"""Microsoft Forms: the workbook behind "Open in Excel", or kept by Power Automate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from landscape.surveys.cells import cells_of
from landscape.surveys.dialects.merging import json_list, without_errors
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Column, Export, Role, Sheet, split_against

NAME = "microsoft_forms"
TITLE = "Microsoft Forms"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = True
SEPARATOR = ";"
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


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the workbook's first sheet; the e-mail and name columns that Forms itself adds are not used."""
    title = sheet_names(path)[0]
    heading, *rows = read_rows(path, title)
    n_own = next((i for i, text in enumerate(heading.cells) if not _is_of_forms(text)), len(heading.cells))
    columns = tuple(Column(i, text.strip(), _role(text.strip(), i < n_own)) for i, text in enumerate(heading.cells))
    return Export(
        NAME,
        (without_errors(Sheet(None, title, columns, cells_of(rows, len(columns)))),),
        exported_at=modified_at(path),
    )


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by `;`, usually with one more at the end, or in a JSON array; a ranking keeps its order."""
    listed = json_list(cell)
    return split_against(cell, labels, SEPARATOR) if listed is None else listed


def _is_of_forms(heading: str) -> bool:
    return heading.strip().casefold() in _ROLES.keys() | _TOOL_HEADINGS


def _role(heading: str, is_of_forms: bool) -> Role:
    """Its own columns are before the first question; a question may bear the same name as one of them."""
    if not heading:
        return "empty"
    if is_of_forms:
        return _ROLES.get(heading.casefold(), "tool")
    return "tool" if heading.startswith(_QUIZ) else "answer"

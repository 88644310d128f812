"""Reading JSON exports as tables of text cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells, Row, cells_of
from landscape.surveys.dialects.textfiles import TextTable, decode
from landscape.surveys.export import OWN_WORDS_MARK, UNREADABLE_MARK


@dataclass(frozen=True)
class Table:
    """One table of an export, the responses or a repeated part: its headings and the cells below."""

    title: str
    headings: tuple[str, ...]
    cells: Cells

    def column(self, heading: str) -> CellColumn | None:
        """The cells of one column in all whole rows, stripped; None where there is no such column."""
        return self.cells.columns[self.headings.index(heading)].mapped(str.strip) if heading in self.headings else None

    def values(self, heading: str) -> tuple[str, ...]:
        """The distinct cells of one column in all whole rows, stripped; none where there is no such column."""
        column = self.column(heading)
        return column.texts if column is not None else ()


def table_of_text(text: TextTable) -> Table:
    """The table of a text file with one row of headings."""
    return Table("", tuple(cell.strip() for cell in text.headings), text.cells)


def table_of_rows(title: str, rows: Sequence[Row]) -> Table:
    """The table whose first row holds the headings."""
    headings = tuple(cell.strip() for cell in rows[0].cells) if rows else ()
    return Table(title, headings, cells_of(rows[1:], len(headings)))


def table_of_entries(title: str, entries: Sequence[Mapping[str, str]], first: Iterable[str] = ()) -> Table:
    """The table of entries that may lack some of the keys, with given ones first; rows are numbered from 1, as entries are."""
    headings = tuple(dict.fromkeys((*first, *(key for entry in entries for key in entry))))
    rows = (
        Row(line, tuple(entry.get(heading, "") for heading in headings)) for line, entry in enumerate(entries, start=1)
    )
    return Table(title, headings, cells_of(rows, len(headings)))


def is_json(path: Path) -> bool:
    """Whether the file begins as a JSON object or list does."""
    with path.open("rb") as stream:
        return stream.read(64).replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1] in (b"{", b"[")


def read_json(path: Path) -> tuple[Any, str]:
    """What a JSON file holds, numbers as written; and a note where its encoding had to be guessed.

    Raises:
        ReceivedFileError: It is damaged or was cut short.
    """
    text, note = decode(path)
    try:
        return json.loads(text, parse_int=str, parse_float=str), note
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReceivedFileError(
            "it is damaged or was cut short", file=path, remedy="export it again; do not edit it by hand"
        ) from error


def json_cell(value: object) -> str:
    """A value of a JSON file as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value.replace(OWN_WORDS_MARK, " ").replace(UNREADABLE_MARK, " ").replace("\x00", "")

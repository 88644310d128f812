"""Which rows of a received file can be placed, and why the others are set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.identity.holds import OBJECTED, ON_HOLD, Holds
from landscape.identity.tombstones import FORGOTTEN, Tombstones
from landscape.surveys.cells import CellColumn, Cells
from landscape.surveys.export import Sheet, column_name
from landscape.surveys.person_rows import forgotten_lines, held_lines, person_rows
from landscape.surveys.received import ReceivedFile

if TYPE_CHECKING:
    from landscape.surveys.cells import Mask

NO_NUMBER = "no response number"
NO_PARENT = "belongs to no row that could be placed"
NUMBER_SHARED = "several rows have its number"
GONE = "deleted at the service that its survey is pulled from, so it is withdrawn"


def unwanted_lines(file: ReceivedFile, tombstones: Tombstones, holds: Holds) -> dict[int, str]:
    """The lines that are not loaded, with the reason: deleted at their service, of people who were forgotten, on hold."""
    gone = {row.line: GONE for row in person_rows(file) if row.response_id in file.gone} if file.gone else {}
    return gone | held_lines(file, holds) | dict.fromkeys(forgotten_lines(file, tombstones), FORGOTTEN)


def column_at(cells: Cells, position: int | None) -> CellColumn:
    """The cells at a position, stripped; blank ones where the file has no such column."""
    return cells.blank_column() if position is None else cells.columns[position].mapped(str.strip)


def truth(rows: Mask) -> CellColumn:
    """What holds of each row, in words."""
    return CellColumn(rows.astype("int32"), ("false", "true")).in_order()


@dataclass
class Placed:
    """The rows of one sheet that can be placed, and what is to be said of rows.

    Args:
        file: The received file.
        sheet: One of its sheets.
        rows: The rows that can be placed.
        shared: The rows whose number is another row's, too.
    """

    file: ReceivedFile
    sheet: Sheet
    rows: Mask
    shared: Mask
    _said: list[tuple[int, str, str, int | None]] = field(default_factory=list)

    def note(self, rows: Mask, reason: str, at: int | None = None) -> None:
        """Something to be known of rows that are placed."""
        self._said += [(line, reason, "noted", at) for line in self.sheet.cells.lines_where(self.rows & rows)]

    def set_aside(self, line: int, reason: str, at: int | None) -> None:
        """Why a row is not placed."""
        self._said.append((line, reason, "row_set_aside", at))

    def issues(self) -> Iterator[tuple[object, ...]]:
        """What was said, as rows of raw.loading_issues."""
        file, sheet = self.file, self.sheet
        for line, reason, disposition, at in sorted(self._said, key=lambda said: said[0]):
            who = "us" if reason in (FORGOTTEN, GONE, ON_HOLD, OBJECTED) else "sender"
            cell = f"{column_name(sheet, at or 0)}{line}" if file.is_workbook else None
            yield file.name, line, file.survey.name, sheet.repeat or "", reason, disposition, who, cell


class Placing:
    """Places the rows of a file's sheets, the responses first.

    Args:
        file: The received file.
        unwanted: Lines of responses that are not loaded whatever they say, with the reason.
    """

    def __init__(self, file: ReceivedFile, unwanted: Mapping[int, str]) -> None:
        self._file = file
        self._unwanted = unwanted
        self._numbers: dict[str | None, set[str]] = {}

    def of(self, sheet: Sheet) -> Placed:
        """The rows of a sheet that can be placed: they are whole, bear a number, and belong to a row that is placed."""
        import numpy as np

        cells, asked = sheet.cells, self._file.survey.questionnaire
        is_main = sheet.repeat is None
        own_at, placed_at = (sheet.position(role) for role in ("response_id" if is_main else "record_id", "parent_id"))
        own = column_at(cells, own_at)
        shared = own.repeated() if asked.repeats else np.zeros(len(cells.lines), dtype=np.bool_)
        is_filled = cells.any_filled(range(len(cells.columns)))
        unwanted = self._unwanted if is_main else {}
        if is_main:
            fits, placed_at = own.filled() & ~shared, own_at
        else:
            fits = column_at(cells, placed_at).where(self._numbers[asked.parent_of(str(sheet.repeat))].__contains__)
        rows = is_filled & fits & ~np.isin(cells.lines, list(unwanted))
        if asked.repeats:
            self._numbers[sheet.repeat] = set(CellColumn(own.codes[rows & ~shared], own.texts).in_order().texts) - {""}
        placed = Placed(self._file, sheet, rows, shared)
        for line, filled, same in zip(
            *(each[~rows].tolist() for each in (cells.lines, is_filled, shared)), strict=True
        ):
            reason = NO_PARENT if not is_main else NUMBER_SHARED if filled and same else NO_NUMBER
            reason = unwanted.get(line) or (reason if filled else "empty row")
            placed.set_aside(line, reason, own_at if reason == NUMBER_SHARED else placed_at)
        for row in cells.odd:
            reason = f"{len(row.cells)} cells where the headings are {len(sheet.columns)}"
            reason = unwanted.get(row.line) or (reason if any(map(str.strip, row.cells)) else "empty row")
            placed.set_aside(row.line, reason, placed_at)
        placed.note(shared, NUMBER_SHARED, own_at)
        return placed

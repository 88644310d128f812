"""Rows of a workbook as they would lie if each could be placed, so that their answers can be checked, too."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from landscape.surveys.cells import Row, cells_of
from landscape.surveys.export import Sheet
from landscape.surveys.received import ReceivedFile


def as_if_placed(file: ReceivedFile) -> ReceivedFile:
    """A file in which each row has a number of its own, and belongs to a row that is there."""
    numbers: dict[str | None, list[str]] = {}
    placed: dict[str | None, Sheet] = {}
    asked = file.survey.questionnaire
    for repeat in (None, *(part.name for part in asked.repeats)):  # a part is after the part it belongs to
        sheet = next(each for each in file.export.sheets if each.repeat == repeat)
        own = sheet.position("response_id" if repeat is None else "record_id")
        parent = sheet.position("parent_id")
        parents = [] if repeat is None else numbers[asked.parent_of(repeat)]
        rows = [_placed(row, parent, parents) if _is_whole(row, sheet) else row for row in sheet.rows]
        bearers = Counter(row.cells[own].strip() for row in rows if own is not None and _is_whole(row, sheet))
        if own is not None:
            rows = [
                row
                if not _is_whole(row, sheet) or (row.cells[own].strip() and bearers[row.cells[own].strip()] == 1)
                else _with(row, own, f"row {row.line}")
                for row in rows
            ]
            numbers[repeat] = [row.cells[own].strip() for row in rows if _is_whole(row, sheet)]
        placed[repeat] = replace(sheet, cells=cells_of(rows, len(sheet.columns)))
    sheets = tuple(placed.get(sheet.repeat, sheet) for sheet in file.export.sheets)
    return replace(file, export=replace(file.export, sheets=sheets))


def _is_whole(row: Row, sheet: Sheet) -> bool:
    return len(row.cells) == len(sheet.columns) and any(cell.strip() for cell in row.cells)


def _placed(row: Row, parent: int | None, parents: list[str]) -> Row:
    if parent is None or not parents or row.cells[parent].strip() in parents:
        return row
    return _with(row, parent, parents[0])


def _with(row: Row, at: int, text: str) -> Row:
    return Row(row.line, (*row.cells[:at], text, *row.cells[at + 1 :]))

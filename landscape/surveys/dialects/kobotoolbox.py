"""KoboToolbox: CSV, XLSX with repeated parts, and JSON of its interface; names or labels."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Row
from landscape.surveys.dialects.jsonfiles import (
    Table,
    is_json,
    json_cell,
    read_json,
    table_of_entries,
    table_of_rows,
    table_of_text,
)
from landscape.surveys.dialects.kobotoolbox_columns import are_names, numbered, sheet_of
from landscape.surveys.dialects.kobotoolbox_groups import with_usual_headings
from landscape.surveys.dialects.merging import json_list
from landscape.surveys.dialects.textfiles import TextTable, first_text_rows, read_text
from landscape.surveys.dialects.times import refuse_other_times
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Export, Sheet

NAME = "kobotoolbox"
TITLE = "KoboToolbox"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = False
_SIGNATURE = {"_submission_time", "_uuid"}
_INDEX, _PARENT_INDEX, _PARENT_TABLE = "_index", "_parent_index", "_parent_table_name"
_IDS = ("_uuid", "_id")
_DELIMITERS = ",\t;"


def recognises(path: Path) -> bool:
    """Whether the columns or keys are there with which Kobo itself tells submissions apart."""
    try:
        if is_json(path):
            held, _ = read_json(path)
            records = _records(held)
            return bool(records) and records[0].keys() >= _SIGNATURE
        if is_workbook(path):
            return _is_headed(read_rows(path, sheet_names(path)[0]))
    except ReceivedFileError:
        return False
    headings = [cells for delimiter in _DELIMITERS for cells in first_text_rows(path, 1, delimiter)]
    return any(_is_signed(cells) for cells in headings)


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads an export of any variant.

    Raises:
        ReceivedFileError: It is damaged, holds only the first of several pages, bears no submission ids, or its times
            were re-written by another program.
    """
    exported_at, note, is_named = None, "", False
    if is_json(path):
        held, note = read_json(path)
        tables, is_named = _tables_of_records(held, path), True
    elif is_workbook(path):
        tables = [table_of_rows(title, read_rows(path, title)) for title in sheet_names(path)]
        exported_at = modified_at(path)
    else:
        text = _text(path)
        tables, note = [table_of_text(text)], text.note
    tables = [with_usual_headings(_without_tags(table)) for table in tables]
    is_named = is_named or are_names(tables[0].headings)
    sheets = tuple(_sheets(tables, path, asked, is_named=is_named))
    for sheet in sheets:
        refuse_other_times(sheet, path)
    return Export(
        NAME, sheets, exported_at, note, "UTC",
        omits_empty_parts=is_json(path) or is_workbook(path), omits_unanswered=is_json(path),
    )  # fmt: skip


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Ticked options: a list made of option columns, or names joined by spaces, which no name holds.

    Raises:
        ReceivedFileError: Labels are joined by spaces that labels hold too, so nobody can tell them apart.
    """
    found = json_list(cell)
    if found is not None:
        return found
    words = cell.split()
    phrases = [label.split() for label in labels if len(label.split()) > 1]
    if any(words[i : i + len(phrase)] == phrase for phrase in phrases for i in range(len(words))):
        raise ReceivedFileError(
            "answers to a choose-many question are labels joined by spaces, and the labels hold spaces too, "
            "so nobody can say where one ends and the next begins",
            remedy="export from KoboToolbox with “XML values and headers”, or with select-many questions as "
            "“single and separate columns”",
        )
    return words


def _is_headed(rows: Sequence[Row]) -> bool:
    return bool(rows) and _is_signed(rows[0].cells)


def _is_signed(headings: Sequence[str]) -> bool:
    return {heading.strip() for heading in headings} >= _SIGNATURE


def _text(path: Path) -> TextTable:
    """The cells of a CSV. Its first heading may be a question's, with any delimiter in it, so Kobo's own headings decide.

    Raises:
        ReceivedFileError: The quoting breaks off.
    """
    fitting = (d for d in _DELIMITERS if any(_is_signed(cells) for cells in first_text_rows(path, 1, d)))
    return read_text(path, next(fitting, ";"))


def _without_tags(table: Table) -> Table:
    """Without the rows of HXL tags, which are directly below the headings."""
    n_tags = sum(1 for _ in takewhile(_is_tags, table.cells.rows()))
    return dataclasses.replace(table, cells=table.cells.below(n_tags)) if n_tags else table


def _is_tags(row: Row) -> bool:
    """Whether a row below the headings holds HXL tags and no submission, which would bear an id."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _sheets(tables: Sequence[Table], path: Path, asked: Asked, *, is_named: bool) -> Iterator[Sheet]:
    main, *parts = tables
    id_column = next((heading for heading in _IDS if any(main.values(heading))), None)
    if id_column is None and any(cell.strip() for row in main.cells.rows() for cell in row.cells):
        raise ReceivedFileError(
            "its submissions bear neither “_uuid” nor “_id”, so a response cannot be distinguished from its copy",
            file=path,
            remedy="export again with all fields, or with “_id” and “_uuid” among those chosen",
        )
    yield sheet_of(main, asked, is_named=is_named, id_column=id_column or _IDS[0])
    index, ids = main.column(_INDEX), main.column(id_column or _IDS[0])
    responses = dict(zip(index.in_rows(), ids.in_rows(), strict=True)) if parts and index and ids else {}
    titles = {part.title for part in parts}
    for part in parts:
        parents = _parents(part, titles, responses)
        yield sheet_of(part, asked, is_named=is_named, id_column=_INDEX, parents=parents)


def _parents(part: Table, titles: set[str], responses: Mapping[str, str]) -> dict[str, str]:
    """The number of the row above, by its index: a submission's id, or the number of a row in another repeated part."""
    above = next(iter(set(part.values(_PARENT_TABLE)) & titles), None)
    indices = part.values(_PARENT_INDEX)
    if above is not None:
        return {index: numbered(above, index) for index in indices}
    return {index: responses.get(index, f"_index {index}") for index in indices}


def _records(held: object) -> list[dict[str, Any]]:
    """The submissions in a JSON file: a bare list, or `results` as the interface hands out pages."""
    found = held.get("results") if isinstance(held, dict) else held
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _tables_of_records(held: object, path: Path) -> list[Table]:
    if isinstance(held, dict) and held.get("next"):
        raise ReceivedFileError(
            "it holds one page of several, so submissions are missing",
            file=path,
            remedy="fetch all pages into one list, or ask for more per page with ?limit=",
        )
    found: dict[str, list[dict[str, str]]] = {"": []}
    for record in _records(held):
        _lay_out(record, "", {}, found)
    return [table_of_entries(title, entries) for title, entries in found.items()]


def _lay_out(
    record: Mapping[str, Any], title: str, facts: dict[str, str], found: dict[str, list[dict[str, str]]]
) -> None:
    """Adds a record's row to its table, and the rows of the repeated parts below it to theirs."""
    entries = found[title]
    index = str(len(entries) + 1)
    row = {**facts, _INDEX: index}
    entries.append(row)
    for key, value in record.items():
        if isinstance(value, list) and not key.startswith("_"):
            name = key.rsplit("/", 1)[-1]
            found.setdefault(name, [])
            for entry in value:
                _lay_out(entry, name, {_PARENT_TABLE: title, _PARENT_INDEX: index}, found)
        elif key == "_validation_status":
            row[key] = json_cell(value.get("uid") if isinstance(value, dict) else value)
        else:
            row[key] = json.dumps(value) if isinstance(value, dict | list) else json_cell(value)

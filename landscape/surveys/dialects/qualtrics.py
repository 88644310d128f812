"""Qualtrics: CSV with three, two or one row of headings, Excel with two; choices as text or numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, cells_of, column_of, made_of
from landscape.surveys.dialects.merging import Merging, json_list
from landscape.surveys.dialects.qualtrics_questions import Heading, keep_questions
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import order_of_dates, utc_times
from landscape.surveys.dialects.workbooks import first_rows, is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import (
    ISO_FORMAT,
    NOTHING_ASKED,
    Asked,
    Column,
    Export,
    Note,
    Role,
    Sheet,
    split_against,
)

NAME = "qualtrics"
TITLE = "Qualtrics"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = "%d/%m/%Y"
MIXES_OWN_WORDS = False
SEPARATOR = ","
_ROLES: dict[str, Role] = {
    "startdate": "started_at",
    "enddate": "completed_at",
    "responseid": "response_id",
    "_recordid": "response_id",
    "status": "preview",
}
_FACTS = {
    *(
        "ipaddress",
        "progress",
        "duration",
        "duration (in seconds)",
        "finished",
        "recordeddate",
        "responseset",
        "name",
    ),
    *("recipientlastname", "recipientfirstname", "recipientemail", "emailaddress", "externalreference"),
    *("externaldatareference", "externaldata", "locationlatitude", "locationlongitude", "locationaccuracy"),
    *("distributionchannel", "userlanguage"),
}
_PREVIEWS = {
    "1",
    "2",
    "9",
    "17",
    "survey preview",
    "survey test",
    "survey preview spam",
    "offline survey preview",
}
_GENUINE = {
    "",
    "0",
    "4",
    "8",
    "12",
    "16",
    "ip address",
    "imported",
    "spam",
    "imported spam",
    "offline",
    "offline response",
}
_STAMP = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[ T]\d{1,2}:\d{2}.*")
_FINISHED, _UNFINISHED = {"1", "true"}, {"0", "false"}


def recognises(path: Path) -> bool:
    """Whether the third row is one of ImportIds, or Qualtrics' own columns head the file."""
    rows = first_rows(path, 3) if is_workbook(path) else first_text_rows(path, 3)
    return bool(rows) and _n_headings(rows) > 0


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the export.

    Raises:
        ReceivedFileError: It has words for its status or its time zone that are not known, or nothing says the order of day
            and month in its date answers.
    """
    note, exported_at, title = "", None, ""
    if is_workbook(path):
        title, exported_at = sheet_names(path)[0], modified_at(path)
        rows = read_rows(path, title)
        n_headings = _n_headings([row.cells for row in rows[:3]])
        headings = _headings([row.cells for row in rows[:n_headings]])
        cells = cells_of(rows[n_headings:], len(headings))
    else:
        head, cells, note = read_text(path, n_headings=_n_headings)
        headings = _headings([row.cells for row in head])
    merging = Merging(cells, asked)
    facts = {fact: at for at, heading in reversed(list(enumerate(headings))) if (fact := _fact(heading))}
    zone = _keep_facts(merging, headings, facts, path)
    keep_questions(merging, headings, set(facts.values()))
    sheet = merging.sheet(title)
    if sheet.position("response_id") is None:
        sheet = _numbered(sheet)
    answers = [column for column in sheet.columns if column.role == "answer"]
    order_of_dates(
        sheet.cells,
        [column.position for column in answers],
        path,
        order=asked.dates,
        deciding=[column.position for column in answers if asked.kind(column.heading) == "date"],
        remedy="ask for dates as dd/mm/yyyy in the question’s validation, or as text",
    )
    return Export(NAME, (sheet,), exported_at=exported_at, encoding_note=note, time_zone=zone)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options in a JSON array, or joined by a comma without any escape; or the numbers of choices."""
    merged = json_list(cell)
    if merged is not None:
        return merged
    parts = cell.split(SEPARATOR)
    if cell not in labels and all(part.strip().isdigit() for part in parts) and not set(parts) & set(labels):
        return [part.strip() for part in parts]
    return split_against(cell, labels, SEPARATOR)


def _numbered(sheet: Sheet) -> Sheet:
    """A sheet without response ids, as published files are, with the rows numbered in their order."""
    at = len(sheet.columns)
    lines = sorted([*sheet.cells.lines.tolist(), *(row.line for row in sheet.cells.odd)])
    place = {line: number for number, line in enumerate(lines, start=1)}
    is_filled = made_of(sheet.cells.columns, lambda texts: "1" * any(texts)).in_rows()
    numbered = column_of(
        f"row {place[line]}" if filled else ""
        for line, filled in zip(sheet.cells.lines.tolist(), is_filled, strict=True)
    )
    note = Note(
        "it has no response ids: responses are numbered by row, so that a copy of one in another file is not noticed; "
        "to export with ids, choose “Download all fields”"
    )
    columns = (*sheet.columns, Column(at, "response number", "response_id"))
    return replace(sheet, columns=columns, cells=sheet.cells.with_columns({at: numbered}), notes=(*sheet.notes, note))


def _n_headings(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of headings are above the responses; 0 where this is no Qualtrics export."""
    if len(rows) > 2 and rows[2][:1] and "ImportId" in _import_id(rows[2][0]):
        return 3
    names = {cell.strip().casefold() for cell in rows[0]}
    wordings = {cell.strip().casefold() for cell in rows[1]} if len(rows) > 1 else set()
    if {"startdate", "enddate", "status"} <= names:
        is_answered = len(rows) > 1 and any(_STAMP.fullmatch(cell.strip()) for cell in rows[1])
        return 1 if is_answered or len(rows) == 1 else 2
    return 2 if {"responseid", "responseset", "status"} <= wordings else 0


def _import_id(cell: str) -> Mapping[str, str]:
    try:
        found = json.loads(cell)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _headings(rows: Sequence[Sequence[str]]) -> list[Heading]:
    width = max(len(row) for row in rows)
    padded = [(*row, *[""] * (width - len(row))) for row in rows]
    ids = [_import_id(cell) for cell in padded[2]] if len(padded) > 2 else [{}] * width
    worded = padded[1] if len(padded) > 1 else padded[0]
    return [Heading(name.strip(), text.strip(), i) for name, text, i in zip(padded[0], worded, ids, strict=True)]


def _fact(heading: Heading) -> str:
    """Which of Qualtrics' own facts a column holds; legacy exports name them in the second row (`V1`, `ResponseID`)."""
    known = _ROLES.keys() | _FACTS
    legacy = heading.wording if re.fullmatch(r"V\d+|Location\w+", heading.name) else ""
    return next((name for name in (heading.fact, legacy.casefold()) if name in known), "")


def _keep_facts(merging: Merging, headings: Sequence[Heading], facts: Mapping[str, int], path: Path) -> str | None:
    """Gives each fact its role; returns the zone of the times, where the file says it."""
    for fact, at in facts.items():
        merging.keep(at, headings[at].name, _ROLES.get(fact, "tool"))
    if "status" in facts:
        at = facts["status"]
        _refuse_unknown(merging, at, _PREVIEWS | _GENUINE, "status", path)
        merging.keep(at, headings[at].name, "preview", _only_where(merging, at, at, _PREVIEWS))
    if "finished" in facts and "enddate" in facts:
        _refuse_unknown(merging, facts["finished"], _FINISHED | _UNFINISHED | {""}, "“Finished”", path)
        merging.keep(
            facts["enddate"],
            "EndDate",
            "completed_at",
            _only_where(merging, facts["enddate"], facts["finished"], _FINISHED),
        )
    times = [at for fact, at in facts.items() if fact in ("startdate", "enddate")]
    if times and all(utc_times(merging.values(at)) for at in times):
        for at in times:
            role = _ROLES[next(fact for fact, position in facts.items() if position == at)]
            in_utc = dict(zip(merging.values(at), utc_times(merging.values(at)) or (), strict=True))
            is_of_end = role == "completed_at" and "finished" in facts
            kept = _only_where(merging, at, facts["finished"], _FINISHED) if is_of_end else merging.cells.columns[at]
            merging.keep(at, headings[at].name, role, kept.mapped(partial(_looked_up, in_utc)))
        return "UTC"
    zone = next((headings[at].import_id["timeZone"] for at in times if "timeZone" in headings[at].import_id), None)
    if zone is None:
        return None
    zone = "UTC" if zone == "Z" else zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ReceivedFileError(
            "its time zone is not known",
            file=path,
            culprits=[zone],
            remedy="export again with a zone such as Europe/London",
        ) from error
    return zone


def _only_where(merging: Merging, at: int, flag: int, values: set[str]) -> CellColumn:
    return merging.cells.made(
        (at, flag), lambda cells: cells[at].strip() if cells[flag].strip().casefold() in values else ""
    )


def _looked_up(known: Mapping[str, str], text: str) -> str:
    return known.get(text.strip(), "")


def _refuse_unknown(merging: Merging, at: int, known: set[str], what: str, path: Path) -> None:
    """Such a word says whether a response counts, so it is never guessed."""
    odd = sorted({cell for cell in merging.values(at) if cell.casefold() not in known})
    if odd:
        raise ReceivedFileError(
            f"words for {what} are in a language that is not known here",
            file=path,
            culprits=odd,
            remedy="export again as numeric values, or with the account’s language set to English (UK)",
        )

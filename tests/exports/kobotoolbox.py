"""Writes exports as KoboToolbox does."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from exports.blocks import chosen, option_words, single_cell
from exports.responses import Record, Response, day_after
from landscape.office_files import save_workbook, write_value
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

ENDING = ".csv"
VARIANTS = (
    "csv_names_summary", "csv_names_details", "csv_names_both", "csv_labels_details", "csv_labels_both",
    "xlsx_names_both", "xlsx_labels_details", "json",
)  # fmt: skip
_SHEET = "submissions"


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "csv_names_both") -> None:
    """Writes responses as Kobo would; a response without a time of completion has no time of submission.

    Args:
        survey: Whose questions head the columns.
        responses: In the order of the rows.
        path: The file to write.
        variant: One of `VARIANTS`. Kobo leaves repeated parts out of a CSV.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if variant == "json":
        found = [_record(survey, number, response) for number, response in enumerate(responses, start=1)]
        page = {"count": len(found), "next": None, "previous": None, "results": found}
        path.write_text(json.dumps(page, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")
        return
    form, words, multiple = variant.split("_")
    tables = {
        title: _with_headings(survey, None if title == _SHEET else title, rows, words, multiple)
        for title, rows in _rows_by_table(survey, responses, words, multiple).items()
    }
    if form == "xlsx":
        _write_workbook(survey, tables, path)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(tables[_SHEET])


def _write_workbook(survey: Survey, tables: Mapping[str, Sequence[Sequence[str]]], path: Path) -> None:
    """One sheet for each table; a repeated part that nobody filled in gets none."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in tables.items():
        if title != _SHEET and len(rows) == 1:
            continue
        sheet = workbook.create_sheet(title)
        for row, cells in enumerate(rows, start=1):
            for position, cell in enumerate(cells, start=1):
                write_value(sheet.cell(row, position), cell or None)
    save_workbook(workbook, path, day_after(survey))


def _rows_by_table(
    survey: Survey, responses: Sequence[Response], words: str, multiple: str
) -> dict[str, list[list[str]]]:
    tables: dict[str, list[list[str]]] = {_SHEET: [], **{part.name: [] for part in survey.questionnaire.repeats}}

    def lay_out(record: Record, title: str, repeat: str | None, above: tuple[str, ...]) -> None:
        index = str(len(tables[title]) + 1)
        answers = [c for q in survey.questionnaire.of(repeat) for c in _cells(q, record, words, multiple)]
        own = [*_times(survey, record), record.number] if isinstance(record, Response) else []
        tables[title].append([*answers, *own, index, *above])
        for part, entries in record.parts.items():
            for entry in entries:
                lay_out(entry, part, part, (title, index))

    for response in responses:
        lay_out(response, _SHEET, None, ())
    return tables


def _with_headings(
    survey: Survey, repeat: str | None, rows: list[list[str]], words: str, multiple: str
) -> list[list[str]]:
    questions = [h for q in survey.questionnaire.of(repeat) for h in _headings(q, words, multiple)]
    own = (
        ["_index", "_parent_table_name", "_parent_index"]
        if repeat
        else ["start", "_submission_time", "_uuid", "_index"]
    )
    return [[*questions, *own], *rows]


def _headings(question: Question, words: str, multiple: str) -> list[str]:
    heading = question.name if words == "names" else question.label
    found = [heading] if question.kind != "select_multiple" or multiple != "details" else []
    if question.kind == "select_multiple" and multiple != "summary":
        found += [f"{heading}/{option}" for option in option_words(question, is_named=words == "names")]
    if question.other_code:
        found.append(f"{heading}_other" if words == "names" else "Specify other.")
    return found


def _cells(question: Question, record: Record, words: str, multiple: str) -> list[str]:
    is_named = words == "names"
    options, own_words = chosen(question, record, is_named=is_named)
    found = []
    if question.kind != "select_multiple" or multiple != "details":
        found.append(single_cell(question, record, is_named=is_named))
    if question.kind == "select_multiple" and multiple != "summary":
        is_asked = question.name in record.answers
        found += [str(int(o in options)) if is_asked else "" for o in option_words(question, is_named=is_named)]
    return [*found, own_words] if question.other_code else found


def _record(survey: Survey, number: int, response: Response) -> dict[str, object]:
    """A submission as the interface hands it out: only what was answered, and always by name."""
    started, submitted = _times(survey, response)
    return {
        "_id": number,
        "start": started or None,
        **_entry(survey, response, None),
        "_xform_id_string": survey.name,
        "_uuid": response.number,
        "_attachments": [],
        "_geolocation": [None, None],
        "_submission_time": submitted,
        "_validation_status": {},
    }


def _entry(survey: Survey, record: Record, repeat: str | None) -> dict[str, object]:
    found: dict[str, object] = {}
    before = f"{repeat}/" if repeat else ""
    for question in survey.questionnaire.of(repeat):
        if question.name not in record.answers:
            continue
        found[before + question.name] = single_cell(question, record, is_named=True)
        own_words = chosen(question, record, is_named=True)[1]
        if own_words:
            found[f"{before}{question.name}_other"] = own_words
    for part, entries in record.parts.items():
        found[before + part] = [_entry(survey, entry, part) for entry in entries]
    return found


def _times(survey: Survey, record: Record) -> tuple[str, str]:
    """When it was begun, with its offset; and when it was sent, in UTC without one."""
    if not isinstance(record, Response):
        return "", ""
    zone = ZoneInfo(survey.time_zone)
    started, completed = record.started_at, record.completed_at
    sent = completed.replace(tzinfo=zone).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S") if completed else ""
    return started.replace(tzinfo=zone).isoformat(timespec="milliseconds") if started else "", sent

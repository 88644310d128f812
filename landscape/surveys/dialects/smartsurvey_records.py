"""Responses as SmartSurvey's interface hands them out, laid out as its CSV is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects.jsonfiles import json_cell, read_json, table_of_entries
from landscape.surveys.dialects.merging import OTHER
from landscape.surveys.dialects.times import refuse_other_times, utc_text
from landscape.surveys.export import NOTHING_ASKED, Asked, Column, Export, Role, Sheet, with_own_words

_FACTS: dict[str, Role] = {
    "id": "response_id", "date_started": "started_at", "date_ended": "completed_at", "status": "tool", "unique_id": "tool",
    "contact_name": "tool", "contact_email": "tool", "saved_name": "tool", "saved_email": "tool", "ip_address": "tool",
}  # fmt: skip
_FINISHED = "completed"
_OWN_WORDS = re.compile(r"other\W*((please|specify|state)\b.*)?", re.IGNORECASE | re.DOTALL)


def is_records(held: object) -> bool:
    """Whether it is a list of responses as the interface hands them out."""
    found = held.get("records") if isinstance(held, dict) else None
    return isinstance(found, list) and all(isinstance(r, dict) and {"id", "status", "pages"} <= r.keys() for r in found)


def read_records(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the responses; one row for each, and a column for each question that anyone answered.

    Raises:
        ReceivedFileError: It is damaged, or one page of several.
    """
    held, note = read_json(path)
    records: list[dict[str, Any]] = held["records"]
    if held.get("total") is not None and int(held["total"]) > len(records):
        raise ReceivedFileError(
            "it holds one page of several, so responses are missing",
            file=path,
            remedy="fetch all pages, or export a CSV instead",
        )
    rows = [_facts(record) | dict(_answers(record, asked)) for record in records]
    table = table_of_entries("", rows, first=_FACTS)
    columns = tuple(Column(at, heading, _FACTS.get(heading, "answer")) for at, heading in enumerate(table.headings))
    sheet = Sheet(None, "", columns, table.cells)
    refuse_other_times(sheet, path)
    return Export("smartsurvey", (sheet,), encoding_note=note, time_zone="UTC", omits_unanswered=True)


def _facts(record: Mapping[str, Any]) -> dict[str, str]:
    cells = {name: json_cell(record.get(name)) for name in _FACTS}
    for name in ("date_started", "date_ended"):
        cells[name] = utc_text(cells[name], is_utc_without_offset=True)
    if cells["status"].casefold() != _FINISHED:
        cells["date_ended"] = ""
    return cells


def _answers(record: Mapping[str, Any], asked: Asked) -> Iterator[tuple[str, str]]:
    """Heading and cell of each answered question; rows of a grid and places of a ranking have headings of their own."""
    for page in record["pages"]:
        for question in page.get("questions") or ():
            title, answers = str(question.get("title") or "").strip(), question.get("answers") or []
            kind = str(question.get("type") or "")
            by_row: dict[str, list[str]] = {}
            for answer in answers:
                heading, text = _answer(title, answer, is_ranking=kind.startswith("rank"))
                by_row.setdefault(heading, []).append(text)
            is_several = "multiple" in f"{kind} {question.get('sub_type')}" or "checkbox" in str(
                question.get("sub_type")
            )
            words = [_words_of(answer) for answer in answers] if asked.kind(title).startswith("select") else []
            for heading, texts in by_row.items():
                cell = json.dumps(texts, ensure_ascii=False) if is_several or len(texts) > 1 else texts[0]
                yield heading, with_own_words(cell, words if heading == title else [])


def _words_of(answer: Mapping[str, Any]) -> str:
    """What was written beside “Other”."""
    option, value = json_cell(answer.get("choice_title")), json_cell(answer.get("value"))
    return value if _OWN_WORDS.fullmatch(option) and value != option else ""


def _answer(title: str, answer: Mapping[str, Any], *, is_ranking: bool) -> tuple[str, str]:
    option, value = json_cell(answer.get("choice_title")), json_cell(answer.get("value"))
    row, column = json_cell(answer.get("row_title")), json_cell(answer.get("column_title"))
    if is_ranking:
        return f"{title} [{value}]", option
    if row:
        return f"{title} [{row}]", column or value
    if str(answer.get("type")) in ("text", "date", "number", "essay"):
        return title, value
    return title, OTHER if _OWN_WORDS.fullmatch(option) else option or value

"""Writes exports as ODK Central does."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from exports.blocks import chosen, option_words, single_cell
from exports.responses import Record, Response
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

ENDING = ".zip"
VARIANTS = ("zip", "zip_split", "csv", "csv_split", "odata")
_CENTRAL = ("SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState")


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "zip") -> None:
    """Writes responses as Central would; one without a time of completion has no date of submission.

    Args:
        survey: Whose questions head the columns.
        responses: In the order of the rows.
        path: The file to write.
        variant: One of `VARIANTS`. A single CSV has no repeats.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if variant == "odata":
        found = [_entry(survey, response, None) for response in responses]
        path.write_text(
            json.dumps({"@odata.context": "Submissions", "value": found}, ensure_ascii=False),
            encoding="utf-8",
            newline="\n",
        )
        return
    form, _, multiple = variant.partition("_")
    tables = _tables(survey, responses, is_split=multiple == "split")
    if form == "csv":
        path.write_bytes(_csv(tables[None]))
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for repeat, rows in tables.items():
            name = f"{survey.name}-{repeat}.csv" if repeat else f"{survey.name}.csv"
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it would say which kind of machine wrote it
            archive.writestr(entry, _csv(rows))


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _tables(survey: Survey, responses: Sequence[Response], *, is_split: bool) -> dict[str | None, list[list[str]]]:
    asked = survey.questionnaire
    tables: dict[str | None, list[list[str]]] = {}
    for repeat in (None, *(part.name for part in asked.repeats)):
        questions = [h for q in asked.of(repeat) for h in _headings(q, is_split=is_split)]
        if repeat:
            tables[repeat] = [[*questions, "PARENT_KEY", "KEY"]]
        else:
            tables[None] = [["SubmissionDate", "start", *questions, "meta-instanceID", "KEY", *_CENTRAL]]

    def lay_out(record: Record, repeat: str | None, parent: str, key: str) -> None:
        answers = [cell for q in asked.of(repeat) for cell in _cells(q, record, is_split=is_split)]
        if isinstance(record, Response):
            started, sent = _times(survey, record)
            tables[None].append([sent, started, *answers, key, key, "", "", "0", "0", "", ""])
        else:
            tables[repeat].append([*answers, parent, key])
        for part, entries in record.parts.items():
            for number, entry in enumerate(entries, start=1):
                lay_out(entry, part, key, f"{key}/{part}[{number}]")

    for response in responses:
        lay_out(response, None, "", response.number)
    return tables


def _headings(question: Question, *, is_split: bool) -> list[str]:
    found = [question.name]
    if is_split and question.kind == "select_multiple":
        found += [f"{question.name}/{option}" for option in option_words(question, is_named=True)]
    return [*found, f"{question.name}_other"] if question.other_code else found


def _cells(question: Question, record: Record, *, is_split: bool) -> list[str]:
    options, own_words = chosen(question, record, is_named=True)
    found = [single_cell(question, record, is_named=True)]
    if is_split and question.kind == "select_multiple":
        found += [str(int(option in options)) for option in option_words(question, is_named=True)]
    return [*found, own_words] if question.other_code else found


def _entry(survey: Survey, record: Record, repeat: str | None, key: str = "") -> dict[str, object]:
    found: dict[str, object] = {"__id": key or record.number}
    if isinstance(record, Response):
        started, sent = _times(survey, record)
        found["__system"] = {"submissionDate": sent or None, "reviewState": None, "deletedAt": None}
        found["start"] = started or None
        found["meta"] = {"instanceID": record.number}
    for question in survey.questionnaire.of(repeat):
        found[question.name] = single_cell(question, record, is_named=True) or None
        if question.other_code:
            found[f"{question.name}_other"] = chosen(question, record, is_named=True)[1] or None
    for part in survey.questionnaire.repeats:
        if part.parent == repeat:
            found[part.name] = [
                _entry(survey, entry, part.name, f"{found['__id']}/{part.name}[{number}]")
                for number, entry in enumerate(record.parts.get(part.name, ()), start=1)
            ]
    return found


def _times(survey: Survey, response: Response) -> tuple[str, str]:
    """When it was begun, with its offset; and when it was sent, in UTC."""
    zone = ZoneInfo(survey.time_zone)
    started, completed = response.started_at, response.completed_at
    sent = completed.replace(tzinfo=zone).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if completed else ""
    return started.replace(tzinfo=zone).isoformat(timespec="milliseconds") if started else "", sent

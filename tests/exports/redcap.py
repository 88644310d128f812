"""Writes exports as REDCap does."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from exports.blocks import chosen, single_cell
from exports.responses import Record, Response
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

ENDING = ".csv"
VARIANTS = ("raw", "raw_decimal_comma", "labels")


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "raw") -> None:
    """Writes responses as REDCap would: one form for the survey, one for each repeated part, options numbered from 1.

    Args:
        survey: Whose questions head the columns; REDCap knows no repeats within repeats.
        responses: In the order of the rows; one without a time of completion is an unfinished form.
        path: The file to write.
        variant: One of `VARIANTS`. Raw data bear field names and option numbers.
    """
    form = variant.partition("_")[0]
    asked = survey.questionnaire
    forms = [survey.name, *(part.name for part in asked.repeats)]
    widths = [len(_headings(survey, name, form)) for name in forms]
    own = ["record_id"] if form == "raw" else ["Record ID"]
    if asked.repeats:
        own += (
            ["redcap_repeat_instrument", "redcap_repeat_instance"]
            if form == "raw"
            else ["Repeat Instrument", "Repeat Instance"]
        )
    rows = [[*own, *(heading for name in forms for heading in _headings(survey, name, form))]]
    for response in responses:
        records: list[tuple[str, int, Record]] = [(survey.name, 0, response)]
        records += [(p, n, entry) for p, entries in response.parts.items() for n, entry in enumerate(entries, 1)]
        for name, instance, record in records:
            place = ["", ""] if not instance else [name, str(instance)]
            cells = [
                cell
                for f, width in zip(forms, widths, strict=True)
                for cell in (_cells(survey, f, record, variant) if f == name else [""] * width)
            ]
            rows.append([response.number, *(place if asked.repeats else []), *cells])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def _questions(survey: Survey, form: str) -> tuple[Question, ...]:
    return survey.questionnaire.of(None if form == survey.name else form)


def _headings(survey: Survey, form: str, words: str) -> list[str]:
    is_raw = words == "raw"
    found = []
    if form == survey.name:
        found.append(f"{form}_timestamp" if is_raw else "Survey Timestamp")
    for question in _questions(survey, form):
        heading = question.name if is_raw else question.label
        if question.kind == "select_multiple" and is_raw:
            found += [f"{heading}___{number}" for number, _ in enumerate(question.options, 1)]
        elif question.kind == "select_multiple":
            found += [f"{heading} (choice={option.label})" for option in question.options]
        else:
            found.append(heading)
        if question.other_code and is_raw:
            found.append(f"{heading}_other")
    return [*found, f"{form}_complete" if is_raw else "Complete?"]


def _cells(survey: Survey, form: str, record: Record, variant: str) -> list[str]:
    is_raw = variant != "labels"
    found = []
    if isinstance(record, Response):
        found.append(_time(record.completed_at) if record.completed_at else "[not completed]")
    for question in _questions(survey, form):
        ticked, own_words = chosen(question, record, is_named=False)
        labels = [option.label for option in question.options]
        if question.kind == "select_multiple":
            found += [_flag(label in ticked, is_raw=is_raw) for label in labels]
        elif question.options:
            found.append(str(labels.index(ticked[0]) + 1) if ticked and is_raw else "".join(ticked))
        else:
            cell = single_cell(question, record, is_named=False)
            is_comma = variant == "raw_decimal_comma" and question.kind == "decimal"
            found.append(cell.replace(".", ",") if is_comma else cell)
        if question.other_code and is_raw:
            found.append(own_words)
    is_finished = not isinstance(record, Response) or record.completed_at is not None
    return [*found, ("2" if is_finished else "0") if is_raw else "Complete" if is_finished else "Incomplete"]


def _flag(is_ticked: bool, *, is_raw: bool) -> str:
    if is_raw:
        return "1" if is_ticked else "0"
    return "Checked" if is_ticked else "Unchecked"


def _time(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")

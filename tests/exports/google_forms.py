"""Writes exports as Google Forms does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from exports.blocks import text_cell, text_rows
from exports.responses import Answer, Response, cell_value, day_after, save_table, write_text_rows
from landscape.surveys.definition import Survey

ENDING = ".csv"
VARIANTS = ("sheet_csv", "sheet_xlsx", "form_csv")
_SHEET_SEPARATOR, _FORM_SEPARATOR = ", ", ";"
_SHEET_TIME = "%d/%m/%Y %H:%M:%S"
_DATE = "%d/%m/%Y"
_EMAIL_HEADINGS = {"sheet": "Email Address", "form": "Username"}
_SAMPLE, _NOBODY = "SAMPLE-", "@example.invalid"


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "sheet_csv") -> None:
    """Writes responses as Google would; grids are headed "question [row]" as they are worded.

    Args:
        survey: Whose questions head the columns.
        responses: In the order of the rows; all are finished, as Google keeps no others. Where one is made up, addresses
            are collected, and its number is in an address that nobody can have.
        path: The file to write.
        variant: `sheet_csv` or `sheet_xlsx`, downloaded from the sheet; `form_csv`, from the form, with a zone.
    """
    questions = survey.questionnaire.of(None)
    separator = _FORM_SEPARATOR if variant == "form_csv" else _SHEET_SEPARATOR
    has_emails = any(response.number.startswith(_SAMPLE) for response in responses)
    collected = [_EMAIL_HEADINGS[variant.partition("_")[0]]] if has_emails else []
    table: list[list[str | dt.date | None]] = [["Timestamp", *collected, *(question.label for question in questions)]]
    for response in responses:
        answers = [_value(response.answers.get(question.name), separator) for question in questions]
        time = response.completed_at if variant == "sheet_xlsx" else _time(response, survey.time_zone, variant)
        emails = [f"{response.number}{_NOBODY}"] if has_emails else []
        table.append([time, *emails, *answers])
    if variant == "sheet_xlsx":
        save_table(table, path, day_after(survey), "Form responses 1", "dd/mm/yyyy hh:mm:ss")
    else:
        write_text_rows(path, text_rows(table, _DATE, _SHEET_TIME))


def _time(response: Response, time_zone: str, variant: str) -> str:
    moment = response.completed_at
    if moment is None:
        return ""
    if variant != "form_csv":
        return f"{moment.day:02}/{moment.month:02}/{moment.year} {moment.hour}:{moment:%M:%S}"
    minutes = int((moment.replace(tzinfo=ZoneInfo(time_zone)).utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    zone = "GMT" + (f"{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "") if minutes else "")
    return f"{moment:%Y/%m/%d} {moment.hour % 12 or 12}:{moment:%M:%S} {'PM' if moment.hour >= 12 else 'AM'} {zone}"


def _value(answer: Answer | None, separator: str) -> str | dt.date:
    value = cell_value(answer, separator)
    return value if isinstance(value, dt.date) else text_cell(value, "")

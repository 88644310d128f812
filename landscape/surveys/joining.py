"""Mends what an export spreads: a question over several columns, times over several zones. Nothing is guessed here."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from landscape.surveys.definition import Survey
from landscape.surveys.export import Column, Export, Note, Row, Sheet
from landscape.surveys.questionnaire import Question
from landscape.text import normal_wording

_WITH_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:.*(Z|[+-]\d{2}:?\d{2})")
_LONGEST_FRACTION = re.compile(r"(\.\d{6})\d+")


def in_one_zone(export: Export, time_zone: str) -> Export:
    """An export in which some times of responses state their zone, with all of them in UTC.

    Args:
        export: As a dialect hands it over.
        time_zone: The survey's own, for times that state none.
    """
    sheet = export.sheets[0]
    positions = [at for at in (sheet.position("started_at"), sheet.position("completed_at")) if at is not None]
    has_zone = any(
        _WITH_OFFSET.fullmatch(row.cells[at].strip())
        for row in sheet.rows
        if len(row.cells) == len(sheet.columns)
        for at in positions
    )
    if not has_zone:
        return export
    zone = ZoneInfo(export.time_zone or time_zone)
    rows = tuple(
        Row(row.line, tuple(_in_utc(cell, zone) if at in positions else cell for at, cell in enumerate(row.cells)))
        for row in sheet.rows
    )
    return replace(export, sheets=(replace(sheet, rows=rows), *export.sheets[1:]), time_zone="UTC")


def _in_utc(cell: str, zone: ZoneInfo) -> str:
    try:
        moment = dt.datetime.fromisoformat(_LONGEST_FRACTION.sub(r"\1", cell.strip()))
    except ValueError:
        return cell
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat()


def with_columns_joined(export: Export, survey: Survey) -> Export:
    """An export whose questions with several columns, as the questionnaire declares them, have one each."""
    sheets = []
    for sheet in export.sheets:
        joined = sheet
        for question in survey.questionnaire.of(sheet.repeat):
            if question.columns:
                joined = _joined(joined, question)
        sheets.append(joined)
    return replace(export, sheets=tuple(sheets))


def _joined(sheet: Sheet, question: Question) -> Sheet:
    """The first of a question's columns takes the answers of all; in a row, no two of them may differ."""
    wanted = {normal_wording(text) for text in (question.name, question.label, *question.columns)}
    found = [
        column
        for column in sheet.columns
        if column.role in ("answer", "empty")
        and wanted & {normal_wording(text) for text in (column.heading, *column.also)}
    ]
    if not found:
        return sheet
    first, *others = found
    notes: list[Note] = []

    def made(row: Row) -> Row:
        if len(row.cells) != len(sheet.columns):
            return row
        answers = {text for column in found if (text := row.cells[column.position].strip())}
        if len(answers) > 1:
            where = " and ".join(f"“{column.heading}”" for column in found if row.cells[column.position].strip())
            notes.append(Note(f"answered differently in its columns {where}", question.label, row.line, is_answer=True))
        cells = list(row.cells)
        cells[first.position] = answers.pop() if len(answers) == 1 else ""
        return Row(row.line, tuple(cells))

    rows = tuple(map(made, sheet.rows))
    columns = list(sheet.columns)
    columns[first.position] = replace(first, heading=question.label, role="answer", also=())
    for other in others:
        columns[other.position] = Column(other.position, other.heading, "tool")
    return replace(sheet, columns=tuple(columns), rows=rows, notes=(*sheet.notes, *notes))

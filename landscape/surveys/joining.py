"""Mends what an export spreads: a question over several columns, times over several zones. Nothing is guessed here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from landscape.surveys.definition import Survey
from landscape.surveys.export import Column, Export, Note, Sheet
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
    if not any(_WITH_OFFSET.fullmatch(text) for at in positions for text in sheet.cells.values(at)):
        return export
    zone = ZoneInfo(export.time_zone or time_zone)
    in_utc = {at: sheet.cells.columns[at].mapped(lambda text: _in_utc(text, zone)) for at in positions}
    sheet = replace(sheet, cells=sheet.cells.with_columns(in_utc))
    return replace(export, sheets=(sheet, *export.sheets[1:]), time_zone="UTC")


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
    cells, positions = sheet.cells, [column.position for column in found]
    joined = cells.made(positions, lambda row: _only(row.values()) or "")
    differing = cells.made(positions, lambda row: "" if _only(row.values()) is not None else _where(found, row))
    notes = [
        Note(f"answered differently in its columns {where}", question.label, line, is_answer=True)
        for line, where in zip(cells.lines.tolist(), differing.in_rows(), strict=True)
        if where
    ]
    columns = list(sheet.columns)
    columns[first.position] = replace(first, heading=question.label, role="answer", also=())
    for other in others:
        columns[other.position] = Column(other.position, other.heading, "tool")
    cells = cells.with_columns({first.position: joined})
    return replace(sheet, columns=tuple(columns), cells=cells, notes=(*sheet.notes, *notes))


def _only(texts: Iterable[str]) -> str | None:
    """The only answer in these cells, empty where there is none; None where there are several."""
    answers = {text.strip() for text in texts} - {""}
    return None if len(answers) > 1 else "".join(answers)


def _where(columns: Sequence[Column], row: Mapping[int, str]) -> str:
    return " and ".join(f"“{column.heading}”" for column in columns if row[column.position].strip())

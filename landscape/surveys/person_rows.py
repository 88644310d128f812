"""Who is in the rows of a received file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from landscape.identity.holds import Holds
from landscape.identity.person import PersonRow, emails_in
from landscape.identity.tombstones import Tombstones
from landscape.identity.withdrawals import Withdrawals
from landscape.surveys.export import ISO_FORMAT

if TYPE_CHECKING:
    from landscape.surveys.cells import Row
    from landscape.surveys.definition import Survey
    from landscape.surveys.export import Sheet
    from landscape.surveys.received import ReceivedFile


def person_rows(file: ReceivedFile) -> Iterator[PersonRow]:
    """The rows of a file's responses, empty ones left out."""
    sheet = file.export.sheets[0]
    asked = file.survey.questionnaire
    question_at = {question.name: at for at, question in file.columns[None].items()}
    answers = {
        use: question_at.get(question.name) if (question := asked.used_for(use)) else None
        for use in ("email", "name", "telephone", "organisation")
    }
    number_at = sheet.position("response_id")
    by_tool = [column.position for column in sheet.columns if column.role == "tool"]
    day_of = _day_of(file, sheet, question_at)
    for row in sheet.rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        if len(row.cells) != len(sheet.columns):  # then nobody knows which cell is under which heading
            yield _row(file, row.line, "", None, {}, row.cells)
            continue
        said = {use: row.cells[at].strip() for use, at in answers.items() if at is not None}
        number = row.cells[number_at].strip() if number_at is not None else ""
        yield _row(file, row.line, number, day_of(row), said, tuple(row.cells[at] for at in by_tool))


def forgotten_lines(file: ReceivedFile, tombstones: Tombstones) -> frozenset[int]:
    """The lines of a received file that are of people who were forgotten; nothing of them may go on."""
    rows = person_rows(file) if tombstones else ()
    return frozenset(row.line for row in rows if tombstones.is_forgotten(row))


def held_lines(file: ReceivedFile, holds: Holds) -> dict[int, str]:
    """The lines of a received file that may not be used, with the reason."""
    reasons = ((row.line, holds.reason(row)) for row in person_rows(file)) if holds else ()
    return {line: reason for line, reason in reasons if reason}


def withdrawn_purposes(file: ReceivedFile, withdrawals: Withdrawals) -> Iterator[tuple[int, str, dt.datetime]]:
    """The line, purpose and time (UTC) of each withdrawal by someone in a received file.

    It says nothing of an answer given later: who signs up again, consents again.
    """
    for row in person_rows(file) if withdrawals else ():
        for purpose, at in sorted(withdrawals.of(row.emails).items()):
            yield row.line, purpose, at


def rows_with_parts(file: ReceivedFile, lines: frozenset[int]) -> dict[str, set[int]]:
    """The rows of responses and of all repeated parts that belong to them.

    Args:
        file: A received file.
        lines: The lines of the responses.

    Returns:
        Lines by the title of their sheet in the file.
    """
    main = file.export.sheets[0]
    found = {main.title: set(lines)}
    numbers: dict[str | None, set[str]] = {None: _numbers(main, set(lines), "response_id")}
    for part in file.survey.questionnaire.repeats:
        sheet = next(s for s in file.export.sheets if s.repeat == part.name)
        parent_at = sheet.position("parent_id")
        below = {
            row.line
            for row in sheet.rows
            if parent_at is not None
            and len(row.cells) > parent_at
            and row.cells[parent_at].strip() in numbers[part.parent]
        }
        found[sheet.title] = found.get(sheet.title, set()) | below
        numbers[part.name] = _numbers(sheet, below, "record_id")
    return found


def _numbers(sheet: Sheet, lines: set[int], role: str) -> set[str]:
    at = sheet.position(role)  # type: ignore[arg-type]
    if at is None:
        return set()
    return {row.cells[at].strip() for row in sheet.rows if row.line in lines and len(row.cells) > at} - {""}


def _day_of(file: ReceivedFile, sheet: Sheet, question_at: dict[str, int]) -> Callable[[Row], dt.date | None]:
    """What says the day of a row as staging does: in the survey's zone, by the first of its times that can be read."""
    survey = file.survey
    dated = survey.questionnaire.used_for("wave_date")
    own_zone, file_zone = ZoneInfo(survey.time_zone), ZoneInfo(file.export.time_zone or survey.time_zone)
    times = (
        (sheet.position("completed_at"), file.survey.time_format, file_zone),
        (question_at.get(dated.name) if dated else None, file.survey.date_format, own_zone),
        (sheet.position("started_at"), file.survey.time_format, file_zone),
    )

    def day_of(row: Row) -> dt.date | None:
        days = (_day(row.cells[at], time_format, zone, own_zone) for at, time_format, zone in times if at is not None)
        return next((day for day in days if day is not None), None)

    return day_of


def _wave_of(day: dt.date | None, survey: Survey) -> str:
    if day is None:
        return survey.undated_wave or ""
    return next((wave.wave for wave in survey.waves if wave.opens_on <= day <= wave.closes_on), "")


def _day(text: str, time_format: str, zone: ZoneInfo, own_zone: ZoneInfo) -> dt.date | None:
    """The day of a time in the survey's own zone; None where it is no time."""
    try:
        if time_format == ISO_FORMAT:
            read = dt.datetime.fromisoformat(text.strip())
        else:
            read = dt.datetime.strptime(text.strip(), time_format)  # noqa: DTZ007 - the zone follows
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(own_zone).date()
    except (ValueError, OverflowError):
        return None


def _row(
    file: ReceivedFile, line: int, number: str, day: dt.date | None, said: dict[str, str], by_tool: tuple[str, ...]
) -> PersonRow:
    return PersonRow(
        survey=file.survey.name,
        file_name=file.name,
        line=line,
        response_ref=number,
        answered_on=day,
        wave=_wave_of(day, file.survey),
        emails=frozenset().union(emails_in(said.get("email", "")), *map(emails_in, by_tool)),
        email=said.get("email", ""),
        name=said.get("name", ""),
        telephone=said.get("telephone", ""),
        organisation=said.get("organisation", ""),
        tool_cells=by_tool,
    )

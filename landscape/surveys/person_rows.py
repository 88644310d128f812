"""Who stands in the rows of a received file. Not here: keeping or removing any of it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from landscape.identity.keys import normal_email
from landscape.surveys.export import ISO_FORMAT

if TYPE_CHECKING:
    from landscape.surveys.definition import Survey
    from landscape.surveys.export import Row, Sheet
    from landscape.surveys.received import ReceivedFile

_EMAIL = re.compile(r"[^\s<>()\[\],;:\"|]+@[^\s<>()\[\],;:\"|]+")


@dataclass(frozen=True)
class PersonRow:
    """One response's row in a received file, as far as it says who answered.

    Args:
        survey: The survey.
        file_name: The file, below the project folder.
        line: Its line in the file, or row in the sheet.
        response_ref: The tool's number of the response; empty where it has none.
        answered_on: The day it was given, in the survey's own zone; None where the file has no time.
        wave: The wave it was given in; empty outside every wave.
        emails: All addresses in the e-mail question and in columns that the tool itself fills, as they are compared.
        email: The answer to the e-mail question, as typed.
        name: The answer to the name question, as typed.
        telephone: The answer to the telephone question, as typed.
        organisation: The answer to the organisation question, as typed.
        tool_cells: Cells of columns that the tool itself fills; of a row whose cells do not match its headings, all.
    """

    survey: str
    file_name: str
    line: int
    response_ref: str
    answered_on: dt.date | None
    wave: str
    emails: frozenset[str]
    email: str
    name: str
    telephone: str
    organisation: str
    tool_cells: tuple[str, ...]

    @property
    def response_id(self) -> str:
        """The response as tables, messages and `--response` call it; numbers tell apart within a wave."""
        return "/".join(filter(None, (self.survey, self.wave, self.response_ref)))

    @property
    def place(self) -> str:
        """Where it stands, for a person to look it up."""
        return f"{self.response_id} ({self.file_name}, line {self.line})"

    def is_named(self, name: str) -> bool:
        """Whether the name stands in it, in the name question or as the tool itself noted it."""
        sought = normal_name(name)
        return sought in map(normal_name, (self.name, *self.tool_cells))


def normal_name(name: str) -> str:
    """A name as names are compared: case, width and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def emails_in(text: str) -> frozenset[str]:
    """All e-mail addresses in a text, as addresses are compared.

    >>> emails_in("Bart <Bart@Thistlewood.example>; mailto:p.quill@post.example.") == {
    ...     "bart@thistlewood.example", "p.quill@post.example"}
    True
    """
    if "@" not in text:
        return frozenset()
    return frozenset(normal_email(found.strip(".'")) for found in _EMAIL.findall(text))


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
        if len(row.cells) != len(sheet.columns):  # then no cell can be told to be under its heading
            yield _row(file, row.line, "", None, {}, row.cells)
            continue
        said = {use: row.cells[at].strip() for use, at in answers.items() if at is not None}
        number = row.cells[number_at].strip() if number_at is not None else ""
        yield _row(file, row.line, number, day_of(row), said, tuple(row.cells[at] for at in by_tool))


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
    survey, dialect = file.survey, file.dialect
    dated = survey.questionnaire.used_for("wave_date")
    own_zone, file_zone = ZoneInfo(survey.time_zone), ZoneInfo(file.export.time_zone or survey.time_zone)
    times = (
        (sheet.position("completed_at"), dialect.TIME_FORMAT, file_zone),
        (question_at.get(dated.name) if dated else None, dialect.DATE_FORMAT, own_zone),
        (sheet.position("started_at"), dialect.TIME_FORMAT, file_zone),
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

"""Holds an export against its questionnaire and names every difference."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import ContractError
from landscape.surveys.answer_list import AnswerList
from landscape.surveys.export import ISO_FORMAT, Column, Export, Sheet, column_name
from landscape.surveys.questionnaire import Question, Questionnaire
from landscape.text import normal_wording

if TYPE_CHECKING:
    from landscape.surveys.declared import Accepted
    from landscape.surveys.definition import Survey

_NEAREST_CUTOFF = 0.6
_LONGEST_SHOWN = 120
_MOST_SHOWN = 5
_BESIDE_OTHER = "\x02"

ColumnMap = dict[int, Question]
"""Question by the position of its column."""


@dataclass(frozen=True)
class Held:
    """An export beside its questionnaire.

    Args:
        columns: For each repeated part (None for the response itself) the questions by column position.
        differences: All that does not fit, a line each.
    """

    columns: dict[str | None, ColumnMap]
    differences: tuple[str, ...]


def compare(export: Export, survey: Survey, path: Path) -> Held:
    """Finds each question's column, sheet by sheet, and sees that closed answers are in their lists.

    Of a questionnaire that has several versions, the one that the export fits best is taken.

    Args:
        export: What was received.
        survey: What was asked, and which differences a person has accepted for the waves the file holds.
        path: The received file; in a workbook, people find cells by sheet, letter and number.
    """
    found = (_compare(export, survey, version, path) for version in survey.versions or (survey.questionnaire,))
    return min(found, key=lambda held: len(held.differences))


def _compare(export: Export, survey: Survey, version: Questionnaire, path: Path) -> Held:
    accepted = _accepted_for(export, survey)
    differences: list[str] = []
    parts = {part.name for part in version.repeats}
    maps: dict[str | None, ColumnMap] = {
        part.name: {}
        for part in survey.questionnaire.repeats
        if part.name not in parts  # of another version
    }
    for sheet in export.sheets:
        if sheet.repeat in maps and not sheet.rows:
            continue
        maps[sheet.repeat], found = _hold_sheet(sheet, version.of(sheet.repeat), accepted)
        differences += found
        differences += _unlisted_options(
            sheet, maps[sheet.repeat], survey, accepted, is_workbook=path.suffix.casefold() == ".xlsx"
        )
    absent = parts - maps.keys()
    differences += [f"the part “{name}” is missing" for name in sorted(absent)]
    return Held(maps, tuple(differences))


def hold(export: Export, survey: Survey, path: Path) -> Held:
    """Compares an export, and refuses one that does not fit; arguments as for `compare`, and the received file for the message.

    Raises:
        ContractError: A question is missing, re-worded, new or there twice, or an answer is not in its option list;
            all of them are named.
    """
    held = compare(export, survey, path)
    if held.differences:
        raise ContractError(
            "it does not fit the questionnaire", file=path, culprits=held.differences, remedy=remedy(export, survey)
        )
    return held


def remedy(export: Export, survey: Survey) -> str:
    """What to do about differences between an export and its questionnaire."""
    return (
        f"{export.mend}; or, if it is meant, accept it for the wave under `accepted:` in "
        f"assets/raw/surveys/{survey.name}/survey.yml (docs/adding-a-survey.md says how)"
    )


def _accepted_for(export: Export, survey: Survey) -> tuple[Accepted, ...]:
    """What is accepted for every wave in which the file has responses."""
    if not survey.accepted:
        return ()
    waves = _waves_of(export.sheets[0], survey)
    return tuple(
        entry
        for entry in survey.accepted
        if all(
            any(_is_same(entry, other) and other.wave == wave for other in survey.accepted)
            for wave in waves or {entry.wave}
        )
    )


def _is_same(entry: Accepted, other: Accepted) -> bool:
    return (entry.question, entry.wording, entry.option, entry.is_missing, entry.new) == (
        other.question, other.wording, other.option, other.is_missing, other.new,
    )  # fmt: skip


def _waves_of(sheet: Sheet, survey: Survey) -> set[str]:
    dated = survey.questionnaire.used_for("wave_date")
    wording = normal_wording(dated.label) if dated else ""
    positions = [sheet.position("completed_at"), sheet.position("started_at")]
    positions += [column.position for column in sheet.columns if wording and normal_wording(column.heading) == wording]
    asked = [position for position in positions if position is not None]
    texts = {text for position in asked for text in sheet.cells.columns[position].texts}
    texts |= {row.cells[position] for row in sheet.cells.odd for position in asked if position < len(row.cells)}
    days = {day for text in texts if (day := _day(text, survey.time_format) or _day(text, survey.date_format))}
    return {wave.wave for wave in survey.waves if any(wave.opens_on <= day <= wave.closes_on for day in days)}


def _day(text: str, time_format: str) -> dt.date | None:
    try:
        if time_format == ISO_FORMAT:
            return dt.datetime.fromisoformat(text.strip()).date()
        # the survey's own zone, and a day is all that is needed
        return dt.datetime.strptime(text.strip(), time_format).date()  # noqa: DTZ007
    except ValueError:
        return None


def _hold_sheet(
    sheet: Sheet, questions: tuple[Question, ...], accepted: tuple[Accepted, ...]
) -> tuple[ColumnMap, list[str]]:
    by_wording = {normal_wording(text): question for question in questions for text in (question.name, question.label)}
    named = {question.name: question for question in questions}
    by_wording |= {
        normal_wording(entry.wording): named[entry.question]
        for entry in accepted
        if entry.wording and entry.question in named
    }
    not_ours = {normal_wording(entry.new) for entry in accepted if entry.new}
    answers = [c for c in sheet.columns if c.role in ("answer", "empty") and normal_wording(c.heading) not in not_ours]
    column_map = {
        column.position: by_wording[wording]
        for column in answers
        for wording in [normal_wording(text) for text in (*reversed(column.also), column.heading)]
        if wording in by_wording
    }
    place = f" on sheet “{sheet.title}”" if sheet.repeat else ""
    of_answers = [column.position for column in answers if column.role == "answer"]
    if questions and not (column_map.keys() & of_answers if of_answers else column_map):
        # then the headings may be answers, which no message shows
        return column_map, [
            f"none of its questions is in the row of headings{place}: another survey’s, or is the row gone?"
        ]
    counted: dict[str, list[Column]] = {}
    for column in answers:
        if column.position in column_map:
            counted.setdefault(column_map[column.position].name, []).append(column)
    differences = [_asked_twice(named[name], columns, place) for name, columns in counted.items() if len(columns) > 1]
    new = [c.heading for c in answers if c.role == "answer" and c.position not in column_map]
    left_out = {entry.question for entry in accepted if entry.is_missing}
    for question in questions:
        if question.name in counted or question.name in left_out:
            continue
        nearest = difflib.get_close_matches(question.label, new, n=1, cutoff=_NEAREST_CUTOFF)
        if nearest:
            new.remove(nearest[0])
            differences.append(f"re-worded{place}: “{question.label}” is now “{_short(nearest[0])}”")
        else:
            differences.append(f"missing{place}: “{question.label}”")
    differences += [f"new{place}: “{_short(heading)}”" for heading in new]
    return column_map, differences


def _asked_twice(question: Question, columns: Sequence[Column], place: str) -> str:
    headings = list(dict.fromkeys(text for column in columns for text in (column.heading, *column.also[:1])))
    where = ", ".join(f"{column.position + 1}" for column in columns)
    joined = (
        f"; if they are one question, name them in its `columns`: {'; '.join(headings)}" if len(headings) > 1 else ""
    )
    return f"asked twice{place}: “{question.label}”, in columns {where}{joined}"


def _unlisted_options(
    sheet: Sheet, column_map: ColumnMap, survey: Survey, accepted: tuple[Accepted, ...], *, is_workbook: bool
) -> list[str]:
    """Answers that are in no option list, counted; only where a closed list has no “Other” and is not one of areas.

    A word like a listed option is shown as that option; others are not shown, since they may be a person's own words.
    """
    differences: list[str] = []
    for position, question in column_map.items():
        at = column_name(sheet, position) if is_workbook else "line "
        if not question.options or question.other_code or question.is_of_areas:
            continue
        answers = AnswerList(question, survey, accepted)
        odd = {cell: found for cell in sheet.cells.columns[position].texts if (found := list(_unlisted(cell, answers)))}
        unlisted: dict[str, list[int]] = {}
        for line, cell in sheet.cells.held(position, odd.__contains__) if odd else ():
            for said in odd[cell]:
                unlisted.setdefault(said, []).append(line)
        in_own_words = sorted(unlisted.pop(_BESIDE_OTHER, []))
        if in_own_words:
            differences.append(
                f"answered in own words: “{question.label}”, {_times(in_own_words)}, at "
                f"{_places(at, in_own_words)}, and no code of its option list ends in .OTHER"
            )
        for part_text, unsorted in unlisted.items():
            lines, nearest = sorted(unsorted), answers.nearest(part_text)
            like = f", nearest is “{nearest}”" if nearest else ""
            differences.append(f"not an option of “{question.label}”: {_times(lines)}, at {_places(at, lines)}{like}")
    return differences


def _unlisted(cell: str, answers: AnswerList) -> Iterator[str]:
    """The answers in a cell that are in no list; those in own words by a sign for them all."""
    for part in answers.parts(cell):
        if part.is_own_words:
            yield _BESIDE_OTHER
        elif not answers.is_listed(part):
            yield part.text


def _times(lines: Sequence[int]) -> str:
    return "once" if len(lines) == 1 else f"{len(lines)} times"


def _places(at: str, lines: Sequence[int]) -> str:
    """The first of these cells, by the letter of their column in a workbook, or by line."""
    return ", ".join(f"{at}{line}" for line in lines[:_MOST_SHOWN]) + (" …" if len(lines) > _MOST_SHOWN else "")


def _short(heading: str) -> str:
    first_line = heading.partition("\n")[0]  # a stray quotation mark can draw whole answers into a heading
    return first_line if len(first_line) <= _LONGEST_SHOWN else first_line[: _LONGEST_SHOWN - 3] + "…"

"""Holds an export against its questionnaire and names every difference. Not here: what the answers mean."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import ContractError
from landscape.surveys.dialects.merging import json_list
from landscape.surveys.export import ISO_FORMAT, Dialect, Export, Sheet, column_name
from landscape.surveys.questionnaire import Question
from landscape.text import normal_wording

if TYPE_CHECKING:
    from landscape.surveys.declared import Accepted
    from landscape.surveys.definition import Survey

_NOT_IN_A_FIELD_NAME = re.compile(r"[^a-z0-9]")
_NEAREST_CUTOFF = 0.6
_LONGEST_SHOWN = 120
_MOST_SHOWN = 5

ColumnMap = dict[int, Question]
"""Question by the position of its column."""


def hold(
    export: Export, survey: Survey, dialect: Dialect, path: Path, unlisted: list[str] | None = None
) -> dict[str | None, ColumnMap]:
    """Finds each question's column, sheet by sheet, and sees that closed answers are in their lists.

    Args:
        export: What was received.
        survey: What was asked, and which differences a person has accepted for the waves the file holds.
        dialect: How the tool joins several answers in a cell.
        path: The received file, for the message.
        unlisted: Takes up the answers that are in no list, in place of an error, where the questions are all there: so one
            check says them beside whatever else is wrong with the answers.

    Returns:
        For each repeated part (None for the response itself) the questions by column position.

    Raises:
        ContractError: A question is missing, re-worded, new or there twice, or an answer is not in its option list;
            all of them are named.
    """
    accepted = _accepted_for(export, survey, dialect)
    differences: list[str] = []
    answers: list[str] = []
    maps: dict[str | None, ColumnMap] = {}
    for sheet in export.sheets:
        maps[sheet.repeat], found = _hold_sheet(sheet, survey.questionnaire.of(sheet.repeat), accepted)
        differences += found
        answers += _unlisted_options(sheet, maps[sheet.repeat], survey, dialect, accepted, path)
    absent = {repeat.name for repeat in survey.questionnaire.repeats} - {sheet.repeat for sheet in export.sheets}
    differences += [f"the part “{name}” is missing" for name in sorted(absent)]
    if unlisted is not None and not differences:
        unlisted += answers
    elif differences or answers:
        raise ContractError(
            "it does not fit the questionnaire",
            file=path,
            culprits=[*differences, *answers],
            remedy=remedy(export, survey),
        )
    return maps


def remedy(export: Export, survey: Survey) -> str:
    """What to do about differences between an export and its questionnaire."""
    return (
        f"{export.mend}; or, if it is meant, accept it for the wave under `accepted:` in "
        f"assets/raw/surveys/{survey.name}/survey.yml (docs/adding-a-survey.md says how)"
    )


def _accepted_for(export: Export, survey: Survey, dialect: Dialect) -> tuple[Accepted, ...]:
    """What is accepted for every wave in which the file has responses."""
    if not survey.accepted:
        return ()
    waves = _waves_of(export.sheets[0], survey, dialect)
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


def _waves_of(sheet: Sheet, survey: Survey, dialect: Dialect) -> set[str]:
    dated = survey.questionnaire.used_for("wave_date")
    wording = normal_wording(dated.label) if dated else ""
    positions = [sheet.position("completed_at"), sheet.position("started_at")]
    positions += [column.position for column in sheet.columns if wording and normal_wording(column.heading) == wording]
    days = {
        day
        for row in sheet.rows
        for position in positions
        if position is not None
        and position < len(row.cells)
        and (day := _day(row.cells[position], dialect.TIME_FORMAT) or _day(row.cells[position], dialect.DATE_FORMAT))
    }
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
    if not column_map:  # then the headings may be answers, which no message shows
        return column_map, [
            f"none of its questions stands in the row of headings{place}: another survey’s, or is the row gone?"
        ]
    counted = Counter(question.name for question in column_map.values())
    differences = [f"asked twice{place}: “{named[name].label}”" for name, n in counted.items() if n > 1]
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


def _unlisted_options(
    sheet: Sheet, column_map: ColumnMap, survey: Survey, dialect: Dialect, accepted: tuple[Accepted, ...], path: Path
) -> list[str]:
    """Answers that are in no option list, counted; only where a closed list has no “Other” and is not one of areas.

    A word like a listed option is shown as that option; others are not shown, since they may be a person's own words.
    """
    differences: list[str] = []
    is_workbook = path.suffix.casefold() == ".xlsx"
    for position, question in column_map.items():
        at = column_name(sheet, position) if is_workbook else "line "
        if not question.options or question.other_code or question.is_of_areas:
            continue
        known = option_codes(question, survey, accepted)
        labels = [option.label for option in question.options]
        unlisted: dict[str, list[int]] = {}
        for row in sheet.rows:
            cell = row.cells[position].strip() if len(row.cells) == len(sheet.columns) else ""
            for part in parts_of(cell, question, dialect, labels):
                if normal_wording(part) not in known:
                    unlisted.setdefault(part, []).append(row.line)
        for part, lines in unlisted.items():
            nearest = difflib.get_close_matches(part, labels, n=1, cutoff=_NEAREST_CUTOFF)
            like = f", nearest is “{nearest[0]}”" if nearest else ""
            where = ", ".join(f"{at}{line}" for line in lines[:_MOST_SHOWN]) + (
                " …" if len(lines) > _MOST_SHOWN else ""
            )
            times = "once" if len(lines) == 1 else f"{len(lines)} times"
            differences.append(f"not an option of “{question.label}”: {times}, at {where}{like}")
    return differences


def parts_of(cell: str, question: Question, dialect: Dialect, labels: list[str]) -> list[str]:
    """The answers in one cell of a closed question."""
    if not cell:
        return []
    if question.kind == "select_multiple":
        return dialect.split(cell, labels)
    return json_list(cell) or [cell.strip()]  # a dialect that cannot tell a first place from a tick hands over a list


def option_codes(question: Question, survey: Survey, accepted: tuple[Accepted, ...]) -> dict[str, str]:
    """The code of each answer as it may be written: label, code, accepted answer or, where declared, place in the list."""
    codes = _within_field_names(question)
    codes |= {normal_wording(option.code): option.code for option in question.options}
    codes |= {normal_wording(option.label): option.code for option in question.options}
    codes |= {normal_wording(e.option): e.means for e in accepted if e.question == question.name and e.option}
    if survey.has_numbered_options:
        codes |= {str(number): option.code for number, option in enumerate(question.options, start=1)}
    return codes


def _within_field_names(question: Question) -> dict[str, str]:
    """Codes as REDCap writes them behind a field's name; none that two options would share."""
    written = [(_NOT_IN_A_FIELD_NAME.sub("_", option.code.lower()), option.code) for option in question.options]
    counted = Counter(text for text, _ in written)
    return {text: code for text, code in written if counted[text] == 1}


def _short(heading: str) -> str:
    first_line = heading.partition("\n")[0]  # a stray quotation mark can draw whole answers into a heading
    return first_line if len(first_line) <= _LONGEST_SHOWN else first_line[: _LONGEST_SHOWN - 3] + "…"

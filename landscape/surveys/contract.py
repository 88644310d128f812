"""Holds an export against its questionnaire and names every difference. Not here: the answers."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from pathlib import Path

from landscape.errors import ContractError
from landscape.surveys.export import Export, Sheet
from landscape.surveys.questionnaire import Question, Questionnaire

_SPACE = re.compile(r"\s+")
_NEAREST_CUTOFF = 0.6

ColumnMap = dict[int, Question]
"""Question by the position of its column."""


def hold(export: Export, questionnaire: Questionnaire, path: Path) -> dict[str | None, ColumnMap]:
    """Finds each question's column, sheet by sheet.

    Args:
        export: What was received.
        questionnaire: What was asked.
        path: The received file, for the message.

    Returns:
        For each repeated part (None for the response itself) the questions by column position.

    Raises:
        ContractError: A question is missing, re-worded, new or there twice; all of them are named.
    """
    differences: list[str] = []
    maps: dict[str | None, ColumnMap] = {}
    for sheet in export.sheets:
        maps[sheet.repeat], found = _hold_sheet(sheet, questionnaire.of(sheet.repeat))
        differences += found
    absent = {repeat.name for repeat in questionnaire.repeats} - {sheet.repeat for sheet in export.sheets}
    differences += [f"the part “{name}” is missing" for name in sorted(absent)]
    if differences:
        raise ContractError(
            "the export does not fit the questionnaire",
            file=path,
            culprits=differences,
            remedy=(
                "if the wording changed in the survey tool, add the new wording to `also_worded` of that question in "
                f"assets/raw/surveys/{questionnaire.survey}/questionnaire.md; add a new question there as a row of its own"
            ),
        )
    return maps


def _hold_sheet(sheet: Sheet, questions: tuple[Question, ...]) -> tuple[ColumnMap, list[str]]:
    by_wording = {
        normal_wording(wording): question for question in questions for wording in (question.label, *question.also_worded)
    }
    answers = [column for column in sheet.columns if column.role == "answer"]
    column_map = {
        column.position: by_wording[normal_wording(column.heading)]
        for column in answers
        if normal_wording(column.heading) in by_wording
    }
    place = f" on sheet “{sheet.title}”" if sheet.repeat else ""
    if not column_map:  # then the headings may be answers, which no message shows
        return column_map, [f"none of its questions stands in the row of headings{place}: another survey’s, or is the row gone?"]
    counted = Counter(question.name for question in column_map.values())
    differences = [f"asked twice{place}: “{_label(questions, name)}”" for name, n in counted.items() if n > 1]
    new = [column.heading for column in answers if column.position not in column_map]
    for question in questions:
        if question.name in counted:
            continue
        nearest = difflib.get_close_matches(question.label, new, n=1, cutoff=_NEAREST_CUTOFF)
        if nearest:
            new.remove(nearest[0])
            differences.append(f"re-worded{place}: “{question.label}” is now “{_short(nearest[0])}”")
        else:
            differences.append(f"missing{place}: “{question.label}”")
    differences += [f"new{place}: “{_short(heading)}”" for heading in new]
    return column_map, differences


def normal_wording(text: str) -> str:
    """A wording with case, spacing and a final colon or full stop set aside: tools change these by themselves."""
    return _SPACE.sub(" ", text).strip().rstrip(".:* ").casefold()


def _label(questions: tuple[Question, ...], name: str) -> str:
    return next(question.label for question in questions if question.name == name)


def _short(heading: str) -> str:
    return heading if len(heading) <= 120 else heading[:117] + "…"

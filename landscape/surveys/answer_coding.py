"""What each distinct cell of a closed question means: its options, by code. Not here: which response it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.places.areas import AreaSpellings, showable_spelling
from landscape.staging_db import write_rows
from landscape.surveys.contract import option_codes, parts_of
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.loading import loaded_questions, raw_table
from landscape.surveys.questionnaire import Question
from landscape.text import normal_wording

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = {
    "survey": "VARCHAR", "question": "VARCHAR", "cell": "VARCHAR", "place": "BIGINT", "code": "VARCHAR",
    "is_own_words": "BOOLEAN", "shown": "VARCHAR", "suggestion": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class PartMeaning:
    """What one ticked part of a cell means.

    Args:
        code: The option's code; None where the part is no option and the list has no "Other".
        is_own_words: The respondent wrote it; the words stay in the received file.
        suggestion: The code of the likeliest force area, for a person to accept.
    """

    code: str | None
    is_own_words: bool = False
    suggestion: str = ""


class AnswerList:
    """The option list of one closed question, ready to be looked things up in.

    Args:
        question: A closed question.
        survey: Its survey, with the answers a person has accepted.
        spellings: The reviewed spellings of force areas, which serve lists of areas.
    """

    def __init__(self, question: Question, survey: Survey, spellings: AreaSpellings) -> None:
        self.labels = [option.label for option in question.options]
        self._codes = option_codes(question, survey, survey.accepted)
        self._standing = {option.code: option.standing_code for option in question.options}
        self._other = question.other_code
        self._spellings = spellings if question.is_of_areas else None

    def meaning(self, part: str) -> PartMeaning:
        """The meaning of one part of a cell."""
        code = self._codes.get(normal_wording(part))
        if code is not None:
            return PartMeaning(self._standing.get(code, code))
        if self._spellings is not None:
            found = self._spellings.find(part)
            return PartMeaning(found.force_area_code, suggestion=found.suggestion)
        return PartMeaning(self._other, is_own_words=self._other is not None)


def write_cell_codes(con: DuckDBPyConnection, surveys: tuple[Survey, ...], spellings: AreaSpellings) -> None:
    """Fills the temporary table `cell_codes`, one row per distinct cell × part, for all closed questions.

    Cells are looked up once however many responses share them, so the cost follows the variety, not the size.
    """
    rows: list[tuple[object, ...]] = []
    for survey in surveys:
        for repeat in (None, *(part.name for part in survey.questionnaire.repeats)):
            for question in loaded_questions(survey.questionnaire, repeat):
                if question.options:
                    rows += _meanings_of(con, survey, question, AnswerList(question, survey, spellings))
    write_rows(con, "cell_codes", _COLUMNS, rows)


def _meanings_of(
    con: DuckDBPyConnection, survey: Survey, question: Question, answers: AnswerList
) -> list[tuple[object, ...]]:
    dialect = DIALECTS[survey.tool]
    table = raw_table(survey.name, question.repeat)
    cells = con.execute(
        f'SELECT DISTINCT "{question.name}" FROM {table} WHERE "{question.name}" IS NOT NULL ORDER BY ALL'
    ).fetchall()
    rows: list[tuple[object, ...]] = []
    for (cell,) in cells:
        for place, part in enumerate(parts_of(cell, question, dialect, answers.labels), start=1):
            found = answers.meaning(part)
            shown = showable_spelling(part) if question.is_of_areas and found.code is None else None
            rows.append(
                (survey.name, question.name, cell, place, found.code, found.is_own_words, shown, found.suggestion)
            )
    return rows

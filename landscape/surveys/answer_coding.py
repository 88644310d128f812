"""Looks up each distinct cell of a closed question once: the codes of its options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.places.areas import AreaSpellings, showable_spelling
from landscape.staging_db import write_rows
from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey
from landscape.surveys.loading import loaded_questions, raw_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = {
    "survey": "VARCHAR", "question": "VARCHAR", "cell": "VARCHAR", "place": "BIGINT", "code": "VARCHAR",
    "is_own_words": "BOOLEAN", "shown": "VARCHAR", "suggestion": "VARCHAR",
}  # fmt: skip


def write_cell_codes(con: DuckDBPyConnection, surveys: tuple[Survey, ...], spellings: AreaSpellings) -> None:
    """Fills the temporary table `cell_codes`, one row per distinct cell × part, for all closed questions.

    Cells are looked up once however many responses share them, so the cost follows the variety, not the size.
    """
    rows: list[tuple[object, ...]] = []
    for survey in surveys:
        for repeat in (None, *(part.name for part in survey.questionnaire.repeats)):
            for question in loaded_questions(survey.questionnaire, repeat):
                if question.options:
                    rows += _meanings_of(con, survey, AnswerList(question, survey, spellings=spellings))
    write_rows(con, "cell_codes", _COLUMNS, rows)


def _meanings_of(con: DuckDBPyConnection, survey: Survey, answers: AnswerList) -> list[tuple[object, ...]]:
    question = answers.question
    table = raw_table(survey.name, question.repeat)
    cells = con.execute(
        f'SELECT DISTINCT "{question.name}" FROM {table} WHERE "{question.name}" IS NOT NULL ORDER BY ALL'
    ).fetchall()
    rows: list[tuple[object, ...]] = []
    for (cell,) in cells:
        for place, part in enumerate(answers.parts(cell), start=1):
            found = answers.meaning(part)
            shown = showable_spelling(part.text) if question.is_of_areas and found.code is None else None
            rows.append(
                (survey.name, question.name, cell, place, found.code, found.is_own_words, shown, found.suggestion)
            )
    return rows

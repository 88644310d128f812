"""Which questions a respondent was not to be asked, worked out from the XLSForm's `relevant`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.surveys.answers import skip_blanks
from landscape.surveys.condition import Term, condition

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.definition import Survey
    from landscape.surveys.questionnaire import Question, Questionnaire


def mark_skipped(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Turns `blank` into `skipped_by_logic` wherever the question was not to be asked."""
    for survey in surveys:
        for question in survey.questionnaire.questions:
            if question.relevant:
                skip_blanks(con, survey.name, question.name, relevant_sql(question, survey.questionnaire))


def relevant_sql(question: Question, asked: Questionnaire) -> str:
    """SQL for a question's `relevant`, over the answers of the same record or, above it, of the same response."""
    return " ".join(
        part.upper() if isinstance(part, str) else _sql(part, question, asked) for part in condition(question.relevant)
    )


def _sql(term: Term, question: Question, asked: Questionnaire) -> str:
    there = asked.by_name[term.name]
    owner = "own.record_id" if there.repeat == question.repeat else "own.response_id"
    answers = (
        f"SELECT 1 FROM staged.answers AS there WHERE there.record_id = {owner} AND there.question = '{term.name}'"
    )
    if term.code is None:
        sign = "<>" if term.sign == "!=" else term.sign
        return f"EXISTS ({answers} AND there.number_value {sign} {term.number})"
    counted = {option.code: option.counted_code for option in there.options}
    exists = f"EXISTS ({answers} AND there.code = '{counted.get(term.code, term.code)}')"
    return f"NOT {exists}" if term.sign == "!=" else exists

"""Which questions a respondent was not to be asked, worked out from the XLSForm's `relevant`. Not here: the answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from landscape.errors import SurveyDefinitionError
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question, Questionnaire

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SELECTED = re.compile(r"selected\(\s*\$\{(?P<name>\w+)\}\s*,\s*'(?P<code>[^']*)'\s*\)")
_EQUALS = re.compile(r"\$\{(?P<name>\w+)\}\s*(?P<sign>!?=)\s*'(?P<code>[^']*)'")
_NUMBER = re.compile(r"\$\{(?P<name>\w+)\}\s*(?P<sign>!?=|[<>]=?)\s*(?P<number>-?\d+(?:\.\d+)?)")
_WORD = re.compile(r"and\b|or\b|not\b|\(|\)")
_SPACE = re.compile(r"\s+")


def mark_skipped(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Turns `blank` into `skipped_by_logic` in staged.answers wherever the question was not to be asked."""
    for survey in surveys:
        for question in survey.questionnaire.questions:
            if question.relevant:
                con.execute(
                    "UPDATE staged.answers AS own SET missing_reason = 'skipped_by_logic' "
                    f"WHERE own.survey = '{survey.name}' AND own.question = '{question.name}' "
                    f"AND own.missing_reason = 'blank' AND NOT ({relevant_sql(question, survey.questionnaire)})"
                )


def relevant_sql(question: Question, asked: Questionnaire) -> str:
    """SQL for a question's `relevant`, over the answers of the same record or, above it, of the same response.

    Raises:
        SurveyDefinitionError: The condition uses more than comparisons, selected(), and, or, not() and brackets.
    """
    rest, made = question.relevant.strip(), []
    while rest:
        for pattern, write in ((_SELECTED, _chosen), (_EQUALS, _chosen), (_NUMBER, _compared)):
            if found := pattern.match(rest):
                made.append(write(found, question, asked))
                break
        else:
            found = _WORD.match(rest) or _SPACE.match(rest)
            if found is None:
                raise SurveyDefinitionError(
                    "a `relevant` that cannot be worked out here",
                    file=f"{asked.survey}/questionnaire.md",
                    culprits=[f"{question.name}: {question.relevant}"],
                    remedy="write it with comparisons, selected(), and, or, not() and brackets",
                )
            made.append(found.group().upper())
        rest = rest[found.end() :]
    return "".join(made)


def _chosen(found: re.Match[str], question: Question, asked: Questionnaire) -> str:
    there = _answers(found["name"], question, asked)
    standing = {option.code: option.standing_code for option in asked.by_name[found["name"]].options}
    exists = f"EXISTS ({there} AND there.code = '{standing.get(found['code'], found['code'])}')"
    return f"NOT {exists}" if found.groupdict().get("sign") == "!=" else exists


def _compared(found: re.Match[str], question: Question, asked: Questionnaire) -> str:
    sign = "<>" if found["sign"] == "!=" else found["sign"]
    return f"EXISTS ({_answers(found['name'], question, asked)} AND there.number_value {sign} {found['number']})"


def _answers(name: str, question: Question, asked: Questionnaire) -> str:
    if name not in asked.by_name:
        raise SurveyDefinitionError(
            "a `relevant` names a question that is not there",
            file=f"{asked.survey}/questionnaire.md",
            culprits=[f"{question.name}: {name}"],
        )
    owner = "own.record_id" if asked.by_name[name].repeat == question.repeat else "own.response_id"
    return f"SELECT 1 FROM staged.answers AS there WHERE there.record_id = {owner} AND there.question = '{name}'"

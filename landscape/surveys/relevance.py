"""Which questions a respondent was not to be asked, worked out from the XLSForm's `relevant`. Not here: the answers."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.definition import Survey
    from landscape.surveys.questionnaire import Question, Questionnaire

_TERMS = (
    re.compile(r"(?P<sign>selected)\(\s*\$\{(?P<name>\w+)\}\s*,\s*'(?P<code>[^']*)'\s*\)"),
    re.compile(r"\$\{(?P<name>\w+)\}\s*(?P<sign>!?=)\s*'(?P<code>[^']*)'"),
    re.compile(r"\$\{(?P<name>\w+)\}\s*(?P<sign>!?=|[<>]=?)\s*(?P<number>-?\d+(?:\.\d+)?)"),
)
_WORD = re.compile(r"(?:and|or|not)\b|\(|\)")
_SENTENCE = (ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Constant)


@dataclass(frozen=True)
class Term:
    """One comparison in a condition: a question's answer with a code, or with a number (`code` is None)."""

    name: str
    sign: str
    code: str | None
    number: str | None


def condition(relevant: str) -> tuple[Term | str, ...]:
    """The comparisons of a `relevant`, and the words and brackets between them.

    >>> condition("${hours} >= 10 and not(${uses} = 'A')")[1:4]
    ('and', 'not', '(')

    Raises:
        ValueError: It uses more than comparisons, selected(), and, or, not() and brackets, or they do not fit together.
    """
    parts: list[Term | str] = []
    rest = relevant.strip()
    while rest:
        found = next((match for pattern in (*_TERMS, _WORD) if (match := pattern.match(rest))), None)
        if found is None:
            break
        said = found.groupdict()
        parts.append(Term(said["name"], said["sign"], said.get("code"), said.get("number")) if said else found.group())
        rest = rest[found.end() :].lstrip()
    try:
        sentence = ast.parse(" ".join(part if isinstance(part, str) else "True" for part in parts), mode="eval")
        is_whole = all(isinstance(part, _SENTENCE) for part in ast.walk(sentence))
    except (SyntaxError, RecursionError, MemoryError):
        is_whole = False
    if rest or not is_whole:
        raise ValueError(
            "cannot be worked out here; write it with comparisons, selected(), and, or, not() and brackets, as in "
            "${uses} = 'ANS.YES' and ${hours} >= 10"
        )
    return tuple(parts)


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
    standing = {option.code: option.standing_code for option in there.options}
    exists = f"EXISTS ({answers} AND there.code = '{standing.get(term.code, term.code)}')"
    return f"NOT {exists}" if term.sign == "!=" else exists

"""The true counts of people behind the tables, by survey and wave; they leave this package within the limits only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.disclosure.declared import (
    ALL,
    MEMBERS_QUESTIONS,
    MEMBERS_SURVEY,
    NO_ANSWER,
    ROLE_QUESTION,
    UNPUBLISHED_USES,
)
from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READS = (
    "staged.responses",
    "staged.answers",
    "staged.consents",
    "staged.invitations",
    "reference.questions",
    "reference.options",
    "reference.force_areas",
    "reference.codebook",
    "marts.network_by_area",
)
NO_ANSWER_NAME = "No answer"

_PEOPLE = """
SELECT responses.survey, responses.wave, responses.response_id, areas.region_name, min(roles.code) AS role,
    responses.is_sample, coalesce(bool_and(consents.consent_given AND consents.withdrawn_at IS NULL), true) AS may_be_used
FROM staged.responses AS responses
LEFT JOIN staged.consents AS consents
    ON consents.response_id = responses.response_id AND consents.consent_purpose_code = 'CON.ANALYSIS'
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = responses.force_area_code
LEFT JOIN staged.answers AS roles
    ON roles.response_id = responses.response_id AND roles.question = $role AND roles.missing_reason IS NULL
WHERE responses.is_counted
GROUP BY ALL
"""
_CHOSEN = """
SELECT DISTINCT response_id, question, code
FROM staged.answers
WHERE record_id = response_id AND code IS NOT NULL AND missing_reason IS NULL
"""
_QUESTIONS = """
SELECT survey, coalesce(rank_list, question), min(question_number), bool_and(kind = 'select_one'), bool_or(rank_list IS NOT NULL)
FROM reference.questions
WHERE "repeat" IS NULL AND kind IN ('select_one', 'select_multiple')
    AND split_part(coalesce(question_use, ''), ':', 1) NOT IN (SELECT unnest($unpublished))
GROUP BY ALL
ORDER BY survey, 3
"""


@dataclass(frozen=True)
class Question:
    """A closed question of a survey and how often each of its options was chosen.

    Args:
        name: Its name; of a ranked question, the name of the ranking.
        is_single: It has one answer.
        is_ranked: It is a ranking, of which the first three places are counted together.
        options: Labels by code in the order asked, no answer last.
        chosen: People by group and option; the group ALL is everybody.
    """

    name: str
    is_single: bool
    is_ranked: bool
    options: Mapping[str, str]
    chosen: Counter[tuple[str, str]]


@dataclass(frozen=True)
class Round:
    """One wave of one survey of people.

    Args:
        survey: The survey.
        wave: The wave.
        closes_on: Its last day.
        is_sample: Whether its rows are made up.
        n_responded: Responses that count.
        n_people: Those whose answers may be used: the base of all its questions.
        n_invited: People on the list of invitations; None if none was given.
        cut: What groups are formed by, `role` or `region`; "" for none.
        sizes: People by group.
        names: What groups are called, where that is not their code.
        questions: Its closed questions.
    """

    survey: str
    wave: str
    closes_on: dt.date
    is_sample: bool
    n_responded: int
    n_people: int
    n_invited: int | None
    cut: str
    sizes: Mapping[str, int]
    names: Mapping[str, str]
    questions: tuple[Question, ...]


def rounds_of(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> Iterator[Round]:
    """Every wave of every survey of people that anybody answered.

    Args:
        con: The staging database, with the tables in `READS`.
        surveys: The surveys, which say when their waves close and what groups are formed by.
    """
    people = con.execute(_PEOPLE, {"role": ROLE_QUESTION}).fetchall()
    chosen: dict[str, dict[str, set[str]]] = {}
    for response, question, code in con.execute(_CHOSEN).fetchall():
        chosen.setdefault(response, {}).setdefault(question, set()).add(code)
    invited = {
        (survey, wave): n
        for survey, wave, n in con.execute(
            "SELECT survey, wave, count(*) FROM staged.invitations GROUP BY ALL"
        ).fetchall()
    }
    roles = dict(con.execute("SELECT code, label FROM reference.codebook WHERE scheme = ?", [ROLE_QUESTION]).fetchall())
    asked = con.execute(_QUESTIONS, {"unpublished": list(UNPUBLISHED_USES)}).fetchall()
    for survey in sorted(surveys, key=lambda each: each.name):
        if not is_of_people(survey):
            continue
        for wave in survey.waves:
            those = [row for row in people if row[:2] == (survey.name, wave.wave)]
            if those:
                used = {row[2]: row[4] if survey.cut == "role" else row[3] for row in those if row[6]}
                yield Round(
                    survey.name,
                    wave.wave,
                    wave.closes_on,
                    any(row[5] for row in those),
                    len(those),
                    len(used),
                    invited.get((survey.name, wave.wave)),
                    survey.cut or "",
                    Counter(group for group in used.values() if group) if survey.cut else {},
                    roles,
                    tuple(_questions(con, survey, asked, used, chosen)),
                )


def is_of_people(survey: Survey) -> bool:
    """Whether the survey is answered by people about themselves; only a visit has its own date."""
    return not any(question.use == "wave_date" for question in survey.questionnaire.questions)


def _questions(
    con: DuckDBPyConnection,
    survey: Survey,
    asked: list[tuple[str, str, int, bool, bool]],
    used: Mapping[str, str | None],
    chosen: Mapping[str, Mapping[str, set[str]]],
) -> Iterator[Question]:
    labels: dict[str, dict[str, str]] = {}
    options = con.execute(
        "SELECT question, option_code, option_name FROM reference.options WHERE survey = ? ORDER BY question, option_number",
        [survey.name],
    )
    for question, code, label in options.fetchall():
        labels.setdefault(question, {})[code] = label
    for of_survey, name, _, is_single, is_ranked in asked:
        if of_survey != survey.name or (of_survey == MEMBERS_SURVEY and name in MEMBERS_QUESTIONS):
            continue
        counts: Counter[tuple[str, str]] = Counter()
        most = 0
        for response, group in used.items():
            codes = chosen.get(response, {}).get(name, set()) & labels[name].keys()
            most = max(most, len(codes))
            for code in codes or {NO_ANSWER}:
                counts.update({(ALL, code), *([(group, code)] if group else [])})
        # A person who coded an answer may have given it a second code.
        yield Question(
            name,
            is_single and not is_ranked and most <= 1,
            is_ranked,
            {**labels[name], NO_ANSWER: NO_ANSWER_NAME},
            counts,
        )

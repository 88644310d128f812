"""Every question of every survey as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from landscape.codebook import RETIRED_MARK
from landscape.staging_db import write_rows
from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CONSENT = "consent:"
_QUESTIONS = {
    "survey": "VARCHAR", "question_number": "BIGINT", "question": "VARCHAR", "label": "VARCHAR", "kind": "VARCHAR",
    "repeat": "VARCHAR", "privacy": "VARCHAR", "question_use": "VARCHAR", "rank_list": "VARCHAR", "rank_place": "BIGINT",
    "consent_purpose_code": "VARCHAR", "consent_version": "VARCHAR",
}  # fmt: skip
_OPTIONS = {
    "survey": "VARCHAR", "question": "VARCHAR", "option_code": "VARCHAR", "option_name": "VARCHAR", "option_number": "BIGINT",
}  # fmt: skip


def write_questions(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes reference.questions, one row per question, and reference.options, one per question × option."""
    write_rows(con, "reference.questions", _QUESTIONS, [row for survey in surveys for row in _question_rows(survey)])
    write_rows(con, "reference.options", _OPTIONS, [row for survey in surveys for row in _option_rows(survey)])


def _question_rows(survey: Survey) -> Iterator[tuple[object, ...]]:
    for number, question in enumerate(survey.questionnaire.by_name.values(), start=1):
        rank_list, rank_place = question.rank or (None, None)
        purpose = question.use.removeprefix(_CONSENT) if question.use.startswith(_CONSENT) else None
        yield (
            survey.name, number, question.name, question.label, question.kind, question.repeat, question.privacy,
            question.use or None, rank_list, rank_place, purpose, survey.consent_version,
        )  # fmt: skip


def _option_rows(survey: Survey) -> Iterator[tuple[object, ...]]:
    """One row for each question × option; the places of a ranking share one list."""
    listed: dict[tuple[str, str], tuple[str, int]] = {}
    for question in survey.questionnaire.questions:
        name = question.rank[0] if question.rank else question.name
        standing = [option for option in question.options if not option.counted_as]  # what replaced the others is there
        for number, option in enumerate(standing, start=1):
            shown = f"{option.label}{RETIRED_MARK}" if option.is_retired else option.label
            listed.setdefault((name, option.code), (shown, number))
    for (name, code), (label, number) in listed.items():
        yield survey.name, name, code, label, number

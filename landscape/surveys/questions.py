"""Every question of every survey as a table. Not here: reading the questionnaires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CONSENT = "consent:"


def write_questions(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes reference.questions, one row per question, and reference.options, one per question × option."""
    _write_options(con, surveys)
    con.execute(
        "CREATE OR REPLACE TABLE reference.questions (survey VARCHAR, question_number BIGINT, question VARCHAR, label VARCHAR, "
        "kind VARCHAR, repeat VARCHAR, privacy VARCHAR, question_use VARCHAR, rank_list VARCHAR, rank_place BIGINT, "
        "consent_purpose_code VARCHAR, consent_version VARCHAR)"
    )
    for survey in surveys:
        for number, question in enumerate(survey.questionnaire.questions, start=1):
            rank_list, rank_place = question.rank or (None, None)
            purpose = question.use.removeprefix(_CONSENT) if question.use.startswith(_CONSENT) else None
            con.execute(
                "INSERT INTO reference.questions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    survey.name, number, question.name, question.label, question.kind, question.repeat, question.privacy,
                    question.use or None, rank_list, rank_place, purpose, survey.consent_version,
                ],
            )  # fmt: skip


def _write_options(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    con.execute(
        "CREATE OR REPLACE TABLE reference.options "
        "(survey VARCHAR, question VARCHAR, option_code VARCHAR, option_name VARCHAR, option_number BIGINT)"
    )
    for survey in surveys:
        listed: dict[tuple[str, str], tuple[str, int]] = {}
        for question in survey.questionnaire.questions:
            name = question.rank[0] if question.rank else question.name
            for number, option in enumerate(question.options, start=1):
                listed.setdefault((name, option.code), (option.label, number))
        for (name, code), (label, number) in listed.items():
            con.execute(
                "INSERT INTO reference.options VALUES (?, ?, ?, ?, ?)", [survey.name, name, code, label, number]
            )

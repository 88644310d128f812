"""Raw cells become responses, records, answers and issues in one shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from landscape.places.areas import DECIDES, AreaSpellings, normal_spelling
from landscape.surveys.answer_coding import write_cell_codes
from landscape.surveys.answers import write_answers
from landscape.surveys.definition import Survey
from landscape.surveys.invited import stage_invitations
from landscape.surveys.issues import stage_conservation, stage_issues
from landscape.surveys.loading import KEPT_BACK, raw_table
from landscape.surveys.relevance import mark_skipped
from landscape.surveys.responses import stage_responses

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AREA_BODIES = ("ORG.FORCE", "ORG.OPCC")


def stage_answers(con: DuckDBPyConnection, surveys: tuple[Survey, ...], spellings: AreaSpellings) -> None:
    """Writes staged.responses, records and answers from the raw tables, as they were received.

    Args:
        con: The staging database, with raw and reference tables in place.
        surveys: All surveys.
        spellings: From `read_spellings`.
    """
    write_cell_codes(con, surveys, spellings)
    _write_organisation_places(con, surveys, spellings)
    stage_responses(con, surveys)
    write_answers(con, surveys)
    _gather_coded_cells(con, surveys)


def stage_summaries(con: DuckDBPyConnection, surveys: tuple[Survey, ...], spellings: AreaSpellings) -> None:
    """Writes what follows once decisions of people are applied: submissions, withdrawals, invitations, issues, conservation.

    Args:
        con: The staging database, after `stage_answers`.
        surveys: All surveys.
        spellings: From `read_spellings`.
    """
    mark_skipped(con, surveys)
    con.execute(_SUBMISSIONS)
    con.execute(_WITHDRAWALS)
    stage_invitations(con, spellings)
    stage_issues(con, surveys)
    stage_conservation(con, surveys)


def read_spellings(con: DuckDBPyConnection, accepted: Iterable[tuple[str, str]]) -> AreaSpellings:
    """The spellings of force areas in `reference.aliases`, and those that a person accepted since."""
    rows = con.execute("SELECT alias, force_area_code, alias_use FROM reference.aliases ORDER BY ALL").fetchall()
    return AreaSpellings(
        [*((alias, code) for alias, code, use in rows if use == DECIDES), *accepted],
        ((alias, code) for alias, code, use in rows if use == "suggests"),
    )


def _write_organisation_places(con: DuckDBPyConnection, surveys: tuple[Survey, ...], spellings: AreaSpellings) -> None:
    """The area of each distinct organisation × type; a university's is where it sits, whatever it studies."""
    universities = {
        normal_spelling(name): code
        for name, code in con.execute("SELECT university, force_area_code FROM reference.universities").fetchall()
    }
    con.execute(
        "CREATE OR REPLACE TEMP TABLE organisation_places "
        "(organisation VARCHAR, organisation_type_code VARCHAR, force_area_code VARCHAR)"
    )
    for survey in surveys:
        named = survey.questionnaire.used_for("organisation")
        kind = survey.questionnaire.used_for("organisation_type")
        if named is None or kind is None:
            continue
        pairs = con.execute(
            f'SELECT DISTINCT r."{named.name}", m.code FROM {raw_table(survey.name, None)} AS r JOIN cell_codes AS m '
            f"ON m.survey = '{survey.name}' AND m.question = '{kind.name}' AND m.cell = r.\"{kind.name}\" "
            f'WHERE r."{named.name}" IS NOT NULL AND (r."{named.name}", m.code) NOT IN '
            "(SELECT (organisation, organisation_type_code) FROM organisation_places) ORDER BY ALL"
        ).fetchall()
        for organisation, type_code in pairs:
            code = universities.get(normal_spelling(organisation)) if type_code == "ORG.UNI" else None
            if type_code in _AREA_BODIES:
                code = spellings.find(organisation).force_area_code
            if code:
                con.execute("INSERT INTO organisation_places VALUES (?, ?, ?)", [organisation, type_code, code])


def _gather_coded_cells(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """The answers in own words of which a person coded any, each with the check number of its cell as it is now."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE coded_cells "
        "(survey VARCHAR, record_id VARCHAR, question VARCHAR, answer_position BIGINT, words_check VARCHAR)"
    )
    coded = {question for (question,) in con.execute("SELECT DISTINCT question FROM reference.codings").fetchall()}
    for survey in surveys:
        for question in survey.questionnaire.questions:
            name, place = question.rank or (question.name, None)
            if name in coded and question.privacy != "personal":
                own_id, owners = (
                    ("response_id", "staged.responses") if question.repeat is None else ("record_id", "staged.records")
                )
                con.execute(
                    _CODED_CELLS.format(
                        survey=survey.name,
                        owners=owners,
                        own_id=own_id,
                        table=raw_table(survey.name, question.repeat),
                        column=f'"{question.name}"',
                        name=name,
                        place="NULL" if place is None else place,
                        kept_back=KEPT_BACK,
                    )
                )


_CODED_CELLS = """
INSERT INTO coded_cells
SELECT '{survey}', a.record_id, a.question, a.answer_position,
    CASE WHEN starts_with(r.{column}, '{kept_back}') THEN right(r.{column}, 4) ELSE left(md5(r.{column}), 4) END
FROM {table} AS r
JOIN {owners} AS own ON own.file_name = r.file_name AND own.line = r.line
JOIN staged.answers AS a ON a.record_id = own.{own_id} AND a.question = '{name}'
    AND a.choice_rank IS NOT DISTINCT FROM {place} AND a.is_own_words
WHERE a.survey = '{survey}' AND a.record_id IN (SELECT record_id FROM reference.codings)
"""


_SUBMISSIONS = """
CREATE OR REPLACE TABLE staged.submissions AS
SELECT f.file_name, f.survey, f.tool, f.sha256, s.n_rows, f.is_sample::BOOLEAN AS is_sample,
    f.exported_at::TIMESTAMP AS exported_at
FROM raw.received_files AS f
JOIN raw.received_sheets AS s ON s.file_name = f.file_name AND s.repeat = ''
ORDER BY f.file_name
"""

_WITHDRAWALS = """
CREATE OR REPLACE TABLE staged.withdrawals AS
SELECT r.response_id, w.consent_purpose_code, w.withdrawn_at::TIMESTAMP AS withdrawn_at
FROM raw.withdrawals AS w
JOIN staged.responses AS r ON r.file_name = w.file_name AND r.line = w.line
ORDER BY r.response_id, w.consent_purpose_code
"""

"""Which received row is which response, and whether it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.surveys.definition import Survey
from landscape.surveys.export import ISO_FORMAT
from landscape.surveys.loading import loaded_questions, raw_table
from landscape.surveys.questionnaire import Question

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RANK_ORDER = "exported_at DESC NULLS LAST, completed_at DESC NULLS LAST, file_name DESC, line DESC"


def parsed_time(column: str, time_format: str) -> str:
    """SQL for a text column read as a local time; NULL where it is none."""
    return (
        f"TRY_CAST({column} AS TIMESTAMP)" if time_format == ISO_FORMAT else f"try_strptime({column}, '{time_format}')"
    )


def stage_responses(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes staged.responses and staged.records from the raw tables; needs `cell_codes`."""
    _write_waves(con, surveys)
    _gather_records(con, surveys)
    _gather_rows(con, surveys)
    con.execute(_RESPONSES)
    con.execute(_RECORDS)


def _write_waves(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE waves "
        "(survey VARCHAR, wave VARCHAR, opens_on DATE, closes_on DATE, takes_undated BOOLEAN)"
    )
    for survey in surveys:
        for wave in survey.waves:
            con.execute(
                "INSERT INTO waves VALUES (?, ?, ?, ?, ?)",
                [survey.name, wave.wave, wave.opens_on, wave.closes_on, wave.wave == survey.undated_wave],
            )


def _row_hash(questions: tuple[Question, ...]) -> str:
    cells = ", ".join(f"coalesce(\"{question.name}\", '')" for question in questions)
    return f"md5(concat_ws(chr(31), {cells}))" if cells else "md5('')"  # all questions may be in repeated parts


def _gather_records(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """All rows of repeated parts, each with the response it belongs to in the same file."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE record_rows (survey VARCHAR, repeat VARCHAR, file_name VARCHAR, line BIGINT, "
        "parent_repeat VARCHAR, parent_ref VARCHAR, record_ref VARCHAR, response_ref VARCHAR, row_hash VARCHAR)"
    )
    for survey in surveys:
        for part in survey.questionnaire.repeats:
            questions = loaded_questions(survey.questionnaire, part.name)
            response_ref = (
                "row.parent_ref"
                if part.parent is None
                else f"(SELECT above.response_ref FROM record_rows AS above WHERE above.survey = '{survey.name}' AND "
                f"above.repeat = '{part.parent}' AND above.file_name = row.file_name AND above.record_ref = row.parent_ref)"
            )
            con.execute(
                f"INSERT INTO record_rows SELECT '{survey.name}', '{part.name}', file_name, line, '{part.parent or ''}', "
                f"parent_ref, record_ref, {response_ref}, {_row_hash(questions)} FROM {raw_table(survey.name, part.name)} AS row"
            )


def _gather_rows(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """All received rows of all surveys in one shape."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE received_rows (survey VARCHAR, file_name VARCHAR, line BIGINT, response_ref VARCHAR, "
        "started_at TIMESTAMP, completed_at TIMESTAMP, dated_at TIMESTAMP, survey_zone VARCHAR, is_partial BOOLEAN, "
        "person_key VARCHAR, is_trial BOOLEAN, is_rejected BOOLEAN, force_area_code VARCHAR, organisation_type_code VARCHAR, "
        "organisation VARCHAR, release_level VARCHAR, own_hash VARCHAR)"
    )
    for survey in surveys:
        asked = survey.questionnaire
        time_format = survey.time_format
        date_format = survey.date_format
        dated, organisation = asked.used_for("wave_date"), asked.used_for("organisation")
        con.execute(
            f"""INSERT INTO received_rows SELECT '{survey.name}', file_name, line, response_ref,
                {parsed_time("started_at", time_format)}, {parsed_time("completed_at", time_format)},
                {parsed_time(f'"{dated.name}"', date_format) if dated else "NULL"}, '{survey.time_zone}', is_partial::BOOLEAN,
                person_key, is_trial::BOOLEAN, is_rejected::BOOLEAN, {_code(asked.used_for("area"), survey)},
                {_code(asked.used_for("organisation_type"), survey)}, {f'"{organisation.name}"' if organisation else "NULL"},
                {_code(asked.used_for("release_level"), survey)}, {_row_hash(loaded_questions(asked, None))}
            FROM {raw_table(survey.name, None)} AS raw_row"""
        )


def _code(question: Question | None, survey: Survey) -> str:
    """SQL for the code that a response's cell of a one-of-n question means."""
    if question is None:
        return "NULL"
    return (
        f"(SELECT code FROM cell_codes AS m WHERE m.survey = '{survey.name}' AND m.question = '{question.name}' "
        f'AND m.cell = raw_row."{question.name}")'
    )


# A response's number is its own within its wave: a form that is set up again for the next wave begins again at 1.
# Status, in this order: a copy of what is there already; the team's trial; turned down at the tool; an earlier version of
# the same response; not finished; answered again later by the same person; on a day of no wave; else it counts.
_RESPONSES = f"""
CREATE OR REPLACE TABLE staged.responses AS
WITH children AS (
    SELECT survey, file_name, response_ref, string_agg(repeat || row_hash, '' ORDER BY repeat, line) AS child_hash
    FROM record_rows GROUP BY ALL
),
timed AS (
    SELECT
        r.*, f.exported_at::TIMESTAMP AS exported_at, f.is_sample::BOOLEAN AS is_sample,
        md5(r.own_hash || coalesce(c.child_hash, '')) AS content_hash,
        coalesce(
            r.completed_at AT TIME ZONE f.time_zone, r.dated_at AT TIME ZONE r.survey_zone, r.started_at AT TIME ZONE f.time_zone
        ) AS instant
    FROM received_rows AS r
    JOIN raw.received_files AS f ON f.file_name = r.file_name
    LEFT JOIN children AS c
        ON c.survey = r.survey AND c.file_name = r.file_name AND c.response_ref = r.response_ref
),
in_wave AS MATERIALIZED (
    SELECT t.*, w.wave, t.instant AT TIME ZONE 'UTC' AS submitted_at,
        CAST(t.instant AT TIME ZONE t.survey_zone AS DATE) AS submitted_on
    FROM timed AS t
    LEFT JOIN waves AS w ON w.survey = t.survey
        AND coalesce(CAST(t.instant AT TIME ZONE t.survey_zone AS DATE) BETWEEN w.opens_on AND w.closes_on, w.takes_undated)
),
several AS (
    SELECT survey, wave, response_ref FROM in_wave GROUP BY ALL HAVING count(*) > 1
),
copies AS (
    SELECT *, row_number() OVER (
        PARTITION BY survey, wave, response_ref, content_hash ORDER BY file_name, line) AS copy_number
    FROM in_wave AS i SEMI JOIN several AS s
        ON s.survey = i.survey AND s.wave IS NOT DISTINCT FROM i.wave AND s.response_ref = i.response_ref
),
versions AS (
    SELECT *, row_number() OVER (
        PARTITION BY survey, wave, response_ref, copy_number > 1 ORDER BY {RANK_ORDER}) AS version_age
    FROM copies
),
occurrences AS (
    SELECT *, row_number() OVER (
        PARTITION BY survey, wave, response_ref ORDER BY (copy_number = 1 AND version_age = 1) DESC, file_name, line
    ) AS occurrence
    FROM versions
    UNION ALL
    SELECT *, 1 AS copy_number, 1 AS version_age, 1 AS occurrence
    FROM in_wave AS i ANTI JOIN several AS s
        ON s.survey = i.survey AND s.wave IS NOT DISTINCT FROM i.wave AND s.response_ref = i.response_ref
),
named AS MATERIALIZED (
    SELECT *,
        concat_ws('/', survey, wave, response_ref) AS standing_id,
        copy_number = 1 AND version_age = 1 AND NOT (is_trial OR is_rejected OR is_partial) AS is_complete
    FROM occurrences
),
numbered AS (
    SELECT *, row_number() OVER latest AS person_age, first_value(standing_id) OVER latest AS latest_id
    FROM named
    WHERE person_key IS NOT NULL
    WINDOW latest AS (
        PARTITION BY survey, wave, person_key, is_complete ORDER BY submitted_at DESC NULLS LAST, file_name DESC, line DESC)
    UNION ALL
    SELECT *, NULL AS person_age, NULL AS latest_id FROM named WHERE person_key IS NULL
)
SELECT
    CASE WHEN occurrence = 1 THEN standing_id ELSE standing_id || '#' || occurrence END AS response_id,
    survey, response_ref, wave, submitted_at, submitted_on,
    CASE
        WHEN copy_number > 1 THEN 'duplicate'
        WHEN is_trial THEN 'test'
        WHEN is_rejected THEN 'rejected'
        WHEN version_age > 1 THEN 'superseded'
        WHEN is_partial THEN 'partial'
        WHEN person_age > 1 THEN 'superseded'
        WHEN wave IS NULL THEN 'outside_wave'
        ELSE 'counted'
    END AS status,
    CASE
        WHEN occurrence > 1 THEN standing_id
        WHEN is_complete AND person_age > 1 THEN latest_id
    END AS replaced_by,
    person_key, n.organisation_type_code,
    coalesce(n.force_area_code, place.force_area_code) AS force_area_code,
    coalesce(release_level, 'REL.WHOLE') AS release_level,
    status = 'counted' AS is_counted,
    is_sample, file_name, line
FROM numbered AS n
LEFT JOIN organisation_places AS place
    ON place.organisation = n.organisation AND place.organisation_type_code = n.organisation_type_code
ORDER BY response_id
"""

_RECORDS = """
CREATE OR REPLACE TABLE staged.records AS
WITH standing AS (
    SELECT response_id, survey, file_name, response_ref, row_number() OVER (
        PARTITION BY file_name, response_ref ORDER BY line) AS in_file
    FROM staged.responses
),
named AS (
    SELECT s.response_id, r.*,
        s.response_id || '/' || coalesce(r.record_ref, r.repeat || '-' || row_number() OVER (
            PARTITION BY r.file_name, r.repeat, r.response_ref ORDER BY r.line)) AS record_id
    FROM record_rows AS r
    JOIN standing AS s ON s.survey = r.survey AND s.file_name = r.file_name AND s.response_ref = r.response_ref AND s.in_file = 1
)
SELECT n.record_id, n.response_id, coalesce(above.record_id, n.response_id) AS parent_record_id,
    n.survey, n.repeat, n.file_name, n.line
FROM named AS n
LEFT JOIN named AS above
    ON above.response_id = n.response_id AND above.repeat = n.parent_repeat AND above.record_ref = n.parent_ref
ORDER BY n.record_id
"""

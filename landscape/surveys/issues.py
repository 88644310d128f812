"""What did not fit, row by row, and the proof that nothing was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.staging_db import write_rows
from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import visit_workbook
from landscape.surveys.loading import loaded_questions, raw_table
from landscape.surveys.remedies import NEAREST, OUTSIDE, UNANSWERED, UNDATED, UNKNOWN_AREA, UNLISTED, Found, remedy_of
from landscape.surveys.statuses import OUTSIDE_WAVE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = {
    "issue_number": "BIGINT", "file_name": "VARCHAR", "line": "BIGINT", "cell": "VARCHAR", "survey": "VARCHAR",
    "field": "VARCHAR", "reason": "VARCHAR", "disposition": "VARCHAR", "severity": "VARCHAR", "responsibility": "VARCHAR",
    "cell_value": "VARCHAR", "suggestion": "VARCHAR", "command": "VARCHAR",
}  # fmt: skip


def stage_issues(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes staged.issues: one row per thing that did not fit, with its place, what to do and who can do it."""
    _gather_unread(con, surveys)
    _gather_unanswered(con, surveys)
    by_hand = {survey.name for survey in surveys if survey.tool == visit_workbook.NAME}
    rows: list[tuple[object, ...]] = []
    for number, found in enumerate(con.execute(_FOUND).fetchall(), start=1):
        file_name, line, cell, survey, field, reason, disposition, who, value, area, question, record_id = found
        suggestion, command = remedy_of(
            Found(reason.partition(NEAREST)[0], survey, file_name, survey in by_hand, value, area, question, record_id)
        )
        rows.append(
            (
                number, file_name, line, cell, survey, field, reason, disposition, "warning", who, value, suggestion,
                command or None,
            )
        )  # fmt: skip
    write_rows(con, "staged.issues", _COLUMNS, rows)


def _gather_unread(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Parts of cells that mean nothing known, with their place in the file."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE unread_parts (file_name VARCHAR, line BIGINT, survey VARCHAR, question VARCHAR, "
        "shown VARCHAR, suggestion VARCHAR, is_area BOOLEAN)"
    )
    for survey in surveys:
        for repeat in (None, *(part.name for part in survey.questionnaire.repeats)):
            for question in loaded_questions(survey.questionnaire, repeat):
                if question.options:
                    con.execute(
                        f"INSERT INTO unread_parts SELECT r.file_name, r.line, m.survey, m.question, m.shown, m.suggestion, "
                        f"{question.is_of_areas} FROM {raw_table(survey.name, repeat)} AS r JOIN cell_codes AS m "
                        f"ON m.survey = '{survey.name}' AND m.question = '{question.name}' AND m.cell = r.\"{question.name}\" "
                        "WHERE m.code IS NULL"
                    )


def _gather_unanswered(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Cells of workbooks that must be filled in and are blank; a survey tool sees to that by itself."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE unanswered (file_name VARCHAR, line BIGINT, survey VARCHAR, question VARCHAR)"
    )
    for survey in surveys:
        if survey.tool == visit_workbook.NAME:
            for question in survey.questionnaire.questions:
                if question.required and not question.relevant and question.privacy != "personal":
                    con.execute(
                        f"INSERT INTO unanswered SELECT file_name, line, '{survey.name}', '{question.name}' "
                        f'FROM {raw_table(survey.name, question.repeat)} WHERE "{question.name}" IS NULL'
                    )


def stage_conservation(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes staged.conservation: rows of each sheet and ticks of each closed question, received against kept.

    Ticks are counted a second time here from the raw cells, not from the joined answers. What a person added was never
    received; what a person took out was set aside.
    """
    con.execute(_ROWS_KEPT)
    for survey in surveys:
        for repeat in (None, *(part.name for part in survey.questionnaire.repeats)):
            owners = "staged.responses" if repeat is None else "staged.records"
            for question in loaded_questions(survey.questionnaire, repeat):
                if question.kind != "select_multiple":
                    continue
                answers = AnswerList(question, survey)
                cells = con.execute(
                    f'SELECT file_name, "{question.name}", count(*) FROM {raw_table(survey.name, repeat)} '
                    f'WHERE "{question.name}" IS NOT NULL GROUP BY ALL'
                ).fetchall()
                ticks: dict[str, int] = {}
                for file_name, cell, n_rows in cells:
                    ticks[file_name] = ticks.get(file_name, 0) + n_rows * len(answers.parts(cell))
                for file_name, n_ticks in ticks.items():
                    own_id = "response_id" if repeat is None else "record_id"
                    con.execute(
                        _TICKS_KEPT.format(owners=owners, own_id=own_id),
                        [file_name, survey.name, repeat or "", question.name, n_ticks],
                    )


_TICKS_KEPT = """
INSERT INTO staged.conservation
SELECT $1, $2, $3, $4, $5, count(*) FILTER (a.code IS NOT NULL AND NOT a.is_added),
    count(*) FILTER (a.missing_reason IN ('unparseable', 'corrected'))
FROM staged.answers AS a JOIN {owners} AS o ON o.{own_id} = a.record_id
WHERE o.file_name = $1 AND a.question = $4 AND a.survey = $2
"""
_ROWS_KEPT = """
CREATE OR REPLACE TABLE staged.conservation AS
WITH kept AS (
    SELECT file_name, '' AS repeat, count(*) AS n FROM staged.responses GROUP BY ALL
    UNION ALL
    SELECT file_name, repeat, count(*) FROM staged.records GROUP BY ALL
    UNION ALL
    SELECT file_name, 'invitations', count(*) FROM raw.invitations GROUP BY ALL
),
set_aside AS (
    SELECT file_name, field AS repeat, count(*) AS n FROM raw.loading_issues WHERE disposition = 'row_set_aside' GROUP BY ALL
)
SELECT s.file_name, s.survey, s.repeat, 'rows' AS counted_what, s.n_rows AS n_received,
    coalesce(kept.n, 0) AS n_kept, coalesce(set_aside.n, 0) AS n_set_aside
FROM raw.received_sheets AS s
LEFT JOIN kept USING (file_name, repeat)
LEFT JOIN set_aside USING (file_name, repeat)
"""

# What was found in the answer to a question has its place in a workbook from the column of the question.
_FOUND = f"""
WITH owners AS (
    SELECT file_name, line, survey, '' AS repeat, response_id AS record_id FROM staged.responses
    UNION ALL
    SELECT file_name, line, survey, repeat, record_id FROM staged.records
),
by_question AS (
    SELECT file_name, line, survey, question, '{UNKNOWN_AREA}' AS reason, 'answer_set_aside' AS disposition,
        'us' AS responsibility, shown AS cell_value, nullif(suggestion, '') AS likely_code
    FROM unread_parts WHERE is_area
    UNION ALL
    SELECT file_name, line, survey, question,
        '{UNLISTED}' || CASE WHEN suggestion <> '' THEN '{NEAREST}' || suggestion || '”' ELSE '' END,
        'answer_set_aside', 'coder', NULL, NULL
    FROM unread_parts WHERE NOT is_area
    UNION ALL
    SELECT file_name, line, survey, question, '{UNANSWERED}', 'noted', 'sender', NULL, NULL FROM unanswered
    UNION ALL
    SELECT o.file_name, o.line, a.survey, a.question,
        CASE q.kind WHEN 'date' THEN 'not a date' WHEN 'integer' THEN 'not a whole number' ELSE 'not a number' END,
        'answer_set_aside', 'coder', NULL, NULL
    FROM staged.answers AS a
    JOIN reference.questions AS q ON q.survey = a.survey AND q.question = a.question AND q.kind IN ('date', 'integer', 'decimal')
    JOIN owners AS o ON o.record_id = a.record_id
    WHERE a.missing_reason = 'unparseable'
),
found AS (
    SELECT b.file_name, b.line, c.sheet_column || b.line AS cell, b.survey, q.label AS field, b.reason, b.disposition,
        b.responsibility, b.cell_value, b.likely_code, b.question, o.record_id
    FROM by_question AS b
    JOIN reference.questions AS q ON q.survey = b.survey AND q.question = b.question
    LEFT JOIN raw.received_columns AS c ON c.file_name = b.file_name AND c.survey = b.survey AND c.question = b.question
    LEFT JOIN owners AS o ON o.file_name = b.file_name AND o.line = b.line AND o.repeat = coalesce(q.repeat, '')
    UNION ALL
    SELECT file_name, line, cell, survey, field, reason, disposition, responsibility, NULL, NULL, NULL, NULL
    FROM raw.loading_issues
    UNION ALL
    SELECT file_name, line, NULL, survey, field, reason, 'answer_set_aside', 'coder', cell_value, NULL, NULL, NULL
    FROM unread_invitations
    UNION ALL
    SELECT file_name, line, NULL, survey, 'time of the response',
        CASE WHEN submitted_at IS NULL THEN '{UNDATED}' ELSE '{OUTSIDE}' END,
        'not_counted', 'us', NULL, NULL, NULL, NULL
    FROM staged.responses WHERE status = '{OUTSIDE_WAVE}'
    UNION ALL
    SELECT r.file_name, r.line, NULL, r.survey, 'number of the response',
        'replaced by a response of the same number elsewhere or on another day', 'not_counted', 'coder',
        NULL, NULL, NULL, NULL
    FROM staged.responses AS r JOIN staged.responses AS standing ON standing.response_id = r.replaced_by
    WHERE r.status = 'superseded' AND standing.response_ref = r.response_ref
        AND (standing.force_area_code, standing.submitted_on) IS DISTINCT FROM (r.force_area_code, r.submitted_on)
    UNION ALL
    SELECT 'data/decisions.csv', line, NULL, split_part(record_id, '/', 1), 'decision', 'not applied: it ' || reason,
        'noted', 'us', NULL, NULL, NULL, NULL
    FROM staged.decisions WHERE NOT is_applied
    UNION ALL
    SELECT 'data/private/codings.csv', line, NULL, split_part(record_id, '/', 1), 'coding of own words',
        'not applied: it ' || reason, 'noted', 'coder', NULL, NULL, NULL, NULL
    FROM staged.codings WHERE NOT is_applied
)
SELECT f.* REPLACE (area.force_area_name AS likely_code)
FROM found AS f
LEFT JOIN reference.force_areas AS area ON area.force_area_code = f.likely_code
ORDER BY file_name, line, field, reason, cell_value
"""

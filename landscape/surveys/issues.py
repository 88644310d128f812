"""What did not fit, row by row, and the proof that nothing was lost. Not here: deciding what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey
from landscape.surveys.loading import loaded_questions, raw_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def stage_issues(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes staged.issues: one row per thing that did not fit, with its place and who can put it right."""
    _gather_unread(con, surveys)
    con.execute(_ISSUES)


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

_ISSUES = """
CREATE OR REPLACE TABLE staged.issues AS
WITH found AS (
    SELECT file_name, line, survey, field, reason, disposition, 'warning' AS severity, responsibility,
        NULL AS cell_value, NULL AS suggestion
    FROM raw.loading_issues
    UNION ALL
    SELECT u.file_name, u.line, u.survey, q.label, 'force area not known',
        'answer_set_aside', 'warning', 'us', u.shown,
        CASE WHEN u.suggestion <> '' AND u.shown <> '' THEN
            'if right, add this line to data/reference/aliases.csv: ' || u.suggestion || ',"'
            || replace(u.shown, '"', '""') || '",written_variant,decides,accepted by ' || chr(8230) END
    FROM unread_parts AS u JOIN reference.questions AS q USING (survey, question)
    WHERE u.is_area
    UNION ALL
    SELECT u.file_name, u.line, u.survey, q.label,
        'not an option of the list' || CASE WHEN u.suggestion <> '' THEN '; nearest is “' || u.suggestion || '”' ELSE '' END,
        'answer_set_aside', 'warning', 'coder', NULL,
        'put it right in the survey tool; or say what it means under `accepted:` in survey.yml'
    FROM unread_parts AS u JOIN reference.questions AS q USING (survey, question)
    WHERE NOT u.is_area
    UNION ALL
    SELECT file_name, line, survey, field, reason, 'answer_set_aside', 'warning', 'coder', cell_value, NULL
    FROM unread_invitations
    UNION ALL
    SELECT coalesce(c.file_name, r.file_name), coalesce(c.line, r.line), a.survey, q.label,
        CASE q.kind WHEN 'date' THEN 'not a date' WHEN 'integer' THEN 'not a whole number' ELSE 'not a number' END,
        'answer_set_aside', 'warning', 'coder', NULL, NULL
    FROM staged.answers AS a
    JOIN reference.questions AS q ON q.survey = a.survey AND q.question = a.question AND q.kind IN ('date', 'integer', 'decimal')
    JOIN staged.responses AS r ON r.response_id = a.response_id
    LEFT JOIN staged.records AS c ON c.record_id = a.record_id
    WHERE a.missing_reason = 'unparseable'
    UNION ALL
    SELECT file_name, line, survey, 'time of the response',
        CASE WHEN submitted_at IS NULL THEN 'no time that can be read' ELSE 'given outside every wave' END,
        'not_counted', 'warning', 'us', NULL, 'if it belongs to a wave, mend its dates in survey.yml'
    FROM staged.responses WHERE wave IS NULL AND status = 'counted'
    UNION ALL
    SELECT r.file_name, r.line, r.survey, 'number of the response',
        'replaced by a response of the same number elsewhere or on another day',
        'not_counted', 'warning', 'coder', NULL, 'if these are two responses, give one of them another number'
    FROM staged.responses AS r JOIN staged.responses AS standing ON standing.response_id = r.replaced_by
    WHERE r.status = 'superseded' AND standing.response_ref = r.response_ref
        AND (standing.force_area_code, standing.submitted_on) IS DISTINCT FROM (r.force_area_code, r.submitted_on)
    UNION ALL
    SELECT 'data/decisions.csv', line, split_part(record_id, '/', 1), 'decision', 'not applied: it ' || reason, 'noted',
        'warning', 'us', NULL, 'see what stands there now (landscape decide --list); delete the line, or decide again'
    FROM staged.decisions WHERE NOT is_applied
    UNION ALL
    SELECT 'data/private/codings.csv', line, split_part(record_id, '/', 1), 'coding of own words', 'not applied: it ' || reason,
        'noted', 'warning', 'coder', NULL, 'delete the line, then code the answer again: landscape review export'
    FROM staged.codings WHERE NOT is_applied
)
SELECT row_number() OVER (ORDER BY file_name, line, field, reason, cell_value) AS issue_number, *
FROM found ORDER BY issue_number
"""

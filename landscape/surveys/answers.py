"""The staged answers: which cell each response gave to each question, and once for each distinct cell what it means.

`staged.answers` is the view of both. An answer that a person changes gets a cell of its own first (`own_cells`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.surveys.loading import KEPT_BACK, loaded_questions, raw_table
from landscape.surveys.responses import parsed_time

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.definition import Survey

_NO_CELL = "\x15"  # begins what is in place of a cell; no cell holds this character
_NOT_ASKED = f"{_NO_CELL}not asked"


def write_answers(con: DuckDBPyConnection, surveys: tuple[Survey, ...]) -> None:
    """Writes staged.given_cells and staged.cell_meanings, and the view staged.answers; needs `cell_codes`."""
    for statement in _BEGIN:
        con.execute(statement)
    drop_answers(con)
    con.execute(_VIEW)
    for survey in surveys:
        for repeat in (None, *(part.name for part in survey.questionnaire.repeats)):
            asked = [q for q in loaded_questions(survey.questionnaire, repeat) if q.privacy != "match"]
            if asked:
                _give_cells(con, survey, repeat, [question.name for question in asked])
        date, number = parsed_time("own.cell", survey.date_format), parsed_number("own.cell", survey.decimal_mark)
        con.execute(_MEANINGS.format(survey=survey.name, date=date, number=number))


def drop_answers(con: DuckDBPyConnection) -> None:
    """Makes room for the view: databases of earlier versions have a table of its name."""
    kind = con.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = 'staged' AND table_name = 'answers'"
    ).fetchall()
    if kind:
        con.execute(f"DROP {'VIEW' if kind == [('VIEW',)] else 'TABLE'} staged.answers")


def parsed_number(column: str, decimal_mark: str) -> str:
    """SQL for a text column read as a number with the declared decimal mark; NULL where it is none."""
    if decimal_mark == ",":
        return f"CASE WHEN NOT contains({column}, '.') THEN TRY_CAST(replace({column}, ',', '.') AS DOUBLE) END"
    return f"TRY_CAST({column} AS DOUBLE)"


def _give_cells(con: DuckDBPyConnection, survey: Survey, repeat: str | None, questions: list[str]) -> None:
    """Notes for each row of a part which cell it has under each question, and numbers the distinct cells."""
    columns = ", ".join(f'"{question}"' for question in questions)
    con.execute(
        _UNPIVOTED.format(
            survey=survey.name,
            columns=columns,
            table=raw_table(survey.name, repeat),
            owners="staged.responses" if repeat is None else "staged.records",
            own_id="response_id" if repeat is None else "record_id",
            part="" if repeat is None else f"AND own.repeat = '{repeat}'",
        )
    )
    con.execute(_NUMBERED.format(survey=survey.name))
    con.execute(_GIVEN.format(survey=survey.name))


def skip_blanks(con: DuckDBPyConnection, survey: str, question: str, relevant: str) -> None:
    """Turns what is blank into skipped wherever the question was not to be asked.

    Args:
        con: The staging database.
        survey: The survey.
        question: A question.
        relevant: SQL for its condition, on the row `own` of staged.given_cells.
    """
    con.execute(_SKIPPED_MEANING, [survey, question])
    con.execute(
        "UPDATE staged.given_cells AS own SET cell_number = (SELECT max(cell_number) FROM staged.cell_meanings) "
        "WHERE own.cell_number IN (SELECT cell_number FROM staged.cell_meanings WHERE survey = $1 AND question = $2 "
        f"AND missing_reason = 'blank') AND NOT ({relevant})",
        [survey, question],
    )


def own_cells(con: DuckDBPyConnection, units: str) -> None:
    """Gives answers cells of their own, so that a change to what they mean changes no other answer.

    Args:
        con: The staging database.
        units: A SELECT of record_id and question.
    """
    con.execute(_OWN_NUMBERS.format(units=units))
    con.execute(_OWN_MEANINGS)
    con.execute(_OWN_CELLS)


_NEXT = "(SELECT coalesce(max(cell_number), 0) + 1 FROM staged.cell_meanings)"
_BEGIN = (
    "CREATE OR REPLACE TABLE staged.given_cells (response_id VARCHAR, record_id VARCHAR, cell_number BIGINT)",
    "CREATE OR REPLACE TABLE staged.cell_meanings (cell_number BIGINT, survey VARCHAR, question VARCHAR, "
    "answer_position BIGINT, code VARCHAR, choice_rank BIGINT, number_value DOUBLE, date_value DATE, text_value VARCHAR, "
    "is_own_words BOOLEAN, missing_reason VARCHAR, coded_by VARCHAR, is_added BOOLEAN)",
    "CREATE OR REPLACE TEMP TABLE cells (survey VARCHAR, question VARCHAR, cell VARCHAR, cell_number BIGINT)",
)
_VIEW = """
CREATE VIEW staged.answers AS
SELECT given.response_id, given.record_id, meaning.* EXCLUDE (cell_number)
FROM staged.given_cells AS given
JOIN staged.cell_meanings AS meaning ON meaning.cell_number = given.cell_number
"""
_UNPIVOTED = f"""
CREATE OR REPLACE TEMP TABLE part_cells AS
WITH owned AS (
    SELECT own.response_id, own.{{own_id}} AS record_id, r.file_name, {{columns}}
    FROM {{table}} AS r
    JOIN {{owners}} AS own ON own.file_name = r.file_name AND own.line = r.line {{part}}
)
SELECT u.response_id, u.record_id, u.question,
    CASE WHEN u.cell IS NOT NULL THEN u.cell WHEN asked.question IS NULL THEN '{_NOT_ASKED}' ELSE '' END AS cell
FROM (FROM owned UNPIVOT INCLUDE NULLS (cell FOR question IN ({{columns}}))) AS u
LEFT JOIN raw.received_columns AS asked ON asked.file_name = u.file_name AND asked.question = u.question
"""
_NUMBERED = """
INSERT INTO cells
SELECT '{survey}', question, cell,
    row_number() OVER (ORDER BY question, cell) + (SELECT count(*) FROM cells)
FROM (SELECT DISTINCT question, cell FROM part_cells ANTI JOIN (FROM cells WHERE survey = '{survey}') USING (question, cell))
"""
_GIVEN = """
INSERT INTO staged.given_cells
SELECT p.response_id, p.record_id, c.cell_number
FROM part_cells AS p
JOIN cells AS c ON c.survey = '{survey}' AND c.question = p.question AND c.cell = p.cell
"""

# A text is never a number by accident: what each cell may become is decided by its question's kind alone. A whole number
# counts or numbers something, so it has digits only; it is not rounded into being one.
_MEANINGS = f"""
INSERT INTO staged.cell_meanings
WITH own AS (
    SELECT c.cell_number, c.question, c.cell = '{_NOT_ASKED}' AS is_not_asked,
        CASE WHEN c.cell <> '' AND NOT starts_with(c.cell, '{_NO_CELL}') THEN c.cell END AS cell
    FROM cells AS c WHERE c.survey = '{{survey}}'
),
read AS (
    SELECT own.*, q.kind, q.privacy, q.rank_list, q.rank_place,
        m.cell IS NOT NULL AS is_looked_up, m.place, m.code, m.is_own_words,
        CASE
            WHEN q.kind = 'integer' AND regexp_full_match(trim(own.cell), '[0-9]{{{{1,15}}}}') THEN CAST(own.cell AS DOUBLE)
            WHEN q.kind = 'decimal' AND isfinite({{number}}) THEN {{number}}
        END AS number_value,
        CASE WHEN q.kind = 'date' THEN CAST({{date}} AS DATE) END AS date_value
    FROM own
    JOIN reference.questions AS q ON q.survey = '{{survey}}' AND q.question = own.question
    LEFT JOIN cell_codes AS m ON m.survey = '{{survey}}' AND m.question = own.question AND m.cell = own.cell
)
SELECT cell_number, '{{survey}}', coalesce(rank_list, question), coalesce(rank_place, place, 1), code, rank_place,
    number_value, date_value,
    CASE WHEN kind = 'text' AND privacy = 'onward' THEN cell END,
    coalesce(is_own_words, starts_with(cell, '{KEPT_BACK}'), false),
    CASE
        WHEN is_not_asked THEN 'not_asked'
        WHEN cell IS NULL THEN 'blank'
        WHEN code LIKE '%.REFUSED' THEN 'refused'
        WHEN is_looked_up AND code IS NULL THEN 'unparseable'
        WHEN kind IN ('integer', 'decimal') AND number_value IS NULL THEN 'unparseable'
        WHEN kind = 'date' AND date_value IS NULL THEN 'unparseable'
    END,
    NULL, false
FROM read
"""
_SKIPPED_MEANING = f"""
INSERT INTO staged.cell_meanings
SELECT {_NEXT}, $1, $2, 1, NULL, NULL, NULL, NULL, NULL, false, 'skipped_by_logic', NULL, false
"""
_OWN_NUMBERS = f"""
CREATE OR REPLACE TEMP TABLE own_numbers AS
SELECT DISTINCT given.record_id, given.cell_number AS shared,
    {_NEXT} - 1 + dense_rank() OVER (ORDER BY given.record_id, given.cell_number) AS own
FROM staged.given_cells AS given
JOIN staged.cell_meanings AS m ON m.cell_number = given.cell_number
JOIN ({{units}}) AS unit ON unit.record_id = given.record_id AND unit.question = m.question
"""
_OWN_MEANINGS = """
INSERT INTO staged.cell_meanings
SELECT n.own AS cell_number, m.* EXCLUDE (cell_number)
FROM staged.cell_meanings AS m JOIN own_numbers AS n ON n.shared = m.cell_number
"""
_OWN_CELLS = """
UPDATE staged.given_cells AS given SET cell_number = n.own
FROM own_numbers AS n WHERE n.record_id = given.record_id AND n.shared = given.cell_number
"""

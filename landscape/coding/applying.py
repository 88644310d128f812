"""Applies people's codings and decisions to the staged answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.codebook import counted_codes
from landscape.coding.ledgers import ALIAS, MERGED_INTO
from landscape.staging_db import write_rows
from landscape.surveys.answers import own_cells
from landscape.table_rules import sql_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NO_RECORD = "names a record that is not there"
NO_FIELD = "names a question that takes no decision"
OTHER_VALUE = "corrects an answer that is no longer there, or is right already"
NO_CODE = "its new value is not an option of the question"
NO_KEEPER = "merges activities, one of which is not there or does not count"
CIRCLE = "merges activities in a circle"
DECIDED_OTHERWISE = "decides a spelling that data/reference/aliases.csv decides otherwise"
NO_AREA = "decides a spelling for something that is not a force area"
NO_ANSWER = "codes an answer that is not there, or is not in own words"
NEW_WORDS = "codes words that have changed since"
NO_SUCH_CODE = "gives a code that the question does not have"
FACTS = {"area": "force_area_code", "organisation_type": "organisation_type_code", "release_level": "release_level"}
"""Columns of staged.responses that repeat an answer, by the question's use."""

_EMPTY = ("blank", "not_asked", "skipped_by_logic")

_DECISIONS = {
    "line": "BIGINT", "record_id": "VARCHAR", "decided_field": "VARCHAR", "decision_kind": "VARCHAR", "old_value": "VARCHAR",
    "new_value": "VARCHAR", "kept_under": "VARCHAR", "is_applied": "BOOLEAN", "reason": "VARCHAR",
}  # fmt: skip


def decided_spellings(con: DuckDBPyConnection) -> list[tuple[str, str]]:
    """Spellings of force areas that a person accepted and that no reference file decides."""
    return con.execute(
        "SELECT decided_field, new_value FROM reference.decisions AS d WHERE record_id = ? "
        "AND new_value IN (SELECT force_area_code FROM reference.force_areas) "
        "AND NOT EXISTS (SELECT 1 FROM reference.aliases AS a WHERE a.alias = d.decided_field AND a.alias_use = 'decides') "
        "ORDER BY line",
        [ALIAS],
    ).fetchall()


def apply_people(con: DuckDBPyConnection) -> None:
    """Applies codings, then decisions in order; writes staged.codings, coded_texts and decisions.

    Needs staged.responses, staged.records, the staged answers and `coded_cells` (record, question, place, check number).
    """
    _write_counted_codes(con)
    con.execute(_JUDGED_CODINGS)
    con.execute(_OWN_WORD_CODES)
    own_cells(con, "SELECT record_id, question FROM own_word_codes")
    for statement in _APPLIED_CODINGS:
        con.execute(statement)
    for use, column in FACTS.items():
        con.execute(_FACT_CODED.format(use=use, column=column))
    con.execute(_CODED_TEXTS)
    con.execute(_CODINGS)
    decisions = con.execute(
        "SELECT line, record_id, decided_field, old_value, new_value, decided_by FROM reference.decisions ORDER BY line"
    ).fetchall()
    write_rows(con, "staged.decisions", _DECISIONS, _applied(con, decisions))


def _write_counted_codes(con: DuckDBPyConnection) -> None:
    cursor = con.execute("SELECT scheme, code, coalesce(replaced_by, '') AS replaced_by FROM reference.codebook")
    rows = [dict(zip(("scheme", "code", "replaced_by"), row, strict=True)) for row in cursor.fetchall()]
    counted = [(code, after) for code, after in counted_codes(rows, "codebook.csv").items() if code != after]
    write_rows(con, "counted_codes", {"code": "VARCHAR", "counted_as": "VARCHAR"}, counted)


# -- Decisions, in order: a later one may correct an earlier one


def _applied(con: DuckDBPyConnection, decisions: Sequence[tuple[Any, ...]]) -> list[tuple[object, ...]]:
    counted = dict(con.execute("SELECT * FROM counted_codes").fetchall())
    merged: dict[str, str] = {}
    judged: list[tuple[Any, ...]] = []
    for line, record, field, old, new, by in decisions:
        old_code, new_code = (counted.get(value, value) for value in (old, new))
        if record == ALIAS:
            kind, reason = "alias", _judge_spelling(con, field, new_code)
        elif field == MERGED_INTO:
            kind, reason = "merge", _judge_merge(con, record, new, merged)
            if reason is None:
                merged[record] = new
        else:
            kind, reason = "correction", _correct(con, record, field, old_code, new_code, by)
        judged.append((line, record, field, kind, old, new, reason))
    return [
        (
            line,
            record,
            field,
            kind,
            old,
            new,
            kept_under(record, merged) if record in merged else None,
            reason is None,
            reason,
        )
        for line, record, field, kind, old, new, reason in judged
    ]


def kept_under(record: str, merged: dict[str, str]) -> str:
    """The activity that a merged one ends up in, through all later merges."""
    while record in merged:
        record = merged[record]
    return record


def _judge_spelling(con: DuckDBPyConnection, spelling: str, area: str | None) -> str | None:
    known = {code for (code,) in con.execute("SELECT force_area_code FROM reference.force_areas").fetchall()}
    if area not in known:
        return NO_AREA
    decided = con.execute(
        "SELECT force_area_code FROM reference.aliases WHERE alias = ? AND alias_use = 'decides'", [spelling]
    ).fetchall()
    return DECIDED_OTHERWISE if any(code != area for (code,) in decided) else None


def _judge_merge(con: DuckDBPyConnection, loser: str, keeper: str, merged: dict[str, str]) -> str | None:
    there = {record for (record,) in con.execute(_ACTIVITIES_THAT_COUNT, [[loser, keeper]]).fetchall()}
    if {loser, keeper} - there or loser in merged:
        return NO_KEEPER
    return CIRCLE if kept_under(keeper, merged) == loser else None


def _correct(con: DuckDBPyConnection, record: str, field: str, old: str | None, new: str | None, by: str) -> str | None:
    """Corrects one answer; returns the reason if it cannot be corrected."""
    owners = con.execute(_OWNER, [record]).fetchall()
    if not owners:
        return NO_RECORD
    asked = question_of(con, owners[0][0], owners[0][1], record, field)
    if asked is None:
        return NO_FIELD
    question, place, kind, use = asked
    options = {code for (code,) in con.execute(_OPTIONS_OF, [owners[0][0], question]).fetchall()}
    if new is not None and new not in options:
        return NO_CODE
    where = "record_id = ? AND question = ? AND choice_rank IS NOT DISTINCT FROM ?"
    there = con.execute(
        f"SELECT answer_position, code, is_added, missing_reason FROM staged.answers WHERE {where} ORDER BY answer_position",
        [record, question, place],
    ).fetchall()
    given = {code: (position, is_added) for position, code, is_added, _ in there if code is not None}
    if (old is not None and old not in given) or new in given or (old is None and given and kind == "select_one"):
        return OTHER_VALUE
    own_cells(con, f"SELECT {sql_text(record)} AS record_id, {sql_text(question)} AS question")
    if old is not None:
        position, is_added = given[old]
        if new is None and is_added:
            con.execute(f"DELETE FROM staged.cell_meanings WHERE {_OF_ANSWER}", [record, question, position])
        else:
            con.execute(
                "UPDATE staged.cell_meanings SET code = $4, coded_by = $5, "
                f"missing_reason = CASE WHEN $4 IS NULL THEN 'corrected' END WHERE {_OF_ANSWER}",
                [record, question, position, new, by],
            )
    elif new is not None:
        # A tick that could not be read stays as received; another answer is added.
        empty = next(
            (at for at, code, _, why in there if code is None and (kind == "select_one" or why in _EMPTY)), None
        )
        if empty is None:
            con.execute(_ADDED_ANSWER, {"record": record, "question": question, "new": new, "by": by})
        else:
            con.execute(
                "UPDATE staged.cell_meanings SET code = $4, coded_by = $5, is_added = true, missing_reason = NULL "
                f"WHERE {_OF_ANSWER}",
                [record, question, empty, new, by],
            )
    if use in FACTS:
        con.execute(f"UPDATE staged.responses SET {FACTS[use]} = ? WHERE response_id = ?", [new, record])
    return None


def question_of(
    con: DuckDBPyConnection, survey: str, part: str, record: str, field: str
) -> tuple[str, int | None, str, str] | None:
    """A question of a record that decisions can be made on: its name in staged.answers, place in a ranking, kind, and use.

    Only respondents can say what they consent to: no decision changes it. A question that moved to another part in a later
    version of the questionnaire stays one of the records that were asked it before.
    """
    found = con.execute(_DECIDABLE, [survey, field, part, record]).fetchone()
    return tuple(found) if found else None


_DECIDABLE = """
SELECT coalesce(rank_list, question), rank_place, kind, coalesce(question_use, '')
FROM reference.questions AS asked
WHERE survey = ? AND question = ? AND kind IN ('select_one', 'select_multiple') AND consent_purpose_code IS NULL
    AND (
        coalesce(repeat, '') = ?
        OR EXISTS (SELECT 1 FROM staged.answers AS a WHERE a.record_id = ? AND a.question = asked.question)
    )
"""
_OWNER = """
SELECT survey, '' FROM staged.responses WHERE response_id = $1
UNION ALL
SELECT survey, repeat FROM staged.records WHERE record_id = $1
"""
_OPTIONS_OF = "SELECT option_code FROM reference.options WHERE survey = ? AND question = ?"
_ACTIVITIES_THAT_COUNT = """
SELECT c.record_id FROM staged.records AS c
JOIN staged.responses AS r ON r.response_id = c.response_id AND r.is_counted
WHERE c.repeat = 'activities' AND list_contains(?, c.record_id)
"""
_OF_ANSWER = (
    "question = $2 AND answer_position = $3 "
    "AND cell_number IN (SELECT cell_number FROM staged.given_cells WHERE record_id = $1)"
)
_ADDED_ANSWER = """
INSERT INTO staged.cell_meanings
SELECT max(m.cell_number), m.survey, m.question, max(m.answer_position) + 1, $new, NULL, NULL, NULL, NULL, false, NULL, $by, true
FROM staged.cell_meanings AS m
JOIN staged.given_cells AS given ON given.cell_number = m.cell_number AND given.record_id = $record
WHERE m.question = $question
GROUP BY m.survey, m.question
"""

# -- Codings: the first code of a unit takes the place of the answer, others are added

_JUDGED_CODINGS = """
CREATE OR REPLACE TEMP TABLE judged_codings AS
WITH given AS (
    SELECT c.line, c.response_id, c.record_id, c.question, c.answer_position, c.coded_by, c.words_check,
        coalesce(s.counted_as, c.code) AS code
    FROM reference.codings AS c
    LEFT JOIN counted_codes AS s ON s.code = c.code
)
SELECT g.*, q.survey, q.kind, q.scheme,
    CASE
        WHEN cells.words_check IS NULL THEN 'NO_ANSWER'
        WHEN cells.words_check <> g.words_check THEN 'NEW_WORDS'
        WHEN q.kind = 'text' AND NOT EXISTS (
            SELECT 1 FROM reference.codebook AS b WHERE b.scheme = q.scheme AND b.code = g.code) THEN 'NO_SUCH_CODE'
        WHEN q.kind <> 'text' AND NOT EXISTS (
            SELECT 1 FROM reference.options AS o
            WHERE o.survey = q.survey AND o.question = g.question AND o.option_code = g.code) THEN 'NO_SUCH_CODE'
    END AS reason
FROM given AS g
LEFT JOIN coded_cells AS cells
    ON cells.record_id = g.record_id AND cells.question = g.question AND cells.answer_position = g.answer_position
LEFT JOIN (
    SELECT survey, coalesce(rank_list, question) AS question, max(kind) AS kind,
        max(CASE WHEN question_use LIKE 'code:%' THEN substr(question_use, 6) END) AS scheme
    FROM reference.questions GROUP BY ALL
) AS q ON q.survey = cells.survey AND q.question = g.question
"""
_OWN_WORD_CODES = """
CREATE OR REPLACE TEMP TABLE own_word_codes AS
SELECT record_id, question, answer_position, code, min(coded_by) AS coded_by,
    row_number() OVER (PARTITION BY record_id, question, answer_position ORDER BY min(line)) AS code_number
FROM judged_codings WHERE reason IS NULL AND kind <> 'text'
GROUP BY record_id, question, answer_position, code
"""
_APPLIED_CODINGS = (
    """
INSERT INTO staged.cell_meanings
SELECT a.cell_number, a.survey, a.question,
    (SELECT max(answer_position) FROM staged.answers AS last WHERE last.record_id = g.record_id AND last.question = a.question)
        + row_number() OVER (PARTITION BY g.record_id, a.question ORDER BY a.answer_position, c.code_number),
    c.code, a.choice_rank, NULL, NULL, NULL, true, NULL, c.coded_by, true
FROM staged.cell_meanings AS a
JOIN staged.given_cells AS g ON g.cell_number = a.cell_number
JOIN own_word_codes AS c ON c.record_id = g.record_id AND c.question = a.question AND c.answer_position = a.answer_position
JOIN reference.questions AS q ON q.survey = a.survey AND q.question = a.question AND q.kind = 'select_multiple'
WHERE c.code_number > 1
""",
    """
UPDATE staged.cell_meanings AS a SET code = c.code, coded_by = c.coded_by
FROM own_word_codes AS c
JOIN staged.given_cells AS g ON g.record_id = c.record_id
WHERE c.code_number = 1 AND g.cell_number = a.cell_number AND c.question = a.question
    AND c.answer_position = a.answer_position
""",
)
_FACT_CODED = """
UPDATE staged.responses AS r SET {column} = c.code
FROM own_word_codes AS c
JOIN reference.questions AS q ON q.question = c.question AND q.question_use = '{use}'
WHERE c.code_number = 1 AND c.record_id = r.response_id AND q.survey = r.survey
"""
_CODED_TEXTS = """
CREATE OR REPLACE TABLE staged.coded_texts AS
SELECT response_id, record_id, survey, question, scheme, code, min(coded_by) AS coded_by
FROM judged_codings WHERE reason IS NULL AND kind = 'text'
GROUP BY ALL
ORDER BY ALL
"""
_CODINGS = f"""
CREATE OR REPLACE TABLE staged.codings AS
SELECT line, response_id, record_id, question, answer_position, code, coded_by, reason IS NULL AS is_applied,
    CASE reason WHEN 'NO_ANSWER' THEN '{NO_ANSWER}' WHEN 'NEW_WORDS' THEN '{NEW_WORDS}' WHEN 'NO_SUCH_CODE' THEN '{NO_SUCH_CODE}'
    END AS reason
FROM judged_codings
ORDER BY line
"""

"""The records behind a count: where they were received, and the answers that made them count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.explaining.explanation import Answer, Record, SourceCount
from landscape.explaining.traces import Traced
from landscape.staging_db import write_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TRACED = {"place": "BIGINT", "record_id": "VARCHAR", "question": "VARCHAR", "n_counted": "BIGINT"}
_PLACES = """
SELECT t.place, t.record_id, r.response_id, coalesce(p.repeat, ''), coalesce(p.file_name, r.file_name),
    coalesce(p.line, r.line), t.n_counted
FROM traced AS t
LEFT JOIN staged.records AS p ON p.record_id = t.record_id
JOIN staged.responses AS r ON r.response_id = coalesce(p.response_id, t.record_id)
ORDER BY t.place
"""
# An answer of the record, or of the response it belongs to, with a code that the count depends on.
_ANSWERS = """
SELECT DISTINCT t.place, a.record_id <> t.record_id AS is_above, a.survey, a.question, a.code,
    coalesce(o.option_name, a.code) AS label
FROM traced AS t
LEFT JOIN staged.records AS p ON p.record_id = t.record_id
JOIN staged.answers AS a ON a.record_id IN (t.record_id, p.response_id)
LEFT JOIN reference.options AS o ON o.survey = a.survey AND o.question = a.question AND o.option_code = a.code
WHERE list_contains(?::VARCHAR[], a.code) AND (t.question = '' OR a.question = t.question)
ORDER BY ALL
"""


def find_records(con: DuckDBPyConnection, traced: Sequence[Traced], codes: Sequence[str]) -> tuple[Record, ...]:
    """Where traced records are, and the answers that made them count.

    Args:
        con: The staging database.
        traced: The records of one count.
        codes: The codes that the count depends on. If one question decides and none of them was its answer, having
            answered it is what counts, and the answer itself is not shown.
    """
    rows = [(place, each.record_id, each.question, each.n_counted) for place, each in enumerate(traced)]
    write_rows(con, "traced", _TRACED, rows)
    wordings = read_wordings(con)
    answers: dict[int, list[Answer]] = {}
    for place, _, survey, question, code, label in con.execute(_ANSWERS, [list(codes)]).fetchall():
        answers.setdefault(place, []).append(Answer(question, wordings.get((survey, question), ""), code, label))
    for place, each in enumerate(traced):
        if each.question and place not in answers:
            wording = wordings.get((each.record_id.partition("/")[0], each.question), "")
            answers[place] = [Answer(each.question, wording, "", "")]
    return tuple(
        Record(record_id, response_id, part, file_name, line, n_counted, tuple(answers.get(place, ())))
        for place, record_id, response_id, part, file_name, line, n_counted in con.execute(_PLACES).fetchall()
    )


def read_wordings(con: DuckDBPyConnection) -> Mapping[tuple[str, str], str]:
    """The wording of each question in its questionnaire; a ranking has the wording of its first place."""
    rows = con.execute(
        "SELECT survey, coalesce(rank_list, question), label FROM reference.questions ORDER BY question_number DESC"
    ).fetchall()
    return {(survey, question): label for survey, question, label in rows}


def count_sources(con: DuckDBPyConnection, surveys: Sequence[str]) -> tuple[SourceCount, ...]:
    """Responses counted from some surveys, by wave."""
    rows = con.execute(
        "SELECT survey, wave, count(*) FROM staged.responses WHERE is_counted AND list_contains(?::VARCHAR[], survey) "
        "GROUP BY ALL ORDER BY ALL",
        [list(surveys)],
    ).fetchall()
    return tuple(SourceCount(*row) for row in rows)

"""From a mart's row to the records it counts, by the SELECTs in the mart's .yml.

`trace:` has one SELECT of what was counted for each count. It reads staged tables, and may read the steps (`WITH …`) of
the mart's own SQL, so that no rule is written twice. Its columns are

* columns of the mart, as few as are needed to identify the rows in which the record counts,
* `record_id`: a response, or a row of a repeated part,
* `question`, if one question decides,
* `n_counted`, if a record counts for more than one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from landscape.errors import TableModelError
from landscape.models import TableModel

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RECORD, QUESTION, WEIGHT = "record_id", "question", "n_counted"


@dataclass(frozen=True)
class Traced:
    """One record behind a count.

    Args:
        record_id: A response, or a row of a repeated part.
        question: The question that decides; empty if no single one does.
        n_counted: How much it counts.
    """

    record_id: str
    question: str
    n_counted: int


def trace_records(con: DuckDBPyConnection, model: TableModel, column: str, row: Mapping[str, object]) -> list[Traced]:
    """The records counted in one column of one row of a mart, by their ids.

    Args:
        con: The staging database.
        model: The mart.
        column: A count with a trace.
        row: The mart's row, by column.
    """
    query, given = trace_query(model, column), _given(con, model, column)
    shared = _shared(model, given)
    where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ?' for name in shared) or "true"
    question = f'"{QUESTION}"' if QUESTION in given else "''"
    weight = f'CAST("{WEIGHT}" AS BIGINT)' if WEIGHT in given else "1"
    found = con.execute(
        f"SELECT {RECORD}, {question}, {weight} FROM ({query}) WHERE {where} ORDER BY ALL",
        [row[name] for name in shared],
    ).fetchall()
    return [Traced(*record) for record in found]


def untraced(con: DuckDBPyConnection, model: TableModel, column: str) -> list[tuple[object, ...]]:
    """Where a mart's count and the records traced for it differ: key, counted, traced. It should be empty."""
    query, given = trace_query(model, column), _given(con, model, column)
    shared = _shared(model, given)
    keys = ", ".join(f'"{name}"' for name in shared)
    total = f'sum("{WEIGHT}")' if WEIGHT in given else "count(*)"
    on = " AND ".join(f'traced."{name}" IS NOT DISTINCT FROM mart."{name}"' for name in shared)
    shown = ", ".join(f'mart."{name}"' for name in model.key)
    return con.execute(
        f"SELECT {shown}, mart.{column}, coalesce(traced.n, 0) FROM {model.table} AS mart "
        f"LEFT JOIN (SELECT {keys}, {total} AS n FROM ({query}) GROUP BY {keys}) AS traced ON {on} "
        f"WHERE coalesce(mart.{column}, 0) <> coalesce(traced.n, 0) ORDER BY ALL"
    ).fetchall()


def traced_by(con: DuckDBPyConnection, model: TableModel, column: str) -> list[str]:
    """The columns of the mart that a count depends on."""
    return _shared(model, _given(con, model, column))


def surveys_behind(con: DuckDBPyConnection, model: TableModel) -> set[str]:
    """The surveys whose records a mart counts, in any row."""
    found: set[str] = set()
    for column in model.trace:
        query = trace_query(model, column)
        rows = con.execute(f"SELECT DISTINCT split_part({RECORD}, '/', 1) FROM ({query})").fetchall()
        found |= {str(survey) for (survey,) in rows}
    return found


def _given(con: DuckDBPyConnection, model: TableModel, column: str) -> list[str]:
    found = con.execute(f"DESCRIBE {trace_query(model, column)}").fetchall()
    return [str(description[0]) for description in found]


def _shared(model: TableModel, given: list[str]) -> list[str]:
    """The columns that link records and rows of the mart."""
    columns = {field.name for field in model.fields}
    stray = [name for name in given if name not in columns | {RECORD, QUESTION, WEIGHT}]
    if RECORD not in given or stray:
        raise TableModelError(
            f"a trace gives {RECORD} and columns of its mart",
            file=model.table,
            culprits=stray or [f"no {RECORD}"],
        )
    return [name for name in given if name in columns and name != WEIGHT]


def trace_query(model: TableModel, column: str) -> str:
    """The SELECT of a trace with the steps of its mart's SQL before it.

    Raises:
        TableModelError: It is not one SELECT.
    """
    return _with_steps(model.sql or "", model.trace[column], f"{model.table}, trace of {column}")


@cache
def _with_steps(sql: str, trace: str, where: str) -> str:
    import duckdb

    own, mart = _parsed(trace, where), _parsed(sql, where)
    steps = mart["cte_map"]["map"]
    own["cte_map"]["map"] = [*steps, *own["cte_map"]["map"]]
    statement = json.dumps({"error": False, "statements": [{"node": own}]})
    found = duckdb.execute("SELECT json_deserialize_sql(?)", [statement]).fetchone()
    return str(found[0]) if found else ""


def _parsed(sql: str, where: str) -> dict[str, dict[str, list[object]]]:
    import duckdb

    found = duckdb.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    tree: dict[str, Any] = json.loads(found[0]) if found else {"error": True}
    if tree.get("error"):
        raise TableModelError(f"not one SELECT that DuckDB can parse: {tree.get('error_message', '')}", file=where)
    node: dict[str, dict[str, list[object]]] = tree["statements"][0]["node"]
    return node

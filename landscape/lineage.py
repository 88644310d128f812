"""What each column of a SQL model is made from, read out of the SQL. Not here: which tables a model reads (models.py)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from landscape.models import TableModel

Lineage = dict[str, list[tuple[str, str]]]
"""By column, the (table, column) pairs it is made from."""


def kept_lineage(model: TableModel, schemas: dict[str, dict[str, str]], folder: Path) -> Lineage:
    """As `column_lineage`, kept from one refresh to the next: working it out takes longer than making the table.

    Args:
        model: A model with SQL.
        schemas: Column types by table, for every table it reads.
        folder: Where it is kept, a file for each model; made where there is none.
    """
    rests_on = hashlib.sha256(json.dumps([model.sql, schemas], sort_keys=True).encode()).hexdigest()
    path = folder / f"{model.table}.json"
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["rests_on"] == rests_on:
            return {column: [(table, name) for table, name in found] for column, found in kept["columns"].items()}
    columns = column_lineage(model, schemas)
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"rests_on": rests_on, "columns": columns}), encoding="utf-8")
    draft.replace(path)
    return columns


def column_lineage(model: TableModel, schemas: dict[str, dict[str, str]]) -> Lineage:
    """For each column of a SQL model the (table, column) pairs it is made from.

    Args:
        model: A model with SQL.
        schemas: Column types by table, for every table it reads.
    """
    from sqlglot import exp
    from sqlglot.lineage import lineage

    nested: dict[str, dict[str, dict[str, str]]] = {}
    for table, columns in schemas.items():
        schema, _, name = table.partition(".")
        nested.setdefault(schema, {})[name] = columns
    # Untrimmed: the trimmed SELECT of each column is only for showing, and takes most of the time.
    traced = lineage(None, model.sql or "", nested, dialect="duckdb", trim_selects=False)
    return {
        column: sorted(
            {
                (f"{leaf.source.db}.{leaf.source.name}", leaf.name.rpartition(".")[2])
                for leaf in node.walk()
                if isinstance(leaf.source, exp.Table) and leaf.source.db
            }
        )
        for column, node in traced.items()
    }

"""Reads a table's model, its .sql and .yml: name, inputs, columns, rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from landscape.errors import TableModelError

DUCKDB_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
# The safe loader in C is ten times as fast; some builds of PyYAML do not have it.
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Field:
    """A column: name, Frictionless type, meaning and constraints (required, enum, pattern, minimum …).

    If `people` is true it counts people and is in no release.
    """

    name: str
    type: str
    description: str
    constraints: dict[str, Any]
    people: bool = False

    @property
    def is_required(self) -> bool:
        """Whether the column may never be empty."""
        return bool(self.constraints.get("required"))


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values must be in another table."""

    fields: tuple[str, ...]
    table: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A condition between the columns of one row: what its breach is called, and the SQL that must hold."""

    says: str
    holds: str


@dataclass(frozen=True)
class TableModel:
    """A table as its two files declare it.

    Args:
        layer: raw, reference, staged or marts; also the schema in the staging database.
        name: The table's name, which is the files' name.
        title: A title of a few words.
        description: The question it answers.
        grain: What one row is.
        fields: Its columns, in order.
        key: Columns that identify rows (they may be empty if the grain says so).
        foreign_keys: Values that must be in other tables.
        rules: Conditions between columns.
        caveats: What a reader must not conclude.
        sql: The SELECT that makes it; None if Python or a reference file does.
        upstream: The tables that it reads or its rules refer to, schema-qualified, sorted.
        file: For reference tables, the committed file's name.
        trace: For counts of a mart, a SELECT of the records counted (`landscape/explaining/traces.py`).
        people: Whether it counts people in true detail, so that it is in no release.
    """

    layer: str
    name: str
    title: str
    description: str
    grain: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    rules: tuple[Rule, ...]
    caveats: tuple[str, ...]
    sql: str | None
    upstream: tuple[str, ...]
    file: str | None
    trace: Mapping[str, str] = field(default_factory=dict)
    people: bool = False

    @property
    def table(self) -> str:
        """Schema-qualified name."""
        return f"{self.layer}.{self.name}"

    @property
    def long_description(self) -> str:
        """The question, the grain and the caveats in one text."""
        return " ".join([self.description, f"One row is {self.grain}.", *self.caveats])

    def table_schema(self) -> dict[str, Any]:
        """The Frictionless Table Schema, as it goes into datapackage.json."""
        schema: dict[str, Any] = {
            "fields": [
                {"name": f.name, "type": f.type, "description": f.description}
                | ({"constraints": f.constraints} if f.constraints else {})
                for f in self.fields
            ]
        }
        if all(field.is_required for field in self.fields if field.name in self.key):
            schema["primaryKey"] = list(self.key)
        return schema


def read_models(assets_folder: Path, layer: str) -> tuple[TableModel, ...]:
    """All table models of one layer, by name.

    Raises:
        TableModelError: A pair does not agree with itself or with the column vocabulary (`fields.yml`).
    """
    vocabulary = _vocabulary(assets_folder / "fields.yml")
    paths = sorted((assets_folder / layer).glob("*.yml"))
    return tuple(_read_model(path, layer, vocabulary) for path in paths)


def _read_model(path: Path, layer: str, vocabulary: dict[str, dict[str, Any]]) -> TableModel:
    declared = _read_yaml(path)
    unknown = [f["name"] for f in declared["fields"] if f["name"] not in vocabulary and "type" not in f]
    if unknown:
        raise TableModelError(
            "columns that fields.yml does not know",
            file=path,
            culprits=unknown,
            remedy="add name, type and description to assets/fields.yml, or use a name that is there",
        )
    renamed = [f["name"] for f in declared["fields"] if f["name"] in vocabulary and "type" in f]
    if renamed:
        raise TableModelError(
            "columns described a second time", file=path, culprits=renamed, remedy="leave type to fields.yml"
        )
    sql_path = path.with_suffix(".sql")
    sql = sql_path.read_text(encoding="utf-8") if sql_path.exists() else None
    fields = tuple(_field(f, vocabulary) for f in declared["fields"])
    key = tuple(declared["key"])
    if stray := [column for column in key if column not in {f.name for f in fields}]:
        raise TableModelError("key columns that are not columns", file=path, culprits=stray)
    read = upstream_tables(sql, sql_path) if sql else set(declared.get("upstream", []))
    named = {foreign["table"] for foreign in declared.get("foreign_keys", [])}
    return TableModel(
        layer=layer,
        name=path.stem,
        title=declared["title"],
        description=declared["description"].strip(),
        grain=declared["grain"],
        fields=fields,
        key=key,
        foreign_keys=tuple(
            ForeignKey(tuple(k["fields"]), k["table"], tuple(k.get("reference_fields", k["fields"])))
            for k in declared.get("foreign_keys", [])
        ),
        rules=tuple(Rule(rule["says"], rule["holds"]) for rule in declared.get("rules", [])),
        caveats=tuple(declared.get("caveats", [])),
        sql=sql,
        upstream=tuple(sorted((read | named) - {f"{layer}.{path.stem}"})),
        file=declared.get("file"),
        trace=_trace(declared.get("trace", {}), fields, path),
        people=bool(declared.get("people")),
    )


def _trace(declared: dict[str, str], fields: tuple[Field, ...], path: Path) -> dict[str, str]:
    if stray := [column for column in declared if column not in {f.name for f in fields}]:
        raise TableModelError("traces of counts that are not columns", file=path, culprits=stray)
    return {column: " ".join(query.split()) for column, query in declared.items()}


def _field(declared: dict[str, Any], vocabulary: dict[str, dict[str, Any]]) -> Field:
    known = vocabulary.get(declared["name"], declared)
    return Field(
        name=declared["name"],
        type=known["type"],
        description=declared.get("description", known.get("description", "")),
        constraints={**known.get("constraints", {}), **declared.get("constraints", {})},
        people=bool(declared.get("people")),
    )


@cache
def _vocabulary(path: Path) -> dict[str, dict[str, Any]]:
    return _read_yaml(path)


def _read_yaml(path: Path) -> dict[str, Any]:
    held: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _YAML_LOADER)  # noqa: S506 - it is safe
    return held


def upstream_tables(sql: str, path: Path) -> set[str]:
    """The schema-qualified tables a SELECT reads, found by DuckDB's own parser.

    Raises:
        TableModelError: It is not one SELECT, or names a table without its schema.
    """
    import duckdb

    found = duckdb.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    tree = json.loads(found[0]) if found else {"error": True}
    if tree.get("error"):
        raise TableModelError(f"not one SELECT that DuckDB can parse: {tree.get('error_message', '')}", file=path)
    tables: set[str] = set()
    steps: set[str] = set()
    _walk(tree["statements"], tables, steps)
    bare = sorted(name for name in tables if "." not in name and name not in steps)
    if bare:
        raise TableModelError("tables named without their schema", file=path, culprits=bare)
    return {name for name in tables if "." in name}


def _walk(node: object, tables: set[str], steps: set[str]) -> None:
    """Collects tables and the names of CTE steps from a serialised statement."""
    if isinstance(node, list):
        for part in node:
            _walk(part, tables, steps)
    elif isinstance(node, dict):
        if node.get("type") == "BASE_TABLE":
            schema = node.get("schema_name", "")
            tables.add(f"{schema}.{node['table_name']}" if schema else node["table_name"])
        for step in (node.get("cte_map") or {}).get("map", []):
            steps.add(step["key"])
        for part in node.values():
            _walk(part, tables, steps)

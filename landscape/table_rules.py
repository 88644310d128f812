"""A table's rules, from its model: as sentences, and as SQL that finds the rows that break them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from landscape.models import TableModel

_KINDS = {
    "key": "No key is there twice.",
    "required": "Required columns are filled.",
    "allowed_values": "Values have the declared form or are in the declared list.",
    "ranges": "Numbers are within their range.",
    "rules": "Conditions between columns hold.",
    "foreign_keys": "Values that must be in another table are there.",
}


class Condition(NamedTuple):
    """Kind of rule, wording of a breach, a SELECT of the rows that break it; and the condition for a single row."""

    kind: str
    says: str
    query: str
    row_breaks: str = ""


def conditions(model: TableModel) -> Iterator[Condition]:
    """All rules of a table as SQL."""
    table = model.table
    keys = ", ".join(f'"{column}"' for column in model.key)
    yield Condition(
        "key",
        f"{' × '.join(model.key)} is there more than once",
        f"SELECT {keys} FROM {table} GROUP BY ALL HAVING count(*) > 1",
    )
    for kind, says, breaks in _row_conditions(model):
        yield Condition(kind, says, f"SELECT * FROM {table} WHERE {breaks}", breaks)
    for key in model.foreign_keys:
        on = " AND ".join(f'there."{b}" = here."{a}"' for a, b in zip(key.fields, key.reference_fields, strict=True))
        filled = " AND ".join(f'here."{a}" IS NOT NULL' for a in key.fields)
        yield Condition(
            "foreign_keys",
            f"{', '.join(key.fields)} is not in {key.table}",
            (
                f"SELECT here.* FROM {table} AS here WHERE {filled} "
                f"AND NOT EXISTS (SELECT 1 FROM {key.table} AS there WHERE {on})"
            ),
        )


def _row_conditions(model: TableModel) -> Iterator[tuple[str, str, str]]:
    """(kind of rule, wording, condition for a row that breaks it)."""
    for field in model.fields:
        column, rules = f'"{field.name}"', field.constraints
        if field.is_required:
            yield "required", f"{field.name} is empty", f"{column} IS NULL"
        if "enum" in rules:
            allowed = ", ".join(sql_text(str(value)) for value in rules["enum"])
            yield "allowed_values", f"{field.name} is not one of its values", f"{column} NOT IN ({allowed})"
        if "pattern" in rules:
            matches = f"regexp_full_match({column}, {sql_text(rules['pattern'])})"
            yield "allowed_values", f"{field.name} has another form", f"NOT {matches}"
        if "minimum" in rules:
            yield "ranges", f"{field.name} is below {rules['minimum']}", f"{column} < {rules['minimum']}"
        if "maximum" in rules:
            yield "ranges", f"{field.name} is above {rules['maximum']}", f"{column} > {rules['maximum']}"
    for rule in model.rules:
        yield "rules", rule.says, f"NOT ({rule.holds})"


def rules_of(model: TableModel) -> tuple[str, ...]:
    """A model's rules as short sentences."""
    return tuple(dict.fromkeys(_KINDS[condition.kind] for condition in conditions(model)))


def sql_text(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"

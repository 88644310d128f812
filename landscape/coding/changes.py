"""The effects of a change to the codebook: codes, and the tables and figures that depend on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.codebook import Code, read_codebook

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from landscape.models import TableModel

ADDED, RETIRED, REWORDED, GONE, REVIVED = "added", "retired", "re-worded", "gone", "in force again"
_ANSWERS = "staged.answers"


@dataclass(frozen=True)
class Change:
    """One code that differs from the codebook at the last refresh.

    Args:
        scheme: Its scheme.
        code: The code.
        what: added, retired, re-worded, gone or in force again.
        says: What differs, and what that does to answers.
        n_answers: Answers that have the code now.
        n_rows: Rows that have it now, by mart.
    """

    scheme: str
    code: str
    what: str
    says: str
    n_answers: int
    n_rows: Mapping[str, int]


@dataclass(frozen=True)
class Reach:
    """What depends on a scheme.

    Args:
        scheme: The scheme.
        marts: Marts that read it, directly or through the tables they read.
        figures: Figures that read one of these.
    """

    scheme: str
    marts: tuple[str, ...]
    figures: tuple[str, ...]


def codebook_changes(con: DuckDBPyConnection, reference: Path, marts: Sequence[TableModel]) -> tuple[Change, ...]:
    """Compares data/reference/codebook.csv with the codebook of the last refresh.

    Args:
        con: The staging database of the last refresh.
        reference: The folder of the reference files.
        marts: The models of the marts.

    Raises:
        ReferenceDataError: The codebook's successors are inconsistent.
    """
    now = {code.code: code for code in read_codebook(reference)}
    before = _before(con)
    changes: list[tuple[str, str, str, str]] = []
    for code, new in now.items():
        old = before.get(code)
        if old is None:
            offered = f"read as {new.counted_as}, but not offered" if new.is_retired else "new forms offer it"
            changes.append((new.scheme, code, ADDED, f"“{new.label}”; {offered}"))
            continue
        if new.is_retired and (old.counted_as, old.is_retired) != (new.counted_as, True):
            after = f"its answers will count under {new.counted_as}" if new.counted_as != code else "its answers stay"
            changes.append((new.scheme, code, RETIRED, f"{after}; new forms leave it out"))
        elif old.is_retired and not new.is_retired:
            changes.append((new.scheme, code, REVIVED, "its answers count under it again; new forms offer it"))
        if new.label != old.label:
            changes.append((new.scheme, code, REWORDED, f"“{old.label}” is now “{new.label}”; {_old_label(old, now)}"))
        if new.definition != old.definition:
            changes.append((new.scheme, code, REWORDED, "another definition; nothing is counted differently by it"))
    changes += [
        (old.scheme, code, GONE, "answers with it will not be read; retire it instead, with valid_to or replaced_by")
        for code, old in before.items()
        if code not in now
    ]
    return tuple(Change(*change, *_held(con, change[1], marts)) for change in changes)


def _old_label(old: Code, now: Mapping[str, Code]) -> str:
    """What happens to answers given with a label that was changed."""
    keeper = next(
        (c for c in now.values() if c.scheme == old.scheme and c.label == old.label and c.code != old.code), None
    )
    if keeper is not None:
        return f"the old label is still read, as {keeper.counted_as}"
    return (
        "answers with the old label will no longer be read: to keep them, add a line with another code, the old label, "
        f"and {old.code} as replaced_by"
    )


def reach_of(
    schemes: Iterable[str],
    con: DuckDBPyConnection,
    models: Sequence[TableModel],
    figure_reads: Mapping[str, Sequence[str]],
) -> tuple[Reach, ...]:
    """Which marts and figures depend on schemes, from the SQL and from what figures declare they read.

    A table depends on a scheme if its SQL names the scheme or a question answered with its codes, or if it reads a table
    that does. Tables that treat all questions alike depend on every scheme.

    Args:
        schemes: The schemes.
        con: The staging database of the last refresh: which question is answered with which codes.
        models: The models of the staged tables and the marts.
        figure_reads: The tables each figure reads.
    """
    reaches: list[Reach] = []
    for scheme in sorted(set(schemes)):
        questions = [
            question
            for (question,) in con.execute(
                "SELECT DISTINCT o.question FROM reference.options AS o JOIN reference.codebook AS b ON b.code = o.option_code "
                "WHERE b.scheme = ? ORDER BY ALL",
                [scheme],
            ).fetchall()
        ]
        names = {f"'{name}'" for name in (scheme, *questions)}
        resting = {
            model.table
            for model in models
            if model.sql and (any(name in model.sql for name in names) or _takes_all(model.sql))
        }
        while grown := {model.table for model in models if set(model.upstream) & resting and model.sql} - resting:
            resting |= grown
        marts = tuple(sorted(table for table in resting if table.startswith("marts.")))
        figures = tuple(sorted(name for name, reads in figure_reads.items() if set(reads) & set(marts)))
        reaches.append(Reach(scheme, marts, figures))
    return tuple(reaches)


def _takes_all(sql: str) -> bool:
    return "reference.options" in sql


def _before(con: DuckDBPyConnection) -> dict[str, Code]:
    cursor = con.execute("SELECT * FROM reference.codebook")
    names = [column[0] for column in cursor.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    known = [
        Code(**{name: str(row.get(name) or "") for name in Code.__dataclass_fields__ if name != "counted_as"})
        for row in rows
    ]
    by_code = {code.code: code for code in known}

    def last(code: Code) -> str:
        while code.replaced_by in by_code:
            code = by_code[code.replaced_by]
        return code.code

    return {code.code: Code(**{**vars(code), "counted_as": last(code)}) for code in known}


def _held(con: DuckDBPyConnection, code: str, marts: Sequence[TableModel]) -> tuple[int, dict[str, int]]:
    """How many answers have a code, and how many rows of each mart, by itself or in a list of codes."""
    found = con.execute(f"SELECT count(*) FROM {_ANSWERS} WHERE code = ?", [code]).fetchone()
    rows: dict[str, int] = {}
    for mart in marts:
        columns = [f'"{field.name}"' for field in mart.fields if field.name.endswith(("_code", "_codes"))]
        counts = [f'"{field.name}"' for field in mart.fields if field.name.startswith("n_")]
        if columns:
            holds = " OR ".join(f"list_contains(string_split({column}, ' + '), $code)" for column in columns)
            some = f" AND {counts[0]} > 0" if counts else ""  # a mart's first count says what its rows count
            counted = con.execute(f"SELECT count(*) FROM {mart.table} WHERE ({holds}){some}", {"code": code}).fetchone()
            if counted and counted[0]:
                rows[mart.table] = counted[0]
    return (found[0] if found else 0), rows

"""Reads settings and ledgers in CSV by their columns, and converts cells to the types that tables declare."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.settings.reading import INTEGER, NUMBER, REMEDY, Findings, day, read_text


class Row(dict[str, str]):
    """The cells of a row by heading, without space around them; `line` is where it begins in the file."""

    line: int = 0


def read_csv(
    path: Path,
    needed: Sequence[str],
    error: type[LandscapeError] = LandscapeError,
    *,
    may_have: Sequence[str] | None = None,
    remedy: str = REMEDY,
) -> list[Row]:
    """Reads a CSV file with one row of headings, which people may have edited in Excel.

    Args:
        path: The file, which must exist.
        needed: The columns that it must have, in any order.
        error: What to raise.
        may_have: Further columns that it may have; None for any.
        remedy: What to do, if a finding does not say so itself.

    Returns:
        The rows in which anything is written.

    Raises:
        LandscapeError: It is not such a file, or rows are incomplete; every fault is named with its line.
    """
    findings = Findings(path, error, remedy)
    (line, headings), *rows = _records(read_text(path, findings), findings) or [(1, [])]
    _check_headings(headings, needed, may_have, line, findings)
    findings.refuse()
    found: list[Row] = []
    for line, cells in rows:
        if len(cells) != len(headings):
            findings.add(line, f"it has {len(cells)} cells in place of {len(headings)}")
        row = Row(zip(headings, cells, strict=False))
        row.line = line
        found.append(row)
    findings.refuse()
    return found


def _records(text: str, findings: Findings) -> list[tuple[int, list[str]]]:
    """The cells of each row in which anything is written, and the line it begins on."""
    physical = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(physical), strict=True)
    found: list[tuple[int, list[str]]] = []
    while True:
        begun = reader.line_num
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return found
        except csv.Error:
            findings.add(begun + 1, "a quotation mark is not closed, or is not at the edge of its cell")
            return found
        if sum(line.count('"') for line in physical[begun : reader.line_num]) % 2:
            findings.add(begun + 1, "a quotation mark has no partner")
        if any(cells):
            found.append((begun + 1, cells))


def _check_headings(
    headings: Sequence[str], needed: Sequence[str], may_have: Sequence[str] | None, line: int, findings: Findings
) -> None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(headings) == 1 and mark in headings[0]:
            findings.add(
                line,
                f"its columns are separated by {name}, as Excel does in some countries, so it lacks columns; in Excel, "
                "save it as “CSV UTF-8 (Comma delimited)” with the comma as list separator",
            )
            return
    for name in (name for name in needed if name not in headings):
        near = difflib.get_close_matches(name, headings, n=1)
        findings.add(line, f"it lacks columns: {name}" + (f" (perhaps the one called {near[0]})" if near else ""))
    for at, name in enumerate(headings, start=1):
        if not name:
            findings.add(line, f"column {at} has no heading; delete the column, or name it")
        elif headings.index(name) < at - 1:
            findings.add(line, f"column {name} is there twice")
        elif may_have is not None and name not in needed and name not in may_have:
            findings.add(line, f"column {name} is not known here")


def typed(text: str, kind: str) -> object:
    """A cell as the type that a table's model declares; None if it is empty.

    >>> typed("12", "integer"), typed("", "date"), typed("0.5", "number")
    (12, None, 0.5)

    Raises:
        ValueError: It is not of that type; the message says what it must be.
    """
    if not text:
        return None
    if kind == "date":
        return day(text)
    if kind == "integer" and INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and NUMBER.fullmatch(text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "string":
        return text
    raise ValueError(f"must be {_KINDS.get(kind, kind)}")


_KINDS = {"integer": "a whole number, in digits alone", "number": "a number, as in 12.5", "boolean": "true or false"}


def typed_rows(rows: Iterable[Row], kinds: dict[str, str], findings: Findings) -> Iterator[dict[str, object]]:
    """The rows with each cell as its type; cells that do not fit are noted.

    Args:
        rows: From `read_csv`.
        kinds: Frictionless type by column.
        findings: Where faults are noted.
    """
    for row in rows:
        made: dict[str, object] = {}
        for name, kind in kinds.items():
            try:
                made[name] = typed(row[name], kind)
            except ValueError as error:
                findings.add(row.line, f"{name} {error}")
        yield made

"""The change log: how what was found at visits differs from the last release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from landscape.disclosure.declared import PUBLISHED
from landscape.models import TableModel
from landscape.releasing.shelf import TABLES, Release
from landscape.reporting.wording import counted, day
from landscape.settings.csvfiles import read_csv

Rows = dict[tuple[str, ...], dict[str, str]]


def change_log(folder: Path, models: Sequence[TableModel], earlier: Sequence[Release], replaces: str) -> str:
    """What changed since the last release that was not withdrawn; tables of people never do.

    Args:
        folder: The new release, with its tables written.
        models: Its tables, without those of people.
        earlier: The releases before it, in order.
        replaces: The withdrawn release that it replaces; "" if there is none.
    """
    lines = ["# Changes", ""]
    if replaces:
        lines += [f"This release replaces {replaces}, which was withdrawn.", ""]
    last = next((release for release in reversed(earlier) if release.withdrawn_on is None), None)
    if last is None:
        lines += ["There is no earlier release to compare with."]
    else:
        lines += [
            f"Compared with release {last.name} of {day(last.released_on)}:",
            "",
            "| table | rows | new | gone | changed | columns new or gone |",
            "|---|--:|--:|--:|--:|---|",
            *(_line(folder, last.folder, model) for model in models),
            *_gone(last.folder, models),
        ]
    lines += ["", "Tables about people belong to one wave and are the same in every release that has them."]
    return "\n".join(lines) + "\n"


def _line(folder: Path, before: Path, model: TableModel) -> str:
    now, then = _rows(folder, model), _rows(before, model)
    n_rows = f"| {model.table} | {len(now or {})} |"
    if then is None or now is None:
        return f"{n_rows} all |  |  | a new table |"
    both = now.keys() & then.keys()
    columns = {name for row in now.values() for name in row}, {name for row in then.values() for name in row}
    shared = columns[0] & columns[1]
    n_changed = sum(any(now[key][name] != then[key][name] for name in shared) for key in both)
    other = ", ".join(sorted(columns[0] ^ columns[1])) if columns[0] and columns[1] else ""
    return f"{n_rows} {len(now.keys() - both)} | {len(then.keys() - both)} | {n_changed} | {other} |"


def _gone(before: Path, models: Sequence[TableModel]) -> Iterator[str]:
    named = {model.name for model in models} | {table.name for table in PUBLISHED}
    for path in sorted((before / TABLES).glob("*.csv")):
        if path.stem not in named:
            yield f"| {path.stem} | 0 |  | all |  | no longer a table |"


def _rows(folder: Path, model: TableModel) -> Rows | None:
    path = folder / TABLES / f"{model.name}.csv"
    if not path.exists():
        return None
    return {tuple(row.get(name, "") for name in model.key): row for row in read_csv(path, ())}


def summary_of(log: str) -> str:
    """The log's table in one sentence: how many tables have other rows than before."""
    lines = [line.split("|") for line in log.splitlines() if line.startswith("| ") and "---" not in line]
    changed = [cells for cells in lines[1:] if any(cell.strip() not in ("", "0") for cell in cells[3:6])]
    return f"{counted(len(changed), 'table has', 'tables have')} other rows than in the last release"

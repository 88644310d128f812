"""The change log: how a release differs from the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from landscape.disclosure.declared import PUBLISHED
from landscape.disclosure.releases import HeldBack
from landscape.models import TableModel
from landscape.releasing.shelf import TABLES, Release
from landscape.reporting.wording import counted, day
from landscape.settings.csvfiles import read_csv

Rows = dict[tuple[str, ...], dict[str, str]]


def change_log(
    folder: Path, models: Sequence[TableModel], earlier: Sequence[Release], held: Sequence[HeldBack], replaces: str
) -> str:
    """What changed since the last release that was not withdrawn, and which safe tables were held back.

    Args:
        folder: The new release, with its tables written.
        models: Its tables.
        earlier: The releases before it, in order.
        held: From `hold_back`.
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
    lines += ["", "## Tables of people that were held back", "", *held_back_words(held)]
    return "\n".join(lines) + "\n"


def held_back_words(held: Sequence[HeldBack]) -> list[str]:
    """Which safe tables were held back and since when, as bullet points."""
    if not held:
        return ["None: every table of people is from this release."]
    shows = {table.name: table.shows for table in PUBLISHED}
    alike: dict[tuple[str, str], list[str]] = {}
    for each in held:
        alike.setdefault((shows[each.table], _since(each)), []).append(_unit(each))
    return [f"- {shown} ({'; '.join(units)}): {since}" for (shown, since), units in alike.items()]


def _unit(held: HeldBack) -> str:
    return " ".join(filter(None, held.unit))


def _since(held: HeldBack) -> str:
    if held.released_on is None:
        return "left out, since an earlier release has it with other thresholds"
    return f"as released on {day(held.released_on)}, since compared with an earlier release a new one could show a few people"


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
    named = {model.name for model in models}
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

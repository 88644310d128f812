"""The coded columns of Jisc Online Surveys (`Q3_1`, `Q14_1_a`). Not here: what kind of file they came in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects.merging import CellMaker, Merging, spread_of
from landscape.surveys.dialects.spss import SpssFile
from landscape.surveys.export import Role, Row, Sheet

CODE = re.compile(r"Q\d+(?:_[0-9a-z]+)*")
_MEMBER = re.compile(r"(?P<question>Q\d+(?:_[a-z]+)?)_(?P<place>\d+)")
_GRID = re.compile(r"(?P<question>Q\d+)_(?P<row>\d+)_(?P<column>[a-z]+)")
_OWN_WORDS = "If you selected Other, please specify"


def coded_sheet(rows: Sequence[Row], title: str, roles: Mapping[str, Role], path: Path) -> Sheet:
    """The coded CSV or workbook: ticks become a list of option numbers, ranks a column per place.

    Raises:
        ReceivedFileError: Columns of one question hold neither ticks nor a ranking.
    """
    heading, *below = rows
    merging = Merging(below, len(heading.cells))
    groups: dict[str, dict[int, str]] = {}
    for at, text in enumerate(cell.strip() for cell in heading.cells):
        member = _MEMBER.fullmatch(text)
        if member:
            groups.setdefault(member["question"], {})[at] = member["place"]
        elif text:
            role = roles.get(text.casefold(), "answer" if CODE.fullmatch(text) else "tool")
            merging.keep(at, text, role)
    for question, members in groups.items():
        spread = spread_of(dict.fromkeys(members, "1"), merging.complete, ticks=("1", "0"))
        if spread == "list":
            merging.as_list(question, members, unticked=("0",))
        elif spread == "unclear":
            merging.as_unclear(question, members, is_code=True)
        elif spread == "ranking":
            merging.as_ranking(question, members, is_code=True)
        else:
            raise ReceivedFileError(
                f"the columns of {question} hold neither ticks nor a ranking",
                file=path,
                remedy="export it uncoded, with “combine scale/rank values” not ticked",
            )
    return merging.sheet(title)


def labelled_sheet(export: SpssFile, roles: Mapping[str, Role]) -> Sheet:
    """The SPSS export: numbers become the labels that the file gives them, so that no coding is needed."""
    rows = [Row(row.line, tuple(map(_labelled, export.value_labels, row.cells))) for row in export.rows]
    merging = Merging(rows, len(export.names))
    groups: dict[str, dict[int, str]] = {}
    for at, (name, label) in enumerate(zip(export.names, export.labels, strict=True)):
        member, cell = _MEMBER.fullmatch(name), _GRID.fullmatch(name)
        if member:
            groups.setdefault(member["question"], {})[at] = label
        elif cell:
            merging.keep(at, f"{cell['question']} [{label}]" if label else name, "answer", also=[name])
        elif label.startswith(_OWN_WORDS):
            merging.keep(at, label, "tool")
        else:
            role = roles.get(name.casefold()) or roles.get(label.casefold())
            merging.keep(at, label or name, role or ("answer" if CODE.fullmatch(name) else "tool"))
    for question, members in groups.items():
        options = {at: export.value_labels[at].get("1", "") for at in members}
        if all(export.value_labels[at].keys() == {"1"} for at in members):
            heading = next(
                (
                    label.removesuffix(f" - {options[at]}")
                    for at, label in members.items()
                    if label.endswith(options[at])
                ),
                question,
            )
            merging.as_list(heading, options)
            continue
        numbers = Merging(export.rows, len(export.names))
        if spread_of(members, numbers.complete, ticks=("1",)) in ("ranking", "unclear"):
            _as_ranking(merging, question, members, export)
        else:
            merging.as_grid(question, members)
    return merging.sheet()


def _as_ranking(merging: Merging, question: str, members: Mapping[int, str], export: SpssFile) -> None:
    """The places by number, whatever words (“Best”, “Second best”) the file has for them."""
    last = max([1, *(int(row.cells[at]) for row in export.rows for at in members if row.cells[at])])
    offered = [item.strip() for item in members.values()]
    for place, at in enumerate(members, start=1):
        role: Role = "answer" if place <= last else "empty"
        written = {member: export.value_labels[member].get(str(place), str(place)) for member in members}
        merging.keep(at, f"{question} [{place}]", role, _ranked(written, members), offered, [f"{question}_{place}"])


def _ranked(written: Mapping[int, str], members: Mapping[int, str]) -> CellMaker:
    """The item in whose column the place is written."""
    return lambda cells: next((members[at] for at, text in written.items() if cells[at] == text), "")


def _labelled(labels: Mapping[str, str], cell: str) -> str:
    return labels.get(cell, cell)

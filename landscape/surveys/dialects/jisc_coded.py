"""The coded columns of Jisc Online Surveys (`Q3_1`, `Q14_1_a`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells
from landscape.surveys.dialects.merging import Merging, Spread, spread_of
from landscape.surveys.dialects.spss import SpssFile
from landscape.surveys.export import NOTHING_ASKED, Asked, Role, Sheet

CODE = re.compile(r"Q\d+(?:_[0-9a-z]+)*")
_MEMBER = re.compile(r"(?P<question>Q\d+(?:_[a-z]+)?)_(?P<place>\d+)")
_GRID = re.compile(r"(?P<question>Q\d+)_(?P<row>\d+)_(?P<column>[a-z]+)")
_OWN_WORDS, _OWN_WORDS_CODE = "If you selected Other, please specify", "_a"
_ROWS_OF_A_GRID = ("select_one", "integer", "decimal", "text")


def coded_sheet(
    headings: Sequence[str],
    cells: Cells,
    title: str,
    roles: Mapping[str, Role],
    path: Path,
    asked: Asked = NOTHING_ASKED,
) -> Sheet:
    """The coded CSV or workbook: ticks become a list of option numbers, ranks a column per place.

    Raises:
        ReceivedFileError: Columns of one question hold neither ticks nor a ranking.
    """
    merging = Merging(cells, asked)
    groups: dict[str, dict[int, str]] = {}
    for at, text in enumerate(heading.strip() for heading in headings):
        member = _MEMBER.fullmatch(text)
        if member:
            groups.setdefault(member["question"], {})[at] = member["place"]
        elif text:
            role = roles.get(text.casefold(), "answer" if CODE.fullmatch(text) else "tool")
            merging.keep(at, text, role)
    own_words = _own_words(merging, headings, groups)
    for question, members in groups.items():
        spread = _spread(merging, question, members)
        if spread == "list":
            merging.as_list(question, members, own_words.get(question, ()), unticked=("0",), is_seen_by_zeros=False)
        elif spread == "unclear":
            merging.as_unclear(question, members, is_code=True)
            merging.beside(min(members), own_words.get(question, ()))
        elif spread == "ranking":
            merging.as_ranking(question, members, is_code=True)
        elif any(asked.kind(f"{question}_{place}") for place in members.values()):
            for at, place in members.items():
                merging.keep(at, f"{question}_{place}", "answer")
        else:
            raise ReceivedFileError(
                f"the columns of {question} hold neither ticks nor a ranking",
                file=path,
                remedy="export it uncoded, with “combine scale/rank values” not ticked",
            )
    return merging.sheet(title)


def _own_words(merging: Merging, headings: Sequence[str], groups: Mapping[str, object]) -> dict[str, list[int]]:
    """Columns such as `Q5_a`, of what was written beside “Other” of `Q5`, by question; those of single columns are joined.

    The same name can be that of a question of its own, so it is one where it is asked, or where it holds only numbers.
    """
    named = {text.strip(): at for at, text in enumerate(headings)}
    found: dict[str, list[int]] = {}
    for text, at in named.items():
        question = text.removesuffix(_OWN_WORDS_CODE)
        if question == text or not CODE.fullmatch(text) or not merging.asked.kind(question) or merging.asked.kind(text):
            continue
        if question in groups:
            found[question] = [at]
        elif question in named:
            merging.beside(named[question], [at])
        if question in (*groups, *named):
            merging.keep(at, text, "tool")
    return found


def _spread(merging: Merging, question: str, members: Mapping[int, str]) -> Spread:
    """What the columns of one question hold: of ticks and ranks, what is asked for where the cells allow both."""
    found = spread_of(dict.fromkeys(members, "1"), merging.cells, ticks=("1", "0"))
    if merging.asked.kind(*(f"{question}_{place}" for place in members.values())) in _ROWS_OF_A_GRID:
        return "grid"
    return found


def labelled_sheet(export: SpssFile, roles: Mapping[str, Role], asked: Asked = NOTHING_ASKED) -> Sheet:
    """The SPSS export: numbers become the labels that the file gives them, so that no coding is needed."""
    labelled = {
        at: column.mapped(partial(_labelled, labels))
        for at, (column, labels) in enumerate(zip(export.cells.columns, export.value_labels, strict=True))
    }
    merging = Merging(export.cells.with_columns(labelled), asked)
    own_words: dict[str, int] = {}
    groups: dict[str, dict[int, str]] = {}
    for at, (name, label) in enumerate(zip(export.names, export.labels, strict=True)):
        member, cell = _MEMBER.fullmatch(name), _GRID.fullmatch(name)
        if member:
            groups.setdefault(member["question"], {})[at] = label
        elif cell:
            merging.keep(at, f"{cell['question']} [{label}]" if label else name, "answer", also=[name])
        elif label.startswith(_OWN_WORDS):
            own_words[name.removesuffix(_OWN_WORDS_CODE)] = at
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
            merging.as_list(heading, options, [own_words.pop(question)] if question in own_words else ())
            continue
        if spread_of(members, export.cells, ticks=("1",)) in ("ranking", "unclear"):
            _as_ranking(merging, question, members, export)
        else:
            merging.as_grid(question, members)
    for question, at in own_words.items():
        beside = next((other for other, name in enumerate(export.names) if name == question), None)
        if beside is None:
            merging.keep(at, export.labels[at], "answer")
        else:
            merging.beside(beside, [at])
    return merging.sheet()


def _labelled(labels: Mapping[str, str], cell: str) -> str:
    return labels.get(cell, cell)


def _as_ranking(merging: Merging, question: str, members: Mapping[int, str], export: SpssFile) -> None:
    """The places by number, whatever words (“Best”, “Second best”) the file has for them."""
    last = max([1, *(int(text) for at in members for text in export.cells.columns[at].texts if text)])
    offered = [item.strip() for item in members.values()]
    for place, at in enumerate(members, start=1):
        role: Role = "answer" if place <= last else "empty"
        written = {member: export.value_labels[member].get(str(place), str(place)) for member in members}
        merging.keep(
            at, f"{question} [{place}]", role, _ranked(merging, written, members), offered, [f"{question}_{place}"]
        )


def _ranked(merging: Merging, written: Mapping[int, str], members: Mapping[int, str]) -> CellColumn:
    """The item in whose column the place is written."""
    return merging.cells.made(
        tuple(written), lambda cells: next((members[at] for at, text in written.items() if cells[at] == text), "")
    )

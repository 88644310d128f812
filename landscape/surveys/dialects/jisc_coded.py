"""The coded columns of Jisc Online Surveys (`Q3_1`, `Q14_1_a`). Not here: what kind of file they came in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landscape.errors import ReceivedFileError
from landscape.surveys.definition import Survey
from landscape.surveys.dialects.blocks import Block, places, text_cell, ticked
from landscape.surveys.dialects.merging import CellMaker, Merging, spread_of
from landscape.surveys.dialects.spss import SpssFile, write_spss
from landscape.surveys.export import Role, Row, Sheet
from landscape.surveys.questionnaire import Question
from landscape.surveys.render import Response, day_after

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


def coded_table(
    laid_out: Sequence[Block], responses: Sequence[Response], date_format: str
) -> tuple[list[str], list[list[str | dt.date]]]:
    """Headings and rows of a coded export, without the columns about the response."""
    headings: list[str] = []
    rows: list[list[str | dt.date]] = [[] for _ in responses]
    for number, block in enumerate(laid_out, start=1):
        headings += _codes(number, block)
        for row, response in zip(rows, responses, strict=True):
            row.extend(_coded_cells(block, response, date_format))
    return headings, rows


def write_sav(survey: Survey, laid_out: Sequence[Block], responses: Sequence[Response], path: Path) -> None:
    """Writes the SPSS export: coded, with the meaning of each number and true dates."""
    columns: dict[str, list[Any]] = {"URN": [response.number for response in responses]}
    labels = {"URN": "Unique Response Number"}
    meanings: dict[str, dict[int | float, str]] = {}
    for number, block in enumerate(laid_out, start=1):
        codes = _codes(number, block)
        cells = [_coded_cells(block, response, "") for response in responses]
        numbered = {place: option.label for place, option in enumerate(block.questions[0].options, start=1)}
        for at, code in enumerate(codes):
            is_own_words = bool(block.questions[0].other_code) and at == len(codes) - 1
            labels[code] = f"{_OWN_WORDS}:" if is_own_words else _label(block, at)
            given = [row[at] for row in cells]
            if not numbered or is_own_words:
                question = block.questions[0]
                has_dates = question.kind == "date"
                columns[code] = [r.answers.get(question.name) for r in responses] if has_dates else given
                continue
            columns[code] = [float(cell) if cell else None for cell in given]
            meanings[code] = {float(k): v for k, v in _meanings(block, at, numbered).items()}
    columns["StartDate"] = [response.started_at for response in responses]
    columns["CompletionDate"] = [response.completed_at for response in responses]
    write_spss(path, columns, labels, meanings, day_after(survey))


def _codes(number: int, block: Block) -> list[str]:
    if block.kind == "single":
        codes = [f"Q{number}"]
    elif block.kind == "grid":
        return [f"Q{number}_{row}_a" for row in range(1, len(block.items) + 1)]
    else:
        codes = [f"Q{number}_{place}" for place in range(1, len(block.items) + 1)]
    return codes + ([f"Q{number}_a"] if block.kind != "ranking" and block.questions[0].other_code else [])


def _label(block: Block, at: int) -> str:
    if block.kind == "single":
        return block.heading
    return f"{block.heading} - {block.items[at]}" if block.kind == "list" else block.items[at]


def _meanings(block: Block, at: int, numbered: Mapping[int, str]) -> Mapping[int, str]:
    if block.kind == "list":
        return {1: block.items[at]}
    return {place: f"Place {place}" for place in numbered} if block.kind == "ranking" else numbered


def _coded_cells(block: Block, response: Response, date_format: str) -> list[str]:
    if block.kind == "ranking":
        return places(block, response)
    if block.kind == "grid":
        return [_number(question, response.answers.get(question.name)) for question in block.questions]
    (question,) = block.questions
    chosen, own_words = ticked(question, response)
    beside = [own_words] if question.other_code else []
    if block.kind == "list":
        return ["1" if item in chosen else "" for item in block.items] + beside
    if question.options:
        return [_number(question, chosen[0] if chosen else None), *beside]
    return [text_cell(response.answers.get(question.name), date_format)]


def _number(question: Question, answer: object) -> str:
    """The place of an option in its list."""
    labels = [option.label for option in question.options]
    return str(labels.index(str(answer)) + 1) if answer is not None else ""

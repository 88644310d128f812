"""Writes exports as Jisc Online Surveys does: uncoded, coded, and as SPSS files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exports.blocks import Block, blocks, places, text_cell, text_rows, ticked
from exports.responses import Response, cell_value, day_after, save_table, write_text_rows
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

ENDING = ".csv"
VARIANTS = ("uncoded_csv", "coded_csv", "uncoded_xlsx", "coded_sav")
_SEPARATOR = ","
_DATE = "%d/%m/%Y"
_TIME = "%d/%m/%Y %H:%M:%S"
_OWN_WORDS = "If you selected Other, please specify"
_WRITTEN_ON = slice(84, 101)  # day and time of writing in the header: "22 Nov 26" and "18:52:51"


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "uncoded_csv") -> None:
    """Writes responses as Jisc would export them.

    Args:
        survey: Whose questions head the columns. Pages begin at the first question and each choose-many list.
        responses: In the order of the rows; one without a time of completion is partial.
        path: The file to write.
        variant: One of `VARIANTS`. Coded exports hold each option's place in its list.
    """
    laid_out = blocks(survey.questionnaire.of(None))
    if variant == "coded_sav":
        write_sav(survey, laid_out, responses, path)
        return
    if variant == "coded_csv":
        headings, rows = coded_table(laid_out, responses, _DATE)
        first = ["URN", *headings, "StartDate", "CompletionDate"]
    else:
        headings, rows = _uncoded_table(laid_out, responses)
        first = ["Unique Response Number", *headings, "Start Date", "Completion Date"]
    below: list[list[str | dt.date | None]] = [
        [r.number, *row, r.started_at, r.completed_at] for r, row in zip(responses, rows, strict=True)
    ]
    if variant == "uncoded_xlsx":
        save_table([[*first], *below], path, day_after(survey), "Sheet", "dd/mm/yyyy hh:mm:ss")
    else:
        write_text_rows(path, [first, *text_rows(below, _DATE, _TIME)], has_mark=True)


def _uncoded_table(
    laid_out: Sequence[Block], responses: Sequence[Response]
) -> tuple[list[str], list[list[str | dt.date]]]:
    headings: list[str] = []
    rows: list[list[str | dt.date]] = [[] for _ in responses]
    for number, block in enumerate(laid_out, start=1):
        if number == 1 or block.kind == "list":
            headings.append("")
            for row in rows:
                row.append("")
        headings.append(f"{number}. {block.heading}")
        if block.kind in ("ranking", "grid"):
            headings += [f"{number}.{place}. {item}" for place, item in enumerate(block.items, start=1)]
        elif block.questions[0].other_code:
            headings.append(f"{number}.a. {_OWN_WORDS}:")
        for row, response in zip(rows, responses, strict=True):
            row.extend(_uncoded_cells(block, response))
    return headings, rows


def _uncoded_cells(block: Block, response: Response) -> list[str | dt.date]:
    if block.kind == "ranking":
        return ["", *places(block, response)]
    if block.kind == "grid":
        return ["", *(text_cell(response.answers.get(q.name), _DATE) for q in block.questions)]
    (question,) = block.questions
    if question.other_code:
        chosen, own_words = ticked(question, response)
        return [_SEPARATOR.join(chosen), own_words]
    value = cell_value(response.answers.get(question.name), _SEPARATOR)
    return [value if isinstance(value, dt.date) else text_cell(value, "")]


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


def write_spss(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    labels: Mapping[str, str],
    value_labels: Mapping[str, Mapping[int | float, str]],
    written_at: dt.datetime,
) -> None:
    """Writes a .sav that is the same bytes every time.

    Args:
        path: The file to write.
        columns: Texts, numbers (None where missing), dates or times by variable.
        labels: Each variable's label.
        value_labels: What its values mean.
        written_at: When it says it was written (UTC).
    """
    import pandas as pd
    import pyreadstat

    path.parent.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame({name: pd.Series(list(cells), dtype=object) for name, cells in columns.items()})
    for name in value_labels:
        frame[name] = frame[name].astype("float64")
    pyreadstat.write_sav(
        frame,
        path,
        column_labels=dict(labels),
        variable_value_labels={name: dict(meanings) for name, meanings in value_labels.items()},
    )
    data = bytearray(path.read_bytes())
    data[_WRITTEN_ON] = written_at.strftime("%d %b %y%H:%M:%S").encode("ascii")
    path.write_bytes(data)

"""Jisc Online Surveys: uncoded and coded exports as CSV, Excel and SPSS."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Cells, Row, cells_of
from landscape.surveys.dialects import jisc_coded, spss
from landscape.surveys.dialects.merging import Merging, json_list
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import dated_rows, order_of_dates
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import NOTHING_ASKED, Asked, Export, Role, Sheet, in_order, split_against

NAME = "jisc_online_surveys"
TITLE = "Jisc Online Surveys"
TIME_FORMAT = "%d/%m/%Y %H:%M:%S"
DATE_FORMAT = "%d/%m/%Y"
MIXES_OWN_WORDS = False
SEPARATOR = ","
_NUMBERED = re.compile(r"(?P<number>\d+\.(?:(?:\d+|[a-z]{1,5})\.)*)\s+(?P<wording>.*)", re.DOTALL)
_ROLES: dict[str, Role] = {
    "unique response number": "response_id",
    "urn": "response_id",
    "start date": "started_at",
    "startdate": "started_at",
    "completion date": "completed_at",
    "completiondate": "completed_at",
}
_SIGNATURE = _ROLES.keys() - {"startdate"}  # which another tool writes beside columns headed `Q1`, too
_OWN_WORDS = "If you selected Other, please specify"


def recognises(path: Path) -> bool:
    """Whether the headings are numbered questions, or `Q1`, `Q2_1` …, beside a response number or completion date."""
    if spss.is_spss(path):
        headings: Sequence[str] = spss.names(path)
    elif is_workbook(path):
        headings = next(iter(read_rows(path, sheet_names(path)[0])), Row(1, ())).cells
    else:
        headings = next(iter(first_text_rows(path, 1)), ())
    known = _SIGNATURE & {heading.strip().casefold() for heading in headings}
    return bool(known) and any(_NUMBERED.match(h) or jisc_coded.CODE.fullmatch(h.strip()) for h in headings)


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the export.

    Raises:
        ReceivedFileError: It was exported without response numbers, its quoting breaks off, or its dates are not
            written day first.
    """
    note, exported_at = "", None
    order = asked.dates or "day_first"
    formats = in_order(DATE_FORMAT, order), in_order(TIME_FORMAT, order)
    if spss.is_spss(path):
        export = spss.read_spss(path, *formats)
        sheet, exported_at = jisc_coded.labelled_sheet(export, _ROLES, asked), export.written_at
    else:
        if is_workbook(path):
            title, exported_at = sheet_names(path)[0], modified_at(path)
            heading, *below = dated_rows(path, title, *formats)
            headings, cells = heading.cells, cells_of(below, len(heading.cells))
        else:
            title, table = "", read_text(path)
            headings, cells, note = table.headings, table.cells, table.note
        if any(jisc_coded.CODE.fullmatch(heading.strip()) for heading in headings):
            sheet = jisc_coded.coded_sheet(headings, cells, title, _ROLES, path, asked)
        else:
            sheet = _uncoded_sheet(headings, cells, title, asked)
    if sheet.position("response_id") is None:
        raise ReceivedFileError(
            "it has no response numbers, so a response cannot be distinguished from its copy",
            file=path,
            remedy="export again with “Unique response number” ticked",
        )
    dated = [c.position for c in sheet.columns if c.role in ("answer", "started_at", "completed_at")]
    order_of_dates(
        sheet.cells,
        dated,
        path,
        order=order,
        deciding=(),
        remedy="export again without opening the file in Excel, which may rewrite dates",
    )
    return Export(NAME, (sheet,), exported_at=exported_at, encoding_note=note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by a comma without a space, while options may hold commas of their own; or a JSON array."""
    merged = json_list(cell)
    return split_against(cell, labels, SEPARATOR) if merged is None else merged


def _uncoded_sheet(headings: Sequence[str], cells: Cells, title: str, asked: Asked) -> Sheet:
    """Columns by their number: `3.1.` below an empty `3.` is an item of it, `3.a.` a question of its own."""
    merging = Merging(cells, asked)
    numbers: dict[int, tuple[str, ...]] = {}
    wordings: dict[int, str] = {}
    for at, text in enumerate(headings):
        numbered = _NUMBERED.fullmatch(text.strip())
        wordings[at] = (numbered["wording"] if numbered else text).strip()
        if numbered:
            numbers[at] = tuple(numbered["number"].split(".")[:-1])
        elif text.strip():
            merging.keep(at, wordings[at], _ROLES.get(text.strip().casefold(), "tool"))
    titles = {
        number: at
        for at, number in numbers.items()
        if not any(merging.values(at)) and any(_is_item(other, number) for other in numbers.values())
    }
    grouped: dict[tuple[str, ...], dict[int, str]] = {}
    own_words: dict[tuple[str, ...], int] = {}
    for at, number in numbers.items():
        if number in titles:
            continue
        if _OWN_WORDS in wordings[at] and not asked.kind(wordings[at]):
            own_words[number] = at
            continue
        above = number[:1]
        if above in titles and len(number) > 1 and number[1].isdigit():
            grouped.setdefault(above, {})[at] = _item(number, wordings[at], titles, numbers, wordings)
        else:
            merging.keep(at, wordings[at], "answer")
    _join_own_words(merging, own_words, numbers, wordings)
    for number, items in grouped.items():
        question = wordings[titles[number]]
        spread = merging.spread(question, items)
        if spread == "ranking":
            merging.as_ranking(question, items)
        elif spread == "unclear":
            merging.as_unclear(question, items)
        else:
            merging.as_grid(question, items)
    return merging.sheet(title)


def _join_own_words(
    merging: Merging,
    own_words: Mapping[tuple[str, ...], int],
    numbers: Mapping[int, tuple[str, ...]],
    wordings: Mapping[int, str],
) -> None:
    """`5.a. If you selected Other …` goes along with `5.`."""
    for number, at in own_words.items():
        question_at = next((other for other, found in numbers.items() if found == number[:-1]), None)
        if question_at is None:
            merging.keep(at, wordings[at], "answer")
        else:
            merging.beside(question_at, [at])


def _is_item(number: tuple[str, ...], above: tuple[str, ...]) -> bool:
    """Whether one is an item of the other (`3.1` of `3`), or a grid's column of its row (`3.1.a` of `3.1`)."""
    if len(number) != len(above) + 1 or number[:-1] != above:
        return False
    return number[-1].isdigit() if len(above) == 1 else above[-1].isdigit()


def _item(
    number: tuple[str, ...],
    wording: str,
    titles: dict[tuple[str, ...], int],
    numbers: dict[int, tuple[str, ...]],
    wordings: dict[int, str],
) -> str:
    """The row of a grid; with its column where the grid has several."""
    row = number[:2]
    if len(number) == 2 or row not in titles:
        return wording
    n_columns = sum(_is_item(other, row) for other in numbers.values())
    return wordings[titles[row]] + (f" - {wording}" if n_columns > 1 else "")

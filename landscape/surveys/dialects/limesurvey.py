"""LimeSurvey: CSV, Excel and JSON, headed by codes, full text or both."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells, made_of
from landscape.surveys.dialects.jsonfiles import (
    Table,
    is_json,
    json_cell,
    read_json,
    table_of_entries,
    table_of_rows,
    table_of_text,
)
from landscape.surveys.dialects.limesurvey_headings import COMMENT, OWN_WORDS, Heading, style_of, taken_apart
from landscape.surveys.dialects.merging import OTHER, Merging, json_list
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import UNDATED, refuse_other_times
from landscape.surveys.dialects.workbooks import first_rows, is_workbook, read_rows, sheet_names
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Export, Role, Sheet

NAME = "limesurvey"
TITLE = "LimeSurvey"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = False
_OWN_WORDS_CODE = "-oth-"
_UNSEEN = {"", "N/A"}
_TICKS, _NO_TICKS = {"Y", "Yes", "1"}, {"N", "No", "0"}
_FLAGS = ({"Y", "N"}, {"Yes", "No", "N/A"}, {"1", "0"})
_FIXED_ANSWERS = ({"Yes", "No"}, {"Female", "Male"})  # of question types for which “N/A” says that nobody answered
_UNDATED_DAY = "1980-01-01"  # LimeSurvey's date where a survey is not to record any


def recognises(path: Path) -> bool:
    """Whether the headings are codes with LimeSurvey's own ones among them, their texts, or both together."""
    try:
        if is_workbook(path):
            headings = first_rows(path, 1)
        else:
            headings = [_json_table(path)[0].headings] if is_json(path) else first_text_rows(path, 1)
    except ReceivedFileError:
        return False
    return any(style_of(cells) is not None for cells in headings)


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the CSV, workbook or JSON, headed in any style.

    Raises:
        ReceivedFileError: It is damaged, was exported without response numbers, or its times were re-written by another
            program.
    """
    if is_json(path):
        table, note = _json_table(path)
    elif is_workbook(path):
        title = sheet_names(path)[0]
        table, note = table_of_rows(title, read_rows(path, title)), ""
    else:
        text = read_text(path)
        table, note = _without_last_blank(table_of_text(text)), text.note
    style = style_of(table.headings)
    if style is None:
        raise ReceivedFileError("its headings are not LimeSurvey’s", file=path, remedy="export it again as CSV")
    headings = [taken_apart(heading, style) for heading in table.headings]
    sheet = _sheet(table, headings, asked, is_code=style == "code")
    if sheet.position("response_id") is None:
        raise ReceivedFileError(
            "it has no response numbers, so a response cannot be distinguished from its copy",
            file=path,
            remedy="export again with “Response ID” among the columns",
        )
    refuse_other_times(sheet, path)
    return Export(NAME, (sheet,), encoding_note=note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Ticked options: the list that `read` makes of a question's option columns."""
    found = json_list(cell)
    return [cell.strip()] if found is None else found


def _without_last_blank(table: Table) -> Table:
    """Without the blank lines that LimeSurvey ends with."""
    cells = table.cells
    last = int(cells.lines.max(initial=0))
    odd = list(cells.odd)
    while odd and odd[-1].line > last and len(odd[-1].cells) < 2 and not any(map(str.strip, odd[-1].cells)):
        odd.pop()
    return dataclasses.replace(table, cells=dataclasses.replace(cells, odd=tuple(odd)))


def _json_table(path: Path) -> tuple[Table, str]:
    held, note = read_json(path)
    found = held.get("responses") if isinstance(held, dict) else None
    if not isinstance(found, list):
        raise ReceivedFileError("it holds no list of responses", file=path, remedy="export it again as JSON")
    entries = [_unwrapped(entry) for entry in found]
    return table_of_entries("", [{key: json_cell(value) for key, value in e.items()} for e in entries]), note


def _unwrapped(entry: dict[str, object]) -> dict[str, object]:
    """Older versions put each response into an object of its own, under its number."""
    inner = next(iter(entry.values()), None)
    return inner if len(entry) == 1 and isinstance(inner, dict) else entry


def _sheet(table: Table, headings: Sequence[Heading], asked: Asked, *, is_code: bool) -> Sheet:
    sheet = Merging(table.cells, asked)
    reach = _Reach(sheet, headings)
    has_number = any(heading.fact == "id" for heading in headings)
    for at, heading in enumerate(headings):
        if heading.fact:
            made = sheet.cells.columns[at].mapped(_undated) if heading.fact == "submitdate" else None
            sheet.keep(at, table.headings[at], heading.role, made)
    questions = [(at, heading) for at, heading in enumerate(headings) if not heading.fact]
    if not has_number and headings and not table.headings[0]:
        numbers = sheet.values(0)
        if all(number.isdigit() for number in numbers) and len(numbers) == len(table.cells.lines):
            sheet.keep(0, "", "response_id")
            questions.pop(0)
    spreads = [_spread(sheet, dict(found)) for _, found in groupby(questions, key=lambda pair: pair[1].question)]
    said = {value for spread in spreads if spread.is_list for value in spread.values}
    is_silent = "Y" in said and not said & (_NO_TICKS | _UNSEEN)
    for spread in spreads:
        if spread.is_list and not (spread.values or spread.own_words or is_silent):
            sheet.as_unclear(spread.wording, spread.options, is_code=is_code)
        elif spread.is_list:
            first = min(spread.options)
            seen = reach.of(first) if is_silent else None
            offered = [*spread.options.values(), *([OTHER] if spread.own_words else [])]
            ticked = _ticked(sheet.cells, spread.options, spread.own_words, seen)
            sheet.keep(first, spread.wording, "answer", ticked, offered)
            sheet.aside(spread.wording, [at for at in spread.options if at != first])
            sheet.beside(first, spread.own_words, unsaid=_UNSEEN | _NO_TICKS)
        else:
            _keep_apart(sheet, spread, is_code=is_code)
    return sheet.sheet()


@dataclass(frozen=True)
class _Spread:
    """The columns of one question.

    Args:
        wording: Its text or code.
        options: The option, place or row that each column is for, by position; "" for a question's only column.
        own_words: Columns of what respondents wrote for “Other”.
        values: What is in its columns.
        is_list: Each column is for an option, and ticked or not.
    """

    wording: str
    options: dict[int, str]
    own_words: tuple[int, ...]
    values: frozenset[str]
    is_list: bool


def _spread(sheet: Merging, columns: dict[int, Heading]) -> _Spread:
    subs = {heading.sub for heading in columns.values()}
    wording = next(heading.wording for heading in columns.values())
    for at in [at for at, heading in columns.items() if _is_comment(heading.sub, subs)]:
        sheet.keep(at, wording, "tool")
        del columns[at]
    own_words = tuple(at for at, heading in columns.items() if heading.sub == OWN_WORDS and len(columns) > 1)
    options = {at: heading.part for at, heading in columns.items() if at not in own_words}
    values = frozenset(value for at in options for value in sheet.values(at)) - {""}
    is_ticked_or_not = any(values <= family for family in _FLAGS) and (bool(values) or len(columns) > 1)
    is_list = bool(options) and all(options.values()) and is_ticked_or_not and not _is_ranking(options, values)
    if (
        is_list and sheet.asked.kind(wording) != "select_multiple"
    ):  # the same cells can be a grid's: what is asked for decides
        worded = [_heading(wording, part, is_ranking=False) for part in options.values()]
        is_list = not sheet.asked.kind(*worded, *(f"{wording}_{part}" for part in options.values()))
    return _Spread(wording, options, own_words, values, is_list)


def _is_comment(sub: str, subs: set[str]) -> bool:
    return sub.endswith(f"][{COMMENT}") or (sub.endswith(COMMENT) and sub.removesuffix(COMMENT).strip() in subs)


def _is_ranking(options: Mapping[int, str], values: frozenset[str]) -> bool:
    """Whether the columns are the places of a ranking; by code alone, only one that nobody filled in need be known."""
    is_numbered = [*options.values()] == [str(place) for place in range(1, len(options) + 1)]
    return any(part.casefold().startswith("rank ") for part in options.values()) or (is_numbered and not values)


def _keep_apart(sheet: Merging, spread: _Spread, *, is_code: bool) -> None:
    """Hands over a question's columns one by one: its only one, the places of a ranking, the rows of a grid."""
    for at, part in spread.options.items():
        is_nameless = not spread.wording and not part  # a question whose text is empty: nobody knows which one it is
        is_fixed = not part and any(spread.values <= {*words, "N/A"} for words in _FIXED_ANSWERS)
        heading = _heading(spread.wording, part, is_ranking=_is_ranking(spread.options, spread.values))
        role: Role = "empty" if is_nameless and not any(sheet.values(at)) else "answer"
        also = [f"{spread.wording}_{part}"] if is_code and part else []  # as a questionnaire can name it
        made = sheet.cells.columns[at].mapped(partial(_single, is_fixed=is_fixed))
        sheet.keep(at, heading, role, made, also=also)
    if len(spread.options) == 1:
        sheet.beside(min(spread.options), spread.own_words, unsaid=_UNSEEN)
    else:
        sheet.aside(spread.wording, spread.own_words)


def _heading(wording: str, part: str, *, is_ranking: bool) -> str:
    """A question's heading; a ranking's places are numbered, and a grid may have a text for its rows only."""
    if is_ranking:
        part = part.rsplit(" ", 1)[-1]
    return f"{wording} [{part}]" if wording and part else wording or part


def _single(text: str, *, is_fixed: bool) -> str:
    if text.strip() == _OWN_WORDS_CODE:
        return OTHER
    return "" if is_fixed and text.strip() == "N/A" else text


def _ticked(cells: Cells, options: dict[int, str], own_words: Sequence[int], seen: CellColumn | None) -> CellColumn:
    """The cells of the ticked options.

    Args:
        cells: All cells.
        options: The wording of each option, by column.
        own_words: The columns of own words, which tick “Other”.
        seen: Filled where a response reached the question, where the export writes nothing for an option not ticked. It cannot
            tell a question that a condition hid from one left without a tick, and neither can the file.
    """
    has_words = made_of(
        [cells.columns[at].mapped(_in_words) for at in own_words] or [cells.blank_column()], lambda row: "1" * any(row)
    )

    def cell(row: tuple[str, ...]) -> str:
        words, reached, *texts = row
        found = [(part, text.strip()) for part, text in zip(options.values(), texts, strict=True)]
        ticked = [part for part, text in found if text in _TICKS]
        is_asked = words or (any(text not in _UNSEEN for _, text in found) if seen is None else reached)
        return json.dumps(ticked, ensure_ascii=False) if ticked or is_asked else ""

    reached = cells.blank_column() if seen is None else seen
    return made_of([has_words, reached, *(cells.columns[at] for at in options)], cell)


def _in_words(text: str) -> str:
    return "" if text.strip() in _UNSEEN | _NO_TICKS else "1"


def _undated(text: str) -> str:
    return UNDATED if text.strip().startswith(_UNDATED_DAY) else text


class _Reach:
    """Which questions a response got to: all of a submitted one; else those no later than its last page.

    The file does not say on which page a question is. It is no later than the last page of any response that holds
    an answer there or further on.
    """

    def __init__(self, sheet: Merging, headings: Sequence[Heading]) -> None:
        self._cells = sheet.cells
        self._answers = [at for at, heading in enumerate(headings) if not heading.fact and heading.question]
        facts = {heading.fact: at for at, heading in enumerate(headings) if heading.fact}
        pages = facts.get("lastpage")
        self._pages = self._cells.blank_column() if pages is None else self._cells.columns[pages].mapped(_page)
        self._submitted = self._cells.any_filled([facts["submitdate"]] if "submitdate" in facts else [])

    def of(self, first: int) -> CellColumn:
        """Filled in the rows that got to the question whose first column is given."""
        answered_later = self._cells.any_filled(at for at in self._answers if at >= first)
        pages = [int(page) for page in self._pages.of(answered_later).texts if page]
        seen = self._submitted | answered_later
        if pages:
            seen |= self._pages.where(lambda page: page and int(page) >= min(pages))
        return CellColumn(seen.astype("int32"), ("", "1")).in_order()


def _page(text: str) -> str:
    """The number of a page; empty where it is none, or 0."""
    return str(int(text) or "") if text.strip().isascii() and text.strip().isdigit() and int(text) else ""

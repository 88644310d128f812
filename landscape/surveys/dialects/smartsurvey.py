"""SmartSurvey: CSV with three rows of headings, a dash where nothing was answered; its JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn
from landscape.surveys.dialects.jsonfiles import is_json, read_json
from landscape.surveys.dialects.merging import Merging, is_for_own_words, json_list, spread_of
from landscape.surveys.dialects.smartsurvey_records import is_records, read_records
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import iso_time, order_of_dates
from landscape.surveys.dialects.workbooks import is_workbook
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, DateOrder, Export, Role, in_order

NAME = "smartsurvey"
TITLE = "SmartSurvey"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = "%d/%m/%Y"
MIXES_OWN_WORDS = False
_MISSING, _APOSTROPHE = "-", "@SQ@"
_SINGLE = "answer"
_ROLES: dict[str, Role] = {"userid": "response_id", "started": "started_at", "ended": "completed_at"}
_ROLES |= {"startdate": "started_at", "enddate": "completed_at"}
_NUMBERED = re.compile(r"Q\d+(?:\.\d+)*[.:)]?\s+(?P<wording>.*)", re.DOTALL)
_OWN_WORDS = re.compile(r"other\W*((please|specify|state)\b.*)?", re.IGNORECASE | re.DOTALL)
_COMMENTS = re.compile(r"(further |additional |your )?comments?\W*", re.IGNORECASE)
_TIMES = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")


def recognises(path: Path) -> bool:
    """Whether it begins with a user's id, over two more rows of headings that say `Answer`, rows and options; or is its JSON."""
    if is_workbook(path):
        return False
    if is_json(path):
        try:
            return is_records(read_json(path)[0])
        except ReceivedFileError:
            return False
    rows = first_text_rows(path, 3)
    return (
        len(rows) == 3
        and _plain(rows[0][0] if rows[0] else "") == "userid"
        and not any("".join(row[:1]).strip() for row in rows[1:])
    )


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the export.

    Raises:
        ReceivedFileError: Its dates are not written day first, or its quoting breaks off.
    """
    if is_json(path):
        return read_records(path, asked)
    head, cells, note = read_text(path, n_headings=lambda _: 3)
    cells, width = cells.mapped(_cell), len(cells.columns)
    first, second, third = (
        [*(_cell(text).strip() for text in row.cells), *[""] * (width - len(row.cells))] for row in head
    )
    merging = Merging(cells, asked)
    facts = {at: _plain(text) for at, text in enumerate(first) if text and not (second[at] or third[at])}
    for at, name in facts.items():
        role = _ROLES.get(name, "tool")
        is_time = role in ("started_at", "completed_at")
        merging.keep(at, first[at], role, _times(cells.columns[at], asked.dates) if is_time else None)
    for group in _groups(first, facts):
        _merge(merging, _wording(first[group[0]]), {at: (second[at], third[at]) for at in group})
    sheet = merging.sheet()
    dated = [at for at, name in facts.items() if _ROLES.get(name, "").endswith("_at")]
    dated += [column.position for column in sheet.columns if column.role == "answer"]
    order_of_dates(
        cells, dated, path, order=asked.dates or "day_first", deciding=(),
        remedy="set the account’s date format to dd/mm/yyyy and export again",
    )  # fmt: skip
    return Export(NAME, (sheet,), encoding_note=note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options in a JSON array, as the columns of a choose-many question were merged."""
    merged = json_list(cell)
    return [cell.strip()] if merged is None else merged


def _cell(text: str) -> str:
    """A cell as meant: apostrophes arrive as a mark, a dash alone means that nothing is here."""
    return "" if text.strip() == _MISSING else text.replace(_APOSTROPHE, "'")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _wording(heading: str) -> str:
    numbered = _NUMBERED.fullmatch(heading)
    return numbered["wording"] if numbered else heading


def _times(column: CellColumn, order: DateOrder | None) -> CellColumn:
    formats = [in_order(text, order) for text in _TIMES]
    return column.mapped(lambda text: iso_time(text, formats))


def _groups(first: Sequence[str], facts: Mapping[int, str]) -> list[list[int]]:
    """Columns of one question: its text is over the first of them only."""
    groups: list[list[int]] = []
    for at, question in enumerate(first):
        if at in facts:
            continue
        if question or not groups:
            groups.append([])
        groups[-1].append(at)
    return groups


def _merge(merging: Merging, question: str, columns: Mapping[int, tuple[str, str]]) -> None:
    """`columns` holds the second and third heading of each column of the question."""
    named = {at: option or sub for at, (sub, option) in columns.items()}
    own_words = [
        at
        for at, name in list(named.items())[1:]
        if _OWN_WORDS.fullmatch(name) and set(merging.values(at)) - {""} != {name}
    ]
    beside = [at for at, name in list(named.items())[1:] if _COMMENTS.fullmatch(name)]
    if (
        not own_words
        and len(named) > 2
        and is_for_own_words(merging, question, {at: t for at, t in named.items() if at not in beside})
    ):
        own_words = [max(at for at in named if at not in beside)]
    merging.aside(question, beside)
    kept = {at: columns[at] for at in columns if at not in {*own_words, *beside}}
    rows = {sub for sub, _ in kept.values() if sub.casefold() not in ("", _SINGLE)}
    if len(kept) == 1 and not rows and not next(iter(kept.values()))[1]:
        (at,) = kept
        merging.keep(at, question, "answer")
        merging.beside(at, own_words)
    elif not rows or len({option for _, option in kept.values()} - {""}) == 0:
        _merge_one_way(merging, question, {at: named[at] for at in kept}, own_words)
    else:
        merging.aside(question, own_words)
        _merge_both_ways(merging, question, kept)


def _merge_one_way(merging: Merging, question: str, items: dict[int, str], own_words: Sequence[int]) -> None:
    spread = merging.spread(question, items)
    if spread == "list" or (spread == "unclear" and own_words):
        merging.as_list(question, items, own_words)
    elif spread == "unclear":
        merging.as_unclear(question, items)
    elif spread == "ranking":
        merging.aside(question, own_words)
        merging.as_ranking(question, items)
    else:
        merging.aside(question, own_words)
        merging.as_grid(question, items)


def _merge_both_ways(merging: Merging, question: str, columns: Mapping[int, tuple[str, str]]) -> None:
    """A grid with several columns: ticks make a list for each row, other answers a question for each cell."""
    row = ""
    by_row: dict[str, dict[int, str]] = {}
    for at, (sub, option) in columns.items():
        row = sub or row
        by_row.setdefault(row, {})[at] = option
    items = {at: option for cells in by_row.values() for at, option in cells.items()}
    if spread_of(items, merging.cells) in ("list", "unclear"):
        for row, cells in by_row.items():
            merging.as_list(f"{question} [{row}]", cells)
    else:
        merging.as_grid(
            question,
            {at: f"{row} - {option}" for row, cells in by_row.items() for at, option in cells.items()},
        )

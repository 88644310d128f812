"""SurveyMonkey: CSV and Excel with two rows of headings, the second for options."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from landscape.surveys.cells import CellColumn, cells_of
from landscape.surveys.dialects.merging import Merging, is_for_own_words, json_list
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import dated_rows, iso_time, order_of_dates
from landscape.surveys.dialects.workbooks import first_rows, is_workbook, modified_at, sheet_names
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Export, Role, in_order

NAME = "surveymonkey"
TITLE = "SurveyMonkey"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = "%d/%m/%Y"
MIXES_OWN_WORDS = False
_ROLES: dict[str, Role] = {
    "respondentid": "response_id",
    "startdate": "started_at",
    "enddate": "completed_at",
    "collectionmode": "preview",
}
_FACTS = _ROLES.keys() | {
    *("collectorid", "ipaddress", "emailaddress", "firstname", "lastname", "customdata", "responsestatus"),
    *("customdata1", "datecreated", "datemodified", "languagecode"),
}
_SINGLE = {"response", "open-ended response", "date / time", "date/time"}
_OWN_WORDS = re.compile(r"other\W*((please|specify|state)\b.*)?", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<br\s*/?>|</?[a-z][^<>]*>", re.IGNORECASE)
_PREFIX = "- "
_TIMES = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M")
_WRITTEN_TIME = _TIMES[0]


def recognises(path: Path) -> bool:
    """Whether it begins with the respondent's id, and a second row holds options below the questions."""
    rows = first_rows(path, 2) if is_workbook(path) else first_text_rows(path, 2)
    return (
        len(rows) == 2
        and _plain_name(rows[0][0] if rows[0] else "") == "respondentid"
        and not "".join(rows[1][:1]).strip()
    )


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the export.

    Raises:
        ReceivedFileError: Its times are not written month first, nothing says the order of day and month in its date
            answers, or its quoting breaks off.
    """
    note, exported_at, title = "", None, ""
    if is_workbook(path):
        title, exported_at = sheet_names(path)[0], modified_at(path)
        questions, options, *below = dated_rows(path, title, in_order(DATE_FORMAT, asked.dates), _WRITTEN_TIME)
        cells = cells_of(below, len(questions.cells))
    else:
        (questions, options), cells, note = read_text(path, n_headings=lambda _: 2)
    width = len(cells.columns)
    first, second = ([*map(_plain, row.cells), *[""] * (width - len(row.cells))] for row in (questions, options))
    merging = Merging(cells, asked)
    facts = [at for at in range(width) if not second[at] and _plain_name(first[at]) in _FACTS]
    times = [at for at in facts if _plain_name(first[at]) in ("startdate", "enddate")]
    order_of_dates(
        cells, times, path, order="month_first", deciding=(),
        remedy="export again from SurveyMonkey without opening it in Excel",
    )  # fmt: skip
    _keep_facts(merging, first, facts)
    for group in _groups(first, second, set(facts)):
        _merge(merging, first[group[0]], {at: second[at] for at in group})
    sheet = merging.sheet(title)
    answers = [column for column in sheet.columns if column.role == "answer"]
    order_of_dates(
        cells,
        [column.position for column in answers],
        path,
        order=asked.dates or ("day_first" if title else None),
        deciding=[column.position for column in answers if asked.kind(column.heading) == "date"],
        remedy="set the date question to DD/MM/YYYY and export again",
    )
    return Export(NAME, (sheet,), exported_at=exported_at, encoding_note=note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options in a JSON array, as the columns of a choose-many question were merged; else one answer, whatever it holds."""
    merged = json_list(cell)
    return [cell.strip()] if merged is None else merged


def _plain(heading: str) -> str:
    return html.unescape(_TAG.sub(" ", heading)).strip()


def _plain_name(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading).casefold()


def _keep_facts(merging: Merging, first: Sequence[str], facts: Sequence[int]) -> None:
    named = {_plain_name(first[at]): at for at in facts}
    for name, at in named.items():
        merging.keep(at, first[at], _ROLES.get(name, "tool"))
    if "startdate" in named:
        merging.keep(
            named["startdate"], first[named["startdate"]], "started_at", _time(merging, named["startdate"], None)
        )
    if "enddate" in named:
        at = named["enddate"]
        merging.keep(at, first[at], "completed_at", _time(merging, at, named.get("responsestatus")))
    if "collectionmode" in named:
        at = named["collectionmode"]
        modes = merging.cells.columns[at].mapped(lambda text: "preview" if "preview" in text.casefold() else "")
        merging.keep(at, first[at], "preview", modes)


def _time(merging: Merging, at: int, status: int | None) -> CellColumn:
    if status is None:
        return merging.cells.columns[at].mapped(lambda text: iso_time(text, _TIMES))

    def cell(cells: Mapping[int, str]) -> str:
        is_finished = cells[status].strip().casefold() in ("", "completed")
        return iso_time(cells[at], _TIMES) if is_finished else ""

    return merging.cells.made((at, status), cell)


def _groups(first: Sequence[str], second: Sequence[str], facts: set[int]) -> list[list[int]]:
    """Columns of one question: its text is over the first of them only."""
    groups: list[list[int]] = []
    for at, question in enumerate(first):
        if at in facts or not (question or second[at]):
            continue
        if question or not groups or groups[-1][-1] != at - 1:
            groups.append([])
        groups[-1].append(at)
    return groups


def _merge(merging: Merging, question: str, columns: dict[int, str]) -> None:
    first, *others = columns
    own_words = [
        at for at in others if _OWN_WORDS.fullmatch(columns[at]) and set(merging.values(at)) - {""} != {columns[at]}
    ]
    if not own_words and is_for_own_words(merging, question, columns):
        own_words = others[-1:]
    items = _without_prefix({at: text for at, text in columns.items() if at not in own_words})
    if not columns[first] or columns[first].casefold() in _SINGLE:
        _keep_single(merging, question, items, own_words)
        return
    merging.cells = merging.cells.with_columns({at: _without_prefixes(merging, at, text) for at, text in items.items()})
    spread = merging.spread(question, items)
    items = {at: _plain(text) for at, text in items.items()}
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


def _keep_single(merging: Merging, question: str, items: dict[int, str], own_words: Sequence[int]) -> None:
    """One answer, and what was written beside “Other”."""
    at, *unworded = items
    merging.keep(at, question, "answer")
    merging.beside(at, own_words)
    for other in unworded:  # a column of a question without any text, which the contract names
        merging.keep(other, f"{question} [{items[other]}]", "empty" if not any(merging.values(other)) else "answer")


def _without_prefix(items: dict[int, str]) -> dict[int, str]:
    """Options without the dash that some exports set before each of them."""
    if not all(text.startswith(_PREFIX) for text in items.values()):
        return items
    return {at: text.removeprefix(_PREFIX) for at, text in items.items()}


def _without_prefixes(merging: Merging, at: int, item: str) -> CellColumn:
    return merging.cells.columns[at].mapped(lambda text: item if text.removeprefix(_PREFIX) == item else text)

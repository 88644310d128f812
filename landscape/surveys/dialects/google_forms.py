"""Google Forms: its sheet of responses, and the CSV downloaded from the form itself."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells, cells_of, column_of, made_of
from landscape.surveys.dialects.merging import json_list, without_errors
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import dated_rows, iso_time, order_of_dates
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import (
    ISO_FORMAT,
    NOTHING_ASKED,
    Asked,
    Column,
    Export,
    Role,
    Sheet,
    in_order,
    split_against,
)

NAME = "google_forms"
TITLE = "Google Forms"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = "%d/%m/%Y"
MIXES_OWN_WORDS = True
_SHEET_SEPARATOR, _FORM_SEPARATOR = ", ", ";"
_SHEET_TIME = "%d/%m/%Y %H:%M:%S"
_SHEET_TIMES = (
    _SHEET_TIME, "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d/%m/%Y %H.%M.%S", "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
)  # fmt: skip
_TIMESTAMP = "Timestamp"
_TIMESTAMPS = {
    "timestamp", "zeitstempel", "horodateur", "marca temporal", "marca de temps", "informazioni cronologiche",
    "carimbo de data/hora", "tijdstempel", "sygnatura czasowa", "tidstämpel", "tidsstempel", "tidsmerke", "aikaleima",
    "časová značka", "časová pečiatka", "időbélyeg", "marcaj de timp", "marcă temporală", "отметка времени",
    "позначка часу", "zaman damgası", "χρονική σήμανση", "stempel waktu", "タイムスタンプ", "时间戳记", "時間戳記", "타임스탬프",
}  # fmt: skip
"""The first heading in the languages that an account can be in."""
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}T")
_LOOKS_LIKE_A_TIME = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}[ T].*", re.DOTALL)
_FORM_TIME = re.compile(r"(\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}:\d{2} [AP]M) (\S.*)")
_OFFSET = re.compile(r"(?:GMT|UTC)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_NAMED_ZONES = {"GMT": 0, "UTC": 0, "Z": 0, "BST": 60}  # minutes; other letters mean several zones
_ROWS_TO_TELL_BY = 20
_EMAIL_HEADINGS = {"sheet": "Email Address", "form": "Username"}
_COLLECTED = {heading.casefold() for heading in _EMAIL_HEADINGS.values()}
_TOOL_HEADINGS = {"score", "total score"} | _COLLECTED
_SAMPLE, _NOBODY = "SAMPLE-", "@example.invalid"


def recognises(path: Path) -> bool:
    """Whether the first column is headed `Timestamp`, in any language, and holds such times as Google writes."""
    if is_workbook(path):
        return _sheet_of_responses(path) is not None
    return _is_of_google(first_text_rows(path, _ROWS_TO_TELL_BY))


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the export; as Google writes no response number, its time is in its place (and a count, where shared).

    Made-up rows are marked in the address that Google collects, if it is asked to; their number then bears the mark.

    Raises:
        ReceivedFileError: Nothing says the order of day and month in its dates, or its time zone could be several.
    """
    note, exported_at, title = "", None, ""
    if is_workbook(path):
        title, exported_at = _sheet_of_responses(path) or "", modified_at(path)
        formats = (in_order(text, asked.dates or "day_first") for text in (DATE_FORMAT, _SHEET_TIME))
        (heading, *below) = dated_rows(path, title, *formats)
        headings, cells = heading.cells, cells_of(below, len(heading.cells))
        is_dated = any(_DATED.match(row.cells[0]) for row in read_rows(path, title)[1:])
    else:
        table = read_text(path)
        headings, cells, note = table.headings, table.cells, table.note
        is_dated = False
    dates = [at for at, text in enumerate(headings) if at and asked.kind(text) == "date"]
    order = order_of_dates(
        cells,
        range(len(headings)),
        path,
        order=asked.dates or ("day_first" if is_dated else None),
        deciding=[0, *dates],
        remedy="in the sheet choose File › Settings › Locale: United Kingdom, and download it again",
    )
    times = [in_order(text, order) for text in _SHEET_TIMES]
    in_utc = _in_utc(cells, path)
    moments = cells.columns[0].mapped(lambda text: in_utc.get(text.strip(), "") if in_utc else iso_time(text, times))
    emails = [cells.columns[at] for at, text in enumerate(headings) if text.strip().casefold() in _COLLECTED]
    made_up = made_of([moments, *emails], lambda row: _SAMPLE if any(map(_is_made_up, row[1:])) else "")
    numbers = made_of([made_up, column_of(_numbered(moments))], lambda row: f"{row[0]}{row[1]}" if row[1] else "")
    columns = [Column(i, text.strip(), _role(i, text.strip())) for i, text in enumerate(headings)]
    columns.append(Column(len(columns), "response number", "response_id"))
    cells = cells.with_columns({0: moments, len(headings): numbers})
    sheet = without_errors(Sheet(None, title, tuple(columns), cells))
    return Export(NAME, (sheet,), exported_at, note, time_zone="UTC" if in_utc else None)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by `, ` in a sheet and by `;` in a form's own CSV: the way that leaves less unexplained is taken."""
    merged = json_list(cell)
    if merged is not None:
        return merged
    ways = [split_against(cell, labels, separator) for separator in (_SHEET_SEPARATOR, _FORM_SEPARATOR)]
    return min(ways, key=lambda parts: sum(len(part) for part in parts if part not in labels))


def _sheet_of_responses(path: Path) -> str | None:
    """The sheet that a form fills: often not the first, as people add sheets of their own."""
    for title in sheet_names(path):
        if _is_of_google([row.cells for row in read_rows(path, title)[:_ROWS_TO_TELL_BY]]):
            return title
    return None


def _is_of_google(rows: Sequence[Sequence[str]]) -> bool:
    """`timestamp` alone does not make a file of Google's: other programs head numbers, or other spellings of times, so."""
    if not rows or len(rows[0]) < 2 or rows[0][0].strip().casefold() not in _TIMESTAMPS:
        return False
    times = [row[0].strip() for row in rows[1:] if row and row[0].strip()]
    return all(_LOOKS_LIKE_A_TIME.fullmatch(text) for text in times) and (
        bool(times) or rows[0][0].strip() == _TIMESTAMP
    )


def _role(position: int, heading: str) -> Role:
    if position == 0:
        return "completed_at"
    if not heading:
        return "empty"
    return "tool" if heading.casefold() in _TOOL_HEADINGS else "answer"


def _numbered(moments: CellColumn) -> Iterator[str]:
    """The time of each row, with a count behind it where it is another row's, too."""
    n_so_far: Counter[str] = Counter()
    for moment in moments.in_rows():
        n_so_far[moment] += 1
        yield f"{moment}#{n_so_far[moment]}" if moment and n_so_far[moment] > 1 else moment


def _is_made_up(address: str) -> bool:
    """Whether an address is a made-up row's: `.invalid` is reserved for what must not exist (RFC 2606)."""
    return address.strip().startswith(_SAMPLE) and address.strip().endswith(_NOBODY)


def _in_utc(cells: Cells, path: Path) -> dict[str, str]:
    """Each time in UTC, where the times name a zone; empty where they do not."""
    found: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for written in cells.values(0):
        time = _FORM_TIME.fullmatch(written)
        if time is None:
            if written:
                return {}
            found[written] = ""
            continue
        offset = _offset(time[2])
        if offset is None:
            unknown[written] = time[2]
        else:
            local = dt.datetime.strptime(time[1], "%Y/%m/%d %I:%M:%S %p")  # noqa: DTZ007 - the zone is beside it
            found[written] = (local - offset).isoformat()
    if unknown:
        lines: dict[str, list[int]] = {}
        for line, written in cells.held(0, lambda text: text.strip() in unknown):
            lines.setdefault(unknown[written.strip()], []).append(line)
        raise ReceivedFileError(
            "its times end in letters that mean several time zones",
            file=path,
            culprits=[
                f"{letters}: {', '.join(f'line {line}' for line in found)}" for letters, found in sorted(lines.items())
            ],
            remedy="download the responses from the form’s sheet instead, with the sheet’s zone declared in survey.yml",
        )
    return found if any(found.values()) else {}


def _offset(written: str) -> dt.timedelta | None:
    if written in _NAMED_ZONES:
        return dt.timedelta(minutes=_NAMED_ZONES[written])
    offset = _OFFSET.fullmatch(written)
    if offset is None:
        return None
    size = dt.timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return -size if offset["sign"] == "-" else size

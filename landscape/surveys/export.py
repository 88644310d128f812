"""What a dialect hands over: the cells of an export file with each column's part named. Not here: any tool's habits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Role = Literal[
    "answer",
    "response_id",
    "started_at",
    "completed_at",
    "preview",
    "rejected",
    "record_id",
    "parent_id",
    "tool",
    "empty",
]


ISO_FORMAT = "iso"
"""A dialect whose cells hold true dates, which arrive as ISO 8601."""


@dataclass(frozen=True)
class Column:
    """One column of an export.

    Args:
        position: Place in the row, from 0.
        heading: For an answer, the wording to hold against the questionnaire, without numbering the tool added.
        role: `answer`; or which fact about the response the tool writes here; `tool` for facts we do not use; `empty`
            for one in which nothing stands: it may be asked for, and is nothing new where it is not.
        options: Where the tool heads a column with each option: all of them in their order, chosen by anyone or not.
        also: Other headings under which it may be asked for, where the file does not tell which one is right.
    """

    position: int
    heading: str
    role: Role
    options: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One row of an export: its line in the file (or row in the sheet), and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet; a plain export has one, a workbook with repeated parts one for each.

    Args:
        repeat: The repeated part it holds; None for the responses.
        title: The sheet's name in the file, for messages; empty for a plain text file.
        columns: All columns, in file order.
        rows: All rows below the headings, including ones that are empty.
    """

    repeat: str | None
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def position(self, role: Role) -> int | None:
        """Where the column of a role stands, if the export has it."""
        return next((column.position for column in self.columns if column.role == role), None)


def column_name(sheet: Sheet, position: int) -> str:
    """A column of a workbook's sheet as people find it; a row's number goes behind it.

    >>> column_name(Sheet(None, "activities", (), ()), 3), column_name(Sheet(None, "activities", (), ()), 27)
    ('activities!D', 'activities!AB')
    """
    letters = ""
    number = position + 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{sheet.title}!{letters}"


@dataclass(frozen=True)
class Export:
    """A read export file.

    Args:
        tool: The dialect's name.
        sheets: Its sheets, the responses first.
        exported_at: When the tool wrote it, where the file says so (UTC).
        encoding_note: What had to be guessed about the encoding; empty if nothing.
        time_zone: The zone of its times where the file itself says so; None where survey.yml must.
        omits_empty_parts: The tool leaves a repeated part out where nobody filled it in.
        omits_unanswered: It leaves a question out, too, where nobody answered it.
        mend: How its answers are put right.
    """

    tool: str
    sheets: tuple[Sheet, ...]
    exported_at: dt.datetime | None = None
    encoding_note: str = ""
    time_zone: str | None = None
    omits_empty_parts: bool = False
    omits_unanswered: bool = False
    mend: str = "put it right in the survey tool and export again"


class Dialect(Protocol):
    """How a survey tool's exports are read; each module in `dialects` is one."""

    NAME: str
    TITLE: str
    TIME_FORMAT: str  # of started_at and completed_at, as DuckDB's strptime reads it, or ISO_FORMAT
    DATE_FORMAT: str  # of date answers

    def recognises(self, path: Path) -> bool:
        """Whether the file's shape is this tool's; never judged by its name."""

    def read(self, path: Path) -> Export:
        """Reads the file; raises ReceivedFileError where it cannot."""

    def split(self, cell: str, labels: Sequence[str]) -> list[str]:
        """The options ticked in a multi-select cell, split against the option list; what fits none stays as text."""


def split_against(cell: str, labels: Sequence[str], separator: str) -> list[str]:
    """Splits a joined cell, taking the longest option that fits at each place, so that separators inside options survive.

    Args:
        cell: Options joined by `separator`; a trailing separator means nothing.
        labels: The option list.
        separator: What the tool puts between options.

    Returns:
        The parts in the order written. A part that is no option runs to the next separator that an option or the
        end follows, so that an answer in the respondent's own words stays in one piece.

    >>> split_against("Radio, print;Web;", ["Web", "Radio, print"], ";")
    ['Radio, print', 'Web']
    >>> split_against("A,B, C,own words, and more", ["A", "B, C"], ",")
    ['A', 'B, C', 'own words, and more']
    """
    ordered = sorted((label for label in labels if label), key=len, reverse=True)
    parts: list[str] = []
    rest = cell
    while rest:
        option = _leading_option(rest, ordered, separator)
        if option is None:
            option = _own_words(rest, ordered, separator)
        parts.append(option)
        rest = rest[len(option) + len(separator) :]
    return [part.strip() for part in parts if part.strip()]


def _leading_option(text: str, ordered: Sequence[str], separator: str) -> str | None:
    return next((o for o in ordered if text == o or text.startswith(o + separator)), None)


def _own_words(text: str, ordered: Sequence[str], separator: str) -> str:
    cut = text.find(separator)
    while cut != -1:
        rest = text[cut + len(separator) :]
        if not rest or _leading_option(rest, ordered, separator) is not None:
            return text[:cut]
        cut = text.find(separator, cut + 1)
    return text

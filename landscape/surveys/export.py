"""What a dialect is given and hands over: the cells of an export file, with the part of each column named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, Protocol

from landscape.surveys.cells import Cells, Row
from landscape.text import normal_wording, plain_quotes

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


DateOrder = Literal["day_first", "month_first"]
"""What comes first in dates such as 3/4/2026."""

OWN_WORDS_MARK = "\x02"
"""Ends what was ticked in a cell; what follows is what the respondent wrote beside “Other”. No export holds this character."""
UNREADABLE_MARK = "\x15"
"""Begins a cell that holds an error of its spreadsheet and no answer; the error follows."""

ISO_FORMAT = "iso"
"""A dialect whose cells hold true dates, which arrive as ISO 8601."""


@dataclass(frozen=True)
class Asked:
    """What a survey's folder says that its export does not; nothing where no survey is declared yet.

    Args:
        kinds: The kind of each question (`rank` for a place of a ranking), by all wordings it may be found under.
        dates: The declared order of day and month.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder | None = None

    def kind(self, *wordings: str) -> str:
        """The kind of the question under the first of these wordings that is asked for; empty where none is."""
        return next((kind for text in wordings if (kind := self.kinds.get(normal_wording(text)))), "")


NOTHING_ASKED = Asked()


@dataclass(frozen=True)
class Note:
    """Something in the file that could not be read, or not for sure; it becomes an issue.

    Args:
        reason: What it is.
        heading: The question or column it concerns; empty for the whole file.
        line: Its line, or row in the sheet; None where it concerns several.
        is_answer: An answer is set aside by it; else it is only noted.
    """

    reason: str
    heading: str = ""
    line: int | None = None
    is_answer: bool = False


@dataclass(frozen=True)
class Column:
    """One column of an export.

    Args:
        position: Place in the row, from 0.
        heading: For an answer, the wording to hold against the questionnaire, without numbering the tool added.
        role: `answer`; or which fact about the response the tool writes here; `tool` for facts we do not use; `empty`
            for one in which there is nothing: it may be asked for, and is nothing new where it is not.
        options: Where the tool heads a column with each option: all of them in their order, chosen by anyone or not.
        also: Other headings under which it may be asked for, where the file does not tell which one is right.
    """

    position: int
    heading: str
    role: Role
    options: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet; a plain export has one, a workbook with repeated parts one for each.

    Args:
        repeat: The repeated part it holds; None for the responses.
        title: The sheet's name in the file, for messages; empty for a plain text file.
        columns: All columns, in file order.
        cells: All rows below the headings, including ones that are empty.
        notes: What could not be read, or not for sure.
    """

    repeat: str | None
    title: str
    columns: tuple[Column, ...]
    cells: Cells
    notes: tuple[Note, ...] = ()

    def position(self, role: Role) -> int | None:
        """Where the column of a role is, if the export has it."""
        return next((column.position for column in self.columns if column.role == role), None)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows one by one, for those who look at few of them."""
        return tuple(self.cells.rows())


def column_name(sheet: Sheet, position: int) -> str:
    """A column of a workbook's sheet as people find it; a row's number goes behind it.

    >>> from landscape.surveys.cells import cells_of
    >>> sheet = Sheet(None, "activities", (), cells_of((), 0))
    >>> column_name(sheet, 3), column_name(sheet, 27)
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
    MIXES_OWN_WORDS: bool  # own words take the place of an option, without a mark

    def recognises(self, path: Path) -> bool:
        """Whether the file's shape is this tool's; never judged by its name."""

    def read(self, path: Path, asked: Asked = NOTHING_ASKED) -> Export:
        """Reads the file; raises ReceivedFileError where it cannot."""

    def split(self, cell: str, labels: Sequence[str]) -> list[str]:
        """The options ticked in a multi-select cell, split against the option list; what fits none stays as text."""


def in_order(written: str, order: DateOrder | None) -> str:
    """A day-first format of dates, with the month first where that is declared.

    >>> in_order("%d/%m/%Y", "month_first")
    '%m/%d/%Y'
    """
    return written.replace("%d/%m/", "%m/%d/") if order == "month_first" else written


def with_own_words(cell: str, words: Sequence[str]) -> str:
    r"""A cell with what was written beside “Other”; the cell itself where nothing was.

    >>> with_own_words("Web", ["", "Pigeon "])
    'Web\x02Pigeon'
    """
    written = "; ".join(text.strip() for text in words if text.strip())
    return f"{cell}{OWN_WORDS_MARK}{written}" if written else cell


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
    option = _option_pattern(tuple(labels), separator)
    plain = plain_quotes(cell)
    parts: list[str] = []
    at = 0
    while at < len(cell):
        found = option.match(plain, at)
        end = found.end() if found else _end_of_own_words(plain, at, option, separator)
        parts.append(cell[at:end])
        at = end + len(separator)
    return [part.strip() for part in parts if part.strip()]


@lru_cache(maxsize=256)
def _option_pattern(labels: tuple[str, ...], separator: str) -> re.Pattern[str]:
    """Finds the longest option that the separator or the end follows."""
    ordered = sorted((label for label in labels if label), key=len, reverse=True)
    options = "|".join(re.escape(plain_quotes(label)) for label in ordered) or "(?!)"
    return re.compile(rf"(?:{options})(?={re.escape(separator)}|\Z)")


def _end_of_own_words(cell: str, begin: int, option: re.Pattern[str], separator: str) -> int:
    cut = cell.find(separator, begin)
    while cut != -1:
        after = cut + len(separator)
        if after == len(cell) or option.match(cell, after):
            return cut
        cut = cell.find(separator, cut + 1)
    return len(cell)

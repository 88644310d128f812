"""Reading delimited text files, whatever their bytes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells, Row, cells_of
from landscape.surveys.dialects.largefiles import read_at_once
from landscape.surveys.export import OWN_WORDS_MARK, UNREADABLE_MARK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGE = 2_000_000  # bytes; below that, reading row by row takes no longer than starting DuckDB

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD_BYTES = 2**16
_MOST_OF = 0.7
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_TWICE_ENCODED = re.compile("Ã[\x80-¿]|â€[\x80-\u2122]")
NOT_UTF_8 = "not UTF-8: read as Windows-1252; check accented letters"
UTF_16_UNMARKED = "UTF-16 without a byte order mark: check accented letters"
TWICE_ENCODED = "letters such as Ã© were garbled before the export was written; check accented letters"


def decode(path: Path) -> tuple[str, str]:
    """The text of a file: by its byte order mark, else UTF-8, else Windows-1252.

    Args:
        path: The file.

    Returns:
        Its text without byte order mark, and what had to be guessed or mended (empty if nothing).
    """
    text, note = _decoded(path.read_bytes())
    if not note and _TWICE_ENCODED.search(text):
        note = TWICE_ENCODED
    if "\x00" in text:
        lines = _lines_with(text, "\x00")
        text = text.replace("\x00", "")
        note = "; ".join(
            filter(None, (note, f"NUL characters are left out, at line {lines}: was the file damaged on its way?"))
        )
    return text.replace(OWN_WORDS_MARK, " ").replace(UNREADABLE_MARK, " "), note


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(_UTF_16):
        text = data.decode("utf-16", errors="replace")
        return text, _damaged(text, "UTF-16")
    unmarked = _utf_16_without_mark(data)
    if unmarked:
        return data.decode(unmarked, errors="replace"), UTF_16_UNMARKED
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        if not data.startswith(codecs.BOM_UTF8):
            return data.decode("cp1252", errors="replace"), NOT_UTF_8
    text = data.decode("utf-8-sig", errors="replace")
    return text, _damaged(text, "UTF-8")


def _damaged(text: str, encoding: str) -> str:
    """What is said of a file that says itself what it is written in, and has bytes that are not."""
    if "\ufffd" not in text:
        return ""
    lines = _lines_with(text, "\ufffd")
    return f"it says that it is {encoding}, and has bytes that are not, shown as \ufffd: see line {lines}"


def _utf_16_without_mark(data: bytes) -> str:
    """The encoding of a text that has NUL as every other byte, which ordinary letters have in UTF-16 alone."""
    head = data[:_HEAD_BYTES]
    half = len(head) // 2
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        n_nuls, n_others = head[first::2].count(0), head[1 - first :: 2].count(0)
        if half and n_nuls > _MOST_OF * half and not n_others:
            return encoding
    return ""


def _lines_with(text: str, character: str) -> str:
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if character in line]
    return ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")


class TextTable(NamedTuple):
    """A delimited text file: its rows of headings, the cells below, and what had to be guessed about the encoding."""

    head: tuple[Row, ...]
    cells: Cells
    note: str

    @property
    def headings(self) -> tuple[str, ...]:
        """The first row of headings."""
        return self.head[0].cells if self.head else ()


def read_text(
    path: Path, delimiters: str = ",;\t", n_headings: Callable[[Sequence[tuple[str, ...]]], int] = lambda _: 1
) -> TextTable:
    """Reads a delimited text file whole.

    DuckDB reads a large one, as long as every byte of it can be found in the cells again. Where it cannot, since there are
    blank lines, rows of another length, blanks beside quotation marks or another encoding, rows are read one by one.

    Args:
        path: The file; rows may end in CR, LF or both, and quoted cells may run over several lines.
        delimiters: What may be between cells. The one that ends the first heading is taken.
        n_headings: How many rows of headings there are, given the first three rows.

    Raises:
        ReceivedFileError: The quoting breaks off.
    """
    n_head = n_headings(first_text_rows(path, 3, delimiters))
    return _read_at_once(path, delimiters, n_head) or _read_rows(path, delimiters, n_head)


def _read_at_once(path: Path, delimiters: str, n_head: int) -> TextTable | None:
    """A large file, read by DuckDB; None where it is small, or could not be read without a change to any cell."""
    if path.stat().st_size < LARGE:
        return None
    with path.open("rb") as stream:
        text = _decoded_head(stream.read(_HEAD_BYTES))
    rows = _Rows(text, delimiters)
    try:
        head = tuple(islice(rows, n_head))
    except csv.Error:
        return None
    widths = {len(row.cells) for row in head}
    columns = read_at_once(path, _delimiter(text, delimiters), widths.pop(), n_head) if len(widths) == 1 else None
    if columns is None:
        return None
    return TextTable(head, Cells(_lines_of(columns, rows.next_line), columns), "")


def _lines_of(columns: Sequence[CellColumn], first_line: int) -> NDArray[np.int64]:
    """The line of each row, given the first one: a row has a line of its own, and one more for each break in its cells."""
    import numpy as np

    n_lines = np.ones(len(columns[0].codes), dtype=np.int64)
    for column in columns:
        if column.has("\r", "\n"):
            breaks = [len(_LINE_BREAK.findall(text)) for text in column.texts]
            n_lines += np.array(breaks, dtype=np.int64)[column.codes]
    return first_line + np.cumsum(n_lines) - n_lines


def _read_rows(path: Path, delimiters: str, n_head: int) -> TextTable:
    text, note = decode(path)
    rows = _whole(path, text, delimiters)
    head = tuple(islice(rows, n_head))
    return TextTable(head, cells_of(rows, max((len(row.cells) for row in head), default=0)), note)


def read_text_rows(path: Path, delimiters: str = ",;\t") -> tuple[list[Row], str]:
    """All rows of a delimited text file, headings included; and what had to be guessed about the encoding.

    Raises:
        ReceivedFileError: The quoting breaks off.
    """
    text, note = decode(path)
    return list(_whole(path, text, delimiters)), note


def _whole(path: Path, text: str, delimiters: str) -> Iterator[Row]:
    rows = _Rows(text, delimiters)
    try:
        yield from rows
    except csv.Error as error:
        raise ReceivedFileError(
            f"the quoting breaks off after line {rows.last_line}",
            file=path,
            remedy="export it again; do not edit it by hand",
        ) from error


def first_text_rows(path: Path, n_rows: int, delimiters: str = ",;\t") -> list[tuple[str, ...]]:
    """The first rows, to tell a tool by; fewer where the file has fewer or is no such text.

    Only the beginning of the file is read, however long it is, unless these rows go on beyond it.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    found = _leading_rows(_decoded_head(head), n_rows + 1, delimiters)
    if len(found) <= n_rows and len(head) == _HEAD_BYTES:
        found = _leading_rows(decode(path)[0], n_rows, delimiters)
    return found[:n_rows]


def _leading_rows(text: str, n_rows: int, delimiters: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    with suppress(csv.Error):  # reading it whole says what is wrong
        found.extend(row.cells for row in islice(_Rows(text, delimiters), n_rows))
    return found


def _decoded_head(head: bytes) -> str:
    """As `decode`, of a piece that may end within a letter."""
    encoding = "utf-16" if head.startswith(_UTF_16) else _utf_16_without_mark(head) or "utf-8-sig"
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return _decoded(head)[0]


class _Rows(Iterator[Row]):
    """The rows of a text, each with the line it begins on."""

    def __init__(self, text: str, delimiters: str) -> None:
        csv.field_size_limit(2**31 - 1)  # an answer may be long; the limit of 128 KiB would refuse it
        self._reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text, delimiters))
        self.last_line, self.next_line = 0, 1

    def __next__(self) -> Row:
        row = Row(self.next_line, tuple(next(self._reader)))
        self.last_line, self.next_line = row.line, self._reader.line_num + 1
        return row


def _delimiter(text: str, delimiters: str) -> str:
    """What ends the first heading: every tool begins with a plain name, so nothing later can mislead."""
    quoted = _QUOTED.match(text)
    rest = text[quoted.end() : quoted.end() + 1] if quoted else text.split("\n", 1)[0].split("\r", 1)[0]
    return next((character for character in rest if character in delimiters), delimiters[0])

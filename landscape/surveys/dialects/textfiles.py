"""Reading delimited text files, whatever their bytes. Not here: what any tool puts into them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.export import Row

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD_BYTES = 2**16
_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_TWICE_ENCODED = re.compile("Ã[\x80-¿]|â€[\x80-\u2122]")
NOT_UTF_8 = "not UTF-8: read as Windows-1252; check accented letters"
TWICE_ENCODED = "letters such as Ã© were garbled before the export was written; check accented letters"


def decode(path: Path) -> tuple[str, str]:
    """The text of a file: by its byte order mark, else UTF-8, else Windows-1252.

    Args:
        path: The file.

    Returns:
        Its text without byte order mark, and what had to be guessed (empty if nothing).
    """
    data = path.read_bytes()
    try:
        text, note = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig"), ""
    except UnicodeDecodeError:
        text, note = data.decode("cp1252", errors="replace"), NOT_UTF_8
    if not note and _TWICE_ENCODED.search(text):
        note = TWICE_ENCODED
    return text, note


def read_text_rows(path: Path, delimiters: str = ",;\t") -> tuple[list[Row], str]:
    """All rows of a delimited text file, headings included.

    Args:
        path: The file; rows may end in CR, LF or both, and quoted cells may run over several lines.
        delimiters: What may stand between cells. The one that ends the first heading is taken.

    Returns:
        The rows, each with the line it begins on, and what had to be guessed about the encoding.

    Raises:
        ReceivedFileError: The quoting breaks off.
    """
    text, note = decode(path)
    rows: list[Row] = []
    try:
        rows.extend(_rows(text, delimiters))
    except csv.Error as error:
        raise ReceivedFileError(
            f"the quoting breaks off after line {rows[-1].line if rows else 0}",
            file=path,
            remedy="export it again; do not edit it by hand",
        ) from error
    return rows, note


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
        found.extend(row.cells for row in islice(_rows(text, delimiters), n_rows))
    return found


def _decoded_head(head: bytes) -> str:
    """As `decode`, of a piece that may end within a letter."""
    encoding = "utf-16" if head.startswith(_UTF_16) else "utf-8-sig"
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")


def _rows(text: str, delimiters: str) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)  # an answer may be long; the limit of 128 KiB would refuse it
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=_delimiter(text, delimiters))
    line = 1
    for cells in reader:
        yield Row(line, tuple(cells))
        line = reader.line_num + 1


def _delimiter(text: str, delimiters: str) -> str:
    """What ends the first heading: every tool begins with a plain name, so nothing later can mislead."""
    quoted = _QUOTED.match(text)
    rest = text[quoted.end() : quoted.end() + 1] if quoted else text.split("\n", 1)[0].split("\r", 1)[0]
    return next((character for character in rest if character in delimiters), delimiters[0])

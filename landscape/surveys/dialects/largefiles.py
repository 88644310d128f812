"""Large delimited text files, loaded by DuckDB."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.surveys.cells import CellColumn, column_of
from landscape.surveys.export import OWN_WORDS_MARK, UNREADABLE_MARK

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PIECE = 2**23
_ODD = tuple(text.encode() for text in ("\x00", OWN_WORDS_MARK, UNREADABLE_MARK, "\u00c3", "\u00e2\u20ac"))
"""What is not left as it is, or is looked at closely: marks, and what garbled letters begin with."""
_LONGEST = max(map(len, _ODD))
_MANY = 8
"""A column has few texts where each of them is there as often as this, taken together."""


def read_at_once(path: Path, delimiter: str, width: int, n_head: int) -> tuple[CellColumn, ...] | None:
    """The columns below the headings; None where DuckDB does not read the file, or not every byte of it.

    DuckDB passes over blank lines, blanks beside quotation marks and a delimiter at the end of a line without a word. So the
    bytes of all cells, with what must be between and around them, are held against the length of the file.

    Personal answers are among the cells, so the connection is to memory alone and never writes to a disk.

    Args:
        path: The file.
        delimiter: What is between cells.
        width: How many columns there are; one alone leaves nothing to hold rows against.
        n_head: How many rows of headings are above.
    """
    import duckdb

    scanned = _scanned(path)
    if width < 2 or scanned is None:
        return None
    n_bytes, n_quotes, n_ends = scanned
    names = [f"c{at}" for at in range(width)]
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        try:
            con.execute(
                f"CREATE TABLE cells AS SELECT * FROM read_csv($path, columns = {dict.fromkeys(names, 'VARCHAR')}, "
                "header = false, skip = 0, delim = $delimiter, quote = '\"', escape = '\"', comment = '', nullstr = '', "
                "all_varchar = true, auto_detect = false, strict_mode = true)",
                {"path": str(path), "delimiter": delimiter},
            )
        except duckdb.Error:
            return None
        lengths = " + ".join(f"coalesce(strlen({name}), 0)" for name in names)
        quotes = " + ".join(f"coalesce(strlen({name}) - strlen(replace({name}, '\"', '')), 0)" for name in names)
        found = con.execute(f"SELECT count(*), sum({lengths}), sum({quotes}) FROM cells").fetchone() or (0, 0, 0)
        n_rows, n_in_cells, n_quotes_in_cells = (int(n or 0) for n in found)
        if n_bytes != n_in_cells + n_rows * (width - 1 + n_ends) + n_quotes - n_quotes_in_cells:
            return None
        return tuple(_column(con, name, n_head, n_rows) for name in names)


def _column(con: DuckDBPyConnection, name: str, n_head: int, n_rows: int) -> CellColumn:
    import numpy as np

    below = f"FROM cells WHERE rowid >= {n_head}"
    n_texts = (con.execute(f"SELECT approx_count_distinct({name}) FROM cells").fetchone() or (0,))[0]
    if n_texts * _MANY > n_rows:
        texts = con.execute(f"SELECT coalesce({name}, '') AS text {below}").fetchnumpy()["text"]
        return column_of(map(str, texts.tolist()))
    con.execute(f"CREATE OR REPLACE TYPE known AS ENUM (SELECT DISTINCT coalesce({name}, '') {below})")
    known = [text for (text,) in con.execute("SELECT unnest(enum_range(NULL::known))").fetchall()]
    codes = con.execute(f"SELECT enum_code(coalesce({name}, '')::known)::INTEGER AS code {below}").fetchnumpy()["code"]
    return CellColumn(np.asarray(codes, dtype=np.int32), tuple(known)).in_order()


def _scanned(path: Path) -> tuple[int, int, int] | None:
    """Bytes without the byte order mark, quotation marks, and bytes that end a row; None where not all is plain UTF-8."""
    n_bytes = n_quotes = 0
    last = b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in _pieces(path):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return None
        if any(odd in last + piece[:_LONGEST] or odd in piece for odd in _ODD):
            return None
        n_bytes, n_quotes, last = (
            n_bytes + len(piece),
            n_quotes + piece.count(b'"'),
            (last + piece[-_LONGEST:])[-_LONGEST:],
        )
    if decoder.getstate()[0] or not last.endswith((b"\r", b"\n")):
        return None
    return n_bytes, n_quotes, 2 if last.endswith(b"\r\n") else 1


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.seek(0)
        while piece := stream.read(_PIECE):
            yield piece

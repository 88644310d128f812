"""The texts in files of every kind that is published: cells, labels, words, hidden parts; without fonts and pictures."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.pii_scan.normal import CELL

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MARKED_UP = frozenset({".html", ".htm", ".svg", ".xml", ".rels", ".vml"})
_TABLES = frozenset({".parquet", ".duckdb"})
_SHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_UNREADABLE = frozenset({".woff2", ".woff", ".ttf", ".otf", ".jpg", ".jpeg", ".gif", ".ico"})
_DATA_ADDRESS = re.compile(r"data:(?:image|font)/[\w+.-]+;base64,[A-Za-z0-9+/=]*")
_OUTLINE = re.compile(r"""\s(?:d|points|transform|viewBox|clip-path)=(?:"[^"<]*"|'[^'<]*')""")
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(
    r"</?(?:(?:a|b|i|q|u|abbr|cite|code|em|font|mark|small|span|strong|sub|sup|tspan|wbr|r|t|rPr)(?=[\s/>])"
    r"|[wa]:(?!(?:p|tc|tr|tbl|tab|br|cr)[\s/>]))[^>]*>"
)
_KEY = re.compile(r'"[^"\\]*"\s*:')
_ZEROS = 0.1  # the share of zero bytes from which a text is UTF-16
_LARGE = 10**9  # numbers as large as a telephone's
_TEXT_TYPES = ("VARCHAR", "ENUM", "JSON", "STRUCT", "MAP", "UNION")
_NUMBER_TYPES = ("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE")
_PNG_TEXTS = (b"tEXt", b"iTXt", b"zTXt")


@dataclass(frozen=True)
class Part:
    """Texts that lie beside each other in a file.

    Args:
        name: Which table, sheet or file within a file; empty for the file itself.
        unit: What each text is: a line, a row, a page; empty where a place says nothing.
        texts: The texts in their order.
        form: How they are written: `text`, `markup` or `json`.
    """

    name: str
    unit: str
    texts: Sequence[str]
    form: str = "text"


def parts_of(path: Path) -> Iterator[Part]:
    """The texts that a reader, or a search, finds in a file."""
    if path.suffix.lower() in _TABLES:
        yield from _tables_in(path)
    else:
        yield from _parts(path.suffix.lower(), path.read_bytes())


def views_of(text: str, form: str) -> tuple[str, str]:
    """A text as it is read, and once more as names may be split in it: by mark-up, or by the keys of a record."""
    if form == "json":
        return text, _KEY.sub(CELL, text)
    if form != "markup":
        return text, ""
    bare = _OUTLINE.sub(" ", _DATA_ADDRESS.sub("", text))
    attributes = CELL.join(tag for tag in _TAG.findall(bare) if "=" in tag or tag.startswith("<!"))
    return f"{_TAG.sub(CELL, _INLINE.sub('', bare))}\n{attributes}", _TAG.sub(CELL, bare)


def _parts(ending: str, data: bytes, name: str = "") -> Iterator[Part]:
    if ending == ".pdf":
        yield Part(name, "page", _pages_of(data))
    elif ending == ".png":
        yield Part(name, "", _texts_of_png(data))
    elif zipfile.is_zipfile(io.BytesIO(data)):
        yield from _members(ending, data, name)
    elif ending not in _UNREADABLE:
        for text in _decoded(data):
            lines = text.split("\n")
            if ending == ".csv":
                lines = [line.replace(",", CELL).replace(";", CELL) for line in lines]
            form = "markup" if ending in _MARKED_UP else "json" if ending in (".json", ".geojson", ".ipynb") else "text"
            yield Part(name, "line", lines, form)


def _members(ending: str, data: bytes, outer: str) -> Iterator[Part]:
    """What is in a zip: Office files are zips, and zips may hold zips."""
    if ending in _SHEETS:
        yield from _sheets_in(data, outer)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield Part(f"{outer}, names of its files".removeprefix(", "), "", archive.namelist())
        for member in archive.namelist():
            name = f"{outer}, {member}".removeprefix(", ")
            inner = Path(member).suffix.lower()
            if inner in _TABLES:
                with tempfile.TemporaryDirectory() as folder:
                    copy = Path(folder) / f"copy{inner}"
                    copy.write_bytes(archive.read(member))
                    yield from _tables_in(copy)
            else:
                yield from _parts(inner, archive.read(member), name)


def _sheets_in(data: bytes, outer: str) -> Iterator[Part]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except CalamineError:  # then its parts are searched as they are
        return
    for name, rows in sheets:
        shown = f"{outer}, sheet {name}".removeprefix(", ")
        yield Part(shown, "row", [CELL.join(_cell(value) for value in row) for row in rows])


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _pages_of(data: bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        pages = [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]
        facts = " ".join(document.get_metadata_dict().values())
    finally:
        document.close()
    pages = [page.replace("\x02", "").replace("\ufffe", "") for page in pages]  # hyphens at the end of a line
    return [*pages, facts]


def _texts_of_png(data: bytes) -> list[str]:
    """What a picture says of itself, in chunks of text."""
    found: list[str] = []
    at = 8
    while at + 8 < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if kind in _PNG_TEXTS:
            found.append(data[at + 8 : at + 8 + size].decode("utf-8", errors="replace"))
        at += size + 12
    return found


def _decoded(data: bytes) -> list[str]:
    """The text of a file; in both halves of UTF-16 where it seems to be that."""
    if data.count(b"\0") > _ZEROS * len(data):
        texts = [data[offset:].decode("utf-16-le", errors="replace") for offset in (0, 1)]
        return [*texts, data.replace(b"\0", b" ").decode("utf-8", errors="replace")]
    try:
        return [data.decode("utf-8-sig")]
    except UnicodeDecodeError:
        return [data.decode("utf-8", errors="replace"), data.decode("cp1252", errors="replace")]


def _tables_in(path: Path) -> Iterator[Part]:
    """Every row of every table, with the names and comments of tables and columns."""
    if path.suffix == ".parquet":
        source = f"read_parquet('{_quoted(path)}')"
        with _reader().cursor() as con:
            columns = [(name, kind) for name, kind, *_ in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
            query = f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{_quoted(path)}')"
            facts = [f"{key}{CELL}{value}" for key, value in con.execute(query).fetchall()]
            yield Part("its columns", "", [*(name for name, _ in columns), *facts])
            yield from _rows_of(con, source, "", columns)
        return
    import duckdb

    with duckdb.connect() as con:
        con.execute(f"ATTACH '{_quoted(path)}' AS published (READ_ONLY)")
        said = con.execute(_SAID).fetchall()
        yield Part("its columns", "", [CELL.join(filter(None, row)) for row in said])
        tables: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for schema, table, column, kind in con.execute(_COLUMNS).fetchall():
            tables.setdefault((schema, table), []).append((column, kind))
        for (schema, table), columns in tables.items():
            yield from _rows_of(con, f'published."{schema}"."{table}"', f"{schema}.{table}", columns)


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")


def _rows_of(con: DuckDBPyConnection, source: str, table: str, columns: Iterable[tuple[str, str]]) -> Iterator[Part]:
    """The rows of a table, as far as they are text, or numbers as large as a telephone's."""
    read: list[str] = []
    for name, kind in columns:
        column = '"' + name.replace('"', '""') + '"'
        if any(text in kind for text in _TEXT_TYPES):
            read.append(f"CAST({column} AS VARCHAR)")
        elif kind in _NUMBER_TYPES:
            read.append(f"CASE WHEN {column} BETWEEN {_LARGE} AND 1e15 THEN CAST({column}::HUGEINT AS VARCHAR) END")
        elif kind == "BLOB":
            read.append(f"CASE WHEN octet_length({column}) < 10000 THEN CAST({column} AS VARCHAR) END")
    if read:
        rows = con.execute(f"SELECT concat_ws(chr({ord(CELL)}), {', '.join(read)}) FROM {source}").fetchall()
        yield Part(table, "row", [text for (text,) in rows])


@cache
def _reader() -> DuckDBPyConnection:
    """An in-memory database for reading all Parquet files: making one takes longer than reading a file."""
    import duckdb

    return duckdb.connect()


_COLUMNS = """
SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'published'
ORDER BY schema_name, table_name, column_index
"""
_SAID = """
SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE database_name = 'published'
UNION ALL SELECT schema_name, table_name, '', comment FROM duckdb_tables() WHERE database_name = 'published'
UNION ALL SELECT schema_name, view_name, sql, comment FROM duckdb_views() WHERE database_name = 'published' AND NOT internal
UNION ALL SELECT '', type_name, array_to_string(labels, ' '), comment FROM duckdb_types()
    WHERE database_name = 'published' AND NOT internal
"""

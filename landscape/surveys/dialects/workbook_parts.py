"""Looks through the parts of a workbook before it is opened: what would not fit in memory, and cells without a value.

A library that opens a workbook makes a table as wide and long as its furthest cell, and shows an error as an empty cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from landscape.errors import ReceivedFileError

_MOST_BYTES = 200_000_000
_MOST_CELLS = 6_000_000
_FREE_CELLS, _MOST_EMPTY_SHARE = 2_000_000, 20
_PIECE = 2**20
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_WITHOUT_VALUE = re.compile(rb"""\st=["']e["']|<(?:\w+:)?f[\s>/]""")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_TOO_LARGE = "take out what is not an answer, save it again, or export a CSV"


@dataclass(frozen=True)
class Parts:
    """What was found in a workbook.

    Args:
        errors: For each part that holds a sheet, the cells with an error or a formula without a value, and what they hold.
    """

    errors: Mapping[str, Mapping[str, str]]


def looked_through(path: Path) -> Parts:
    """Looks through a workbook; once, however often it is opened.

    Raises:
        ReceivedFileError: Opening it would take more memory than any export needs, or it is made to do harm.
    """
    state = path.stat()
    return _looked_through(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=16)
def _looked_through(path: Path, size: int, changed: int) -> Parts:
    """Remembered by size and time of change."""
    errors: dict[str, Mapping[str, str]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if info.filename.lower().endswith((".xml", ".rels"))]
            if sum(info.file_size for info in infos) > _MOST_BYTES:
                raise _too_large(path, f"unpacked, it is {sum(i.file_size for i in infos) // 10**6:,} MB")
            for info in infos:
                content = b"".join(_pieces(archive, info, path))
                if b"<!DOCTYPE" in content[:_PIECE] or b"<!ENTITY" in content[:_PIECE]:
                    raise ReceivedFileError(
                        f"its part {info.filename} declares entities, which no survey tool writes: it may be made to do harm",
                        file=path,
                        remedy="do not open it; export it again from the survey tool",
                    )
                if PurePosixPath(info.filename).parent.name == "worksheets":
                    _refuse_far_cells(content, info.filename, path)
                    if _WITHOUT_VALUE.search(content):
                        errors[info.filename] = dict(_without_value(content))
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        ValueError,
        RuntimeError,
        EOFError,
        zlib.error,
        ET.ParseError,
    ) as error:
        if isinstance(error, ReceivedFileError):
            raise
        return Parts({})  # damaged: opening it says so
    return Parts(errors)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> Iterator[bytes]:
    """The unpacked part. Its directory may say too little of how long it is, so that is counted."""
    n_bytes = 0
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            n_bytes += len(piece)
            if n_bytes > _MOST_BYTES:
                raise _too_large(path, f"its part {info.filename} is longer than {_MOST_BYTES // 10**6} MB")
            yield piece


def _too_large(path: Path, what: str) -> ReceivedFileError:
    return ReceivedFileError(f"it is too large to be opened: {what}", file=path, remedy=_TOO_LARGE)


def _refuse_far_cells(content: bytes, part: str, path: Path) -> None:
    """Refuses a sheet whose furthest cells lie so far out that nearly all cells before them are empty."""
    n_cells = last_row = last_column = 0
    furthest = ""
    for found in _CELL.finditer(content):
        n_cells += 1
        row, column = int(found[2]), _column_number(found[1])
        if row > last_row or column > last_column:
            furthest = f"{found[1].decode()}{row}"
        last_row, last_column = max(row, last_row), max(column, last_column)
    area = last_row * last_column
    if n_cells > _MOST_CELLS:
        raise _too_large(path, f"{part} has {n_cells:,} cells")
    if area > _FREE_CELLS and area > _MOST_EMPTY_SHARE * n_cells:
        raise ReceivedFileError(
            f"a cell lies far outside the answers, at {furthest}: with all the empty cells before it, it cannot be opened",
            file=path,
            culprits=[f"{part}: {n_cells:,} cells with something in them, {area:,} up to the furthest"],
            remedy="in Excel press Ctrl+End to go to it, delete its row and column, and save; or export again",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _without_value(content: bytes) -> Iterator[tuple[str, str]]:
    """Cells that hold an error, or a formula whose value was never worked out."""
    for namespace in (_MAIN, _STRICT):
        for cell in ET.fromstring(content).iter(f"{namespace}c"):  # noqa: S314 - it declares no entity
            value = cell.findtext(f"{namespace}v") or ""
            if cell.get("t") == "e":
                yield cell.get("r", ""), value or "an error"
            elif cell.find(f"{namespace}f") is not None and not value and cell.get("t") != "str":
                yield cell.get("r", ""), "a formula without a value"


def part_of_sheet(path: Path, sheet: str) -> str:
    """The part that holds a sheet; empty where the workbook does not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - looked through before
            links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, zipfile.BadZipFile, ET.ParseError, NotImplementedError, zlib.error, RuntimeError, EOFError):
        return ""
    named = next((e for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet), None)
    key = next((value for name, value in named.items() if name.endswith("}id")), "") if named is not None else ""
    target = next((link.get("Target", "") for link in links if link.get("Id") == key), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"

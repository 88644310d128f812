"""Reading Excel workbooks cell by cell as text."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import Row
from landscape.surveys.dialects.workbook_parts import looked_through, part_of_sheet
from landscape.surveys.export import OWN_WORDS_MARK, UNREADABLE_MARK

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

WORKBOOK_PARTS = "[Content_Types].xml"
_MODIFIED = "{http://purl.org/dc/terms/}modified"


def is_workbook(path: Path) -> bool:
    """Whether the file is a workbook, or a damaged one: a zip archive other than one that holds plain files."""
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return False
    names = names_in_archive(path)
    return names is None or WORKBOOK_PARTS in names


def names_in_archive(path: Path) -> list[str] | None:
    """The names a zip archive lists; None where it is none, or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # what zipfile says of broken directories
        return None


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets, in order."""
    with _opened(path) as workbook:
        return list(workbook.sheet_names)


def read_rows(path: Path, sheet: str) -> list[Row]:
    """All rows of a sheet as text; dates as ISO 8601, whole numbers without a decimal point.

    Raises:
        ReceivedFileError: The workbook is damaged.
    """
    with _opened(path) as workbook:
        cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    rows = [Row(line, tuple(map(_text, row))) for line, row in enumerate(cells, start=1)]
    errors = looked_through(path).errors
    return _with_errors(rows, errors.get(part_of_sheet(path, sheet), {})) if errors else rows


def _with_errors(rows: list[Row], errors: Mapping[str, str]) -> list[Row]:
    """The rows with what is wrong in the cells that have no value, so that they are not taken for blank ones."""
    found: dict[int, dict[int, str]] = {}
    for reference, error in errors.items():
        letters = reference.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        found.setdefault(int(reference[len(letters) :]), {})[column - 1] = f"{UNREADABLE_MARK}{error}"
    return [
        Row(row.line, tuple(found[row.line].get(at, text) for at, text in enumerate(row.cells)))
        if row.line in found
        else row
        for row in rows
    ]


def first_rows(path: Path, n_rows: int) -> list[tuple[str, ...]]:
    """The first rows of a workbook's first sheet, to tell a tool by."""
    return [row.cells for row in read_rows(path, sheet_names(path)[0])[:n_rows]]


def modified_at(path: Path) -> dt.datetime | None:
    """When the workbook was last saved, as it says itself (UTC); None where it does not say."""
    try:
        with zipfile.ZipFile(path) as archive:
            core = ET.fromstring(archive.read("docProps/core.xml"))  # noqa: S314 - ElementTree resolves no external entity
        said = dt.datetime.fromisoformat(core.findtext(_MODIFIED, ""))
    except (
        KeyError,
        NotImplementedError,
        ValueError,
        RuntimeError,
        EOFError,
        ET.ParseError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return None
    return said.replace(tzinfo=said.tzinfo or dt.UTC).astimezone(dt.UTC)


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook

    looked_through(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            if not workbook.sheet_names:
                raise CalamineError
            yield workbook
    except CalamineError as error:
        raise ReceivedFileError(
            "the workbook cannot be opened: it is damaged or was cut short",
            file=path,
            remedy="export or copy it again; if it opens in Excel, save it as .xlsx from there",
        ) from error


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell).replace(OWN_WORDS_MARK, " ").replace(UNREADABLE_MARK, " ")

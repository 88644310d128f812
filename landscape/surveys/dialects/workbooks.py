"""Reading Excel workbooks cell by cell as text. Not here: what any tool puts into them."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

from landscape.errors import ReceivedFileError
from landscape.surveys.export import Row

_MODIFIED = "{http://purl.org/dc/terms/}modified"


def is_workbook(path: Path) -> bool:
    """Whether the file begins as a zip archive does, as every .xlsx must."""
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets, in order."""
    return list(_open(path).sheet_names)


def read_rows(path: Path, sheet: str) -> list[Row]:
    """All rows of a sheet as text; dates as ISO 8601, whole numbers without a decimal point."""
    cells = _open(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [Row(line, tuple(_text(cell) for cell in row)) for line, row in enumerate(cells, start=1)]


def modified_at(path: Path) -> dt.datetime | None:
    """When the workbook was last saved, as it says itself (UTC); None where it does not say."""
    with zipfile.ZipFile(path) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return None
        core = ET.fromstring(archive.read("docProps/core.xml"))  # noqa: S314 - ElementTree resolves no external entity
    found = core.find(_MODIFIED)
    if found is None or not found.text:
        return None
    return dt.datetime.fromisoformat(found.text.replace("Z", "+00:00")).astimezone(dt.UTC)


def _open(path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202 - calamine ships no types
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
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
    return str(cell)

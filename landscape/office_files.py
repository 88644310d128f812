"""Writes workbooks and other Office files so that the same contents give the same bytes. Not here: what stands in them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.text import without_control

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook

FONT = "Calibri"
INK, QUIET, HINT, WHITE = "1F2A44", "4A5468", "5A6478", "FFFFFF"
PALE, STRONG, TO_FILL = "E8ECF4", "C7D2E8", "FFF3C4"
"""The look of what people fill in, workbooks, forms and sheets to code on: letters, then what lies behind them."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_TYPES = "[Content_Types].xml"


def write_value(cell: Cell, value: str | float | dt.date | None, number_format: str = "") -> None:
    """Writes one value; text stays text even where it begins as a formula would."""
    from openpyxl.styles import Alignment

    cell.value = without_control(value) if isinstance(value, str) else value
    cell.alignment = Alignment(horizontal="left", vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
    if number_format:
        cell.number_format = number_format


def save_workbook(workbook: Workbook, path: Path, saved_at: dt.datetime) -> None:
    """Saves a workbook so that the same contents give the same bytes on every machine.

    Args:
        workbook: What to save.
        path: Where; missing folders are made.
        saved_at: When it says it was made and last changed (UTC).
    """
    workbook.properties.creator = "engagement-landscape"
    workbook.properties.created = saved_at.replace(tzinfo=None)
    unfixed = io.BytesIO()
    workbook.save(unfixed)
    write_fixed_zip(unfixed, path, saved_at)


def write_fixed_zip(unfixed: io.BytesIO, path: Path, saved_at: dt.datetime) -> None:
    """Writes an Office file (a zip) with sorted entries and fixed dates.

    Args:
        unfixed: The file as its library made it.
        path: Where; missing folders are made.
        saved_at: When it says it was last changed (UTC).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = saved_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    # Stored, not compressed: compressors differ from one machine to the next.
    with zipfile.ZipFile(unfixed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _TYPES, name)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # else it would say which kind of machine wrote it
            target.writestr(entry, content)

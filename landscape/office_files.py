"""Writes workbooks and other Office files so that the same contents give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.text import without_control
from landscape.writing import write_whole

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook

FONT = "Calibri"
INK, QUIET, HINT, WHITE = "1F2A44", "4A5468", "5A6478", "FFFFFF"
PALE, STRONG, TO_FILL = "E8ECF4", "C7D2E8", "FFF3C4"
"""The colours of workbooks, forms and coding sheets that people fill in: text, then background."""

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_TYPES = "[Content_Types].xml"


def write_value(cell: Cell, value: str | float | dt.date | None, number_format: str = "") -> None:
    """Writes one value; text stays text even if it starts like a formula."""
    from openpyxl.styles import Alignment

    cell.value = without_control(value) if isinstance(value, str) else value
    cell.alignment = Alignment(horizontal="left", vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
    if number_format:
        cell.number_format = number_format


def save_workbook(workbook: Workbook, path: Path, saved_at: dt.datetime, *, is_private: bool = False) -> None:
    """Saves a workbook so that the same contents give the same bytes on every machine.

    Args:
        workbook: What to save.
        path: Where; missing folders are made.
        saved_at: The time to give as made and last changed (UTC).
        is_private: Only its owner may read it.
    """
    workbook.properties.creator = "engagement-landscape"
    workbook.properties.created = saved_at.replace(tzinfo=None)
    unfixed = io.BytesIO()
    workbook.save(unfixed)
    write_fixed_zip(unfixed, path, saved_at, is_private=is_private)


def write_fixed_zip(unfixed: io.BytesIO, path: Path, saved_at: dt.datetime, *, is_private: bool = False) -> None:
    """Writes an Office file (a zip) with sorted entries and fixed dates, whole or not at all.

    Args:
        unfixed: The file as its library made it.
        path: Where; missing folders are made.
        saved_at: The time to give as last changed (UTC).
        is_private: Only its owner may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stamp = saved_at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    # Stored, not compressed: compressors differ from one machine to the next.
    fixed = io.BytesIO()
    with zipfile.ZipFile(unfixed) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _TYPES, name)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # otherwise it would depend on the machine
            target.writestr(entry, content)
    write_whole(path, fixed.getvalue(), is_private=is_private)

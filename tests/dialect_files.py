"""Export files written by hand for one trap each, and what a dialect hands over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from landscape.errors import ReceivedFileError
from landscape.surveys.export import Asked, Dialect, Export
from landscape.surveys.questionnaire import Option, Question

EXPORTS = Path(os.environ.get("LANDSCAPE_EXPORTS", "no such folder"))
real = pytest.mark.skipif(not EXPORTS.is_dir(), reason="LANDSCAPE_EXPORTS names no folder of real exports")


def text_file(folder: Path, *lines: str, encoding: str = "utf-8", line_end: str = "\r\n") -> Path:
    path = folder / "export.csv"
    path.write_bytes(line_end.join([*lines, ""]).encode(encoding))
    return path


def workbook(folder: Path, *rows: tuple[object, ...], title: str = "Sheet1", before: str = "") -> Path:
    book = Workbook()
    book.active.title = before or title
    sheet = book.create_sheet(title) if before else book.active
    for row in rows:
        sheet.append(row)
    path = folder / "export.xlsx"
    book.save(path)
    return path


def read(path: Path, dialect: Dialect) -> Export:
    assert dialect.recognises(path)
    return dialect.read(path, Asked(dates="day_first"))


def handed(export: Export, role: str = "answer") -> dict[str, list[str]]:
    """The cells of the columns of a role, by heading."""
    sheet = export.sheets[0]
    return {c.heading: [row.cells[c.position] for row in sheet.rows] for c in sheet.columns if c.role == role}


def question(name: str, label: str, kind: str = "text", *options: str) -> Question:
    listed = tuple(Option(f"{name}.{place}", option) for place, option in enumerate(options, start=1))
    return Question(name, kind, label, "onward", "", False, listed, None)


def refused(path: Path, dialect: Dialect) -> ReceivedFileError:
    with pytest.raises(ReceivedFileError) as caught:
        read(path, dialect)
    assert caught.value.remedy
    return caught.value

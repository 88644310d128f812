"""Documents as people and Word leave them, for updating."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from lxml import etree
from reporting_documents import make
from reporting_landscape import figure_entry, landscape, png, svg

from landscape.reporting.compose import compose
from landscape.reporting.updating import Outcome, update
from landscape.reporting.word import write_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def old_report(folder: Path) -> Path:
    """The report that the person edited."""
    report, figures = make(folder)
    write_docx(report, figures, figures / "landscape.docx")
    return figures / "landscape.docx"


def grown() -> dict[str, pd.DataFrame]:
    """The landscape after one more visit, to Cleveland, and with one topic no longer offered."""
    tables = landscape()
    areas = tables["marts.force_areas"]
    is_cleveland = areas["force_area_name"] == "Cleveland"
    areas.loc[is_cleveland, ["n_visits", "n_force_visits", "n_activities"]] = 1
    areas.loc[is_cleveland, ["state", "visits_state"]] = "value"
    breakdown = tables["marts.objective_combinations"]
    tables["marts.objective_combinations"] = breakdown[~breakdown["objective_codes"].str.contains("DIVERT")]
    return tables


def new_report(folder: Path) -> Path:
    """The report of today: other numbers, another picture of other proportions."""
    figures = folder / "figures"
    entries = [
        figure_entry(figures, "coverage_map", title="More", files={"svg": svg("More"), "png": png(64, 80)}),
        figure_entry(
            figures, "activity_map", title="Activities", files={"svg": svg("A"), "png": png()}, is_sample=False
        ),
        figure_entry(figures, "priorities", title="Priorities", files={}, pictures_missing="No browser was found."),
    ]
    write_docx(compose(grown(), entries), figures, figures / "landscape.docx")
    return figures / "landscape.docx"


def edited(source: Path, out: Path, change: Callable[[etree._Element], None]) -> Path:
    """A copy of a document with its text changed as Word would, or as a person would."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            data = archive.read(entry)
            if entry.filename == "word/document.xml":
                root = etree.fromstring(data)
                change(root)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(entry, data)
    return out


def controls(root: etree._Element, tag: str) -> list[etree._Element]:
    tags = [found for found in root.iter(f"{{{W}}}tag") if found.get(f"{{{W}}}val") == tag]
    return [found.getparent().getparent() for found in tags]


def control(root: etree._Element, tag: str) -> etree._Element:
    return controls(root, tag)[0]


def paragraph_of(element: etree._Element) -> etree._Element:
    return next(element.iterancestors(f"{{{W}}}p"))


def said(path: Path, tag: str) -> list[str]:
    body = Document(str(path)).element.body
    return ["".join(text.text or "" for text in found.iter(qn("w:t"))) for found in controls(body, tag)]


def xml(text: str) -> etree._Element:
    return etree.fromstring(f'<x xmlns:w="{W}">{text}</x>')[0]


def updated(old: Path, new: Path, folder: Path, change: Callable[[etree._Element], None]) -> tuple[Outcome, Path]:
    mine = edited(old, folder / "mine.docx", change)
    return update(mine, new, folder / "out.docx"), folder / "out.docx"


def nothing(root: etree._Element) -> None:
    """As it is."""


def outside_controls(data: bytes) -> str:
    """Everything but what is in controls."""
    root = etree.fromstring(data)
    for content in root.xpath("//w:sdtContent", namespaces={"w": W}):
        for child in list(content):
            content.remove(child)
    return etree.tostring(root).decode()


def texts(table: Table) -> list[list[str]]:
    return [["".join(t.text or "" for t in cell._tc.iter(qn("w:t"))) for cell in row.cells] for row in table.rows]

"""Reading order and numbers, and text from outside that must not break a document."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from reporting_documents import (
    Page,
    structure,
    word_tables,
    write,
)
from reporting_landscape import figure_entry, png, svg

from landscape.reporting.content import DataTable, Figure, FigureRef, Paragraph, Report, Section
from landscape.reporting.layout import Picture, Table, lay_out, printable


def test_a_figure_keeps_the_figures_of_its_manifest(tmp_path: Path) -> None:
    entry = figure_entry(tmp_path, "coverage_map", title="Areas", files={"svg": svg("x"), "png": png()})
    report = Report("T", "", True, "Draft", (Section("One", (FigureRef("coverage_map"),)),))
    shown = lay_out(replace(report, figures=(Figure.from_manifest(json.loads(json.dumps(entry))),)), tmp_path)[1]
    assert isinstance(shown, Picture)
    assert shown.pictures == {"png": tmp_path / "coverage_map.png", "svg": tmp_path / "coverage_map.svg"}
    assert shown.note == "Figure id: coverage_map."
    assert shown.data.rows == (("Durham", "24.57", "=1+1"), ("Cumbria", "7", "Areas"))
    assert shown.data.numeric == (False, True, False)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_printable_text_may_stand_in_any_document(text: str) -> None:
    element = etree.Element("t")
    element.text = printable(text)
    assert "\n" not in element.text
    assert [c for c in text if c.isalnum()] == [c for c in element.text if c.isalnum()]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1), min_size=2, max_size=2), st.text(max_size=200))
def test_wild_labels_do_no_harm(tmp_path: Path, cells: list[str], text: str) -> None:
    table = DataTable(text, ("One", cells[0]), ((cells[1], text), (text, cells[0])), note=text)
    report = Report(f"T{text}", text, False, "Draft", (Section(f"S{text}", (Paragraph(text), table)),))
    laid_out = lay_out(report, tmp_path)[-1]
    assert isinstance(laid_out, Table)
    assert sum(laid_out.widths) == pytest.approx(1, abs=0.001)
    files = write(tmp_path, report, tmp_path)
    rows = word_tables(files["docx"])[0].rows
    shown = [["".join(part.text or "" for part in cell._tc.iter(qn("w:t"))) for cell in row.cells] for row in rows]
    assert shown == [list(laid_out.columns), *map(list, laid_out.rows)]
    page = Page(files["html"])
    assert sum(tag == "td" for tag, _ in page.tags) == 4
    assert len(structure(files["pdf"], "/TD")) == 4

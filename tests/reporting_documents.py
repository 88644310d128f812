"""Makes the report's three files and reads them back."""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from pypdf import PdfReader
from reporting_landscape import figure_entry, landscape, png, svg

from landscape.reporting.compose import compose
from landscape.reporting.content import Report
from landscape.reporting.html import write_html
from landscape.reporting.pdf import write_pdf
from landscape.reporting.word import write_docx

HOSTILE = "<script>alert('x')</script> {{ 7*191 }} {% raw %} #import \"x\" $x$ & <b>é</b>"
TABLES = 27 + 12 + 8 + 3
"""Numbered tables: those of the chapters; official figures, activities and challenges of the areas."""
STAMP = "Made-up sample data – Draft, not for circulation"
WRITERS = {"docx": write_docx, "pdf": write_pdf, "html": write_html}


def make(folder: Path, *, is_sample: bool = True, hostile: str = "") -> tuple[Report, Path]:
    """A report with two drawn figures and one without pictures, and the folder of the figures."""
    figures = folder / "figures"
    pictures = {"svg": svg("Areas"), "png": png()}
    entries = [
        figure_entry(figures, "coverage_map", title=f"Where we have been{hostile}", files=pictures),
        figure_entry(figures, "activity_map", title="Activities", files=pictures, is_sample=False),
        figure_entry(figures, "priorities", title="Priorities", files={}, pictures_missing="No browser was found."),
    ]
    return compose(landscape(is_sample=is_sample, hostile=hostile), entries), figures


def write(folder: Path, report: Report, figures: Path) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = {kind: folder / f"report.{kind}" for kind in WRITERS}
    for kind, writer in WRITERS.items():
        writer(report, figures, files[kind])
    return files


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.captions: list[str] = []
        self._open: list[str] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "figcaption":
            self.captions.append("")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data
        if "figcaption" in self._open:
            self.captions[-1] += data


def word_text(path: Path) -> str:
    body = Document(str(path)).element.body
    return "\n".join("".join(text.text or "" for text in line.iter(qn("w:t"))) for line in body.iter(qn("w:p")))


def word_captions(path: Path) -> list[str]:
    lines = Document(str(path)).element.body.iter(qn("w:p"))
    captions = [line for line in lines if line.style == "Caption"]
    return ["".join(text.text or "" for text in line.iter(qn("w:t"))) for line in captions]


def word_tables(path: Path) -> list[Table]:
    """Every table, those in content controls too."""
    body = Document(str(path)).element.body
    return [Table(table, body) for table in body.iter(qn("w:tbl"))]


def pdf_text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as document:
        return document.read(name).decode()


def structure(path: Path, kind: str) -> list[dict]:
    """Elements of one kind in the tag tree of a PDF."""
    found, todo = [], [PdfReader(path).trailer["/Root"]["/StructTreeRoot"]]
    while todo:
        element = todo.pop()
        if element.get("/S") == kind:
            found.append(element)
        below = element.get("/K", [])
        for child in below if isinstance(below, list) else [below]:
            resolved = child.get_object()
            if isinstance(resolved, dict):
                todo.append(resolved)
    return found

"""Writes the figures of a report as custom properties of its Word document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.figure_marks import KEYWORD, PROPERTIES_PART, Mark
from landscape.publishing import file_sha256
from landscape.reporting.content import Report

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of every custom property


def figure_marks(report: Report, figures_dir: Path) -> list[Mark]:
    """The marks of all figures that a report may show."""
    return [
        Mark(figure.figure_id, figure.release, file_sha256(figures_dir / figure.files["csv"]))
        for figure in report.figures
    ]


def set_figure_properties(document: DocxTemplate, marks: Sequence[Mark]) -> None:
    """Adds one custom property for each figure: its mark. Word shows them under Advanced Properties.

    Args:
        document: The document, whose template has no custom properties.
        marks: The marks of the figures in the report, in order.
    """
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    properties = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _VALUES})
    for number, mark in enumerate(marks, start=2):  # Word counts them from 2
        one = etree.SubElement(properties, f"{{{_PROPERTIES}}}property")
        one.attrib.update({"fmtid": _FORMAT, "pid": str(number), "name": f"{KEYWORD} {mark.figure_id}"})
        etree.SubElement(one, f"{{{_VALUES}}}lpwstr").text = mark.text
    xml = etree.tostring(properties, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.docx.part.package
    if any(relation.reltype == _RELATION for relation in package.rels.values()):
        return  # an institution's template has its own properties, which are kept
    package.relate_to(Part(PackURI(f"/{PROPERTIES_PART}"), _TYPE, xml, package), _RELATION)

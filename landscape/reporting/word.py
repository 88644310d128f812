"""Writes the report as a Word document: fills in the template."""

from __future__ import annotations

import datetime
import io
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import RenderError
from landscape.reporting.content import Report
from landscape.reporting.layout import (
    UNBROKEN_ROWS,
    Bullets,
    Element,
    Heading,
    Picture,
    Table,
    Text,
    lay_out,
    printable,
)
from landscape.reporting.properties import figure_marks, set_figure_properties
from landscape.reporting.template import TEMPLATE, put_controls, read_template
from landscape.reporting.wordxml import (
    W,
    bookmark,
    bookmarked,
    caption_label,
    contents,
    control,
    inline,
    line,
    list_of_figures,
    written,
)

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from markupsafe import Markup

AUTHOR = "engagement-landscape"
PICTURE_WIDTH_CM = 16
TABLE_STYLE = "Report Table"
TABLE_WIDTH_TWIPS = 9071
# The same inputs give the same bytes, so no clock is read: the earliest date that a zip can hold.
FIXED_DATE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


def write_docx(report: Report, figures_dir: Path, out: Path, template: Path = TEMPLATE) -> None:
    """Writes the report as a Word document whose numbers, tables and figures are content controls.

    Args:
        report: The content.
        figures_dir: The folder of `figures.json` and the PNG pictures it names.
        out: The document to write.
        template: The template to fill in.

    Raises:
        RenderError: A picture's file is missing, or the template cannot carry the report.
    """
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError

    read_template(template)
    elements = lay_out(report, figures_dir)
    document = DocxTemplate(template)
    document.init_docx()
    put_controls(document.docx)
    blocks = [block for element in elements for block in _blocks(element, document)]
    try:
        document.render(
            {
                "title": printable(report.title),
                "subtitle": printable(report.subtitle),
                "stamp": printable(report.stamp),
                "notice": printable(report.notice),
                "contents": [] if report.is_brief else contents([e for e in elements if isinstance(e, Heading)]),
                "list_of_figures": list_of_figures([e for e in elements if isinstance(e, Picture)]),
                "blocks": blocks,
            },
            autoescape=True,
        )
    except TemplateError as error:
        raise RenderError(
            f"The Word template cannot be filled in: {error}.",
            file=template.name,
            remedy="Compare its lines in braces with those of the template that comes with the project.",
        ) from error
    _set_tables(document, [block for block in blocks if block["kind"] == "table"])
    _set_pages(document, {e.anchor for e in elements if isinstance(e, Heading) and e.starts_page}, report.is_brief)
    _set_properties(document, report)
    set_figure_properties(document, figure_marks(report, figures_dir))
    buffer = io.BytesIO()
    document.save(buffer)
    out.write_bytes(_same_bytes(buffer))


def _blocks(element: Element, document: DocxTemplate) -> list[dict[str, Any]]:
    """The blocks the template loops over: an element, and after a figure without a picture its data."""
    match element:
        case Heading(level, _, text, anchor):
            return [{"kind": "heading", "level": level, "text": bookmarked(text, anchor)}]
        case Text(parts):
            return [{"kind": "paragraph", "text": line(parts)}]
        case Bullets(points):
            return [{"kind": "bullets", "points": list(map(line, points))}]
        case Table():
            return [_table(element, f"table:{element.table_id}", "table")]
        case Picture():
            picture = element.pictures.get("png")
            data = [] if picture else [_table(element.data, f"figure-data:{element.figure_id}", "figure-data")]
            return [_figure(element, picture, document), *data]


def _figure(element: Picture, picture: Path | None, document: DocxTemplate) -> dict[str, Any]:
    def about(what: str, text: str) -> Markup:
        return written(f"{what}:{element.figure_id}", text)

    return {
        "kind": "figure",
        "label": caption_label("Figure", element.number, element.anchor),
        "caption": about("figure-caption", element.caption),
        "picture": _picture(element, picture, document) if picture else None,
        "missing": about("figure", f"No picture. {element.missing}"),
        "long_description": about("figure-description", element.long_description),
        "note": about("figure-note", element.note),
    }


def _table(table: Table, tag: str, kind: str) -> dict[str, Any]:
    def cells(texts: tuple[str, ...]) -> list[dict[str, object]]:
        return [{"text": text, "numeric": numeric} for text, numeric in zip(texts, table.numeric, strict=True)]

    meaning = tag.partition(":")[2]
    return {
        **asdict(table),
        "tag": tag,
        "label": caption_label("Table", table.number, table.anchor) if table.number else None,
        "caption": written(f"{kind}-caption:{meaning}", table.caption),
        "note": written(f"{kind}-note:{meaning}", table.note) if table.note else "",
        "columns": cells(table.columns),
        "rows": [cells(row) for row in table.rows],
    }


def _picture(element: Picture, path: Path, document: DocxTemplate) -> Markup:
    from docx.shared import Cm

    shape = document.docx.part.new_pic_inline(str(path), width=Cm(PICTURE_WIDTH_CM))
    for side in ("distT", "distB", "distL", "distR"):
        shape.set(side, "0")
    shape.docPr.set("name", f"figure:{element.figure_id}")
    shape.docPr.set("descr", element.alt)
    drawing = f"<w:r><w:drawing>{shape.xml}</w:drawing></w:r>"
    return inline(control(f"figure:{element.figure_id}", drawing, "picture"))


def _set_tables(document: DocxTemplate, blocks: list[dict[str, Any]]) -> None:
    """Sets column widths to fit the text, no page break in a short table or before its note, a control around each."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Twips

    tables = [table for table in document.docx.tables if table.style is not None and table.style.name == TABLE_STYLE]
    for table, block in zip(tables, blocks, strict=True):
        widths = [Twips(round(share * TABLE_WIDTH_TWIPS)) for share in block["widths"]]
        for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = width
        rows = table._tbl.tr_lst
        for position, row in enumerate(rows):
            for cell, width in zip(row.tc_lst, widths, strict=True):
                cell.width = width
                if len(rows) <= UNBROKEN_ROWS or position == 0 or position >= len(rows) - 2:
                    for paragraph in cell.p_lst:
                        paragraph.get_or_add_pPr().keepNext_val = True
        wrapped = parse_xml(control(block["tag"], "", "table").replace("<w:sdt>", f"<w:sdt {nsdecls('w')}>", 1))
        table._tbl.addprevious(wrapped)
        wrapped[-1].append(table._tbl)


def _set_pages(document: DocxTemplate, starting: set[str], is_brief: bool) -> None:
    """Sets the sections that start a page; in a brief report none do, and its title is at the top."""
    from docx.shared import Pt

    for paragraph in document.docx.paragraphs:
        names = {mark.get(f"{W}name") for mark in paragraph._p.iter(f"{W}bookmarkStart")}
        style = paragraph.style.name if paragraph.style is not None else ""
        if names & set(map(bookmark, starting)):
            paragraph.paragraph_format.page_break_before = True
        elif is_brief and style == "Heading 1":
            paragraph.paragraph_format.page_break_before = False
        elif is_brief and style == "Title":
            paragraph.paragraph_format.space_before = Pt(0)


def _set_properties(document: DocxTemplate, report: Report) -> None:
    properties = document.docx.core_properties
    properties.title = printable(report.title)
    properties.subject = printable(report.subtitle)
    properties.author = properties.last_modified_by = AUTHOR
    properties.language = "en-GB"
    properties.comments = printable(report.stamp)
    properties.created = properties.modified = FIXED_DATE
    properties.revision = 1


def _same_bytes(document: io.BytesIO) -> bytes:
    """The zip with sorted entries and fixed dates; the list of types comes first, as readers expect."""
    out = io.BytesIO()
    with zipfile.ZipFile(document) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=FIXED_DATE.timetuple()[:6])
            target.writestr(entry, source.read(name), compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
    return out.getvalue()

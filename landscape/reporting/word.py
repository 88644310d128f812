"""Writes the report as a Word document from a template that can be replaced. Not here: words, numbering.

The template is `templates/template.docx`. An institution that wants its own edits a copy in Word
and gives its path as `template`:

* Anything may be restyled: styles (Title, Heading 1 and 2, Caption, Table Text, Table Number, Table Note,
  Report Table, Notice, Stamp …), page, cover, logo, header and footer. Keep the names of the styles.
* Words in double braces are filled in; lines and cells that begin with `{%` decide or repeat what stands
  between them. Move them as whole lines. They are described by docxtpl (https://docxtpl.readthedocs.io).
* `{{ stamp }}` must stay in the header or the footer: without it no document is made.
* Captions, bookmarks and the contents become Word fields while the template is filled in, so it holds none.

In the finished document the contents are links; Word adds page numbers when the field is updated (F9).
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import RenderError
from landscape.reporting.content import Report
from landscape.reporting.layout import UNBROKEN_ROWS, Element, Heading, Picture, Table, lay_out, printable
from landscape.reporting.properties import figure_marks, set_figure_properties

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from markupsafe import Markup

TEMPLATE = Path(__file__).parent / "templates" / "template.docx"
AUTHOR = "engagement-landscape"
PICTURE_WIDTH_CM = 16
TABLE_STYLE = "Report Table"
TABLE_WIDTH_TWIPS = 9071
_STAMP = re.compile(r"\{\{\s*stamp\s*\}\}")
# The same inputs give the same bytes, so no clock is read: the earliest date that a zip can hold.
FIXED_DATE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)


def write_docx(report: Report, figures_dir: Path, out: Path, template: Path = TEMPLATE) -> None:
    """Writes the report as a Word document.

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

    _require_stamp(template)
    elements = lay_out(report, figures_dir)
    document = DocxTemplate(template)
    document.init_docx()
    blocks = [block for element in elements for block in _blocks(element, document)]
    try:
        document.render(
            {
                "title": printable(report.title),
                "subtitle": printable(report.subtitle),
                "stamp": printable(report.stamp),
                "notice": printable(report.notice),
                "contents": _contents([element for element in elements if isinstance(element, Heading)]),
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
    _set_properties(document, report)
    set_figure_properties(document, figure_marks(report, figures_dir))
    buffer = io.BytesIO()
    document.save(buffer)
    out.write_bytes(_same_bytes(buffer))


def _blocks(element: Element, document: DocxTemplate) -> list[dict[str, Any]]:
    """What the template loops over: an element, and after a figure without a picture its data."""
    match element:
        case Heading(level, _, text, anchor):
            return [{"kind": "heading", "level": level, "text": _bookmarked(text, anchor)}]
        case Table():
            return [_table(element)]
        case Picture(number):
            picture = element.pictures.get("png")
            figure = {
                **vars(element),
                "number": _sequence("Figure", number),
                "picture": _picture(element, picture, document) if picture else None,
            }
            return [figure] if picture else [figure, _table(element.data)]
        case _:
            return [vars(element)]


def _table(table: Table) -> dict[str, Any]:
    def cells(texts: tuple[str, ...]) -> list[dict[str, object]]:
        return [{"text": text, "numeric": numeric} for text, numeric in zip(texts, table.numeric, strict=True)]

    return {
        **vars(table),
        "number": _sequence("Table", table.number) if table.number else None,
        "columns": cells(table.columns),
        "rows": [cells(row) for row in table.rows],
    }


def _inline(xml: str) -> Markup:
    """Raw WordprocessingML for the place of a `{{ … }}`, which stands inside a run's text."""
    from markupsafe import Markup

    return Markup('</w:t></w:r>{}<w:r><w:t xml:space="preserve">').format(Markup(xml))  # noqa: S704 - callers escape


def _run(text: str) -> str:
    from markupsafe import escape

    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _sequence(name: str, number: int) -> Markup:
    """A caption's number as a field that Word counts on by itself."""
    return _inline(f'<w:fldSimple w:instr=" SEQ {name} \\* ARABIC ">{_run(str(number))}</w:fldSimple>')


def _bookmarked(text: str, anchor: str) -> Markup:
    place = f'w:id="{_bookmark_id(anchor)}"'
    return _inline(f'<w:bookmarkStart {place} w:name="{_bookmark(anchor)}"/>{_run(text)}<w:bookmarkEnd {place}/>')


def _bookmark_id(anchor: str) -> int:
    return int("".join(f"{int(part):03}" for part in anchor.split("-")[1:]))


def _bookmark(anchor: str) -> str:
    return "_Toc_" + anchor.replace("-", "_")


def _contents(headings: list[Heading]) -> list[dict[str, Any]]:
    """The lines of the contents: one field around all of them, each a link to its heading."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    shown = [heading for heading in headings if heading.level <= 2]
    return [
        {
            "level": heading.level,
            "line": _inline(
                (begin if heading is shown[0] else "")
                + f'<w:hyperlink w:anchor="{_bookmark(heading.anchor)}" w:history="1">'
                + f"{_run(heading.number)}<w:r><w:tab/></w:r>{_run(heading.text)}</w:hyperlink>"
                + (end if heading is shown[-1] else "")
            ),
        }
        for heading in shown
    ]


def _picture(element: Picture, path: Path, document: DocxTemplate) -> Markup:
    from docx.shared import Cm

    inline = document.docx.part.new_pic_inline(str(path), width=Cm(PICTURE_WIDTH_CM))
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    inline.docPr.set("name", f"Figure {element.number}")
    inline.docPr.set("descr", element.alt)
    return _inline(f"<w:r><w:drawing>{inline.xml}</w:drawing></w:r>")


def _require_stamp(template: Path) -> None:
    """Every kind of page in the template prints the report's status."""
    from docx import Document

    for section in Document(str(template)).sections:
        pages = [(section.header, section.footer)]
        if section.different_first_page_header_footer:
            pages.append((section.first_page_header, section.first_page_footer))
        if not all(
            any(_STAMP.search("".join(part._element.xpath(".//w:t/text()"))) for part in page) for page in pages
        ):
            raise RenderError(
                "The Word template does not print the report’s status on every page.",
                file=template.name,
                remedy="Put {{ stamp }} into the header or footer of every section, and of its first page "
                "if that differs.",
            )


def _set_tables(document: DocxTemplate, blocks: list[dict[str, Any]]) -> None:
    """Column widths that fit the text; no page break in a short table or before a table's note."""
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
    """The zip again with sorted entries and fixed dates; the list of types comes first, as readers expect."""
    out = io.BytesIO()
    with zipfile.ZipFile(document) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, date_time=FIXED_DATE.timetuple()[:6])
            target.writestr(entry, source.read(name), compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
    return out.getvalue()

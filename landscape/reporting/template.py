"""The Word template: which one is used, and whether it can carry the report.

docs/word-report.md lists what a template must have.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import RenderError
from landscape.paths import ProjectPaths
from landscape.reporting.wordxml import W, control

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

TEMPLATE = Path(__file__).parent / "templates" / "template.docx"
OWN_TEMPLATE = "template.docx"
STYLES = (
    *("Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "Caption", "TOC Heading", "toc 1"),
    *("toc 2", "table of figures", "Figure", "Missing Picture", "Notice", "Stamp", "Table Text", "Table Number"),
    *("Table Note", "Report Table"),
)
"""Names of the styles that a template must have."""
PLACES = ("title", "stamp", "notice", "contents", "list_of_figures", "blocks", "block.label", "block.caption")
"""The places that must be between braces somewhere in a template's text."""
CONTROLLED = ("stamp", "notice")
"""Places whose run becomes a content control as it is, so that it keeps its format."""
_STAMP = re.compile(r"\{\{\s*stamp\s*\}\}")


def template_of(paths: ProjectPaths) -> Path:
    """The institution's own template if there is one (`reports/template.docx`), or else the project's."""
    own = paths.reports / OWN_TEMPLATE
    return own if own.exists() else TEMPLATE


def read_template(template: Path) -> Document:
    """The template as a Word document, after checking that it can be used for the report.

    Raises:
        RenderError: It is not a Word document, or lacks a style or a place; the error names all of them.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise RenderError(
            "The Word template is not a Word document (.docx).",
            file=template.name,
            remedy="Open it in Word and save it as a Word document, without a password.",
        ) from error
    known = {style.name.lower() for style in document.styles}
    missing = [f"style “{name}”" for name in STYLES if name.lower() not in known]
    text = "".join(words_of(document.element.body))
    missing += [
        f"“{place}” between braces" for place in PLACES if not re.search(rf"[{{%].*\b{re.escape(place)}\b", text)
    ]
    if missing:
        raise RenderError(
            "The Word template lacks what the report needs.",
            file=template.name,
            culprits=missing,
            remedy="Add them, or begin again with a copy of the template that comes with the project.",
        )
    _require_stamp(document, template)
    return document


def words_of(element: _Element) -> Iterator[str]:
    """The pieces of text below an element."""
    return (part.text or "" for part in element.iter(f"{W}t"))


def put_controls(document: Document) -> None:
    """Turns each run with a stamp or notice into a content control, in the text, headers and footers."""
    from lxml import etree

    for part in _parts(document):
        for name in CONTROLLED:
            for run in _runs_of(part, name):
                wrapped = etree.fromstring(f'<x xmlns:w="{W[1:-1]}">{control(name, "")}</x>')[0]
                run.addprevious(wrapped)
                wrapped[-1].append(run)


def _runs_of(part: _Element, name: str) -> list[_Element]:
    """The runs that contain one place and nothing else."""
    place = re.compile(rf"\s*\{{\{{\s*{name}\s*\}}\}}\s*")
    return [run for run in part.iter(f"{W}r") if place.fullmatch("".join(words_of(run)))]


def _parts(document: Document) -> list[_Element]:
    return [document.element.body, *(page._element for pages in _pages(document) for page in pages)]


def _pages(document: Document) -> Iterator[tuple[Any, ...]]:
    """Header and footer of every kind of page."""
    for section in document.sections:
        yield section.header, section.footer
        if section.different_first_page_header_footer:
            yield section.first_page_header, section.first_page_footer


def _require_stamp(document: Document, template: Path) -> None:
    """Refuses a template unless every kind of page prints the report's status so that it can be changed later."""
    for pages in _pages(document):
        if not any(_STAMP.search("".join(words_of(page._element))) for page in pages):
            raise RenderError(
                "The Word template does not print the report’s status on every page.",
                file=template.name,
                remedy="Put {{ stamp }} into the header or footer of every section, and of its first page "
                "if that differs.",
            )
    for part in _parts(document):
        if len(_STAMP.findall("".join(words_of(part)))) != len(_runs_of(part, "stamp")):
            raise RenderError(
                "The Word template mixes the report’s status with other words or formats.",
                file=template.name,
                remedy="Type {{ stamp }} again, in one go, and give all of it a format of its own, such as bold.",
            )

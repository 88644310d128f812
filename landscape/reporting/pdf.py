"""Writes the report as an accessible PDF (PDF/UA-1) with Typst.

The layout is in `templates/report.typ`. It gets its data as JSON, so that they are text, never markup.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from landscape.charts.style import REPORT_COLOURS
from landscape.errors import RenderError
from landscape.reporting.content import Report
from landscape.reporting.layout import UNBROKEN_ROWS, Element, Heading, Picture, lay_out, printable

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent.parent / "charts" / "fonts"
_UNDRAWABLE = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")


def write_pdf(report: Report, figures_dir: Path, out: Path) -> None:
    """Writes the report as a PDF/UA-1 document.

    Args:
        report: The content.
        figures_dir: The folder of `figures.json` and the SVG pictures it names.
        out: The document to write.

    Raises:
        RenderError: A picture's file is missing, or Typst refuses the document.
    """
    pdf = _compile(_content(report, figures_dir), pdf_standards=["ua-1"])
    out.write_bytes(pdf)


def _content(report: Report, figures_dir: Path) -> str:
    """The content in the form the template takes."""
    content = {
        "title": printable(report.title),
        "subtitle": printable(report.subtitle),
        "stamp": printable(report.stamp),
        "notice": printable(report.notice),
        "unbroken_rows": UNBROKEN_ROWS,
        "is_brief": report.is_brief,
        "blocks": [_block(element) for element in lay_out(report, figures_dir)],
    }
    return json.dumps(content, ensure_ascii=False)


def _block(element: Element) -> dict[str, Any]:
    match element:
        case Heading():
            return vars(element)
        case Picture():
            svg = element.pictures.get("svg")
            return {
                **vars(element),
                "pictures": None,
                "svg": svg.read_text(encoding="utf-8") if svg else None,
                "data": vars(element.data),
            }
        case _:
            return asdict(element)


def _compile(content: str, **how: Any) -> Any:  # noqa: ANN401 what Typst takes and gives
    """The document made from JSON content.

    PDF/UA does not allow characters that no font of the project can draw, such as an emoji in a survey's label. Typst
    names them; they are printed as code points.
    """
    import typst

    while True:
        try:
            return typst.compile(
                TEMPLATES / "report.typ",
                root=TEMPLATES,
                font_paths=[FONTS],
                ignore_system_fonts=True,
                sys_inputs={"report": content, "colours": json.dumps(REPORT_COLOURS)},
                timestamp=0,
                **how,
            )
        except typst.TypstError as error:
            undrawable = {
                character
                for text in _UNDRAWABLE.findall(error.diagnostic)
                for character in _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
                if ord(character) > 127 and character in content
            }
            if not undrawable:
                raise RenderError(
                    f"The PDF could not be made: {error.message}.",
                    remedy="Look among the figures and tables for what the message names.",
                ) from error
            for character in undrawable:
                content = content.replace(character, f"[U+{ord(character):04X}]")

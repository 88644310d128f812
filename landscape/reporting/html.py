"""Writes the report as one self-contained HTML file."""

from __future__ import annotations

import base64
from pathlib import Path

from landscape.charts.style import REPORT_COLOURS
from landscape.charts.svg import within_page
from landscape.reporting.content import Report
from landscape.reporting.layout import Heading, lay_out

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent.parent / "charts" / "fonts"


def write_html(report: Report, figures_dir: Path, out: Path) -> None:
    """Writes the report as one HTML file that loads nothing else.

    Args:
        report: The content.
        figures_dir: The folder of `figures.json` and the SVG pictures it names.
        out: The file to write.

    Raises:
        RenderError: A picture's file is missing.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    elements = lay_out(report, figures_dir)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"base64": _base64, "css_string": _css_string, "within_page": _within_page}
    page = environment.get_template("report.html.j2").render(
        report=report,
        colours=REPORT_COLOURS,
        blocks=elements,
        headings=[element for element in elements if isinstance(element, Heading) and element.level <= 2],
        regular=FONTS / "OpenSans-Regular.ttf",
        bold=FONTS / "OpenSans-Bold.ttf",
    )
    out.write_text(page, encoding="utf-8", newline="\n")


def _css_string(text: str) -> str:
    """The inside of a CSS string; anything but letters and digits is written as its code point."""
    return "".join(letter if letter.isalnum() else f"\\{ord(letter):X} " for letter in text)


def _within_page(svg: Path) -> str:
    return within_page(svg.read_text(encoding="utf-8"))


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode("ascii")

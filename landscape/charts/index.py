"""All figures on one page: reports/figures/index.html."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from landscape.charts.picture import font_faces
from landscape.charts.sheet import SAMPLE_NOTICE
from landscape.charts.status import DRAFT
from landscape.charts.style import PAGE_COLOURS
from landscape.figure_marks import DRAFT_RELEASE

INDEX = "index.html"
_NAMES = {"html": "Page", "svg": "SVG", "png": "PNG", "csv": "CSV"}


def index_page(figures: Sequence[Mapping[str, Any]], release: str = DRAFT_RELEASE) -> str:
    """The page, which shows the pictures in its folder and loads nothing else.

    Args:
        figures: Entries of figures.json.
        release: Name of the release they belong to.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("index.html.j2").render(
        figures=figures,
        faces=font_faces(),
        colours=PAGE_COLOURS,
        names=_NAMES,
        stamp=DRAFT if release == DRAFT_RELEASE else f"Release {release}",
        notice=SAMPLE_NOTICE if any(figure["is_sample"] for figure in figures) else "",
    )

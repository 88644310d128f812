"""The commands `figure` and `browser`: one figure as a file, and the browser that draws it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import say, unfinished

_WIDTH = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(?:cm)?\s*", re.IGNORECASE)


@unfinished("No file was written.")
def figure(
    name: Annotated[str, typer.Argument(help="The figure's name, as in reports/figures.")],
    kind: Annotated[str, typer.Option("--format", help="png (300 dots per inch), svg, html, csv or json.")] = "png",
    width: Annotated[str, typer.Option(help="How wide it will be in your document, such as 16cm or 8cm.")] = "16cm",
    out: Annotated[Path | None, typer.Option(help="The file to write; in this folder without it.")] = None,
) -> None:
    """Draws one figure for your own document.

    It is laid out for its width there; type is as large at any width.
    """
    from landscape.charts.export import export_figure
    from landscape.last_refresh import read_last_refresh
    from landscape.staging_db import StagingDatabase
    from landscape.surveys.known import known_people
    from pipelines.definitions import declared_surveys, drawings, figure_names

    if name not in figure_names():
        raise LandscapeError(f"there is no figure “{name}”", culprits=figure_names(), remedy="use one of these names")
    width_cm = _centimetres(width)
    file = out or Path(f"{name}-{width_cm:g}cm.{kind}")
    paths = project_paths()
    with read_last_refresh(paths) as con:
        (draw,) = drawings(StagingDatabase(con, paths), declared_surveys(), {name})
    chart = export_figure(draw, kind, width_cm, file, known_people(paths))
    say(f"Written: {file} ({width_cm:g} cm wide)", f"Alternative text: {chart.alt}")


def browser() -> None:
    """Finds, or tries to install, the browser that draws pictures."""
    from landscape.charts.browser import REMEDY, find_browser, install_browser

    found = find_browser() or install_browser(say)
    say(f"Pictures are drawn by {found}." if found else f"No browser: pictures will be missing. {REMEDY}")


def _centimetres(width: str) -> float:
    read = _WIDTH.fullmatch(width)
    if read is None:
        raise LandscapeError(f"“{width}” is no width", remedy="give it in centimetres, such as --width 16cm")
    return float(read.group(1).replace(",", "."))

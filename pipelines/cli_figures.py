"""The command that gives one figure for one's own document. Not here: drawing it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from landscape.errors import LandscapeError
from landscape.paths import project_paths

console = Console(highlight=False, soft_wrap=True)
_WIDTH = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(?:cm)?\s*", re.IGNORECASE)


def figure(
    name: Annotated[str, typer.Argument(help="The figure's name, as in reports/figures.")],
    kind: Annotated[str, typer.Option("--format", help="png (300 dots per inch), svg, html, csv or json.")] = "png",
    width: Annotated[str, typer.Option(help="How wide it will stand in your document, such as 16cm or 8cm.")] = "16cm",
    out: Annotated[Path | None, typer.Option(help="The file to write; in this folder without it.")] = None,
) -> None:
    """Draws one figure for your own document, laid out for its width there; type is as large at any width."""
    from landscape.charts.export import export_figure
    from landscape.pii_scan import known_people
    from landscape.staging_db import StagingDatabase, open_staging_db
    from pipelines.definitions import drawings, figure_names

    if name not in figure_names():
        raise LandscapeError(f"there is no figure “{name}”", culprits=figure_names(), remedy="use one of these names")
    width_cm = _centimetres(width)
    file = out or Path(f"{name}-{width_cm:g}cm.{kind}")
    paths = project_paths()
    _require_refresh(paths.staging_db)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        (draw,) = drawings(StagingDatabase(con, paths), {name})
        chart = export_figure(draw, kind, width_cm, file, known_people(paths))
    console.print(f"Written: {file} ({width_cm:g} cm wide)", markup=False)
    console.print(f"Alternative text: {chart.alt}", markup=False)


def _centimetres(width: str) -> float:
    read = _WIDTH.fullmatch(width)
    if read is None:
        raise LandscapeError(f"“{width}” is no width", remedy="give it in centimetres, such as --width 16cm")
    return float(read.group(1).replace(",", "."))


def _require_refresh(staging_db: Path) -> None:
    if not staging_db.exists():
        raise LandscapeError("nothing has been refreshed yet", remedy="run `landscape refresh` first")

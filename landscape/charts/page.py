"""A chart as one self-contained web page, and its data as text."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.charts.picture import font_faces
from landscape.charts.style import PAGE_COLOURS
from landscape.charts.svg import within_reach

if TYPE_CHECKING:
    import pandas as pd
    from jinja2 import Template

    from landscape.charts.chart import Chart

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def chart_page(chart: Chart, svg: str | None, missing: str | None = None) -> str:
    """The page: the picture itself, its long description and its data table; it needs no script.

    Its own content security policy forbids it to load anything.

    Args:
        chart: The chart.
        svg: Its picture as published, or None.
        missing: Why there is none.
    """
    part, areas = within_reach(svg) if svg else ("", [])
    return _template().render(
        chart=chart,
        width=chart.plot.layout.width,
        faces=font_faces(),
        colours=PAGE_COLOURS,
        svg=part,
        areas=areas,
        missing=missing,
        headings=[_heading(str(name)) for name in chart.data.columns],
        rows=list(_rows(chart.data)),
    )


def chart_csv(data: pd.DataFrame) -> str:
    """The data as CSV; text that a spreadsheet would take for a formula starts with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(data.columns)
    for row, raw in zip(_rows(data), data.itertuples(index=False), strict=True):
        writer.writerow(
            f"'{cell}" if isinstance(value, str) and cell.startswith(_FORMULA_STARTS) else cell
            for cell, value in zip(row, raw, strict=True)
        )
    return out.getvalue()


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template("page.html.j2")


def _rows(data: pd.DataFrame) -> Iterable[list[str]]:
    return ([_cell(value) for value in row] for row in data.itertuples(index=False))


def _cell(value: Any) -> str:  # noqa: ANN401 whatever a cell of a frame may hold
    """One value as text: empty if missing, ISO dates, true and false, fractions to six places."""
    import numpy
    import pandas as pd

    if pd.isna(value):
        return ""
    if isinstance(value, bool | numpy.bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _heading(column: str) -> str:
    """A column's name in words: n_visits becomes “Number of visits”."""
    words = column.removeprefix("n_").replace("_", " ")
    return f"Number of {words}" if column.startswith("n_") else words[:1].upper() + words[1:]

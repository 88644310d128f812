"""One measure of the Home Office’s workforce statistics, mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import map_with_table
from landscape.charts.bands import fill_of, key_of, rate_bands
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.maps import AreaCell
from landscape.charts.style import STATE_NAMES
from landscape.charts.tables import Column
from landscape.charts.text import listed
from landscape.charts.words import caption, long_date
from landscape.places.boundaries import ATTRIBUTION

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

SOURCE = (
    "Source: Home Office, Police workforce, England and Wales, 30 September 2017; "
    "ONS mid-2017 population estimates. Open Government Licence v3.0."
)
NOT_AVAILABLE, UNKNOWN = "Not available", "[x]"


def context_map(measure_code: str, tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """A choropleth of one measure per 100,000 people, with a table of the numbers behind it.

    Args:
        measure_code: Which measure is drawn; the figure is named after it.
        tables: marts.context.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    context = tables["marts.context"]
    rows = context[context.measure_code == measure_code].sort_values("force_area_name", ignore_index=True)
    known = rows[rows.state != "not_covered"]
    bands = rate_bands(known.loc[known.state == "value", "measure_per_100k"].astype(float))
    drawn = [fill_of(row.state, row.measure_per_100k, bands) for row in rows_of(rows)]
    cells = {
        row.force_area_code: AreaCell(
            code=row.force_area_code,
            name=row.force_area_name,
            fill=fill,
            label=_rate(row),
            hover=f"{row.force_area_name}: {_in_words(row)}",
        )
        for row, (_, fill) in zip(rows_of(rows), drawn, strict=True)
    }
    return map_with_table(
        _words(f"context_{measure_code}", rows, known),
        boundaries,
        cells,
        key=[(_key_label(label), fill) for label, fill in key_of(drawn, bands)],
        key_title=f"{rows.measure_name.iloc[0]} per 100,000 people",
        columns=[
            Column("Force area", 116, is_number=False),
            Column("Number", 66),
            Column("Per 100,000 people", 82),
        ],
        rows=[
            (row.force_area_name, _number(row), UNKNOWN if row.state == "not_covered" else _rate(row))
            for row in rows_of(rows)
        ],
        data=rows,
    )


def _key_label(label: str) -> str:
    """Published statistics say “not available” where other figures say “not covered”."""
    return NOT_AVAILABLE if label == STATE_NAMES["not_covered"] else label


def _rate(row: Row) -> str:
    return NOT_AVAILABLE.lower() if row.state == "not_covered" else f"{row.measure_per_100k:,.1f}"


def _number(row: Row) -> str:
    if row.state == "not_covered":
        return UNKNOWN
    return f"{row.measure_value:,.0f}" if row.unit == "headcount" else f"{row.measure_value:,.1f}"


def _in_words(row: Row) -> str:
    if row.state == "not_covered":
        return NOT_AVAILABLE.lower()
    return f"{_number(row)} ({row.unit}), {_rate(row)} per 100,000 people"


def _words(figure_id: str, rows: pd.DataFrame, known: pd.DataFrame) -> Words:
    import pandas as pd

    measure, name = rows.iloc[0], rows.measure_name.iloc[0]
    day = long_date(pd.Timestamp(measure.measured_on))
    n = f"{len(known)} of {len(rows)} force areas"
    missing = listed(rows.loc[rows.state == "not_covered", "force_area_name"])
    notes = sorted({f"{row.force_area_name}: {row.note}" for row in rows_of(rows) if not pd.isna(row.note)})
    by_rate = rows_of(known.sort_values("measure_per_100k", kind="stable"))
    lowest, highest = by_rate[0], by_rate[-1]
    return Words(
        figure_id=figure_id,
        headline=f"{name}: from {_rate(lowest)} per 100,000 people in {lowest.force_area_name} "
        f"to {_rate(highest)} in {highest.force_area_name}",
        subtitle=f"{name} ({measure.unit}) on {day}, per 100,000 people (mid-2017 population)",
        caption=caption(
            f"Figures for {n}",
            f"{NOT_AVAILABLE} {UNKNOWN}: {missing}" if missing else "",
            *notes,
            "Context only: published statistics, which say nothing about the quality or amount of engagement",
        ),
        source=f"{SOURCE} {ATTRIBUTION}",
        alt=f"Map of {name.lower()} per 100,000 people by police force area, {day}: {n}.",
        long_description=caption(*(f"{row.force_area_name}: {_in_words(row)}" for row in rows_of(rows))),
        n=n,
        coverage=n,
        is_sample=False,
    )

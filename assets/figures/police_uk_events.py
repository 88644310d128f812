"""Events that neighbourhood teams announced on data.police.uk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import map_with_table
from landscape.charts.bands import count_bands, fill_of, key_of
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.police_uk import asked, in_key, source
from landscape.charts.tables import Column
from landscape.charts.text import counted, listed
from landscape.charts.words import STATE_LABELS, area_cell, caption
from landscape.places.boundaries import ATTRIBUTION

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.police_uk_events",)


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart | None:
    """Draw the map of events announced, all months together; None if nothing was pulled.

    Args:
        tables: marts.police_uk_events.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    months = tables["marts.police_uk_events"].dropna(subset=["month_on"])
    if months.empty:
        return None
    areas = _by_area(months)
    bands = count_bands(int(n) for n in areas.loc[areas.state == "value", "n_events"])
    drawn = [fill_of(row.state, row.n_events, bands) for row in rows_of(areas)]
    return map_with_table(
        _words(areas, months),
        boundaries,
        {
            row.force_area_code: area_cell(row, row.n_events, f"{row.n_events:,}", _in_words(row), bands)
            for row in rows_of(areas)
        },
        key=[(in_key(label), fill) for label, fill in key_of(drawn, bands)],
        key_title="Events announced",
        columns=[Column("Force area", 116, is_number=False), Column("Events", 60), Column("Days asked", 88)],
        rows=[
            (row.force_area_name, "–", "–")
            if row.state == "not_covered"
            else (row.force_area_name, f"{row.n_events:,}", f"{row.n_polls:,}")
            for row in rows_of(areas)
        ],
        data=areas,
    )


def _by_area(months: pd.DataFrame) -> pd.DataFrame:
    """Events of all months by area; an area that was never asked is not covered."""
    columns = ["force_area_code", "force_area_name"]
    facts = {
        "n_events": ("n_events", "sum"),
        "n_neighbourhoods": ("n_neighbourhoods", "max"),
        "n_polls": ("n_polls", "max"),
        "first_polled_on": ("first_polled_on", "min"),
        "last_polled_on": ("last_polled_on", "max"),
    }
    areas = months.groupby(columns, as_index=False).agg(**facts).sort_values("force_area_name", ignore_index=True)
    counts = ["n_events", "n_neighbourhoods", "n_polls"]
    areas[counts] = areas[counts].astype("Int64")
    is_asked = areas.n_polls.notna()
    areas["state"] = [
        "not_covered" if not a else "value" if n else "zero" for a, n in zip(is_asked, areas.n_events, strict=True)
    ]
    areas["n_events"] = areas.n_events.where(is_asked)
    return areas


def _in_words(row: Row) -> str:
    if row.state == "not_covered":
        return STATE_LABELS[row.state]
    places = counted(int(row.n_neighbourhoods), "neighbourhood")
    return f"{counted(int(row.n_events), 'event')} announced, {places} asked on {counted(int(row.n_polls), 'day')}"


def _words(areas: pd.DataFrame, months: pd.DataFrame) -> Words:
    n_areas, with_events = int((areas.state != "not_covered").sum()), int((areas.state == "value").sum())
    n = f"{counted(int(areas.n_events.sum()), 'event')}; {asked(areas)}"
    missing = listed(areas.loc[areas.state == "not_covered", "force_area_name"])
    first, last = months.month_on.min(), months.month_on.max()
    period = f"in {first:%B %Y}" if first == last else f"from {first:%B %Y} to {last:%B %Y}"
    polled = areas.dropna(subset=["first_polled_on"])
    return Words(
        figure_id="police_uk_events",
        headline=f"Neighbourhood teams of {with_events} of the {counted(n_areas, 'force')} asked announced events "
        "on data.police.uk",
        subtitle=f"Number of events announced by neighbourhood teams, to be held {period}",
        caption=caption(
            n,
            f"Not covered: {missing}" if missing else "",
            "Only upcoming events are listed, so those announced and held between two pulls are missing",
            "None listed is no proof that there were none: a force may announce its events elsewhere. Not a ranking",
        ),
        source=f"{source(polled.first_polled_on.min(), polled.last_polled_on.max())} {ATTRIBUTION}",
        alt=f"Map of events announced by neighbourhood teams, by police force area: {n}.",
        long_description=caption(*(f"{row.force_area_name}: {_in_words(row)}" for row in rows_of(areas))),
        n=n,
        coverage=asked(areas),
        is_sample=False,
    )

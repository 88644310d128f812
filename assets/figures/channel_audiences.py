"""Which audiences are addressed through which channels, and who would be missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.count_map import count_map
from landscape.charts.frame import rows_of
from landscape.charts.text import listed
from landscape.charts.words import caption, visited, visits_source

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.channel_audiences", "marts.audience_reach", "marts.force_areas")
NOTHING = "No activity with a channel and an audience has been recorded yet."
DIGITAL_ONLY, NO_ACTIVITY = "digital only", "no activity recorded"
MOST_NAMED = 3  # no headline with more names than this
COLUMNS = [
    "audience_code", "audience_name", "channel_code", "channel_name", "is_digital", "n_activities", "n_areas", "state",
]  # fmt: skip


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw audience × channel: those found at least once, digital channels on the right.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    every, reach = tables["marts.channel_audiences"], tables["marts.audience_reach"]
    met = every[every.n_activities > 0]
    data = every[every.channel_code.isin(met.channel_code) & every.audience_code.isin(met.audience_code)]
    data = data.sort_values(["audience_name", "is_digital", "channel_name"], ignore_index=True)[COLUMNS]
    words = _words(data, reach, tables["marts.force_areas"])
    if data.empty:
        return statement(words, NOTHING, data)
    lines = [list(rows_of(rows)) for _, rows in data.groupby("audience_name", sort=True)]
    only_digital = set(reach.loc[reach.audience_reach == DIGITAL_ONLY, "audience_name"])
    return count_map(
        words,
        rows=[_label(line[0].audience_name, only_digital) for line in lines],
        columns=[f"{row.channel_name}{' *' if row.is_digital else ''}" for row in lines[0]],
        lines=lines,
        count="n_activities",
        key_title="Activities with this audience and this channel (* digital channel)",
        data=data,
    )


def _label(name: str, only_digital: set[str]) -> str:
    return f"{name} (digital only)" if name in only_digital else name


def _words(data: pd.DataFrame, reach: pd.DataFrame, areas: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    missed = list(reach.loc[reach.audience_reach == DIGITAL_ONLY, "audience_name"])
    nobody = list(reach.loc[reach.audience_reach == NO_ACTIVITY, "audience_name"])
    n = f"{data.audience_code.nunique()} audiences by {data.channel_code.nunique()} channels"
    finding = f"Addressed through digital channels alone: {listed(missed)}"
    return Words(
        figure_id="channel_audiences",
        headline=finding if 0 < len(missed) <= MOST_NAMED and not is_sample else "Channels against audiences",
        subtitle="Activities that address the audience and have the channel",
        caption=caption(
            n,
            visited(areas),
            "An activity with two channels and two audiences counts in four cells; nobody recorded which channel reaches whom",
            f"No recorded activity addresses {listed(nobody)}" if nobody else "",
            "Whom a channel is meant for is not whom it reaches",
        ),
        source=visits_source(is_sample),
        alt=f"Grid of {n}." + (f" Addressed through digital channels alone: {listed(missed)}." if missed else ""),
        long_description=caption(
            *(
                f"{row.audience_name}, {row.channel_name}: {row.n_activities}"
                for row in rows_of(data)
                if row.n_activities
            )
        )
        or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

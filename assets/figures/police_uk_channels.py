"""Channels that forces list on data.police.uk as ways to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart, Words
from landscape.charts.count_map import by_place
from landscape.charts.frame import Row
from landscape.charts.matrix import Cell, heat_map
from landscape.charts.police_uk import NOT_ASKED, asked, channel_name, source
from landscape.charts.style import BLUE, PAPER, STATE_FILLS, Fill
from landscape.charts.text import counted, listed
from landscape.charts.words import caption

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.police_uk_channels",)
FILLS = {
    "value": ("Listed", Fill(BLUE, PAPER)),
    "zero": ("Not listed", STATE_FILLS["zero"]),
    "not_covered": (NOT_ASKED, STATE_FILLS["not_covered"]),
}
MOST_NAMED = 2  # no finding with more channels than this in first place


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart | None:
    """Draw channels by force; None if nothing was pulled.

    Args:
        tables: marts.police_uk_channels.
        boundaries: Not used.
    """
    data = tables["marts.police_uk_channels"].dropna(subset=["contact_channel_code"])
    if data.empty:
        return None
    data = data.sort_values(["contact_channel_code", "force_area_name"], ignore_index=True)
    areas = data.drop_duplicates("force_area_code")
    channels = _by_number(data).index
    rows = by_place(data, "contact_channel_code", channels, areas.force_area_code)
    present = set(data.state)
    return heat_map(
        _words(data),
        rows=[channel_name(channel) for channel in channels],
        columns=list(areas.force_area_name),
        cells=[[Cell(_in_cell(row), FILLS[row.state][1]) for row in line] for line in rows],
        key=[item for state, item in FILLS.items() if state in present],
        key_title="Listed as a way to reach the force",
        data=data,
    )


def _by_number(data: pd.DataFrame) -> pd.Series[int]:
    """Forces that list each channel, most first."""
    listed = (data.state == "value").astype(int)
    return listed.groupby(data.contact_channel_code).sum().sort_values(ascending=False, kind="stable")


def _in_cell(row: Row) -> str:
    if row.state == "not_covered":
        return ""
    return "no" if row.state == "zero" else "yes"


def _words(data: pd.DataFrame) -> Words:
    polled = data.dropna(subset=["polled_on"])
    n = asked(data)
    missing = listed(data.loc[data.state == "not_covered", "force_area_name"].unique())
    numbers = _by_number(data)
    return Words(
        figure_id="police_uk_channels",
        headline=_finding(data) or "Channels that police forces list as ways to reach them",
        subtitle="Channels that each force lists on data.police.uk, at its latest answer",
        caption=caption(
            n,
            f"Not covered: {missing}" if missing else "",
            "What a force lists, not what it uses: a channel that is not listed may exist",
        ),
        source=source(polled.polled_on.min(), polled.polled_on.max()),
        alt=f"Grid of {len(numbers)} channels by {data.force_area_code.nunique()} police forces: {n}.",
        long_description=caption(
            *(f"{channel_name(channel)}: {listed(_forces(data, channel)) or 'none'}" for channel in numbers.index),
            f"Not covered: {missing}" if missing else "",
        ),
        n=n,
        coverage=n,
        is_sample=False,
    )


def _forces(data: pd.DataFrame, channel: str) -> list[str]:
    return list(data.loc[(data.contact_channel_code == channel) & (data.state == "value"), "force_area_name"])


def _finding(data: pd.DataFrame) -> str | None:
    """The one or two channels that most forces list; None if more share first place."""
    numbers = _by_number(data)
    top = numbers[numbers == numbers.max()]
    if not 0 < len(top) <= MOST_NAMED:
        return None
    names = listed(channel_name(channel) for channel in top.index)
    n_asked = data.loc[data.state != "not_covered", "force_area_code"].nunique()
    return f"Listed most often: {names}, by {top.iloc[0]} of the {counted(n_asked, 'force')} asked"

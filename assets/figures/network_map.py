"""Which areas have members of the network, and members by region and type."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING

from landscape.charts.area_charts import map_over_table
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import rows_of
from landscape.charts.maps import AreaCell
from landscape.charts.style import BLUE, PAPER, STATE_FILLS, Fill
from landscape.charts.tables import Column
from landscape.charts.text import counted, listed
from landscape.charts.words import caption, closing, sample_note
from landscape.disclosure.declared import ALL
from landscape.disclosure.limits import FEWEST_PEOPLE
from landscape.places.boundaries import ATTRIBUTION
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("safe.members", "safe.member_areas", "reference.force_areas", TABLE)
YES, NOT_SAID = "Has members", "Not said"
FILLS = {YES: Fill(BLUE, PAPER), NOT_SAID: STATE_FILLS["suppressed"]}


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the latest wave of the network: areas with members, and the table of members as published.

    Args:
        tables: The tables in `READS`.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    members, areas = (_latest(tables[name]) for name in READS[:2])
    named = set(areas.loc[areas.has_member.fillna(False).astype(bool), "force_area_code"])
    places = tables["reference.force_areas"].sort_values("force_area_name")
    said = {row.force_area_code: YES if row.force_area_code in named else NOT_SAID for row in rows_of(places)}
    cells = {
        row.force_area_code: AreaCell(
            code=row.force_area_code,
            name=row.force_area_name,
            fill=FILLS[said[row.force_area_code]],
            label="yes" if row.force_area_code in named else "[c]",
            hover=f"{row.force_area_name}: {said[row.force_area_code].lower()}",
        )
        for row in rows_of(places)
    }
    data = members.drop(columns="is_sample").rename(columns={"n_members": "n_region_members"})
    return map_over_table(
        _words(names_in(tables), members, places, named),
        boundaries,
        cells,
        key=[(label, fill) for label, fill in FILLS.items() if label in said.values()],
        key_title="Does the area have members who agreed to this being said?",
        table=_table(members),
        data=data,
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    is_latest: pd.Series[bool] = rows.wave == rows.wave.max()
    return rows[is_latest]


def _table(members: pd.DataFrame) -> tuple[list[Column], list[tuple[str, ...]]]:
    """Regions beside types of organisation, each with its total, as published."""
    by_region, by_type = (rows_of(members[members.cut == cut]) for cut in ("region", "organisation_type"))
    if members.empty:
        return [], []
    names = ("Members by region", "Members by type of organisation")
    columns = [c for name in names for c in (Column(name, 250, is_number=False), Column("about", 55))]
    columns.insert(2, Column("", 30, is_number=False))
    cells = [[(row.cut_name, f"{row.n_members:,}") for row in rows] for rows in (by_region, by_type)]
    return columns, [(*left, "", *right) for left, right in zip_longest(*cells, fillvalue=("", ""))]


def _words(names: Names, members: pd.DataFrame, places: pd.DataFrame, named: set[str]) -> Words:
    is_sample = bool(members.is_sample.any())
    totals = members.loc[members.cut_code.eq(ALL) & members.cut.eq("region"), "n_members"]
    n = f"about {int(totals.iloc[0]):,} members" if len(totals) else f"fewer than {FEWEST_PEOPLE} members"
    with_member = f"{len(named)} of {counted(len(places), 'area')} said to have members"
    said = listed(places.loc[places.force_area_code.isin(named), "force_area_name"])
    finding = f"The network has {n}; areas said to have some: {len(named)} of {len(places)}"
    return Words(
        figure_id="network_map",
        headline=finding if len(totals) and not is_sample else "Members of the network",
        subtitle=f"Areas with members who agreed to it being said, and members by region and type{closing(members)}",
        caption=caption(
            f"Recorded: {n}",
            with_member,
            "Said where at least two members of two organisations agreed; not said is no “no”",
            "Members are rounded to the nearest 5, row by row: 0 means 0 to 2, and a total is the sum of its rows"
            if len(members)
            else "",
        ),
        source=f"Source: sign-ups to the {names.network}{sample_note(is_sample)}. {ATTRIBUTION}",
        alt=f"Map of the force areas: {with_member}. Below it members by region and by type of organisation.",
        long_description=caption(
            f"Areas said to have members: {said}" if named else "Of no area it is said that it has members",
            *(f"{row.cut_name}: about {row.n_members}" for row in rows_of(members)),
        ),
        n=n,
        coverage=with_member,
        is_sample=is_sample,
    )

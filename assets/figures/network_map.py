"""Which areas have a member of the network, and members by region and type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import map_over_table
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import rows_of
from landscape.charts.maps import AreaCell
from landscape.charts.style import BLUE, PAPER, STATE_FILLS, Fill
from landscape.charts.tables import Column
from landscape.charts.text import counted, listed
from landscape.charts.words import caption, sample_note
from landscape.disclosure.counts import TOTAL
from landscape.disclosure.members import EVERYWHERE
from landscape.disclosure.suppression_mask import SYMBOLS
from landscape.places.boundaries import ATTRIBUTION
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("safe.members_by_region", "safe.member_areas", "reference.force_areas", TABLE)
YES, NOT_SAID = "Has a member", "Not said"
FILLS = {YES: Fill(BLUE, PAPER), NOT_SAID: STATE_FILLS["suppressed"]}


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the latest wave of the network: areas with a member, and the table of members as published.

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
        key_title="Does the area have a member who agreed to this being said?",
        table=_table(members),
        data=data,
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    is_latest: pd.Series[bool] = rows.wave == rows.wave.max()
    return rows[is_latest]


def _table(members: pd.DataFrame) -> tuple[list[Column], list[tuple[str, ...]]]:
    """Types by region, totals last, as published."""
    regions = list(members.region_name.drop_duplicates())
    columns = [Column("Members", 220, is_number=False), *(Column(region, 470 / len(regions)) for region in regions)]
    by_type = members.groupby(["organisation_type_code", "organisation_type_name"], sort=False)
    ordered = sorted(by_type, key=lambda item: (item[0][0] == TOTAL, item[0][1]))
    rows = []
    for (_, name), of_type in ordered:
        by_region = {row.region_name: row for row in rows_of(of_type)}
        cells = (by_region[region] for region in regions)
        rows.append((str(name), *(SYMBOLS.get(cell.state) or str(cell.n_members) for cell in cells)))
    return columns, rows


def _words(names: Names, members: pd.DataFrame, places: pd.DataFrame, named: set[str]) -> Words:
    is_sample = bool(members.is_sample.any())
    everybody = members[
        (members.region_name == EVERYWHERE) & (members.organisation_type_code == TOTAL)
    ].n_members.dropna()
    n = counted(int(everybody.iloc[0]), "member") if len(everybody) else "too few members to be counted"
    with_member = f"{len(named)} of {counted(len(places), 'area')} said to have a member"
    said = listed(places.loc[places.force_area_code.isin(named), "force_area_name"])
    wave = f", wave of {members.wave.iloc[0]}" if len(members) else ""
    finding = f"The network has {n}; areas said to have one: {len(named)} of {len(places)}"
    return Words(
        figure_id="network_map",
        headline=finding if len(everybody) and not is_sample else "Members of the network",
        subtitle=f"Areas with a member who agreed to it being said, and members by region and type of organisation{wave}",
        caption=caption(
            n,
            with_member,
            "Not said means either: nobody joined there, or nobody agreed to it being said",
            "[c]: not shown to protect people, because it is a small number or one that would give it away",
        ),
        source=f"Source: sign-ups to the {names.network}{sample_note(is_sample)}. {ATTRIBUTION}",
        alt=f"Map of the force areas: {with_member}. Below it a table of members by region and type of organisation.",
        long_description=caption(
            f"Areas said to have a member: {said}" if named else "Of no area it is said that it has a member",
            *(
                f"{row.region_name}, {row.organisation_type_name}: {SYMBOLS.get(row.state) or row.n_members}"
                for row in rows_of(members)
            ),
        ),
        n=n,
        coverage=with_member,
        is_sample=is_sample,
    )

"""Chapter: who joined the network, by region and by type of organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.declared import ALL
from landscape.disclosure.limits import FEWEST_PEOPLE
from landscape.places.landscape import names_in
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, found, id_of
from landscape.reporting.wording import closing, listing, number, wave_words

if TYPE_CHECKING:
    import pandas as pd

_CUTS = {"region": ("region", "Region"), "organisation_type": ("type of organisation", "Type of organisation")}
_ROUNDED = "Each number is rounded to the nearest 5 by itself: 0 means 0 to 2, and a total is the sum of its rows."


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """The network."""
    members, areas = tables["safe.members"], tables["safe.member_areas"]
    if members.empty:
        few = f"Nothing is shown about members of the network: fewer than {FEWEST_PEOPLE} joined in any wave that is shown."
        return Section("The network", (Paragraph(few), FigureRef("network_map")))
    blocks: list[Block] = [
        Paragraph(
            f"A member of the {names_in(tables).network} asked to join and agreed to be written to. Members are counted by "
            "the wave in which they signed up, by region and by type of organisation, and rounded."
        ),
        FigureRef("network_map"),
    ]
    for wave, rows in members.groupby("wave", sort=True):
        blocks += _wave(wave_words(wave), rows, areas[areas["wave"] == wave])
    return Section("The network", tuple(blocks))


def _wave(wave: str, rows: pd.DataFrame, areas: pd.DataFrame) -> list[Block]:
    is_sample = bool(rows["is_sample"].any())
    total = rows[rows["cut_code"].eq(ALL)].iloc[0]
    scope = f"network.{id_of(wave)}"
    named = list(areas.loc[areas["has_member"].fillna(False), "force_area_name"])
    blocks: list[Block] = [
        Paragraph(
            found(
                scope,
                "the network has about {n_members} members recorded ({wave}, " + closing(total["closes_on"]) + "){see "
                "figure:network_map}.",
                is_sample,
                n_members=number(total["n_members"]),
                wave=wave,
            )
        ),
        *(_table(cut, of_cut, wave, is_sample) for cut, of_cut in rows.groupby("cut", sort=False)),
    ]
    if named:
        said = "members agreed to publishing that the network has members in {areas} ({wave}). "
        nothing = "Nothing is said about other areas."
        agreed = found(f"{scope}.agreed", said + nothing, is_sample, areas=listing(named), wave=wave)
        blocks.append(Paragraph(agreed))
    return blocks


def _table(cut: object, rows: pd.DataFrame, wave: str, is_sample: bool) -> DataTable:
    by, heading = _CUTS[str(cut)]
    return DataTable(
        title=f"Members of the network by {by}, {wave}",
        columns=(heading, "Members, about"),
        rows=tuple((row["cut_name"], number(row["n_members"])) for row in rows.to_dict("records")),
        note=_ROUNDED,
        is_sample=is_sample,
        table_id=f"members.{cut}.{id_of(wave)}",
    )

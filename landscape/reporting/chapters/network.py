"""Chapter: who joined the network, by region and by type of organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.counts import TOTAL
from landscape.disclosure.members import EVERYWHERE
from landscape.disclosure.suppression_mask import SUPPRESSED, SYMBOLS
from landscape.places.landscape import names_in
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, found, id_of
from landscape.reporting.wording import counted, listing, number, wave_words

if TYPE_CHECKING:
    import pandas as pd


_HIDDEN = "[c]: not shown to protect people, because it is a small number or one that would give it away."


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """The network."""
    members, areas = tables["safe.members_by_region"], tables["safe.member_areas"]
    if members.empty:
        return Section(
            "The network",
            (Paragraph("Nobody is recorded as having joined the network."), FigureRef("network_map")),
        )
    blocks: list[Block] = [
        Paragraph(
            f"A member of the {names_in(tables).network} asked to join and agreed "
            "to be written to. Members are counted by region and by type of organisation; small numbers are not shown."
        ),
        FigureRef("network_map"),
    ]
    for wave, rows in members.groupby("wave", sort=True):
        blocks += _wave(wave_words(wave), rows, areas[areas["wave"] == wave])
    return Section("The network", tuple(blocks))


def _wave(wave: str, rows: pd.DataFrame, areas: pd.DataFrame) -> list[Block]:
    is_sample = bool(rows["is_sample"].any())
    is_everywhere, is_every_type = rows["region_name"] == EVERYWHERE, rows["organisation_type_code"] == TOTAL
    total = rows.loc[is_everywhere & is_every_type].iloc[0]
    if total["state"] == SUPPRESSED:
        few = "too few members of the network are recorded to be counted ({wave})."
        return [Paragraph(found(f"network.few.{id_of(wave)}", few, is_sample, wave=wave))]
    scope = f"network.{id_of(wave)}"
    named = list(areas.loc[areas["has_member"].fillna(False), "force_area_name"])
    blocks: list[Block] = [
        Paragraph(
            found(
                scope,
                "the network has {n_members} recorded ({wave}){see figure:network_map}.",
                is_sample,
                n_members=counted(int(total["n_members"]), "member", "members"),
                wave=wave,
            )
        ),
        _table("region", "Region", rows[is_every_type], "region_name", wave, is_sample),
        _table(
            "type of organisation",
            "Type of organisation",
            rows[is_everywhere],
            "organisation_type_name",
            wave,
            is_sample,
        ),
    ]
    if named:
        said = "members agreed to publishing that the network has a member in {areas} ({wave}). "
        nothing = "Nothing is published about other areas."
        agreed = found(f"{scope}.agreed", said + nothing, is_sample, areas=listing(named), wave=wave)
        blocks.append(Paragraph(agreed))
    return blocks


def _table(by: str, heading: str, rows: pd.DataFrame, column: str, wave: str, is_sample: bool) -> DataTable:
    return DataTable(
        title=f"Members of the network by {by}, {wave}",
        columns=(heading, "Members"),
        rows=tuple(
            (row[column], SYMBOLS.get(row["state"]) or number(row["n_members"])) for row in rows.to_dict("records")
        ),
        note=_HIDDEN if rows["state"].eq(SUPPRESSED).any() else "",
        is_sample=is_sample,
        table_id=f"members.{id_of(column)}.{id_of(wave)}",
    )

"""Chapter: who joined the network, as totals of regions. Not here: anything finer about people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section
from landscape.reporting.wording import counted, finding, number, wave_words

if TYPE_CHECKING:
    import pandas as pd

NOT_STATED = "Area not stated"
SMALLEST_SHOWN = 3
"""A count of people from 1 up to below this is not shown, nor anything it could be worked out from."""


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """The network."""
    members = tables["marts.network_by_area"]
    if members.empty:
        return Section(
            "The network",
            (Paragraph("Nobody is recorded as having joined the network."), FigureRef("network_map")),
        )
    regions = sorted(tables["marts.force_areas"]["region_name"].unique())
    blocks: list[Block] = [
        Paragraph(
            "A member of the North of England Police-Community Engagement Network asked to join and agreed "
            "to be written to. Members are counted by region only."
        ),
        FigureRef("network_map"),
    ]
    for wave, rows in members.groupby("wave", sort=True, dropna=False):
        blocks += _wave(wave_words(wave), rows, regions)
    return Section("The network", tuple(blocks))


def _wave(wave: str, rows: pd.DataFrame, regions: list[str]) -> list[Block]:
    is_sample = bool(rows["is_sample"].any())
    total = int(rows["n_members"].sum())
    by_region = rows.assign(region=rows["region_name"].fillna(NOT_STATED)).groupby("region")["n_members"].sum()
    counts = {region: int(by_region.get(region, 0)) for region in [*regions, NOT_STATED]}
    words = f"the network has {counted(total, 'member', 'members')} recorded ({wave})."
    if total < SMALLEST_SHOWN:
        words = f"fewer than {SMALLEST_SHOWN} members of the network are recorded ({wave})."
    if any(0 < n < SMALLEST_SHOWN for n in counts.values()):
        words += f" Regions are not shown, because one of them has fewer than {SMALLEST_SHOWN}."
        return [Paragraph(finding(words, is_sample))]
    return [
        Paragraph(finding(words, is_sample)),
        DataTable(
            title=f"Members of the network by region, {wave}",
            columns=("Region", "Members"),
            rows=(*((region, number(n)) for region, n in counts.items()), ("Total", number(total))),
            is_sample=is_sample,
        ),
    ]

"""The members of the network as published: by region and type, and which areas have one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from landscape.disclosure.audit import FEWEST_VALUES, audit
from landscape.disclosure.counts import TOTAL, AtLeast, Cell, Counts, crossed
from landscape.disclosure.declared import MEMBERS, NOT_STATED
from landscape.disclosure.profiles import Profile
from landscape.disclosure.suppress import suppressed
from landscape.disclosure.suppression_mask import SUPPRESSED, masked

if TYPE_CHECKING:
    import pandas as pd

EVERYWHERE = "All regions"
EVERY_TYPE = "All types"
NO_REGION = "Area not stated"
COLUMNS = ["wave", "region_name", "organisation_type_code", "organisation_type_name", "n_members"]


def members_by_region(network: pd.DataFrame, areas: pd.DataFrame, profile: Profile, secret: bytes) -> pd.DataFrame:
    """Members by region and type of organisation with totals, small counts hidden.

    Args:
        network: marts.network_by_area, with `n_area_agreed`: members who agreed to their area being named.
        areas: reference.force_areas.
        profile: The thresholds.
        secret: The key of the order in which cells are hidden.

    Returns:
        Columns wave, region_name, organisation_type_code, organisation_type_name, n_members, is_sample and state.
        Regions: those of `areas`, "Area not stated", and the total, "All regions". Types: those that any
        member has, and the total, TOTAL. No row is missing; a hidden count is empty.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    import pandas as pd

    return pd.concat(
        [_empty(network), *(_of_wave(rows, areas, profile, secret) for _, rows in network.groupby("wave"))],
        ignore_index=True,
    )


def member_areas(network: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Which areas have a member, where a member there agreed to this being published.

    An area without a member and one whose members did not agree look the same: neither is a "no". A region with
    hardly more members than areas to name has none named: otherwise the members of each area could be counted.

    Args:
        network: marts.network_by_area, with `n_area_agreed`.
        areas: reference.force_areas.

    Returns:
        Columns wave, force_area_code, force_area_name, region_name, has_member (true or empty), is_sample, state.
    """
    import pandas as pd

    names = areas[["force_area_code", "force_area_name", "region_name"]].sort_values("force_area_code")
    tables = [
        names.assign(wave="", has_member=pd.array([pd.NA] * len(names), "boolean"), is_sample=False, state="")[:0]
    ]
    for wave, rows in network.groupby("wave"):
        said = names["force_area_code"].isin(set().union(*_areas_said(rows).values()))
        tables.append(
            names.assign(
                wave=wave,
                has_member=said.astype("boolean").mask(~said),
                is_sample=bool(network["is_sample"].any()),
                state=said.map({True: "value", False: SUPPRESSED}),
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return table[["wave", "force_area_code", "force_area_name", "region_name", "has_member", "is_sample", "state"]]


def counts_of_members(rows: pd.DataFrame, areas: pd.DataFrame) -> Counts:
    """The true counts of one wave, with what the table of areas says about them.

    Args:
        rows: Rows of one wave of marts.network_by_area, with `n_area_agreed`.
        areas: reference.force_areas.
    """
    wave = str(rows["wave"].iloc[0])
    name = f"{MEMBERS.name}, {wave}"
    regions = [*sorted(areas["region_name"].unique()), NOT_STATED]
    types = sorted(rows["organisation_type_code"].fillna(NOT_STATED).unique())
    placed = rows.assign(
        region=rows["region_name"].fillna(NOT_STATED), type=rows["organisation_type_code"].fillna(NOT_STATED)
    )
    added = placed.groupby(["region", "type"])["n_members"].sum()
    inner = {(region, kind): int(added.get((region, kind), 0)) for region in regions for kind in types}
    known = [
        AtLeast(tuple((name, region, kind) for kind in types), len(said))
        for region, said in _areas_said(rows).items()
        if said
    ]
    return crossed(name, inner, known)


def _areas_said(rows: pd.DataFrame) -> dict[str, set[str]]:
    """The areas published as having a member, by region; any of them may have one member, two or three."""
    said = {}
    for region, of_region in rows.groupby("region_name"):
        agreed = set(of_region.loc[of_region["n_area_agreed"] > 0, "force_area_code"])
        is_safe = of_region["n_members"].sum() - len(agreed) >= FEWEST_VALUES - 1
        said[str(region)] = agreed if is_safe else set()
    return said


def _of_wave(rows: pd.DataFrame, areas: pd.DataFrame, profile: Profile, secret: bytes) -> pd.DataFrame:
    import pandas as pd

    counts = counts_of_members(rows, areas)
    hidden = suppressed(counts, profile, secret)
    names = dict(zip(rows["organisation_type_code"].fillna(NOT_STATED), rows["organisation_type_name"], strict=True))
    cells = list(_in_order(counts))
    frame = pd.DataFrame(
        [
            (
                rows["wave"].iloc[0],
                {NOT_STATED: NO_REGION, TOTAL: EVERYWHERE}.get(region, region),
                kind,
                names.get(kind, EVERY_TYPE),
                counts.values[(table, region, kind)],
            )
            for table, region, kind in cells
        ],
        columns=COLUMNS,
    ).assign(is_sample=bool(rows["is_sample"].any()))
    published = masked(frame, [cell in hidden for cell in cells], MEMBERS.counts, profile)
    unseen = {cell for cell, is_empty in zip(cells, published["n_members"].isna(), strict=True) if is_empty}
    audit(counts, unseen, profile)
    return published


def _in_order(counts: Counts) -> Iterator[Cell]:
    """Regions by name, then not stated, then the total; types likewise."""
    last = {NOT_STATED: 1, TOTAL: 2}
    yield from sorted(counts.values, key=lambda cell: tuple((last.get(name, 0), name) for name in cell[1:]))


def _empty(network: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = {column: pd.Series(dtype="str") for column in COLUMNS}
    return pd.DataFrame({**columns, "n_members": pd.Series(dtype="Int64")}).assign(
        is_sample=network["is_sample"][:0], state=pd.Series(dtype="str")
    )

"""Chapter: what activities are for, and which objectives occur together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import minimum_base
from landscape.places.landscape import names_in
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, found
from landscape.reporting.wording import (
    NOT_SAID_NOTE,
    STATE_WORDS,
    counted,
    number,
    percent,
    share_of,
    x_of_n,
)

if TYPE_CHECKING:
    import pandas as pd

SEVERAL = (
    "An activity can have several objectives, so counts can add to more than the number of activities and "
    "shares to more than 100%."
)

AS_FAR_AS_NAMED = " Areas: as far as activities may be named."
UNSTATED = "OBJ.UNSTATED"
"""The code of an activity for which nobody gave an objective."""


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Objectives and their combinations."""
    combinations = tables["marts.objective_combinations"]
    stated = combinations[(combinations["n_objectives"] > 0) & (combinations["objective_codes"] != UNSTATED)]
    title = "Objectives and their combinations"
    if stated.empty:
        figures = tuple(map(FigureRef, ("objective_breakdown", "objective_maps", "objective_combinations")))
        return Section(title, (Paragraph("No activity with an objective has been recorded."), *figures))
    names = names_in(tables)
    return Section(
        title,
        (),
        (
            Section(
                "Objectives",
                _objectives(names.short, minimum_base(tables), stated, tables["marts.objective_breakdown"]),
            ),
            Section("Objectives by region", _by_region(tables["marts.objective_regions"])),
            Section("Objectives that occur together", _together(minimum_base(tables), stated)),
        ),
    )


def _objectives(whole: str, minimum: int, stated: pd.DataFrame, breakdown: pd.DataFrame) -> tuple[Block, ...]:
    n_activities = int(stated["n_activities"].sum())
    is_sample = bool(stated["is_sample"].any())
    codes = stated.assign(objective_code=stated["objective_codes"].str.split(" + ", regex=False)).explode(
        "objective_code"
    )
    counts = codes.groupby("objective_code")["n_activities"].sum()
    n_areas = breakdown[breakdown["n_activities"] > 0].groupby("objective_code")["force_area_code"].nunique()
    # In a release an objective can be reported for an area without saying that the area lacks the others.
    is_known = breakdown["n_area_activities"].fillna(0) > 0
    n_covered = breakdown.loc[is_known | breakdown["state"].isin(["value", "zero"]), "force_area_code"].nunique()
    names = breakdown.drop_duplicates("objective_code").set_index("objective_code")["objective_name"]
    ordered = sorted(((str(code), int(n)) for code, n in counts.items()), key=lambda item: (-item[1], names[item[0]]))
    return (
        Paragraph(
            found(
                "objectives",
                "the record holds {n_activities} with at least one objective. Different objectives that occur: "
                "{n_objectives}{see table:objectives}.",
                is_sample,
                n_activities=counted(n_activities, "activity", "activities"),
                n_objectives=number(len(ordered)),
            )
        ),
        Paragraph(SEVERAL),
        DataTable(
            title=f"Activities by objective, {whole} together",
            columns=("Objective", "Activities", "Share", "Covered areas with one"),
            rows=tuple(
                (
                    names[code],
                    x_of_n(n, n_activities),
                    share_of(n, n_activities, minimum),
                    x_of_n(n_areas.get(code, 0), n_covered),
                )
                for code, n in ordered
            ),
            note="Objectives that no activity counted here has are left out."
            + (AS_FAR_AS_NAMED if (breakdown["state"] == "not_said").any() else "")
            + _tentative(breakdown, {code for code, _ in ordered})
            + (f" [low]: no percentage of fewer than {minimum}." if n_activities < minimum else ""),
            is_sample=is_sample,
            table_id="objectives",
        ),
        FigureRef("objective_breakdown"),
        FigureRef("objective_maps"),
    )


def _by_region(named: pd.DataFrame) -> tuple[Block, ...]:
    """Activities by objective and region."""
    columns = sorted(named["region_name"].unique())
    cells = named.set_index(["objective_name", "region_name"])
    occurring = named.loc[named["n_activities"].fillna(0) > 0, "objective_name"]
    return (
        DataTable(
            title="Activities by objective and region",
            columns=("Objective", *columns),
            rows=tuple(
                (name, *(_region_cell(cells.loc[(name, region)]) for region in columns))
                for name in sorted(occurring.unique())
            ),
            note="x of n: of the activities recorded in the region. An activity that runs in several regions counts in "
            "each." + (NOT_SAID_NOTE if (named["state"] == "not_said").any() else ""),
            is_sample=bool(named["is_sample"].any()),
            table_id="objectives_by_region",
        ),
    )


def _region_cell(cell: pd.Series) -> str:
    if cell["state"] in ("value", "zero"):
        return x_of_n(cell["n_activities"], cell["n_region_activities"])
    return STATE_WORDS[cell["state"]]


def _tentative(breakdown: pd.DataFrame, shown: set[str]) -> str:
    """Names the objectives on which two coders agreed too little; empty if agreement was not measured."""
    marked = breakdown[breakdown["is_tentative"] & breakdown["objective_code"].isin(shown)]
    names = sorted(set(marked["objective_name"]))
    return f" Tentative coding: {', '.join(names)}." if names else ""


def _together(minimum: int, stated: pd.DataFrame) -> tuple[Block, ...]:
    n_activities = int(stated["n_activities"].sum())
    is_sample = bool(stated["is_sample"].any())
    several = stated[stated["n_objectives"] > 1]
    n_several = int(several["n_activities"].sum())
    repeated = several[several["n_activities"] > 1].sort_values(
        ["n_activities", "objective_names"], ascending=[False, True]
    )
    share = f" ({percent(n_several / n_activities)})" if n_activities >= minimum else ""
    blocks: list[Block] = [
        Paragraph(
            found(
                "objectives.combined",
                "two or more objectives are combined in {n_activities}{see figure:objective_combinations}. Different "
                "combinations: {n_combinations}, of which {n_once} for one activity only.",
                is_sample,
                n_activities=f"{x_of_n(n_several, n_activities)} activities{share}",
                n_combinations=number(len(several)),
                n_once=number(len(several) - len(repeated)),
            )
        ),
        FigureRef("objective_combinations"),
    ]
    if len(repeated):
        blocks.append(
            DataTable(
                title="Combinations of objectives recorded for more than one activity",
                columns=("Objectives", "Activities", "Areas"),
                rows=tuple(
                    (row["objective_names"], number(row["n_activities"]), number(row["n_areas"]))
                    for row in repeated.to_dict("records")
                ),
                note="Each activity is counted once, under the exact set of its objectives.",
                is_sample=is_sample,
                table_id="objective_combinations",
            )
        )
    return tuple(blocks)

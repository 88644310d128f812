"""Chapter: objectives that areas share, and which activities were evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import parameter
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, found, words
from landscape.reporting.wording import counted, elsewhere, elsewhere_heading, listing, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd

UNSTATED = "OBJ.UNSTATED"
GAPS = "An empty combination is a gap in the record, not proof of absence."


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Shared objectives and the gap map."""
    every = tables["marts.shared_objectives"]
    on_record = every[((every["n_activities"] > 0) | every["is_shared"]) & (every["objective_code"] != UNSTATED)]
    return Section(
        "Shared objectives",
        _shared(on_record, every, tables["reference.rules"]),
        (Section("What is done for which objective, and what was evaluated", _gaps(tables["marts.gap_map"])),),
    )


def _shared(on_record: pd.DataFrame, every: pd.DataFrame, rules: pd.DataFrame) -> tuple[Block, ...]:
    rule = words(
        "shared_objectives.rule",
        "An objective is called shared when it was stated in at least {fewest_areas} areas, by organisations of these areas, "
        "and by at least {fewest_sources} independent sources: different organisations visited.",
        fewest_areas=parameter(rules, "shared_objectives", "fewest_areas"),
        fewest_sources=parameter(rules, "shared_objectives", "fewest_sources"),
    )
    shared = on_record[on_record["is_shared"]].sort_values(
        ["n_stated_areas", "objective_name"], ascending=[False, True]
    )
    is_sample = bool(on_record["is_sample"].any())
    if shared.empty:
        none = found("shared_objectives.none", "no objective on record is shared so far.", is_sample)
        return (Paragraph(rule), Paragraph(none), FigureRef("shared_objectives"))
    widest = shared[shared["n_stated_areas"] == shared["n_stated_areas"].max()]
    return (
        Paragraph(rule),
        Paragraph(
            found(
                "shared_objectives",
                "by this rule {n_shared} objectives on record are shared{see table:shared_objectives}. Most widely: "
                "{widest}, stated in {n_areas}{see figure:shared_objectives}.",
                is_sample,
                n_shared=x_of_n(len(shared), len(on_record)),
                widest=listing([f"“{name}”" for name in widest["objective_name"]]),
                n_areas=counted(int(widest["n_stated_areas"].iloc[0]), "area", "areas"),
            )
        ),
        FigureRef("shared_objectives"),
        DataTable(
            title="Shared objectives",
            columns=(
                "Objective",
                "Areas that state it",
                "Areas, inferred",
                "Sources that state it",
                "Activities",
                "Stated",
                "Inferred",
                *elsewhere_heading(every),
            ),
            rows=tuple(
                (
                    row["objective_name"],
                    number(row["n_stated_areas"]),
                    number(row["n_inferred_areas"]),
                    number(row["n_stated_sources"]),
                    number(row["n_activities"]),
                    number(row["n_stated"]),
                    number(row["n_inferred"]),
                    *elsewhere(every, row),
                )
                for row in shared.to_dict("records")
            ),
            note="Stated: a speaker gave the objective. Inferred: the researcher concluded it. Counts follow research effort.",
            is_sample=is_sample,
            table_id="shared_objectives",
        ),
    )


def _gaps(every: pd.DataFrame) -> tuple[Block, ...]:
    named = every[every["objective_code"] != UNSTATED]
    on_record = named[named["n_activities"] > 0]
    is_sample = bool(every["is_sample"].any())
    if on_record.empty:
        return (Paragraph("No activity with an objective and a type has been recorded."), FigureRef("gap_map"))
    n_bare = int((on_record["n_evaluated"] == 0).sum())
    return (
        Paragraph(
            found(
                "gap_map",
                "of {n_combinations} combinations of objective and type of activity, {n_on_record} are on record"
                "{see figure:gap_map}; in {n_bare} of these no activity was evaluated, not even after the fact.",
                is_sample,
                n_combinations=number(len(named)),
                n_on_record=number(len(on_record)),
                n_bare=number(n_bare),
            )
        ),
        Paragraph(
            f"{GAPS} How strong an evaluation is, what stage a practice has reached and what came out are three things."
        ),
        FigureRef("gap_map"),
    )

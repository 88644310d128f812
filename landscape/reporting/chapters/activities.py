"""Chapter: engagement activities recorded, by area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.content import DataTable, FigureRef, Paragraph, Section, Words, found
from landscape.reporting.wording import NOT_SAID_NOTE, STATE_WORDS, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Engagement activities."""
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    is_sample = bool(areas["is_sample"].any())
    table = DataTable(
        title="Engagement activities recorded by police force area",
        columns=("Area", "Region", "Visits", "Activities recorded"),
        rows=tuple(
            (
                row["force_area_name"],
                row["region_name"],
                STATE_WORDS["not_said"] if row["visits_state"] == "not_said" else number(row["n_visits"]),
                _cell(row["state"], row["n_activities"]),
            )
            for row in areas.to_dict("records")
        ),
        note="0: visited, none recorded. Not covered: nothing is known. An activity in several areas "
        "counts in each. Areas are in alphabetical order, not ranked."
        + (
            NOT_SAID_NOTE if (areas["state"] == "not_said").any() or (areas["visits_state"] == "not_said").any() else ""
        ),
        is_sample=is_sample,
        table_id="activities_by_area",
    )
    return Section(
        "Engagement activities",
        (
            Paragraph(_summary(areas, is_sample)),
            Paragraph(
                "The number of activities recorded in an area depends on how many people were asked there. "
                "It does not measure how much engagement an area does, and it does not compare areas."
            ),
            FigureRef("activity_map"),
            table,
        ),
    )


def _summary(areas: pd.DataFrame, is_sample: bool) -> Words:
    n_with, n_zero, n_not_covered = (int((areas["state"] == state).sum()) for state in ("value", "zero", "not_covered"))
    n_unsaid = int((areas["state"] == "not_said").sum())
    if n_unsaid:
        return found(
            "activities.permitted",
            "activities that may be named are recorded in {n_areas_with} areas{see figure:activity_map}; of {n_unsaid} "
            "nothing is reported{see table:activities_by_area}.",
            is_sample,
            n_areas_with=x_of_n(n_with, len(areas)),
            n_unsaid=number(n_unsaid),
        )
    n_covered = len(areas) - n_not_covered
    if n_covered == 0:
        return found("activities.none", "no area is covered yet, so no activity is recorded.", is_sample)
    return found(
        "activities",
        "activities are recorded in {n_areas_with} covered areas{see figure:activity_map}. Covered areas with none "
        "recorded: {n_areas_zero}. Areas not covered, of whose activities nothing is known: "
        "{n_areas_not_covered}{see table:activities_by_area}.",
        is_sample,
        n_areas_with=x_of_n(n_with, n_covered),
        n_areas_zero=number(n_zero),
        n_areas_not_covered=x_of_n(n_not_covered, len(areas)),
    )


def _cell(state: str, n_activities: int) -> str:
    return number(n_activities) if state == "value" else STATE_WORDS[state]

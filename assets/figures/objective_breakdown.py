"""In how many of an area's activities each objective was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.count_map import by_place, count_map
from landscape.charts.frame import Row, rows_of
from landscape.charts.objectives import (
    ADD_UP,
    IN_EACH_AREA,
    OTHER,
    UNSTATED,
    cells_of,
    objective_totals,
    stated_activities,
    tentative_note,
)
from landscape.charts.text import listed
from landscape.charts.words import caption, not_said_note, visited, visits_source, where_recorded

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.objective_breakdown", "marts.objective_combinations", "marts.force_areas")
NOTHING = "No objective has been recorded yet."
MOST_NAMED = 2  # no finding with more objectives than this in first place


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the objective breakdown: objectives found at least once, by area.

    Args:
        tables: marts.objective_breakdown, marts.objective_combinations (for totals) and marts.force_areas.
        boundaries: Not used.
    """
    breakdown, combinations = tables["marts.objective_breakdown"], tables["marts.objective_combinations"]
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    totals = objective_totals(breakdown, combinations)
    found = totals[totals.n_activities > 0]
    data = cells_of(breakdown, found.objective_code)
    words = _words(data, totals, tables, areas)
    if found.empty:
        return statement(words, NOTHING, data)
    return count_map(
        words,
        rows=list(found.objective_name),
        columns=list(areas.force_area_name),
        lines=by_place(data, "objective_code", found.objective_code, areas.force_area_code),
        count="n_activities",
        in_cell=_in_cell,
        key_title="Activities with the objective",
        data=data,
    )


def _in_cell(row: Row) -> str:
    return f"{row.n_activities} of {row.n_area_activities}" if row.state in ("value", "zero") else ""


def _words(data: pd.DataFrame, totals: pd.DataFrame, tables: Mapping[str, pd.DataFrame], areas: pd.DataFrame) -> Words:
    breakdown, combinations = tables["marts.objective_breakdown"], tables["marts.objective_combinations"]
    is_sample = bool(areas.is_sample.any())
    found = totals[totals.n_activities > 0]
    absent = totals[(totals.n_activities == 0) & ~totals.objective_code.isin([UNSTATED, OTHER])]
    n = f"{stated_activities(combinations)}{where_recorded(areas)}"
    not_covered = listed(areas.loc[areas.state == "not_covered", "force_area_name"])
    finding = None if is_sample else _finding(found, combinations)
    return Words(
        figure_id="objective_breakdown",
        headline=finding or "Objectives of the activities recorded, by force area",
        subtitle="Number of activities with each objective, of the activities recorded in the area (x of n)",
        caption=caption(
            n,
            visited(areas),
            f"Not covered: {not_covered}" if not_covered else "",
            not_said_note(areas),
            ADD_UP,
            IN_EACH_AREA,
            tentative_note(breakdown, found),
            f"In no activity counted here: {listed(absent.objective_name)}" if len(absent) and len(found) else "",
            "A cell of 0 is a gap in the record, not proof of absence" if (data.state == "zero").any() else "",
        ),
        source=visits_source(is_sample),
        alt=f"Grid of {len(found)} objectives by {len(areas)} force areas with counts of activities: {n}.",
        long_description=caption(
            *(
                f"{name}: {listed(f'{row.force_area_name} {_in_cell(row)}' for row in rows_of(cells))}"
                for name, cells in data[data.state == "value"].groupby("objective_name", sort=True)
            ),
            f"Not covered: {not_covered}" if not_covered else "",
            "" if len(found) else NOTHING,
        ),
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )


def _finding(found: pd.DataFrame, combinations: pd.DataFrame) -> str | None:
    """The one or two objectives of the most activities; None if more share first place."""
    stated = found[found.objective_code != UNSTATED]
    top = stated[stated.n_activities == stated.n_activities.max()]
    if not 0 < len(top) <= MOST_NAMED:
        return None
    names = listed(f"“{name}”" for name in top.objective_name)
    number = f"{top.n_activities.iloc[0]} of {stated_activities(combinations)}"
    return f"Recorded most often: {names}, {number}{' each' if len(top) > 1 else ''}"

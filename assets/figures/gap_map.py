"""Which objectives are pursued by which types of activity, and how many were evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.bubbles import Bubble, bubble_grid
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.objectives import ADD_UP, UNSTATED
from landscape.charts.text import counted, listed
from landscape.charts.words import caption, visited, visits_source

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.gap_map", "marts.force_areas")
NOTHING = "No activity with an objective and a type has been recorded yet."
COLUMNS = [
    "objective_code", "objective_name", "activity_type_code", "activity_type_name", "n_activities", "n_evaluated", "n_areas",
    "best_design_name", "n_design_known", "best_stage_name", "n_worked", "n_promising", "n_not_worked", "n_result_known",
]  # fmt: skip


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the gap map: the objectives and types found at least once.

    Args:
        tables: marts.gap_map and marts.force_areas.
        boundaries: Not used.
    """
    every = tables["marts.gap_map"]
    every = every[every.objective_code != UNSTATED]
    data = every[every.n_activities > 0][COLUMNS].reset_index(drop=True)
    words = _words(every, data, tables["marts.force_areas"])
    if data.empty:
        return statement(words, NOTHING, data)
    return bubble_grid(
        words,
        rows=_by_frequency(data, "objective_code", "objective_name"),
        columns=_by_frequency(data, "activity_type_code", "activity_type_name"),
        bubbles={
            (row.objective_code, row.activity_type_code): Bubble(row.n_activities, row.n_evaluated)
            for row in rows_of(data)
        },
        key=("activities", "those evaluated at all (SMS 1 or higher)"),
        data=data,
    )


def _by_frequency(data: pd.DataFrame, code: str, name: str) -> dict[str, str]:
    sums = data.groupby([code, name]).n_activities.sum().reset_index()
    ordered = sums.sort_values(["n_activities", name], ascending=[False, True])
    return dict(zip(ordered[code], ordered[name], strict=True))


def _words(every: pd.DataFrame, data: pd.DataFrame, areas: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    n_cells, n_filled = len(every), len(data)
    n_bare = int((data.n_evaluated == 0).sum())
    absent = sorted(set(every.objective_name) - set(data.objective_name) - {"Other"})
    n = f"{n_filled} of {n_cells} combinations of objective and type"
    finding = f"In {n_bare} of the {n_filled} combinations on record, no activity has been evaluated"
    return Words(
        figure_id="gap_map",
        headline=finding if n_bare and not is_sample else "What is done for which objective, and what was evaluated",
        subtitle="Activities by objective and type of activity; an activity counts under each of its objectives",
        caption=caption(
            f"{n} are on record",
            visited(areas),
            "Evaluated: at least measured after the fact (SMS 1); nothing is said here of what was found",
            ADD_UP,
            f"In no activity counted here: {listed(absent)}" if absent and n_filled else "",
        ),
        source=visits_source(is_sample),
        alt=f"Circles on a grid of objectives and types of activity: {n} are on record.",
        long_description=caption(*(_in_words(row) for row in rows_of(data))) or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )


def _in_words(row: Row) -> str:
    n = counted(row.n_activities, "activity", "activities")
    return f"{row.objective_name} by {row.activity_type_name}: {n}, {row.n_evaluated} evaluated"

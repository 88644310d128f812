"""Where each objective was found: one small map each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import small_maps
from landscape.charts.bands import count_bands, fill_of, key_of
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import rows_of
from landscape.charts.maps import SmallMap
from landscape.charts.objectives import (
    ADD_UP,
    UNSTATED,
    cells_of,
    objective_totals,
    stated_activities,
    stated_sets,
)
from landscape.charts.text import counted
from landscape.charts.words import area_cell, caption, not_said_note, visited, visits_source, where_recorded
from landscape.places.boundaries import ATTRIBUTION
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.objective_breakdown", "marts.objective_combinations", "marts.force_areas", TABLE)
NOTHING = "No objective has been recorded yet."


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw one small map for each objective that was found at least once.

    Args:
        tables: marts.objective_breakdown, marts.objective_combinations (for totals) and marts.force_areas.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    breakdown, combinations = tables["marts.objective_breakdown"], tables["marts.objective_combinations"]
    totals = objective_totals(breakdown, combinations)
    found = totals[(totals.n_activities > 0) & (totals.objective_code != UNSTATED)]
    whole = found[["objective_code", "n_activities"]].rename(columns={"n_activities": "n_all_activities"})
    data = cells_of(breakdown, found.objective_code).merge(whole, on="objective_code", how="left")
    bands = count_bands(int(n) for n in data.loc[data.state == "value", "n_activities"])
    total = int(stated_sets(combinations).n_activities.sum())
    maps = [
        SmallMap(
            title=objective.objective_name,
            note=f"{objective.n_activities} of {total}",
            cells={
                row.force_area_code: area_cell(
                    row, row.n_activities, "", f"{row.n_activities} of {row.n_area_activities}", bands
                )
                for row in rows_of(data[data.objective_code == objective.objective_code])
            },
        )
        for objective in rows_of(found)
    ]
    return small_maps(
        _words(names_in(tables), data, found, combinations, tables["marts.force_areas"]),
        boundaries,
        maps,
        key=key_of([fill_of(row.state, row.n_activities, bands) for row in rows_of(data)], bands),
        key_title="Activities with the objective",
        nothing=NOTHING,
        data=data,
    )


def _words(
    names: Names, data: pd.DataFrame, found: pd.DataFrame, combinations: pd.DataFrame, areas: pd.DataFrame
) -> Words:
    is_sample = bool(areas.is_sample.any())
    n = f"{stated_activities(combinations)}{where_recorded(areas)}"
    spread = data[data.state == "value"].groupby("objective_code").size()
    return Words(
        figure_id="objective_maps",
        headline="Where each objective was recorded"
        if is_sample or spread.empty
        else f"{counted(len(found), 'objective')} recorded, "
        f"the most widespread in {spread.max()} of the {len(areas)} force areas",
        subtitle=f"Number of activities with the objective; beneath each title, of all in {names.short} (x of n)",
        caption=caption(
            n,
            visited(areas),
            not_said_note(areas),
            ADD_UP,
            "Counts follow where researchers went; each area’s own x of n is in the table of this figure",
        ),
        source=f"{visits_source(is_sample)} {ATTRIBUTION}",
        alt=f"{counted(len(found), 'small map')} of the force areas, one per objective: {n}.",
        long_description=caption(
            *(
                f"{row.objective_name}: {counted(row.n_activities, 'activity', 'activities')} "
                f"in {counted(int(spread.get(row.objective_code, 0)), 'area')}"
                for row in rows_of(found)
            )
        )
        or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

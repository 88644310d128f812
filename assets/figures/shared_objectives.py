"""In which areas each objective was found, the shared ones first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import READS_RULES, parameter
from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.count_map import by_place, count_map
from landscape.charts.frame import rows_of
from landscape.charts.objectives import IN_EACH_AREA, UNSTATED, cells_of
from landscape.charts.text import counted, listed
from landscape.charts.words import caption, elsewhere_note, visited, visits_source

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.objective_breakdown", "marts.shared_objectives", "marts.force_areas", READS_RULES)
NOTHING = "No objective has been recorded yet."
MOST_NAMED = 3  # no headline with more names than this


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw area × objective: how many activities, shared objectives above the others.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    every = tables["marts.shared_objectives"]
    found = every[((every.n_activities > 0) | every.is_shared) & (every.objective_code != UNSTATED)].sort_values(
        ["is_shared", "n_stated_areas", "objective_name"], ascending=[False, False, True]
    )
    data = cells_of(tables["marts.objective_breakdown"], found.objective_code).merge(
        found[
            ["objective_code", "n_activities", "n_stated_areas", "n_inferred_areas", "n_stated_sources", "is_shared"]
        ].rename(columns={"n_activities": "n_all_activities"}),
        on="objective_code",
    )
    words = _words(found, areas, tables[READS_RULES])
    if found.empty:
        return statement(words, NOTHING, data)
    return count_map(
        words,
        rows=[f"{row.objective_name}{' (shared)' if row.is_shared else ''}" for row in rows_of(found)],
        columns=list(areas.force_area_name),
        lines=by_place(data, "objective_code", found.objective_code, areas.force_area_code),
        count="n_activities",
        key_title="Activities with the objective",
        data=data,
    )


def _words(found: pd.DataFrame, areas: pd.DataFrame, rules: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    shared = found[found.is_shared]
    fewest_areas, fewest_sources = (
        parameter(rules, "shared_objectives", name) for name in ("fewest_areas", "fewest_sources")
    )
    n = f"{len(shared)} of {counted(len(found), 'objective')} on record are shared"
    widest = shared[shared.n_stated_areas == shared.n_stated_areas.max()]
    finding = None
    if len(shared) and len(widest) <= MOST_NAMED and not is_sample:
        names = listed(f"“{name}”" for name in widest.objective_name)
        finding = (
            f"{len(shared)} objectives are shared; most widely {names}, stated in {widest.n_stated_areas.iloc[0]} areas"
        )
    return Words(
        figure_id="shared_objectives",
        headline=finding or "Objectives that areas share",
        subtitle="Activities with each objective, by force area; shared objectives first, by the number of areas that state them",
        caption=caption(
            n,
            visited(areas),
            f"Shared: stated in at least {fewest_areas} areas, by organisations of these areas, and by at least "
            f"{fewest_sources} independent sources (another organisation visited); what was inferred does not count",
            IN_EACH_AREA,
            elsewhere_note(found, "objective_name"),
        ),
        source=visits_source(is_sample),
        alt=f"Grid of objectives by force area. {n}.",
        long_description=caption(
            *(
                f"{row.objective_name}: {counted(row.n_activities, 'activity', 'activities')}, stated in "
                f"{counted(row.n_stated_areas, 'area')} by {counted(row.n_stated_sources, 'source')}, "
                f"{'shared' if row.is_shared else 'not shared'}"
                for row in rows_of(found)
            )
        )
        or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

"""Which objectives occur together in one activity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import rows_of
from landscape.charts.matrix import Combination, columns_that_fit, upset
from landscape.charts.objectives import stated_activities, stated_sets
from landscape.charts.text import counted
from landscape.charts.words import caption, visited, visits_source

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.objective_combinations", "marts.objective_breakdown", "marts.force_areas")
NOTHING = "No activity with a stated objective has been recorded yet."


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the combinations, most frequent first.

    Args:
        tables: marts.objective_combinations, marts.objective_breakdown (for names), marts.force_areas.
        boundaries: Not used.
    """
    everything = tables["marts.objective_combinations"]
    every = stated_sets(everything).sort_values(
        ["n_activities", "n_objectives", "objective_codes"], ascending=[False, True, True], ignore_index=True
    )
    drawn = every.head(columns_that_fit())
    columns = ["objective_codes", "objective_names", "n_objectives", "n_activities", "n_areas"]
    words = _words(everything, every, drawn, tables["marts.force_areas"])
    if drawn.empty:
        return statement(words, NOTHING, drawn[columns])
    combinations = [
        Combination(frozenset(row.objective_codes.split(" + ")), row.n_activities, row.n_areas)
        for row in rows_of(drawn)
    ]
    totals: Counter[str] = Counter()
    for combination in combinations:
        totals.update(dict.fromkeys(combination.members, combination.n_cases))
    breakdown = tables["marts.objective_breakdown"]
    names = dict(zip(breakdown.objective_code, breakdown.objective_name, strict=True))
    return upset(
        words,
        members={code: names[code] for code in sorted(totals, key=lambda code: (-totals[code], names[code]))},
        combinations=combinations,
        bar_title="Activities with exactly these objectives",
        area_title="Force areas",
        data=drawn[columns],
    )


def _words(everything: pd.DataFrame, every: pd.DataFrame, drawn: pd.DataFrame, areas: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    activities = stated_activities(everything)
    several = int(every.loc[every.n_objectives > 1, "n_activities"].sum())
    n = f"{activities}, in {counted(len(every), 'distinct set')} of objectives"
    unstated = int(everything.n_activities.sum() - every.n_activities.sum())
    left_out = len(every) - len(drawn)
    return Words(
        figure_id="objective_combinations",
        headline="Objectives that occur together in one activity"
        if is_sample or every.empty
        else f"Two or more objectives are combined in {several} of {activities}",
        subtitle="Number of activities with exactly the set of objectives marked by the dots beneath",
        caption=caption(
            n,
            visited(areas),
            "Each activity is counted once, in the column of its full set of objectives",
            f"Not drawn: {counted(left_out, 'set')} no more frequent than the last" if left_out else "",
            f"Left out: {counted(unstated, 'activity', 'activities')} whose objective nobody gave" if unstated else "",
        ),
        source=visits_source(is_sample),
        alt=f"Bars of activities over a matrix of dots that marks which objectives occur together: {n}.",
        long_description=caption(
            *(
                f"{row.objective_names}: {counted(row.n_activities, 'activity', 'activities')} "
                f"in {counted(row.n_areas, 'area')}"
                for row in rows_of(drawn)
            )
        )
        or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

"""What the figures on objectives share: which rows they count, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.charts.text import counted, listed

if TYPE_CHECKING:
    import pandas as pd

UNSTATED = "OBJ.UNSTATED"  # nobody gave an objective
OTHER = "OBJ.OTHER"  # coded from text
ADD_UP = "An activity can have several objectives, so counts add to more than there are activities."
IN_EACH_AREA = "An activity that runs in several areas counts in each of them"
CELL_COLUMNS = [
    "objective_code",
    "objective_name",
    "force_area_code",
    "force_area_name",
    "state",
    "n_activities",
    "n_area_activities",
]


def stated_sets(combinations: pd.DataFrame) -> pd.DataFrame:
    """Sets of objectives, without the activities for which nobody gave one."""
    return combinations[(combinations.n_objectives > 0) & (combinations.objective_codes != UNSTATED)]


def stated_activities(combinations: pd.DataFrame) -> str:
    """How many activities the counts are based on: "40 activities with a stated objective"."""
    total = int(stated_sets(combinations).n_activities.sum())
    return f"{counted(total, 'activity', 'activities')} with a stated objective"


def objective_totals(breakdown: pd.DataFrame, combinations: pd.DataFrame) -> pd.DataFrame:
    """Objectives with their activities in the whole landscape, most frequent first, then by name.

    Args:
        breakdown: marts.objective_breakdown, for the list of objectives.
        combinations: marts.objective_combinations, where an activity counts once, wherever it runs.

    Returns:
        objective_code, objective_name and n_activities.
    """
    codes = combinations.objective_codes.str.split(" + ", regex=False)
    sums = combinations.assign(code=codes).explode("code").groupby("code").n_activities.sum()
    totals = breakdown[["objective_code", "objective_name"]].drop_duplicates()
    totals = totals.assign(n_activities=totals.objective_code.map(sums).fillna(0).astype(int))
    return totals.sort_values(["n_activities", "objective_name"], ascending=[False, True], ignore_index=True)


def tentative_note(breakdown: pd.DataFrame, shown: pd.DataFrame) -> str:
    """Which of the objectives shown were coded with too little agreement to rely on; "" if none, or if none was measured."""
    marked = breakdown.loc[breakdown.is_tentative, "objective_code"]
    names = shown.loc[shown.objective_code.isin(marked), "objective_name"]
    return f"Tentative coding (two coders agreed too little): {listed(sorted(names))}" if len(names) else ""


def cells_of(breakdown: pd.DataFrame, objectives: pd.Series[str]) -> pd.DataFrame:
    """Cells of some objectives, by name; counts of an area not covered are unknown and left blank."""
    drawn = breakdown[breakdown.objective_code.isin(objectives)]
    drawn = drawn.sort_values(["objective_name", "objective_code", "force_area_name"], ignore_index=True)
    return known_only(drawn, ["n_activities", "n_area_activities"])[CELL_COLUMNS]


def known_only(frame: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    """The same rows with counts blank wherever the state is neither value nor zero."""
    known = frame.state.isin(["value", "zero"])
    return frame.assign(**{name: frame[name].astype("Int64").where(known) for name in counts})

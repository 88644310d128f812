"""One module per figure: the marts it reads, the rows it picks, its words. Drawing is in `landscape/charts`."""

from __future__ import annotations

from assets.raw import survey_names

# In the order of the report: coverage comes first, since every count follows it.
FIGURES: tuple[str, ...] = (
    "coverage_map",
    "activity_map",
    "objective_breakdown",
    "objective_maps",
    "objective_combinations",
    "shared_objectives",
    "gap_map",
    "common_challenges",
    "technologies",
    "channel_audiences",
    "learning_matches",
    "priorities",
    "priority_ranking",
    "network_map",
    "context_pcsos",
    "context_special_constables",
    "context_police_support_volunteers",
    "police_uk_channels",
    "police_uk_events",
)


def survey_figure(survey: str) -> str:
    """The figure that every survey has."""
    return f"survey_{survey}"


def figure_names() -> tuple[str, ...]:
    """All figures in the order of the report: those above, then one for each survey."""
    return (*FIGURES, *map(survey_figure, survey_names()))

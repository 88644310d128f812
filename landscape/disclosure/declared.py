"""The tables of people that may be published, fixed in advance. Not here: how their cells are hidden."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedTable:
    """One table of people, as the reader gets it.

    Args:
        name: Its name among the published tables.
        mart: The internal mart it comes from.
        shows: What it shows, in plain words.
        unit: The columns whose values tell one table from the next: these stand or fall together.
        row: The columns that name a row within it.
        totals: Columns that count the people behind it: a joiner moves them.
        counts: Its other columns that count people.
        derived: Whole numbers worked out from these, such as ranks; they are hidden with them.
    """

    name: str
    mart: str
    shows: str
    unit: tuple[str, ...]
    row: tuple[str, ...]
    totals: tuple[str, ...]
    counts: tuple[str, ...]
    derived: tuple[str, ...] = ()


MEMBERS = PublishedTable(
    name="members_by_region",
    mart="marts.network_by_area",
    shows="Members of the network by region and type of organisation, with totals",
    unit=("wave",),
    row=("region_name", "organisation_type_code"),
    totals=(),
    counts=("n_members",),
)
MEMBER_AREAS = PublishedTable(
    name="member_areas",
    mart="marts.network_by_area",
    shows="Police force areas that have a member who agreed to this being said",
    unit=("wave",),
    row=("force_area_code",),
    totals=(),
    counts=(),
)
PRIORITIES = PublishedTable(
    name="priorities",
    mart="marts.priorities",
    shows="Topics wanted from events and from research: the whole landscape, by role, by region",
    unit=("wave", "purpose"),
    row=("cut", "cut_code", "topic_code"),
    totals=("n_answered",),
    counts=("n_selected", "n_first_choice"),
)
SURVEY_ANSWERS = PublishedTable(
    name="survey_answers",
    mart="marts.survey_breakdown",
    shows="Answers to the closed questions of surveys of people: the whole landscape, by role, by region",
    unit=("survey", "wave", "question", "choice_rank"),
    row=("cut", "cut_code", "option_code"),
    totals=("n_answered", "n_asked"),
    counts=("n_selected",),
)
PRIORITY_RANKING = PublishedTable(
    name="priority_ranking",
    mart="marts.priority_ranking",
    shows="Topics ranked for events and for research, with intervals of their ranks: the whole landscape, by role",
    unit=("wave", "purpose"),
    row=("cut", "cut_code", "topic_code"),
    totals=("n_answered",),
    counts=("n_first_choice", "n_second_choice", "n_third_choice"),
    derived=("borda_points", "topic_rank", "rank_low", "rank_high"),
)
RESPONSE_RATES = PublishedTable(
    name="response_rates",
    mart="marts.response_rates",
    shows="How many of those invited responded: the whole landscape, by type of organisation",
    unit=("survey", "wave"),
    row=("cut", "cut_code"),
    totals=("n_responded",),
    counts=("n_invited", "n_not_invited"),
)
PUBLISHED = (MEMBERS, MEMBER_AREAS, PRIORITIES, SURVEY_ANSWERS, PRIORITY_RANKING, RESPONSE_RATES)
MARTS_OF_PEOPLE = {f"safe.{table.name}": table.mart for table in PUBLISHED}
"""The mart behind each table, by the name that figures and report read it under."""

ALL = "ALL"
"""The code of the whole landscape, in the cut `all`."""

OTHERS = "OTHERS"
NOT_STATED = "NOT_STATED"
CUTS = ("role", "region")
"""Opinions are shown for the whole landscape and by these; never by police force area."""

PRIORITIES_SURVEY = "priority_survey"
MEMBERS_SURVEY = "network_signup"
"""Those who sign up are nearly the members: by region, the difference of the two would be a few who did not join."""

MEMBERS_QUESTIONS = ("organisation_type", "join_network")
"""Questions of that survey which the table of members answers already."""

PRIORITIES_QUESTIONS = ("events_topics", "research_topics")
"""Questions of that survey which the table of priorities shows by role and by region; so no second table does."""

ROLE_QUESTION = "role"
UNPUBLISHED_USES = ("area", "organisation", "consent")
"""Questions for places, for organisations by name and for consent are never shown."""

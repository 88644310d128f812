"""The safe tables: which tables of people may be published, fixed in advance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedTable:
    """One table of people, as published.

    Args:
        name: Its name among the published tables.
        mart: The internal mart it comes from.
        shows: What it shows, in plain words.
        unit: The columns that divide it into units, each released or held back as a whole.
        row: The columns that identify a row within a unit.
        totals: Columns that count all the people behind it, so that one more person changes them.
        counts: Its other columns that count people.
        derived: Whole numbers worked out from the counts, such as ranks; hidden with them.
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
    shows="Police force areas that have a member who agreed to this being published",
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
"""The mart behind each safe table, by the safe table's name."""

ALL = "ALL"
"""The code of the whole landscape, in the cut `all`."""

OTHERS = "OTHERS"
NOT_STATED = "NOT_STATED"
PRIORITIES_SURVEY = "priority_survey"
MEMBERS_SURVEY = "network_signup"
"""Sign-ups and members are nearly the same people: by region, the difference would be the few who did not join."""

MEMBERS_QUESTIONS = ("organisation_type", "join_network")
"""Questions of that survey that the table of members already answers."""

PRIORITIES_QUESTIONS = ("events_topics", "research_topics")
"""Questions of that survey that the table of priorities already shows by role and by region."""

ROLE_QUESTION = "role"
UNPUBLISHED_USES = ("area", "organisation", "consent")
"""Questions on places, on organisations by name and on consent are never shown."""

"""The tables of people: which may be published, fixed in advance."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedTable:
    """One table of people, as published.

    Args:
        name: Its name among the safe tables.
        mart: The internal mart with the true numbers behind it.
        counts: Its columns of whole numbers; empty where no number is printed.
    """

    name: str
    mart: str
    counts: tuple[str, ...]


MEMBERS = PublishedTable("members", "marts.network_by_area", ("n_members",))
MEMBER_AREAS = PublishedTable("member_areas", "marts.network_by_area", ())
SURVEY_ANSWERS = PublishedTable("survey_answers", "marts.survey_breakdown", ("n_selected", "n_people", "tenths"))
RESPONSES = PublishedTable("responses", "marts.response_rates", ("n_responded", "n_invited"))
PUBLISHED = (MEMBERS, MEMBER_AREAS, SURVEY_ANSWERS, RESPONSES)
MARTS_OF_PEOPLE = {f"safe.{table.name}": table.mart for table in PUBLISHED}
"""The mart behind each safe table, by the safe table's name."""

ALL = "ALL"
"""The code of the whole landscape, in the cut `all`, and of a total."""

OTHERS = "OTHERS"
"""The code of a line without a number, and of all other groups together."""

NO_ANSWER = "NO_ANSWER"
NOT_STATED = "NOT_STATED"
PRIORITIES_SURVEY = "priority_survey"
MEMBERS_SURVEY = "network_signup"

MEMBERS_QUESTIONS = ("organisation_type", "join_network")
"""Questions of that survey that the table of members already answers."""

UNPUBLISHED_USES = ("area", "organisation", "consent")
"""Questions on places, on organisations by name and on consent are never shown."""

ROLE_QUESTION = "role"
EVERYWHERE = "All regions"
EVERY_TYPE = "All types"
NO_REGION = "Area not stated"
OTHER_TYPES = "Other types, and type not stated"
SUPPRESSED = "suppressed"
SYMBOLS = {SUPPRESSED: "[c]", "not_said": "[c]", "not_covered": "[x]", "out_of_scope": "[z]"}
"""The symbol in a cell without a number, by state."""

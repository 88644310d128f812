"""All published tables of people from the marts, in one call. Not here: the rules of any one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.declared import MEMBER_AREAS, MEMBERS, PRIORITIES, SURVEY_ANSWERS
from landscape.disclosure.members import member_areas, members_by_region
from landscape.disclosure.opinions import groups_of_respondents, priorities, survey_answers
from landscape.disclosure.profiles import STANDARD, Profile
from landscape.people.keys import disclosure_secret
from landscape.warehouse import read_table

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

_MADE_UP = b"made-up people are nobody's secret"
"""Hides made-up counts in the same order on every computer."""

READS = (
    "marts.network_by_area",
    "marts.priorities",
    "marts.survey_breakdown",
    "reference.questions",
    "reference.force_areas",
)


def published_tables(tables: Mapping[str, pd.DataFrame], profile: Profile, secret: bytes) -> dict[str, pd.DataFrame]:
    """The tables of people as anyone may see them, by the names of `landscape.disclosure.declared`.

    Args:
        tables: Those that `READS` names, with all their rows and columns.
        profile: The thresholds.
        secret: The key of the order in which cells are hidden; at least 16 random bytes, kept with the person keys.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    network, wanted, answers, questions, areas = (tables[name] for name in READS)
    groups = groups_of_respondents(answers, questions, areas, profile, secret)
    return {
        MEMBERS.name: members_by_region(network, areas, profile, secret),
        MEMBER_AREAS.name: member_areas(network, areas),
        PRIORITIES.name: priorities(wanted, areas, groups, profile),
        SURVEY_ANSWERS.name: survey_answers(answers, questions, areas, groups, profile, secret),
    }


def read_people(con: DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """The tables of people as figures and report may show them, by the names they read: `people.priorities` and so on.

    Args:
        con: The workbench, with the tables that `READS` names.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    tables = {name: read_table(con, name) for name in READS}
    is_sample = any(bool(table["is_sample"].any()) for table in tables.values() if "is_sample" in table.columns)
    published = published_tables(tables, STANDARD, _MADE_UP if is_sample else disclosure_secret())
    return {f"people.{name}": table for name, table in published.items()}

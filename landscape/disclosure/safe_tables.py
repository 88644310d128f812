"""Makes, stores and reads all safe tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.declared import (
    MEMBER_AREAS,
    MEMBERS,
    PRIORITIES,
    PRIORITY_RANKING,
    PUBLISHED,
    RESPONSE_RATES,
    SURVEY_ANSWERS,
    PublishedTable,
)
from landscape.disclosure.members import member_areas, members_by_region
from landscape.disclosure.opinions import groups_of_respondents, priorities, survey_answers
from landscape.disclosure.profiles import STANDARD, Profile
from landscape.disclosure.rankings import priority_ranking
from landscape.disclosure.rates import response_rates
from landscape.disclosure.suppression_mask import INTERVALS, SHARES
from landscape.identity.keys import disclosure_secret
from landscape.places.landscape import TABLE, names_in
from landscape.staging_db import read_table

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

_MADE_UP = b"made-up people are nobody's secret"
"""Hides made-up counts in the same order on every computer."""

_MEASURES = ("mean_points", "response_share")

READS = (
    "marts.network_by_area",
    "marts.priorities",
    "marts.survey_breakdown",
    "marts.priority_ranking",
    "marts.response_rates",
    "reference.questions",
    "reference.force_areas",
    TABLE,
)


def published_tables(tables: Mapping[str, pd.DataFrame], profile: Profile, secret: bytes) -> dict[str, pd.DataFrame]:
    """The safe tables, by the names in `landscape.disclosure.declared`.

    Args:
        tables: The tables in `READS`, with all their rows and columns.
        profile: The thresholds.
        secret: The key of the order in which cells are hidden; at least 16 random bytes, kept with the person keys.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    network, wanted, answers, ranked, rates, questions, areas, _ = (tables[name] for name in READS)
    everywhere = names_in(tables).full_at_start
    groups = groups_of_respondents(answers, questions, areas, profile, secret)
    return {
        MEMBERS.name: members_by_region(network, areas, profile, secret),
        MEMBER_AREAS.name: member_areas(network, areas),
        PRIORITIES.name: priorities(wanted, areas, groups, profile),
        SURVEY_ANSWERS.name: survey_answers(answers, questions, areas, groups, everywhere, profile, secret),
        PRIORITY_RANKING.name: priority_ranking(ranked, groups, profile),
        RESPONSE_RATES.name: response_rates(rates, network, profile, secret),
    }


def secret_of(*, is_sample: bool) -> bytes:
    """The key of the order of hiding: the project's own; for made-up rows one that everybody may know."""
    return _MADE_UP if is_sample else disclosure_secret()


def write_safe_tables(con: DuckDBPyConnection) -> None:
    """Makes the safe tables and writes them into the staging database: `safe.priorities` and so on.

    Args:
        con: The staging database, with the tables in `READS`.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    store_safe_tables(con, safe_tables_of(con, STANDARD))


def safe_tables_of(con: DuckDBPyConnection, profile: Profile) -> dict[str, pd.DataFrame]:
    """The safe tables from the staging database; as `published_tables`."""
    tables = {name: read_table(con, name) for name in READS}
    is_sample = any(bool(table["is_sample"].any()) for table in tables.values() if "is_sample" in table.columns)
    made = published_tables(tables, profile, secret_of(is_sample=is_sample))
    return {declared.name: typed(declared, made[declared.name]) for declared in PUBLISHED}


def store_safe_tables(con: DuckDBPyConnection, tables: Mapping[str, pd.DataFrame]) -> None:
    """Writes the safe tables into a database, in their order.

    Args:
        con: The staging database, or the database of a release.
        tables: From `safe_tables_of`, by name.
    """
    for name, table in tables.items():
        con.register("published_table", table)
        con.execute(f"CREATE OR REPLACE TABLE safe.{name} AS SELECT * FROM published_table")
        con.unregister("published_table")


def read_safe_tables(con: DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """The safe tables by name, as figures and report read them; hidden numbers are empty.

    Args:
        con: The staging database, after `write_safe_tables`.
    """
    read: dict[str, pd.DataFrame] = {}
    for declared in PUBLISHED:
        table = con.execute(f"SELECT * FROM safe.{declared.name} ORDER BY rowid").df()
        read[f"safe.{declared.name}"] = typed(declared, table)
    return read


def typed(declared: PublishedTable, table: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the types that readers rely on, wherever they were read from."""
    texts = dict.fromkeys(
        (
            c
            for c in table.columns
            if c.endswith(("_code", "_name")) or c in ("survey", "wave", "question", "cut", "state")
        ),
        "str",
    )
    whole = dict.fromkeys((*declared.counts, *declared.totals, *declared.derived), "Int64")
    ranks = {"choice_rank": "Int64"} if "choice_rank" in table.columns else {}
    shares = {column: "Float64" for column in (*SHARES, *INTERVALS, *_MEASURES) if column in table.columns}
    said = {"has_member": "boolean"} if "has_member" in table.columns else {}
    return table.astype({**texts, **whole, **ranks, **shares, **said})

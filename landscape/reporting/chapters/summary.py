"""Chapter: the summary, each sentence from one table, with a rule for when nothing is clearly in first place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import minimum_base
from landscape.disclosure.declared import ALL, NO_ANSWER
from landscape.reporting.chapters.objectives import UNSTATED
from landscape.reporting.chapters.priorities import PURPOSES, in_order, topics_of
from landscape.reporting.content import BulletList, Paragraph, Section, Words, found, id_of
from landscape.reporting.wording import counted, listing, number, percent, wave_words, x_of_n

if TYPE_CHECKING:
    import pandas as pd

FEWEST_AREAS = 2
"""Nothing that occurs in fewer areas than this is called widespread."""
MOST_NAMED = 3
"""If more than this many share first place, none is clearly first."""


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Coverage first, then what was found, then what people want."""
    sentences = [
        _coverage(tables["marts.force_areas"]),
        *_activities(minimum_base(tables), tables["marts.force_areas"], tables["marts.objective_combinations"]),
        *_objectives(tables["marts.objective_breakdown"]),
        _challenges(tables["marts.challenge_areas"], tables["marts.common_challenges"]),
        *_priorities(tables["safe.survey_answers"]),
        *_network(tables["safe.members"]),
    ]
    rule = (
        "Each sentence comes from one table of this report. Something is called most widespread only where it occurs in "
        f"at least {FEWEST_AREAS} areas and no more than {MOST_NAMED} share the first place."
    )
    return Section("Summary", (BulletList(tuple(sentences)), Paragraph(rule)))


def _coverage(areas: pd.DataFrame) -> Words:
    is_sample = bool(areas["is_sample"].any())
    visited = areas[areas["visits_state"] == "value"]
    if (areas["visits_state"] == "not_said").any():
        return found(
            "summary.coverage.permitted",
            "visits that may be named reached {n_visited} police force areas{see table:visits_by_area}; nothing is "
            "reported about visits to the others.",
            is_sample,
            n_visited=x_of_n(len(visited), len(areas)),
        )
    silent = areas[areas["state"] == "not_covered"]
    return found(
        "summary.coverage",
        "visits reached {n_visited} police force areas{see table:visits_by_area}; of {n_not_covered} nothing is known, which "
        "is not the same as nothing being done.",
        is_sample,
        n_visited=x_of_n(len(visited), len(areas)),
        n_not_covered=number(len(silent)),
    )


def _activities(minimum: int, areas: pd.DataFrame, combinations: pd.DataFrame) -> list[Words]:
    is_sample = bool(areas["is_sample"].any())
    n_areas = int((areas["state"] == "value").sum())
    stated = combinations[(combinations["n_objectives"] > 0) & (combinations["objective_codes"] != UNSTATED)]
    if stated.empty:
        return [found("summary.activities.none", "no activity with an objective is recorded.", is_sample)]
    n_activities, n_several = (int(rows["n_activities"].sum()) for rows in (stated, stated[stated["n_objectives"] > 1]))
    share = f" ({percent(n_several / n_activities)})" if n_activities >= minimum else ""
    return [
        found(
            "summary.activities",
            "the record holds {n_activities} with an objective, in {n_areas}{see figure:activity_map}; {n_several} "
            "have several objectives.",
            is_sample,
            n_activities=counted(n_activities, "activity", "activities"),
            n_areas=counted(n_areas, "area", "areas"),
            n_several=f"{x_of_n(n_several, n_activities)}{share}",
        )
    ]


def _objectives(breakdown: pd.DataFrame) -> list[Words]:
    stated = breakdown[(breakdown["state"] == "value") & (breakdown["objective_code"] != UNSTATED)]
    if stated.empty:
        return []
    is_sample = bool(breakdown["is_sample"].any())
    n_areas = stated.groupby("objective_name")["force_area_code"].nunique()
    n_known = breakdown.loc[breakdown["n_area_activities"].fillna(0) > 0, "force_area_code"].nunique()
    first = _first(n_areas)
    if first is None:
        return [found("summary.objectives.unclear", "no objective is clearly the most widespread.", is_sample)]
    names, n = first
    return [
        found(
            "summary.objectives",
            "most widespread among objectives{see table:objectives}: {names}, in {n} with activities recorded.",
            is_sample,
            names=names,
            n=f"{x_of_n(n, n_known)} areas",
        )
    ]


def _challenges(by_area: pd.DataFrame, common: pd.DataFrame) -> Words:
    is_sample = bool(by_area["is_sample"].any())
    asserted = common[common["n_assertions"] > 0]
    if asserted.empty:
        return found("summary.challenges.none", "no challenge is recorded.", is_sample)
    first = _first(asserted.set_index("challenge_name")["n_areas"])
    n_common = number(int(common["is_common"].sum()))
    if first is None:
        return found(
            "summary.challenges.unclear",
            "challenges that are common by the project’s rule: {n_common}; none is clearly the most widespread.",
            is_sample,
            n_common=n_common,
        )
    names, n = first
    return found(
        "summary.challenges",
        "challenges that are common by the project’s rule: {n_common}; most widespread: {names}, asserted about {n}.",
        is_sample,
        n_common=n_common,
        names=names,
        n=counted(n, "area", "areas"),
    )


def _priorities(answers: pd.DataFrame) -> list[Words]:
    return [
        words
        for purpose in sorted(PURPOSES)
        for wave, rows in topics_of(answers, purpose).groupby("wave", sort=True)
        if (words := _most_wanted(rows, purpose, wave_words(wave)))
    ]


def _most_wanted(rows: pd.DataFrame, purpose: str, wave: str) -> Words | None:
    """The topic chosen most often, and how many others have intervals that overlap with its own."""
    ordered = in_order(rows[rows["state"].eq("value") & rows["option_code"].ne(NO_ANSWER)])
    if ordered.empty:
        return None
    first, others = ordered.iloc[0], ordered.iloc[1:]
    alike = int((others["interval_high_share"] >= first["interval_low_share"]).sum())
    return found(
        f"summary.priorities.{purpose}.{id_of(wave)}",
        f"for {PURPOSES[purpose]} ({wave}) the topic chosen most often is {{top}}, by {{n_top}}{{see figure:priorities}}; "
        "{alike}.",
        bool(rows["is_sample"].any()),
        top=f"“{first['option_name']}”",
        n_top=str(first["answer_words"]),
        alike=_alike(alike),
    )


def _alike(n_topics: int) -> str:
    if n_topics == 0:
        return "no other topic’s interval overlaps with its own"
    others = counted(n_topics, "other topic", "other topics")
    return f"its interval overlaps with {others}, so the order is not settled"


def _network(members: pd.DataFrame) -> list[Words]:
    totals = members[members["cut"].eq("region") & members["cut_code"].eq(ALL)]
    return [
        found(
            f"summary.network.{id_of(wave_words(row['wave']))}",
            "the network has about {n_members} members recorded (" + wave_words(row["wave"]) + ").",
            bool(row["is_sample"]),
            n_members=number(row["n_members"]),
        )
        for row in totals.to_dict("records")
    ]


def _first(n_areas: pd.Series[int]) -> tuple[str, int] | None:
    """The names in first place and their number of areas; None if nothing is clearly first."""
    n = int(n_areas.max())
    names = sorted(str(name) for name, found_in in n_areas.items() if found_in == n)
    return (listing(names), n) if n >= FEWEST_AREAS and len(names) <= MOST_NAMED else None

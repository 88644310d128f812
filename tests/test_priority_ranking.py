"""Ranked priorities: points, ranks and their intervals, for the team's own use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
import pandas as pd
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given, settings
from hypothesis import strategies as st
from staged_rows import MARTS, empty_landscape, fill

from landscape.analysis.ranking import PLACES, RESAMPLES, ranking, ranks_of, write_priority_ranking
from landscape.staging_db import accept_table, check_table, read_table

TECH, TRUST, YOUTH, SKILLS = "TOP.TECH", "TOP.TRUST", "TOP.YOUTH", "TOP.SKILLS"
TOPICS = [SKILLS, TECH, TRUST, YOUTH]
Ballot = Sequence[str]


def ranked(*ballots: Ballot, topics: Sequence[str] = TOPICS) -> pd.DataFrame:
    """The ranking of these ballots, each a list of topics from the first place on."""
    places = [{topic: place for place, topic in enumerate(ballot, start=1)} for ballot in ballots]
    return ranking(pd.DataFrame(places, columns=list(topics)), list(topics), 10).set_index("topic_code")


def test_borda_points_agree_with_the_published_worked_example() -> None:
    """Tennessee's capital: Wikipedia, “Borda count”, https://en.wikipedia.org/wiki/Borda_count; 3, 2, 1 and no points."""
    table = ranked(
        *[("Memphis", "Nashville", "Chattanooga")] * 42,
        *[("Nashville", "Chattanooga", "Knoxville")] * 26,
        *[("Chattanooga", "Knoxville", "Nashville")] * 15,
        *[("Knoxville", "Chattanooga", "Nashville")] * 17,
        topics=("Chattanooga", "Knoxville", "Memphis", "Nashville"),
    )
    assert table["borda_points"].to_dict() == {"Nashville": 194, "Chattanooga": 173, "Memphis": 126, "Knoxville": 107}
    assert table["topic_rank"].to_dict() == {"Nashville": 1, "Chattanooga": 2, "Memphis": 3, "Knoxville": 4}
    assert table.loc["Memphis", list(PLACES)].tolist() == [42, 0, 0]
    assert table.loc["Nashville", "mean_points"] == 1.94


def test_fewer_than_ten_get_ranks_but_no_mean_and_no_interval() -> None:
    table = ranked(*[(TECH, TRUST)] * 9)
    assert table["topic_rank"].to_dict() == {TECH: 1, TRUST: 2, YOUTH: 3, SKILLS: 3}
    assert table[["mean_points", "rank_low", "rank_high"]].isna().all(axis=None)


def test_an_order_on_which_all_agree_is_sure_and_a_tie_is_not() -> None:
    sure = ranked(*[(TECH, TRUST, YOUTH)] * 10)
    assert sure[["rank_low", "rank_high"]].to_dict("list") == {"rank_low": [4, 1, 2, 3], "rank_high": [4, 1, 2, 3]}
    tied = ranked(*[(TECH, TRUST)] * 10, *[(TRUST, TECH)] * 10)
    assert tied.loc[[TECH, TRUST], "topic_rank"].tolist() == [1, 1]
    assert tied.loc[[TECH, TRUST], ["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    assert tied.loc[[YOUTH, SKILLS], ["rank_low", "rank_high"]].to_numpy().tolist() == [[3, 4], [3, 4]]


def test_rank_intervals_agree_with_scipys_bootstrap() -> None:
    from scipy.stats import bootstrap

    ballots = [(TECH, TRUST, YOUTH)] * 12 + [(TRUST, SKILLS)] * 10 + [(YOUTH, TECH)] * 8 + [(SKILLS,)] * 6
    ours = ranked(*ballots)
    points = np.array(
        [[max(3 - ballot.index(topic), 0) if topic in ballot else 0 for topic in TOPICS] for ballot in ballots]
    )
    numbers = (np.arange(len(points)),)
    for at, topic in ((0, SKILLS), (1, TECH)):
        for column, end, side in (("rank_low", "low", 1), ("rank_high", "high", -1)):

            def rank(drawn: np.ndarray, at: int = at, side: int = side) -> float:
                total = side * points[drawn].sum(axis=0)
                place = 1 + (total > total[at]).sum()
                return float(place if side == 1 else len(TOPICS) + 1 - place)

            theirs = bootstrap(
                numbers,
                rank,
                vectorized=False,
                n_resamples=RESAMPLES,
                method="percentile",
                rng=np.random.default_rng(1),
            )
            assert abs(ours.loc[topic, column] - getattr(theirs.confidence_interval, end)) <= 0.5, (topic, column)


ballots_drawn = st.lists(
    st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True), min_size=10, max_size=25
)


@settings(max_examples=5, deadline=None)
@given(ballots_drawn, st.randoms(use_true_random=False))
def test_the_order_of_respondents_does_not_matter(ballots: list[list[str]], random: Random) -> None:
    table = ranked(*ballots)
    pd.testing.assert_frame_equal(ranked(*random.sample(ballots, len(ballots))), table)
    assert (table["rank_low"] <= table["rank_high"]).all()
    assert table["borda_points"].sum() == sum(sum((3, 2, 1)[: len(ballot)]) for ballot in ballots)
    assert (table["topic_rank"] == ranks_of(table["borda_points"].to_numpy())).all()


def rankings(*ballots: tuple[str, Ballot], wave: str = "2017") -> dict[str, list[dict[str, object]]]:
    """staged.rankings of (role, ballot)."""
    rows: list[dict[str, object]] = [
        {"response_id": f"r{n}", "wave": wave, "purpose": "events", "role_code": role, "topic_code": topic,
         "choice_rank": place, "is_sample": False}
        for n, (role, ballot) in enumerate(ballots) for place, topic in enumerate(ballot, start=1)
    ]  # fmt: skip
    return {"rankings": rows}


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    with empty_landscape() as con:
        yield con


def mart_of(con: DuckDBPyConnection, *ballots: tuple[str, Ballot]) -> pd.DataFrame:
    fill(con, rankings(*ballots))
    write_priority_ranking(con)
    accept_table(con, MARTS["priority_ranking"])
    assert check_table(con, MARTS["priority_ranking"]) == ()
    return read_table(con, "marts.priority_ranking")


LEADS = [("ROL.LEAD", (TECH, TRUST))] * 12
ENGAGE = [("ROL.ENGAGE", (TRUST, TECH))] * 11
RESEARCH = [("ROL.RESEARCH", (YOUTH,))] * 4


def test_the_mart_ranks_for_the_north_and_for_each_role(con: DuckDBPyConnection) -> None:
    mart = mart_of(con, *LEADS, *ENGAGE, *RESEARCH)
    assert sorted(mart["cut_code"].unique()) == ["ALL", "ROL.ENGAGE", "ROL.LEAD", "ROL.RESEARCH"]
    north = mart[mart["cut"] == "all"].set_index("topic_code")
    assert len(north) == 13
    assert north.loc[TRUST, ["n_answered", "n_first_choice", "borda_points", "topic_rank"]].tolist() == [27, 11, 57, 2]
    assert north.loc[TECH, ["n_first_choice", "borda_points", "topic_rank"]].tolist() == [12, 58, 1]
    assert north.loc[YOUTH, ["borda_points", "mean_points", "topic_rank"]].tolist() == [12, 0.4444, 3]
    research = mart[mart["cut_code"] == "ROL.RESEARCH"]
    assert research["rank_low"].isna().all()


def test_without_rankings_the_mart_is_empty(con: DuckDBPyConnection) -> None:
    assert len(mart_of(con)) == 0

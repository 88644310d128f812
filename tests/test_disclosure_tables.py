"""The published tables of people, from marts made of files."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_landscape import sample_staging_db

from landscape.disclosure.cuts import by_region, groups_shown
from landscape.disclosure.declared import ALL, MEMBERS, OTHERS, PUBLISHED
from landscape.disclosure.members import member_areas, members_by_region
from landscape.disclosure.profiles import STANDARD, STRICT, Profile
from landscape.disclosure.safe_tables import READS, published_tables
from landscape.disclosure.suppression_mask import masked
from landscape.staging_db import StagingDatabase, read_table

SECRET = b"only for tests"
AREA_AGREED = """
    CREATE OR REPLACE TABLE agreed AS
    SELECT members.*, coalesce(n, 0) AS n_area_agreed
    FROM marts.network_by_area AS members
    LEFT JOIN (
        SELECT responses.wave, responses.force_area_code, responses.organisation_type_code, count(*) AS n
        FROM staged.responses AS responses
        JOIN staged.consents AS joined ON joined.response_id = responses.response_id
            AND joined.consent_purpose_code = 'CON.NETWORK' AND joined.consent_given
        JOIN staged.consents AS agreed ON agreed.response_id = responses.response_id
            AND agreed.consent_purpose_code = 'CON.AREA' AND agreed.consent_given
        WHERE responses.is_counted
        GROUP BY ALL
    ) AS found
        ON found.wave = members.wave
        AND found.force_area_code IS NOT DISTINCT FROM members.force_area_code
        AND found.organisation_type_code IS NOT DISTINCT FROM members.organisation_type_code
"""


def marts_of(staging_db: StagingDatabase) -> dict[str, pd.DataFrame]:
    staging_db.con.execute(AREA_AGREED)
    tables = {name: read_table(staging_db.con, name) for name in READS}
    return {**tables, "marts.network_by_area": staging_db.con.execute("FROM agreed").df()}


Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """The marts of the made-up responses."""
    with sample_staging_db(tmp_path_factory.mktemp("sample")) as staging_db:
        yield marts_of(staging_db)


def areas(**regions: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "force_area_code": list(regions),
            "force_area_name": [f"Area {code}" for code in regions],
            "region_name": list(regions.values()),
        }
    )


AREAS = areas(E1="North East", E2="North East", E3="North West", E4="North West")


def network(**members: tuple[str, int, int]) -> pd.DataFrame:
    """network(E1=(type, members, agreed)); a trailing letter tells rows of one area apart."""
    regions = dict(zip(AREAS["force_area_code"], AREAS["region_name"], strict=True))
    return pd.DataFrame(
        [
            {
                "wave": "2017",
                "force_area_code": code[:2],
                "region_name": regions[code[:2]],
                "organisation_type_code": kind,
                "organisation_type_name": kind.title(),
                "n_members": n,
                "n_area_agreed": agreed,
                "is_sample": False,
            }
            for code, (kind, n, agreed) in members.items()
        ]
    )


def cell(table: pd.DataFrame, region: str, kind: str) -> pd.Series:
    return table[(table["region_name"] == region) & (table["organisation_type_code"] == kind)].iloc[0]


def test_members_are_counted_by_region_with_every_total() -> None:
    table = members_by_region(
        network(E1=("FORCE", 4, 0), E2=("FORCE", 3, 0), E2b=("UNI", 5, 0), E3=("FORCE", 6, 0)), AREAS, STANDARD, SECRET
    )
    assert cell(table, "North East", "FORCE").n_members == 7
    assert cell(table, "North East", "TOTAL").n_members == 12
    assert cell(table, "North West", "UNI").state == "zero"
    assert cell(table, "All regions", "FORCE").n_members == 13
    assert cell(table, "All regions", "TOTAL").n_members == 18
    assert "force_area_code" not in table.columns
    assert set(table.state) == {"value", "zero"}


def test_a_small_number_of_members_is_hidden_with_what_would_give_it_away() -> None:
    table = members_by_region(
        network(E1=("FORCE", 9, 0), E1b=("UNI", 1, 0), E3=("FORCE", 8, 0), E3b=("UNI", 7, 0)), AREAS, STANDARD, SECRET
    )
    inner = table[table.organisation_type_code.isin(["FORCE", "UNI"]) & table.region_name.str.startswith("North ")]
    assert set(inner.state) == {"suppressed"}
    assert inner.n_members.isna().all()
    assert cell(table, "North East", "TOTAL").n_members == 10


def test_fewer_than_ten_members_are_not_counted_at_all() -> None:
    table = members_by_region(network(E1=("FORCE", 9, 0)), AREAS, STANDARD, SECRET)
    assert set(table.state) == {"suppressed"}
    assert table.n_members.isna().all()


def test_an_area_is_said_to_have_a_member_only_by_consent_and_is_never_counted() -> None:
    table = member_areas(network(E1=("FORCE", 4, 1), E2=("FORCE", 3, 0), E3=("FORCE", 5, 0)), AREAS)
    assert table["has_member"].tolist() == [True, pd.NA, pd.NA, pd.NA]
    assert table["state"].tolist() == [
        "value",
        "suppressed",
        "suppressed",
        "suppressed",  # nobody there, and nobody who agreed, look alike
    ]
    assert not any(column.startswith("n_") for column in table.columns)


def test_areas_are_not_named_where_the_total_of_their_region_would_count_them() -> None:
    # Two areas, three members, both named: one has one and the other two. With four members it could be 1 to 3.
    for members, is_named in ((3, False), (4, True)):
        table = member_areas(network(E1=("FORCE", 1, 1), E2=("FORCE", members - 1, 1)), AREAS)
        assert table["has_member"].notna().tolist() == [is_named, is_named, False, False]


def test_an_empty_network_is_an_empty_table() -> None:
    nobody = network(E1=("FORCE", 4, 0))[:0]
    assert len(members_by_region(nobody, AREAS, STANDARD, SECRET)) == 0
    assert len(member_areas(nobody, AREAS)) == 0


GROUPS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 40), max_size=6)


@given(GROUPS, st.integers(0, 20))
def test_neither_a_group_nor_what_is_left_over_is_small(sizes: dict[str, int], in_none: int) -> None:
    everybody = sum(sizes.values()) + in_none
    shown = groups_shown(sizes, everybody, smallest=10)
    left = everybody - sum(sizes[group] for group in shown)
    assert all(sizes[group] >= 10 for group in shown)
    assert not shown or left == 0 or left >= 10


def test_what_is_worked_out_from_a_hidden_count_is_hidden_with_it() -> None:
    frame = pd.DataFrame(
        {"n_selected": [4, 0, 1], "n_answered": [12, 12, 12], "selected_share": 0.5, "interval_low_share": 0.1}
    )
    seen = masked(frame, [False, False, True], ("n_selected", "n_answered"), STANDARD)
    assert seen["state"].tolist() == ["value", "zero", "suppressed"]
    assert seen["selected_share"].tolist() == [0.3333, 0.0, pd.NA]
    assert seen.iloc[2].drop("state").isna().all()


def test_rounding_leaves_no_way_back_to_the_count() -> None:
    frame = pd.DataFrame({"n_selected": [11, 12, 1], "n_answered": [32, 29, 32], "respondent_share": [0.1, 0.2, 0.3]})
    seen = masked(frame, [False] * 3, ("n_selected", "n_answered"), STRICT)
    assert seen["n_selected"].tolist() == [10, 10, 0]
    assert seen["respondent_share"].tolist() == [0.3333, 0.3333, 0.0]
    assert seen["state"].tolist() == ["value", "value", "zero"]  # one of 32 and none of 32 look alike


def test_on_the_sample_opinions_stand_for_ten_people_or_more_and_never_by_area(sample: Tables) -> None:
    published = published_tables(sample, STANDARD, SECRET)
    for name in ("priorities", "survey_answers"):
        table = published[name]
        assert set(table["cut"]) <= {"all", "role", "region"}
        assert not table["cut_code"].str.startswith("E23").any()
        seen = table[table["state"] != "suppressed"]
        assert (seen["n_answered"] >= 10).all()
    assert not published["survey_answers"]["survey"].eq("force_visits").any()
    unsaid = {"force_area", "organisation", "join_network", "consent_area", "consent_analysis"}
    assert not unsaid & set(published["survey_answers"]["question"])


def test_without_any_response_the_tables_are_empty(sample: Tables) -> None:
    nothing = {name: table[:0] if name.startswith("marts.") else table for name, table in sample.items()}
    full = published_tables(sample, STANDARD, SECRET)
    for name, table in published_tables(nothing, STANDARD, SECRET).items():
        assert len(table) == 0
        assert set(table.columns) == set(full[name].columns)


def test_on_the_sample_groups_add_up_to_the_north(sample: Tables) -> None:
    table = published_tables(sample, STANDARD, SECRET)["priorities"]
    for purpose, rows in table.groupby("purpose"):
        for _, of_topic in rows.groupby("topic_code"):
            (north,) = of_topic.loc[of_topic["cut_code"] == ALL, "n_selected"]
            for cut in ("role", "region"):
                of_cut = of_topic[of_topic["cut"] == cut]
                assert OTHERS in set(of_cut["cut_code"]), purpose
                assert of_cut["n_selected"].sum() == north


def test_on_the_sample_what_is_shown_is_what_the_marts_say(sample: Tables) -> None:
    seen = published_tables(sample, STANDARD, SECRET)["priorities"]
    keys = ["wave", "purpose", "cut", "topic_code"]
    both = seen.merge(sample["marts.priorities"].query("cut == 'all'"), on=keys, suffixes=("", "_mart"))
    assert len(both) == 26
    for column in ("n_selected", "n_answered", "n_first_choice", "selected_share", "interval_low_share"):
        assert (both[column] == both[f"{column}_mart"]).all(), column


@pytest.mark.parametrize("profile", [STANDARD, STRICT], ids=lambda profile: profile.name)
def test_on_the_sample_no_small_count_of_people_is_seen_and_it_takes_no_time(sample: Tables, profile: Profile) -> None:
    began = perf_counter()
    published = published_tables(sample, profile, SECRET)
    assert perf_counter() - began < 10  # two seconds on a quiet machine
    assert list(published) == [table.name for table in PUBLISHED]
    members = published[MEMBERS.name]
    assert not members["n_members"].between(1, profile.smallest_count - 1).any()
    assert (members["n_members"].dropna() % profile.rounding == 0).all()
    regions = members[members["organisation_type_code"] == "TOTAL"]
    assert regions["n_members"].notna().any()


def test_the_same_marts_give_the_same_tables(sample: Tables) -> None:
    shuffled = {name: table.sample(frac=1, random_state=1) for name, table in sample.items()}
    first, second = (published_tables(tables, STANDARD, SECRET) for tables in (sample, shuffled))
    for name, table in first.items():
        pd.testing.assert_frame_equal(table, second[name])


def test_an_area_of_many_answers_is_not_kept_apart_from_its_region() -> None:
    """Ten of one area have a share in the mart, four of the next have none; the region is one row of fourteen."""
    mart = pd.DataFrame(
        [
            ("area", "E1", "One", 5, 10, 0.5),
            ("area", "E2", "Two", 1, 4, None),
            ("all", "ALL", "North", 6, 14, 0.4286),
        ],
        columns=["cut", "cut_code", "cut_name", "n_selected", "n_answered", "respondent_share"],
    )
    regions = by_region(mart, AREAS, ("n_selected", "n_answered")).query("cut == 'region'")
    assert regions[["cut_code", "n_selected", "n_answered"]].to_numpy().tolist() == [["North East", 6, 14]]

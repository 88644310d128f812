"""Attacks that once succeeded, and an attacker who receives every release of many landscapes: nothing is learned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from attacker import Attacker, Tables
from duckdb import DuckDBPyConnection
from people_sequences import COPY, LAST, Landscape, attacker, landscape, landscapes, sequence
from release_landscape import REGIONS, Found, Visited, stage_visits
from release_landscape import released as permitted

CUMBRIA, DURHAM = "E23000002", "E23000008"
OCTOBER, NOVEMBER = LAST + dt.timedelta(1), LAST + dt.timedelta(40)
AGREED = {"CON.NETWORK": True, "CON.ANALYSIS": True, "CON.AREA": True}


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    with landscapes() as staging_db:
        yield staging_db


@pytest.fixture
def team(con: DuckDBPyConnection) -> Landscape:
    """Nine, one, eight and seven members by region and type: the example that five joiners once gave away."""
    found = landscape(con, 3)
    found.invited = {"ORG.FORCE": 40, "ORG.UNI": 20}
    for n, area, kind in (
        (9, DURHAM, "ORG.FORCE"),
        (1, DURHAM, "ORG.UNI"),
        (8, CUMBRIA, "ORG.FORCE"),
        (7, CUMBRIA, "ORG.UNI"),
    ):
        found.join("network_signup", "2017", n, area=area, kind=kind, consents=AGREED)
    return found


def first_release(team: Landscape) -> tuple[Attacker, Tables]:
    reader, tables = attacker(), team.release("one", OCTOBER)
    assert tables is not None and tables["members"] and tables["survey_answers"]
    reader.receive(tables)
    assert reader.learned == []
    return reader, tables


@pytest.mark.parametrize("n", [1, 5, 12])
def test_newcomers_are_not_seen_by_difference(team: Landscape, n: int) -> None:
    _, first = first_release(team)
    team.join("network_signup", "2017", n, area=DURHAM, kind="ORG.UNI", consents=AGREED)
    assert team.release("two", NOVEMBER) == first


def test_a_renamed_wave_is_refused(team: Landscape) -> None:
    first_release(team)
    team.rename("network_signup", "2017", "spring 2017")
    team.join("network_signup", "spring 2017")
    assert team.release("two", NOVEMBER) is None


def test_a_wave_with_other_days_is_refused(team: Landscape) -> None:
    first_release(team)
    team.lengthen("network_signup", "2017", 20)
    assert team.release("two", NOVEMBER) is None
    assert team.release("early", OCTOBER) is None  # though by these days it would be open


def test_a_survey_copied_under_another_name_is_refused(team: Landscape) -> None:
    first_release(team)
    team.copy("network_signup")
    team.join(COPY, "2017")
    assert team.release("two", NOVEMBER) is None


def test_a_later_wave_counts_its_own_answers_only(team: Landscape) -> None:
    reader, first = first_release(team)
    team.add_wave("network_signup", "later", OCTOBER, OCTOBER + dt.timedelta(20))
    team.join("network_signup", "later", 12, area=CUMBRIA, kind="ORG.FORCE", consents=AGREED)
    second = team.release("two", NOVEMBER)
    assert second is not None
    reader.receive(second)
    assert reader.learned == []
    of_first = {name: [row for row in rows if row["wave"] == "2017"] for name, rows in second.items()}
    assert of_first == first
    later = {row["cut_code"]: row["n_members"] for row in second["members"] if row["wave"] == "later"}
    assert later["North West"] == "10"


def test_who_attended_is_neither_seen_to_have_joined_nor_not(team: Landscape) -> None:
    """Somebody of a type nobody else is of, from a region of two: rounded to 0, where 0 may be 2."""
    team.invited = {"ORG.FORCE": 40, "ORG.UNI": 20, "ORG.VCS": 12}
    reader, first = first_release(team)
    printed = {row["cut_code"]: row["n_members"] for row in first["members"]}
    assert printed["ORG.VCS"] == printed["Yorkshire and The Humber"] == "0"
    behind = dict(reader.values())
    assert behind["members", "organisation_type", "ORG.VCS"] == {0, 1, 2}
    assert behind["members", "region", "Yorkshire and The Humber"] == {0, 1, 2}


def test_an_area_that_a_leaver_would_flip_takes_the_whole_table_with_it(team: Landscape) -> None:
    _, first = first_release(team)
    said = [row["force_area_code"] for row in first["member_areas"] if row["has_member"]]
    assert said == [CUMBRIA, DURHAM]
    only = next(person for person in team.people if (person.area, person.kind) == (DURHAM, "ORG.UNI"))
    only.consents["CON.AREA"] = False
    second = team.release("two", NOVEMBER)
    assert second == {name: rows for name, rows in first.items() if name != "member_areas"}


def test_who_refused_is_not_found_by_subtraction(team: Landscape) -> None:
    """25 joined, one of whom refused analysis: the answers are of 24, and 24 to 27 may have responded."""
    team.people[0].consents["CON.ANALYSIS"] = False
    reader, first = first_release(team)
    assert {row["n_people"] for row in first["survey_answers"]} == {"24"}
    assert first["responses"][0]["n_responded"] == "25"
    assert dict(reader.values())["responded", "network_signup", "2017"] == {24, 25, 26, 27}


def test_unanimous_answers_are_not_told(con: DuckDBPyConnection) -> None:
    for n, shown in ((5, False), (12, True)):
        team = landscape(con, 5)
        team.join("priority_survey", "2017", n, answers={"officer_model": ["OFF.SPECIALIST"]}, consents=AGREED)
        tables = team.release("one", OCTOBER)
        assert tables is not None
        said = {row["answer_words"] for row in tables.get("survey_answers", []) if row["question"] == "officer_model"}
        assert bool(said) is shown
        assert not any(f"{n} of {n}" in words for words in said)


def test_what_lapses_is_left_out_and_never_made_again(team: Landscape) -> None:
    _, first = first_release(team)
    entry = replace(team.ledger[0], lapses_on=str(NOVEMBER))
    team.ledger = (entry,)
    assert team.release("two", NOVEMBER) == first
    assert team.release("three", NOVEMBER + dt.timedelta(1)) == {}


def test_three_areas_of_a_region_are_not_named_by_elimination(con: DuckDBPyConnection) -> None:
    """All three of the North East may be reported without place: no table says so, of the region or of the whole."""
    areas = REGIONS["North East"]
    visits = tuple(Visited(area, "REL.WHOLE", activities=(Found("REL.WHOLE", (area,)),)) for area in areas)
    stage_visits(con, (*visits, Visited(CUMBRIA, "REL.NAMED")))
    with permitted(con) as release:
        for table in ("objective_regions", "objective_breakdown", "force_areas", "shared_objectives", "gap_map"):
            total = "sum(n_activities)"
            assert release.con.execute(f"SELECT coalesce({total}, 0) FROM marts.{table}").fetchone() == (0,)
        assert release.con.execute("SELECT count(elsewhere) FROM marts.shared_objectives").fetchone() == (0,)


def test_no_count_stands_beside_a_named_area(con: DuckDBPyConnection) -> None:
    """Trust is named in Cumbria, and found in Durham without place: what may be named is said, and no number more."""
    visits = (
        Visited(CUMBRIA, "REL.NAMED", activities=(Found("REL.NAMED", (CUMBRIA,)),)),
        Visited(DURHAM, "REL.NAMED", activities=(Found("REL.WHOLE", (DURHAM,)),)),
    )
    stage_visits(con, visits)
    with permitted(con) as release:
        said = "SELECT n_activities, n_areas, n_sources, elsewhere FROM marts.shared_objectives WHERE n_activities > 0"
        assert release.con.execute(said).fetchall() == [(1, 1, 1, None)]


def test_the_attacker_would_have_learned_from_tables_as_they_once_were() -> None:
    """It is no straw man: two versions of a wave, a rounded table that its total pins, and two options that add up."""
    reader = attacker()
    base = {"survey": "priority_survey", "wave": "2017", "cut": "all", "question": "officer_model", "n_people": "42"}
    known = [{**base, "option_code": code, "n_selected": x, "answer_words": words} for code, x, words in (
        ("OFF.SPECIALIST", "41", "41 of 42"), ("OFF.ALL", "", "fewer than 3"), ("OFF.MIXED", "0", "0 of 42"),
        ("OFF.NONE", "0", "0 of 42"), ("NO_ANSWER", "0", "0 of 42"),
    )]  # fmt: skip
    reader.options = {**reader.options, "officer_model": ("OFF.SPECIALIST", "OFF.ALL", "OFF.MIXED", "OFF.NONE")}
    reader.receive({"survey_answers": known})
    assert any("OFF.ALL" in cell for cell in reader.learned)
    reader.receive({"survey_answers": [{**row, "n_people": "43"} for row in known]})
    assert any("two versions" in cell for cell in reader.learned)
    members = [
        {"wave": "2017", "cut": cut, "cut_code": code, "n_members": n}
        for cut, code, n in (("region", "a", "5"), ("region", "b", "5"), ("organisation_type", "c", "15"))
    ]
    reader.receive({"members": members})
    assert any("'members'" in cell for cell in reader.learned)


def test_groups_are_published_where_there_are_enough_people_and_then_show_no_count(con: DuckDBPyConnection) -> None:
    """The attacker tries all sizes that two groups may have, over all questions at once."""
    published = set()
    for seed, n in ((12, 25), (24, 60), (36, 110), (48, 160)):
        team, reader = landscape(con, seed), attacker()
        for area in (CUMBRIA, "E23000010"):
            team.join("priority_survey", "2017", n // 2, area=area, consents=AGREED)
        tables = team.release("one", OCTOBER)
        assert tables is not None
        reader.receive(tables)
        assert reader.learned == []
        if any(row["cut"] == "region" for row in tables["survey_answers"]):
            published.add(n)
    assert published
    assert 25 not in published


@pytest.mark.parametrize("seed", range(36))
def test_nothing_is_learned_from_three_releases(con: DuckDBPyConnection, seed: int) -> None:
    reader, _ = sequence(con, seed)
    assert reader.learned == []


@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(20))
def test_nothing_is_learned_from_two_thousand_sequences(con: DuckDBPyConnection, hundred: int) -> None:
    refused = 0
    for seed in range(1000 + 100 * hundred, 1100 + 100 * hundred):
        reader, n_refused = sequence(con, seed)
        refused += n_refused
        assert reader.learned == [], seed
    assert refused  # renamed waves and copies are among them

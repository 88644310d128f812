"""Who could learn from whom, who knows what, and whom we met, against answers worked out by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given, settings
from hypothesis import strategies as st
from staged_rows import MARTS, Row, activities, challenge, empty_landscape, fill, mart, visit

from landscape.analysis.matching import force_area_code
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.staging_db import check_table

CUMBRIA, NORTHUMBRIA, DURHAM, CLEVELAND = "E23000002", "E23000007", "E23000008", "E23000013"
SHOWN = "force_area_code, source_area_code, match_rank, match_score"

ALERTS = ("a1", [CUMBRIA], "ACT.MSG", ["OBJ.INFORM"], {"evidence_design_code": "EVD.D2", "product": "Alert"})
WARDENS = ("a2", [CUMBRIA], "ACT.WARDEN", ["OBJ.TENSION"], {"status_code": "STS.STOPPED"})
POSTS = ("a3", [DURHAM], "ACT.SOCIAL", ["OBJ.INFORM"], {"evidence_design_code": "EVD.D0"})
CADETS = ("a4", [DURHAM, CLEVELAND], "ACT.YOUTH", ["OBJ.DIVERT"], {"started_year": 2012})
UNCLEAR = ("a5", [NORTHUMBRIA], "ACT.OTHER", ["OBJ.UNSTATED"], {})
VISITS = [visit("v1", CUMBRIA), visit("v2", DURHAM), visit("v3", NORTHUMBRIA)]
CLAIMS = [
    challenge("c1", CUMBRIA, "CHL.REACH"),
    challenge("c2", NORTHUMBRIA, "CHL.REACH"),
    challenge("c3", CLEVELAND, "CHL.REACH"),
    challenge("c4", DURHAM, "CHL.OTHER"),
]


def by_hand(*more: object) -> dict[str, Sequence[Row]]:
    found = activities(ALERTS, WARDENS, POSTS, CADETS, UNCLEAR, *more)  # type: ignore[arg-type]
    return {**found, "visits": VISITS, "assertions": CLAIMS}


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    with empty_landscape() as con:
        yield con


def test_points_for_what_is_shared_and_what_the_other_has(con: DuckDBPyConnection) -> None:
    fill(con, by_hand())
    assert mart(con, "learning_matches", SHOWN) == [
        (CUMBRIA, CLEVELAND, 1, 3),  # a challenge 2, cadets 1; nobody visited Cleveland, it was reported in Durham
        (CUMBRIA, DURHAM, 2, 2),  # an objective 1, posts 1; cadets serve no objective of both
        (NORTHUMBRIA, CUMBRIA, 1, 8),  # a challenge 2, alerts 1, evaluated 2, product 1, wardens stopped 2
        (NORTHUMBRIA, CLEVELAND, 2, 3),
        (DURHAM, CUMBRIA, 1, 5),  # an objective 1, alerts 1, evaluated 2, product 1
    ]
    assert check_table(con, MARTS["learning_matches"]) == ()


def test_reasons_are_a_sentence_of_labels(con: DuckDBPyConnection) -> None:
    fill(con, by_hand())
    reasons = dict(mart(con, "learning_matches", "(force_area_code, source_area_code), reasons"))  # type: ignore[arg-type]
    assert reasons[NORTHUMBRIA, CUMBRIA] == (
        "Northumbria and Cumbria both named the challenge “Unequal reach of channels”; on record for Cumbria and not for "
        "Northumbria: it runs “Community messaging system”; has evaluated “Community messaging system”; uses the product "
        "“Alert”; has stopped, or found not to work, “Community wardens”."
    )
    assert reasons[DURHAM, CUMBRIA].startswith(
        "Durham and Cumbria both pursue “Communicate key messages”; on record for"
    )


def test_an_area_that_was_not_visited_is_never_said_to_lack_anything(con: DuckDBPyConnection) -> None:
    fill(con, by_hand())
    assert CLEVELAND not in {row[0] for row in mart(con, "learning_matches", SHOWN)}
    coverage = {row[0]: row[1:] for row in mart(con, "visit_coverage", "force_area_code, n_visits, state")}
    assert coverage[CLEVELAND] == (0, "not_covered")


def test_a_row_that_may_not_name_its_area_makes_no_match(con: DuckDBPyConnection) -> None:
    named = mart_of(con, by_hand(), "learning_matches")
    unnamed = [("b1", [None], "ACT.PATROL", ["OBJ.INFORM", "OBJ.DIVERT"], {})]
    more = by_hand(*unnamed)
    more["assertions"] = [*CLAIMS, challenge("c9", None, "CHL.REACH")]
    more["visits"] = [*VISITS, visit("v9", None)]
    assert mart_of(con, more, "learning_matches") == named
    assert not [row for row in mart(con, "expertise") if row[0] is None]
    assert len(mart(con, "visit_coverage")) == 24


def test_the_same_product_in_other_letters_is_nothing_new(con: DuckDBPyConnection) -> None:
    posts = (*POSTS[:4], {**POSTS[4], "product": " ALERT"})
    fill(con, {**activities(ALERTS, posts), "visits": VISITS})
    got = mart(con, "learning_matches", "force_area_code, source_area_code, n_products")
    assert got == [(CUMBRIA, DURHAM, 0), (DURHAM, CUMBRIA, 0)]


def mart_of(con: DuckDBPyConnection, tables: Mapping[str, Sequence[Row]], name: str) -> list[tuple[object, ...]]:
    fill(con, tables)
    return mart(con, name)


AREAS = (CUMBRIA, NORTHUMBRIA, DURHAM, CLEVELAND)
some_activities = st.lists(
    st.tuples(
        st.lists(st.sampled_from(AREAS), min_size=1, max_size=2, unique=True),
        st.sampled_from(["ACT.MSG", "ACT.WARDEN", "ACT.YOUTH", "ACT.OTHER"]),
        st.lists(st.sampled_from(["OBJ.INFORM", "OBJ.TRUST", "OBJ.UNSTATED"]), min_size=1, max_size=2, unique=True),
        st.fixed_dictionaries(
            {},
            optional={
                "evidence_design_code": st.sampled_from(["EVD.D0", "EVD.D2"]),
                "status_code": st.just("STS.STOPPED"),
                "product": st.sampled_from(["Alert", "Messenger"]),
            },
        ),
    ),
    max_size=8,
)
some_claims = st.lists(
    st.tuples(st.sampled_from(AREAS), st.sampled_from(["CHL.REACH", "CHL.SKILL"])), max_size=6, unique=True
)
few = settings(max_examples=3, deadline=None)


def generated(found: Sequence[tuple[object, ...]], claims: Sequence[tuple[str, str]]) -> dict[str, Sequence[Row]]:
    return {
        **activities(*((f"a{n}", *rest) for n, rest in enumerate(found))),  # type: ignore[misc]
        "visits": [visit(f"v{area}", area) for area in AREAS[:3]],
        "assertions": [challenge(f"c{n}", *claim) for n, claim in enumerate(claims)],
    }


def scores(con: DuckDBPyConnection, tables: Mapping[str, Sequence[Row]]) -> dict[tuple[object, object], object]:
    fill(con, tables)
    return {(a, b): rest for a, b, *rest in mart(con, "learning_matches", f"{SHOWN}, reasons")}  # type: ignore[dict-item]


@few
@given(some_activities, some_claims, st.randoms(use_true_random=False))
def test_matches_of_two_areas_rest_on_these_two_and_on_no_order(
    con: DuckDBPyConnection, found: list[tuple[object, ...]], claims: list[tuple[str, str]], random: Random
) -> None:
    tables = generated(found, claims)
    before = scores(con, tables)
    assert check_table(con, MARTS["learning_matches"]) == ()
    points = "n_shared_objectives + 2 * n_shared_challenges + n_practices + 2 * n_evaluated_types + n_products"
    odd = con.execute(
        f"SELECT * FROM marts.learning_matches WHERE match_score <> {points} + 2 * n_cautionary_tales"
    ).fetchall()
    assert odd == []
    assert all(learner != CLEVELAND for learner, _ in before)
    shuffled = {name: random.sample(list(rows), len(rows)) for name, rows in tables.items()}
    assert scores(con, shuffled) == before
    elsewhere = [*found, ([CLEVELAND], "ACT.MSG", ["OBJ.INFORM", "OBJ.TRUST"], {"evidence_design_code": "EVD.D2"})]
    after = scores(con, generated(elsewhere, claims))
    of_others = {pair: rest[1:] for pair, rest in before.items() if CLEVELAND not in pair}  # type: ignore[index]
    assert {pair: rest[1:] for pair, rest in after.items() if CLEVELAND not in pair} == of_others  # type: ignore[index]


@few
@given(some_activities, some_claims)
def test_renaming_an_area_changes_no_score(
    con: DuckDBPyConnection, found: list[tuple[object, ...]], claims: list[tuple[str, str]]
) -> None:
    before = {pair: rest[:2] for pair, rest in scores(con, generated(found, claims)).items()}  # type: ignore[index]
    con.execute("UPDATE reference.force_areas SET force_area_name = 'Zz' || force_area_name")
    try:
        after = {pair: rest[:2] for pair, rest in scores(con, generated(found, claims)).items()}  # type: ignore[index]
    finally:
        con.execute("UPDATE reference.force_areas SET force_area_name = force_area_name[3:]")
    assert after == before


def test_expertise_by_objective_and_type_with_its_evidence(con: DuckDBPyConnection) -> None:
    worked = ("a6", [CUMBRIA], "ACT.MSG", ["OBJ.INFORM"], {
        "evidence_design_code": "EVD.D3", "evidence_result_code": "EVD.R+", "started_year": 2010
    })  # fmt: skip
    stopped = (
        "a7",
        [CUMBRIA],
        "ACT.MSG",
        ["OBJ.INFORM"],
        {"status_code": "STS.STOPPED", "evidence_result_code": "EVD.R-"},
    )
    fill(con, by_hand(worked, stopped))
    got = mart(
        con,
        "expertise",
        "force_area_code, objective_code, activity_type_code, n_activities, n_stopped, n_evaluated, n_worked, n_not_worked, "
        "evidence_design_code, started_year",
    )
    assert got == [
        (CUMBRIA, "OBJ.INFORM", "ACT.MSG", 3, 1, 2, 1, 1, "EVD.D3", 2010),
        (CUMBRIA, "OBJ.TENSION", "ACT.WARDEN", 1, 1, 0, 0, 0, None, None),
        (NORTHUMBRIA, "OBJ.UNSTATED", "ACT.OTHER", 1, 0, 0, 0, 0, None, None),
        (DURHAM, "OBJ.DIVERT", "ACT.YOUTH", 1, 0, 0, 0, 0, None, 2012),
        (DURHAM, "OBJ.INFORM", "ACT.SOCIAL", 1, 0, 0, 0, 0, "EVD.D0", None),
        (CLEVELAND, "OBJ.DIVERT", "ACT.YOUTH", 1, 0, 0, 0, 0, None, 2012),
    ]
    assert check_table(con, MARTS["expertise"]) == ()


def test_visits_by_organisation_with_the_types_of_speaker(con: DuckDBPyConnection) -> None:
    june, july = dt.date(2017, 6, 20), dt.date(2017, 7, 3)
    fill(
        con,
        {
            "visits": [
                visit("v1", CUMBRIA, visited_on=june),
                visit("v2", CUMBRIA, visited_on=july),
                visit("v3", CUMBRIA, "ORG.UNI", visited_on=june),
            ],
            "speakers": [
                {"visit_id": "v1", "speaker_type_code": "SPK.STAFF", "n_speakers": 2},
                {"visit_id": "v2", "speaker_type_code": "SPK.STAFF", "n_speakers": 1},
                {"visit_id": "v2", "speaker_type_code": "SPK.FRONTLINE", "n_speakers": 4},
            ],
        },
    )
    columns = (
        "organisation_type_code, n_visits, n_speakers, speaker_type_codes, first_visited_on, last_visited_on, state"
    )
    got = [row[1:] for row in mart(con, "visit_coverage", f"force_area_code, {columns}") if row[0] == CUMBRIA]
    assert got == [
        ("ORG.FORCE", 2, 7, "SPK.FRONTLINE + SPK.STAFF", june, july, "value"),
        ("ORG.OPCC", 0, 0, None, None, None, "not_covered"),
        ("ORG.UNI", 1, 0, None, june, june, "value"),
    ]
    con.execute(f"INSERT INTO staged.not_said_areas VALUES ('{CUMBRIA}', 'other_visits'), ('{DURHAM}', 'other_visits')")
    states = dict(mart(con, "visit_coverage", "(force_area_code, organisation_type_code), state"))  # type: ignore[arg-type]
    assert states[CUMBRIA, "ORG.FORCE"] == "value"
    assert states[CUMBRIA, "ORG.OPCC"] == states[DURHAM, "ORG.FORCE"] == "not_said"
    assert states[CLEVELAND, "ORG.FORCE"] == "not_covered"


@pytest.mark.parametrize(
    "text", ["West Yorkshire", "E23000010", "e23000010", " west  YORKSHIRE ", "West Yorkshire Police"]
)
def test_an_area_is_found_by_name_code_or_reviewed_spelling(project: ProjectPaths, text: str) -> None:
    assert force_area_code(project, text) == "E23000010"


def test_an_unknown_area_is_refused_with_the_nearest(project: ProjectPaths) -> None:
    with pytest.raises(LandscapeError, match="there is no force area Wst Yorks") as caught:
        force_area_code(project, "Wst Yorks")
    assert caught.value.culprits[0] == "perhaps: West Yorkshire"
    assert len(caught.value.culprits) == 3

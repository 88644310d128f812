"""What a row's permission lets a release show of it, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_landscape import (
    REGION_OF,
    REGIONS,
    Cells,
    Found,
    Visited,
    empty_staging_db,
    released,
    shown,
    stage_visits,
)

from assets.tables import models
from landscape.disclosure.permissions import INTERNAL_CAVEAT, permitted_marts, released_models
from landscape.errors import DisclosureError

NAMED, REGION, NO_PLACE, INTERNAL = "REL.NAMED", "REL.REGION", "REL.UNATTRIBUTED", "REL.INTERNAL"
LEVELS = (NAMED, REGION, NO_PLACE, INTERNAL)
NORTHUMBRIA, DURHAM, CLEVELAND = REGIONS["North East"]
CUMBRIA, LANCASHIRE, MERSEYSIDE, *_ = REGIONS["North West"]
AREAS = (*REGIONS["North East"], *REGIONS["North West"][:3])


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    with empty_staging_db() as staging_db:
        yield staging_db


def staged(con: DuckDBPyConnection, visits: tuple[Visited, ...], query: str) -> list[tuple[object, ...]]:
    stage_visits(con, visits)
    with released(con, "marts" if "marts." in query else "staged") as permitted:
        return permitted.con.execute(query).fetchall()


def activity(level: str, *areas: str, **more: object) -> Found:
    return Found(level, areas, **more)  # type: ignore[arg-type]


NORTH_EAST = (
    Visited(NORTHUMBRIA, NAMED, 1, activities=(activity(NAMED, NORTHUMBRIA), activity(REGION, NORTHUMBRIA))),
    Visited(DURHAM, REGION, 1, "ORG.OPCC", activities=(activity(REGION, DURHAM),)),
    Visited(CLEVELAND, REGION, 1, activities=(activity(NO_PLACE, CLEVELAND), activity(INTERNAL, CLEVELAND))),
)
PLACED = """
    SELECT release_level, areas.force_area_code, areas.region_name
    FROM staged.activities JOIN staged.activity_areas AS areas USING (activity_id) ORDER BY ALL
"""


def test_each_level_by_hand(con: DuckDBPyConnection) -> None:
    """Three areas of the North East, three speakers, so the region may be named; its region-only rows are of two areas."""
    assert staged(con, NORTH_EAST, PLACED) == [
        (NAMED, NORTHUMBRIA, "North East"),
        (REGION, None, "North East"),
        (REGION, None, "North East"),
        (NO_PLACE, None, None),
    ]


@pytest.mark.parametrize(
    ("visits", "why"),
    [
        (NORTH_EAST[:2], "two areas visited"),
        ((*NORTH_EAST[:2], replace(NORTH_EAST[2], level=INTERNAL)), "the third for the team only"),
        ((*NORTH_EAST[:2], replace(NORTH_EAST[2], level=NO_PLACE)), "the third without place"),
        ((replace(NORTH_EAST[0], n_speakers=0), *NORTH_EAST[1:]), "two speakers"),
        (
            (
                replace(NORTH_EAST[0], n_speakers=3),
                replace(NORTH_EAST[1], n_speakers=0),
                replace(NORTH_EAST[2], n_speakers=0),
            ),
            "three speakers of one organisation",
        ),
    ],
)
def test_a_region_is_named_by_its_rule_only(con: DuckDBPyConnection, visits: tuple[Visited, ...], why: str) -> None:
    assert {region for _, _, region in staged(con, visits, PLACED)} == {None}, why


def test_what_is_shown_of_a_region_is_no_single_area_of_it(con: DuckDBPyConnection) -> None:
    alone = (NORTH_EAST[0], replace(NORTH_EAST[1], activities=()), replace(NORTH_EAST[2], activities=()))
    assert staged(con, alone, PLACED) == [(NAMED, NORTHUMBRIA, "North East"), (REGION, None, None)]


def test_a_region_that_is_not_shown_is_not_found_by_elimination(con: DuckDBPyConnection) -> None:
    """One visit to Cumbria opens no North West; were the North East shown, all that is left would be of the North West."""
    visits = (*NORTH_EAST[:2], replace(NORTH_EAST[2], activities=()))
    west = Visited(CUMBRIA, REGION, activities=(activity(REGION, CUMBRIA),))
    assert (REGION, None, "North East") in staged(con, visits, PLACED)
    got = staged(con, (*visits, west), PLACED)
    assert [row for row in got if row[0] == REGION] == [(REGION, None, None)] * 3


def test_the_visit_governs_its_speakers_and_the_activity_itself(con: DuckDBPyConnection) -> None:
    visits = (
        Visited(DURHAM, NAMED, 2, activities=(activity(REGION, DURHAM),)),
        Visited(CUMBRIA, REGION, 4, activities=(activity(NAMED, CUMBRIA),)),
        Visited(LANCASHIRE, INTERNAL, 8, activities=(activity(NAMED, LANCASHIRE),)),
    )
    got = staged(
        con, visits, "SELECT force_area_name, n_speakers, n_activities FROM marts.force_areas WHERE force_area_code IN "
        f"('{DURHAM}', '{CUMBRIA}', '{LANCASHIRE}') ORDER BY 1",
    )  # fmt: skip
    assert got == [("Cumbria", None, 1), ("Durham", 2, None), ("Lancashire", None, None)]


def test_no_row_leads_from_one_level_to_another(con: DuckDBPyConnection) -> None:
    """Neither from a region's activity to the visit that names the area, nor from a named one to the region's visit."""
    visits = (
        Visited(DURHAM, NAMED, activities=(activity(REGION, DURHAM), activity(NAMED, DURHAM))),
        Visited(CUMBRIA, REGION, activities=(activity(NAMED, CUMBRIA),)),
    )
    joined = "SELECT activities.release_level, visits.release_level FROM staged.activities JOIN staged.visits USING (visit_id)"
    assert staged(con, visits, joined) == [(NAMED, NAMED)]


def test_days_are_shown_of_named_rows_only(con: DuckDBPyConnection) -> None:
    days = staged(con, NORTH_EAST, "SELECT release_level, count(visited_on) FROM staged.visits GROUP BY ALL ORDER BY 1")
    assert days == [(NAMED, 1), (REGION, 0)]


def test_a_product_named_after_a_place_names_no_place(con: DuckDBPyConnection) -> None:
    products = [
        ("Durham Alert", REGION),
        ("In the know, Cumbria", NO_PLACE),
        ("Neighbourhood Alert", REGION),
        ("Durham Post", NAMED),
    ]
    visits = tuple(
        Visited(DURHAM, NAMED, activities=(activity(level, DURHAM, product=name),)) for name, level in products
    )
    got = staged(con, visits, "SELECT product_name FROM staged.technologies ORDER BY 1 NULLS LAST")
    assert got == [("Durham Post",), ("Neighbourhood Alert",), (None,), (None,)]


def test_what_is_withheld_is_withheld_in_all_areas_it_may_come_from(con: DuckDBPyConnection) -> None:
    """Two region-only visits, to Durham and Cleveland, and a named one to Northumbria."""
    visits = tuple(replace(visit, activities=()) for visit in NORTH_EAST)
    states = "SELECT force_area_code, visits_state, state FROM marts.force_areas ORDER BY 1"
    in_region = {code: (visits_state, state) for code, visits_state, state in staged(con, visits, states)}
    assert {in_region[code] for code in (DURHAM, CLEVELAND)} == {("withheld", "withheld")}
    assert in_region[NORTHUMBRIA] == ("value", "zero")
    assert in_region[CUMBRIA] == ("not_covered", "not_covered")
    unplaced = (*visits, Visited(CUMBRIA, NO_PLACE))
    everywhere = {code: visits_state for code, visits_state, _ in staged(con, unplaced, states)}
    assert {state for code, state in everywhere.items() if code != NORTHUMBRIA} == {"withheld"}


def test_objectives_by_region_by_hand(con: DuckDBPyConnection) -> None:
    rows = staged(
        con, NORTH_EAST, "SELECT region_name, n_activities, n_region_activities, state FROM marts.objective_regions "
        "WHERE objective_code = 'OBJ.TRUST' ORDER BY 1 NULLS LAST",
    )  # fmt: skip
    assert rows == [
        ("North East", 3, 3, "value"),
        ("North West", None, None, "withheld"),
        ("Yorkshire and The Humber", None, None, "withheld"),
        (None, 1, 1, "value"),
    ]


FOUND = st.builds(
    Found,
    level=st.sampled_from(LEVELS),
    areas=st.lists(st.sampled_from(AREAS), min_size=1, max_size=2, unique=True).map(tuple),
    objectives=st.sets(st.sampled_from(["OBJ.TRUST", "OBJ.INFORM"]), min_size=1).map(sorted).map(tuple),
)
VISITS = st.lists(
    st.builds(
        Visited,
        area=st.sampled_from(AREAS),
        level=st.sampled_from(LEVELS),
        n_speakers=st.integers(0, 3),
        organisation=st.sampled_from(["ORG.FORCE", "ORG.OPCC"]),
        activities=st.lists(FOUND, max_size=2).map(tuple),
        challenges=st.lists(FOUND, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=6,
)
WILD = settings(
    max_examples=max(2, settings.default.max_examples // 10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NOTHING_SAID = {"withheld", "not_covered", "zero"}


def said_by_area(cells: Cells) -> dict[tuple[object, ...], dict[str, object]]:
    """What is shown of areas by name, by table and key: empty and 0 are alike here, and so are the states that say nothing."""
    keys = {model.table: model.key for model in models("marts")}
    by_area: dict[tuple[object, ...], dict[str, object]] = {}
    for table, rows in cells.items():
        for row in rows:
            if isinstance(row.get("force_area_code"), str):
                by_area[(table, *(row[name] for name in keys[table]))] = {
                    name: None if pd.isna(value) or value == 0 or value in NOTHING_SAID else value  # type: ignore[call-overload]
                    for name, value in row.items()
                }
    return by_area


@WILD
@given(visits=VISITS, to=st.sampled_from(AREAS))
def test_only_what_may_be_shown_has_any_influence(con: DuckDBPyConnection, visits: list[Visited], to: str) -> None:
    """Without the team's own rows all is the same; with all unnamed rows moved to one area, no area is shown otherwise."""
    # The team's own visits come last, so that the others keep their numbers.
    visits = [visit for visit in visits if visit.level != INTERNAL] + [
        visit for visit in visits if visit.level == INTERNAL
    ]
    everything = shown(con, visits)
    without = shown(con, [visit.without_internal() for visit in visits if visit.level != INTERNAL])
    assert repr(everything) == repr(without)
    before, after = said_by_area(everything), said_by_area(shown(con, [moved(visit, to) for visit in visits]))
    assert {
        key: (before.get(key), after.get(key)) for key in {*before, *after} if before.get(key) != after.get(key)
    } == {}


def moved(visit: Visited, to: str) -> Visited:
    """The same visit with all that may not be named in another area."""

    def elsewhere(found: Found) -> Found:
        return found if found.level == NAMED else replace(found, areas=(to,))

    return replace(
        visit,
        area=visit.area if visit.level == NAMED else to,
        activities=tuple(map(elsewhere, visit.activities)),
        challenges=tuple(map(elsewhere, visit.challenges)),
    )


@WILD
@given(visits=VISITS)
def test_a_region_that_is_named_keeps_its_rule_in_every_landscape(
    con: DuckDBPyConnection, visits: list[Visited]
) -> None:
    stage_visits(con, visits)
    with released(con, "staged") as permitted:
        for table in ("visits", "activity_areas", "assertions"):
            named = permitted.con.execute(f"SELECT DISTINCT region_name FROM staged.{table}").fetchall()
            for region in {name for (name,) in named if name}:
                visible = [v for v in visits if REGION_OF[v.area] == region and v.level in (NAMED, REGION)]
                assert len({v.area for v in visible}) >= 3
                assert sum(v.n_speakers for v in visible) >= 3
                assert len({(v.area, v.organisation) for v in visible if v.n_speakers}) >= 2
            unnamed = permitted.con.execute(
                f"SELECT region_name, count(DISTINCT place_key) FROM staged.{table} "
                "WHERE region_name IS NOT NULL AND force_area_code IS NULL GROUP BY 1"
            ).fetchall()
            assert all(n_areas >= 2 for _, n_areas in unnamed)


def test_a_table_that_shows_a_key_is_not_released(con: DuckDBPyConnection) -> None:
    stage_visits(con, NORTH_EAST)
    combinations = next(model for model in models("marts") if model.name == "objective_combinations")
    for column, table in (("place_key", "activity_areas"), ("visit_id", "visits")):
        sql = (
            f"SELECT DISTINCT {column} AS objective_codes, 'x' AS objective_names, 1 AS n_objectives, 1 AS n_activities, "
            f"1 AS n_areas, false AS is_sample FROM staged.{table} ORDER BY 1"
        )
        shows = replace(combinations, sql=sql, upstream=(f"staged.{table}",))
        with (
            pytest.raises(DisclosureError, match=r"marts\.objective_combinations\.objective_codes") as caught,
            permitted_marts(con, models("reference"), models("staged"), [shows], b"k" * 32),
        ):
            pass
        assert "force_visits" not in str(caught.value)


def test_a_table_made_from_what_nobody_decided_upon_is_not_released(con: DuckDBPyConnection) -> None:
    stage_visits(con, NORTH_EAST)
    breakdown = next(model for model in models("marts") if model.name == "survey_breakdown")
    with (
        pytest.raises(DisclosureError, match=r"marts\.survey_breakdown reads staged\.given_cells"),
        permitted_marts(con, models("reference"), models("staged"), [replace(breakdown, people=False)], b"k" * 32),
    ):
        pass
    widened = [
        replace(model, fields=(*model.fields, replace(model.fields[0], name="notes")))
        if model.name == "visits"
        else model
        for model in models("staged")
    ]
    with (
        pytest.raises(DisclosureError, match="notes"),
        permitted_marts(con, models("reference"), widened, models("marts"), b"k" * 32),
    ):
        pass


def test_what_counts_people_is_in_no_release() -> None:
    shows = {model.name: [field.name for field in model.fields] for model in released_models(models("marts"))}
    assert not {"network_by_area", "priorities", "survey_breakdown"} & shows.keys()
    assert not {"n_members", "n_responses"} & set(shows["force_areas"])
    assert all(INTERNAL_CAVEAT not in model.caveats for model in released_models(models("marts")))


def test_a_mart_of_answers_declares_that_it_counts_people() -> None:
    """What is made of answers and consents is of people, as a whole or in the fields that say so."""
    answers = {"staged.answers", "staged.given_cells", "staged.cell_meanings", "staged.consents"}
    of_people = {*answers, *(model.table for model in models("marts") if model.people)}
    # Its rows of people come from a mart that is empty in a release; test_marts_products looks that none are left.
    empty_there = {"marts.officer_models"}
    undeclared = [
        model.table
        for model in models("marts")
        if model.table not in empty_there
        and of_people & set(model.upstream)
        and not (model.people or any(field.people for field in model.fields))
    ]
    assert undeclared == []

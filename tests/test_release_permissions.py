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

NAMED, WHOLE, INTERNAL = "REL.NAMED", "REL.WHOLE", "REL.INTERNAL"
LEVELS = (NAMED, WHOLE, INTERNAL)
NORTHUMBRIA, DURHAM, CLEVELAND = REGIONS["North East"]
CUMBRIA, LANCASHIRE, *_ = REGIONS["North West"]
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
    Visited(NORTHUMBRIA, NAMED, 1, activities=(activity(NAMED, NORTHUMBRIA), activity(WHOLE, NORTHUMBRIA))),
    Visited(DURHAM, WHOLE, 1, "ORG.OPCC", activities=(activity(WHOLE, DURHAM),)),
    Visited(CLEVELAND, WHOLE, 1, activities=(activity(WHOLE, CLEVELAND), activity(INTERNAL, CLEVELAND))),
)
PLACED = """
    SELECT release_level, areas.force_area_code, areas.region_name
    FROM staged.activities JOIN staged.activity_areas AS areas USING (activity_id) ORDER BY ALL
"""


def test_only_what_may_be_named_is_there_at_all(con: DuckDBPyConnection) -> None:
    assert staged(con, NORTH_EAST, PLACED) == [(NAMED, NORTHUMBRIA, "North East")]
    for table in ("visits", "responses", "assertions", "activities"):
        levels = staged(con, NORTH_EAST, f"SELECT DISTINCT release_level FROM staged.{table}")
        assert set(levels) <= {(NAMED,)}


def test_the_visit_governs_its_speakers_and_the_activity_itself(con: DuckDBPyConnection) -> None:
    visits = (
        Visited(DURHAM, NAMED, 2, activities=(activity(WHOLE, DURHAM),)),
        Visited(CUMBRIA, WHOLE, 4, activities=(activity(NAMED, CUMBRIA),)),
        Visited(LANCASHIRE, INTERNAL, 8, activities=(activity(NAMED, LANCASHIRE),)),
    )
    got = staged(
        con, visits, "SELECT force_area_name, n_speakers, n_activities FROM marts.force_areas WHERE force_area_code IN "
        f"('{DURHAM}', '{CUMBRIA}', '{LANCASHIRE}') ORDER BY 1",
    )  # fmt: skip
    assert got == [("Cumbria", None, 1), ("Durham", 2, None), ("Lancashire", None, None)]


def test_no_row_leads_to_a_visit_that_may_not_be_named(con: DuckDBPyConnection) -> None:
    visits = (
        Visited(DURHAM, NAMED, activities=(activity(WHOLE, DURHAM), activity(NAMED, DURHAM))),
        Visited(CUMBRIA, WHOLE, activities=(activity(NAMED, CUMBRIA),)),
    )
    joined = "SELECT activities.release_level, visits.release_level FROM staged.activities JOIN staged.visits USING (visit_id)"
    assert staged(con, visits, joined) == [(NAMED, NAMED)]


def test_products_are_told_of_named_rows_only(con: DuckDBPyConnection) -> None:
    products = [("Durham Alert", WHOLE), ("In the know", WHOLE), ("Durham Post", NAMED)]
    visits = tuple(
        Visited(DURHAM, NAMED, activities=(activity(level, DURHAM, product=name),)) for name, level in products
    )
    assert staged(con, visits, "SELECT product_name FROM staged.technologies") == [("Durham Post",)]


def test_withheld_nothing_found_and_not_visited_look_alike(con: DuckDBPyConnection) -> None:
    """Northumbria was visited and nothing was found; Durham's visit may not be named; nobody visited Cumbria."""
    visits = (Visited(NORTHUMBRIA, NAMED), Visited(DURHAM, WHOLE, activities=(activity(WHOLE, DURHAM),)))
    states = "SELECT force_area_code, n_activities, n_challenges, state FROM marts.force_areas"
    of = {code: rest for code, *rest in staged(con, visits, states)}
    assert of[NORTHUMBRIA] == of[DURHAM] == of[CUMBRIA] == [None, None, "not_said"]
    for mart in ("objective_breakdown", "challenge_areas", "activity_types", "objective_regions", "gap_map"):
        assert staged(con, visits, f"SELECT DISTINCT state FROM marts.{mart}") == [("not_said",)], mart


SIX = AREAS[:6]


def told_elsewhere(con: DuckDBPyConnection, unnamed: int) -> dict[object, object]:
    """What is said of each code: six areas are named as visited, and in so many others trust may not be named."""
    others = [area for area in REGION_OF if area not in SIX][:unnamed]
    visits = [Visited(area, NAMED) for area in SIX]
    visits += [Visited(area, WHOLE, activities=(activity(WHOLE, area),)) for area in others]
    return dict(staged(con, tuple(visits), "SELECT code, elsewhere FROM staged.elsewhere"))  # type: ignore[arg-type]


def test_elsewhere_is_said_in_two_classes(con: DuckDBPyConnection) -> None:
    for unnamed, words in ((0, "fewer than 3 areas"), (2, "fewer than 3 areas"), (3, "3 areas or more")):
        said = told_elsewhere(con, unnamed)
        assert said["OBJ.TRUST"] == words
        assert (
            said["OBJ.INFORM"] == said["CHL.SKILL"] == "fewer than 3 areas"
        )  # of which there is nothing: the same form


def test_elsewhere_is_said_only_where_six_areas_are_visited_and_not_named(con: DuckDBPyConnection) -> None:
    visits = tuple(
        Visited(area, NAMED, activities=(activity(NAMED if place == 0 else WHOLE, area),))
        for place, area in enumerate(SIX)
    )
    said = dict(staged(con, visits, "SELECT code, elsewhere FROM staged.elsewhere"))  # type: ignore[arg-type]
    assert "OBJ.TRUST" not in said  # five are left beside the one that is named
    assert said["OBJ.INFORM"] == "fewer than 3 areas"
    unnamed = tuple(replace(visit, level=WHOLE) for visit in visits)
    assert staged(con, unnamed, "SELECT * FROM staged.elsewhere") == []  # it would say that they were visited


def test_shared_rests_on_named_areas_and_on_elsewhere_alone(con: DuckDBPyConnection) -> None:
    every = "SELECT n_areas, is_shared, elsewhere FROM marts.shared_objectives WHERE objective_code = 'OBJ.TRUST'"
    few = tuple(Visited(area, NAMED, activities=(activity(WHOLE, area),)) for area in (*SIX[:2],))
    six = tuple(Visited(area, NAMED) for area in SIX)
    assert staged(con, (*six, *few), every) == [(0, False, "fewer than 3 areas")]
    many = tuple(Visited(area, NAMED, activities=(activity(WHOLE, area),)) for area in SIX[:3])
    assert staged(con, (*six, *many), every) == [(0, True, "3 areas or more")]


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
NOTHING_SAID = {"not_said"}


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
@given(
    unnamed=st.lists(st.sampled_from(tuple(REGION_OF)), min_size=0, max_size=6, unique=True),
    order=st.permutations(tuple(REGION_OF)),
    visited=st.sampled_from([6, 9, 12]),
)
def test_which_areas_are_behind_elsewhere_cannot_be_told(
    con: DuckDBPyConnection, unnamed: list[str], order: list[str], visited: int
) -> None:
    """As many other areas in their place make the same release, to the cell: of no area is it known, nor of its absence."""

    def landscape(areas: list[str]) -> list[Visited]:
        named = [Visited(area, NAMED) for area in sorted(REGION_OF)[:visited]]
        said = [Found(WHOLE, (area,)) for area in areas]
        return [*named, *(Visited(each.areas[0], WHOLE, activities=(each,), challenges=(each,)) for each in said)]

    assert repr(shown(con, landscape(unnamed))) == repr(shown(con, landscape(order[: len(unnamed)])))


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

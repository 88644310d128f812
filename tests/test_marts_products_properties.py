"""What must never change the marts of the mapping, and rare rows: staged rows without files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from hypothesis import given, settings
from hypothesis import strategies as st
from marts_landscape import CHECKOUT

from assets.tables import models
from landscape.models import DUCKDB_TYPES
from landscape.staging_db import load_reference, scratch_staging_db, write_rows

AREAS = ("E23000002", "E23000003", "E23000007", "E23000008")
NEVER_VISITED = ("E23000012", "E23000013")
MARTS = {model.name: model for model in models("marts") if model.sql}
OF_ACTIVITIES = (
    "shared_objectives", "innovative_practice", "common_challenges", "challenge_areas", "gap_map", "technologies",
    "intermediaries", "officer_models", "channel_audiences", "audience_reach", "demand", "objective_combinations",
)  # fmt: skip
few_examples = settings(max_examples=3, deadline=None)

Rows = Sequence[Mapping[str, Any]]
Landscape = Mapping[str, Rows]
Claim = tuple[str, str | None, str]
"""Challenge, type of speaker, area."""


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    """Reference tables as committed, and empty staged tables."""
    with scratch_staging_db() as con:
        for model in models("reference"):
            if (CHECKOUT.reference / (model.file or f"{model.name}.csv")).exists():
                load_reference(con, model, CHECKOUT.reference)
        for model in (*models("staged"), MARTS["survey_breakdown"]):
            columns = {field.name: DUCKDB_TYPES[field.type] for field in model.fields}
            write_rows(con, model.table, columns, [])
        yield con


@dataclasses.dataclass(frozen=True)
class Found:
    """An activity as drawn, before it becomes rows."""

    visit: int
    areas: frozenset[str]
    codes: frozenset[tuple[str, str]]
    kind: str
    novelty: str | None
    design: str | None
    result: str | None
    effect: str | None
    product: str | None


def some(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *values))


CODES = (
    *(("objective", code) for code in ("OBJ.INFORM", "OBJ.TRUST", "OBJ.UNSTATED")),
    *(("audience", code) for code in ("AUD.YOUNG", "AUD.OLDER")),
    *(("channel", code) for code in ("CHN.F2F", "CHN.SOCIAL")),
    *(("partner", code) for code in ("PAR.WARDEN", "PAR.LA")),
)
activities = st.builds(
    Found,
    visit=st.integers(0, 4),
    areas=st.frozensets(st.sampled_from(AREAS), min_size=1),
    codes=st.frozensets(st.sampled_from(CODES), min_size=1, max_size=6),
    kind=st.sampled_from(("ACT.MSG", "ACT.WARDEN")),
    novelty=some("NOV.0", "NOV.2", "NOV.3"),
    design=some("EVD.D0", "EVD.D2"),
    result=some("EVD.R+", "EVD.R-"),
    effect=some("DEM.LESS", "DEM.UNKNOWN"),
    product=some("Alert", "alert", "Messenger"),
)
assertions = st.tuples(
    st.sampled_from(("CHL.RESOURCE", "CHL.SKILL")), some("SPK.STAFF", "SPK.OPCC"), st.sampled_from(AREAS)
)
finds = st.lists(activities, min_size=3, max_size=6)
claims = st.lists(assertions, min_size=2, max_size=5)
UNRELATED = Found(
    visit=0,
    areas=frozenset(AREAS),
    codes=frozenset({("objective", "OBJ.QOL"), ("audience", "AUD.FAITH"), ("partner", "PAR.FIRE")}),
    kind="ACT.EXCHANGE",
    novelty="NOV.0",
    design="EVD.D5",
    result="EVD.R+",
    effect="DEM.MORE",
    product=None,
)
OF_UNRELATED = {"OBJ.QOL", "ACT.EXCHANGE", "AUD.FAITH", "PAR.FIRE"}


def landscape(found: Sequence[Found], asserted: Sequence[Claim]) -> dict[str, list[dict[str, Any]]]:
    """Staged rows: five visits to the first three areas, and what was found there."""
    places = [AREAS[number % 3] for number in range(5)]
    made: dict[str, list[dict[str, Any]]] = {
        "visits": [
            {
                "visit_id": f"V{number}", "force_area_code": place, "place_key": place, "region_name": "North East",
                "organisation_type_code": ("ORG.FORCE", "ORG.OPCC")[number % 2], "visited_on": dt.date(2017, 7, 1),
                "officer_model_code": (None, "MOD.ALL")[number % 2],
            }
            for number, place in enumerate(places)
        ],
        "activities": [], "activity_areas": [], "activity_sources": [], "activity_codes": [], "technologies": [],
        "assertions": [
            {
                "assertion_id": f"C{number}", "challenge_code": code, "speaker_type_code": speaker,
                "force_area_code": area, "place_key": area,
            }
            for number, (code, speaker, area) in enumerate(asserted)
        ],
    }  # fmt: skip
    for number, one in enumerate(found):
        key = {"activity_id": f"A{number}", "is_sample": False}
        made["activities"].append(
            {
                **key, "visit_id": f"V{one.visit}",
                "activity_type_code": one.kind, "novelty_code": one.novelty, "evidence_design_code": one.design,
                "evidence_result_code": one.result, "demand_effect_code": one.effect,
            }
        )  # fmt: skip
        made["activity_sources"].append({**key, "source_number": 1, "source_key": f"source {one.visit % 2}"})
        made["activity_areas"] += [
            {**key, "force_area_code": area, "place_key": area, "region_name": "North East"}
            for area in sorted(one.areas)
        ]
        made["activity_codes"] += [
            {**key, "scheme": scheme, "code": code, "coding_basis": "stated"} for scheme, code in sorted(one.codes)
        ]
        if one.product:
            made["technologies"].append({**key, "technology_id": f"T{number}", "product_name": one.product})
    return made


def tables(
    con: DuckDBPyConnection, staged: Landscape, names: Sequence[str] = OF_ACTIVITIES
) -> dict[str, list[tuple[Any, ...]]]:
    """The marts made of these staged rows, without what areas are called."""
    declared = {model.name: model for model in models("staged")}
    for name, rows in staged.items():
        columns = {field.name: DUCKDB_TYPES[field.type] for field in declared[name].fields}
        write_rows(con, f"staged.{name}", columns, [tuple(row.get(column) for column in columns) for row in rows])
    called = ("force_area_name", "force_area_names", "region_names", "practice_id")
    made = {}
    for name in names:
        kept = ", ".join(field.name for field in MARTS[name].fields if field.name not in called)
        made[name] = con.execute(f"SELECT {kept} FROM ({MARTS[name].sql}) ORDER BY ALL").fetchall()
    return made


@given(found=finds, asserted=claims)
@few_examples
def test_an_unrelated_activity_changes_no_other_count(
    con: DuckDBPyConnection, found: list[Found], asserted: list[Claim]
) -> None:
    def others(staged: Landscape) -> dict[str, list[tuple[Any, ...]]]:
        own = {*OF_UNRELATED, "ALL"}  # its own rows, and those of all activities together
        return {name: [row for row in rows if not own & set(row)] for name, rows in tables(con, staged).items()}

    assert others(landscape([*found, UNRELATED], asserted)) == others(landscape(found, asserted))


@given(found=finds, asserted=claims)
@few_examples
def test_what_an_area_is_called_changes_no_number(
    con: DuckDBPyConnection, found: list[Found], asserted: list[Claim]
) -> None:
    staged = landscape(found, asserted)
    before = tables(con, staged)
    con.execute("UPDATE reference.force_areas SET force_area_name = reverse(force_area_name)")
    try:
        assert tables(con, staged) == before
    finally:
        con.execute("UPDATE reference.force_areas SET force_area_name = reverse(force_area_name)")


@given(found=finds, asserted=claims, order=st.randoms())
@few_examples
def test_the_order_of_rows_changes_nothing(
    con: DuckDBPyConnection, found: list[Found], asserted: list[Claim], order: Random
) -> None:
    staged = landscape(found, asserted)
    shuffled = {name: order.sample(rows, len(rows)) for name, rows in staged.items()}

    def whole(staged: Landscape) -> list[list[tuple[Any, ...]]]:
        tables(con, staged, ())
        return [con.execute(str(MARTS[name].sql)).fetchall() for name in OF_ACTIVITIES]

    assert whole(shuffled) == whole(staged)


@given(found=finds, asserted=claims)
@few_examples
def test_an_area_nobody_visited_is_never_a_zero(
    con: DuckDBPyConnection, found: list[Found], asserted: list[Claim]
) -> None:
    made = tables(con, landscape(found, asserted), ("challenge_areas", "officer_models"))
    states = [row for rows in made.values() for row in rows if set(row) & set(NEVER_VISITED)]
    assert len(states) == 2 * (19 + 4 + 5)
    assert all("not_covered" in row for row in states)


@given(found=finds, asserted=claims)
@few_examples
def test_areas_that_may_not_be_named_are_counted_and_not_listed(
    con: DuckDBPyConnection, found: list[Found], asserted: list[Claim]
) -> None:
    staged = landscape(found, asserted)
    unnamed = {
        name: [{**row, "force_area_code": None} if "force_area_code" in row else row for row in rows]
        for name, rows in staged.items()
    }
    counted = tuple(name for name in OF_ACTIVITIES if name not in ("challenge_areas", "officer_models", "technologies"))
    before = tables(con, staged, counted)
    assert tables(con, unnamed, counted) == before
    for name in ("shared_objectives", "innovative_practice", "common_challenges"):
        assert con.execute(f"SELECT count(force_area_names) FROM ({MARTS[name].sql})").fetchall() == [(0,)]
    by_area = tables(con, unnamed, ("technologies",))["technologies"]
    assert all(row[2] is None for row in by_area)


def test_products_are_told_apart_by_name_and_supplier_however_written(con: DuckDBPyConnection) -> None:
    written = [
        ("Alert", "Maker Ltd"), (" ALERT", "maker,  limited"), ("alert", None),
        ("Bell", "First plc"), ("Bell", "Second"), ("Bell", None),
        (None, "Third"), (None, None),
    ]  # fmt: skip
    products = [
        {"technology_id": f"T{number}", "activity_id": "A0", "product_name": product, "supplier": supplier}
        for number, (product, supplier) in enumerate(written)
    ]
    tables(con, {**landscape([UNRELATED], []), "technologies": products}, ())
    found = con.execute(
        f"SELECT product_name, supplier_name, n_uses FROM ({MARTS['technologies'].sql}) WHERE force_area_code IS NULL"
    ).fetchall()
    assert found == [
        ("ALERT", "Maker Ltd", 3), ("Bell", "First plc", 1), ("Bell", "Second", 1), ("Bell", "unknown", 1),
        ("unknown", "Third", 1), ("unknown", "unknown", 1),
    ]  # fmt: skip


def states(con: DuckDBPyConnection, mart: str, number: str) -> list[tuple[Any, ...]]:
    counted = f"SELECT force_area_code, state, count(*), sum({number}) FROM ({MARTS[mart].sql})"
    areas = f"force_area_code IN ('{AREAS[0]}', '{NEVER_VISITED[0]}')"
    return con.execute(f"{counted} WHERE {areas} GROUP BY ALL ORDER BY ALL").fetchall()


def test_what_is_not_said_has_a_state_and_no_number(con: DuckDBPyConnection) -> None:
    staged = landscape([UNRELATED], [("CHL.SKILL", "SPK.OPCC", AREAS[0])])
    withheld = [
        {"force_area_code": area, "subject": subject}
        for area in (AREAS[0], NEVER_VISITED[0])
        for subject in ("visits", "challenges")
    ]
    tables(con, {**staged, "not_said_areas": withheld}, ())
    try:
        assert states(con, "challenge_areas", "n_assertions") == [
            (AREAS[0], "not_said", 18, None), (AREAS[0], "value", 1, 1), (NEVER_VISITED[0], "not_said", 19, None),
        ]  # fmt: skip
        assert states(con, "officer_models", "n_saying") == [
            (AREAS[0], "not_said", 8, None), (AREAS[0], "value", 1, 1), (NEVER_VISITED[0], "not_said", 9, None),
        ]  # fmt: skip
    finally:
        tables(con, {"not_said_areas": []}, ())

"""The marts of the mapping, made by their own SQL of staged rows that are written out here."""

from __future__ import annotations

import atexit
import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Any

import pandas as pd
from duckdb import DuckDBPyConnection
from marts_landscape import CHECKOUT
from safe_frames import member_areas, members

from assets.tables import models
from landscape.models import DUCKDB_TYPES
from landscape.places.landscape import write_landscape
from landscape.staging_db import load_reference, read_table, scratch_staging_db, write_rows

MAPPING = (
    "shared_objectives", "common_challenges", "challenge_areas", "gap_map", "technologies", "channel_audiences",
    "audience_reach", "learning_matches", "innovative_practice", "intermediaries", "officer_models", "demand", "expertise",
)  # fmt: skip
TYPES = ("ACT.MSG", "ACT.YOUTH", "ACT.SOCIAL", "ACT.MEDIATE", "ACT.MEET")
CHALLENGES = ("CHL.RESOURCE", "CHL.TECHDATA", "CHL.SKILL", "CHL.SILO")
PRODUCTS = ("Alert", "Messenger", "Bulletin")
_OPEN = ExitStack()  # until the tests end
atexit.register(lambda: (_OPEN.close(), _staging_db.cache_clear()))  # else DuckDB complains at the end
Activities = Sequence[tuple[tuple[str, ...], tuple[str, ...]]]
"""Areas and objectives of each."""


@cache
def _staging_db() -> DuckDBPyConnection:
    con = _OPEN.enter_context(scratch_staging_db())
    for model in models("reference"):
        if (CHECKOUT.reference / (model.file or f"{model.name}.csv")).exists():
            load_reference(con, model, CHECKOUT.reference)
    return con


def mapping(areas: pd.DataFrame, activities: Activities, *, is_sample: bool) -> dict[str, pd.DataFrame]:
    """The marts that `MAPPING` names, and the tables of the network, of these areas and activities.

    Args:
        areas: marts.force_areas.
        activities: What was found, by area; each gets a type, a channel, evidence and now and then a product.
        is_sample: Whether it is made up.
    """
    con = _staging_db()
    staged = _staged(areas, activities, is_sample)
    for model in models("staged"):
        columns = {field.name: DUCKDB_TYPES[field.type] for field in model.fields}
        rows = [tuple(row.get(column) for column in columns) for row in staged.get(model.name, [])]
        write_rows(con, model.table, columns, rows)
    made = {model.name: model for model in models("marts") if model.sql}
    columns = {field.name: DUCKDB_TYPES[field.type] for field in made["survey_breakdown"].fields}
    write_rows(con, "marts.survey_breakdown", columns, [])  # nobody answered a survey
    frames = {}
    for name in MAPPING:
        con.execute(f"CREATE OR REPLACE TABLE marts.{name} AS {made[name].sql}")
        frames[f"marts.{name}"] = read_table(con, f"marts.{name}")
    write_landscape(con, CHECKOUT.reference)
    frames["reference.landscape"] = read_table(con, "reference.landscape")
    frames["reference.rules"] = read_table(con, "reference.rules")
    frames["reference.force_areas"] = read_table(con, "reference.force_areas")
    return {**frames, **_network(frames["reference.force_areas"], areas, is_sample)}


def _staged(areas: pd.DataFrame, activities: Activities, is_sample: bool) -> Mapping[str, list[dict[str, Any]]]:
    region = dict(zip(areas.force_area_code, areas.region_name, strict=True))
    staged: dict[str, list[dict[str, Any]]] = {
        name: []
        for name in (
            "visits",
            "activities",
            "activity_areas",
            "activity_codes",
            "activity_sources",
            "assertions",
            "technologies",
        )
    }
    staged["submissions"] = [{"survey": "force_visits", "is_sample": is_sample}]
    for area in areas.itertuples():
        for kind, n in (("ORG.FORCE", area.n_force_visits), ("ORG.OPCC", area.n_commissioner_visits)):
            for number in range(n):
                place = {"force_area_code": area.force_area_code, "place_key": area.force_area_code}
                visit = f"{area.force_area_code} {kind} {number}"
                said = {**place, "visit_id": visit, "region_name": area.region_name, "is_sample": is_sample}
                staged["visits"].append({**said, "organisation_type_code": kind, "visited_on": dt.date(2017, 7, 1)})
                challenge = CHALLENGES[(number + len(staged["visits"])) % len(CHALLENGES)]
                speaker = "SPK.FORCE_LEAD" if kind == "ORG.FORCE" else "SPK.OPCC"
                staged["assertions"].append(
                    {**said, "assertion_id": visit, "challenge_code": challenge, "speaker_type_code": speaker}
                )
    for number, (places, objectives) in enumerate(activities):
        key = {"activity_id": f"A{number}", "is_sample": is_sample}
        staged["activities"].append(
            {
                **key, "visit_id": f"{places[0]} ORG.FORCE 0", "force_area_code": places[0],
                "activity_type_code": TYPES[number % len(TYPES)],
                "evidence_design_code": (None, "EVD.D0", "EVD.D2")[number % 3],
                "novelty_code": ("NOV.0", "NOV.1", "NOV.0")[number % 3], "demand_effect_code": "DEM.LESS",
                "status_code": (None, None, "STS.STOPPED")[number % 3],
            }
        )  # fmt: skip
        staged["activity_sources"].append(
            {"activity_id": f"A{number}", "source_number": 1, "source_key": f"{places[0]} {number % 2}"}
        )
        staged["activity_areas"] += [
            {
                **key, "force_area_code": place, "place_key": place, "region_name": region[place], "is_lead": place == places[0],
            }
            for place in places
        ]  # fmt: skip
        codes = [
            *(("objective", code) for code in objectives),
            ("channel", ("CHN.PLATFORM", "CHN.F2F", "CHN.SOCIAL")[number % 3]),
            ("partner", ("PAR.WARDEN", "PAR.LA")[number % 2]),
            ("audience", ("AUD.RECIPIENT", "AUD.YOUNG", "AUD.PUBLIC")[number % 3]),
        ]
        staged["activity_codes"] += [
            {**key, "scheme": scheme, "code": code, "coding_basis": "stated"} for scheme, code in codes
        ]
        if number % 4 == 0:
            staged["technologies"].append(
                {
                    **key, "technology_id": f"T{number}", "product_name": PRODUCTS[number // 4 % len(PRODUCTS)],
                    "supplier": "A supplier", "since_year": 2010 + number % 5,
                }
            )  # fmt: skip
    return staged


def _network(places: pd.DataFrame, areas: pd.DataFrame, is_sample: bool) -> dict[str, pd.DataFrame]:
    """Members wherever somebody was visited; nothing of members where nobody was."""
    visited = areas[areas.is_visited]
    regions = {name: 15 * int((visited.region_name == name).sum()) for name in sorted(places.region_name.unique())}
    by_region = {**regions, "NOT_STATED": 0} if len(visited) else {}
    by_type = {"ORG.FORCE": 15 * len(visited), "OTHERS": 10} if len(visited) else {}
    named = places[["force_area_code", "force_area_name", "region_name"]].itertuples(index=False, name=None)
    said = visited.force_area_code if len(visited) else []
    return {
        "safe.members": members(by_region, by_type, is_sample=is_sample),
        "safe.member_areas": member_areas(list(named), list(said), is_sample=is_sample),
    }

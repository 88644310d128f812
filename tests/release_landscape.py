"""Staged tables written straight into a database in memory, and what a release shows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from duckdb import DuckDBPyConnection
from marts_landscape import CHECKOUT, SURVEYS

from assets.tables import MADE_IN_PYTHON, models
from landscape.coding.ledger_tables import write_ledgers
from landscape.disclosure.permissions import Permitted, permitted_marts
from landscape.models import DUCKDB_TYPES, TableModel
from landscape.places.landscape import write_landscape
from landscape.staging_db import load_reference, scratch_staging_db, write_rows
from landscape.surveys.questions import write_questions

SECRET = b"a secret that nobody reads here."
REGIONS = {
    "North West": ("E23000002", "E23000003", "E23000004", "E23000005", "E23000006"),
    "North East": ("E23000007", "E23000008", "E23000013"),
    "Yorkshire and The Humber": ("E23000009", "E23000010", "E23000011", "E23000012"),
}
REGION_OF = {area: region for region, areas in REGIONS.items() for area in areas}
STAGED = {model.name: model for model in models("staged")}


@dataclass(frozen=True)
class Found:
    """An activity (with its objectives) or a challenge, of a level, in areas."""

    level: str
    areas: tuple[str, ...]
    objectives: tuple[str, ...] = ("OBJ.TRUST",)
    product: str = ""


@dataclass(frozen=True)
class Visited:
    """A visit to an area, with what was found there."""

    area: str
    level: str
    n_speakers: int = 3
    organisation: str = "ORG.FORCE"
    activities: tuple[Found, ...] = ()
    challenges: tuple[Found, ...] = ()

    def without_internal(self) -> Visited:
        return replace(
            self,
            activities=tuple(found for found in self.activities if found.level != "REL.INTERNAL"),
            challenges=tuple(found for found in self.challenges if found.level != "REL.INTERNAL"),
        )


@dataclass
class Rows:
    """Rows by staged table; fields that are not given stay empty."""

    of: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: str, **values: object) -> None:
        self.of.setdefault(table, []).append({"is_sample": False, **values})


@contextmanager
def empty_staging_db() -> Iterator[DuckDBPyConnection]:
    """A staging database in memory with the reference tables and every staged table empty."""
    with scratch_staging_db() as con:
        for model in models("reference"):
            if model.name not in MADE_IN_PYTHON:
                load_reference(con, model, CHECKOUT.reference)
        write_landscape(con, CHECKOUT.reference)
        write_questions(con, tuple(SURVEYS.values()))
        write_ledgers(con)
        stage_visits(con, ())
        yield con


def stage_visits(con: DuckDBPyConnection, visits: Sequence[Visited]) -> None:
    """Writes these visits, numbered from 1, and nothing else, into the staged tables."""
    rows = Rows()
    rows.add("submissions", file_name="a.xlsx", survey="force_visits", tool="visit_workbook", n_rows=1)
    for number, visit in enumerate(visits, start=1):
        _stage_visit(rows, f"force_visits/2017/{number}", visit)
    for model in STAGED.values():
        _write(con, model, rows.of.get(model.name, []))


def _stage_visit(rows: Rows, visit_id: str, visit: Visited) -> None:
    day = dt.date(2017, 6, 20)
    placed = {"force_area_code": visit.area, "organisation_type_code": visit.organisation, "release_level": visit.level}
    rows.add(
        "responses", response_id=visit_id, survey="force_visits", wave="2017", submitted_on=day, status="counted",
        is_counted=True, **placed,
    )  # fmt: skip
    rows.add(
        "visits", visit_id=visit_id, place_key=visit.area, region_name=REGION_OF[visit.area], visited_on=day, **placed
    )
    rows.add("speakers", record_id=f"{visit_id}/s", visit_id=visit_id, n_speakers=visit.n_speakers)
    rows.add("records", record_id=f"{visit_id}/s", response_id=visit_id)
    for number, found in enumerate(visit.activities):
        activity_id = f"{visit_id}/a{number}"
        rows.add(
            "activities",
            activity_id=activity_id,
            visit_id=visit_id,
            force_area_code=visit.area,
            release_level=found.level,
        )
        rows.add(
            "activity_sources", activity_id=activity_id, visit_id=visit_id, source_record_id=activity_id, source_number=1,
            source_key=f"{visit.area} {visit.organisation}",
        )  # fmt: skip
        for area in found.areas:
            rows.add(
                "activity_areas", activity_id=activity_id, force_area_code=area, place_key=area,
                region_name=REGION_OF[area], is_lead=area == visit.area,
            )  # fmt: skip
        for code in found.objectives:
            rows.add(
                "activity_codes", activity_id=activity_id, scheme="objective", code=code, is_primary=False, coding_basis="stated",
            )  # fmt: skip
        rows.add(
            "technologies",
            technology_id=f"{activity_id}/t",
            activity_id=activity_id,
            product_name=found.product or None,
        )
    for number, found in enumerate(visit.challenges):
        rows.add(
            "assertions", assertion_id=f"{visit_id}/c{number}", visit_id=visit_id, force_area_code=found.areas[0],
            place_key=found.areas[0], region_name=REGION_OF[found.areas[0]], said_on=day, release_level=found.level,
        )  # fmt: skip


def _write(con: DuckDBPyConnection, model: TableModel, rows: Sequence[dict[str, object]]) -> None:
    columns = {each.name: DUCKDB_TYPES[each.type] for each in model.fields}
    write_rows(con, model.table, columns, [tuple(row.get(name) for name in columns) for row in rows])


@contextmanager
def released(con: DuckDBPyConnection, layer: str = "marts") -> Iterator[Permitted]:
    """What a release may show of this database: its staged tables, and the marts made of them where asked for."""
    marts = models("marts") if layer == "marts" else ()
    with permitted_marts(con, models("reference"), models("staged"), marts, SECRET) as permitted:
        yield permitted


Cells = dict[str, list[dict[str, object]]]


def shown(con: DuckDBPyConnection, visits: Sequence[Visited]) -> Cells:
    """All rows of all tables that a release shows of these visits."""
    stage_visits(con, visits)
    with released(con) as permitted:
        return {
            model.table: permitted.con.execute(f"SELECT * FROM {model.table} ORDER BY ALL")
            .df()
            .astype(object)
            .to_dict("records")
            for model in permitted.marts
        }

"""Landscapes on which people decide and code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from exports.responses import Record, Response
from marts_landscape import SURVEYS, UP_TO_STAGED, activity, labels, make_tables, priorities, signup, visit
from openpyxl import load_workbook

from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db

EVERY_SURVEY = tuple(SURVEYS.values())
CUMBRIA, DURHAM = "E23000002", "E23000008"
NOW = dt.datetime(2018, 3, 1, 9, 30, tzinfo=dt.UTC)
FORCE_ACTIVITY, OFFICE_ACTIVITY = "force_visits/2017/V1/A1", "force_visits/2017/V2/B1"
OWN_WORDS = "knife crime and young people"
REASON = "=officers lack confidence"


@contextmanager
def tables(project: ProjectPaths, *, marts: bool = False) -> Iterator[StagingDatabase]:
    """The tables made again from what was received and decided so far, of the surveys that have received anything."""
    surveys = tuple(survey for survey in EVERY_SURVEY if (project.raw / survey.name).exists())
    with open_staging_db(project.staging_db, project.lock) as con:
        staging_db = StagingDatabase(con, project)
        make_tables(staging_db, surveys, layers=(*UP_TO_STAGED, "marts") if marts else UP_TO_STAGED)
        yield staging_db


@contextmanager
def last_made(project: ProjectPaths) -> Iterator[StagingDatabase]:
    """The tables as they were made last."""
    with open_staging_db(project.staging_db, project.lock) as con:
        yield StagingDatabase(con, project)


def reported_twice() -> list[Response]:
    """Two visits in Cumbria, to the force and to the commissioner's office, of which each tells of the same system."""
    by_force = activity("A1", "OBJ.INFORM", ["OBJ.TRUST"])
    by_office = activity("B1", "OBJ.INFORM", ["OBJ.INTEL"], areas=[CUMBRIA, DURHAM])
    return [
        visit("V1", CUMBRIA, "ORG.FORCE", activities=[with_products(by_force, "Alert")]),
        visit("V2", CUMBRIA, "ORG.OPCC", activities=[with_products(by_office, "alert ", "Bulletin")]),
    ]


def with_products(one: Record, *names: str) -> Record:
    return Record(one.number, one.answers, {"products": [Record("", {"product_name": name}) for name in names]})


def in_own_words() -> dict[str, list[Response]]:
    """One who ticks a topic and writes another; one who gives a reason for a priority."""
    answers = {"topics": [*labels("TOP.TECH"), OWN_WORDS], "consent_analysis": "Yes"}
    reason = priorities("7", ["TOP.TECH"])
    return {
        "network_signup": [signup("1", "a@one.example", CUMBRIA, **answers), signup("2", "b@two.example", CUMBRIA)],
        "priority_survey": [
            Response(
                "7",
                {**reason.answers, "events_why": REASON},
                started_at=reason.started_at,
                completed_at=reason.completed_at,
            )
        ],
    }


def rows_of(path: Path) -> list[dict[str, object]]:
    """The rows of a sheet to fill in, by heading."""
    sheet = load_workbook(path)["review"]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def fill(path: Path, cells: Mapping[int, Mapping[str, str]], to: Path | None = None) -> Path:
    """A sheet as a person hands it back: cells by row (from 0) and heading."""
    book = load_workbook(path)
    sheet = book["review"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row, filled in cells.items():
        for heading, text in filled.items():
            sheet.cell(row + 2, at[heading]).value = text
    book.save(to or path)
    return to or path

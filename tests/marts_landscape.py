"""A landscape small enough to work out by hand, received as real files."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from exports import WRITERS
from exports.responses import Record, Response
from shipped import CHECKOUT, SURVEYS, made_once

from assets.tables import steps
from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.step import LOADING, Refresh
from landscape.surveys.definition import Survey

LABELS = {
    option.code: option.label
    for survey in SURVEYS.values()
    for question in survey.questionnaire.questions
    for option in question.options
}
UP_TO_STAGED = ("raw", "reference", "staged")
NOTHING_RECEIVED = "nothing_received.duckdb"
NOON = dt.datetime(2017, 6, 20, 12)  # noqa: DTZ001 - tools write local times


def labels(*codes: str) -> list[str]:
    return [LABELS[code] for code in codes]


def visit(number: str, area: str, organisation: str, **parts: Sequence[Record]) -> Response:
    return Response(
        number=number,
        answers={
            "visited_on": dt.date(2017, 6, 20),
            "force_area": LABELS[area],
            "organisation_type": LABELS[organisation],
            "visit_release_level": LABELS["REL.NAMED"],
        },
        parts=parts,
    )


def activity(number: str, primary: str, others: Sequence[str] = (), areas: Sequence[str] = ()) -> Record:
    answers: dict[str, object] = {
        "primary_objective": LABELS[primary],
        "objective_basis": LABELS["BAS.STATED"],
        "activity_type": LABELS["ACT.MSG"],
        "activity_release_level": LABELS["REL.NAMED"],
    }
    if others:
        answers["other_objectives"] = labels(*others)
    if areas:
        answers["activity_areas"] = labels(*areas)
    return Record(number=number, answers=answers)  # type: ignore[arg-type]


def signup(
    number: str, email: str, area: str | None, *, join: bool = True, keep: bool = True, **more: object
) -> Response:
    answers: dict[str, object] = {
        "full_name": "Alex Example",
        "email": email,
        "organisation": "An organisation",
        "organisation_type": LABELS["ORG.FORCE"],
        "role": LABELS["ROL.LEAD"],
        "join_network": "Yes" if join else "No",
        "consent_network": "Yes" if keep else "No",
        **more,
    }
    if area:
        answers["force_area"] = LABELS.get(area, area)
    return Response(number=number, answers=answers, started_at=NOON, completed_at=NOON)  # type: ignore[arg-type]


def priorities(
    number: str, events: Sequence[str], first: str = "", *, consent: bool = True, done: bool = True
) -> Response:
    answers: dict[str, object] = {
        "organisation_type": LABELS["ORG.FORCE"],
        "role": LABELS["ROL.LEAD"],
        "force_area": LABELS["E23000002"],
        "consent_analysis": "Yes" if consent else "No",
    }
    if events:
        answers["events_topics"] = labels(*events)
    if first:
        answers["events_first"] = LABELS[first]
    return Response(number=number, answers=answers, started_at=NOON, completed_at=NOON if done else None)  # type: ignore[arg-type]


@contextmanager
def landscape_of(root: Path, received: dict[str, list[Response]]) -> Iterator[StagingDatabase]:
    """All tables up to the marts, made from real files with these responses."""
    paths = ProjectPaths(root)
    shutil.copytree(CHECKOUT.reference, paths.reference, dirs_exist_ok=True)
    for name, responses in received.items():
        survey = SURVEYS[name]
        ending = ".csv" if survey.tool == "jisc_online_surveys" else ".xlsx"
        path = paths.raw / name / f"export{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        WRITERS[survey.tool].write(survey, responses, path)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        staging_db = StagingDatabase(con, paths)
        make_tables(staging_db)
        yield staging_db


def make_tables(
    staging_db: StagingDatabase,
    surveys: Sequence[Survey] = tuple(SURVEYS.values()),
    layers: Sequence[str] = (*UP_TO_STAGED, "marts", "safe"),
) -> None:
    """All tables up to these layers, by the steps of a refresh; whether they keep their rules is each test's own matter."""
    refresh = Refresh(staging_db, lambda: tuple(surveys))
    if not refresh.stamps.result(LOADING):
        _begin_with_nothing_received(refresh)
    for step in steps():
        if step.layer in layers and step.name != "marts__published":
            step.run(refresh)


def _begin_with_nothing_received(refresh: Refresh) -> None:
    """Puts all tables as they are without responses into a new staging database, so that steps make only what differs."""
    con = refresh.con
    kept = made_once("nothing received", _make_nothing) / NOTHING_RECEIVED
    con.execute(f"ATTACH '{kept.as_posix()}' AS kept (READ_ONLY)")
    tables = con.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'kept'")
    for schema, name in tables.fetchall():
        con.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        if schema == "made":
            con.execute(f'INSERT INTO "{schema}"."{name}" FROM kept."{schema}"."{name}"')
        else:
            con.execute(f'CREATE TABLE "{schema}"."{name}" AS FROM kept."{schema}"."{name}"')
    con.execute("DETACH kept")
    refresh.stamps.read()


def _make_nothing(folder: Path) -> None:
    paths = ProjectPaths(folder / "project")
    shutil.copytree(CHECKOUT.reference, paths.reference)
    with (
        pytest.MonkeyPatch.context() as patch,
        open_staging_db(folder / NOTHING_RECEIVED, folder / "making.lock") as con,
    ):
        patch.setenv(KEY_FOLDER_VARIABLE, str(folder / "keys"))
        refresh = Refresh(StagingDatabase(con, paths), lambda: tuple(SURVEYS.values()))
        for step in steps():
            if step.name != "marts__published":
                step.run(refresh)

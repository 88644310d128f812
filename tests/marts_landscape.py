"""A landscape small enough to work out by hand, received as real files. Not here: what is expected of it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

from assets.raw import SURVEYS_FOLDER
from assets.staged import police_uk_models
from assets.tables import MADE_IN_PYTHON, models
from landscape.analysis.ranking import write_priority_ranking
from landscape.coding.ledgers import load_ledgers
from landscape.identity.tombstones import read_tombstones
from landscape.identity.withdrawals import read_withdrawals
from landscape.opendata.police_uk_staging import stage_police_uk
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, build_table, load_reference, open_staging_db
from landscape.surveys.definition import Survey, read_surveys
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.invited import invited_lists
from landscape.surveys.loading import load
from landscape.surveys.questions import write_questions
from landscape.surveys.received import received_files
from landscape.surveys.render import Record, Response
from landscape.surveys.staging import stage

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)
SURVEYS: dict[str, Survey] = {s.name: s for s in read_surveys(SURVEYS_FOLDER, CHECKOUT.reference)}
LABELS = {
    option.code: option.label
    for survey in SURVEYS.values()
    for question in survey.questionnaire.questions
    for option in question.options
}
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
        DIALECTS[survey.tool].render(survey, responses, path)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        staging_db = StagingDatabase(con, paths)
        make_tables(staging_db)
        yield staging_db


def make_tables(
    staging_db: StagingDatabase,
    surveys: Sequence[Survey] = tuple(SURVEYS.values()),
    layers: Sequence[str] = ("staged", "marts"),
) -> None:
    """Raw, reference, staged and marts, in the order their SQL asks for."""
    con, surveys = staging_db.con, tuple(surveys)
    paths = staging_db.paths
    files = received_files(paths, surveys)
    load(
        con,
        surveys,
        files,
        tombstones=read_tombstones(paths),
        withdrawals=read_withdrawals(paths),
        invited=invited_lists(paths, surveys, of_sample=any(file.is_sample for file in files)),
    )
    for model in models("reference"):
        if model.name not in MADE_IN_PYTHON:
            load_reference(con, model, staging_db.paths.reference)
    write_landscape(con, staging_db.paths.reference)
    write_questions(con, surveys)
    load_ledgers(con, paths)
    stage(con, surveys)
    stage_police_uk(staging_db, police_uk_models())
    made = {model.table: model for layer in layers for model in models(layer) if model.sql}
    for table in TopologicalSorter({table: set(model.upstream) for table, model in made.items()}).static_order():
        if table in made:
            build_table(con, made[table])
    write_priority_ranking(con)

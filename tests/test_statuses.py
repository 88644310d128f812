"""One statement of statuses: check, summary, issues, UI and report say the same of a mix of responses."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import yaml
from exports import WRITERS
from exports.responses import Response
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from marts_landscape import CHECKOUT, SURVEYS, UP_TO_STAGED, make_tables, priorities
from openpyxl import load_workbook

from assets.tables import models, steps
from landscape.checking import check_export
from landscape.paths import ProjectPaths
from landscape.reporting.chapters.method import _statuses
from landscape.reporting.content import DataTable
from landscape.staging_db import StagingDatabase, open_staging_db, read_table
from landscape.summary import summarise
from landscape.surveys.issuebook import write_issues
from landscape.surveys.pull_record import Record, write_record
from landscape.surveys.statuses import OUTSIDE_WAVE, RESPONSE_STATUSES, STATUSES, said_by_survey

NAME = "priority_survey"
SURVEY = dataclasses.replace(SURVEYS[NAME], tool="kobotoolbox", test_responses=frozenset(f"test-{n}" for n in range(9)))
LONG_AGO = dt.datetime(2016, 6, 20, 12)  # noqa: DTZ001 - tools write local times


def write_mix(kinds: Sequence[str], path: Path) -> None:
    """A file of Kobo's interface with a response of each kind; of copies and earlier versions, both."""
    responses: list[Response] = []
    for n, kind in enumerate(kinds):
        made = priorities(f"{kind}-{n}", ["TOP.TECH"], done=kind != "partial")
        if kind == OUTSIDE_WAVE:
            made = dataclasses.replace(made, started_at=LONG_AGO, completed_at=LONG_AGO)
        responses.append(made)
        if kind == "duplicate":
            responses.append(made)
        if kind == "superseded":
            responses.append(dataclasses.replace(made, answers={**made.answers, "consent_analysis": "No"}))
    WRITERS["kobotoolbox"].write(SURVEY, responses, path, variant="json")
    held = json.loads(path.read_text(encoding="utf-8"))
    for entry in held["results"]:
        if entry["_uuid"].startswith("rejected"):
            entry["_validation_status"] = {"uid": "validation_status_not_approved"}
    path.write_text(json.dumps(held), encoding="utf-8")


@given(st.lists(st.sampled_from(list(STATUSES)), min_size=6, max_size=9))
@settings(max_examples=2, deadline=None, phases=[Phase.generate])  # each makes a whole landscape
def test_a_mix_is_described_alike_everywhere(kinds: list[str]) -> None:
    expected = Counter(kinds) + Counter(counted=kinds.count("duplicate") + kinds.count("superseded"))
    with TemporaryDirectory() as folder:
        paths = ProjectPaths(Path(folder))
        shutil.copytree(CHECKOUT.reference, paths.reference)
        path = paths.raw / NAME / "export.json"
        path.parent.mkdir(parents=True)
        write_mix(kinds, path)
        gone = {f"{NAME}/2017/withdrawn-{n}": "2017-07-01" for n, kind in enumerate(kinds) if kind == "withdrawn"}
        write_record(paths, NAME, Record(None, gone))

        assert Counter(dict(check_export(path, (SURVEY,), paths, steps()).statuses)) == expected
        surveys = [survey for survey in SURVEYS.values() if survey.name != NAME] + [SURVEY]
        with open_staging_db(paths.staging_db, paths.lock) as con:
            make_tables(StagingDatabase(con, paths), surveys, (*UP_TO_STAGED, "marts"))
            said = ", ".join(f"{expected[status]} {STATUSES[status][0]}" for status in STATUSES if expected[status])
            summary = summarise(con, paths, surveys)
            assert (NAME, said) in summary.lines
            assert bool(summary.warnings) == (OUTSIDE_WAVE in kinds)
            assert said_by_survey(con) == {NAME: said}  # the UI

            write_issues(con, next(model for model in models("staged") if model.name == "issues"), paths.issues)
            book = load_workbook(paths.issues)
            assert {row[2]: row[1] for row in book["responses"].iter_rows(min_row=2, values_only=True)} == {
                STATUSES[status][0]: n for status, n in expected.items()
            }
            listed = Counter(row[0] for row in book["issues"].iter_rows(min_row=2, values_only=True))
            assert listed["Given outside every wave"] == expected[OUTSIDE_WAVE]

            blocks = _statuses(
                pd.DataFrame(con.execute(RESPONSE_STATUSES).fetchall(), columns=["survey", "status", "n_responses"]),
                {"staged.submissions": read_table(con, "staged.submissions")},
            )
            table = next(block for block in blocks if isinstance(block, DataTable))
            reported = {row[1]: int(row[2]) for row in table.rows}
            assert reported.get("Counted", 0) == expected["counted"]
            assert reported.get("Outside every wave", 0) == expected[OUTSIDE_WAVE]
            assert sum(reported.values()) == sum(expected.values())
            (n_in_marts,) = con.execute("SELECT sum(n_records) FROM marts.coverage").fetchone() or (0,)
            assert (n_in_marts or 0) == expected["counted"]


def test_the_contract_of_the_table_knows_the_same_statuses() -> None:
    fields = yaml.safe_load((CHECKOUT.root / "assets" / "fields.yml").read_text(encoding="utf-8"))
    assert fields["status"]["constraints"]["enum"] == list(STATUSES)


def test_what_is_outside_every_wave_is_said_with_days_waves_and_what_to_do(tmp_path: Path) -> None:
    paths = ProjectPaths(tmp_path)
    shutil.copytree(CHECKOUT.reference, paths.reference)
    path = tmp_path / "export.json"
    write_mix(["counted", OUTSIDE_WAVE, OUTSIDE_WAVE], path)
    (said,) = check_export(path, (SURVEY,), paths, steps()).outside
    assert said == (
        "2 responses to priority_survey, given on 20 June 2016, are outside every wave and not counted. Its only wave is "
        "2017 (10 May 2017 to 30 September 2017). To count them, add or change a wave in "
        "assets/raw/surveys/priority_survey/survey.yml, with retain_until after its last day."
    )

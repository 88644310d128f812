"""What real servers wrote that the documentation does not say: LimeSurvey 6, ODK Central, KoboToolbox."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from exports import WRITERS
from exports.responses import Record
from marts_landscape import CHECKOUT, LABELS, NOON, SURVEYS, UP_TO_STAGED, activity, make_tables, visit
from named_dialect_cases import dumped, written

from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.dialects import limesurvey, odk_central


@pytest.mark.parametrize(
    "headings",
    [
        (
            "Response ID", "Date submitted", "Last page", "One [Comment]", "Some [Letters]", "Some [Letters][Comment]",
            "Some [Phone]", "Some [Phone][Comment]", "Some [Other]", "Some [Other comment]",
        ),
        (
            "id", "submitdate", "lastpage", "One[comment]", "Some[Letters]", "Some[Letterscomment]", "Some[Phone]",
            "Some[Phonecomment]", "Some[other]", "Some[othercomment]",
        ),
    ],
)  # fmt: skip
def test_lime_comments_beside_choices_stay_in_the_file(tmp_path: Path, headings: tuple[str, ...]) -> None:
    path = tmp_path / "export.csv"
    row = ("1", "2026-10-01 10:00:00", "2", "because", "Y", "a remark", "", "", "", "")
    written(path, (*headings[:3], "One", *headings[3:]), (*row[:3], "A", *row[3:]))
    (sheet,) = limesurvey.read(path).sheets
    asked = {
        column.heading: sheet.rows[0].cells[column.position] for column in sheet.columns if column.role == "answer"
    }
    assert asked == {"One": "A", "Some": '["Letters"]'}


def test_odk_a_place_left_blank_is_no_question(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [-2.98, 53.4, 0]}
    system = {"submissionDate": "2026-10-24T09:00:00Z", "reviewState": None}
    entries = [
        {"__id": f"k{n}", "q": "x", "place": place, "spot": None, "__system": system}
        for n, place in enumerate((point, None))
    ]
    (sheet,) = odk_central.read(dumped(tmp_path / "export.json", {"value": entries})).sheets
    assert {column.heading for column in sheet.columns if column.role == "answer"} == {"q"}
    assert {column.heading for column in sheet.columns if column.role == "empty"} == {"spot"}  # a question, or a place


@pytest.mark.parametrize(("variant", "ending"), [("xlsx_names_both", ".xlsx"), ("json", ".json")])
def test_kobo_two_repeats_number_their_rows_from_one_each(tmp_path: Path, variant: str, ending: str) -> None:
    form = SURVEYS["force_visits"].form
    survey = dataclasses.replace(SURVEYS["force_visits"], tool="kobotoolbox", questionnaire=form, versions=())
    challenge = Record("", {"challenge": LABELS["CHL.SKILL"], "challenge_speaker_type": LABELS["SPK.STAFF"]})
    product = Record("", {"product_name": "Made-up Alert"})
    found = activity("", "OBJ.TRUST")
    parts = {
        "activities": [dataclasses.replace(found, parts={"products": [product]}), found],
        "challenges": [challenge],
    }
    visits = [
        dataclasses.replace(visit(f"u{n}", "E23000002", "ORG.FORCE", **parts), completed_at=NOON, started_at=NOON)
        for n in (1, 2)
    ]
    paths = ProjectPaths(tmp_path)
    shutil.copytree(CHECKOUT.reference, paths.reference)
    path = paths.raw / "force_visits" / f"export{ending}"
    path.parent.mkdir(parents=True)
    WRITERS["kobotoolbox"].write(survey, visits, path, variant=variant)
    surveys = [each for each in SURVEYS.values() if each.name != survey.name] + [survey]
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), surveys, UP_TO_STAGED)
        records = con.execute("SELECT record_id, parent_record_id FROM staged.records ORDER BY ALL").fetchall()
        issues = con.execute("SELECT reason FROM staged.issues").fetchall()
    first = [
        ("force_visits/2017/u1/activities-1", "force_visits/2017/u1"),
        ("force_visits/2017/u1/activities-2", "force_visits/2017/u1"),
        ("force_visits/2017/u1/challenges-1", "force_visits/2017/u1"),
        ("force_visits/2017/u1/products-1", "force_visits/2017/u1/activities-1"),
    ]
    assert records[:4] == first
    assert len({record for record, _ in records}) == 8
    assert issues == []

"""The register of activities and its texts: what a person approved, what an office confirmed, and what a release shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from coding_landscape import NOW, fill, last_made, rows_of, tables
from exports.responses import Record, Response
from marts_landscape import LABELS, labels, visit

from assets.tables import models
from landscape.coding.approving import Approved, export_texts, import_texts, is_sheet_of_texts
from landscape.coding.ledgers import drop_decided, read_approvals
from landscape.disclosure.permissions import permitted_marts
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase

CUMBRIA, DURHAM = "E23000002", "E23000008"
SUMMARY = "Officers and youth workers cook with pupils on Saturdays."
PLANTED = "Ask jo.example@example.org how it is done."
SAID = "Nobody had ever asked us."
YES = {"may be printed": "yes", "coder": "3"}
CONFIRMED = {**YES, "confirmed on": "2017-07-11", "confirmed how": "e-mail"}
Receive = Callable[..., Path]


def club(number: str, level: str, *, summary: str = SUMMARY, lesson: str = "") -> Record:
    line = {
        "public_name": "Saturday Club", "activity_type": LABELS["ACT.YOUTH"], "primary_objective": LABELS["OBJ.DIVERT"],
        "audiences": labels("AUD.YOUNG"), "channels": labels("CHN.F2F"), "delivered_by": LABELS["DLV.TOGETHER"],
        "status": LABELS["STS.STOPPED"], "activity_release_level": LABELS[level],
    }  # fmt: skip
    card = {
        "summary": summary, "partners": labels("PAR.SCHOOL", "PAR.LA"), "responds_to": labels("CHL.REPAIR"),
        "activity_areas": labels(DURHAM, CUMBRIA), "adopted_from": labels(CUMBRIA), "adopted_outside": "Yes",
        "started_year": 2015, "stopped_year": 2016, "stopped_why": LABELS["WHY.MONEY"], "evidence_seen": LABELS["ESN.UNSEEN"],
    }  # fmt: skip
    return Record(number, line, {"cards": [Record("", {**card, **({"lesson": lesson} if lesson else {})})]})


def quotation(words: str, permitted: str) -> Record:
    answers = {
        "quotation": words, "quotation_challenge": LABELS["CHL.REPAIR"], "quotation_speaker_type": LABELS["SPK.FRONTLINE"],
        "quotation_permitted": permitted,
    }  # fmt: skip
    return Record("", answers)


def durham(*activities: Record, quotations: tuple[Record, ...] = ()) -> list[Response]:
    made = visit("V1", DURHAM, "ORG.FORCE", activities=list(activities), quotations=list(quotations))
    return [replace(made, answers={**made.answers, "speakers_frontline": 2, "speakers_opcc": 1})]


def decided(project: ProjectPaths, cells: Mapping[str, Mapping[str, str]]) -> Approved:
    """Writes the sheet of texts, fills in what is said of each question's text, and takes it back."""
    with last_made(project) as made:
        path = export_texts(made.con, project, NOW).path
        fill(path, {n: cells[str(row["question"])] for n, row in enumerate(rows_of(path)) if row["question"] in cells})
        assert is_sheet_of_texts(path)
        taken = import_texts(made.con, project, path, NOW)
    path.unlink()
    return taken


def register(project: ProjectPaths) -> dict[str, object]:
    with tables(project, marts=True) as made:
        (row,) = rows_by_name(made, "marts.activities")
    return row


def rows_by_name(made: StagingDatabase, table: str) -> list[dict[str, object]]:
    found = made.con.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_row_says_what_it_is_for_whom_with_whom_and_why_it_stopped(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    row = register(project)
    known = {
        "activity_type_code": "ACT.YOUTH", "objective_codes": "OBJ.DIVERT", "coding_basis": "stated",
        "audience_codes": "AUD.YOUNG", "partner_codes": "PAR.LA + PAR.SCHOOL", "challenge_codes": "CHL.REPAIR",
        "status_code": "STS.STOPPED", "started_year": 2015, "stopped_year": 2016, "stopped_why_name": "The money ended",
        "adopted_from_names": "Cumbria, outside the North", "force_area_names": "Cumbria, Durham", "n_areas": 2,
        "evidence_seen_code": "ESN.UNSEEN", "delivered_by_name": "Police with partners", "recorded_year": 2017,
        "evidence_word": "not seen",
    }  # fmt: skip
    assert {name: row[name] for name in known} == known


def test_speakers_are_counted_by_type(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    with tables(project) as made:
        said = made.con.execute("SELECT speaker_type_code, n_speakers FROM staged.speakers ORDER BY 1").fetchall()
    assert said == [("SPK.FRONTLINE", 2), ("SPK.OPCC", 1)]


def test_no_text_is_printed_before_a_person_approved_its_wording(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    row = register(project)
    assert (row["public_name"], row["summary"], row["confirmed_by_organisation"]) == (None, None, None)
    assert row["n_texts_open"] == 2

    assert decided(project, {"public_name": CONFIRMED, "summary": YES}) == Approved(1, 1, 0, 0, ())
    row = register(project)
    assert (row["public_name"], row["summary"]) == ("Saturday Club", SUMMARY)
    assert row["confirmed_by_organisation"] is False, "the summary is not confirmed"
    assert row["n_texts_open"] == 0


def test_a_changed_text_needs_both_again(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    register(project)
    decided(project, {"public_name": CONFIRMED, "summary": CONFIRMED})
    assert register(project)["confirmed_by_organisation"] is True

    receive("force_visits", durham(club("A1", "REL.NAMED", summary=SUMMARY.replace("cook", "paint"))))
    row = register(project)
    assert (row["public_name"], row["summary"], row["n_texts_open"]) == ("Saturday Club", None, 1)
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    assert register(project)["summary"] == SUMMARY, "the approved wording is back"
    decided(project, {"summary": {"may be printed": "no", "coder": "3", "confirmed on": "", "confirmed how": ""}})
    assert register(project)["summary"] is None, "a text that is withdrawn"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"may be printed": "perhaps", "coder": "3"}, "must be yes or no"),
        ({"may be printed": "yes"}, "coder must be"),
        ({**YES, "confirmed on": "2017-07-11"}, "belong together"),
        ({**YES, "confirmed on": "in July", "confirmed how": "e-mail"}, "“confirmed on”"),
        ({**YES, "check": "0" * 64}, "changed since the sheet was written"),
    ],
)
def test_a_row_that_is_not_filled_in_whole_is_refused(
    project: ProjectPaths, receive: Receive, cells: dict[str, str], reason: str
) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    with tables(project):
        pass
    taken = decided(project, {"summary": cells})
    ((_, said),) = taken.refused_rows
    assert reason in said and SUMMARY not in said
    assert not read_approvals(project)


def test_a_text_with_an_address_in_it_cannot_be_approved(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED", lesson=PLANTED)))
    register(project)
    taken = decided(project, {"lesson": YES, "summary": YES})
    ((_, said),) = taken.refused_rows
    assert "an e-mail address" in said and PLANTED not in said
    assert register(project)["lesson"] is None


def test_quotations_need_the_speaker_too(project: ProjectPaths, receive: Receive) -> None:
    said = (quotation(SAID, "Yes"), quotation("Not this.", "No"))
    receive("force_visits", durham(club("A1", "REL.NAMED"), quotations=said))
    register(project)
    assert decided(project, {"quotation": YES}).n_approved == 2
    with tables(project, marts=True) as made:
        (row,) = rows_by_name(made, "marts.quotations")
    assert (row["words"], row["speaker_type_code"], row["is_confirmed"]) == (SAID, "SPK.FRONTLINE", False)


def test_a_release_lists_named_activities_with_confirmed_texts_only(project: ProjectPaths, receive: Receive) -> None:
    named, placed = club("A1", "REL.NAMED"), club("A2", "REL.REGION", summary="Told of the region only.")
    receive("force_visits", durham(named, placed, quotations=(quotation(SAID, "Yes"),)))
    with tables(project):
        pass
    decided(project, {"public_name": CONFIRMED, "summary": YES, "quotation": YES})
    assert released(project) == ([("Saturday Club", None, "Durham")], [])
    decided(project, {"summary": CONFIRMED, "quotation": CONFIRMED})
    assert released(project) == ([("Saturday Club", SUMMARY, "Durham")], [(SAID,)])


def released(project: ProjectPaths) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with (
        tables(project) as made,
        permitted_marts(
            made.con, models("reference"), models("staged"), models("marts"), b"a secret of one test"
        ) as shown,
    ):
        activities = shown.con.execute("SELECT public_name, summary, force_area_name FROM marts.activities").fetchall()
        return activities, shown.con.execute("SELECT words FROM marts.quotations").fetchall()


def test_a_cautionary_tale_has_a_place_only_once_its_wording_is_confirmed(
    project: ProjectPaths, receive: Receive
) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))

    def said() -> list[tuple[object, ...]]:
        with tables(project, marts=True) as made:
            return made.con.execute(
                "SELECT practice_kind, is_adopted, stopped_why_name, force_area_names, n_areas FROM marts.innovative_practice"
            ).fetchall()

    assert said() == [("cautionary", True, "The money ended", None, 2)]
    decided(project, {"summary": YES})
    assert said()[0][3] is None
    decided(project, {"summary": CONFIRMED})
    assert said()[0][3] == "Cumbria, Durham"


def test_approvals_go_with_the_person_who_is_forgotten(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    with tables(project):
        pass
    decided(project, {"summary": YES})
    drop_decided(project, {"force_visits/2017/V2"}, {"force_visits/2017/V1"})
    assert read_approvals(project)
    drop_decided(project, {"force_visits/2017/V1"}, set())
    assert not read_approvals(project)


def test_what_was_decided_is_kept_without_the_words(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", durham(club("A1", "REL.NAMED")))
    with tables(project):
        pass
    decided(project, {"summary": CONFIRMED})
    (one,) = read_approvals(project).values()
    assert (one.record, one.question, one.state) == ("force_visits/2017/V1/A1", "summary", "confirmed")
    assert (one.when, one.confirmed_on) == (NOW.date().isoformat(), "2017-07-11")
    assert SUMMARY not in project.approvals.read_text(encoding="utf-8")
    assert dt.date.fromisoformat(one.when) == NOW.date()

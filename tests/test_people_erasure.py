"""Forgetting people: what goes, what stays, and that nobody comes back."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Receive
from filelock import FileLock
from marts_landscape import NOON, SURVEYS, activity, priorities, signup, visit
from openpyxl import load_workbook
from people_landscape import ANN, BART, BOB, CUMBRIA, EVERY_SURVEY, NOW, PERPETUA, holding, joins, refresh, traces, tree

from landscape.coding.ledgers import Decision, write_decisions
from landscape.errors import LandscapeError, StagingDatabaseBusyError
from landscape.identity.person import PersonRow
from landscape.identity.tombstones import read_tombstones
from landscape.paths import ProjectPaths
from landscape.people.erasure import Receipt, forget, forget_again
from landscape.people.whom import Sought
from landscape.staging_db import refresh_lock
from landscape.surveys.definition import Wave
from landscape.surveys.known import known_people
from landscape.surveys.person_rows import person_rows
from landscape.surveys.received import read_received, received_files

SIGNUPS = "data/raw/network_signup"


def forgetting(project: ProjectPaths, email: str = "", *, name: str = "", response: str = "", **more: bool) -> Receipt:
    sought = Sought(email, (name,) if name else (), (response,) if response else ())
    return forget(project, EVERY_SURVEY, sought, NOW, **more)


def rows(project: ProjectPaths) -> list[PersonRow]:
    files = [file for file in received_files(project, EVERY_SURVEY) if not file.is_sample]
    return [row for file in files for row in person_rows(file)]


def coming_back(project: ProjectPaths) -> list[str]:
    tombstones = read_tombstones(project)
    return [row.response_id for row in rows(project) if tombstones.is_forgotten(row)]


def test_nothing_of_a_person_is_left(project: ProjectPaths, receive: Receive) -> None:
    """Made tables, list of issues, notes of Dagster's: after it, no byte below the project folder knows them."""
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    receive("priority_survey", [priorities("7", ["TOP.TECH"])])
    refresh(project)
    (project.root / ".dagster" / "logs").mkdir(parents=True)
    (project.root / ".dagster" / "logs" / "run.txt").write_text(BART[0], encoding="utf-8")
    project.mailing_lists.mkdir(parents=True)
    (project.mailing_lists / "CON.NETWORK.xlsx").write_text(BART[1], encoding="utf-8")
    assert len(holding(project.root, BART)) == 3

    receipt = forgetting(project, "BART@thistlewood-post.EXAMPLE ")

    assert receipt.files == ((f"{SIGNUPS}/export.xlsx", 1),)
    assert receipt.emptied == receipt.left == ()
    assert {"data/warehouse.duckdb", ".dagster/logs", "data/private/mailing-lists"} <= set(receipt.made)
    assert not any(project.root.joinpath(place).exists() for place in receipt.made)
    assert holding(project.root, BART) == []
    assert not any(trace in repr(receipt) for trace in traces(BART))
    assert [row.name for row in rows(project) if row.survey == "network_signup"] == [PERPETUA[0]]
    assert len([row for row in rows(project) if row.survey == "priority_survey"]) == 1


def test_a_persons_own_files_and_releases_stay(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    notes = project.reports / "my notes.docx"
    release = project.reports / "releases" / "june" / "landscape.html"
    for path in (notes, release):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nobody", encoding="utf-8")
    release.write_text(f"<p>as {BART[0].upper()} said</p>", encoding="utf-8")
    (project.reports / ".published").write_text('{"stamp": "", "files": {"landscape.html": ""}}', encoding="utf-8")
    (project.reports / "landscape.html").write_text("made", encoding="utf-8")
    receipt = forgetting(project, BART[1])
    assert notes.exists()
    assert receipt.left == ("reports/releases/june/landscape.html, line 1: a person's name",)
    assert receipt.releases == ("june",)  # a person has to withdraw and reissue it
    assert "reports/landscape.html" in receipt.made


def test_the_same_export_does_not_bring_them_back(project: ProjectPaths, receive: Receive, tmp_path: Path) -> None:
    export = receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    shutil.copy(export, tmp_path / "kept elsewhere.xlsx")
    forgetting(project, BART[1])
    shutil.copy(tmp_path / "kept elsewhere.xlsx", export)
    assert coming_back(project) == ["network_signup/2017/2"]

    receipt = forget_again(project, EVERY_SURVEY, NOW)
    assert receipt.files == ((f"{SIGNUPS}/export.xlsx", 1),)
    assert holding(project.root, BART) == []
    assert holding(project.root, PERPETUA) == [f"{SIGNUPS}/export.xlsx"]
    with pytest.raises(LandscapeError, match="no received file contains anyone who was forgotten"):
        forget_again(project, EVERY_SURVEY, NOW)


@pytest.mark.parametrize(
    ("number", "email"),
    [
        ("2", BART[1]),  # the same response
        ("77", BART[1].upper()),  # another response, another capitalisation
        ("77", f"  {BART[1]}\u00a0"),
        ("77", f"{BART[0]} <{BART[1]}>"),
        ("2", ""),  # the same response, exported without addresses
        ("2", "bart@new-address.example"),  # the same response, its address corrected in the tool
    ],
)
def test_no_other_export_brings_them_back(number: str, email: str, project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, BART[1])
    receive("network_signup", [joins(number, (BART[0], email, "")), joins("3", ANN)], stem="later")
    assert coming_back(project) == [f"network_signup/2017/{number}"]


def test_another_survey_does_not_bring_them_back(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, BART[1])
    other = replace(SURVEYS["network_signup"], name="evaluation")
    path = receive("network_signup", [joins("900", BART), joins("2", PERPETUA)], stem="evaluation")
    found = list(person_rows(read_received(path, "data/raw/evaluation/e.xlsx", other)))
    tombstones = read_tombstones(project)
    assert [tombstones.is_forgotten(row) for row in found] == [True, False]  # number 2 there is someone else's


def test_a_dry_run_changes_nothing_and_tells_everything(project: ProjectPaths, receive: Receive) -> None:
    friend = signup("1", PERPETUA[1], CUMBRIA, full_name=PERPETUA[0], topics=[f"ask {BART[0]}"])
    receive("network_signup", [friend, joins("2", BART)])
    refresh(project)
    mine, theirs = (
        Decision(f"network_signup/2017/{n}", "topics", "", "TOP.TECH", "LB", "2018-01-05", "said so") for n in "12"
    )
    write_decisions(project, [mine, theirs])
    release = project.releases / "june" / "landscape.html"
    release.parent.mkdir(parents=True)
    release.write_text(f"<p>\n{BART[0]} said</p>", encoding="utf-8")
    before = tree(project.root.parent)
    foreseen = forgetting(project, BART[1], is_dry_run=True)
    assert tree(project.root.parent) == before  # the folder of the keys included
    assert forgetting(project, BART[1]) == foreseen
    assert foreseen.files == ((f"{SIGNUPS}/export.xlsx", 1),)
    assert (foreseen.n_tombstones, foreseen.n_decided, foreseen.releases) == (2, 1, ("june",))
    assert [place.split(",")[0] for place in foreseen.left][-1] == "reports/releases/june/landscape.html"
    assert {"data/warehouse.duckdb", "reports/issues.xlsx"} <= set(foreseen.made)


@pytest.mark.parametrize(
    "written",
    [
        "Thistlewood, Bartholomew",
        "BARTHOLOMEW\nTHISTLEWOOD",
        "Bartholomew J. Thistlewood",
        "bart [at] thistlewood-post.example",
        "07700.900.982",
        "+44 (0) 7700 900 982",
    ],
)
def test_what_is_left_is_found_however_it_is_written(written: str, project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    (project.root / "data" / "private").mkdir()
    (project.root / "data" / "private" / "notes.txt").write_text(f"one\nask {written} again", encoding="utf-8")
    (left,) = forgetting(project, BART[1]).left
    assert left.startswith("data/private/notes.txt, line 2: ")


@pytest.mark.parametrize(
    "email",
    ["bart [at] thistlewood-post.example", "Bart＠Thistlewood-Post.example", "bart @ thistlewood-post.example"],
)
def test_another_way_of_writing_an_address_stays_forgotten(email: str, project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, BART[1])
    receive("network_signup", [joins("77", (BART[0], email, "")), joins("3", ANN)], stem="later")
    assert coming_back(project) == ["network_signup/2017/77"]


@pytest.mark.parametrize(
    "name", ["Thistlewood, Bartholomew", "bartholomew  THISTLEWOOD", "Bartholomew James Thistlewood"]
)
def test_a_name_is_known_in_any_order(name: str, project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, name=name)
    assert [row.name for row in rows(project)] == [PERPETUA[0]]


def test_those_who_spoke_at_a_visit_are_found_by_it(project: ProjectPaths, receive: Receive) -> None:
    """The team lists them privately; the visit's own record stays."""
    receive("force_visits", [visit("V01", CUMBRIA, "ORG.FORCE", activities=[activity("A1", "OBJ.TRUST")])])
    project.private.mkdir()
    project.speakers.write_text(
        f"name,email,telephone,visit\n{BART[0]},{BART[1]},,force_visits/2017/V01\n{ANN[0]},,,force_visits/2017/V02\n",
        encoding="utf-8",
    )
    assert known_people(project).names == {BART[0], ANN[0]}
    with pytest.raises(LandscapeError, match="nobody is listed who spoke at this visit"):
        forget(project, EVERY_SURVEY, Sought(visit="force_visits/2017/V03"), NOW)
    receipt = forget(project, EVERY_SURVEY, Sought(visit="force_visits/2017/V01"), NOW)
    assert receipt.files == (("data/private/speakers.csv", 1),)
    assert (
        project.speakers.read_text(encoding="utf-8")
        == f"name,email,telephone,visit\n{ANN[0]},,,force_visits/2017/V02\n"
    )
    assert len(rows(project)) == 1


def test_the_ui_must_be_closed(project: ProjectPaths, receive: Receive) -> None:
    """It shows the history that is to go, and would write on."""
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    project.ui_lock.parent.mkdir()
    before = tree(project.raw)
    with FileLock(project.ui_lock):
        with pytest.raises(StagingDatabaseBusyError, match="the UI is open") as caught:
            forgetting(project, BART[1])
        assert "Ctrl-C" in caught.value.remedy
        assert forgetting(project, BART[1], is_dry_run=True).n_tombstones == 2
        assert (tree(project.raw), project.tombstones.exists()) == (before, False)
    forgetting(project, BART[1])
    assert holding(project.root, BART) == []


def test_a_shared_mailbox_is_flagged_not_merged(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", ANN), joins("2", BOB), joins("3", PERPETUA)])
    before = tree(project.root)
    with pytest.raises(LandscapeError, match="several people") as caught:
        forgetting(project, ANN[1])
    assert caught.value.culprits == (
        f"network_signup/2017/1 ({SIGNUPS}/export.xlsx, line 2)", f"network_signup/2017/2 ({SIGNUPS}/export.xlsx, line 3)",
    )  # fmt: skip
    assert "--name" in caught.value.remedy
    assert not any(trace in str(caught.value) for trace in traces(ANN) | traces(BOB))
    locks = ("data/.refresh", ".dagster/ui.lock")
    assert {k: v for k, v in tree(project.root).items() if not k.startswith(locks)} == before

    receipt = forgetting(project, ANN[1], name="ann  ONESWORTH")
    assert (receipt.n_elsewhere, receipt.left) == (1, ())
    assert [row.name for row in rows(project)] == [BOB[0], PERPETUA[0]]
    assert coming_back(project) == []
    receive("network_signup", [joins("8", ANN), joins("9", BOB)], stem="later")
    assert coming_back(project) == ["network_signup/2017/8"]  # she, by another response; not he


def test_a_response_by_its_number(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", ANN), joins("2", BOB), joins("3", PERPETUA)])
    receipt = forgetting(project, response="network_signup/2017/2")
    assert receipt.n_elsewhere == 1
    assert [row.name for row in rows(project)] == [ANN[0], PERPETUA[0]]


def test_the_other_response_of_the_same_person_stays(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", PERPETUA), joins("3", BART)])
    assert forgetting(project, response="network_signup/2017/2").n_elsewhere == 1
    assert [row.response_ref for row in rows(project)] == ["1", "3"]
    assert coming_back(project) == []


def test_who_signs_up_again_has_come_back(project: ProjectPaths, receive: Receive) -> None:
    """A response given on a later day is a new one; all that was given before stays away, also beside it."""
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, BART[1])
    day_after, same_day = (NOON.replace(year=2018, month=3, day=day) for day in (2, 1))
    again = replace(joins("8", BART), started_at=day_after, completed_at=day_after)
    too_early = replace(joins("9", BART), started_at=same_day, completed_at=same_day)
    undated = replace(joins("10", BART), started_at=None, completed_at=None)
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART), again, too_early, undated])
    assert coming_back(project) == ["network_signup/2017/2", "network_signup/9", "network_signup/10"]
    forget_again(project, EVERY_SURVEY, NOW + dt.timedelta(days=30))
    assert [row.response_ref for row in rows(project)] == ["1", "8"]
    assert coming_back(project) == []


def test_a_name_that_several_bear_is_flagged(project: ProjectPaths, receive: Receive) -> None:
    namesake = (PERPETUA[0].upper(), "other@quillfeather.example", "")
    receive("network_signup", [joins("1", PERPETUA), joins("2", namesake), joins("3", BART)])
    with pytest.raises(LandscapeError, match="several people may have this name"):
        forgetting(project, name=PERPETUA[0])
    forgetting(project, namesake[1], name=PERPETUA[0])
    assert [row.response_ref for row in rows(project)] == ["1", "3"]
    forgetting(project, name=BART[0])
    assert [row.response_ref for row in rows(project)] == ["1"]


def test_the_same_number_in_another_wave_is_another_response(project: ProjectPaths, receive: Receive) -> None:
    """A new form for the next wave begins again at 1; that person is not the one who was forgotten."""
    receive("priority_survey", [priorities("1", ["TOP.TECH"]), priorities("2", ["TOP.TECH"])])
    forgetting(project, response="priority_survey/2017/1")
    next_wave = Wave("2018", dt.date(2018, 5, 1), dt.date(2018, 9, 30))
    asked = SURVEYS["priority_survey"]
    two_waves = replace(asked, waves=(*asked.waves, next_wave))
    again = priorities("1", ["TOP.TECH"])
    later = replace(again, started_at=NOON.replace(year=2018), completed_at=NOON.replace(year=2018))
    path = receive("priority_survey", [again, later], stem="both waves")
    found = list(person_rows(read_received(path, path.name, two_waves)))
    tombstones = read_tombstones(project)
    assert {row.response_id: tombstones.is_forgotten(row) for row in found} == {
        "priority_survey/2017/1": True, "priority_survey/2018/1": False,
    }  # fmt: skip


def test_a_number_given_to_two_people_is_flagged(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    receive("network_signup", [joins("1", ANN)], stem="a new form")
    with pytest.raises(LandscapeError, match="under another e-mail address") as caught:
        forgetting(project, PERPETUA[1])
    assert caught.value.culprits == (f"network_signup/2017/1 ({SIGNUPS}/a new form.xlsx, line 2)",)
    assert len(rows(project)) == 3


def test_all_versions_of_a_person_go_and_an_emptied_file_with_them(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART), joins("5", (BART[0], BART[1].upper(), ""))])
    receive("network_signup", [joins("2", (BART[0], "", ""))], stem="without addresses")
    receipt = forgetting(project, BART[1])
    assert receipt.files == ((f"{SIGNUPS}/export.xlsx", 2), (f"{SIGNUPS}/without addresses.xlsx", 1))
    assert receipt.emptied == (f"{SIGNUPS}/without addresses.xlsx",)
    assert sorted(path.name for path in (project.raw / "network_signup").iterdir()) == ["export.xlsx"]


def test_what_the_tool_itself_noted_is_found(project: ProjectPaths, receive: Receive) -> None:
    """Forms of an organisation note who was signed in; the survey's own questions may be anonymous."""
    path = receive("network_signup", [joins("1", PERPETUA), joins("2", ("", "", ""))])
    book = load_workbook(path)
    book.active["D3"], book.active["E3"] = BART[1], BART[0]
    book.save(path)
    forgetting(project, BART[1].lower())
    assert [row.response_ref for row in rows(project)] == ["1"]


def test_a_visit_goes_with_its_parts(project: ProjectPaths, receive: Receive) -> None:
    path = receive(
        "force_visits",
        [
            visit("V01", CUMBRIA, "ORG.FORCE", activities=[activity("A1", "OBJ.INFORM")]),
            visit("V02", CUMBRIA, "ORG.OPCC", activities=[activity("A2", "OBJ.INFORM"), activity("A3", "OBJ.INFORM")]),
        ],
    )
    forgetting(project, response="force_visits/2017/V02")
    left = read_received(path, path.name, SURVEYS["force_visits"])
    assert {sheet.repeat: len(sheet.rows) for sheet in left.export.sheets if sheet.rows} == {None: 1, "activities": 1}


def test_nobody_of_this_name_is_said_and_nothing_done(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    with pytest.raises(LandscapeError, match=r"no response in data/raw is from this person") as caught:
        forgetting(project, "p.quilfeather@thistlewood-post.example")
    assert "quilfeather" not in str(caught.value)
    assert not project.private.exists()


def test_a_file_that_cannot_be_read_stops_it(project: ProjectPaths, receive: Receive) -> None:
    """Nobody can say that the person is not in it."""
    receive("network_signup", [joins("1", PERPETUA)])
    (project.raw / "network_signup" / "scan.pdf").write_bytes(b"%PDF-1.7")
    before = tree(project.raw)
    with pytest.raises(LandscapeError, match="is not read as an export"):
        forgetting(project, PERPETUA[1])
    assert tree(project.raw) == before
    assert not project.tombstones.exists()


def test_it_waits_for_a_refresh_to_end(
    project: ProjectPaths, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landscape.staging_db._LOCK_SECONDS", 0.1)
    receive("network_signup", [joins("1", PERPETUA)])
    with refresh_lock(project.lock), pytest.raises(StagingDatabaseBusyError):
        forgetting(project, PERPETUA[1])
    assert len(rows(project)) == 1


def test_interrupted_after_the_tombstones_it_can_be_given_again(
    project: ProjectPaths, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    refresh(project)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", _refusing("warehouse.duckdb"))
        with pytest.raises(LandscapeError, match="cannot be removed") as caught:
            forgetting(project, BART[1])
    assert "give the same command again" in caught.value.remedy
    assert coming_back(project) == ["network_signup/2017/2"]
    forgetting(project, BART[1])
    assert holding(project.root, BART) == []


def _refusing(name: str):
    true = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == name:
            raise PermissionError(13, "in use by another program")
        true(path, missing_ok)

    return unlink


def test_without_the_key_nothing_goes_on(project: ProjectPaths, receive: Receive, tmp_path: Path) -> None:
    """Tombstones say nothing without their key; then nobody would be recognised, so it must not pass in silence."""
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, BART[1])
    key = tmp_path / "keys" / "tombstone-key"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(LandscapeError, match="a key is missing"):
        read_tombstones(project)
    assert not key.exists()
    key.write_text("ab" * 32, encoding="ascii")
    with pytest.raises(LandscapeError, match="not the one it was made with"):
        read_tombstones(project)
    key.write_bytes(kept)
    assert not coming_back(project)


def test_tombstones_are_private_and_say_no_name(project: ProjectPaths, receive: Receive, tmp_path: Path) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    forgetting(project, BART[1])
    for path in (project.tombstones, project.access_log, tmp_path / "keys" / "tombstone-key"):
        assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert os.name == "nt" or project.private.stat().st_mode & 0o777 == 0o700
    kinds = [line.split(",")[0] for line in project.tombstones.read_text(encoding="utf-8").splitlines()]
    assert kinds == ["kind", "key", "email", "response"]
    assert "forget,network_signup,1" in project.access_log.read_text(encoding="utf-8")


def test_sample_people_are_nobody_to_forget(project: ProjectPaths) -> None:
    before = tree(project.sample)
    with pytest.raises(LandscapeError, match=r"no response in data/raw"):
        forgetting(project, response="network_signup/SAMPLE-1")
    assert tree(project.sample) == before


def test_a_row_that_is_broken_is_found_by_any_of_its_cells(project: ProjectPaths, receive: Receive) -> None:
    """A row with a cell too many has no cell that is surely the address; the person must be found all the same."""
    path = receive("priority_survey", [priorities("7", ["TOP.TECH"]), priorities("8", ["TOP.TECH"])])
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(f"{text}9,{BART[1]},x\r\n", encoding="utf-8")
    receipt = forgetting(project, BART[1])
    assert receipt.files == (("data/raw/priority_survey/export.csv", 1),)
    assert path.read_text(encoding="utf-8") == text


def test_someone_named_in_another_persons_words_is_pointed_at(project: ProjectPaths, receive: Receive) -> None:
    friend = signup("1", PERPETUA[1], CUMBRIA, full_name=PERPETUA[0], topics=[f"ask {BART[0]}"])
    receive("network_signup", [friend, joins("2", BART)])
    receipt = forgetting(project, BART[1])
    assert receipt.left[0].startswith(f"{SIGNUPS}/export.xlsx, sheet")
    assert receipt.left[0].endswith("row 2: a person's name")
    assert [row.name for row in rows(project)] == [PERPETUA[0]]

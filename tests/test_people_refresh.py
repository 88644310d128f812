"""Forgetting after a whole refresh, and in the commands' own words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Receive
from marts_landscape import priorities
from openpyxl import load_workbook
from people_landscape import BART, PERPETUA, holding, joins, refresh, traces
from shipped import CHECKOUT
from typer.testing import CliRunner

from assets.raw import declared_surveys
from landscape.errors import LandscapeError
from landscape.paths import SURVEYS_VARIABLE, ProjectPaths
from pipelines.cli import app

SIGNUPS = "data/raw/network_signup/export.xlsx"


def said(*arguments: str) -> str:
    """What a command says; it shows nobody."""
    ended = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    assert ended.exception is None, ended.exception
    assert not any(trace in ended.output for trace in traces(BART) | traces(PERPETUA))
    return ended.output


def refused(*arguments: str) -> str:
    """What a command says that does nothing; it shows nobody."""
    ended = CliRunner().invoke(app, arguments)
    assert isinstance(ended.exception, LandscapeError), ended.output
    assert not any(trace in str(ended.exception) for trace in traces(BART) | traces(PERPETUA))
    return str(ended.exception)


def test_a_person_signs_up_withdraws_is_forgotten_and_stays_so(
    project: ProjectPaths, receive: Receive, tmp_path: Path
) -> None:
    export = receive("network_signup", [joins("1", PERPETUA, consent_visit="Yes"), joins("2", BART)])
    shutil.copy(export, tmp_path / "kept elsewhere.xlsx")
    refresh(project)
    assert "person-key-network_signup" in said("keys", "status")
    assert "with 2 people" in said("contacts", "export", "--purpose", "CON.NETWORK")
    assert f"{SIGNUPS}, line 2" in said("consent", "show", PERPETUA[1].upper())
    assert "Nobody in the received files" in said("consent", "show", "nobody@post.example")

    assert "Withdrawn: CON.NETWORK" in said("consent", "withdraw", BART[1], "--purpose", "CON.NETWORK")
    assert "with 1 person" in said("contacts", "export", "--purpose", "CON.NETWORK")
    assert "Nobody in the received files" in said("consent", "withdraw", "nobody@post.example")

    assert f"Out of {SIGNUPS}: 1 response" in said("forget", BART[1].upper(), "--dry-run")
    assert holding(project.root, BART) == [SIGNUPS]
    assert "Tombstones: added 2 marks" in said("forget", BART[1].upper())
    assert holding(project.root, BART) == []

    shutil.copy(tmp_path / "kept elsewhere.xlsx", export)
    refresh(project)
    assert holding(project.root, BART) == [SIGNUPS]  # where the person who copied it put them, and nowhere else
    issues = list(load_workbook(project.issues).active.iter_rows(values_only=True))
    assert [row[issues[0].index("line")] for row in issues[1:]] == [3]
    assert "landscape forget --again" in issues[1][issues[0].index("reason")]
    assert f"Out of {SIGNUPS}: 1 response" in said("forget", "--again")
    assert holding(project.root, BART) == []


def test_two_surveys_answers_are_kept_apart(project: ProjectPaths, receive: Receive) -> None:
    """Anonymous answers have no name, so they stay, and the receipt says that they cannot be found."""
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    answers = receive("priority_survey", [priorities("2", ["TOP.TECH"])])
    before = answers.read_bytes()
    assert "without a name cannot be found" in said("forget", BART[1])
    assert answers.read_bytes() == before


def test_what_a_command_refuses_is_said_in_words(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", (BART[0], PERPETUA[1], ""))])
    assert "nothing has been refreshed yet" in refused("consent", "show", PERPETUA[1])
    assert "several people answered under this e-mail address" in refused("forget", PERPETUA[1])
    assert "say whom to forget, in one way" in refused("forget")
    assert "say whom to forget, in one way" in refused("forget", PERPETUA[1], "--again")
    assert "not an e-mail address" in refused("consent", "withdraw", "Perpetua")


def test_a_hold_and_an_objection_are_commands(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    assert "Noted" in said("hold", PERPETUA[1])
    assert "The hold is lifted" in said("hold", PERPETUA[1], "--lift")
    assert "Check the spelling" not in said("consent", "object", BART[1].upper())
    assert "Check the spelling" in said("hold", "nobody@post.example")
    assert "nothing is on hold" in refused("hold", PERPETUA[1], "--lift")
    what = [line.split(",")[2] for line in project.access_log.read_text(encoding="utf-8").splitlines()]
    assert what == ["what", "hold", "hold lift", "consent object", "hold"]


def test_files_past_their_date_stop_a_release_until_they_are_deleted(
    project: ProjectPaths, receive: Receive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    assert "no date is given" in said("retention")
    assert "nobody has said until when" in refused("release", "one")
    surveys = tmp_path / "surveys"
    shutil.copytree(CHECKOUT.root / "assets" / "raw" / "surveys", surveys)
    declared = surveys / "network_signup" / "survey.yml"
    declared.write_text(
        declared.read_text(encoding="utf-8").replace("retain_until:", "retain_until: 2020-12-31"), "utf-8"
    )
    monkeypatch.setenv(SURVEYS_VARIABLE, str(surveys))
    declared_surveys.cache_clear()
    assert "network_signup: past its date, 2020-12-31" in refused("release", "one")
    listed = said("retention")
    assert "31/12/2020" in listed
    assert "past its date" in listed
    assert (project.root / SIGNUPS).exists()
    assert f"Deleted: {SIGNUPS}" in said("retention", "--remove")
    assert holding(project.root, PERPETUA) == []
    assert "Nothing is past its date" in said("retention", "--remove")
    declared_surveys.cache_clear()


def test_keys_are_copied_and_renewed(project: ProjectPaths, receive: Receive, tmp_path: Path) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    refresh(project)
    assert "Copied: person-key-network_signup" in said("keys", "backup", str(tmp_path / "escrow.zip"))
    assert "already a file of this name" in refused("keys", "backup", str(tmp_path / "escrow.zip"))
    assert "Renewed: person-key-network_signup" in said("keys", "rotate")

"""The vault, its keys, consent and mailing lists, and how long files stay. Not here: forgetting people."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from conftest import Receive
from hypothesis import example, given
from hypothesis import strategies as st
from marts_landscape import NOON, UP_TO_STAGED, priorities
from openpyxl import load_workbook
from people_landscape import ANN, BART, BOB, EVERY_SURVEY, NOW, PERPETUA, holding, joins, refresh, traces, tree

from landscape.errors import LandscapeError
from landscape.identity.keys import KEY_FOLDER_VARIABLE, person_key
from landscape.identity.person import emails_in, normal_email
from landscape.identity.withdrawals import withdraw
from landscape.paths import ProjectPaths
from landscape.people.keeping import back_up_keys, rotate_keys, vault_status, warnings_of
from landscape.people.mailing import export_contacts, statements_of
from landscape.people.retention import remove_expired, retention_of
from landscape.private_files import synced_by
from landscape.staging_db import open_staging_db
from landscape.surveys.received import received_files
from landscape.text import SPREADSHEET_TRAPS, safe_cell

WITHDRAWN_AT = dt.datetime(2017, 7, 1, 10, tzinfo=dt.UTC)  # eleven days after they signed up


def fill(project: ProjectPaths) -> int:
    """Fills the vault, where nobody looks at the marts."""
    return refresh(project, layers=UP_TO_STAGED)


def in_vault(project: ProjectPaths, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(project.contacts, read_only=True) as vault:
        return vault.execute(query).fetchall()


def listed(project: ProjectPaths, purpose: str = "CON.NETWORK") -> list[str]:
    """Names in a mailing list written now."""
    path = export_contacts(project, purpose, NOW).path
    return [row[1] for row in load_workbook(path).active.iter_rows(min_row=2, values_only=True)]


def test_the_vault_holds_who_answered_and_what_they_consented_to(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA, consent_visit="Yes"), joins("2", BART, keep=False)])
    receive("priority_survey", [priorities("7", ["TOP.TECH"])])
    assert refresh(project) == 2
    assert in_vault(project, "SELECT response_id, email, name, telephone, organisation, line FROM contacts ORDER BY 1") == [
        ("network_signup/2017/1", PERPETUA[1], PERPETUA[0], PERPETUA[2], "An organisation", 2),
        ("network_signup/2017/2", BART[1], BART[0], BART[2], "An organisation", 3),
    ]  # fmt: skip
    assert in_vault(
        project, "SELECT consent_purpose_code, consent_version, given_at FROM consents WHERE consent_given ORDER BY ALL"
    ) == [
        ("CON.NETWORK", "2017-06", dt.datetime(2017, 6, 20, 11)),  # noqa: DTZ001 - noon in summer is 11 in UTC
        ("CON.VISIT", "2017-06", dt.datetime(2017, 6, 20, 11)),  # noqa: DTZ001
    ]
    with open_staging_db(project.staging_db, project.lock) as con:  # the vault and the tables call a response the same
        staged = con.execute(
            "SELECT response_id FROM staged.responses WHERE survey = 'network_signup' ORDER BY 1"
        ).fetchall()
    assert staged == in_vault(project, "SELECT response_id FROM contacts ORDER BY 1")
    assert os.name == "nt" or project.contacts.stat().st_mode & 0o777 == 0o600
    assert holding(project.root, PERPETUA) == ["data/contacts.duckdb", "data/raw/network_signup/export.xlsx"]


def test_made_up_people_never_enter(project: ProjectPaths) -> None:
    assert fill(project) == 0
    assert in_vault(project, "SELECT count(*) FROM contacts") == [(0,)]


def test_a_file_changed_under_a_refresh_is_refused(project: ProjectPaths, receive: Receive) -> None:
    from landscape.people.vault import fill_vault

    receive("network_signup", [joins("1", PERPETUA)])
    fill(project)
    receive("network_signup", [joins("1", BART)])
    with open_staging_db(project.staging_db, project.lock) as con, pytest.raises(LandscapeError, match="were changed"):
        fill_vault(con, project, received_files(project, EVERY_SURVEY))
    assert in_vault(project, "SELECT name FROM contacts") == [(PERPETUA[0],)]


def test_withdrawing_ends_what_was_given_before(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART, consent_visit="Yes")])
    refresh(project)
    assert listed(project) == [BART[0], PERPETUA[0]]
    assert withdraw(project, BART[1].upper(), "CON.NETWORK", WITHDRAWN_AT) == ("CON.NETWORK",)
    assert listed(project) == [PERPETUA[0]]  # at once
    assert listed(project, "CON.VISIT") == [BART[0]]  # the other purpose stands

    refresh(project)
    with open_staging_db(project.staging_db, project.lock) as con:
        assert con.execute(
            "SELECT response_id, consent_given, withdrawn_at FROM staged.consents "
            "WHERE consent_purpose_code = 'CON.NETWORK' ORDER BY response_id"
        ).fetchall() == [
            ("network_signup/2017/1", True, None),
            ("network_signup/2017/2", True, WITHDRAWN_AT.replace(tzinfo=None)),
        ]
        assert con.execute("SELECT sum(n_members) FROM marts.network_by_area").fetchone() == (1,)
    shown = {said.purpose: at for said, at in statements_of(project, BART[1]) if said.is_given}
    assert shown == {"CON.NETWORK": WITHDRAWN_AT, "CON.VISIT": None}
    assert not any(trace in project.withdrawals.read_text(encoding="utf-8") for trace in traces(BART))


def test_who_signs_up_again_consents_again(project: ProjectPaths, receive: Receive) -> None:
    later = replace(joins("9", BART), started_at=NOON.replace(month=8), completed_at=NOON.replace(month=8))
    receive("network_signup", [joins("2", BART)])
    withdraw(project, BART[1], None, WITHDRAWN_AT)
    fill(project)
    assert listed(project) == []
    receive("network_signup", [joins("2", BART), later])
    fill(project)
    assert listed(project) == [BART[0]]
    withdraw(project, BART[1], None, NOW)
    assert listed(project) == []


@pytest.mark.parametrize("purpose", ["CON.NOTHING", "network"])
def test_a_purpose_that_is_none_is_refused(purpose: str, project: ProjectPaths) -> None:
    with pytest.raises(LandscapeError, match=r"CON\.NETWORK"):
        withdraw(project, BART[1], purpose, NOW)
    with pytest.raises(LandscapeError, match=r"CON\.NETWORK"):
        export_contacts(project, purpose, NOW)
    assert not project.private.exists()


def test_who_shares_an_address_is_written_to_only_if_all_agree(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", ANN), joins("2", BOB, keep=False), joins("3", PERPETUA)])
    fill(project)
    written = export_contacts(project, "CON.NETWORK", NOW)
    assert (written.n_people, written.n_left_out) == (1, 1)
    receive("network_signup", [joins("1", ANN), joins("2", BOB), joins("3", PERPETUA)])
    fill(project)
    assert listed(project) == [ANN[0], BOB[0], PERPETUA[0]]


def test_trials_and_unfinished_answers_are_on_no_list(project: ProjectPaths, receive: Receive) -> None:
    receive(
        "network_signup", [joins("1", ("Test", "team@post.example", "")), replace(joins("2", BART), completed_at=None)]
    )
    fill(project)
    assert listed(project) == []


def test_a_mailing_list_is_private_logged_and_no_program(project: ProjectPaths, receive: Receive) -> None:
    trap = ("=HYPERLINK(1)", "trap@post.example", "+44 7700 900000")
    receive("network_signup", [joins("1", trap, consent_visit="Yes", organisation="\t@SUM(A1)")])
    fill(project)
    path = export_contacts(project, "CON.VISIT", NOW).path
    assert path == project.mailing_lists / "CON.VISIT.xlsx"
    assert [cell.value for cell in load_workbook(path).active[2]] == [
        trap[1], "'=HYPERLINK(1)", "'@SUM(A1)", "2017-06-20", "2017-06", "'+44 7700 900000",
    ]  # fmt: skip
    assert "Telephone" not in [
        c.value for c in load_workbook(export_contacts(project, "CON.NETWORK", NOW).path).active[1]
    ]
    log = project.access_log.read_text(encoding="utf-8").splitlines()
    assert log[0] == "at,who,what,purpose_or_survey,how_many"
    assert log[1].startswith("2018-03-01T09:30:00Z,")
    assert log[1].endswith(",contacts export,CON.VISIT,1")
    assert not any(trace in "".join(log) for trace in traces(trap))
    if os.name != "nt":
        assert [p.stat().st_mode & 0o777 for p in (path, path.parent, project.access_log)] == [0o600, 0o700, 0o600]


@given(st.text(st.sampled_from("=+-@\t\r\n a1'"), max_size=4))
@example("\r=1")
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not safe_cell(text).startswith(SPREADSHEET_TRAPS)
    assert safe_cell(text).removeprefix("'") in (text, text.removeprefix("'"))


def keys_in(folder: Path) -> dict[str, bytes]:
    return {name: held for name, held in tree(folder).items() if not name.startswith(".")}


def test_rotating_renews_pseudonyms_and_no_tombstone_key(
    project: ProjectPaths, receive: Receive, tmp_path: Path
) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    fill(project)
    withdraw(project, BART[1], None, NOW)
    before, keys = in_vault(project, "SELECT person_key FROM contacts"), keys_in(tmp_path / "keys")
    assert set(rotate_keys(project)) == set(keys) - {"tombstone-key"}
    after = keys_in(tmp_path / "keys")
    assert {name for name in keys if keys[name] == after[name]} == {"tombstone-key"}
    fill(project)
    assert in_vault(project, "SELECT person_key FROM contacts") != before


def test_a_copy_of_the_keys_restores_them(project: ProjectPaths, receive: Receive, tmp_path: Path) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    fill(project)
    withdraw(project, BART[1], None, NOW)
    target = tmp_path / "escrow.zip"
    assert "tombstone-key" in back_up_keys(project, target)
    assert os.name == "nt" or target.stat().st_mode & 0o777 == 0o600
    before = keys_in(tmp_path / "keys")
    for path in (tmp_path / "keys").iterdir():
        path.unlink()
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "keys")
    assert keys_in(tmp_path / "keys") == before
    with pytest.raises(LandscapeError, match="already a file of this name"):
        back_up_keys(project, target)
    with pytest.raises(LandscapeError, match="in the project folder"):
        back_up_keys(project, project.root / "keys.zip")
    with pytest.raises(LandscapeError, match="Dropbox"):
        back_up_keys(project, tmp_path / "Dropbox" / "keys.zip")


def test_status_counts_and_warns(project: ProjectPaths, receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    fill(project)
    withdraw(project, BART[1], "CON.VISIT", NOW)
    status = vault_status(project)
    assert (status.contacts, status.n_tombstones, status.n_withdrawals) == ({"network_signup": 2}, 0, 1)
    assert status.warnings == ()
    if os.name != "nt":
        project.contacts.chmod(0o644)
        assert ["contacts.duckdb" in warning for warning in warnings_of(project)] == [True]
        project.contacts.chmod(0o600)
    monkeypatch.setenv(KEY_FOLDER_VARIABLE, str(project.root / "OneDrive - Uni" / "keys"))
    said = " ".join(warnings_of(project))
    assert "OneDrive" in said
    assert "inside the project folder" in said


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("C:/Users/liz/OneDrive - University of Liverpool/landscape", "OneDrive"),
        ("/Users/liz/Dropbox/landscape", "Dropbox"),
        ("/Users/liz/Library/Mobile Documents/com~apple~CloudDocs/landscape", "iCloud"),
        ("C:/Users/liz/iCloudDrive/landscape", "iCloud"),
        ("/Users/liz/Library/CloudStorage/GoogleDrive-liz/My Drive", "a cloud service"),
        ("G:/Google Drive/landscape", "Google Drive"),
        ("/home/liz/landscape", None),
        ("/home/liz/drive/clouds", None),
    ],
)
def test_folders_that_are_copied_elsewhere_are_known(folder: str, service: str | None) -> None:
    assert synced_by(Path(folder)) == service


@given(st.emails(), st.sampled_from(["", " ", "\u00a0"]), st.booleans())
def test_an_address_is_the_same_however_it_is_typed(email: str, space: str, is_upper: bool) -> None:
    typed = f"{space}{email.upper() if is_upper and email.isascii() else email}{space}"
    assert normal_email(typed) == normal_email(email)
    assert person_key(typed, b"secret") == person_key(email, b"secret")
    assert all("@" in found for found in emails_in(typed))


def test_files_past_their_date_go_on_request(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    (project.raw / "network_signup" / ".~lock.export.xlsx#").write_text("also goes", encoding="utf-8")
    kept = receive("force_visits", [])
    refresh(project)
    day = dt.date(2020, 12, 31)
    assert [(one.survey, len(one.files), one.is_past) for one in retention_of(project, EVERY_SURVEY, day)] == [
        ("network_signup", 2, False), ("priority_survey", 0, False), ("force_visits", 1, False),
    ]  # fmt: skip
    at = dt.datetime(2020, 12, 31, 23, tzinfo=dt.UTC)
    before = tree(project.root)
    assert remove_expired(project, EVERY_SURVEY, at) == ()  # the last day is still theirs
    assert tree(project.root) == before

    removed = remove_expired(project, EVERY_SURVEY, at + dt.timedelta(days=1))
    assert {"data/warehouse.duckdb", "data/contacts.duckdb", "data/raw/network_signup/export.xlsx"} <= set(removed)
    assert kept.exists()
    assert holding(project.root, PERPETUA) == []
    assert not project.tombstones.exists()  # nobody asked to be forgotten
    assert "retention,network_signup,2" in project.access_log.read_text(encoding="utf-8")

"""Keys, consent and mailing lists, and how long files stay."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Receive
from hypothesis import example, given
from hypothesis import strategies as st
from marts_landscape import NOON, UP_TO_STAGED, priorities
from openpyxl import load_workbook
from people_landscape import ANN, BART, BOB, EVERY_SURVEY, NOW, PERPETUA, holding, joins, refresh, traces, tree

from landscape.errors import LandscapeError
from landscape.identity.holds import ON_HOLD, hold, lift, object_to_use
from landscape.identity.keys import KEY_FOLDER_VARIABLE, key_folder, person_key, person_key_secret, tombstone_secret
from landscape.identity.person import emails_in, normal_email
from landscape.identity.withdrawals import withdraw
from landscape.paths import HOME_VARIABLE, ProjectPaths
from landscape.people.keeping import back_up_keys, key_status, mend_modes, rotate_keys, warnings_of
from landscape.people.mailing import export_contacts, statements_of
from landscape.people.retention import refuse_expired, remove_expired, retention_of
from landscape.people.statements import Statement, read_statements
from landscape.private_files import synced_by
from landscape.staging_db import open_staging_db
from landscape.surveys.known import known_people
from landscape.text import SPREADSHEET_TRAPS, safe_cell

WITHDRAWN_AT = dt.datetime(2017, 7, 1, 10, tzinfo=dt.UTC)  # eleven days after they signed up


def fill(project: ProjectPaths) -> None:
    """Tables as far as consent is read from them, where nobody looks at the marts."""
    refresh(project, layers=UP_TO_STAGED)


def said_by(project: ProjectPaths) -> list[Statement]:
    return sorted(read_statements(project, EVERY_SURVEY), key=lambda one: (one.response_id, one.purpose))


def listed(project: ProjectPaths, purpose: str = "CON.NETWORK") -> list[str]:
    """Names in a mailing list written now."""
    path = export_contacts(project, EVERY_SURVEY, purpose, NOW).path
    return [row[1] for row in load_workbook(path).active.iter_rows(min_row=2, values_only=True)]


def test_who_answered_and_what_they_consented_to(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA, consent_visit="Yes"), joins("2", BART, keep=False)])
    receive("priority_survey", [priorities("7", ["TOP.TECH"])])
    refresh(project)
    people = {one.response_id: one.person for one in said_by(project)}
    assert [(number, p.email, p.name, p.telephone, p.organisation, p.line) for number, p in people.items()] == [
        ("network_signup/2017/1", PERPETUA[1], PERPETUA[0], PERPETUA[2], "An organisation", 2),
        ("network_signup/2017/2", BART[1], BART[0], BART[2], "An organisation", 3),
    ]
    at = dt.datetime(2017, 6, 20, 11, tzinfo=dt.UTC)  # noon in summer is 11 in UTC
    assert [(one.purpose, one.version, one.said_at) for one in said_by(project) if one.is_given] == [
        ("CON.NETWORK", "2017-06", at), ("CON.VISIT", "2017-06", at),
    ]  # fmt: skip
    assert holding(project.root, PERPETUA) == ["data/raw/network_signup/export.xlsx"]  # names have one home


def test_made_up_people_are_nobody(project: ProjectPaths) -> None:
    fill(project)
    assert said_by(project) == []
    assert known_people(project).names == frozenset()


def test_files_changed_since_the_refresh_are_refused(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    fill(project)
    receive("network_signup", [joins("1", BART)])
    with pytest.raises(LandscapeError, match="have changed since the last refresh") as caught:
        said_by(project)
    assert caught.value.culprits == ("data/raw/network_signup/export.xlsx",)
    (project.raw / "network_signup" / "export.xlsx").unlink()
    with pytest.raises(LandscapeError, match="have changed since the last refresh"):
        said_by(project)


def test_a_second_file_of_names_from_earlier_versions_goes(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    former = project.root / "data" / "contacts.duckdb"
    former.write_text(PERPETUA[0], encoding="utf-8")
    fill(project)
    assert not former.exists()


def test_withdrawing_ends_what_was_given_before(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART, consent_visit="Yes")])
    refresh(project)
    assert listed(project) == [BART[0], PERPETUA[0]]
    assert withdraw(project, BART[1].upper(), "CON.NETWORK", WITHDRAWN_AT) == ("CON.NETWORK",)
    assert listed(project) == [PERPETUA[0]]  # at once
    assert listed(project, "CON.VISIT") == [BART[0]]  # the other purpose is still agreed to

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
    shown = {said.purpose: at for said, at in statements_of(project, EVERY_SURVEY, BART[1]) if said.is_given}
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


def used(project: ProjectPaths) -> list[str]:
    """Responses that anything rests on."""
    with open_staging_db(project.staging_db, project.lock) as con:
        return [ref for (ref,) in con.execute("SELECT response_id FROM staged.responses ORDER BY 1").fetchall()]


def test_on_hold_is_kept_and_not_used_until_it_is_lifted(project: ProjectPaths, receive: Receive) -> None:
    later = replace(joins("9", BART), started_at=NOON.replace(month=8), completed_at=NOON.replace(month=8))
    export = receive("network_signup", [joins("1", PERPETUA), joins("2", BART), later])
    before = export.read_bytes()
    fill(project)
    assert listed(project) == [BART[0], PERPETUA[0]]
    hold(project, BART[1].upper(), WITHDRAWN_AT)
    assert listed(project) == [PERPETUA[0]]  # at once
    fill(project)
    assert used(project) == ["network_signup/2017/1"]  # and all that they answer, before or after
    with open_staging_db(project.staging_db, project.lock) as con:
        query = "SELECT DISTINCT line, reason FROM staged.issues WHERE reason LIKE '%on hold%' ORDER BY 1"
        assert con.execute(query).fetchall() == [(3, ON_HOLD), (4, ON_HOLD)]
    assert export.read_bytes() == before
    assert not any(trace in project.holds.read_text(encoding="utf-8") for trace in traces(BART))
    lift(project, BART[1])
    fill(project)
    assert len(used(project)) == 3
    with pytest.raises(LandscapeError, match="nothing is on hold"):
        lift(project, BART[1])


def test_an_objection_is_to_what_was_answered_before_it(project: ProjectPaths, receive: Receive) -> None:
    later = replace(joins("9", BART), started_at=NOON.replace(month=8), completed_at=NOON.replace(month=8))
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART), later])
    object_to_use(project, BART[1], WITHDRAWN_AT)
    hold(project, PERPETUA[1], WITHDRAWN_AT)
    lift(project, PERPETUA[1])  # of her only
    fill(project)
    assert used(project) == ["network_signup/2017/1", "network_signup/2017/9"]
    with pytest.raises(LandscapeError, match="not an e-mail address"):
        object_to_use(project, "Bartholomew", NOW)


@pytest.mark.parametrize("purpose", ["CON.NOTHING", "network"])
def test_a_purpose_that_is_none_is_refused(purpose: str, project: ProjectPaths) -> None:
    with pytest.raises(LandscapeError, match=r"CON\.NETWORK"):
        withdraw(project, BART[1], purpose, NOW)
    with pytest.raises(LandscapeError, match=r"CON\.NETWORK"):
        export_contacts(project, EVERY_SURVEY, purpose, NOW)
    assert not project.private.exists()


def test_who_shares_an_address_is_written_to_only_if_all_agree(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", ANN), joins("2", BOB, keep=False), joins("3", PERPETUA)])
    fill(project)
    written = export_contacts(project, EVERY_SURVEY, "CON.NETWORK", NOW)
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
    path = export_contacts(project, EVERY_SURVEY, "CON.VISIT", NOW).path
    assert path == project.mailing_lists / "CON.VISIT.xlsx"
    assert [cell.value for cell in load_workbook(path).active[2]] == [
        trap[1], "'=HYPERLINK(1)", "'@SUM(A1)", "2017-06-20", "2017-06", "'+44 7700 900000",
    ]  # fmt: skip
    assert "Telephone" not in [
        c.value for c in load_workbook(export_contacts(project, EVERY_SURVEY, "CON.NETWORK", NOW).path).active[1]
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


def pseudonyms(project: ProjectPaths) -> list[tuple[str]]:
    with open_staging_db(project.staging_db, project.lock) as con:
        return con.execute("SELECT person_key FROM staged.responses ORDER BY ALL").fetchall()


def test_rotating_renews_pseudonyms_and_no_tombstone_key(
    project: ProjectPaths, receive: Receive, tmp_path: Path
) -> None:
    receive("network_signup", [joins("1", PERPETUA)])
    fill(project)
    withdraw(project, BART[1], None, NOW)
    before, keys = pseudonyms(project), keys_in(tmp_path / "keys")
    rotated = {name for name in keys if name.startswith("person-key-")}
    assert set(rotate_keys(project)) == rotated != set(keys)
    after = keys_in(tmp_path / "keys")
    assert {name for name in keys if keys[name] != after[name]} == rotated
    fill(project)
    assert pseudonyms(project) != before


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


def test_status_counts_warns_and_mends(
    project: ProjectPaths, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive("network_signup", [joins("1", PERPETUA), joins("2", BART)])
    fill(project)
    withdraw(project, BART[1], "CON.VISIT", NOW)
    mend_modes(project)  # the test's own folders are made for everybody
    status = key_status(project)
    assert (status.n_tombstones, status.n_withdrawals) == (0, 1)
    assert {"tombstone-key", "person-key-network_signup"} <= set(status.keys)
    assert status.warnings == ()
    if os.name != "nt":
        project.staging_db.chmod(0o644)
        project.raw.chmod(0o755)
        assert [warning.split(".")[0] for warning in warnings_of(project)] == [
            "Others on this computer may read raw", "Others on this computer may read warehouse",
        ]  # fmt: skip
        assert mend_modes(project) == ("raw", "warehouse.duckdb")
        assert [p.stat().st_mode & 0o777 for p in (project.raw, project.staging_db)] == [0o700, 0o600]
    monkeypatch.setenv(KEY_FOLDER_VARIABLE, str(project.root / "OneDrive - Uni" / "keys"))
    said = " ".join(warnings_of(project))
    assert "OneDrive" in said
    assert "inside the project folder" in said


@pytest.mark.skipif(os.name == "nt", reason="rights are those of the folder there")
def test_the_staging_database_is_private_from_its_first_byte(project: ProjectPaths) -> None:
    with open_staging_db(project.staging_db, project.lock) as con:
        con.execute("CREATE TABLE staged.words (words VARCHAR)")
        con.execute("INSERT INTO staged.words VALUES ('hello')")
        found = {path.name: path.stat().st_mode & 0o777 for path in project.staging_db.parent.glob("warehouse*")}
    assert found == {"warehouse.duckdb": 0o600, "warehouse.duckdb.wal": 0o600}


def test_each_project_has_keys_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where all of a person's projects shared them once: each takes them along, and a moved project finds its own."""
    monkeypatch.delenv(KEY_FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path / "config")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "tombstone-key").write_text("ab" * 32, encoding="ascii")
    found = []
    for name in ("one", "two"):
        monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / name))
        found.append(key_folder())
        assert tombstone_secret(may_make=False) == bytes.fromhex("ab" * 32)
        person_key_secret(name)
    assert [keys_in(folder).keys() for folder in found] == [
        {"tombstone-key", "person-key-one"}, {"tombstone-key", "person-key-two"},
    ]  # fmt: skip
    (tmp_path / "two").rename(tmp_path / "moved")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "moved"))
    assert key_folder() == found[1]


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
    surveys = tuple(replace(one, retain_until=day if one.name == "network_signup" else None) for one in EVERY_SURVEY)
    assert [(one.survey, len(one.files), one.is_past) for one in retention_of(project, surveys, day)] == [
        ("force_visits", 1, False), ("priority_survey", 0, False), ("network_signup", 2, False),
    ]  # fmt: skip
    with pytest.raises(LandscapeError, match="nobody has said until when") as caught:
        refuse_expired(project, surveys, day + dt.timedelta(days=1))
    assert caught.value.culprits == ("force_visits: no date is given", "network_signup: past its date, 2020-12-31")
    refuse_expired(project, tuple(replace(one, retain_until=day) for one in surveys), day)
    at = dt.datetime(2020, 12, 31, 23, tzinfo=dt.UTC)
    before = tree(project.root)
    assert remove_expired(project, surveys, at) == ()  # the last day is still theirs
    assert tree(project.root) == before

    removed = remove_expired(project, surveys, at + dt.timedelta(days=1))
    assert {"data/warehouse.duckdb", "data/raw/network_signup/export.xlsx"} <= set(removed)
    assert kept.exists()
    assert holding(project.root, PERPETUA) == []
    assert not project.tombstones.exists()  # nobody asked to be forgotten
    assert "retention,network_signup,2" in project.access_log.read_text(encoding="utf-8")

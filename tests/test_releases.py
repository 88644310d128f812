"""A release as files: made, refused, compared with those before, verified, withdrawn."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from attacker import read_release
from conftest import Receive
from exports import WRITERS
from exports.responses import Response
from marts_landscape import LABELS, SURVEYS, activity, landscape_of, make_tables, signup, visit
from people_landscape import EVERY_SURVEY, NOW, PERPETUA, joins
from people_sequences import attacker
from sample_landscape import in_force
from sample_landscape import publish as publish_marts
from shipped import made_once
from typer.testing import CliRunner

from landscape.disclosure.ledger import read_published
from landscape.errors import LandscapeError, PersonalDataError
from landscape.paths import ProjectPaths
from landscape.people.erasure import forget
from landscape.people.whom import Sought
from landscape.pii_scan import Known
from landscape.pii_scan.carriers import parts_of
from landscape.releasing import make as making
from landscape.releasing.make import Made, Wanted, make_release
from landscape.releasing.parcel import verify_folder, verify_zip
from landscape.releasing.shelf import mend_manifests, refuse_name, releases
from landscape.releasing.withdrawal import withdraw_release
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.received import received_files
from pipelines.cli.release import release_app
from pipelines.definitions import declared_for_release

OCTOBER, NOVEMBER = dt.date(2017, 10, 1), dt.date(2017, 11, 1)  # the wave closes on 30 September
PEOPLE = [
    f"{name}.{kind}"
    for name in ("members", "member_areas", "survey_answers", "responses")
    for kind in ("csv", "parquet")
]
CUMBRIA, DURHAM = "E23000002", "E23000008"
NOBODY = Known()
# Pictures are drawn in other tests; a release is made in the same way without them.
DECLARED = dataclasses.replace(declared_for_release(), draw=lambda _tables, _boundaries: ())


def members(n: int) -> list[Response]:
    return [signup(str(number), f"m{number}@example.org", CUMBRIA) for number in range(1, n + 1)]


def region_only(response: Response) -> Response:
    return replace(response, answers={**response.answers, "visit_release_level": LABELS["REL.REGION"]})


VISITS = [
    visit("V01", CUMBRIA, "ORG.FORCE", activities=[activity("A1", "OBJ.INFORM")]),
    region_only(visit("V02", DURHAM, "ORG.OPCC")),
]


def _make(folder: Path) -> None:
    with (
        in_force(folder) as paths,
        landscape_of(paths.root, {"force_visits": VISITS, "network_signup": members(20)}) as staging_db,
    ):
        publish_marts(staging_db)
        release(staging_db, "one")


@pytest.fixture
def refreshed(tmp_path: Path) -> Iterator[StagingDatabase]:
    """A refreshed project with two visits and twenty members, and the release "one" of them."""
    folder = shutil.copytree(made_once("release", _make), tmp_path / "refreshed")
    with in_force(folder) as paths, open_staging_db(paths.staging_db, paths.lock) as con:
        yield StagingDatabase(con, paths)


def receive_members(staging_db: StagingDatabase, n: int, stem: str = "export") -> Path:
    path = staging_db.paths.raw / "network_signup" / f"{stem}.xlsx"
    WRITERS["microsoft_forms"].write(SURVEYS["network_signup"], members(n), path)
    return path


def refresh(staging_db: StagingDatabase, n_members: int) -> None:
    receive_members(staging_db, n_members)
    make_tables(staging_db)
    publish_marts(staging_db)


def release(staging_db: StagingDatabase, name: str, on: dt.date = OCTOBER, replaces: str = "") -> Made:
    return make_release(staging_db, DECLARED, Wanted(name, on, replaces))


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_release_from_beginning_to_end(refreshed: StagingDatabase) -> None:
    """Made again with the same bytes, verified, and silent on what may not be shown."""
    levels = refreshed.con.execute("SELECT DISTINCT release_level FROM staged.visits ORDER BY 1").fetchall()
    assert levels == [("REL.NAMED",), ("REL.WHOLE",)]  # “for the region only” is read as without place
    shelf = refreshed.paths.releases
    first = tree(shelf)
    shutil.rmtree(shelf)
    made = release(refreshed, "one")
    assert tree(shelf) == first
    assert {name for name in made.files if "/" not in name} == {"one.zip"}
    assert {"one/landscape.docx", "one/tables/members.csv", "one/checksums.txt"} <= set(made.files)
    assert verify_folder(shelf / "one", NOBODY) == verify_zip(shelf / "one.zip", NOBODY) == len(made.files) - 1

    texts = {
        path.name: "\n".join(text for part in parts_of(path) for text in part.texts)
        for path in (shelf / "one").rglob("*.*")
        if path.suffix != ".pdf"
    }
    for word in ("Draft", "draft", "not for circulation", "V01", "V02", "force_visits/", "n_members: "):
        assert [name for name, text in texts.items() if word in text] == [], word
    received = [file.sha256 for file in received_files(refreshed.paths, EVERY_SURVEY)]
    assert [name for name, text in texts.items() if any(sha256 in text for sha256 in received)] == []
    assert "Release one, 1 October 2017" in texts["landscape.html"]
    manifest = json.loads((shelf / "one" / "release.json").read_text(encoding="utf-8"))
    assert manifest["waves"] == {"force_visits": ["2017"], "network_signup": ["2017"]}
    assert manifest["tables_of_people"] == [{"survey": "network_signup", "wave": "2017", "published_in": "one"}]
    areas = (shelf / "one" / "tables" / "force_areas.csv").read_text(encoding="utf-8")
    assert "n_members" not in areas
    assert {line.split(",")[1]: line for line in areas.splitlines()}["Durham"].endswith(
        ",false,not_said,not_said,false"
    )


@pytest.mark.slow
def test_a_wave_is_published_once_whatever_becomes_of_its_responses(refreshed: StagingDatabase) -> None:
    """One more member, then five fewer, both releases withdrawn: the same bytes, which the ledger keeps."""
    shelf = refreshed.paths.releases
    first = {name: (shelf / "one" / "tables" / name).read_bytes() for name in PEOPLE}
    for name, n in (("two", 21), ("three", 16)):
        refresh(refreshed, n)
        made = release(refreshed, name, NOVEMBER)
        assert {table: (shelf / name / "tables" / table).read_bytes() for table in PEOPLE} == first
        assert [(entry.name, entry.release) for entry in made.people] == [("network_signup, 2017", "one")]
        assert "members" not in made.changes
        withdraw_release(refreshed.paths, name, NOVEMBER, "It held a person’s words.")
    made = release(refreshed, "four", NOVEMBER, replaces="three")
    assert made.changes.startswith("# Changes\n\nThis release replaces three, which was withdrawn.")
    assert {table: (shelf / "four" / "tables" / table).read_bytes() for table in PEOPLE} == first


@pytest.mark.slow
def test_a_release_that_fails_leaves_the_ledger_as_it_was(
    refreshed: StagingDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_published(refreshed.paths)
    refreshed.paths.published.unlink()
    monkeypatch.setattr(making, "guide", lambda *_, **__: f"Ask {PERPETUA[1]}.")
    with pytest.raises(PersonalDataError):
        release(refreshed, "next", NOVEMBER)
    assert read_published(refreshed.paths) == ()
    assert [entry.name for entry in before] == ["network_signup, 2017"]


@pytest.mark.parametrize("name", ["", "..", "a/b", "a.zip", "-x", "con", "verify", "make", "é", "x" * 41, "a b"])
def test_a_name_that_will_not_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(LandscapeError, match="cannot be the name"):
        refuse_name(ProjectPaths(tmp_path), name)


def refused(staging_db: StagingDatabase, match: str, name: str = "next", **more: object) -> None:
    """Nothing is released, and nothing is left of the attempt."""
    before = tree(staging_db.paths.releases)
    with pytest.raises(LandscapeError, match=match):
        release(staging_db, name, **more)  # type: ignore[arg-type]
    assert tree(staging_db.paths.releases) == before
    assert not (staging_db.paths.releases / "next").exists()


def test_what_is_refused(refreshed: StagingDatabase) -> None:
    refused(refreshed, "there is already a release ONE", "ONE", on=NOVEMBER)
    refused(refreshed, "is of a later day", on=dt.date(2017, 9, 30))
    refused(refreshed, "was not withdrawn", on=NOVEMBER, replaces="one")
    refused(refreshed, "there is no release gone", on=NOVEMBER, replaces="gone")

    refreshed.con.execute("UPDATE marts.network_by_area SET n_members = n_members + 1")
    refreshed.con.execute(f"UPDATE staged.activity_areas SET place_key = NULL WHERE place_key = '{CUMBRIA}'")
    refused(refreshed, "(?s)place_key is empty.*marts.network_by_area is not what its SQL makes", on=NOVEMBER)


def test_a_release_that_would_name_a_person_is_refused(
    refreshed: StagingDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "guide", lambda *_, **__: f"Ask {PERPETUA[1]}.")
    with pytest.raises(PersonalDataError) as caught:
        release(refreshed, "next", NOVEMBER)
    assert PERPETUA[1] not in str(caught.value)
    assert not (refreshed.paths.releases / "next").exists()
    assert not (refreshed.paths.releases / "next.zip").exists()


def test_what_changed_since_the_refresh_is_refused(refreshed: StagingDatabase) -> None:
    newer = (refreshed.paths.marts / "datapackage.json").stat().st_mtime + 5
    refreshed.paths.private.mkdir(exist_ok=True)
    refreshed.paths.withdrawals.write_text("", encoding="utf-8")
    os.utime(refreshed.paths.withdrawals, (newer, newer))
    refused(refreshed, "data/private/withdrawals.csv was changed since", on=NOVEMBER)
    refreshed.paths.withdrawals.unlink()
    receive_members(refreshed, 21)
    receive_members(refreshed, 2, "later")
    refused(refreshed, "(?s)another version.*was received since", on=NOVEMBER)


def test_a_copy_that_was_changed_is_told_from_the_release(refreshed: StagingDatabase, tmp_path: Path) -> None:
    copy = shutil.copytree(refreshed.paths.releases / "one", tmp_path / "one")
    (copy / "README.md").write_text("other words", encoding="utf-8")
    (copy / "codebook.csv").unlink()
    (copy / "more.txt").write_text("more", encoding="utf-8")
    with pytest.raises(LandscapeError) as caught:
        verify_folder(copy, NOBODY)
    for said in ("README.md was changed", "codebook.csv is missing", "more.txt does not belong to it"):
        assert said in str(caught.value)
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.write(copy / "README.md", "one/README.md")
    with pytest.raises(LandscapeError, match=r"checksums\.txt is missing"):
        verify_zip(tmp_path / "one.zip", NOBODY)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\0", b"[1]", b"{}", b'{"name": "one", "num'])
def test_what_describes_a_release_is_made_again_from_its_zip_or_named(
    refreshed: StagingDatabase, damage: bytes
) -> None:
    paths = refreshed.paths
    manifest = paths.releases / "one" / "release.json"
    before = manifest.read_bytes()
    manifest.write_bytes(damage)
    with pytest.raises(LandscapeError, match="damaged") as caught:
        releases(paths)
    assert caught.value.culprits == ("reports/releases/one/release.json",)
    assert mend_manifests(paths) == ["reports/releases/one/release.json was damaged, and is again as one.zip has it."]
    assert manifest.read_bytes() == before
    assert mend_manifests(paths) == []
    manifest.write_bytes(damage)
    (paths.releases / "one.zip").write_bytes(b"PK")
    assert mend_manifests(paths) == []
    assert manifest.read_bytes() == damage


def test_withdrawing_leaves_a_note_and_no_names(refreshed: StagingDatabase) -> None:
    paths = refreshed.paths
    with pytest.raises(LandscapeError, match="must not name anybody"):
        withdraw_release(paths, "one", NOVEMBER, f"{PERPETUA[1]} asked for it")
    removed = withdraw_release(paths, "one", NOVEMBER, "It held a person’s words.")
    assert "one.zip" in removed
    assert set(tree(paths.releases / "one")) == {"WITHDRAWN.md", "release.json"}
    (withdrawn,) = releases(paths)
    assert (withdrawn.withdrawn_on, withdrawn.reason) == (NOVEMBER, "It held a person’s words.")
    with pytest.raises(LandscapeError, match="was withdrawn on 2017-11-01"):
        withdraw_release(paths, "one", NOVEMBER, "Again.")


def test_forgetting_names_the_releases_that_still_hold_the_words(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [joins("1", PERPETUA), *members(2)[1:]])
    for place in ("2017-10/landscape.html", "2017-11/README.md", "2017-12/README.md"):
        (project.releases / place).parent.mkdir(parents=True, exist_ok=True)
        (project.releases / place).write_text("nobody", encoding="utf-8")
    (project.releases / "2017-10/landscape.html").write_text(f"As {PERPETUA[0]} said", encoding="utf-8")
    with zipfile.ZipFile(project.releases / "2017-11.zip", "w") as archive:
        archive.writestr("2017-11/README.md", PERPETUA[1])
    receipt = forget(project, EVERY_SURVEY, Sought(PERPETUA[1]), NOW)
    assert receipt.releases == ("2017-10", "2017-11")


def test_the_commands(refreshed: StagingDatabase) -> None:
    run = CliRunner()
    assert "each as it was made, in the folder and in the zip" in run.invoke(release_app, ["verify", "one"]).output
    assert "2017-10-01" in run.invoke(release_app, ["list"]).output


@pytest.mark.slow
def test_twenty_releases_teach_an_attacker_nothing(refreshed: StagingDatabase) -> None:
    """Five landscapes, each released four times while people join and leave; the attacker reads the files alone."""
    random = Random(7)  # noqa: S311 - the same landscapes each time
    for landscape in range(5):
        reader = attacker()
        refreshed.paths.published.unlink(missing_ok=True)
        for number in range(4):
            refresh(refreshed, random.randint(8, 40))
            name = f"l{landscape}-r{number}"
            release(refreshed, name, NOVEMBER)
            read = read_release(refreshed.paths.releases / name)
            reader.receive(read)
            assert reader.learned == []
            for table in ("force_areas", "objective_breakdown", "activity_types", "challenge_areas", "expertise"):
                said = [row for row in read[table] if row.get("state", "value") == "value"]
                assert {row["force_area_name"] for row in said} <= {"Cumbria"}, table

"""What is made again after a change, what is not, and that both ways give the same bytes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from exports import WRITERS
from exports.responses import Response
from interruption_steps import KILLED
from marts_landscape import CHECKOUT, LABELS, SURVEYS, activity, priorities, signup, visit

from assets.figures.layer import figures_step
from assets.report import report_step
from assets.tables import step, steps
from landscape.errors import LandscapeError, PersonalDataError
from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.last_state import inputs_now
from landscape.paths import HOME_VARIABLE, ProjectPaths
from landscape.publishing import is_published, recover
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.stamps import LARGE_BYTES, FileHashes, hash_of
from landscape.step import Refresh

CUMBRIA, DURHAM = "E23000002", "E23000008"
MARTS = "marts__published"  # where figures and report are not what is asked about
LOADED = {"raw__received", "staged__known_people"}


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "no browser")  # pictures take the longest


def refreshed(paths: ProjectPaths, *, again: bool = False, upto: str = "") -> list[str]:
    """Takes all steps, figures and report included, and gives the names of those that made something."""
    made: list[str] = []
    with open_staging_db(paths.staging_db, paths.lock) as con:
        refresh = Refresh(StagingDatabase(con, paths), lambda: tuple(SURVEYS.values()), again=again)
        for each in (*steps(), figures_step(), report_step()):
            if each.run(refresh):
                made.append(each.name)
            refresh.refuse_broken(each.makes)
            if each.name == upto:
                break
    return made


def published(paths: ProjectPaths, upto: str = "") -> dict[str, bytes]:
    """All that people are given, but the database, which is never the same bytes and is compared as CSV beside it."""
    folders = (paths.marts,) if upto == MARTS else (paths.marts, paths.figures, paths.reports)
    files = (
        path for folder in folders for path in folder.glob("*") if path.is_file() and not path.name.startswith(".")
    )
    return {path.relative_to(paths.root).as_posix(): path.read_bytes() for path in files if path.suffix != ".duckdb"}


def responses() -> dict[str, list[Response]]:
    return {
        "force_visits": [visit("V01", CUMBRIA, "ORG.FORCE", activities=[activity("A1", "OBJ.TRUST")])],
        "network_signup": [signup(str(n), f"p{n}@post.example", CUMBRIA) for n in range(1, 13)],
        "priority_survey": [priorities(f"u{n}", ["TOP.TECH"], "TOP.TECH") for n in range(1, 13)],
    }


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was refreshed with real responses to all three surveys, its keys beside it."""
    root = tmp_path_factory.mktemp("made")
    paths = ProjectPaths(root / "project")
    shutil.copytree(CHECKOUT.reference, paths.reference)
    shutil.copytree(CHECKOUT.sample, paths.sample)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_FOLDER_VARIABLE, str(root / "keys"))
        patch.setenv("BROWSER_PATH", "no browser")
        for survey, answers in responses().items():
            put(paths, survey, answers)
        assert len(refreshed(paths)) > 60
        assert refreshed(paths) == []
    return root


@pytest.fixture
def settled(made_once: Path, project: ProjectPaths, tmp_path: Path) -> ProjectPaths:
    """A copy of it, in force."""
    shutil.copytree(made_once / "project", project.root, dirs_exist_ok=True)
    shutil.copytree(made_once / "keys", tmp_path / "keys", dirs_exist_ok=True)
    return project


def put(paths: ProjectPaths, survey: str, answers: list[Response]) -> Path:
    """Responses in data/raw as their survey's tool exports them."""
    ending = ".csv" if SURVEYS[survey].tool == "jisc_online_surveys" else ".xlsx"
    path = paths.raw / survey / f"export{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[SURVEYS[survey].tool].write(SURVEYS[survey], answers, path)
    return path


def test_one_more_response_reaches_only_what_it_changes(settled: ProjectPaths) -> None:
    before = published(settled)
    put(settled, "priority_survey", [*responses()["priority_survey"], priorities("u99", ["TOP.DEMAND"], consent=False)])
    made = set(refreshed(settled))
    assert {*LOADED, "staged__surveys", "report__landscape"} <= made
    assert "marts__context" not in made
    changed = {name for name, content in published(settled).items() if before.get(name) != content}
    assert not {
        name for name in changed if name.startswith(("data/marts/context", "data/marts/objective", "reports/figures/c"))
    }
    assert refreshed(settled) == []


def test_what_is_touched_but_not_changed_makes_nothing(settled: ProjectPaths) -> None:
    for path in settled.root.rglob("*"):
        if path.is_file():
            os.utime(path, ns=(1, 1))
    assert refreshed(settled) == []


def test_a_file_of_the_same_size_and_time_is_seen_to_be_another(settled: ProjectPaths) -> None:
    first = put(settled, "priority_survey", responses()["priority_survey"])
    facts, words = first.stat(), first.read_bytes()
    swapped = words.replace(LABELS["TOP.TECH"].encode(), LABELS["TOP.TECH"][::-1].encode())
    assert len(swapped) == len(words) != 0
    assert swapped != words
    first.write_bytes(swapped)
    os.utime(first, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert set(refreshed(settled, upto=MARTS)) > LOADED


@pytest.mark.parametrize(
    ("damage", "mended"),
    [
        (lambda paths: (paths.marts / "coverage.csv").write_text("mine"), {"marts__published"}),
        (lambda paths: (paths.marts / "datapackage.json").unlink(), {"marts__published"}),
        (lambda paths: (paths.figures / "coverage_map.csv").unlink(), {"figures__drawn"}),
        (lambda paths: (paths.reports / "landscape.docx").unlink(), {"report__landscape"}),
        (lambda paths: paths.issues.unlink(), {"report__issues"}),
        (lambda paths: (paths.marts / ".published").write_text("{"), {"marts__published"}),
        (lambda paths: (paths.figures / "figures.json").write_text("{}"), {"figures__drawn"}),
    ],
    ids=["table", "package", "figure", "report", "issues", "record", "manifest"],
)
def test_what_was_damaged_or_taken_away_comes_back(
    settled: ProjectPaths, damage: Callable[[ProjectPaths], object], mended: set[str]
) -> None:
    before = published(settled)
    damage(settled)
    assert set(refreshed(settled)) == mended
    assert published(settled) == before
    assert refreshed(settled) == []


def test_a_mart_made_alone_from_old_inputs_stays_out_of_date(settled: ProjectPaths) -> None:
    put(settled, "force_visits", [*responses()["force_visits"], visit("V02", DURHAM, "ORG.FORCE")])
    with open_staging_db(settled.staging_db, settled.lock) as con:
        alone = Refresh(StagingDatabase(con, settled), lambda: tuple(SURVEYS.values()), again=True)
        assert step("marts__coverage").run(alone)
    assert "marts__coverage" in refreshed(settled, upto=MARTS)
    assert "Durham" in (settled.marts / "coverage.csv").read_text(encoding="utf-8")


def test_tables_and_their_stamp_are_there_together_or_not_at_all(settled: ProjectPaths) -> None:
    put(settled, "force_visits", [*responses()["force_visits"], visit("V02", "E23000002", "ORG.OPCC")])
    before = published(settled)

    def cut(_refresh: Refresh) -> None:
        raise LandscapeError("cut off")

    with open_staging_db(settled.staging_db, settled.lock) as con:
        refresh = Refresh(StagingDatabase(con, settled), lambda: tuple(SURVEYS.values()))
        loading = step("raw__received")
        half = type(loading)(**{**vars(loading), "make": lambda r: (loading.make(r), cut(r))})
        with pytest.raises(LandscapeError, match="cut off"):
            half.run(refresh)
    assert published(settled) == before
    assert "raw__received" in refreshed(settled, upto=MARTS)
    assert '"2"' not in (settled.marts / "coverage.csv").read_text(encoding="utf-8")


def test_a_new_name_that_was_already_published_stops_the_next_refresh(settled: ProjectPaths) -> None:
    """A table names an office by its head; then somebody of that very name signs up."""
    bodies = settled.reference / "governing_bodies.csv"
    text = bodies.read_text(encoding="utf-8")
    bodies.write_text(text.replace("Commissioner for Cumbria", "Commissioner Jo Quillfeather", 1), encoding="utf-8")
    assert "marts__published" in refreshed(settled)
    put(
        settled,
        "network_signup",
        [*responses()["network_signup"], signup("99", "new@post.example", CUMBRIA, full_name="Jo Quillfeather")],
    )
    with pytest.raises(PersonalDataError, match="a person's name"):
        refreshed(settled)


def test_another_browser_draws_figures_again(
    settled: ProjectPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(browser))
    files, first = FileHashes(), inputs_now(settled, FileHashes())
    assert inputs_now(settled, files) == first
    browser.write_text("#!/bin/sh\nexit 2\n", encoding="utf-8")
    assert inputs_now(settled, FileHashes()) != first
    assert "figures__drawn" in refreshed(settled)


def test_large_files_are_known_by_size_and_time_once_they_have_settled(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(LARGE_BYTES)
    fresh = FileHashes()
    fresh.of(large)
    assert fresh.large == {}, "it was changed within two seconds, and may be again"
    os.utime(large, ns=(10**18, 10**18))
    settled = FileHashes()
    assert settled.of(large) == fresh.of(large)
    assert str(large) in settled.large
    with large.open("r+b") as stream:
        stream.write(b"x")
    os.utime(large, ns=(10**18, 10**18))
    assert FileHashes(settled.large).of(large) == settled.of(large), "this is what is trusted of large files"
    os.utime(large)
    assert FileHashes(settled.large).of(large) != settled.of(large)


def test_hashes_tell_parts_apart_and_know_no_order_of_sets() -> None:
    assert hash_of("ab", "c") != hash_of("a", "bc")
    assert hash_of(frozenset("abc")) == hash_of(frozenset("cba"))
    assert hash_of({"a": 1}) != hash_of({"a": "1"})


# -- Whatever is edited, in whatever order, comes out as if it were made for the first time


def _edits(paths: ProjectPaths) -> list[Callable[[random.Random], object]]:
    said = responses()

    def more(chance: random.Random) -> None:
        survey = chance.choice(sorted(said))
        number = chance.randrange(100, 999)
        more_of = {
            "force_visits": lambda: visit(f"V{number}", chance.choice([CUMBRIA, DURHAM]), "ORG.OPCC"),
            "network_signup": lambda: signup(str(number), f"n{number}@post.example", DURHAM),
            "priority_survey": lambda: priorities(f"u{number}", ["TOP.DEMAND"]),
        }
        said[survey] = [*said[survey], more_of[survey]()]
        put(paths, survey, said[survey])

    def fewer(chance: random.Random) -> None:
        survey = chance.choice(sorted(said))
        said[survey] = said[survey][: max(1, len(said[survey]) - 1)]
        put(paths, survey, said[survey])

    def rule(chance: random.Random) -> None:
        path = paths.reference / "population.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[1], lines[2] = lines[2], lines[1]
        path.write_text("".join(lines), encoding="utf-8")

    def damage(chance: random.Random) -> None:
        made = sorted(path for path in (*paths.marts.glob("*"), *paths.figures.glob("*")) if path.is_file())
        chance.choice(made).unlink()

    def no_database(_chance: random.Random) -> None:
        paths.staging_db.unlink(missing_ok=True)

    return [more, more, fewer, rule, damage, no_database]


def _compare_with_a_fresh_copy(paths: ProjectPaths, monkeypatch: pytest.MonkeyPatch, name: str, upto: str) -> None:
    copy = ProjectPaths(paths.root.parent / name)
    for part in ("data/raw", "data/sample", "data/reference"):
        shutil.copytree(paths.root / part, copy.root / part)
    shutil.copy(paths.root / "dagster.yaml", copy.root)
    with monkeypatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(copy.root))
        refreshed(copy, upto=upto)
    fresh, now = published(copy, upto), published(paths, upto)
    assert sorted(now) == sorted(fresh)
    assert [each for each in sorted(now) if now[each] != fresh[each]] == []
    shutil.rmtree(copy.root)


@pytest.mark.parametrize(
    ("seed", "upto"), [(1, MARTS), *(pytest.param(seed, "", marks=pytest.mark.slow) for seed in range(2, 6))]
)
def test_edits_give_what_a_fresh_copy_gives(
    settled: ProjectPaths, monkeypatch: pytest.MonkeyPatch, seed: int, upto: str
) -> None:
    chance = random.Random(seed)  # noqa: S311 - edits, not secrets
    edits = _edits(settled)
    for _ in range(5):
        chance.choice(edits)(chance)
        if chance.random() < 0.5:
            refreshed(settled, upto=chance.choice(["raw__received", "staged__surveys", MARTS]))
    refreshed(settled, upto=upto)
    _compare_with_a_fresh_copy(settled, monkeypatch, f"fresh{seed}", upto)


# -- Killed at a rename, a flush or a commit


def killed_at(paths: ProjectPaths, fatal: int) -> subprocess.CompletedProcess[str]:
    """A refresh that ends at one moment; where it has fewer, it comes to its end and says how many."""
    child = [sys.executable, str(Path(__file__).with_name("interruption_steps.py")), str(fatal)]
    root = str(CHECKOUT.root)
    environment = {**os.environ, HOME_VARIABLE: str(paths.root), "PYTHONPATH": root}
    return subprocess.run(child, env=environment, cwd=root, capture_output=True, text=True, timeout=300, check=False)


def whole_after_kills(settled: ProjectPaths, scratch: Path, n_kills: int) -> int:
    """Kills a refresh at moments spread over all it has; returns how many there are."""
    put(settled, "force_visits", [*responses()["force_visits"], visit("V02", DURHAM, "ORG.FORCE")])

    def copy(name: str) -> ProjectPaths:
        return ProjectPaths(Path(shutil.copytree(settled.root, scratch / name)))

    ended = copy("ended")
    n_moments = int(killed_at(ended, 0).stdout)
    expected = published(ended)
    for fatal in sorted({1 + n_moments * number // n_kills for number in range(n_kills)}):
        paths = copy(f"killed{fatal}")
        assert killed_at(paths, fatal).returncode == KILLED
        for folder in (paths.marts, paths.figures, paths.reports):
            recover(folder)
            record = json.loads((folder / ".published").read_text(encoding="utf-8"))
            assert is_published(folder, record["stamp"]), f"{folder.name} is in pieces after a kill at {fatal}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(HOME_VARIABLE, str(paths.root))
            refreshed(paths)
        assert published(paths) == expected, f"another landscape after a kill at {fatal}"
        shutil.rmtree(paths.root)
    return n_moments


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
def test_a_refresh_that_was_killed_is_whole_and_goes_on(settled: ProjectPaths, tmp_path: Path) -> None:
    n_kills = int(os.environ.get("LANDSCAPE_KILLS", "8"))
    assert whole_after_kills(settled, tmp_path / "scratch", n_kills) > 100

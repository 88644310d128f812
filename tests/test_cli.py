"""The command line as a whole: its help, its page, what it says after an error, and what it does beside a refresh."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import typer
from sample_landscape import sample_project
from shipped import CHECKOUT
from typer.testing import CliRunner

from landscape import staging_db
from landscape.errors import StagingDatabaseError
from landscape.last_refresh import read_last_refresh
from landscape.paths import ProjectPaths
from landscape.staging_db import open_staging_db, refresh_lock
from pipelines.cli import PANELS, app, main
from pipelines.cli.terminal import FAILED, INTERRUPTED, NOT_PULLED

PAGE = (CHECKOUT.root / "docs" / "commands.md").read_text(encoding="utf-8")
NARROW = 80


# -- Help, and the page of commands


def commands_of(app: typer.Typer | Callable[..., None], name: str) -> list[str]:
    """A command's name, or those of a group's commands."""
    if not isinstance(app, typer.Typer):
        return [name]
    assert not app.registered_groups
    return [f"{name} {c.name or c.callback.__name__}" for c in app.registered_commands if c.callback]


def test_help_is_grouped_and_ordered_and_a_command_is_one_line() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": str(NARROW)}, color=False).output
    shown = shown[shown.index("Every day") :]
    places = [shown.index(title) for title in PANELS]
    assert places == sorted(places)
    named = re.findall(r"^│ ([a-z-]+) +[A-Z].*[.] *│$", shown, re.MULTILINE)
    assert named == [name for panel in PANELS.values() for name in panel]
    assert shown.count("│\n") == len(named), "no line of help is broken"


def test_the_page_names_every_command_in_its_group_and_no_other() -> None:
    written: dict[str, list[str]] = {}
    for title, section in re.findall(r"^## ([^\n]*)\n\n\| command (.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL):
        written[title] = re.findall(r"^\| `landscape ([a-z -]*[a-z])", section, re.MULTILINE)
    there = {
        title: [each for name, what in panel.items() for each in commands_of(what, name)]
        for title, panel in PANELS.items()
    }
    assert {title: sorted(names) for title, names in written.items()} == {t: sorted(n) for t, n in there.items()}
    assert list(written) == list(PANELS)


def test_the_page_gives_every_exit_status() -> None:
    statuses = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert list(map(int, statuses)) == [0, FAILED, 2, NOT_PULLED, INTERRUPTED]


# -- What is said after an error


@pytest.mark.parametrize(
    ("arguments", "leaves"),
    [
        (["match", "Atlantis"], None),
        (["release", "verify", "2017-10"], None),
        (["codebook", "atlantis"], None),
        (["decide", "--suggest"], None),
        (["figure", "atlantis"], "No file was written."),
        (["decide", "alias", "Tykes", "--new", "E23000010", "--by", "LT", "--why", "seen"], "Nothing was decided."),
        (["pull", "atlantis"], "A survey that is not named as pulled has the files it had."),
    ],
)
def test_only_what_writes_says_how_it_leaves_things(
    project: ProjectPaths,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    leaves: str | None,
) -> None:
    monkeypatch.setattr("sys.argv", ["landscape", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == FAILED
    *_, last = capsys.readouterr().err.splitlines()
    assert last == leaves if leaves else last.startswith(("What to do: ", "  - "))


# -- Beside a refresh


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProjectPaths]:
    """A project of the committed sample with tables, marts as published, and the data of its figures."""
    with sample_project(tmp_path_factory.mktemp("refreshed")) as paths, pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging_db, "_LOCK_SECONDS", PATIENCE)
        yield paths


BUSY = "a refresh is running (process {})\nWhat to do: try again when it has ended"
PATIENCE = 30.0  # longer than any of these commands takes, so that one that waits is noticed
NEEDS_NO_TABLES = (
    "check data/sample/priority_survey/SAMPLE-priority_survey.csv",
    "match Cumbria",
    "explain objective_breakdown",
    "codebook objective",
    "decide --list",
    "retention",
    "keys status",
    "release list",
    "sources check",
    "pull --dry-run",
)
NEEDS_TABLES = (
    "consent show perpetua@thistlewood.example",
    "contacts export --purpose CON.NETWORK",
    "explain objective_breakdown Cumbria OBJ.TRUST",
    "explain objective_breakdown Cumbria OBJ.TRUST --safe",
    "figure coverage_map --format csv --out data/coverage.csv",
    "codebook --changes",
    "decide --suggest",
    "police-uk texts",
)
IS_ALONE = ("review export", "contacts directory", "report area Cumbria")
"""Those that write words, names or a profile out of the tables: nothing else is written meanwhile, and nobody forgotten."""


@contextmanager
def another_process(opens: str, then: str = "sys.stdin.read()") -> Iterator[None]:
    """Another process that has the staging database open, until it is no longer needed."""
    code = f"{IMPORTS}\nwith {opens}:\n    print('open', flush=True)\n    {then}"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT.root
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate()


IMPORTS = """
import duckdb, sys, time
from landscape.last_refresh import read_last_refresh
from landscape.paths import project_paths
from landscape.staging_db import open_staging_db
paths = project_paths()
"""
A_REFRESH = "open_staging_db(paths.staging_db, paths.lock)"
A_READER = "read_last_refresh(paths)"
ANOTHER_PROGRAM = "duckdb.connect(paths.staging_db)"


def refused(paths: ProjectPaths, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Runs every command; what those say that do not succeed. None waits."""
    monkeypatch.chdir(paths.root)
    said = {}
    for command in (*NEEDS_NO_TABLES, *NEEDS_TABLES, *IS_ALONE):
        begun = time.monotonic()
        ended = CliRunner().invoke(app, command.split())
        assert time.monotonic() - begun < PATIENCE, command
        if ended.exception is not None:
            said[command] = str(ended.exception)
    return said


def test_what_reads_reads_what_was_made_last(refreshed: ProjectPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(refreshed, monkeypatch) == {}


def test_what_reads_takes_no_lock(refreshed: ProjectPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    with refresh_lock(refreshed.lock):
        said = refused(refreshed, monkeypatch)
    assert said == dict.fromkeys(IS_ALONE, BUSY.format(os.getpid()))


def test_what_needs_its_tables_says_at_once_that_a_refresh_is_running(
    refreshed: ProjectPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with another_process(A_REFRESH):
        holder = refreshed.lock.with_suffix(".holder").read_text(encoding="ascii").removeprefix("process ")
        said = refused(refreshed, monkeypatch)
    assert said == dict.fromkeys((*NEEDS_TABLES, *IS_ALONE), BUSY.format(holder))


def test_many_may_read_and_a_refresh_waits_until_they_have(refreshed: ProjectPaths) -> None:
    with another_process(A_READER), read_last_refresh(refreshed) as con:
        assert con.execute("SELECT count(*) > 0 FROM staged.responses").fetchall() == [(True,)]
    with another_process(A_READER, "time.sleep(0.5)"), open_staging_db(refreshed.staging_db, refreshed.lock) as con:
        con.execute("CREATE OR REPLACE TABLE raw.written AS SELECT 1")


def test_a_refresh_does_not_wait_for_ever(refreshed: ProjectPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging_db, "_LOCK_SECONDS", 0.2)
    with (
        another_process(A_READER),
        pytest.raises(StagingDatabaseError, match="close other programs"),
        open_staging_db(refreshed.staging_db, refreshed.lock),
    ):
        pass


def test_another_program_that_has_it_open_is_no_refresh(refreshed: ProjectPaths) -> None:
    with (
        another_process(ANOTHER_PROGRAM),
        pytest.raises(StagingDatabaseError, match="close other programs"),
        read_last_refresh(refreshed),
    ):
        pass


def test_a_table_that_no_refresh_has_made_yet_is_named_as_such(project: ProjectPaths) -> None:
    with open_staging_db(project.staging_db, project.lock):
        pass  # a first refresh that was killed
    with pytest.raises(StagingDatabaseError, match="did not get that far"), read_last_refresh(project) as con:
        con.execute("SELECT * FROM staged.decisions")

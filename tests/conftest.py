"""What several tests share: a project folder of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from exports import WRITERS
from exports.responses import Response
from hypothesis import settings
from marts_landscape import make_tables
from sample_landscape import in_force, project_folder, sample_staging_db
from shipped import CHECKOUT, SURVEYS

from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db

Receive = Callable[..., Path]


LONGEST = (
    "test_ui",
    "test_disclosure_attacks",
    "test_stamps",
    "test_refresh",
    "test_bad_input_rows",
    "test_releases",
    "test_release_permissions",
    "test_reporting_files",
    "test_region",
    "test_coding_decisions",
    "test_people_consent",
)

settings.register_profile("everyday", max_examples=12)
settings.register_profile("thorough", max_examples=200)
settings.register_profile("thousands", max_examples=3000)


def pytest_configure(config: pytest.Config) -> None:
    """Fewer generated cases than `--hypothesis-profile=thorough` asks for: other ones each time, and three minutes in all."""
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("everyday")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first, so that no process is waited for at the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectPaths]:
    """A project folder in force for this test and its child processes.

    It holds facts and sample as committed, and nothing received. Keys lie beside it (`tmp_path / "keys"`), as
    they lie outside a real project folder.
    """
    project_folder(tmp_path / "project")
    with in_force(tmp_path) as paths:
        yield paths


@pytest.fixture
def sampled(tmp_path: Path) -> Iterator[StagingDatabase]:
    """A project folder in force, and the open staging database of the committed sample; its marts are published."""
    with sample_staging_db(tmp_path) as staging_db:
        yield staging_db


@pytest.fixture
def receive(project: ProjectPaths) -> Receive:
    """Puts responses into data/raw as their survey's tool exports them: receive(survey, responses, stem)."""

    def put(survey: str, responses: Sequence[Response], stem: str = "export") -> Path:
        ending = ".csv" if SURVEYS[survey].tool == "jisc_online_surveys" else ".xlsx"
        path = project.raw / survey / f"{stem}{ending}"
        path.parent.mkdir(exist_ok=True)
        WRITERS[SURVEYS[survey].tool].write(SURVEYS[survey], responses, path)
        return path

    return put


@pytest.fixture
def made(project: ProjectPaths) -> Iterator[Callable[[], StagingDatabase]]:
    """Makes all tables up to the marts from what was received so far, without Dagster."""
    with ExitStack() as opened:

        def make() -> StagingDatabase:
            con = opened.enter_context(open_staging_db(project.staging_db, project.lock))
            staging_db = StagingDatabase(con, project)
            make_tables(staging_db)
            return staging_db

        yield make


def landscape_begun(*arguments: str) -> subprocess.Popen[str]:
    """The `landscape` command as a process of its own, without a browser: pictures take the longest."""
    return subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=CHECKOUT.root,
        env={**os.environ, "BROWSER_PATH": str(CHECKOUT.root / "no browser"), "COLUMNS": "200"},
    )


def landscape(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The `landscape` command, until it ends."""
    with landscape_begun(*arguments) as process:
        stdout, stderr = process.communicate(timeout=600)  # other work on the machine makes it slow
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

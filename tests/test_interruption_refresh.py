"""Refreshes that are ended in mid-run, or that meet another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from conftest import landscape, landscape_begun
from marts_landscape import make_tables
from sample_landscape import publish
from test_interruption_marts import assert_whole, contents

from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals"),
]


def wait_until_it_works(process: subprocess.Popen[str], project: ProjectPaths) -> None:
    """Until the refresh holds the staging database and is in its first tables."""
    holder = project.lock.with_suffix(".holder")
    until = time.monotonic() + 150
    while not (holder.exists() and holder.read_text(encoding="ascii") == f"process {process.pid}"):
        assert process.poll() is None, "it ended before it began"
        assert time.monotonic() < until, "it never began"
        time.sleep(0.02)
    time.sleep(0.4)


def test_killed_then_interrupted_then_it_goes_on(project: ProjectPaths) -> None:
    def make_and_publish() -> None:
        with open_staging_db(project.staging_db, project.lock) as con:
            staging_db = StagingDatabase(con, project)
            make_tables(staging_db)
            publish(staging_db)

    make_and_publish()
    before = contents(project.marts)
    with landscape_begun("refresh") as killed:
        wait_until_it_works(killed, project)
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    assert contents(project.marts) == before
    with landscape_begun("refresh") as interrupted:
        wait_until_it_works(interrupted, project)
        interrupted.send_signal(signal.SIGINT)
        _, said = interrupted.communicate(timeout=60)
    assert interrupted.returncode == 130
    assert said.strip() == ("Interrupted. The step that did not finish changed nothing that was published before.")
    assert contents(project.marts) == before
    make_and_publish()
    assert_whole(project.marts)
    assert contents(project.marts) == before


def test_of_two_refreshes_at_once_the_second_waits_and_names_the_first(
    project: ProjectPaths, made: Callable[[], StagingDatabase]
) -> None:
    staging_db = made()  # a refresh under way in this process
    started = time.monotonic()
    second = landscape("refresh")
    assert second.returncode == 1
    assert time.monotonic() - started > 5
    assert f"a refresh is running (process {os.getpid()})" in second.stderr
    assert "What to do: try again when it has ended" in second.stderr
    assert "Traceback" not in second.stderr
    publish(staging_db)
    assert_whole(project.marts)


def test_a_staging_db_that_cannot_be_opened(project: ProjectPaths) -> None:
    project.staging_db.write_bytes(b"this is no database" * 1000)
    ended = landscape("refresh")
    assert ended.returncode == 1
    assert "data/warehouse.duckdb: the staging database cannot be opened" in ended.stderr
    assert "What to do: close other programs that have it open; if none has, delete the file" in ended.stderr
    assert "Traceback" not in ended.stderr

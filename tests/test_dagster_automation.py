"""What starts a refresh by itself, on real files."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from landscape.paths import ProjectPaths
from pipelines.definitions import defs

(weekly_refresh,) = defs.schedules or []
(received_files_changed,) = defs.sensors or []


@dataclass
class Looks:
    """The sensor's looks at data/raw; what it saw last is kept between them as Dagster keeps it."""

    cursor: str | None = None

    def look(self) -> int:
        """How many refreshes one look asks for."""
        with dg.build_sensor_context(cursor=self.cursor) as context:
            found = received_files_changed.evaluate_tick(context)
        self.cursor = found.cursor
        assert bool(found.run_requests) != bool(found.skip_message), "either a refresh, or why not"
        return len(found.run_requests or [])


@pytest.fixture
def export(project: ProjectPaths) -> Path:
    folder = project.raw / "network_signup"
    folder.mkdir()
    return folder / "export.csv"


def test_nothing_is_asked_for_while_nothing_changes(export: Path) -> None:
    export.write_text("as it was when the UI first started")
    looks = Looks()
    assert [looks.look() for _ in range(3)] == [0, 0, 0]


def test_a_new_file_is_refreshed_once_when_it_has_been_quiet_for_one_look(export: Path) -> None:
    looks = Looks()
    looks.look()
    export.write_text("half of the fi")
    assert looks.look() == 0
    export.write_text("half of the file, and the rest")
    assert looks.look() == 0, "it was still being written"
    assert looks.look() == 1
    assert [looks.look() for _ in range(3)] == [0, 0, 0]


def test_a_change_while_the_ui_was_closed_is_found(export: Path) -> None:
    earlier = Looks()
    earlier.look()
    export.write_text("copied in at night")
    later = Looks(earlier.cursor)
    assert [later.look(), later.look(), later.look()] == [0, 1, 0]


def test_a_file_that_goes_and_comes_back_is_refreshed_each_time(export: Path) -> None:
    export.write_text("answers")
    stamp = export.stat().st_mtime_ns
    looks = Looks()
    looks.look()
    export.unlink()
    assert [looks.look(), looks.look()] == [0, 1]
    for _ in range(2):
        export.write_text("answers")
        os.utime(export, ns=(stamp, stamp))
        assert [looks.look(), looks.look()] == [0, 1]
        export.unlink()
        assert [looks.look(), looks.look()] == [0, 1]


def test_a_change_that_is_taken_back_is_no_change(export: Path) -> None:
    looks = Looks()
    looks.look()
    export.write_text("dropped here by mistake")
    assert looks.look() == 0
    export.unlink()
    assert [looks.look(), looks.look(), looks.look()] == [0, 0, 0]


def test_an_editors_own_files_are_not_received_files(export: Path) -> None:
    looks = Looks()
    looks.look()
    export.with_name("~$export.xlsx").write_text("Excel has it open")
    export.with_name(".DS_Store").write_text("Finder looked at it")
    assert [looks.look(), looks.look()] == [0, 0]


def test_a_refresh_is_due_every_monday_at_six_in_the_united_kingdom() -> None:
    assert weekly_refresh.job_name == "refresh"
    assert weekly_refresh.cron_schedule == "0 6 * * 1"
    assert weekly_refresh.execution_timezone == "Europe/London"
    assert weekly_refresh.default_status is dg.DefaultScheduleStatus.RUNNING
    summer_monday = dt.datetime(2017, 7, 3, 6, tzinfo=ZoneInfo("Europe/London"))
    with dg.build_schedule_context(scheduled_execution_time=summer_monday) as context:
        assert len(weekly_refresh.evaluate_tick(context).run_requests or []) == 1

"""The history that the UI shows: the same as Dagster's own, lighter, and true of runs whose process is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.base import EventLogStorage

from landscape.paths import ProjectPaths
from landscape.staging_db import refresh_lock
from pipelines.history import (
    DATA_VERSION,
    STARTED_BY,
    EventLog,
    close_dead_runs,
    has_refreshes_in_progress,
    prune,
    report_edited,
    ui_is_open,
)
from pipelines.instance import dagster_instance

EDITED = dg.AssetKey(["edited", "population.csv"])


@dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="counted")], code_version="1", deps=[EDITED])
def counted() -> Iterator[dg.MaterializeResult[int]]:
    yield dg.MaterializeResult(
        metadata={"n": 3},
        data_version=dg.DataVersion("three"),
        check_results=[dg.AssetCheckResult(passed=True, check_name="sound")],
    )


@dg.asset(deps=[counted])
def drawn() -> None:
    pass


@dg.asset
def broken() -> None:
    raise ValueError("on purpose")


@pytest.fixture
def history(project: ProjectPaths) -> Iterator[dg.DagsterInstance]:
    with dagster_instance() as instance:
        yield instance


def run(instance: dg.DagsterInstance, *assets: dg.AssetsDefinition, **tags: str) -> str:
    return dg.materialize(list(assets), instance=instance, raise_on_error=False, tags=tags).run_id


def logs_of(log: EventLogStorage, run_id: str) -> list[tuple[str, str | None]]:
    entries = [record.event_log_entry for record in log.get_records_for_run(run_id).records]
    events = [entry.get_dagster_event() for entry in entries if entry.is_dagster_event]
    return [(event.event_type_value, event.step_key) for event in events]


def test_it_holds_what_dagster_s_own_holds_and_each_reads_the_other(tmp_path: Path) -> None:
    said = {}
    for kind in (SqliteEventLogStorage, EventLog):
        folder = tmp_path / kind.__name__
        folder.mkdir()
        log = {"module": kind.__module__, "class": kind.__name__, "config": {"base_dir": str(folder / "runs")}}
        with dg.DagsterInstance.local_temp(str(folder), overrides={"event_log_storage": log}) as instance:
            assert type(instance.event_log_storage) is kind
            runs = [run(instance, counted, drawn), run(instance, broken), run(instance, drawn)]
            record = instance.get_latest_materialization_event(counted.key)
            assert record is not None
            said[kind] = (
                [logs_of(instance.event_log_storage, each) for each in runs],
                [instance.get_run_stats(each).steps_succeeded for each in runs],
                [str(r.asset_entry.asset_key) for r in instance.get_asset_records()],
                {
                    name: text
                    for name, text in (record.tags or {}).items()
                    if "version" in name and "storage" not in name
                },
            )
        other = (EventLog if kind is SqliteEventLogStorage else SqliteEventLogStorage)(str(folder / "runs"))
        assert [logs_of(other, each) for each in runs] == said[kind][0]
        other.dispose()
    assert said[SqliteEventLogStorage] == said[EventLog]
    assert said[EventLog][1] == [2, 0, 1]


@pytest.mark.slow
def test_more_runs_than_files_are_kept_open_and_threads_at_once(tmp_path: Path) -> None:
    log = {"module": "pipelines.history", "class": "EventLog", "config": {"base_dir": str(tmp_path / "runs")}}
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides={"event_log_storage": log}) as instance:
        with ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(lambda _: run(instance, drawn), range(12)))
        lengths = [len(logs_of(instance.event_log_storage, each)) for each in runs]
    assert min(lengths) > 5
    assert sorted(p.suffix for p in (tmp_path / "runs").iterdir()) == [".db"] * 13, "every file was closed"


def test_old_runs_go_with_their_files_and_the_latest_of_each_asset_stays(
    history: dg.DagsterInstance, project: ProjectPaths
) -> None:
    needed = run(history, counted)
    old = [run(history, drawn), run(history, broken)]
    late = [run(history, drawn), run(history, broken)]
    folder = project.root / ".dagster" / "storage" / "history" / "runs"
    assert set(prune(history, keep=2)) == set(old)
    assert {each.run_id for each in history.get_runs()} == {needed, *late}
    assert {path.stem for path in folder.iterdir()} == {needed, *late, "index"}
    assert prune(history, keep=2) == []
    record = history.get_latest_materialization_event(counted.key)
    assert record is not None and record.run_id == needed
    assert len(logs_of(history.event_log_storage, needed)) > 5
    run(history, drawn)


def test_what_is_edited_is_reported_when_it_is_news(history: dg.DagsterInstance) -> None:
    def reported() -> list[str | None]:
        records = history.fetch_materializations(EDITED, limit=10, ascending=True).records
        return [(r.asset_materialization.tags or {}).get(DATA_VERSION) for r in records if r.asset_materialization]

    for version in ("a", "a", "b", "b", "a"):
        report_edited(history, {EDITED: version})
    assert reported() == ["a", "b", "a"]
    run(history, counted)
    record = history.get_latest_materialization_event(counted.key)
    assert record is not None and (record.tags or {})[f"dagster/input_data_version/{EDITED.to_user_string()}"] == "a"


KILLED = """
import sys, dagster as dg
from landscape.paths import project_paths
from landscape.staging_db import refresh_lock
from pipelines.instance import dagster_instance

@dg.asset
def endless():
    sys.stdin.read()

with refresh_lock(project_paths().lock), dagster_instance() as instance:
    dg.materialize([endless], instance=instance, tags=dict([sys.argv[1:]]))
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("tag", "is_refresh"), [(STARTED_BY, True), ("dagster/from_ui", False)])
def test_a_run_whose_process_was_killed_is_closed_as_failed(
    history: dg.DagsterInstance, project: ProjectPaths, tag: str, is_refresh: bool
) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, tag, "x"], stdin=subprocess.PIPE) as child:
        while not has_begun(history):
            assert child.poll() is None
            time.sleep(0.05)
        child.send_signal(signal.SIGKILL)
    (left,) = history.get_runs()
    assert left.status is dg.DagsterRunStatus.STARTED
    assert has_refreshes_in_progress(history) is is_refresh
    with refresh_lock(project.lock, waits=False):  # which ended with the process
        close_dead_runs(history, of_refreshes=not is_refresh, of_the_ui=is_refresh)
        assert [each.status for each in history.get_runs()] == [dg.DagsterRunStatus.STARTED], "it may be alive"
        close_dead_runs(history, of_refreshes=is_refresh, of_the_ui=not is_refresh)
    assert [each.status for each in history.get_runs()] == [dg.DagsterRunStatus.FAILURE]
    assert not ui_is_open(project)


def has_begun(history: dg.DagsterInstance) -> bool:
    return any(each.status is dg.DagsterRunStatus.STARTED for each in history.get_runs())

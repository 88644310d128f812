"""The history of runs that the UI shows: old runs are removed, and runs whose process is gone are marked as failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from dagster import AssetKey, AssetMaterialization, DagsterInstance, DagsterRunStatus, RunsFilter
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine

from landscape.paths import ProjectPaths

KEPT_RUNS = 50
STARTED_BY = "started_by"
"""The tag of runs that a refresh records; the others were begun in the UI."""

DATA_VERSION = "dagster/data_version"
CODE_VERSION = "dagster/code_version"
INPUT_VERSION = "dagster/input_data_version/"
_OPEN_AT_ONCE = 8
_IN_PROGRESS = [
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]


class EventLog(SqliteEventLogStorage):
    """Dagster's event log in SQLite, which keeps its files open.

    Dagster 1.13 by itself opens and closes a file for each event, which takes more than half of the time of recording.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:  # noqa: ANN401 - Dagster's own type is private
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> EventLog:  # noqa: ANN401 - as above
        """As Dagster makes it from dagster.yaml."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                self._open(shard)
            with self._engines[shard].connect() as connection, connection.begin():
                yield connection

    def _open(self, shard: str) -> None:
        if len(self._engines) >= _OPEN_AT_ONCE:
            self._close()
        address = self.conn_string_for_shard(shard)
        engine = create_engine(address, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        self._engines[shard] = engine

    def _close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()

    def dispose(self) -> None:
        """Closes all files."""
        super().dispose()
        with self._db_lock:
            self._close()

    def forget_run(self, run_id: str) -> None:
        """Removes the file of a run that was deleted; Dagster by itself leaves it."""
        with self._db_lock:
            self._close()
            self._initialized_dbs.discard(run_id)
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.path_for_shard(run_id)}{ending}").unlink(missing_ok=True)

    def shrink(self) -> None:
        """Frees the disk space of what was deleted from the index of all runs."""
        with self._db_lock:
            self._close()
            with closing(sqlite3.connect(self.path_for_shard("index"))) as index:
                index.execute("VACUUM")


def ui_is_open(paths: ProjectPaths) -> bool:
    """Whether this project's UI is open; it holds a lock of the operating system, which ends with it."""
    from filelock import FileLock, Timeout

    paths.ui_lock.parent.mkdir(exist_ok=True)
    try:
        with FileLock(paths.ui_lock, timeout=0):
            return False
    except Timeout:
        return True


def has_refreshes_in_progress(instance: DagsterInstance) -> bool:
    """Whether the history calls a run in progress that a refresh records, whether or not its process is alive."""
    return any(STARTED_BY in run.tags for run in instance.get_runs(RunsFilter(statuses=_IN_PROGRESS)))


def close_dead_runs(instance: DagsterInstance, *, of_refreshes: bool, of_the_ui: bool) -> None:
    """Marks as failed what the history calls in progress although its process is gone.

    Args:
        instance: The history.
        of_refreshes: Runs that a refresh records; whoever asks holds the lock of a refresh, so none is alive.
        of_the_ui: Runs begun in the UI; it is not open, so none is alive.
    """
    for run in instance.get_runs(RunsFilter(statuses=_IN_PROGRESS)):
        if of_refreshes if STARTED_BY in run.tags else of_the_ui:
            instance.report_run_failed(run, "The process that worked on it ended before it did.")


def prune(instance: DagsterInstance, keep: int = KEPT_RUNS) -> list[str]:
    """Deletes old runs with their files, except those that hold the latest materialisation of an asset.

    Only while the UI is not open, which may show them.

    Returns:
        The ids of the runs that were deleted.
    """
    needed = {record.asset_entry.last_run_id for record in instance.get_asset_records()}
    old = [record.dagster_run for record in instance.get_run_records()[keep:]]
    deleted = [run.run_id for run in old if run.is_finished and run.run_id not in needed]
    log = instance.event_log_storage
    for run_id in deleted:
        instance.delete_run(run_id)
        with suppress(FileNotFoundError):
            instance.compute_log_manager.delete_logs(prefix=[run_id])
        if isinstance(log, EventLog):
            log.forget_run(run_id)
    if deleted and isinstance(log, EventLog):
        log.shrink()
    return deleted


def report_edited(instance: DagsterInstance, versions: Mapping[AssetKey, str]) -> None:
    """Reports what people edit as it is now, if it has changed; what depends on it is then marked in the UI.

    Dagster forgets that an observed source has changed back; so these are materialisations without a run.
    """
    known = {record.asset_entry.asset_key: record for record in instance.get_asset_records(list(versions))}
    for key, version in versions.items():
        if key not in known or recorded_tags(known[key]).get(DATA_VERSION) != version:
            instance.report_runless_asset_event(AssetMaterialization(key, tags={DATA_VERSION: version}))


def recorded_tags(record: AssetRecord) -> Mapping[str, str]:
    """The tags of an asset's latest materialisation: its versions, and those of what it was made from."""
    entry = record.asset_entry.last_materialization_record
    return (entry.event_log_entry.tags if entry else None) or {}

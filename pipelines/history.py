"""Dagster's history in SQLite, as Dagster keeps it, through connections that stay open. Not here: what is kept.

Dagster makes an engine anew for each of the thousands of statements of a refresh, which then compiles the statement
anew, and closes the file after it. The files are the same: without this class, `storage: sqlite:` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

if TYPE_CHECKING:
    from dagster._serdes import ConfigurableClassData
    from sqlalchemy import Connection, Engine


class _OpenEventLog(SqliteEventLogStorage):
    """Dagster's event log with one engine, and so one connection at a time, for the index and for the run at hand."""

    def __init__(self, base_dir: str) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
        from sqlalchemy import create_engine

        if shard not in self._engines:
            for other in set(self._engines) - {INDEX_SHARD_NAME}:  # few files are open, however many runs there were
                self._engines.pop(other).dispose()
            self._engines[shard] = create_engine(
                self.conn_string_for_shard(shard), connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
            )
        return self._engines[shard]

    def dispose(self) -> None:
        """Closes the files."""
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()


class HistoryStorage(DagsterSqliteStorage):
    """What `dagster.yaml` names as storage: Dagster's own for SQLite, but for the event log."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = _OpenEventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> HistoryStorage:  # noqa: ANN401
        """As Dagster makes it from `dagster.yaml`."""
        return cls.from_local(inst_data=inst_data, **config_value)

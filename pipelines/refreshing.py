"""One refresh: makes what changed, and then has Dagster record it. The command line, schedule and sensor all take this way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, SourceUnreachableError, StagingDatabaseError, without_words
from landscape.paths import ProjectPaths, project_paths
from pipelines.instance import dagster_instance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dagster import AssetKey, DagsterInstance

    from landscape.step import Refresh, Step

StepBegins = Callable[[str, int, int], None]
"""Called with the name of the step that begins, how many were taken before, and how many there are."""

_TRIES = 3


@dataclass
class Done:
    """What came of a refresh.

    Args:
        made: The steps whose results were made, not found as they are.
        pulled: What was pulled from services.
        not_pulled: What could not be, each with what to do; the refresh went on with what was there.
    """

    made: list[str] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)
    not_pulled: list[str] = field(default_factory=list)


def run_refresh(begins: StepBegins, instance: DagsterInstance | None = None, *, again: bool = False) -> Done:
    """Pulls, makes what changed, and records in one run of Dagster the assets whose data or code is other than before.

    Args:
        begins: Told of each step as it begins.
        instance: Where Dagster records it; the project's own without it.
        again: Make everything, whatever stamps say.

    Raises:
        LandscapeError: It could not be completed; the error says what is wrong and what to do. Dagster records it too.
    """
    from landscape.staging_db import StagingDatabase, open_staging_db
    from landscape.step import Refresh
    from pipelines.definitions import all_steps, declared_surveys
    from pipelines.resources import recover_all

    paths = project_paths()
    done = Done()
    with _disk_and_memory(), open_staging_db(paths.staging_db, paths.lock) as con:
        recover_all(paths)
        refresh = Refresh(StagingDatabase(con, paths), declared_surveys, again=again)
        _pull(refresh, done)
        failed: LandscapeError | None = None
        stopped_at: Step | None = None
        steps = all_steps()
        for number, step in enumerate(steps):
            begins(step.name, number, len(steps))
            try:
                if step.run(refresh):
                    done.made.append(step.name)
                refresh.refuse_broken(step.makes)
            except LandscapeError as error:
                failed, stopped_at = error, step
                break
        begins("record", len(steps), len(steps))
        with nullcontext(instance) if instance else dagster_instance() as history:
            _record(history, refresh, stopped_at)
        _scan_history(paths)
    if failed is not None:
        raise failed
    return done


def _pull(refresh: Refresh, done: Done) -> None:
    """Takes responses from the services of all surveys that declare one; a service that is not well is asked again."""
    from landscape.services.pulling import pull

    for survey in refresh.surveys:
        for number in range(_TRIES if survey.source is not None else 0):
            try:
                with without_words("pulling"):
                    found = refresh.pulls[survey.name] = pull(refresh.paths, survey, dt.datetime.now(dt.UTC))
                done.pulled.append(found.said())
                break
            except LandscapeError as error:
                refresh.pulls[survey.name] = error
                if number + 1 == _TRIES or not isinstance(error, SourceUnreachableError):
                    done.not_pulled.append(str(error))
                    break


def _record(instance: DagsterInstance, refresh: Refresh, stopped_at: Step | None) -> None:
    """One run of exactly the assets that differ from what Dagster holds, and of what failed; their work is done already."""
    from pipelines.definitions import defs
    from pipelines.resources import IN_PROGRESS

    job = defs.resolve_job_def("everything")
    chosen = _differing(instance, refresh, stopped_at)
    if not chosen:
        return
    handed = IN_PROGRESS.set(refresh)
    try:
        job.execute_in_process(
            instance=instance,
            asset_selection=chosen,
            raise_on_error=False,
            tags={"started_by": "landscape refresh"},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    finally:
        IN_PROGRESS.reset(handed)


def _differing(instance: DagsterInstance, refresh: Refresh, stopped_at: Step | None) -> Sequence[AssetKey]:
    """The assets whose data version or code version is other than recorded; pulled ones always; not what was not reached."""
    from dagster import AssetKey

    from pipelines.definitions import code_versions, keys_of

    now = {key: (refresh.stamps.result(".".join(key.path)), code) for key, code in code_versions().items()}
    known = {record.asset_entry.asset_key: record for record in instance.get_asset_records(list(now))}
    reached = {key for key, (data, _) in now.items() if data}
    differing = [key for key in reached if key not in known or _recorded(known[key]) != now[key]]
    pulled = [AssetKey(["raw", f"pulled_{survey}"]) for survey in refresh.pulls]
    return sorted({*differing, *pulled, *(keys_of(stopped_at) if stopped_at else ())})


def _recorded(record: object) -> tuple[str | None, str | None]:
    entry = record.asset_entry.last_materialization_record  # type: ignore[attr-defined]
    tags = (entry.event_log_entry.tags or {}) if entry else {}
    return tags.get("dagster/data_version"), tags.get("dagster/code_version")


def _scan_history(paths: ProjectPaths) -> None:
    from landscape.pii_scan import known_people, refuse_personal_history

    refuse_personal_history(paths, known_people(paths))


@contextmanager
def _disk_and_memory() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.OperationalError as error:
        raise StagingDatabaseError(
            "DuckDB could not go on",
            file="data/warehouse.duckdb",
            culprits=[str(error).splitlines()[0]],
            remedy="most often the disk is full or memory is short: free some, then refresh again",
        ) from error

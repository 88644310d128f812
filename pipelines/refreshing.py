"""One refresh: makes what changed, and then has Dagster record it. The command line, schedule and sensor all take this way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, SourceUnreachableError, StagingDatabaseError, without_words
from landscape.identity.keys import disclosure_secret
from landscape.last_state import LastRefresh, file_hashes, inputs_now, last_refresh, note_refresh, outputs_now
from landscape.paths import ProjectPaths, project_paths
from landscape.surveys.received import exports_in
from pipelines.instance import dagster_instance

if TYPE_CHECKING:
    from dagster import AssetKey, DagsterInstance, JobDefinition

    from landscape.step import Refresh, Step
    from landscape.summary import Summary
    from landscape.surveys.definition import Survey


@dataclass(frozen=True)
class Catalogue:
    """What there is to be made, as the code location declares it.

    Args:
        steps: All steps, in order.
        surveys: Gives the declared surveys.
        keys: The assets that each step makes, by the step's name.
        code_versions: The code version of each asset that a step makes.
        job: Gives the job of all assets.
    """

    steps: Sequence[Step]
    surveys: Callable[[], tuple[Survey, ...]]
    keys: Mapping[str, Sequence[AssetKey]]
    code_versions: Mapping[AssetKey, str]
    job: Callable[[], JobDefinition]


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
        left: What it left; also where it found nothing to do.
    """

    left: LastRefresh
    made: list[str] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)
    not_pulled: list[str] = field(default_factory=list)


def unchanged(paths: ProjectPaths) -> LastRefresh | None:
    """What the last refresh left, if all inputs are as they were then and all that was made is there; Dagster is not asked."""
    last = last_refresh(paths)
    files = file_hashes(last)
    if last is None or last.has_sources or last.inputs != inputs_now(paths, files):
        return None
    return last if last.outputs == outputs_now(paths, files) else None


def run_refresh(
    catalogue: Catalogue, begins: StepBegins, instance: DagsterInstance | None = None, *, again: bool = False
) -> Done:
    """Pulls, makes what changed, and records in one run of Dagster the assets whose data or code is other than before.

    Args:
        catalogue: What there is to be made.
        begins: Told of each step as it begins.
        instance: Where Dagster records it; the project's own without it.
        again: Make everything, whatever stamps say.

    Raises:
        LandscapeError: It could not be completed; the error says what is wrong and what to do. Dagster records it too.
    """
    from landscape.staging_db import StagingDatabase, open_staging_db
    from landscape.step import Refresh
    from landscape.summary import summarise
    from pipelines.resources import recover_all

    paths = project_paths()
    with _disk_and_memory(), open_staging_db(paths.staging_db, paths.lock) as con:
        recover_all(paths)
        files = file_hashes(last_refresh(paths))
        refresh = Refresh(StagingDatabase(con, paths), catalogue.surveys, again=again, files=files)
        pulled, not_pulled = _pull(refresh)
        inputs, made = _inputs(refresh), list[str]()
        failed: LandscapeError | None = None
        stopped_at: Step | None = None
        n_steps = len(catalogue.steps)
        for number, step in enumerate(catalogue.steps):
            begins(step.name, number, n_steps)
            try:
                if step.run(refresh):
                    made.append(step.name)
                refresh.refuse_broken(step.makes)
            except LandscapeError as error:
                failed, stopped_at = error, step
                break
        begins("record", n_steps, n_steps)
        with nullcontext(instance) if instance else dagster_instance() as history:
            _record(catalogue, history, refresh, stopped_at)
        _scan_history(paths)
        if failed is not None:
            raise failed
        summary = summarise(con, paths, refresh.surveys)
    left = _note(refresh, inputs, summary)
    return Done(left, made, pulled, not_pulled)


def _inputs(refresh: Refresh) -> str:
    """What all is made from, now that keys are there that are made on first use."""
    for survey in refresh.surveys:
        refresh.secret_of(survey.name)
    disclosure_secret()
    return inputs_now(refresh.paths, refresh.files)


def _note(refresh: Refresh, inputs: str, summary: Summary) -> LastRefresh:
    paths, files = refresh.paths, refresh.files
    files.forget()
    left = LastRefresh(
        inputs=inputs,
        outputs=outputs_now(paths, files),
        ended_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        summary=summary.lines,
        places=summary.places,
        warnings=summary.warnings,
        is_sample=summary.is_sample,
        has_sources=any(survey.source for survey in refresh.surveys),
        retain_until={
            survey.name: survey.retain_until.isoformat()
            for survey in refresh.surveys
            if any(exports_in(paths.raw, [survey]))
        },
        large=files.large,
    )
    note_refresh(paths, left)
    return left


def _pull(refresh: Refresh) -> tuple[list[str], list[str]]:
    """Takes responses from the services of all surveys that declare one; a service that is not well is asked again."""
    from landscape.services.pulling import pull

    pulled: list[str] = []
    not_pulled: list[str] = []
    for survey in refresh.surveys:
        for number in range(_TRIES if survey.source is not None else 0):
            try:
                with without_words("pulling"):
                    found = refresh.pulls[survey.name] = pull(refresh.paths, survey, dt.datetime.now(dt.UTC))
                pulled.append(found.said())
                break
            except LandscapeError as error:
                refresh.pulls[survey.name] = error
                if number + 1 == _TRIES or not isinstance(error, SourceUnreachableError):
                    not_pulled.append(str(error))
                    break
    return pulled, not_pulled


def _record(catalogue: Catalogue, instance: DagsterInstance, refresh: Refresh, stopped_at: Step | None) -> None:
    """One run of exactly the assets that differ from what Dagster holds, and of what failed; their work is done already."""
    from pipelines.resources import IN_PROGRESS

    chosen = _differing(catalogue, instance, refresh, stopped_at)
    if not chosen:
        return
    handed = IN_PROGRESS.set(refresh)
    try:
        catalogue.job().execute_in_process(
            instance=instance,
            asset_selection=chosen,
            raise_on_error=False,
            tags={"started_by": "landscape refresh"},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    finally:
        IN_PROGRESS.reset(handed)


def _differing(
    catalogue: Catalogue, instance: DagsterInstance, refresh: Refresh, stopped_at: Step | None
) -> Sequence[AssetKey]:
    """The assets whose data version or code version is other than recorded; pulled ones always; not what was not reached."""
    from dagster import AssetKey

    now = {key: (refresh.stamps.result(".".join(key.path)), code) for key, code in catalogue.code_versions.items()}
    known = {record.asset_entry.asset_key: record for record in instance.get_asset_records(list(now))}
    reached = {key for key, (data, _) in now.items() if data}
    differing = [key for key in reached if key not in known or _recorded(known[key]) != now[key]]
    pulled = [AssetKey(["raw", f"pulled_{survey}"]) for survey in refresh.pulls]
    return sorted({*differing, *pulled, *(catalogue.keys[stopped_at.name] if stopped_at else ())})


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

"""One refresh: makes what changed, and then has Dagster record it. The command line, schedule and sensor all take this way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from landscape.edited import edited_now
from landscape.errors import LandscapeError, SourceUnreachableError, StagingDatabaseError, without_words
from landscape.identity.keys import disclosure_secret
from landscape.last_state import LastRefresh, file_hashes, inputs_now, last_refresh, note_refresh, outputs_now
from landscape.paths import ProjectPaths, project_paths, surveys_folder
from landscape.publishing import is_damaged
from landscape.surveys.definition import names_of_surveys
from landscape.surveys.received import exports_in
from pipelines.instance import dagster_instance

if TYPE_CHECKING:
    from dagster import AssetKey, DagsterInstance, JobDefinition
    from dagster._core.storage.event_log.base import AssetRecord

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
        reads: What each asset is made from.
        job: Gives the job of all assets.
    """

    steps: Sequence[Step]
    surveys: Callable[[], tuple[Survey, ...]]
    keys: Mapping[str, Sequence[AssetKey]]
    code_versions: Mapping[AssetKey, str]
    reads: Mapping[AssetKey, Sequence[AssetKey]]
    job: Callable[[], JobDefinition]

    def edited(self) -> set[AssetKey]:
        """What people edit, and assets are made from."""
        return {key for reads in self.reads.values() for key in reads if key.path[0] == "edited"}


StepBegins = Callable[[str, int, int], None]
"""Called with the name of the step that begins, how many were taken before, and how many there are."""

_TRIES = 3


@dataclass
class Done:
    """What came of a refresh.

    Args:
        made: The steps whose results were made, not found as they are.
        mended: What was published, was damaged, and is as it should be again.
        pulled: What was pulled from services.
        not_pulled: What could not be, each with what to do; the refresh went on with what was there.
        left: What it left; also where it found nothing to do.
    """

    left: LastRefresh
    made: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)
    not_pulled: list[str] = field(default_factory=list)


def unchanged(paths: ProjectPaths) -> LastRefresh | None:
    """What the last refresh left, if all inputs are unchanged and all outputs are there, without starting Dagster."""
    last = last_refresh(paths)
    files = file_hashes(last)
    if last is None or last.has_sources or last.inputs != inputs_now(paths, files):
        return None
    return last if last.outputs == outputs_now(paths, files) else None


def run_refresh(
    catalogue: Catalogue, begins: StepBegins, instance: DagsterInstance | None = None, *, again: bool = False
) -> Done:
    """Pulls, makes what changed, and records in one run of Dagster the assets whose data or code has changed.

    Args:
        catalogue: What there is to be made.
        begins: Called with each step as it begins.
        instance: Where Dagster records it; the project's own without it.
        again: Make everything, whatever stamps say.

    Raises:
        LandscapeError: It could not be completed; the error says what is wrong and what to do. Dagster records it too.
    """
    from landscape.pii_scan import refuse_personal_history
    from landscape.releasing.shelf import mend_manifests
    from landscape.staging_db import StagingDatabase, open_staging_db
    from landscape.step import Refresh
    from landscape.summary import summarise
    from pipelines.resources import WAITS, recover_all

    paths = project_paths()
    seconds = WAITS if instance else None
    with _disk_and_memory(), open_staging_db(paths.staging_db, paths.lock, seconds=seconds) as con:
        recover_all(paths)
        mended = [*_damaged(paths), *mend_manifests(paths)]
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
        refuse_personal_history(paths, refresh.known)
        if failed is not None:
            raise failed
        summary = summarise(con, paths, refresh.surveys)
    left = _note(refresh, inputs, summary)
    return Done(left, made, mended, pulled, not_pulled)


def _damaged(paths: ProjectPaths) -> list[str]:
    """Which records of what was published cannot be read; the steps that wrote them find it so, and write them again."""
    from landscape.charts.render import MANIFEST
    from landscape.martfiles import PACKAGE

    records = (paths.marts / PACKAGE, paths.figures / MANIFEST)
    damaged = [path.relative_to(paths.root).as_posix() for path in records if is_damaged(path)]
    return [f"{name} was damaged, and is made again." for name in damaged]


def _inputs(refresh: Refresh) -> str:
    """A hash of all inputs, once the keys that are made on first use are there."""
    for survey in refresh.surveys:
        refresh.secret_of(survey.name)
    disclosure_secret()
    is_drafted_meanwhile = names_of_surveys(surveys_folder()) != tuple(survey.name for survey in refresh.surveys)
    return "" if is_drafted_meanwhile else inputs_now(refresh.paths, refresh.files)


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
            survey.name: survey.retain_until.isoformat() if survey.retain_until else ""
            for survey in refresh.surveys
            if any(exports_in(paths.raw, [survey]))
        },
        large=files.large,
    )
    note_refresh(paths, left)
    return left


def _pull(refresh: Refresh) -> tuple[list[str], list[str]]:
    """Takes responses from the services of all surveys that declare one; a service that fails is asked again."""
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
    from pipelines.history import STARTED_BY, close_dead_runs, prune, report_edited, ui_is_open
    from pipelines.resources import IN_PROGRESS

    ui_is_closed = not ui_is_open(refresh.paths)
    close_dead_runs(instance, of_refreshes=True, of_the_ui=ui_is_closed)
    edited = _edited(catalogue, refresh)
    report_edited(instance, edited)
    chosen = _differing(catalogue, instance, refresh, edited, stopped_at)
    if chosen:
        handed = IN_PROGRESS.set(refresh)
        try:
            catalogue.job().execute_in_process(
                instance=instance,
                asset_selection=chosen,
                raise_on_error=False,
                tags={STARTED_BY: "landscape refresh"},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        finally:
            IN_PROGRESS.reset(handed)
    refresh.files.forget()
    report_edited(instance, _edited(catalogue, refresh))  # it may have been edited meanwhile
    if ui_is_closed:
        prune(instance)


def _edited(catalogue: Catalogue, refresh: Refresh) -> dict[AssetKey, str]:
    keys = {key.path[-1]: key for key in catalogue.edited()}
    return {keys[name]: version for name, version in edited_now(refresh.paths, refresh.files, keys).items()}


def _differing(
    catalogue: Catalogue,
    instance: DagsterInstance,
    refresh: Refresh,
    edited: Mapping[AssetKey, str],
    stopped_at: Step | None,
) -> Sequence[AssetKey]:
    """The assets of which Dagster has an older record: their data, their code, or what they were made from.

    With them what was pulled, always, and what failed; not what was not reached.
    """
    from dagster import AssetKey

    data = {key: refresh.stamps.result(".".join(key.path)) for key in catalogue.code_versions}
    now = {**edited, **{key: version for key, version in data.items() if version}}
    known = {record.asset_entry.asset_key: record for record in instance.get_asset_records(list(data))}
    differing = [
        key
        for step in takewhile(lambda each: each is not stopped_at, catalogue.steps)
        for key in catalogue.keys[step.name]
        if data[key] and (key not in known or not _is_recorded(catalogue, key, known[key], now))
    ]
    pulled = [AssetKey(["raw", f"pulled_{survey}"]) for survey in refresh.pulls]
    return sorted({*differing, *pulled, *(catalogue.keys[stopped_at.name] if stopped_at else ())})


def _is_recorded(catalogue: Catalogue, key: AssetKey, record: AssetRecord, now: Mapping[AssetKey, str]) -> bool:
    from pipelines.history import CODE_VERSION, DATA_VERSION, INPUT_VERSION, recorded_tags

    tags = recorded_tags(record)
    is_same = tags.get(DATA_VERSION) == now[key] and tags.get(CODE_VERSION) == catalogue.code_versions[key]
    reads = {f"{INPUT_VERSION}{each.to_user_string()}": now.get(each) for each in catalogue.reads[key]}
    return is_same and all(version in (None, tags.get(name)) for name, version in reads.items())


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

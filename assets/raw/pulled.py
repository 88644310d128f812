"""One asset for each survey that is pulled from a service."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from assets import OWNERS, group_of
from assets.tables import short
from landscape.errors import LandscapeError, SourceSkippedError, SourceUnreachableError, without_words
from landscape.step import Refresh
from landscape.surveys.definition import DECLARED, Survey, read_declared

CHECK = "pulled"
"""The check whether a pull went well; it blocks nothing, since a refresh goes on with what is there."""
_TRIES_AGAIN = dg.RetryPolicy(max_retries=2, delay=20, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)


def pulled_key(survey: str) -> dg.AssetKey:
    """The asset of a survey that is pulled."""
    return dg.AssetKey(["raw", f"pulled_{survey}"])


def pulled_names(folder: Path) -> tuple[str, ...]:
    """The surveys that declare a source, without reading questionnaires."""
    return tuple(found.parent.name for found in sorted(folder.glob(f"*/{DECLARED}")) if _has_source(found.parent))


def _has_source(folder: Path) -> bool:
    try:
        return read_declared(folder).source is not None
    except LandscapeError:
        return False  # a refresh, and `landscape check --settings`, report what is wrong with it


def pulled_asset(name: str) -> dg.AssetsDefinition:
    """The asset that pulls one survey."""

    @dg.asset(
        key=pulled_key(name),
        description=f"All responses to {name}, pulled from its service into data/raw/{name}. A failure is reported, "
        "and the refresh goes on with what is there.",
        group_name=group_of("raw"),
        owners=list(OWNERS),
        kinds={"python"},
        retry_policy=_TRIES_AGAIN,
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=pulled_key(name), description="All responses came from the service.")
        ],
    )
    def pulled(
        context: dg.AssetExecutionContext, refresh: dg.ResourceParam[Refresh]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        survey = next(survey for survey in refresh.surveys if survey.name == name)
        yield _pull(survey, refresh, may_retry=context.retry_number < _TRIES_AGAIN.max_retries)

    return pulled


def _pull(survey: Survey, refresh: Refresh, *, may_retry: bool) -> dg.MaterializeResult[Any]:
    from landscape.services.pulling import pull

    if survey.name not in refresh.pulls:
        try:
            with without_words("pulling"):
                refresh.pulls[survey.name] = pull(refresh.paths, survey, dt.datetime.now(dt.UTC))
        except LandscapeError as error:
            if may_retry and isinstance(error, SourceUnreachableError):
                raise
            refresh.pulls[survey.name] = error
    done = refresh.pulls[survey.name]
    version = dg.DataVersion(short(refresh.files.under(refresh.paths.root, refresh.paths.raw / survey.name)))
    if isinstance(done, LandscapeError):
        return _not_pulled("skipped" if isinstance(done, SourceSkippedError) else "failed", done, version)
    return dg.MaterializeResult(
        data_version=version,
        metadata={
            "dagster/row_count": done.n_responses,
            "state": "pulled" if done.is_changed else "unchanged",
            "new": done.n_new,
            "changed": done.n_changed,
            "gone_at_the_service": done.n_gone,
            "forgotten_still_at_the_service": len(done.forgotten),
        },
        check_results=[dg.AssetCheckResult(passed=True, check_name=CHECK)],
    )


def _not_pulled(state: str, error: LandscapeError, version: dg.DataVersion) -> dg.MaterializeResult[Any]:
    said = str(error)
    return dg.MaterializeResult(
        data_version=version,
        metadata={"state": state, "why": said},
        check_results=[
            dg.AssetCheckResult(
                passed=False,
                check_name=CHECK,
                severity=dg.AssetCheckSeverity.WARN if state == "skipped" else dg.AssetCheckSeverity.ERROR,
                description=said,
                metadata={"why": said},
            )
        ],
    )

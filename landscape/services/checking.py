"""Checks whether each service answers and accepts our credentials, and compares the numbers of responses there and here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, SourceError, SourceSkippedError, SourceUnreachableError
from landscape.paths import ProjectPaths
from landscape.services.catalogue import SERVICES, ask, connect
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.pull_record import PULLED, read_record

if TYPE_CHECKING:
    import datetime as dt

    from tenacity.wait import wait_base


@dataclass(frozen=True)
class SourceCheck:
    """The state of one source. What is None is unknown, since an earlier step failed.

    Args:
        survey: The survey.
        service: Its service, as people call it.
        is_configured: Its secrets are set.
        is_reachable: The service answers.
        is_authorised: It accepts our credentials, knows the survey and gives its responses.
        n_there: Responses the service says it holds; None also where it says nothing.
        n_here: Responses in the file that was pulled last.
        pulled_at: When that was (UTC).
        why: What is wrong and what to do; empty where nothing is.
    """

    survey: str
    service: str
    is_configured: bool
    is_reachable: bool | None = None
    is_authorised: bool | None = None
    n_there: int | None = None
    n_here: int = 0
    pulled_at: dt.datetime | None = None
    why: str = ""


def check_source(paths: ProjectPaths, survey: Survey, wait: wait_base | None = None) -> SourceCheck:
    """Asks a survey's service for nothing but how many responses it holds.

    Args:
        paths: The project folder.
        survey: One that declares a source.
        wait: How long to wait between attempts; the usual back-off without it.
    """
    if survey.source is None:
        return SourceCheck(survey.name, "", is_configured=False)
    service = SERVICES[survey.source.service]
    file = paths.raw / survey.name / f"{PULLED}{service.ENDING}"
    here = {"n_here": _n_responses(file, survey), "pulled_at": read_record(paths, survey.name).pulled_at}
    reached: dict[str, bool] = {}
    n_there, why = None, ""
    try:
        connection = connect(survey.source, paths.pulled, wait)
        reached["is_configured"] = True
        n_there = ask(service.TITLE, lambda: service.count(connection))
        reached |= {"is_reachable": True, "is_authorised": True}
    except SourceSkippedError as error:
        reached["is_configured"], why = False, str(error)
    except SourceUnreachableError as error:
        reached["is_reachable"], why = False, str(error)
    except SourceError as error:
        reached |= {"is_reachable": True, "is_authorised": False}
        why = str(error)
    return SourceCheck(survey.name, service.TITLE, n_there=n_there, why=why, **reached, **here)  # type: ignore[arg-type]


def _n_responses(file: Path, survey: Survey) -> int:
    try:
        return DIALECTS[survey.tool].read(file, survey.asked).sheets[0].cells.n_rows if file.exists() else 0
    except LandscapeError:
        return 0  # a refresh says what is wrong with it

"""Deletes single responses at the service they were pulled from, and lists those that a person must delete there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.services.catalogue import SERVICES, ask, connect
from landscape.surveys.definition import Survey
from landscape.surveys.pull_record import is_pulled

if TYPE_CHECKING:
    from tenacity.wait import wait_base

    from landscape.identity.person import PersonRow
    from landscape.surveys.source import Source


@dataclass(frozen=True)
class AtService:
    """What was deleted at one survey's service, and what a person must delete.

    Args:
        survey: The survey.
        service: Its service, as people call it.
        deleted: Responses (survey/wave/number) that were deleted there; in a dry run, that would be.
        missing: Responses that were not there any more.
        by_hand: Responses that a person must delete there.
        why: Why a person must; empty where nothing is left.
        how_far: What became of those that were deleted.
    """

    survey: str
    service: str
    deleted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    why: str = ""
    how_far: str = ""


def delete_at_services(
    paths: ProjectPaths,
    surveys: tuple[Survey, ...],
    rows: Iterable[PersonRow],
    *,
    is_asked: bool,
    is_dry_run: bool,
    wait: wait_base | None = None,
) -> tuple[AtService, ...]:
    """Deletes responses at their services; a service that fails is reported, and stops nothing.

    Only what is in a pulled file is deleted: the number of a response in another file may be somebody else's there.

    Args:
        paths: The project folder.
        surveys: All surveys; those without a source are passed over.
        rows: The responses.
        is_asked: Whether a person has asked for it; else all is left to do by hand.
        is_dry_run: Delete nothing.
        wait: How long to wait between attempts; the usual back-off without it.
    """
    found = sorted(set(rows), key=lambda row: (row.survey, row.response_id))
    outcomes = []
    for survey in surveys:
        ours = [row for row in found if row.survey == survey.name and row.response_ref]
        if survey.source is None or not ours:
            continue
        pulled = {row.response_id: row.response_ref for row in ours if is_pulled(Path(row.file_name))}
        others = tuple(sorted({row.response_id for row in ours} - pulled.keys()))
        service = SERVICES[survey.source.service]
        if service.DELETES and is_asked:
            outcome = _delete(paths, survey.source, pulled, is_dry_run=is_dry_run, wait=wait)
            why = outcome.why or ("they are only in files that were dropped" if others else "")
            outcome = replace(outcome, survey=survey.name, by_hand=(*outcome.by_hand, *others), why=why)
        else:
            offered = "it was not asked for: --at-service does it"
            why = offered if service.DELETES else f"{service.TITLE} offers no deletion of responses"
            outcome = AtService(survey.name, service.TITLE, by_hand=(*pulled, *others), why=why)
        outcomes.append(outcome)
    return tuple(outcomes)


def _delete(
    paths: ProjectPaths, source: Source, pulled: Mapping[str, str], *, is_dry_run: bool, wait: wait_base | None
) -> AtService:
    service = SERVICES[source.service]
    deleted: list[str] = []
    missing: list[str] = []
    why = ""
    try:
        connection = connect(source, paths.pulled, wait)
        for response_id, response_ref in pulled.items():
            is_there = is_dry_run or ask(service.TITLE, partial(service.delete, connection, response_ref))
            (deleted if is_there else missing).append(response_id)
    except LandscapeError as error:
        why = error.message
    left = tuple(key for key in pulled if key not in (*deleted, *missing))
    return AtService("", service.TITLE, tuple(deleted), tuple(missing), left, why, service.DELETES if deleted else "")

"""How long received files may be kept, and deleting them when the time is up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from landscape.coding.ledgers import drop_codings
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.people.derived import remove_made
from landscape.private_files import log_access
from landscape.staging_db import closed_ui, refresh_lock
from landscape.surveys.definition import Survey


@dataclass(frozen=True)
class Retention:
    """How long one survey's received files may be kept.

    Args:
        survey: The survey.
        retain_until: The last day on which they may be kept; None where nobody has said so.
        files: Its files, below the project folder.
        is_past: Whether that day has passed.
    """

    survey: str
    retain_until: dt.date | None
    files: tuple[str, ...]
    is_past: bool


def retention_of(paths: ProjectPaths, surveys: tuple[Survey, ...], today: dt.date) -> tuple[Retention, ...]:
    """How long each survey's received files may be kept: those without a date first, then the earliest."""
    found = [
        Retention(
            survey=survey.name,
            retain_until=survey.retain_until,
            files=tuple(path.relative_to(paths.root).as_posix() for path in _files(paths, survey)),
            is_past=survey.retain_until is not None and today > survey.retain_until,
        )
        for survey in surveys
    ]
    return tuple(sorted(found, key=lambda one: (one.retain_until or dt.date.min, one.survey)))


def refuse_expired(paths: ProjectPaths, surveys: tuple[Survey, ...], today: dt.date) -> None:
    """Stops a release while received files are kept that nobody may, or has said to, keep.

    Raises:
        LandscapeError: A survey with received files is past its date, or has none; all are named.
    """
    late = [
        f"{one.survey}: {f'past its date, {one.retain_until}' if one.retain_until else 'no date is given'}"
        for one in retention_of(paths, surveys, today)
        if one.files and (one.is_past or one.retain_until is None)
    ]
    if late:
        raise LandscapeError(
            "received files may not be kept any longer, or nobody has said until when",
            culprits=late,
            remedy="if the controller agrees, write the day into the survey's survey.yml as retain_until; else delete them: "
            "landscape retention --remove",
        )


def remove_expired(paths: ProjectPaths, surveys: tuple[Survey, ...], at: dt.datetime) -> tuple[str, ...]:
    """Deletes received files past their date, and everything made from received files; a refresh makes it again.

    Codings of answers in them are deleted too; decisions are kept, since they are the project's own.

    Args:
        paths: The project folder.
        surveys: All surveys.
        at: Now (UTC).

    Returns:
        What was deleted, below the project folder; nothing where no file is past its date.

    Raises:
        LandscapeError: The UI is open, or a file is in use by another program.
    """
    expired = [one for one in retention_of(paths, surveys, at.date()) if one.is_past and one.files]
    if not expired:
        return ()
    with closed_ui(paths.ui_lock), refresh_lock(paths.lock):
        removed = list(remove_made(paths))
        drop_codings(paths, {one.survey for one in expired})
        for one in expired:
            for name in one.files:
                try:
                    (paths.root / name).unlink()
                except OSError as error:
                    raise LandscapeError(
                        f"it cannot be removed ({error.strerror})",
                        file=name,
                        remedy="close it in other programs, then: landscape retention --remove",
                    ) from error
                removed.append(name)
            log_access(paths, "retention", one.survey, len(one.files), at)
    return tuple(removed)


def _files(paths: ProjectPaths, survey: Survey) -> list[Path]:
    """All files of a survey's folder, including those that readers skip."""
    return sorted(path for path in (paths.raw / survey.name).rglob("*") if path.is_file())

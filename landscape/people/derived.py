"""Removes everything made from received files, whole files at a time; a refresh makes it again."""

from __future__ import annotations

import shutil
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.publishing import RECORD, STAGING, published
from landscape.surveys.known import FORMER_VAULT


def remove_made(paths: ProjectPaths) -> tuple[str, ...]:
    """Removes staging database, marts, figures, report, issues, mailing lists, review sheets, Dagster's history and logs.

    Whole files are deleted: rows deleted inside a DuckDB file stay in its pages. Releases are kept; they hold aggregates.

    Returns:
        What was removed, below the project folder.

    Raises:
        LandscapeError: A file is in use by another program.
    """
    removed: list[str] = []
    for path in made_of_received(paths):
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise LandscapeError(
                f"it cannot be removed ({error.strerror})",
                file=path.relative_to(paths.root).as_posix(),
                remedy="close it in other programs, stop `landscape ui`, then give the same command again",
            ) from error
        removed.append(path.relative_to(paths.root).as_posix())
    return tuple(removed)


def made_of_received(paths: ProjectPaths) -> list[Path]:
    """What a refresh and people's requests made of received files, as far as it is there."""
    found: list[Path] = []
    for name in (paths.staging_db.name, FORMER_VAULT):
        found += sorted(paths.staging_db.parent.glob(f"{name}*"))
    private = (paths.issues, paths.mailing_lists, paths.review)
    found += [path for path in private if path.exists()]
    for folder in (paths.marts, paths.figures, paths.area_profiles, paths.reports):
        listed = sorted(name for name in {*published(folder), RECORD} if (folder / name).exists())
        found += [folder / name for name in listed]
        if (folder / STAGING).exists():
            found.append(folder / STAGING)
    history = (path for path in paths.ui_lock.parent.glob("*") if path != paths.ui_lock)
    return [*found, *sorted(history)]

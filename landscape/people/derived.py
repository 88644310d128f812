"""Removes everything made from received files, whole files at a time; a refresh makes it again."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.publishing import RECORD, STAGING, published
from landscape.surveys.known import FORMER_VAULT

_SEARCHED = ("data", "reports")
_SHORTEST = 5  # shorter words are found inside other words


def remove_made(paths: ProjectPaths) -> tuple[str, ...]:
    """Removes staging database, marts, figures, report, issues, mailing lists, review sheets, Dagster's history and logs.

    Whole files are deleted: rows deleted inside a DuckDB file stay in its pages. Releases are kept; they hold aggregates.

    Returns:
        What was removed, below the project folder.

    Raises:
        LandscapeError: A file is in use by another program.
    """
    removed: list[str] = []
    for path in _made(paths):
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


def _made(paths: ProjectPaths) -> list[Path]:
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
    history = paths.dagster_home / ".dagster"
    return [*found, *([history] if history.exists() else [])]


def files_with(paths: ProjectPaths, words: Iterable[str]) -> tuple[str, ...]:
    """Files in data/ and reports/ that still contain any of the words, whatever the case.

    Args:
        paths: The project folder.
        words: Names, addresses, telephone numbers; very short ones are skipped.
    """
    sought = {word.casefold() for word in words if len(word) >= _SHORTEST}
    if not sought:
        return ()
    files = (path for top in _SEARCHED for path in sorted((paths.root / top).rglob("*")) if path.is_file())
    return tuple(
        path.relative_to(paths.root).as_posix()
        for path in files
        if any(word in text for text in _texts(path) for word in sought)
    )


def _texts(path: Path) -> Iterator[str]:
    """What a file says: its bytes as text, and those of the parts of a zip (workbooks, Word files, archives)."""
    parts = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    for data in parts:
        for encoding in ("utf-8", "cp1252", "utf-16-le"):
            yield data.decode(encoding, errors="ignore").casefold()

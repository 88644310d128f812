"""Withdrawing a release: deletes its files and leaves a note."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.pii_scan import personal_kinds
from landscape.releasing.shelf import MANIFEST, NOTE, release_named
from landscape.surveys.known import known_people
from landscape.writing import write_whole

_STAYS = {MANIFEST, NOTE}


def withdraw_release(paths: ProjectPaths, name: str, on: dt.date, reason: str) -> tuple[str, ...]:
    """Deletes a release's files and leaves a note with day and reason.

    Args:
        paths: The project folder.
        name: Which release.
        on: The day.
        reason: Why, without naming anybody.

    Returns:
        The files that were removed, below reports/releases.

    Raises:
        LandscapeError: There is no such release, it was withdrawn before, the reason names somebody, or a file is
            in use by another program.
    """
    release = release_named(paths, name)
    if release.withdrawn_on:
        raise LandscapeError(f"release {name} was withdrawn on {release.withdrawn_on}", remedy="there is nothing to do")
    kinds = sorted(personal_kinds(reason, known_people(paths)))
    if kinds:
        raise LandscapeError(
            "the reason is kept in the note, so it must not name anybody", culprits=kinds, remedy="leave that out"
        )
    manifest = json.loads((release.folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["withdrawn"] = {"on": on.isoformat(), "reason": reason}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    write_whole(release.folder / MANIFEST, text)  # from here on it is withdrawn, even if files cannot be removed
    note = f"# Release {name} was withdrawn on {on.isoformat()}\n\nReason: {reason}\n\nDo not use copies of it.\n"
    write_whole(release.folder / NOTE, note)
    return _remove(release.folder, paths.releases / f"{name}.zip")


def _remove(folder: Path, zipped: Path) -> tuple[str, ...]:
    going = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.relative_to(folder).as_posix() not in _STAYS]
    going += [zipped] if zipped.exists() else []
    held: list[str] = []
    for path in going:
        try:
            path.unlink()
        except OSError:
            held.append(path.relative_to(folder.parent).as_posix())
    for below in sorted((p for p in folder.iterdir() if p.is_dir()), reverse=True):
        if not any(p.is_file() for p in below.rglob("*")):
            shutil.rmtree(below)
    if held:
        raise LandscapeError(
            f"release {folder.name} is withdrawn, but files of it cannot be removed",
            culprits=held,
            remedy="close them in other programs and delete them by hand",
        )
    return tuple(path.relative_to(folder.parent).as_posix() for path in going)

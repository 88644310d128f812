"""The releases made so far."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.publishing import read_record
from landscape.writing import write_whole

MANIFEST = "release.json"
NOTE = "WITHDRAWN.md"
TABLES = "tables"
VERBS = ("approve", "give", "list", "make", "recipients", "sheet", "verify", "withdraw")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")
_WINDOWS_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Release:
    """A release as described by its manifest.

    Args:
        name: Its name, which is its folder's.
        number: 1 for the first, and so on.
        released_on: The day it was made for.
        is_sample: Whether it shows made-up rows.
        withdrawn_on: The day it was withdrawn; None if it was not.
        reason: Why it was withdrawn.
        folder: Its folder.
    """

    name: str
    number: int
    released_on: dt.date
    is_sample: bool
    withdrawn_on: dt.date | None
    reason: str
    folder: Path


def releases(paths: ProjectPaths) -> tuple[Release, ...]:
    """All releases, withdrawn ones too, in the order they were made.

    Raises:
        LandscapeError: What describes a release is damaged.
    """
    found = {path: _read(path) for path in sorted(paths.releases.glob(f"*/{MANIFEST}")) if path.parent.name[0] != "."}
    damaged = [_shown(path) for path, release in found.items() if release is None]
    if damaged:
        raise LandscapeError(
            "what describes a release is damaged and cannot be read",
            culprits=damaged,
            remedy="put another copy of the release in the place of its folder, then: landscape release verify NAME",
        )
    return tuple(sorted(filter(None, found.values()), key=lambda release: release.number))


def release_named(paths: ProjectPaths, name: str) -> Release:
    """The release of that name.

    Raises:
        LandscapeError: There is none.
    """
    named = {release.name: release for release in releases(paths)}
    if name not in named:
        there = ", ".join(named) or "none yet"
        raise LandscapeError(f"there is no release {name}", remedy=f"the releases are: {there}")
    return named[name]


def refuse_name(paths: ProjectPaths, name: str) -> None:
    """Checks the name of a new release against existing names and against what file systems allow.

    Raises:
        LandscapeError: It cannot be used.
    """
    if not _NAME.fullmatch(name) or _WINDOWS_DEVICES.fullmatch(name) or name.casefold() in VERBS:
        raise LandscapeError(
            "this cannot be the name of a release",
            culprits=[name],
            remedy="use letters, digits and hyphens, 40 at most, as in 2017-10 or spring-2018",
        )
    taken = {
        path.stem.casefold() if path.suffix == ".zip" else path.name.casefold() for path in paths.releases.glob("*")
    }
    if name.casefold() in taken:
        raise LandscapeError(
            f"there is already a release {name}", remedy="a release never changes: give the new one another name"
        )


def mend_manifests(paths: ProjectPaths) -> list[str]:
    """Puts each damaged release.json back as the release’s zip has it; says of which this was done.

    Not that of a release that was withdrawn: its zip is older than that.
    """
    mended = []
    for manifest in sorted(paths.releases.glob(f"*/{MANIFEST}")):
        zipped = paths.releases / f"{manifest.parent.name}.zip"
        if _read(manifest) is None and zipped.exists() and not (manifest.parent / NOTE).exists():
            try:
                with zipfile.ZipFile(zipped) as archive:
                    held = archive.read(f"{manifest.parent.name}/{MANIFEST}")
            except (zipfile.BadZipFile, KeyError, OSError):
                continue
            write_whole(manifest, held)
            mended.append(f"{_shown(manifest)} was damaged, and is again as {zipped.name} has it.")
    return mended


def _shown(manifest: Path) -> str:
    return f"reports/releases/{manifest.parent.name}/{MANIFEST}"


def _read(manifest: Path) -> Release | None:
    """A release as its manifest describes it; None where that is damaged."""
    held = read_record(manifest) or {}
    try:
        return _release(held, held.get("withdrawn"), manifest.parent)
    except (KeyError, TypeError, ValueError):
        return None


def _release(held: Mapping[str, Any], withdrawn: Mapping[str, str] | None, folder: Path) -> Release:
    return Release(
        name=held["name"],
        number=held["number"],
        released_on=dt.date.fromisoformat(held["released_on"]),
        is_sample=held["is_sample"],
        withdrawn_on=dt.date.fromisoformat(withdrawn["on"]) if withdrawn else None,
        reason=withdrawn["reason"] if withdrawn else "",
        folder=folder,
    )

"""The releases made so far, and the safe tables that readers have from them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.disclosure.declared import PUBLISHED
from landscape.disclosure.releases import RELEASED_ON, Seen
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "release.json"
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
        profile: The thresholds it was made with.
        is_sample: Whether it shows made-up rows.
        withdrawn_on: The day it was withdrawn; None if it was not.
        reason: Why it was withdrawn.
        folder: Its folder.
    """

    name: str
    number: int
    released_on: dt.date
    profile: str
    is_sample: bool
    withdrawn_on: dt.date | None
    reason: str
    folder: Path


def releases(paths: ProjectPaths) -> tuple[Release, ...]:
    """All releases, withdrawn ones too, in the order they were made."""
    found = [_read(manifest) for manifest in paths.releases.glob(f"*/{MANIFEST}") if manifest.parent.name[0] != "."]
    return tuple(sorted(found, key=lambda release: release.number))


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


def seen_by_readers(earlier: tuple[Release, ...]) -> list[Seen]:
    """The safe tables that readers have from earlier releases, the last release first."""
    return [Seen(release.profile, _tables_of_people(release)) for release in reversed(earlier)]


def _tables_of_people(release: Release) -> dict[str, pd.DataFrame]:
    import duckdb

    from landscape.disclosure.safe_tables import typed

    tables = {}
    with duckdb.connect() as con:
        for declared in PUBLISHED:
            path = release.folder / TABLES / f"{declared.name}.parquet"
            table = con.execute("SELECT * FROM read_parquet(?)", [path.as_posix()]).df()
            tables[declared.name] = typed(declared, table.astype({RELEASED_ON: "datetime64[s]"}))
    return tables


def _read(manifest: Path) -> Release:
    held: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    withdrawn = held.get("withdrawn")
    return Release(
        name=held["name"],
        number=held["number"],
        released_on=dt.date.fromisoformat(held["released_on"]),
        profile=held["profile"],
        is_sample=held["is_sample"],
        withdrawn_on=dt.date.fromisoformat(withdrawn["on"]) if withdrawn else None,
        reason=withdrawn["reason"] if withdrawn else "",
        folder=manifest.parent,
    )

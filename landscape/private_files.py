"""Files that only their owner may read, and the access log."""

from __future__ import annotations

import csv
import datetime as dt
import getpass
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import Row, read_csv

_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "cloudstorage": "a cloud service",
}
_LOG_FIELDS = ("at", "who", "what", "purpose_or_survey", "how_many")
WRITTEN_BY_COMMANDS = "bring it back from a backup; it is only ever written by `landscape`"
"""The remedy for a private file that is damaged or was edited."""
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_OWNER_ONLY = 0o077


def make_private(folder: Path) -> Path:
    """Makes a folder that only its owner may enter, with those above it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def is_private(path: Path) -> bool:
    """Whether only the owner may read it; on Windows that depends on the folder's rights, and this is always true."""
    return os.name == "nt" or not path.stat().st_mode & _OWNER_ONLY


def write_private_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Writes a CSV file that only its owner may read, in a private folder; completely or not at all."""
    make_private(path.parent)
    write_whole(path, rows)


def write_whole(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Writes a CSV file that only its owner may read, in any folder; completely or not at all."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    _write(path, text.getvalue())


def write_private_text(path: Path, text: str) -> None:
    """Writes a text that only its owner may read, in a private folder; completely or not at all."""
    make_private(path.parent)
    _write(path, text)


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def log_access(paths: ProjectPaths, what: str, purpose_or_survey: str, how_many: int, at: dt.datetime) -> None:
    """Adds a line to the access log: when, which user of this computer, what, how many; never whom.

    Args:
        paths: The project folder.
        what: What was done, as in `contacts export`.
        purpose_or_survey: The purpose or the survey.
        how_many: People or responses.
        at: When (UTC).
    """
    line = (instant(at), getpass.getuser(), what, purpose_or_survey, str(how_many))
    write_private_rows(paths.access_log, [_LOG_FIELDS, *(list(row.values()) for row in read_access_log(paths)), line])


def read_access_log(paths: ProjectPaths) -> list[Row]:
    """The access log; empty if nothing was exported yet.

    Raises:
        LandscapeError: It is damaged or was edited.
    """
    path = paths.access_log
    return read_csv(path, _LOG_FIELDS, may_have=(), remedy=WRITTEN_BY_COMMANDS) if path.exists() else []


def instant(at: dt.datetime) -> str:
    """An instant in the format of private files, in UTC."""
    return at.astimezone(dt.UTC).strftime(_INSTANT)


def is_instant(text: str) -> bool:
    """Whether a text is an instant in the format of private files.

    >>> is_instant("2026-03-01T09:30:00Z"), is_instant("2026-03-01")
    (True, False)
    """
    try:
        return instant(dt.datetime.strptime(text, _INSTANT).replace(tzinfo=dt.UTC)) == text
    except ValueError:
        return False


def synced_by(path: Path) -> str | None:
    """Which cloud service copies a folder elsewhere, judged by the names of the folders above it; None if none seems to.

    >>> synced_by(Path("C:/Users/liz/OneDrive - University/landscape"))
    'OneDrive'
    """
    for part in path.parts:
        for mark, service in _SYNCED.items():
            if mark in part.casefold():
                return service
    return None

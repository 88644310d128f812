"""Lists of marks: keyed hashes that record something about a person without saying who."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from landscape.errors import LandscapeError
from landscape.identity.keys import keyed_hash, tombstone_secret
from landscape.paths import ProjectPaths
from landscape.private_files import WRITTEN_BY_COMMANDS, instant, is_instant, make_private
from landscape.settings.csvfiles import Row, read_csv
from landscape.settings.reading import Findings, shown
from landscape.writing import one_writer, write_ledger

_FIELDS = ("kind", "mark", "purpose", "at")
_KEY = "key"
_HASH = re.compile(r"[0-9a-f]{64}")


class Mark(NamedTuple):
    """One line of a ledger.

    Args:
        kind: What was hashed.
        mark: The keyed hash.
        purpose: The consent purpose, if it marks a withdrawal.
        at: When it was added, in UTC (ISO 8601).
    """

    kind: str
    mark: str
    purpose: str
    at: str


def read_marks(path: Path) -> tuple[Mark, ...]:
    """The marks in a ledger; none if there is no such file.

    Raises:
        LandscapeError: It is damaged or was edited; or the key it was made with is missing. Without it nobody would be
            recognised, so everything stops.
    """
    if not path.exists():
        return ()
    secret = tombstone_secret(may_make=False)
    rows = read_csv(path, _FIELDS, may_have=(), remedy=WRITTEN_BY_COMMANDS)
    first, *others = _whole(path, rows)
    if first.mark != keyed_hash(secret, _KEY):
        raise LandscapeError(
            "the key on this computer is not the one it was made with, so nobody in it would be recognised",
            file=shown(path),
            remedy="bring the project's own keys back from their copy (docs/handover.md, “Keys”)",
        )
    if first.purpose and first.purpose != _seal(secret, others):  # empty in ledgers from before there were seals
        raise LandscapeError("lines were changed, doubled or taken out", file=shown(path), remedy=WRITTEN_BY_COMMANDS)
    return tuple(others)


def _seal(secret: bytes, marks: Iterable[Mark]) -> str:
    """A keyed hash of all marks: it differs if a line is changed, doubled or missing."""
    return keyed_hash(secret, _KEY, *(part for mark in marks for part in mark))


def _whole(path: Path, rows: Sequence[Row]) -> list[Mark]:
    """The marks, each as it was written; the first identifies the key."""
    findings = Findings(path, remedy=WRITTEN_BY_COMMANDS)
    marks = [Mark(*(row[name] for name in _FIELDS)) for row in rows]
    for row, mark in zip(rows, marks, strict=True):
        is_key = row is rows[0]
        if not (_HASH.fullmatch(mark.mark) and mark.kind and (mark.kind == _KEY) == is_key and bool(mark.at) != is_key):
            findings.add(row.line, "it is damaged or was edited")
        elif not is_key and not is_instant(mark.at):
            findings.add(row.line, "its time is damaged or was edited")
    if not marks:
        findings.add(None, "it is damaged or was edited: no mark is left")
    findings.refuse()
    return marks


def add_marks(paths: ProjectPaths, path: Path, new: Iterable[tuple[str, Sequence[str], str]], at: dt.datetime) -> int:
    """Adds marks to a ledger, which is made if there is none.

    Args:
        paths: The project folder.
        path: The ledger.
        new: Kind, what to hash, and purpose of each; marks that are there with the same purpose are renewed.
        at: When (UTC).

    Returns:
        How many marks were added.
    """
    with one_writer(paths):
        before = {(mark.kind, mark.mark, mark.purpose): mark for mark in read_marks(path)}
        secret = tombstone_secret(may_make=not path.exists())
        laid = {
            (kind, hashed, purpose): Mark(kind, hashed, purpose, instant(at))
            for kind, parts, purpose in new
            for hashed in (keyed_hash(secret, kind, *parts),)
        }
        _write(paths, path, secret, sorted((before | laid).values()))
    return len(laid)


def drop_marks(paths: ProjectPaths, path: Path, gone: Iterable[tuple[str, Sequence[str]]]) -> int:
    """Takes marks out of a ledger, given by kind and by what was hashed; returns how many there were."""
    with one_writer(paths):
        marks = read_marks(path)
        if not marks:
            return 0
        secret = tombstone_secret(may_make=False)
        hashed = {(kind, keyed_hash(secret, kind, *parts)) for kind, parts in gone}
        kept = [mark for mark in marks if (mark.kind, mark.mark) not in hashed]
        if not kept:
            path.unlink()
        elif len(kept) < len(marks):
            _write(paths, path, secret, kept)
    return len(marks) - len(kept)


def _write(paths: ProjectPaths, path: Path, secret: bytes, marks: Sequence[Mark]) -> None:
    first = Mark(_KEY, keyed_hash(secret, _KEY), _seal(secret, marks), "")
    make_private(path.parent)
    write_ledger(paths, path, [_FIELDS, first, *marks])


class Recogniser:
    """Finds the marks of a person.

    Args:
        marks: From `read_marks`; if there are none, no key is needed.
    """

    def __init__(self, marks: Sequence[Mark] = ()) -> None:
        self._marks: dict[tuple[str, str], list[Mark]] = {}
        for mark in marks:
            self._marks.setdefault((mark.kind, mark.mark), []).append(mark)
        self._secret = tombstone_secret(may_make=False) if marks else b""

    def __bool__(self) -> bool:
        return bool(self._marks)

    def find(self, kind: str, *parts: str) -> Sequence[Mark]:
        """The marks of this kind that were made from these parts."""
        return self._marks.get((kind, keyed_hash(self._secret, kind, *parts)), ()) if self._marks else ()

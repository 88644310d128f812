"""Publishing: builds a folder aside, scans it, and swaps it in file by file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.errors import PublishError
from landscape.writing import READABLE, READABLE_FOLDER, write_whole

if TYPE_CHECKING:
    from landscape.pii_scan import Scan

STAGING = ".staging"
_COMMIT = "COMMIT"
RECORD = ".published"
"""The record of the last publication: its stamp, and the hash of each file. People's own files are not in it."""


def file_sha256(path: Path) -> str:
    """Fingerprint of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def publish(target: Path, manifest: str, build: Callable[[Path], set[str]], scan: Scan, stamp: str = "") -> list[str]:
    """Builds a folder's content aside and swaps it in.

    Args:
        target: The published folder.
        manifest: The file swapped in last; when it is there, so is everything it lists.
        build: Writes new files into the folder it is given and returns the names of all files that belong to
            the publication, including the manifest. A name it did not write is a published file that is kept.
        scan: Scans everything that belongs to the publication, new or not.
        stamp: What it was made from; kept beside the files, and swapped with them.

    Returns:
        The files that were written, sorted.

    Raises:
        PublishError: It could not be written; what was published before is unchanged.
        PersonalDataError: There is personal data in it; likewise.
    """
    staging = target / STAGING
    with _explained(target):
        recover(target)
        shutil.rmtree(staging, ignore_errors=True)
        _make_folder(target)
        staging.mkdir()
        try:
            belonging = build(staging)
            written = sorted(p.relative_to(staging).as_posix() for p in staging.rglob("*") if p.is_file())
            absent = sorted(name for name in belonging if name not in written and not (target / name).exists())
            if absent:
                raise PublishError("not all files were made", file=target.name, culprits=absent)
            there = {name: (staging if name in written else target) / name for name in sorted({*belonging, *written})}
            scan(there.items())
            _refuse_held(target, written)
            for name in written:
                _flush(staging / name)
            hashes = {name: file_sha256(there[name]) for name in sorted(belonging)}
            _write_commit(staging, {"manifest": manifest, "record": {"stamp": stamp, "files": hashes}})
            _swap(target)
        except BaseException as error:
            is_begun = (staging / _COMMIT).exists()
            if not (is_begun and isinstance(error, OSError)):  # Ctrl-C waits for a swap that has begun
                recover(target)
            raise
    return written


def published(target: Path) -> set[str]:
    """The files of a folder's last publication."""
    return set(_record(target)["files"])


def is_published(target: Path, stamp: str) -> bool:
    """Whether a folder's content was made from exactly this, and every file is unchanged."""
    record = _record(target)
    return record["stamp"] == stamp and all(
        (target / name).is_file() and file_sha256(target / name) == sha256 for name, sha256 in record["files"].items()
    )


def read_record(path: Path) -> dict[str, Any] | None:
    """A record that was published as JSON; None where there is none, or it is damaged."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return held if isinstance(held, dict) else None


def is_damaged(path: Path) -> bool:
    """Whether there is a record that cannot be read."""
    return path.exists() and read_record(path) is None


def _record(target: Path) -> dict[str, Any]:
    """The record of the last publication; empty if it is damaged."""
    held = read_record(target / RECORD) or {}
    files = held.get("files")
    return {"stamp": held.get("stamp"), "files": files if isinstance(files, dict) else {}}


def recover(target: Path) -> bool:
    """Completes a swap that was interrupted after its commit, or discards what was not committed.

    Returns:
        Whether a swap was completed.
    """
    staging = target / STAGING
    if not staging.exists():
        return False
    commit = staging / _COMMIT
    if commit.exists():
        _swap(target)
        return True
    shutil.rmtree(staging, ignore_errors=True)
    return False


def _refuse_held(target: Path, names: list[str]) -> None:
    """Finds files that cannot be replaced before replacing any: Windows cannot replace a file that is open."""
    held: list[str] = []
    for name in names:
        try:
            (target / name).open("rb+").close()
        except FileNotFoundError:
            continue
        except OSError:
            held.append(name)
    if held:
        raise PublishError(
            "files cannot be replaced, so nothing was",
            file=f"{target.parent.name}/{target.name}",
            culprits=held,
            remedy="close them in other programs (Excel, Word, a PDF reader), then refresh again",
        )


def _write_commit(staging: Path, plan: dict[str, Any]) -> None:
    """Commits the swap in one rename; from then on it can only go forward."""
    write_whole(staging / _COMMIT, json.dumps(plan))


def _swap(target: Path) -> None:
    """Moves the files named by the commit into place, the manifest last; can be repeated wherever it stopped."""
    staging = target / STAGING
    plan = json.loads((staging / _COMMIT).read_text(encoding="utf-8"))
    manifest = plan["manifest"]
    waiting = sorted(
        (p.relative_to(staging).as_posix() for p in staging.rglob("*") if p.is_file() and p.name != _COMMIT),
        key=lambda name: (name == manifest, name),
    )
    for name in waiting:
        _make_folder((target / name).parent)
        (staging / name).chmod(READABLE)
        (staging / name).replace(target / name)
    _replace_record(target, plan["record"])
    shutil.rmtree(staging, ignore_errors=True)  # everything is in place; what is left is cleared next time


def _make_folder(folder: Path) -> None:
    """A folder of what is published, which whoever may enter the folder above may enter too."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir()
        folder.chmod(READABLE_FOLDER)


def _replace_record(target: Path, record: dict[str, Any]) -> None:
    """Removes files of the last publication that this one no longer has, then writes the record."""
    for name in sorted(published(target) - set(record["files"])):
        (target / name).unlink(missing_ok=True)
    write_whole(target / RECORD, json.dumps(record, indent=1))


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


@contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turns an error of the operating system into one that says what to do."""
    try:
        yield
    except PublishError:
        raise
    except OSError as error:
        state = "Nothing published was changed."
        if (target / STAGING / _COMMIT).exists():
            state = "The next refresh completes the exchange that had begun."
        raise PublishError(
            f"it cannot be written to ({error.strerror})",
            file=f"{target.parent.name}/{target.name}",
            remedy="free some disk space, close programs that hold a file of that folder open, and check that "
            f"you may write there; then refresh again. {state}",
        ) from error

"""The one way in which ledgers and records are written: by one writer at a time, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths

_SECONDS = 30.0
READABLE, READABLE_FOLDER = 0o644, 0o755
"""The modes of what is published."""


@contextmanager
def one_writer(paths: ProjectPaths) -> Iterator[None]:
    """Keeps every ledger of a project to one writer, from reading what is there to writing what follows from it.

    Whoever holds it may ask for it again.

    Raises:
        LandscapeError: Another program has held it for half a minute.
    """
    with _held(paths.ledger_lock):
        yield


@contextmanager
def one_writer_in(folder: Path) -> Iterator[None]:
    """The same for files outside a project, such as keys."""
    with _held(folder / ".lock"):
        yield


@contextmanager
def _held(path: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(path, timeout=_SECONDS, is_singleton=True)
    try:
        lock.acquire()
    except Timeout as error:
        raise LandscapeError(
            "another command is writing here and does not end", file=path.name, remedy="end it, then try again"
        ) from error
    try:
        yield
    finally:
        lock.release()


def write_ledger(paths: ProjectPaths, path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Writes a ledger of a project as CSV, for its owner only.

    Args:
        paths: The project folder.
        path: The ledger.
        rows: Its heading, then its lines.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with one_writer(paths):
        for left in path.parent.glob(f".{path.name}.*.draft"):  # by a writer that was killed: no other is at work
            left.unlink(missing_ok=True)
        write_whole(path, text.getvalue(), is_private=True)


def write_whole(path: Path, content: str | bytes, *, is_private: bool = False) -> None:
    """Puts a file in place in one rename, once every byte of it is on the disk; nobody ever reads half of it.

    Args:
        path: The file; its folder is there.
        content: Text is written as UTF-8.
        is_private: Only its owner may read it, the draft included.
    """
    descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".draft", dir=path.parent)  # of mode 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        if not is_private:
            draft.chmod(READABLE)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Has the operating system note on the disk which files a folder holds; Windows does so by itself."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems over a network cannot
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

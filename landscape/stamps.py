"""What a table or file was made from, as one short text: while it is unchanged, nothing is made again.

A table's stamp is a row of the staging database, written in the table's own transaction. A published folder keeps its
stamp beside its files and swaps it with them. What counts is content: times and sizes are trusted only of large files.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Set
from dataclasses import astuple, dataclass, field, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PACKAGE = Path(__file__).parent
LARGE_BYTES = 64 * 2**20
"""Below, a file is always read; above, its size and time are trusted."""

_SETTLED_NS = 2 * 10**9  # a file changed so recently may change again and keep the same time
_OURS = ("LANDSCAPE_", "BROWSER_PATH")
_TABLE = "CREATE TABLE IF NOT EXISTS made.stamps (name VARCHAR PRIMARY KEY, inputs VARCHAR, result VARCHAR, is_sound BOOLEAN)"


def hash_of(*parts: object) -> str:
    """One hash of texts, numbers, collections and records; the order of a set does not count."""
    return hashlib.sha256(json.dumps(parts, default=_plain).encode()).hexdigest()


def _plain(part: object) -> object:
    if is_dataclass(part):
        return {each.name: getattr(part, each.name) for each in fields(part)}
    if isinstance(part, Set):
        return sorted(part)
    return dict(part) if isinstance(part, Mapping) else str(part)


@dataclass
class FileHashes:
    """Hashes of files by content, each file read once.

    Args:
        large: What is known of large files from before: size, time and hash by path.
    """

    large: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    _read: dict[Path, str] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """The hash of a file; empty where there is none."""
        if path not in self._read:
            try:
                self._read[path] = self._hash(path) if path.is_file() else ""
            except FileNotFoundError:  # it went meanwhile
                self._read[path] = ""
        return self._read[path]

    def _hash(self, path: Path) -> str:
        facts = path.stat()
        if facts.st_size < LARGE_BYTES:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        size, changed, known = self.large.get(str(path), (0, 0, ""))
        if (size, changed) == (facts.st_size, facts.st_mtime_ns):
            return known
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if time.time_ns() - facts.st_mtime_ns > _SETTLED_NS:
            self.large[str(path)] = (facts.st_size, facts.st_mtime_ns, found)
        return found

    def under(self, root: Path, *places: Path) -> str:
        """One hash of the names and contents of all files at or below some places.

        Args:
            root: Names are taken from here, so that a project may be moved.
            places: Files or folders; some may not be there.
        """
        return hash_of(*((path.relative_to(root).as_posix(), self.of(path)) for path in files_under(*places)))

    def forget(self) -> None:
        """Reads every file again when it is asked for next; what is known of large ones stays."""
        self._read.clear()


def files_under(*places: Path) -> Iterator[Path]:
    """All files at or below some places, in order; without what is half written, hidden, or Python's own."""
    for place in places:
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from sorted(_files_in(place))


def _files_in(place: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(place):  # which passes over folders that go meanwhile
        folders[:] = [name for name in folders if _counts(name)]
        yield from (path for name in names if _counts(name) and (path := Path(folder, name)).is_file())


def _counts(name: str) -> bool:
    return name != "__pycache__" and not name.startswith((".", "~$")) and not name.endswith(".pyc")


@cache
def program(*left_out: str) -> str:
    """The program itself: this package's files, without the packages and modules that are left out."""
    names = sorted(path for path in PACKAGE.iterdir() if path.name not in left_out)
    return FileHashes().under(PACKAGE, *names)


@cache
def modules(*names: str) -> str:
    """Some folders or modules of this package, by file name."""
    return FileHashes().under(PACKAGE, *(PACKAGE / name for name in names))


@cache
def versions() -> str:
    """Python and every installed distribution; pip writes name and version into the name of a folder."""
    folders = (Path(entry) for entry in dict.fromkeys(sys.path) if entry and Path(entry).is_dir())
    return hash_of(sys.version, sorted({found.name for folder in folders for found in folder.glob("*.dist-info")}))


def environment() -> str:
    """The variables that decide on what is made."""
    return hash_of(sorted((name, value) for name, value in os.environ.items() if name.startswith(_OURS)))


@dataclass(frozen=True)
class Stamp:
    """What something was made from and what came out; sound once it was checked and kept its rules."""

    inputs: str
    result: str
    is_sound: bool = False


class Stamps:
    """The stamps of a staging database.

    Args:
        con: The database, open to write.
    """

    def __init__(self, con: DuckDBPyConnection) -> None:
        self._con = con
        con.execute("CREATE SCHEMA IF NOT EXISTS made")
        con.execute(_TABLE)
        self._held: dict[str, Stamp] = {}
        self.read()

    def read(self) -> None:
        """Reads what is noted: at the beginning, and after a transaction that was undone."""
        rows = self._con.execute("SELECT name, inputs, result, is_sound FROM made.stamps").fetchall()
        self._held = {name: Stamp(*stamp) for name, *stamp in rows}

    def holds(self, name: str, inputs: str) -> bool:
        """Whether it was made from just these inputs."""
        return name in self._held and self._held[name].inputs == inputs

    def result(self, name: str) -> str:
        """What came out when it was made last; empty where it never was."""
        return self._held[name].result if name in self._held else ""

    def is_sound(self, name: str) -> bool:
        """Whether it kept its rules when it was checked last."""
        return name in self._held and self._held[name].is_sound

    def find_sound(self, name: str) -> None:
        """Notes that it was checked and keeps its rules."""
        if name in self._held:
            self._con.execute("UPDATE made.stamps SET is_sound = true WHERE name = ?", [name])
            self._held[name] = replace(self._held[name], is_sound=True)

    def write(self, stamps: Mapping[str, Stamp]) -> None:
        """Notes stamps, in whatever transaction is open; all at once, since DuckDB is slow with single rows."""
        rows = ", ".join(["(?, ?, ?, ?)"] * len(stamps))
        values = [value for name, stamp in stamps.items() for value in (name, *astuple(stamp))]
        self._con.execute(f"INSERT OR REPLACE INTO made.stamps VALUES {rows}", values)
        self._held |= stamps


def table_hash(con: DuckDBPyConnection, table: str, *, in_order: bool = True) -> str:
    """A hash of a table's columns and rows, in their order unless it says nothing."""
    columns = con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
    row = "hash(t, rowid)" if in_order else "hash(t)"
    query = f"SELECT count(*), bit_xor({row}), sum({row}::HUGEINT) FROM {table} AS t"
    return hash_of(columns, con.execute(query).fetchone())

"""The PII scan that everything published must pass: no e-mail address, telephone number or name of a person."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import PersonalDataError
from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import read_csv

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ALLOWED_FILE = "public_addresses.csv"
_LOCAL_PART = re.compile(r"[\w.+%'-]{1,64}\Z")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_TELEPHONE = re.compile(r"(?<![\w.,+/#-])(?:\+44 ?(?:\(0\) ?)?|0)[1-9]\d{1,3}[ -]?\d{3,4}[ -]?\d{3,4}(?![\w.,-])")
_DATA_ADDRESS = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]*")
_TAG = re.compile(r"<[^>]*>")
_LETTERS_BESIDE_AT = 320  # characters that an address may have after its @
_FEWEST_DIGITS = 9
_DAGSTERS_OWN = "__repository__@"  # how Dagster names a code location
_INDEX = "index.db"  # repeats what is in the file of each run
_TEXTS = {".csv", ".json", ".html", ".svg", ".md", ".txt", ".log"}
_ARCHIVES = {".docx", ".xlsx", ".zip"}
_DATABASES = {".duckdb", ".parquet"}
_READ_ELSEWHERE = {".pdf", ".png"}  # made from the same words as the HTML, and from the SVG


@dataclass(frozen=True)
class Known:
    """What the vault knows about people, in the form the PII scan compares.

    Args:
        names: Full names, of two words or more, in small letters.
        telephones: The digits of telephone numbers.
        allowed: Addresses and numbers that may be published, such as a team's.
    """

    names: frozenset[str] = frozenset()
    telephones: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


def known_people(paths: ProjectPaths) -> Known:
    """The names and telephone numbers in the vault, and the addresses that are allowed; nobody if there is no vault."""
    import duckdb

    allowed = allowed_addresses(paths)
    if not paths.contacts.exists():
        return Known(allowed=allowed)
    with duckdb.connect(paths.contacts, read_only=True) as vault:
        rows = vault.execute("SELECT name, telephone FROM contacts").fetchall()
    names = {" ".join((name or "").casefold().split()) for name, _ in rows}
    numbers = {_digits(telephone or "") for _, telephone in rows}
    return Known(
        names=frozenset(name for name in names if " " in name),
        telephones=frozenset(number for number in numbers if len(number) >= _FEWEST_DIGITS),
        allowed=allowed,
    )


def allowed_addresses(paths: ProjectPaths) -> frozenset[str]:
    """The addresses and numbers that may be published; none if there is no file of them.

    Raises:
        LandscapeError: The file cannot be read.
    """
    path = paths.reference / ALLOWED_FILE
    return (
        frozenset(row["address"].casefold() for row in read_csv(path, ("address",))) if path.exists() else frozenset()
    )


def refuse_personal(files: Iterable[tuple[str, Path]], known: Known) -> None:
    """Scans files, given by name and path, that are about to be published.

    Raises:
        PersonalDataError: There is personal data in a file; the error names the file and the kind, never the words.
    """
    _refuse([each for name, path in files for each in _found_in(name, path, known)])


def _found_in(name: str, path: Path, known: Known) -> list[str]:
    kinds = {kind for text in texts_of(path) for kind in personal_kinds(text, known)}
    return [f"{name}: {kind}" for kind in sorted(kinds)]


def _refuse(found: list[str]) -> None:
    if found:
        raise PersonalDataError(
            "personal data would have been published, so nothing was",
            culprits=found,
            remedy="find the answer or table it comes from and declare its question `personal` or `private`; an address that "
            f"is public, such as a team's, may be added to data/reference/{ALLOWED_FILE}",
        )


def refuse_personal_in(folder: Path, known: Known) -> None:
    """Scans all files below a folder; raises as `refuse_personal`."""
    files = ((p.relative_to(folder).as_posix(), p) for p in sorted(folder.rglob("*")) if p.is_file())
    refuse_personal(files, known)


def scan_for(paths: ProjectPaths) -> Callable[[Iterable[tuple[str, Path]]], None]:
    """The PII scan for the people this project knows, as a function for `publish`."""
    return partial(refuse_personal, known=known_people(paths))


def refuse_personal_history(paths: ProjectPaths, known: Known) -> None:
    """Scans what Dagster has written since the staging database was opened: events, error messages, logs.

    The UI may be writing meanwhile, and SQLite may move what a `-wal` file holds into its database and remove the file at
    any moment. So those are read first: what has gone from them is found in the database.

    Raises:
        PersonalDataError: As `refuse_personal`.
    """
    opened = paths.lock.with_suffix(".holder")
    if not opened.exists():
        return
    since, found = opened.stat().st_mtime, list[str]()
    for path in sorted((paths.dagster_home / ".dagster").rglob("*"), reverse=True):
        with suppress(FileNotFoundError):
            if not path.name.startswith(_INDEX) and path.stat().st_mtime >= since and path.is_file():
                found += _found_in(path.relative_to(paths.root).as_posix(), path, known)
    _refuse(found)


def personal_kinds(text: str, known: Known) -> Iterator[str]:
    """The kinds of personal data in a text, each once."""
    folded = text.casefold()
    if any(address.casefold() not in known.allowed and _DAGSTERS_OWN not in address for address in addresses_in(text)):
        yield "an e-mail address"
    if any(_is_personal_number(number, known) for number in _TELEPHONE.findall(text)) or _holds(
        folded, known.telephones
    ):
        yield "a telephone number"
    spaced = " ".join(folded.split()) if known.names else ""
    if any(_stands_in(name, spaced) for name in known.names):
        yield "a person's name"


def addresses_in(text: str) -> Iterator[str]:
    """E-mail addresses, searched from the @ outwards, since long runs of letters make a plain search very slow."""
    at = text.find("@")
    while at != -1:
        local = _LOCAL_PART.search(text[max(0, at - 64) : at])
        domain = _DOMAIN.match(text[at + 1 : at + _LETTERS_BESIDE_AT])
        if local and domain:
            yield f"{local.group()}@{domain.group()}"
        at = text.find("@", at + 1)


def texts_of(path: Path) -> Iterator[str]:
    """The texts that a reader, or a search, finds in a file: cells, labels, words, without fonts and pictures."""
    ending = path.suffix.lower()
    if ending in _DATABASES:
        yield from _cells_of(path)
    elif ending in _ARCHIVES:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels", ".csv", ".json", ".md", ".txt")):
                    yield _readable(archive.read(name).decode("utf-8", errors="replace"))
    elif ending in _TEXTS:
        yield _readable(path.read_text(encoding="utf-8", errors="replace"))
    elif ending not in _READ_ELSEWHERE:
        yield path.read_bytes().decode("latin-1")


def _readable(text: str) -> str:
    """A text both with its mark-up, for attributes, and without, for words that are split by it."""
    plain = _DATA_ADDRESS.sub("", text)
    if "<" not in plain:
        return plain
    return f"{html.unescape(plain)}\n{html.unescape(_TAG.sub('', plain))}"


def _cells_of(path: Path) -> Iterator[str]:
    """Distinct texts of every table, with the names and comments of tables and columns."""
    import duckdb

    if path.suffix == ".parquet":
        with _parquet_reader().cursor() as con:
            source = f"read_parquet('{path.as_posix()}')"
            described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            yield from _texts_in(con, [(source, name, "", kind) for name, kind, *_ in described])
        return
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{path.as_posix()}' AS published (READ_ONLY)")
        columns = con.execute(
            """SELECT format('"{}"."{}"."{}"', database_name, schema_name, table_name), column_name,
            coalesce(comment, ''), data_type FROM duckdb_columns() WHERE database_name = 'published'"""
        ).fetchall()
        yield from _texts_in(con, columns)


@cache
def _parquet_reader() -> DuckDBPyConnection:
    """An in-memory database for reading all Parquet files: making one takes longer than reading a file."""
    import duckdb

    return duckdb.connect()


def _texts_in(con: DuckDBPyConnection, columns: Iterable[tuple[str, str, str, str]]) -> Iterator[str]:
    """The texts in columns, given as (table, name, comment, type); each table is read once."""
    distinct: dict[str, list[str]] = {}
    for table, name, comment, kind in columns:
        yield f"{name}\n{comment}"
        if kind == "VARCHAR":
            distinct.setdefault(table, []).append(f'list(DISTINCT "{name}")')
    for table, lists in distinct.items():
        for texts in con.execute(f"SELECT {', '.join(lists)} FROM {table}").fetchall()[0]:
            yield from (text for text in texts or () if text)


def _is_personal_number(number: str, known: Known) -> bool:
    return number.casefold() not in known.allowed and _digits(number) not in map(_digits, known.allowed)


def _holds(folded: str, numbers: Iterable[str]) -> bool:
    """Whether a known number is in the text, however it is spaced."""
    if not numbers:
        return False
    runs = {_digits(run) for run in re.findall(r"(?<![\d.])\+?\d[\d ()-]{7,20}\d(?![\d.])", folded)}
    return any(number[-_FEWEST_DIGITS:] in {run[-_FEWEST_DIGITS:] for run in runs} for number in numbers)


def _stands_in(name: str, spaced: str) -> bool:
    at = spaced.find(name)
    while at != -1:
        before, after = spaced[at - 1 : at], spaced[at + len(name) : at + len(name) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = spaced.find(name, at + 1)
    return False


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())

"""Scans files: what is about to be published, what configuration says, what Dagster wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from landscape.errors import PersonalDataError
from landscape.paths import ProjectPaths
from landscape.pii_scan.carriers import Part, parts_of, views_of
from landscape.pii_scan.known import ADDRESS, ALLOWED_FILE, KINDS, NAME, NUMBER, Known
from landscape.pii_scan.normal import normal

Scan = Callable[[Iterable[tuple[str, Path]]], None]
"""Scans files, given by name and path; raises PersonalDataError if there is personal data in one."""

_INDEX = "index.db"  # of Dagster: repeats what is in the file of each run
_MOST_PLACES = 5
_SOURCE = "find the answer or the cell it comes from, and declare its question `personal` or `private`"
_REMEDIES = {
    ADDRESS: f"an address that is public, such as a team's, may be added to data/reference/{ALLOWED_FILE}",
    NUMBER: f"a number that is public, such as an office's, may be added to data/reference/{ALLOWED_FILE}",
    NAME: "words that are nobody's name but were typed as one are to be corrected in the received file",
}


def refuse_personal(files: Iterable[tuple[str, Path]], known: Known) -> None:
    """Scans files, given by name and path, that are about to be published.

    Raises:
        PersonalDataError: There is personal data in a file; the error names file, row and kind, never the words.
    """
    _refuse([each for name, path in files for each in found_in(name, path, known)])


def refuse_personal_in(folder: Path, known: Known) -> None:
    """Scans all files below a folder; raises as `refuse_personal`."""
    files = ((p.relative_to(folder).as_posix(), p) for p in sorted(folder.rglob("*")) if p.is_file())
    refuse_personal(files, known)


def scan_with(known: Known) -> Scan:
    """The scan for these people, as a function for `publish`."""
    return partial(refuse_personal, known=known)


def refuse_personal_settings(files: Iterable[tuple[str, Path]], known: Known) -> None:
    """Scans what people edit: codebook, questionnaires, lists, settings; the list of public addresses is left out.

    Raises:
        PersonalDataError: There is personal data in it; nothing was made.
    """
    found = [each for name, path in files if path.name != ALLOWED_FILE for each in found_in(name, path, known)]
    if found:
        raise PersonalDataError(
            "there is personal data in what is published with every table, so nothing was made",
            culprits=found,
            remedy=f"take it out of these lines; {_remedies(found)}",
        )


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
                found += found_in(path.relative_to(paths.root).as_posix(), path, known)
    _refuse(found)


def _refuse(found: list[str]) -> None:
    if found:
        raise PersonalDataError(
            "personal data would have been published, so nothing was",
            culprits=found,
            remedy=f"{_SOURCE}; {_remedies(found)}",
        )


def _remedies(found: list[str]) -> str:
    return "; ".join(says for kind, says in _REMEDIES.items() if any(each.endswith(kind) for each in found))


def found_in(name: str, path: Path, known: Known) -> list[str]:
    """What is personal in a file: where, and of which kind; its own name is searched too."""
    found = dict.fromkeys(f"the name of a {path.suffix} file: {kind}" for kind in known.kinds_in(normal(name)))
    name = f"a {path.suffix} file" if found else name
    for part in parts_of(path):
        kinds = kinds_in(part.texts, part.form, known)
        if kinds:
            found |= dict.fromkeys(f"{place}: {kind}" for place, kind in _places(name, part, kinds, known))
    return list(found)


def kinds_in(texts: Iterable[str], form: str, known: Known) -> set[str]:
    """The kinds of personal data in texts that lie beside each other."""
    read, split = views_of("\n".join(texts), form)
    kinds = set(known.kinds_in(normal(read)))
    if split and NAME not in kinds and known.has_name(normal(split)):
        kinds.add(NAME)
    return kinds


def _places(name: str, part: Part, kinds: set[str], known: Known) -> Iterator[tuple[str, str]]:
    """Where each kind is: the first lines or rows that hold it alone, or with the next one."""
    is_telling = any(known.kinds_in(normal(part.name)))
    inside = ", ".join(filter(None, (name, "a file in it" if is_telling else part.name)))
    for kind in filter(kinds.__contains__, KINDS):
        numbers = list[int]()
        for beside in (1, 2) if part.unit else ():
            if not numbers:
                rows = range(len(part.texts))
                numbers = [n for n in rows if kind in kinds_in(part.texts[n : n + beside], part.form, known)]
        shown = [f"{inside}, {part.unit} {n + 1}" for n in numbers[:_MOST_PLACES]]
        yield from ((place, kind) for place in shown or [inside])

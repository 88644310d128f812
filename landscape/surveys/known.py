"""Whom the PII scan searches for: read from received files and lists into memory, and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from landscape.identity.speakers import read_speakers
from landscape.paths import ProjectPaths, surveys_folder
from landscape.pii_scan import ALLOWED_FILE, Known, Scan, allowed_addresses, scan_with
from landscape.stamps import FileHashes, files_under
from landscape.surveys.definition import read_surveys
from landscape.surveys.invited import InvitedList, invited_lists
from landscape.surveys.person_rows import person_rows
from landscape.surveys.received import ReceivedFile, received_files

FORMER_VAULT = "contacts.duckdb"
"""A second file of names, in `data`, that earlier versions made; it is removed."""
_NAMED = frozenset({"name", "full name", "your name", "respondent name"})
"""Headings under which a tool itself notes who answered."""


def known_people(paths: ProjectPaths) -> Known:
    """Everyone in received files, in lists of invitations and in the team's own list of speakers; nobody made up.

    Files are read once in a process, until one of them changes.

    Raises:
        LandscapeError: A file cannot be read, so that nobody can say who is in it.
    """
    if not has_received(paths):
        return people_in(paths, (), ())
    content = FileHashes().under(
        paths.root, *_folders(paths), paths.pulled, paths.speakers, paths.reference / ALLOWED_FILE
    )
    return _known(paths, content)


def has_received(paths: ProjectPaths) -> bool:
    """Whether any file of people was received."""
    return any(files_under(*_folders(paths)))


def _folders(paths: ProjectPaths) -> list[Path]:
    return [folder for folder in sorted(paths.raw.glob("*")) if folder.is_dir() and folder != paths.police_uk]


def scan_for(paths: ProjectPaths) -> Scan:
    """The PII scan for the people this project knows, as a function for `publish`."""
    return scan_with(known_people(paths))


@lru_cache(maxsize=1)
def _known(paths: ProjectPaths, _content: str) -> Known:
    surveys = read_surveys(surveys_folder(), paths.reference)
    return people_in(paths, received_files(paths, surveys), invited_lists(paths, surveys))


def people_in(paths: ProjectPaths, files: Iterable[ReceivedFile], lists: Iterable[InvitedList]) -> Known:
    """The people in these files and lists, and the speakers."""
    real = [file for file in files if not file.is_sample]
    rows = [row for file in real for row in person_rows(file)]
    rows += [row for invited in lists if not invited.is_sample for row in invited.person_rows()]
    speakers = read_speakers(paths).values()
    noted = (name for file in real for name in _noted_by_tool(file))
    return Known(
        names=frozenset(filter(None, (*(row.name for row in rows), *noted, *(one.name for one in speakers)))),
        telephones=frozenset(filter(None, (*(row.telephone for row in rows), *(one.telephone for one in speakers)))),
        allowed=allowed_addresses(paths),
    )


def _noted_by_tool(file: ReceivedFile) -> Iterator[str]:
    sheet = file.export.sheets[0]
    named = [c.position for c in sheet.columns if c.role == "tool" and c.heading.strip().casefold() in _NAMED]
    for row in sheet.rows if named else ():
        if len(row.cells) == len(sheet.columns):
            yield from (row.cells[at].strip() for at in named)

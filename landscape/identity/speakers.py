"""The people who spoke at visits, as far as the team lists them privately: data/private/speakers.csv."""

from __future__ import annotations

from typing import NamedTuple

from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import read_csv
from landscape.writing import one_writer, write_ledger

_OPTIONAL = ("email", "telephone", "visit")


class Speaker(NamedTuple):
    """One line of the list.

    Args:
        name: Who spoke.
        email: Their address, if it is known.
        telephone: Their number, if it is known.
        visit: The visit, as in `force_visits/2017/V01`.
    """

    name: str
    email: str
    telephone: str
    visit: str


def read_speakers(paths: ProjectPaths) -> dict[int, Speaker]:
    """The speakers by their line in the list; nobody where the team keeps none.

    Raises:
        LandscapeError: It cannot be read, or has other columns.
    """
    if not paths.speakers.exists():
        return {}
    rows = read_csv(paths.speakers, ("name",), may_have=_OPTIONAL)
    return {row.line: Speaker(row["name"], *(row.get(name, "") for name in _OPTIONAL)) for row in rows}


def drop_speakers(paths: ProjectPaths, lines: frozenset[int]) -> int:
    """Takes lines out of the list; returns how many."""
    with one_writer(paths):
        speakers = read_speakers(paths)
        kept = [speaker for line, speaker in speakers.items() if line not in lines]
        if len(kept) < len(speakers):
            write_ledger(paths, paths.speakers, [Speaker._fields, *kept])
    return len(speakers) - len(kept)

"""The people who spoke at visits, as far as the team lists them privately: data/private/speakers.csv."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from landscape.paths import ProjectPaths
from landscape.settings.csvfiles import read_csv
from landscape.writing import write_ledger

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


def write_speakers_without(paths: ProjectPaths, target: Path, lines: frozenset[int]) -> bool:
    """Writes the list without some of its lines into another file; returns whether any line is left."""
    kept = [speaker for line, speaker in read_speakers(paths).items() if line not in lines]
    write_ledger(paths, target, [Speaker._fields, *kept])
    return bool(kept)

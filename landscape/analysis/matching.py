"""Whom an area could learn from, read from the published marts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.martfiles import DATABASE
from landscape.paths import ProjectPaths
from landscape.places.areas import deciding_spellings, normal_spelling, read_aliases
from landscape.settings.csvfiles import read_csv

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NEAREST = 3


@dataclass(frozen=True)
class Match:
    """A source area, the place and points of the match, and why, in one sentence."""

    rank: int
    source_area_name: str
    score: int
    reasons: str


@dataclass(frozen=True)
class AreaMatches:
    """What one area could learn.

    Args:
        force_area_name: The area.
        is_visited: Whether it was visited; if not, nothing can be said to be missing there.
        matches: The best first.
        is_sample: Whether they are based on made-up visits.
    """

    force_area_name: str
    is_visited: bool
    matches: tuple[Match, ...]
    is_sample: bool


def matches_of(paths: ProjectPaths, area: str) -> AreaMatches:
    """The learning matches of one area.

    Args:
        paths: The project folder.
        area: Its name, code or any reviewed spelling, in any case.

    Raises:
        LandscapeError: There is no such area (the error names similar ones), or there are no marts yet.
    """
    import duckdb

    code = force_area_code(paths, area)
    database = paths.marts / DATABASE
    if not database.exists():
        raise LandscapeError(
            "there are no marts yet", file="data/marts", remedy="every refresh makes them: landscape refresh"
        )
    with duckdb.connect(database, read_only=True) as con:
        return _read(con, code)


def _read(con: DuckDBPyConnection, code: str) -> AreaMatches:
    name, is_visited, is_sample = con.execute(
        "SELECT force_area_name, is_visited, is_sample FROM marts.force_areas WHERE force_area_code = ?", [code]
    ).fetchall()[0]
    found = con.execute(
        "SELECT match_rank, source_area_name, match_score, reasons FROM marts.learning_matches "
        "WHERE force_area_code = ? ORDER BY match_rank, source_area_code",
        [code],
    ).fetchall()
    return AreaMatches(name, is_visited, tuple(Match(*row) for row in found), is_sample)


def force_area_code(paths: ProjectPaths, text: str) -> str:
    """The code of the force area with this name, code or reviewed spelling.

    Raises:
        LandscapeError: There is none; the error names similar ones.
    """
    from rapidfuzz import fuzz, process

    areas = read_csv(paths.reference / "force_areas.csv", ("force_area_code", "force_area_name"))
    names = {row["force_area_code"]: row["force_area_name"] for row in areas}
    aliases = read_aliases(paths.reference)
    known = {normal_spelling(code): code for code in names}
    known |= {normal_spelling(text): area for text, area in deciding_spellings(aliases)}
    known |= {normal_spelling(name): code for code, name in names.items()}
    sought = normal_spelling(text)
    if sought in known:
        return known[sought]
    every = {normal_spelling(row["alias"]): row["force_area_code"] for row in aliases} | known
    near = process.extract(sought, list(every), scorer=fuzz.WRatio, limit=None)
    nearest = list(dict.fromkeys(names[every[spelling]] for spelling, _, _ in near))[:_NEAREST]
    raise LandscapeError(
        f"there is no force area {text}",
        culprits=[f"perhaps: {name}" for name in nearest],
        remedy=f"give a name or code; the areas are {', '.join(names.values())}",
    )

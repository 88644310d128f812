"""The summary of a refresh, in a few lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.paths import ProjectPaths
from landscape.surveys.statuses import outside_every_wave, said_by_survey

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.definition import Survey


@dataclass(frozen=True)
class Summary:
    """The lines that a person reads after a refresh.

    Args:
        is_sample: Whether it is based on made-up responses.
        lines: (what, how much) pairs, in reading order.
        places: Where things were written, below the project folder.
        warnings: What a person should see to.
    """

    is_sample: bool
    lines: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def summarise(con: DuckDBPyConnection, paths: ProjectPaths, surveys: Iterable[Survey]) -> Summary:
    """Sums up the staging database after a refresh of these surveys."""
    files = con.execute("SELECT count(*), sum(n_rows), bool_or(is_sample) FROM staged.submissions").fetchone()
    n_files, n_rows, made_up = files if files else (0, 0, False)
    issues = con.execute("SELECT count(*) FROM staged.issues").fetchone()
    covered = con.execute(
        "SELECT count(*) FILTER (is_visited), count(*), sum(n_visits) FROM marts.force_areas"
    ).fetchone()
    n_visited, n_areas, n_visits = covered if covered else (0, 0, 0)
    places = [paths.marts / "landscape.duckdb", paths.figures, *sorted(paths.reports.glob("landscape.*"))]
    return Summary(
        is_sample=bool(made_up),
        lines=(
            ("Files read", f"{n_files}, with {n_rows or 0} rows"),
            *said_by_survey(con).items(),
            ("Issues", f"{issues[0] if issues else 0} to look at in reports/issues.xlsx"),
            ("Coverage", f"{n_visited} of {n_areas} force areas visited, {n_visits} visits"),
        ),
        places=tuple(place.relative_to(paths.root).as_posix() for place in places),
        warnings=outside_every_wave(con, surveys),
    )

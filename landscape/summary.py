"""The summary of a refresh, in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.paths import ProjectPaths

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Summary:
    """The lines that a person reads after a refresh.

    Args:
        is_sample: Whether it is based on made-up responses.
        lines: (what, how much) pairs, in reading order.
        places: Where things were written, below the project folder.
    """

    is_sample: bool
    lines: tuple[tuple[str, str], ...]
    places: tuple[str, ...]


def summarise(con: DuckDBPyConnection, paths: ProjectPaths) -> Summary:
    """Sums up the staging database after a refresh."""
    files = con.execute("SELECT count(*), sum(n_rows), bool_or(is_sample) FROM staged.submissions").fetchone()
    n_files, n_rows, made_up = files if files else (0, 0, False)
    statuses = con.execute(
        "SELECT survey, string_agg(n || ' ' || status, ', ' ORDER BY n DESC, status) "
        "FROM (SELECT survey, status, count(*) AS n FROM staged.responses GROUP BY ALL) GROUP BY survey ORDER BY survey"
    ).fetchall()
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
            *((survey, text) for survey, text in statuses),
            ("Issues", f"{issues[0] if issues else 0} to look at in reports/issues.xlsx"),
            ("Coverage", f"{n_visited} of {n_areas} force areas visited, {n_visits} visits"),
        ),
        places=tuple(place.relative_to(paths.root).as_posix() for place in places),
    )

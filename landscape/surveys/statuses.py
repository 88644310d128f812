"""Whether a response counts, and why not: the one statement that check, summary, issues, UI and report share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from landscape.surveys.placing import GONE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.definition import Survey

COUNTED, OUTSIDE_WAVE = "counted", "outside_wave"
STATUSES: dict[str, tuple[str, str]] = {
    COUNTED: ("counted", "it is in the figures"),
    OUTSIDE_WAVE: ("outside every wave", "its day is in no wave of survey.yml, so it is not counted"),
    "partial": ("partial", "not finished, so it is not counted"),
    "test": ("test", "the team’s own trial, so it is not counted"),
    "rejected": ("rejected", "turned down by a person in the survey tool, so it is not counted"),
    "duplicate": ("duplicate", "the same again, so it is not counted twice"),
    "superseded": ("superseded", "a later one is there in its place"),
    "withdrawn": ("withdrawn", "deleted at the service that the survey is pulled from, so it is not read any more"),
}
"""Each status with what people call it, and what it means. The order is that of every list of them."""

RESPONSE_STATUSES = f"""
SELECT survey, status, count(*) AS n_responses
FROM (
    SELECT survey, status FROM staged.responses
    UNION ALL
    SELECT survey, 'withdrawn' FROM staged.issues WHERE reason = '{GONE}'
)
GROUP BY survey, status
ORDER BY survey, list_position({list(STATUSES)}, status)
"""
"""How many responses of each survey have each status. What is withdrawn is not loaded; its row is among the issues."""

_OUTSIDE = f"""
SELECT count(*), min(submitted_on), max(submitted_on) FROM staged.responses
WHERE status = '{OUTSIDE_WAVE}' AND survey = ? GROUP BY submitted_on IS NULL ORDER BY submitted_on IS NULL
"""


def said_by_survey(con: DuckDBPyConnection) -> dict[str, str]:
    """How many responses of each survey have which status, in one line a survey."""
    said: dict[str, list[str]] = {}
    for survey, status, n in con.execute(RESPONSE_STATUSES).fetchall():
        said.setdefault(survey, []).append(f"{n} {STATUSES[status][0]}")
    return {survey: ", ".join(parts) for survey, parts in said.items()}


def outside_every_wave(con: DuckDBPyConnection, surveys: Iterable[Survey]) -> tuple[str, ...]:
    """For each survey with responses outside its waves: how many, when they were given, the waves, and what to do.

    Args:
        con: The staging database, after the staged tables.
        surveys: All surveys, or those to look at.
    """
    return tuple(
        _said(survey, *counted) for survey in surveys for counted in con.execute(_OUTSIDE, [survey.name]).fetchall()
    )


def _said(survey: Survey, n: int, first: dt.date | None, last: dt.date | None) -> str:
    responses, are, them = ("response", "is", "it") if n == 1 else ("responses", "are", "them")
    if first is None or last is None:
        return (
            f"{n} {responses} to {survey.name} without a date that can be read {are} in no wave and not counted. "
            f"To count {them}, put the date right, or name the wave of undated responses in {_settings(survey)} (`undated`)."
        )
    when = f"on {_day(first)}" if first == last else f"between {_day(first)} and {_day(last)}"
    waves = ", ".join(f"{wave.wave} ({_day(wave.opens_on)} to {_day(wave.closes_on)})" for wave in survey.waves)
    known = f"Its only wave is {waves}" if len(survey.waves) == 1 else f"Its waves are {waves}"
    return (
        f"{n} {responses} to {survey.name}, given {when}, {are} outside every wave and not counted. {known}. "
        f"To count {them}, add or change a wave in {_settings(survey)}, with retain_until after its last day."
    )


def _settings(survey: Survey) -> str:
    return f"assets/raw/surveys/{survey.name}/survey.yml"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"

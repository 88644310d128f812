"""Phrases that several figures share."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from landscape.charts.bands import Band, fill_of
from landscape.charts.frame import Row
from landscape.charts.maps import AreaCell
from landscape.charts.text import listed

if TYPE_CHECKING:
    import pandas as pd

    from landscape.places.landscape import Names

STATE_LABELS = {
    "not_covered": "not covered",
    "suppressed": "suppressed",
    "not_said": "not said",
    "out_of_scope": "out of scope",
}
NOT_SAID = "nothing was found, nobody visited, or it may not be named"
"""What a release says of an area of which it says nothing: no more than this."""

NOT_A_RANKING = (
    "Counts follow where researchers went and whom they spoke to: they are neither rates nor a ranking, "
    "and an area not yet covered is not an area without engagement."
)


def caption(*sentences: str) -> str:
    """Number of cases, coverage and rules as one paragraph."""
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)


def visited(areas: pd.DataFrame) -> str:
    """Coverage by visits: "9 of 12 force areas visited"."""
    by_name = ", as far as they may be named" if (areas.visits_state == "not_said").any() else ""
    return f"{int(areas.is_visited.sum())} of {len(areas)} force areas visited{by_name}"


def where_recorded(areas: pd.DataFrame) -> str:
    """Where the counted activities run: " in 8 of 12 areas"; in a release not all areas may be named."""
    where = f"{int((areas.state == 'value').sum())} of {len(areas)} areas"
    return f"; those that may be named in {where}" if _is_unsaid(areas) else f" in {where}"


def not_said_note(areas: pd.DataFrame) -> str:
    """What not said means, if nothing is said of an area; otherwise ""."""
    return f"Not said: {NOT_SAID}" if _is_unsaid(areas) else ""


def _is_unsaid(areas: pd.DataFrame) -> bool:
    return bool((areas.state == "not_said").any() or (areas.visits_state == "not_said").any())


def elsewhere_note(rows: pd.DataFrame, name: str) -> str:
    """What a release says of areas that it does not name, by class; "" where it says nothing of them.

    Args:
        rows: A mart with the column elsewhere.
        name: The column with what is in those areas.
    """
    said = rows.dropna(subset=["elsewhere"])
    notes = [f"{words}, for {listed(of_class[name])}" for words, of_class in said.groupby("elsewhere")]
    return f"Elsewhere, not named: {'; '.join(notes)}. Fewer than 3 may be none" if notes else ""


def as_a_whole(names: Names) -> str:
    """Coverage of counts that are not by area: "The North of England as a whole, no finer"."""
    return f"{names.full_at_start} as a whole, no finer"


def closing(rows: pd.DataFrame) -> str:
    """The wave of a table of people and its last day, for the end of a subtitle; "" where there are no rows."""
    if rows.empty:
        return ""
    return f"; wave of {rows.wave.iloc[0]}, which closes on {long_date(rows.closes_on.iloc[0])}"


def visit_dates(areas: pd.DataFrame) -> str:
    """When the visits took place: "visits from 12 June to 3 October 2017"; "" where there were none."""
    import pandas as pd

    days = pd.to_datetime(areas.first_visited_on), pd.to_datetime(areas.last_visited_on)
    first, last = days[0].min(), days[1].max()
    if pd.isna(first):
        return ""
    if first == last:
        return f"visit on {long_date(first)}"
    start = long_date(first) if first.year != last.year else long_date(first).rsplit(" ", 1)[0]
    return f"visits from {start} to {long_date(last)}"


def long_date(day: datetime.date) -> str:
    """A date as printed in Britain: 30 September 2017."""
    return f"{day.day} {day:%B %Y}"


def visits_source(is_sample: bool) -> str:
    """Where activities and visits come from."""
    return f"Source: research visits to police forces and commissioners’ offices{sample_note(is_sample)}."


def sample_note(is_sample: bool) -> str:
    """What a source line adds where the rows are made up."""
    return " (made-up sample rows)" if is_sample else ""


def area_cell(row: Row, value: float | None, label: str, what: str, bands: list[Band]) -> AreaCell:
    """An area filled by its band or its state.

    Args:
        row: A row with force_area_code, force_area_name and state.
        value: The value where the state is `value`.
        label: Written on the area where it is covered.
        what: Shown when it is pointed at, where it is covered.
        bands: The classes of the value.
    """
    _, fill = fill_of(row.state, value, bands)
    shown = STATE_LABELS.get(row.state)
    return AreaCell(
        code=row.force_area_code,
        name=row.force_area_name,
        fill=fill,
        label=shown or label,
        hover=f"{row.force_area_name}: {shown or what}",
    )

"""Where researchers have been: to both bodies, to one, or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import map_with_table
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.maps import AreaCell
from landscape.charts.style import BLUE, PAPER, SEQUENTIAL, STATE_FILLS, STATE_NAMES, Fill
from landscape.charts.tables import Column
from landscape.charts.text import counted, listed
from landscape.charts.words import NOT_SAID as UNSAID
from landscape.charts.words import caption, visit_dates, visited, visits_source
from landscape.places.boundaries import ATTRIBUTION
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

NOT_SAID = "[c]"
READS = ("marts.force_areas", TABLE)
FILLS = {
    "Force and commissioner’s office": Fill(BLUE, PAPER),
    "Force only": Fill(SEQUENTIAL[1]),
    "Commissioner’s office only": Fill(SEQUENTIAL[0], pattern="."),
    "Others in the area only": Fill(PAPER, pattern="+"),
    "Not yet visited": STATE_FILLS["not_covered"],
    STATE_NAMES["not_said"]: STATE_FILLS["not_said"],
}


_UNVISITED = {"not_covered": "not visited", "not_said": "not said"}


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the coverage map.

    Args:
        tables: The tables in `READS`.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    areas = tables["marts.force_areas"].sort_values("force_area_name", ignore_index=True)
    counts = ["n_visits", "n_force_visits", "n_commissioner_visits"]
    areas[counts] = areas[counts].astype("Int64")
    areas["visit_coverage"] = [_coverage(row) for row in rows_of(areas)]
    cells = {
        row.force_area_code: AreaCell(
            code=row.force_area_code,
            name=row.force_area_name,
            fill=FILLS[row.visit_coverage],
            label=counted(row.n_visits, "visit") if row.is_visited else _UNVISITED[row.visits_state],
            hover=f"{row.force_area_name}: {_in_words(row)}",
        )
        for row in rows_of(areas)
    }
    return map_with_table(
        _words(names_in(tables), areas),
        boundaries,
        cells,
        key=[(label, fill) for label, fill in FILLS.items() if label in set(areas.visit_coverage)],
        key_title="Visited",
        columns=[
            Column("Force area", 116, is_number=False),
            Column("To force", 60),
            Column("To commissioner", 88),
        ],
        rows=[
            (row.force_area_name, _number(row.n_force_visits), _number(row.n_commissioner_visits))
            if row.is_visited
            else (row.force_area_name, "–", "–")
            for row in rows_of(areas)
        ],
        data=areas[
            [
                "force_area_code",
                "force_area_name",
                "visit_coverage",
                "n_visits",
                "n_force_visits",
                "n_commissioner_visits",
                "first_visited_on",
                "last_visited_on",
            ]
        ],
    )


def _coverage(row: Row) -> str:
    if not row.is_visited:
        return STATE_NAMES["not_said"] if row.visits_state == "not_said" else "Not yet visited"
    to_force, to_office = (_number(n) not in ("0", NOT_SAID) for n in (row.n_force_visits, row.n_commissioner_visits))
    if to_force and to_office:
        return "Force and commissioner’s office"
    if to_force:
        return "Force only"
    return "Commissioner’s office only" if to_office else "Others in the area only"


def _number(n: object) -> str:
    """A number of visits; empty if some may not be named."""
    import pandas as pd

    return NOT_SAID if n is pd.NA else f"{n:,}"


def _in_words(row: Row) -> str:
    if not row.is_visited:
        return "not said" if row.visits_state == "not_said" else "not yet visited"
    return (
        f"{counted(row.n_visits, 'visit')}, {_number(row.n_force_visits)} to the force "
        f"and {_number(row.n_commissioner_visits)} to the commissioner’s office"
    )


def _words(names: Names, areas: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    n_visited, n_areas = int(areas.is_visited.sum()), len(areas)
    n = counted(int(areas.n_visits.sum()), "visit")
    unvisited = listed(areas.loc[areas.visits_state == "not_covered", "force_area_name"])
    n_unsaid = int((areas.visits_state == "not_said").sum())
    if n_unsaid:
        n += " that may be named"
    headline = (
        f"Visits that may be named were made in {n_visited} of the {n_areas} force areas"
        if n_unsaid
        else f"Researchers have visited {n_visited} of the {n_areas} force areas"
    )
    when = visit_dates(areas)
    is_partial = bool(
        areas.loc[areas.is_visited.astype(bool), ["n_force_visits", "n_commissioner_visits"]].isna().any(axis=None)
    )
    return Words(
        figure_id="coverage_map",
        headline="Where researchers have visited" if is_sample else headline,
        subtitle=f"Police force areas of {names.full}, by who was visited{when and f', {when}'}",
        caption=caption(
            n,
            visited(areas),
            f"Not said of {counted(n_unsaid, 'area')}: {UNSAID}" if n_unsaid else "",
            f"Not yet visited: {unvisited}" if unvisited else "" if n_unsaid else "Every area was visited",
            f"{NOT_SAID}: visits may not be named; “only” goes as far as visits may be named" if is_partial else "",
            "One visit can be to a force and to its commissioner’s office together",
            "What later figures count follows this coverage",
        ),
        source=f"{visits_source(is_sample)} {ATTRIBUTION}",
        alt=f"Map of the {n_areas} police force areas of {names.full}: {n_visited} visited, "
        f"{f'{n_unsaid} not said' if n_unsaid else f'{n_areas - n_visited} not yet visited'}.",
        long_description=caption(*(f"{row.force_area_name}: {_in_words(row)}" for row in rows_of(areas))),
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

"""Whom each area could ask first, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import READS_RULES
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.maps import AreaCell
from landscape.charts.match_map import map_with_arrows
from landscape.charts.style import PAPER, STATE_FILLS, STATE_NAMES, Fill
from landscape.charts.tables import Column
from landscape.charts.text import counted
from landscape.charts.words import caption, visited, visits_source
from landscape.places.boundaries import ATTRIBUTION

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.learning_matches", "marts.force_areas", READS_RULES)
VISITED = "Visited"
UNVISITED = {"not_covered": "not visited", "not_said": "not said"}
FILLS = {VISITED: Fill(PAPER), **{STATE_NAMES[state]: STATE_FILLS[state] for state in ("not_covered", "not_said")}}
COLUMNS = (
    Column("Area", 108, is_number=False),
    Column("could first ask", 108, is_number=False),
    Column("points", 48),
)
POINTS = {
    "shared_objective": "objective in common",
    "shared_challenge": "challenge in common",
    "practice": "type of activity to tell of",
    "evidence": "evaluation to tell of",
    "product": "product to tell of",
    "cautionary_tale": "cautionary tale to tell of",
}
NOTHING = "No two areas match yet."


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the first match of every area, from the area that could be asked to the area that could learn.

    Args:
        tables: The tables in `READS`.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    every = tables["marts.learning_matches"]
    data = every[every.match_rank == 1].drop(columns=["is_sample"])
    data = data.sort_values(["force_area_name", "source_area_name"], ignore_index=True)
    states = {row.force_area_code: STATE_NAMES.get(row.visits_state, VISITED) for row in rows_of(areas)}
    firsts = dict(data.groupby("force_area_code").source_area_name.agg(" or ".join))
    return map_with_arrows(
        _words(data, areas, tables[READS_RULES]),
        boundaries,
        {
            row.force_area_code: AreaCell(
                code=row.force_area_code,
                name=row.force_area_name,
                fill=FILLS[states[row.force_area_code]],
                label=UNVISITED.get(row.visits_state, ""),
                hover=_hover(row, firsts),
            )
            for row in rows_of(areas)
        },
        list(zip(data.source_area_code, data.force_area_code, strict=True)),
        key=[(label, fill) for label, fill in FILLS.items() if label in states.values()],
        key_title="An arrow leads from the area that could be asked to the area that could learn",
        columns=COLUMNS,
        rows=[(row.force_area_name, row.source_area_name, f"{row.match_score:g}") for row in rows_of(data)]
        or [(NOTHING, "", "")],
        data=data,
    )


def _hover(row: Row, firsts: Mapping[str, str]) -> str:
    if not row.is_visited:
        return f"{row.force_area_name}: {UNVISITED[row.visits_state]}"
    return f"{row.force_area_name}: could first ask {firsts.get(row.force_area_code, 'nobody yet')}"


def _words(data: pd.DataFrame, areas: pd.DataFrame, rules: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    n = counted(data.force_area_code.nunique(), "area with a match", "areas with a match")
    weights = rules[rules.rule == "learning_match"].set_index("parameter").parameter_value
    points = ", ".join(f"{weights[name]} for each {what}" for name, what in POINTS.items())
    n_visited = int(areas.is_visited.sum())
    finding = f"For {data.force_area_code.nunique()} of {n_visited} visited areas, another has something to tell"
    return Words(
        figure_id="learning_matches",
        headline="Whom each area could ask first" if is_sample or data.empty else finding,
        subtitle="Pairs of areas that share objectives or challenges, where one has something the other lacks on record",
        caption=caption(
            n,
            visited(areas),
            f"Points: {points}",
            "Points grow with what was recorded, and so with the number of visits: compare them within one area",
            "A match proposes a conversation; it does not say that one area is better",
            "Only what may be reported by area counts; two arrows to one area are two first matches",
        ),
        source=f"{visits_source(is_sample)} {ATTRIBUTION}",
        alt=f"Map of the force areas with arrows from the area that could be asked to the area that could learn: {n}.",
        long_description=caption(
            *(
                f"{row.force_area_name} could first ask {row.source_area_name} ({row.match_score:g} points). {row.reasons}"
                for row in rows_of(data)
            )
        )
        or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

"""Activities recorded in each area, beside how often it was visited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.charts.area_charts import map_with_tiles
from landscape.charts.bands import count_bands, fill_of, key_of
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.objectives import known_only
from landscape.charts.text import counted
from landscape.charts.words import (
    NOT_A_RANKING,
    STATE_LABELS,
    area_cell,
    caption,
    not_said_note,
    visit_dates,
    visited,
    visits_source,
)
from landscape.places.boundaries import ATTRIBUTION

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.force_areas",)
COLUMNS = ["force_area_code", "force_area_name", "state", "n_activities", "band", "n_visits", "n_speakers"]


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the engagement activity map.

    Args:
        tables: marts.force_areas.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    areas = tables["marts.force_areas"].sort_values("force_area_name", ignore_index=True)
    counts = {row.force_area_code: _count(row) for row in rows_of(areas)}
    bands = count_bands(count for count in counts.values() if count)
    cells = {
        row.force_area_code: area_cell(
            row,
            counts[row.force_area_code],
            f"{counts[row.force_area_code]}" + ("" if row.visits_state == "not_said" else f" ({_visits(row)})"),
            _in_words(row),
            bands,
        )
        for row in rows_of(areas)
    }
    tiles = {
        code: replace(cell, label="–" if counts[code] is None else str(counts[code])) for code, cell in cells.items()
    }
    drawn = [fill_of(row.state, counts[row.force_area_code], bands) for row in rows_of(areas)]
    areas["band"] = [label for label, _ in drawn]
    return map_with_tiles(
        _words(areas),
        boundaries,
        cells,
        tiles,
        key=key_of(drawn, bands),
        key_title="Activities recorded",
        data=known_only(areas, ["n_activities"])[COLUMNS],
    )


def _count(row: Row) -> int | None:
    return int(row.n_activities) if row.state in ("value", "zero") else None


def _in_words(row: Row) -> str:
    count = _count(row)
    if count is None:
        return STATE_LABELS[row.state]
    return f"{counted(count, 'activity', 'activities')} recorded, {_visits(row)}"


def _visits(row: Row) -> str:
    return "visits not said" if row.visits_state == "not_said" else counted(row.n_visits, "visit")


def _words(areas: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    counted_areas = areas[areas.state == "value"]
    total = counted(int(counted_areas.n_activities.sum()), "activity", "activities")
    where = f"{len(counted_areas)} of {len(areas)} areas"
    n = f"{total}, counted in each area they run in; {where}"
    when = visit_dates(areas)
    return Words(
        figure_id="activity_map",
        headline="Engagement activities recorded, by force area"
        if is_sample
        else f"Engagement activities are recorded in {len(counted_areas)} of the {len(areas)} force areas",
        subtitle="Number of engagement activities recorded (visits in brackets)" + (when and f"; {when}"),
        caption=caption(n, visited(areas), not_said_note(areas), NOT_A_RANKING),
        source=f"{visits_source(is_sample)} {ATTRIBUTION}",
        alt=f"Map and tile map of engagement activities recorded by police force area: {where} have some.",
        long_description=caption(*(f"{row.force_area_name}: {_in_words(row)}" for row in rows_of(areas))),
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

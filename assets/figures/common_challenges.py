"""Which challenges were named about which areas, the common ones first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import READS_RULES, parameter
from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.count_map import by_place, count_map
from landscape.charts.frame import rows_of
from landscape.charts.text import counted, listed
from landscape.charts.words import caption, elsewhere_note, visited, visits_source

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.challenge_areas", "marts.common_challenges", "marts.force_areas", READS_RULES)
NOTHING = "No challenge has been recorded yet."
MOST_NAMED = 3  # no headline with more names than this
COLUMNS = [
    "challenge_code", "challenge_name", "is_common", "n_areas", "n_types_of_speaker", "force_area_code", "force_area_name",
    "n_assertions", "state",
]  # fmt: skip


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw area × challenge: how often each was asserted, common challenges above the others.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    every = tables["marts.common_challenges"]
    found = every[every.n_assertions > 0].sort_values(
        ["is_common", "n_areas", "challenge_name"], ascending=[False, False, True]
    )
    cells = tables["marts.challenge_areas"]
    about = found[["challenge_code", "is_common", "n_areas", "n_speaker_types"]].rename(
        columns={"n_speaker_types": "n_types_of_speaker"}
    )
    data = about.merge(cells, on="challenge_code").sort_values(["challenge_name", "force_area_name"])[COLUMNS]
    words = _words(found, areas, tables[READS_RULES])
    if found.empty:
        return statement(words, NOTHING, data)
    return count_map(
        words,
        rows=[f"{row.challenge_name}{' (common)' if row.is_common else ''}" for row in rows_of(found)],
        columns=list(areas.force_area_name),
        lines=by_place(data, "challenge_code", found.challenge_code, areas.force_area_code),
        count="n_assertions",
        key_title="Times the challenge was asserted about the area",
        data=data,
    )


def _words(found: pd.DataFrame, areas: pd.DataFrame, rules: pd.DataFrame) -> Words:
    is_sample = bool(areas.is_sample.any())
    common = found[found.is_common]
    fewest_areas, fewest_types = (
        parameter(rules, "common_challenges", name) for name in ("fewest_areas", "fewest_speaker_types")
    )
    n = f"{len(common)} of {counted(len(found), 'challenge')} named are common"
    widest = common[common.n_areas == common.n_areas.max()]
    finding = None
    if len(common) and len(widest) <= MOST_NAMED and not is_sample:
        names = listed(f"“{name}”" for name in widest.challenge_name)
        finding = f"Named about the most areas ({widest.n_areas.iloc[0]}): {names}"
    return Words(
        figure_id="common_challenges",
        headline=finding or "Challenges named, by force area",
        subtitle="How often each challenge was asserted about each area; common challenges first, by the number of areas",
        caption=caption(
            n,
            visited(areas),
            f"Common: asserted about at least {fewest_areas} areas by at least {fewest_types} types of speaker",
            "An assertion is what one type of speaker said at one visit: it counts statements, not people, and proves no fact",
            "What nobody mentioned may still be felt",
            elsewhere_note(found, "challenge_name"),
        ),
        source=visits_source(is_sample),
        alt=f"Grid of challenges by force area. {n}.",
        long_description=caption(
            *(
                f"{row.challenge_name}: asserted {counted(row.n_assertions, 'time')} about "
                f"{counted(row.n_areas, 'area')} by {counted(row.n_speaker_types, 'type of speaker', 'types of speaker')}, "
                f"{'common' if row.is_common else 'not common'}"
                for row in rows_of(found)
            )
        )
        or NOTHING,
        n=n,
        coverage=visited(areas),
        is_sample=is_sample,
    )

"""Which topics people put among their first three, for events and for research."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart
from landscape.charts.priorities import PICKS, READS, Asked, priorities_chart

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

__all__ = ["PICKS", "READS", "draw"]
_ASKED = Asked(
    figure_id="priority_ranking",
    suffix="_rank",
    title="Topics that people put among their first three",
    says="Share who put the topic first, second or third",
    first="Most often among the first three",
    note="The three places are counted together; people could leave places empty",
)


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw how many put each topic among their first three, in the latest wave.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    return priorities_chart(_ASKED, tables)

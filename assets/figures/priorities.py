"""What people want from events and from research, in the landscape as a whole."""

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
    figure_id="priorities",
    suffix="_topics",
    title="Priorities for future events and research",
    says="Share who chose the topic",
    first="Selected most often",
    note="People could select several topics, so shares can add to more than 100%",
)


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the topics chosen in the latest wave.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    return priorities_chart(_ASKED, tables)

"""Police community support officers per 100,000 people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.chart import Chart
from landscape.charts.context import context_map

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("marts.context",)


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the context map of police community support officers.

    Args:
        tables: marts.context.
        boundaries: force_area_code and geometry (EPSG:27700).
    """
    return context_map("context_pcsos", tables["marts.context"], boundaries, measure_code="pcsos")

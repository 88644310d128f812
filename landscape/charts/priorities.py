"""What the figures on priorities draw in common: the latest wave, in the North as a whole. Not here: how they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.disclosure.profiles import STANDARD
from landscape.disclosure.suppression_mask import SUPPRESSED

if TYPE_CHECKING:
    import pandas as pd

COVERAGE = "North of England as a whole, no finer"
FEWEST = STANDARD.smallest_base
NETWORK = "North of England Police-Community Engagement Network"
PURPOSES = {"events": "Priorities for events", "research": "Priorities for research"}


def latest_wave(every: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The latest wave at the cut `north`.

    Args:
        every: A mart on priorities, as people may be shown.
        by: The number of a topic that orders them, both purposes together.

    Returns:
        Its rows; and those of them that are shown, the topics with most first.
    """
    north = every[every.cut == "north"]
    north = north[north.wave == north.wave.max()]
    drawn = north[north.state != SUPPRESSED].copy()
    drawn["order"] = drawn.groupby("topic_code")[by].transform("sum")
    return north, drawn.sort_values(["order", "topic_name", "purpose"], ascending=[False, True, True])


def n_answered(rows: pd.DataFrame) -> int:
    """How many people answered; 0 where that is not shown, or nobody did."""
    shown = rows.n_answered.dropna()
    return int(shown.max()) if len(shown) else 0

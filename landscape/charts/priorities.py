"""What the figures on priorities share: the latest wave, in the landscape as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.disclosure.profiles import STANDARD
from landscape.disclosure.suppression_mask import SUPPRESSED

if TYPE_CHECKING:
    import pandas as pd

FEWEST = STANDARD.smallest_base
PURPOSES = {"events": "Priorities for events", "research": "Priorities for research"}


def latest_wave(every: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The latest wave at the cut `all`.

    Args:
        every: A safe table on priorities.
        by: The count that topics are ordered by, both purposes together.

    Returns:
        Its rows; and those that are shown, the topics with most first.
    """
    whole = every[every.cut == "all"]
    whole = whole[whole.wave == whole.wave.max()]
    drawn = whole[whole.state != SUPPRESSED].copy()
    drawn["order"] = drawn.groupby("topic_code")[by].transform("sum")
    return whole, drawn.sort_values(["order", "topic_name", "purpose"], ascending=[False, True, True])


def n_answered(rows: pd.DataFrame) -> int:
    """How many people answered; 0 if that is suppressed or nobody did."""
    shown = rows.n_answered.dropna()
    return int(shown.max()) if len(shown) else 0

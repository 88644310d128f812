"""The suppression mask: with a hidden count, everything worked out from it is hidden."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.disclosure.profiles import Profile

if TYPE_CHECKING:
    import pandas as pd
    from pandas._libs.missing import NAType

SUPPRESSED = "suppressed"
SYMBOLS = {SUPPRESSED: "[c]", "withheld": "[c]", "not_covered": "[x]", "out_of_scope": "[z]"}
"""The symbol in a cell without a number, by state."""

SHARES = ("selected_share", "respondent_share")
INTERVALS = ("interval_low_share", "interval_high_share")
_Z = 1.959964  # of a 95 % interval


def masked(frame: pd.DataFrame, hidden: Sequence[bool], counts: Sequence[str], profile: Profile) -> pd.DataFrame:
    """The frame as published: hidden rows without a number, the others rounded as the profile says.

    Shares and intervals are worked out again from the published numbers, so that they cannot reveal more.
    Rows must already be sorted by name, never by a count: an order is a ranking.

    Args:
        frame: Counts with everything worked out from them; `counts[0]` decides between value and zero.
        hidden: For each row, whether it is suppressed.
        counts: Columns that count people; empty cells stay empty.
        profile: The thresholds.

    Returns:
        The frame with `state`: value, zero or suppressed.
    """
    import pandas as pd

    shown = frame.reset_index(drop=True)
    secret = pd.Series(list(hidden), dtype=bool)
    for column in counts:
        published = [None if pd.isna(n) else profile.rounded(int(n)) for n in shown[column]]
        shown[column] = pd.Series(published, dtype="Int64").mask(secret)
    for column in (*SHARES, *INTERVALS):
        if column in shown.columns:
            shown[column] = [
                _derived(column, x, n, profile) for x, n in zip(shown["n_selected"], shown["n_answered"], strict=True)
            ]
            shown[column] = shown[column].astype("Float64")
    states = ["zero" if n == 0 else "value" for n in shown[counts[0]].fillna(1)]
    shown["state"] = pd.Series(states, dtype="str").mask(secret, SUPPRESSED)
    return shown


def _derived(column: str, x: int | NAType, n: int | NAType, profile: Profile) -> float | None:
    import pandas as pd

    if isinstance(x, type(pd.NA)) or isinstance(n, type(pd.NA)) or n < profile.smallest_base:
        return None
    if column in SHARES:
        return round(x / n, 4)
    return round(wilson(x, n)[INTERVALS.index(column)], 4)


def wilson(x: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval (1927) of x of n, from 0 to 1.

    >>> [round(limit, 4) for limit in wilson(10, 40)]
    [0.1419, 0.4019]
    """
    centre = (x + _Z**2 / 2) / (n + _Z**2)
    half_width = _Z / (n + _Z**2) * math.sqrt(x * (n - x) / n + _Z**2 / 4)
    return max(centre - half_width, 0), min(centre + half_width, 1)

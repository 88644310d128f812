"""Few classes for a choropleth or heat map, with their labels and fills."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from landscape.charts.style import SEQUENTIAL_FILLS, STATE_FILLS, STATE_NAMES, Fill

MOST_COUNT_BANDS = 4
MOST_RATE_BANDS = 5
_COUNT_STEPS = (1, 2, 3, 5, 10, 20, 25, 50)
_RATE_STEPS = (1, 2, 5, 10, 20, 25, 50, 100)


@dataclass(frozen=True)
class Band:
    """One class: values with low ≤ value < high share a fill."""

    low: float
    high: float
    label: str
    fill: Fill


def count_bands(counts: Iterable[int]) -> list[Band]:
    """At most four equal classes of whole numbers from 1 up, with round widths.

    >>> [band.label for band in count_bands([0, 2, 9])]
    ['1 to 3', '4 to 6', '7 to 9']
    """
    most = max(counts, default=0)
    step = _step(most, MOST_COUNT_BANDS)
    lows = range(1, most + 1, step)
    labels = [str(low) if step == 1 else f"{low:,} to {low + step - 1:,}" for low in lows]
    return [
        Band(low, low + step, label, fill) for low, label, fill in zip(lows, labels, SEQUENTIAL_FILLS, strict=False)
    ]


def rate_bands(rates: Iterable[float]) -> list[Band]:
    """At most five equal classes of a rate, with round limits; none where there is no rate.

    >>> [band.label for band in rate_bands([10.9, 28.3])]
    ['10 to under 15', '15 to under 20', '20 to under 25', '25 to under 30']
    """
    known = sorted(Decimal(repr(rate)) for rate in rates)  # exact, so that 1.9 is not below its own limit
    if not known:
        return []
    scale = Decimal(1).scaleb((known[-1] or Decimal(1)).adjusted() - 1)
    low, high = known[0] / scale, known[-1] / scale
    step = next(step for step in _RATE_STEPS if high // step - low // step + 1 <= MOST_RATE_BANDS)
    limits = [float(i * step * scale) for i in range(int(low // step), int(high // step) + 2)]
    return [
        Band(start, end, f"{start:,g} to under {end:,g}", fill)
        for start, end, fill in zip(limits, limits[1:], SEQUENTIAL_FILLS, strict=False)
    ]


def _step(most: int, bands: int) -> int:
    power = 1
    while True:
        for step in _COUNT_STEPS:
            if math.ceil(most / (step * power)) <= bands:
                return step * power
        power *= 100


def fill_of(state: str, value: float | None, bands: Iterable[Band]) -> tuple[str, Fill]:
    """The key label and fill of one cell: by its band where it has a value, else by its state."""
    if state != "value" or value is None:
        return STATE_NAMES[state], STATE_FILLS[state]
    return next((band.label, band.fill) for band in bands if band.low <= value < band.high)


def key_of(drawn: Iterable[tuple[str, Fill]], bands: Iterable[Band]) -> list[tuple[str, Fill]]:
    """The key of what was drawn: bands in their order, then states in theirs; nothing that is absent."""
    present = set(drawn)
    order = [
        *((band.label, band.fill) for band in bands),
        *((STATE_NAMES[state], STATE_FILLS[state]) for state in STATE_FILLS),
    ]
    return [item for item in order if item in present]

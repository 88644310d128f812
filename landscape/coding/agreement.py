"""How far coders agree, by Krippendorff's alpha, with an interval and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Codes = frozenset[str] | None
"""The codes one coder gave to one unit; None if they did not code it."""

USED_FROM, TENTATIVE_FROM = 0.8, 0.667
USED, TENTATIVE, BACK, NOT_COMPUTED = "used", "tentative", "back_to_definition", "not_computed"
_N_DRAWS = 1000
_SEED = 20170509
_PERCENTILES = (2.5, 97.5)
_DECIMALS = 3


@dataclass(frozen=True)
class Measured:
    """The agreement of coders on something.

    Args:
        alpha: Krippendorff's alpha: 1 is perfect agreement, 0 what chance would give; None if nothing varied.
        low: Lower bound of its 95 % bootstrap interval; None if most resamples do not vary.
        high: Upper bound.
        n_units: Units that at least two coders coded.
        n_given: Of these, units to which any of them gave the code; for whole schemes, all of them.
    """

    alpha: float | None
    low: float | None
    high: float | None
    n_units: int
    n_given: int

    @property
    def verdict(self) -> str:
        """The consequence: .80 and above is used, from .667 tentative, below that back to the definition."""
        if self.alpha is None:
            return NOT_COMPUTED
        return USED if self.alpha >= USED_FROM else TENTATIVE if self.alpha >= TENTATIVE_FROM else BACK


def agreement_on_sets(coders: Sequence[Sequence[Codes]]) -> Measured:
    """Agreement on a whole scheme, where a unit may have several codes.

    The distance of two sets of codes is the share of their codes that only one of them has (Jaccard's distance). With one
    code each, that is agreement or disagreement, and the value is alpha for nominal data. A mean over codes was not
    chosen: rare codes would count as much as common ones, and codes nobody used would not count at all.

    Args:
        coders: What each coder gave to each unit; coders × units.

    Source: Krippendorff, K. (2019), Content Analysis, 4th ed., chapter 12; Jaccard, P. (1912), New Phytologist 11(2).
    """
    import numpy as np

    given = sorted({tuple(sorted(codes)) for line in coders for codes in line if codes is not None})
    sets = [frozenset(codes) for codes in given]
    distances = np.array([[1 - len(a & b) / len(a | b) if a | b else 0.0 for b in sets] for a in sets])
    place = {codes: at for at, codes in enumerate(sets)}
    return _measure(
        [[None if codes is None else place[codes] for codes in line] for line in coders], distances, is_code=False
    )


def agreement_on_code(coders: Sequence[Sequence[Codes]], code: str) -> Measured:
    """Agreement on whether a unit has one code: alpha for nominal data with two values.

    Args:
        coders: What each coder gave to each unit; coders × units.
        code: The code.

    Source: Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability.
    """
    import numpy as np

    has_it = [[None if codes is None else int(code in codes) for codes in line] for line in coders]
    return _measure(has_it, 1.0 - np.eye(2), is_code=True)


def _measure(values: Sequence[Sequence[int | None]], distances: NDArray[Any], *, is_code: bool) -> Measured:
    """Alpha of values numbered from 0, with its interval by resampling units, always with the same draws."""
    import numpy as np

    units = [unit for unit in zip(*values, strict=True) if sum(value is not None for value in unit) > 1]
    if not units:
        return Measured(None, None, None, 0, 0)
    counts = np.array([[unit.count(at) for at in range(len(distances))] for unit in units])
    alpha = _alpha(counts, distances)
    low = high = None
    if alpha is not None:
        draws = np.random.default_rng(_SEED).integers(0, len(counts), (_N_DRAWS, len(counts)))
        drawn = [found for draw in draws if (found := _alpha(counts[draw], distances)) is not None]
        if len(drawn) > _N_DRAWS / 2:
            low, high = (round(float(bound), _DECIMALS) for bound in np.percentile(drawn, _PERCENTILES))
    n_given = int((counts[:, 1:].sum(axis=1) > 0).sum()) if is_code else len(counts)
    return Measured(None if alpha is None else round(alpha, _DECIMALS), low, high, len(counts), n_given)


def _alpha(counts: NDArray[np.int_], distances: NDArray[Any]) -> float | None:
    """Alpha from how many coders gave each value to each unit; None if only one value occurs.

    Alpha = 1 − observed / expected disagreement. Observed: the distance of every pair of values that a unit got from two
    coders, each unit weighted by 1 / (its coders − 1). Expected: that of every pair of all values, whatever the unit,
    divided by (all values − 1).

    Args:
        counts: Units × values; each unit has at least two coders.
        distances: Values × values; 0 between a value and itself.

    Source: Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability.
    """
    weights = 1 / (counts.sum(axis=1, keepdims=True) - 1)
    met = (counts * weights).T @ counts  # this also pairs a value with itself, at distance 0
    given = counts.sum(axis=0)
    expected = float(given @ distances @ given) / max(int(given.sum()) - 1, 1)
    return 1 - float((met * distances).sum()) / expected if expected else None

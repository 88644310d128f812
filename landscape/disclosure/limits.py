"""The limits of what is printed about people: rounding, few and all but few, tenths, and the line without a number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

FEWEST_PEOPLE = 10
"""Of fewer people than this nothing is shown; nor of a group, or a remainder, of fewer."""

SMALL = 3
"""A count is printed if it is at least this, and at least this many are left."""

STEP = 5
FEWEST_VALUES = 3
"""A hidden or rounded count must be able to be any of at least this many numbers."""

_MOST_JOINED = 3  # options that join a line; worlds with more are left out, so what is found safe is safe
_Z = 1.959964  # of a 95 % interval


def rounded(count: int) -> int:
    """The nearest multiple of 5.

    >>> rounded(2), rounded(3), rounded(7), rounded(8)
    (0, 5, 5, 10)
    """
    return (count + STEP // 2) // STEP * STEP


def behind(printed: int) -> tuple[int, int]:
    """The smallest and the largest count that is rounded to this number.

    >>> behind(0), behind(45)
    ((0, 2), (43, 47))
    """
    return max(printed - STEP // 2, 0), printed + STEP // 2


def is_printed(count: int, everybody: int) -> bool:
    """Whether x of n is printed as it is: neither few nor all but few.

    >>> is_printed(2, 12), is_printed(3, 12), is_printed(9, 12), is_printed(10, 12)
    (False, True, True, False)
    """
    return SMALL <= count <= everybody - SMALL


def tenths(count: int, everybody: int) -> int:
    """The share in tenths, halves up; 1 says “fewer than 2”, 9 says “more than 8”.

    >>> tenths(0, 20), tenths(4, 20), tenths(13, 20), tenths(20, 20)
    (1, 2, 7, 9)
    """
    return min(max((20 * count + everybody) // (2 * everybody), 1), 9)


def groups_shown(sizes: Mapping[str, int], everybody: int) -> tuple[str, ...]:
    """The groups to show, so that the remainder is nobody or large enough to be shown as one group.

    The remainder could be worked out by subtraction, so the smallest group joins it while it is small.

    Args:
        sizes: People by group; no person is in two groups, some may be in none.
        everybody: All people.

    >>> groups_shown({"a": 19, "b": 8, "c": 8, "d": 5}, everybody=40)
    ('a',)
    >>> groups_shown({"a": 15, "b": 20, "c": 5}, everybody=40)
    ('b',)
    >>> groups_shown({"a": 33, "b": 7}, everybody=40)
    ()
    """
    shown = {group: size for group, size in sizes.items() if size >= FEWEST_PEOPLE}
    while shown and 0 < everybody - sum(shown.values()) < FEWEST_PEOPLE:
        del shown[min(shown, key=lambda group: (shown[group], group))]
    return tuple(sorted(shown))


def line_of(counts: Sequence[int]) -> frozenset[int] | None:
    """The options of a question with one answer that form one line without a number.

    They are those that fewer than three chose. The sum of the line is known by subtraction, so while it leaves one of
    them fewer than three values, the smallest printed options join it (all that are equal).

    Args:
        counts: How many chose each option, “no answer” included; together everybody.

    Returns:
        Their places; None if not even all options together are safe.

    >>> sorted(line_of([20, 15, 1, 0, 1]))
    [2, 3, 4]
    >>> sorted(line_of([10, 9, 0]))
    [1, 2]
    """
    line = {place for place, count in enumerate(counts) if count < SMALL}
    while line:
        printed = sorted({count for place, count in enumerate(counts) if place not in line})
        if _is_safe(len(line), sum(counts[place] for place in line), printed[0] if printed else math.inf):
            return frozenset(line)
        if not printed:
            return None
        line |= {place for place, count in enumerate(counts) if count == printed[0]}
    return frozenset()


@cache
def _is_safe(cells: int, together: int, next_printed: float) -> bool:
    """Whether each option of a line can have any of three numbers, for a reader who knows the sum and the rule.

    Args:
        cells: Options in the line.
        together: Their sum.
        next_printed: The smallest number printed; all of the line are below it.
    """
    seen: set[int] = set()
    for world in _worlds(cells, together, next_printed):
        seen.update(world)
        if len(seen) >= FEWEST_VALUES:
            return True
    return False


def _worlds(cells: int, together: int, next_printed: float) -> Iterator[list[int]]:
    """The counts, in order, that the rule would put into this line."""
    for n_joined in range(min(cells - 1, _MOST_JOINED) + 1):
        n_small = cells - n_joined
        for ones in range(n_small + 1):
            for twos in range(n_small - ones + 1):
                small = [0] * (n_small - ones - twos) + [1] * ones + [2] * twos
                for joined in _ascending(n_joined, together - sum(small), SMALL, next_printed):
                    if _is_joined_by_rule(small, joined):
                        yield small + joined


def _ascending(parts: int, together: int, least: int, below: float) -> Iterator[list[int]]:
    if parts == 0:
        if together == 0:
            yield []
        return
    for first in range(least, together // parts + 1):
        if first < below:
            for rest in _ascending(parts - 1, together - first, first, below):
                yield [first, *rest]


def _is_joined_by_rule(small: list[int], joined: list[int]) -> bool:
    """Whether the line was unsafe before each of these joined."""
    for at, count in enumerate(joined):
        is_first_of_equals = at == 0 or joined[at - 1] < count
        if is_first_of_equals and _is_safe(len(small) + at, sum(small) + sum(joined[:at]), count):
            return False
    return True


def wilson(x: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval (1927) of x of n, from 0 to 1.

    >>> [round(limit, 4) for limit in wilson(10, 40)]
    [0.1419, 0.4019]
    """
    centre = (x + _Z**2 / 2) / (n + _Z**2)
    half_width = _Z / (n + _Z**2) * math.sqrt(x * (n - x) / n + _Z**2 / 4)
    return max(centre - half_width, 0), min(centre + half_width, 1)

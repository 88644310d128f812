"""The thresholds of disclosure control: the profiles standard and strict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One set of thresholds.

    Args:
        name: The name to ask for it by.
        smallest_count: A count of people from 1 up to below this is not shown.
        smallest_base: Opinions of fewer people than this are not shown, so that no small group is shown to be
            unanimous.
        smallest_move: A table is not updated while a total in it has moved by less than this since the last release.
        rounding: Counts are rounded to the nearest multiple of this; 1 leaves them as they are.
    """

    name: str
    smallest_count: int
    smallest_base: int
    smallest_move: int
    rounding: int

    def rounded(self, count: int) -> int:
        """The count as it is published; halves go up.

        >>> STRICT.rounded(12), STRICT.rounded(13), STANDARD.rounded(13)
        (10, 15, 13)
        """
        return (2 * count + self.rounding) // (2 * self.rounding) * self.rounding

    def behind(self, published: int) -> tuple[int, int]:
        """The smallest and largest count of people that is published as this number.

        >>> STRICT.behind(10), STRICT.behind(15), STANDARD.behind(15), STRICT.behind(0)
        ((10, 12), (13, 17), (15, 15), (0, 0))
        """
        if published == 0:
            return 0, 0
        low = published - self.rounding // 2
        return max(low, self.smallest_count), low + self.rounding - 1


STANDARD = Profile("standard", smallest_count=3, smallest_base=10, smallest_move=5, rounding=1)
STRICT = Profile("strict", smallest_count=10, smallest_base=10, smallest_move=5, rounding=5)
PROFILES = {profile.name: profile for profile in (STANDARD, STRICT)}

"""Which counts of people are hidden: the small ones, and those that would give them away."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from landscape.disclosure.audit import exposed_cells, is_small
from landscape.disclosure.counts import GREATEST_LOSS, Cell, Counts
from landscape.disclosure.profiles import Profile


def suppressed(counts: Counts, profile: Profile, secret: bytes) -> frozenset[Cell]:
    """The cells to hide: primary, then secondary until the audit finds nothing exposed.

    Primary: a count from 1 up to below the threshold. Secondary: where a total and its parts hide exactly one
    cell, another of them is hidden too; then, while the audit finds a cell exposed, a neighbour of it. A zero
    is not hidden. Where no choice is safe, everything but the bases is hidden; where a base is small, everything.

    The group with the fewest cells to choose from goes first; in it, the cell with the least information loss is
    hidden, and totals of the greatest loss only when nothing else is left. Among equals a secret order decides, never
    the count: if the smallest were always taken, the choice would reveal counts.

    Args:
        counts: The true counts.
        profile: The thresholds.
        secret: The key of the secret order; the same key, cells and counts hide the same cells.
    """
    if any(counts.values[base] < profile.smallest_base for base in counts.bases):
        return frozenset(counts.values)
    choice = _Choice(counts, {cell for cell in counts.values if is_small(counts, cell, profile)}, secret)
    choice.cover()
    while exposed := exposed_cells(counts, choice.hidden, profile):
        near = [each.cells for each in counts.sums if not set(exposed).isdisjoint(each.cells)]
        if not choice.hide_one(near) and not choice.hide_one([tuple(counts.values)]):
            break
        choice.cover()
    else:
        return frozenset(choice.hidden)
    all_but_bases = frozenset(counts.values) - counts.bases
    return all_but_bases if not exposed_cells(counts, all_but_bases, profile) else frozenset(counts.values)


@dataclass(frozen=True)
class _Choice:
    """What is hidden so far, and the order in which more would be hidden."""

    counts: Counts
    hidden: set[Cell]
    secret: bytes

    def cover(self) -> None:
        """Hides a second cell wherever a total and its parts hide exactly one."""
        while self.hide_one([s.cells for s in self.counts.sums if len(self.hidden.intersection(s.cells)) == 1]):
            pass

    def hide_one(self, among: Iterable[tuple[Cell, ...]]) -> bool:
        """Hides the next cell in order from the group with the fewest cells to choose from, if there is any."""
        options = [found for cells in among if (found := sorted(filter(self._can_hide, cells), key=self.place))]
        if not options:
            return False
        first = min(
            options, key=lambda found: (self.place(found[0])[0] == GREATEST_LOSS, len(found), self.place(found[0]))
        )[0]
        self.hidden.add(first)
        return True

    def _can_hide(self, cell: Cell) -> bool:
        return self.counts.values[cell] > 0 and cell not in self.hidden and cell not in self.counts.bases

    def place(self, cell: Cell) -> tuple[int, bytes]:
        """The cell's place in the order of hiding."""
        return self.counts.information_loss.get(cell, 0), hmac.digest(
            self.secret, "\x1f".join(cell).encode(), hashlib.sha256
        )

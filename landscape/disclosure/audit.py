"""The audit: what an attacker can still work out about a hidden count."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from landscape.disclosure.counts import Cell, Counts
from landscape.disclosure.profiles import Profile
from landscape.errors import DisclosureError

if TYPE_CHECKING:
    import highspy

FEWEST_VALUES = 3
"""A hidden count must be able to be any of at least this many numbers."""


def audit(counts: Counts, hidden: Collection[Cell], profile: Profile) -> None:
    """Proves that no hidden count can be narrowed down to fewer than three numbers.

    Args:
        counts: The true counts.
        hidden: The cells that are not published.
        profile: The thresholds.

    Raises:
        DisclosureError: A small count is published, or a hidden one can be worked out; it names table and cell only.
    """
    shown_small = [c for c in sorted(counts.values) if c not in hidden and is_small(counts, c, profile)]
    exposed = shown_small + exposed_cells(counts, hidden, profile)
    if exposed:
        raise DisclosureError(
            "counts of people would be exposed, so nothing is published",
            culprits=[f"{cell[0]}: {' × '.join(cell[1:])}" for cell in exposed],
            remedy="hide more cells of these tables (landscape/disclosure/suppress.py does so by itself); "
            "a table published by hand must go through landscape.disclosure",
        )


def is_small(counts: Counts, cell: Cell, profile: Profile) -> bool:
    """Whether the cell holds somebody, but too few to be shown."""
    return cell not in counts.bases and 0 < counts.values[cell] < profile.smallest_count


def exposed_cells(counts: Counts, hidden: Collection[Cell], profile: Profile) -> list[Cell]:
    """The hidden cells that an attacker can narrow down to fewer than three numbers, in order.

    The attacker knows every published number, all totals and `known`, that counts are whole numbers, that a zero
    is not hidden (so a hidden cell holds at least one person: this is also all that members of the cell know
    from being in it), and that something is hidden only because, in every group of hidden cells linked by
    totals, at least one count is below the threshold. Where all cells are hidden, zeros are too, and the last two
    do not apply.
    """
    return sorted(cell for group in _Attack(counts, hidden, profile).groups() for cell in group.exposed())


class _Attack:
    """The counts unknown to the attacker, and the equations between them."""

    def __init__(self, counts: Counts, hidden: Collection[Cell], profile: Profile) -> None:
        self.hidden = frozenset(hidden)
        self.profile = profile
        is_all_hidden = counts.values.keys() <= self.hidden | counts.bases
        self.fewest_small = 0 if is_all_hidden else 1
        least = 0 if is_all_hidden else 1
        most = 2 * max(counts.values.values(), default=0) + 2 * profile.smallest_count
        self.ranges: dict[Cell, tuple[int, int]] = {}
        for cell, value in counts.values.items():
            if cell in self.hidden:
                self.ranges[cell] = (least, most)
            else:
                self.ranges[cell] = profile.behind(profile.rounded(value))
        # Each relation: factors of the unknown cells, and the range of their sum.
        self.relations: list[tuple[dict[Cell, int], float, float]] = []
        for each in counts.sums:
            self._relate({**dict.fromkeys(each.parts, 1), each.whole: -1}, 0, 0)
        for known in counts.known:
            self._relate(dict.fromkeys(known.cells, 1), known.number, float("inf"))

    def _relate(self, factors: dict[Cell, int], low: float, high: float) -> None:
        certain = sum(f * self.ranges[c][0] for c, f in factors.items() if self._is_certain(c))
        unknown = {c: f for c, f in factors.items() if not self._is_certain(c)}
        if unknown:
            self.relations.append((unknown, low - certain, high - certain))

    def _is_certain(self, cell: Cell) -> bool:
        return self.ranges[cell][0] == self.ranges[cell][1]

    def groups(self) -> Iterator[_Group]:
        """The unknown cells in groups that are linked by relations."""
        leaders = {cell: cell for cell in self.ranges if not self._is_certain(cell)}

        def leader(cell: Cell) -> Cell:
            while leaders[cell] != cell:
                cell = leaders[cell]
            return cell

        for factors, _, _ in self.relations:
            first, *others = factors
            for other in others:
                leaders[leader(other)] = leader(first)
        members: dict[Cell, list[Cell]] = {}
        for cell in sorted(leaders):
            members.setdefault(leader(cell), []).append(cell)
        for cells in members.values():
            if self.hidden.intersection(cells):
                yield _Group(self, cells)


class _Group:
    """One group of unknown cells as a small integer program.

    The unknowns are the counts, then for each hidden cell a switch: 1 says that it is below the threshold.
    """

    def __init__(self, attack: _Attack, cells: list[Cell]) -> None:
        self.place = {cell: i for i, cell in enumerate(cells)}
        self.secret = [cell for cell in cells if cell in attack.hidden]
        self.ranges = [attack.ranges[cell] for cell in cells] + [(0, 1)] * len(self.secret)
        self.rules: list[tuple[dict[int, int], float, float]] = [
            ({self.place[cell]: factor for cell, factor in factors.items()}, low, high)
            for factors, low, high in attack.relations
            if next(iter(factors)) in self.place
        ]
        most_small = attack.profile.smallest_count - 1
        switches = range(len(cells), len(self.ranges))
        for cell, switch in zip(self.secret, switches, strict=True):
            most = attack.ranges[cell][1]  # count ≤ most_small wherever the switch is 1
            self.rules.append(({self.place[cell]: 1, switch: most}, -float("inf"), most_small + most))
        self.rules.append((dict.fromkeys(switches, 1), attack.fewest_small, len(self.secret)))
        self.solver = _solver(self.ranges, self.rules)
        self.seen: dict[Cell, set[int]] = {cell: set() for cell in self.secret}

    def exposed(self) -> list[Cell]:
        return [cell for cell in self.secret if not self._has_enough_values(cell)]

    def _has_enough_values(self, cell: Cell) -> bool:
        """Looks for the least, the greatest and then any number between; each solution counts for all cells."""
        seen = self.seen[cell]
        if len(seen) < FEWEST_VALUES:
            self._solve(cell, 1)
        if len(seen) < FEWEST_VALUES:
            self._solve(cell, -1)
        if len(seen) == FEWEST_VALUES - 1 and max(seen) - min(seen) > 1:
            self._solve(cell, 1, between=(min(seen) + 1, max(seen) - 1))
        return len(seen) >= FEWEST_VALUES

    def _solve(self, cell: Cell, direction: int, between: tuple[int, int] | None = None) -> None:
        at = self.place[cell]
        self.solver.clearSolver()  # one search must not influence the next
        self.solver.changeColCost(at, direction)
        self.solver.changeColBounds(at, *(between or self.ranges[at]))
        self.solver.run()
        found = self.solver.getSolution()
        if found.value_valid:
            self._note([round(number) for number in found.col_value])
        self.solver.changeColCost(at, 0)
        self.solver.changeColBounds(at, *self.ranges[at])

    def _note(self, solution: list[int]) -> None:
        """Keeps each cell's value in a solution, if the solution is exact: solvers have been wrong about that."""
        within = all(low <= number <= high for number, (low, high) in zip(solution, self.ranges, strict=True))
        if within and all(
            low <= sum(factor * solution[i] for i, factor in factors.items()) <= high
            for factors, low, high in self.rules
        ):
            for cell in self.secret:
                self.seen[cell].add(solution[self.place[cell]])


def _solver(ranges: list[tuple[int, int]], rules: list[tuple[dict[int, int], float, float]]) -> highspy.Highs:
    """HiGHS with whole numbers in their ranges and the rules between them, on one thread and without output."""
    import highspy
    import numpy as np

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    lows, highs = np.array(ranges, float).T
    solver.addVars(len(ranges), lows.copy(), highs.copy())
    whole = np.full(len(ranges), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(ranges), np.arange(len(ranges), dtype=np.int32), whole)
    for factors, low, high in rules:
        solver.addRow(low, high, len(factors), np.array([*factors], np.int32), np.array([*factors.values()], float))
    return solver

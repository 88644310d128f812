"""The audit: whether a reader could work out a count behind the printed tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.disclosure.limits import FEWEST_VALUES

if TYPE_CHECKING:
    import highspy

Cell = tuple[str, ...]
"""The name of a count: its table, then its row and its column."""


@dataclass
class Behind:
    """What a reader knows of the counts behind printed tables.

    Args:
        ranges: The least and the greatest number that each count can be, by what is printed of it.
        relations: Factors of counts, and the range of their sum.
        secret: The counts that must not be worked out: hidden ones and rounded ones.
    """

    ranges: dict[Cell, tuple[int, int]] = field(default_factory=dict)
    relations: list[tuple[Mapping[Cell, int], int, int]] = field(default_factory=list)
    secret: set[Cell] = field(default_factory=set)

    def add(self, cell: Cell, least: int, most: int) -> Cell:
        """Adds a count; it is secret unless there is only one number that it can be because it is printed."""
        self.ranges[cell] = (least, most)
        if least < most:
            self.secret.add(cell)
        return cell

    def relate(self, factors: Mapping[Cell, int], least: int, most: int) -> None:
        """Adds a relation between counts."""
        self.relations.append((factors, least, most))


def is_open(behind: Behind) -> bool:
    """Whether every secret count can be at least three numbers; otherwise a reader could work one out.

    Three numbers for an outsider leave two for a member of the cell, who knows of one person in it, since at most one of
    the three is nought. They also leave both “answered” and “did not answer” possible of everybody who is known to have
    been invited, since a list of invitations bounds nothing: a link is passed on. Whoever joins or leaves after a table was
    published changes nothing in it, because it is published once.
    """
    found = possible(behind, behind.secret)
    return found is not None and all(len(numbers) >= FEWEST_VALUES for numbers in found.values())


def possible(behind: Behind, wanted: Collection[Cell]) -> dict[Cell, set[int]] | None:
    """Numbers that each secret count can be, given all that a reader knows; None if nothing fits together.

    What the solver does not find counts as impossible, so that a doubt hides more, never less.

    Args:
        behind: What the reader knows.
        wanted: The counts of which at least three numbers are looked for, if there are as many.
    """
    found: dict[Cell, set[int]] = {}
    if not _may_fit(behind):
        return None
    for cells in _linked(behind):
        group = _Group(behind, cells)
        if not group.explore(wanted):
            return None
        found |= group.seen
    return found


def _may_fit(behind: Behind) -> bool:
    """Whether each relation, by itself, has a solution at all; most worlds that have none end here."""
    for factors, least, most in behind.relations:
        ends = [sorted(factor * end for end in behind.ranges[cell]) for cell, factor in factors.items()]
        if sum(low for low, _ in ends) > most or sum(high for _, high in ends) < least:
            return False
    return all(low <= high for low, high in behind.ranges.values())


def _linked(behind: Behind) -> Iterator[list[Cell]]:
    """The counts in groups that relations link."""
    leaders = {cell: cell for cell in behind.ranges}

    def leader(cell: Cell) -> Cell:
        while leaders[cell] != cell:
            leaders[cell] = leaders[leaders[cell]]
            cell = leaders[cell]
        return cell

    for factors, _, _ in behind.relations:
        first, *others = factors
        for other in others:
            leaders[leader(other)] = leader(first)
    groups: dict[Cell, list[Cell]] = {}
    for cell in behind.ranges:
        groups.setdefault(leader(cell), []).append(cell)
    yield from groups.values()


class _Group:
    """One group of linked counts as an integer program, and the numbers found for each secret count."""

    def __init__(self, behind: Behind, cells: list[Cell]) -> None:
        self.cells = cells
        self.place = {cell: at for at, cell in enumerate(cells)}
        self.secret = [cell for cell in cells if cell in behind.secret]
        self.ranges = [behind.ranges[cell] for cell in cells]
        self.relations = [
            ({self.place[cell]: factor for cell, factor in factors.items()}, least, most)
            for factors, least, most in behind.relations
            if next(iter(factors)) in self.place
        ]
        self.seen: dict[Cell, set[int]] = {cell: set() for cell in self.secret}
        self.is_solved = False

    def explore(self, wanted: Collection[Cell]) -> bool:
        """Looks for numbers of the wanted counts; whether there is any solution."""
        if not self.relations:
            for cell in self.secret:
                least, most = self._range(cell)
                self.seen[cell] = set(range(least, min(most, least + FEWEST_VALUES) + 1))
            return True
        self.solver = _solver(self.ranges, self.relations)
        for direction in (1, -1):  # one solution serves many counts
            self._solve(dict.fromkeys(self.secret, direction))
        if not self.is_solved:
            return False
        for cell in self.secret:
            if cell in wanted:
                self._find(cell)
        return True

    def _find(self, cell: Cell) -> None:
        """Looks for the least number of a count, the greatest, and then any between."""
        seen = self.seen[cell]
        for direction in (1, -1):
            if len(seen) < FEWEST_VALUES:
                self._solve({cell: direction})
        if len(seen) == FEWEST_VALUES - 1 and max(seen) - min(seen) > 1:
            self._solve({cell: 1}, between=(min(seen) + 1, max(seen) - 1))

    def _range(self, cell: Cell) -> tuple[int, int]:
        return self.ranges[self.place[cell]]

    def _solve(self, costs: Mapping[Cell, int], between: tuple[int, int] | None = None) -> None:
        """Looks for the least (or greatest) sum of some counts; every solution counts for all secret counts."""
        self.solver.clearSolver()  # one search must not influence the next
        for cell, cost in costs.items():
            self.solver.changeColCost(self.place[cell], cost)
            if between:
                self.solver.changeColBounds(self.place[cell], *between)
        self.solver.run()
        found = self.solver.getSolution()
        if found.value_valid:
            self._note([round(number) for number in found.col_value])
        for cell in costs:
            self.solver.changeColCost(self.place[cell], 0)
            self.solver.changeColBounds(self.place[cell], *self._range(cell))

    def _note(self, solution: list[int]) -> None:
        """Keeps each count of a solution, if the solution is exact: solvers have been wrong about that."""
        within = all(least <= number <= most for number, (least, most) in zip(solution, self.ranges, strict=True))
        if within and all(
            least <= sum(factor * solution[at] for at, factor in factors.items()) <= most
            for factors, least, most in self.relations
        ):
            self.is_solved = True
            for cell in self.secret:
                self.seen[cell].add(solution[self.place[cell]])


def _solver(ranges: list[tuple[int, int]], relations: list[tuple[dict[int, int], int, int]]) -> highspy.Highs:
    """HiGHS with whole numbers in their ranges and the relations between them, on one thread and without output."""
    import highspy
    import numpy as np

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_max_nodes", 200)
    lows, highs = np.array(ranges, float).T
    solver.addVars(len(ranges), lows.copy(), highs.copy())
    whole = np.full(len(ranges), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(ranges), np.arange(len(ranges), dtype=np.int32), whole)
    for factors, low, high in relations:
        solver.addRow(low, high, len(factors), np.array([*factors], np.int32), np.array([*factors.values()], float))
    return solver

"""Counts of people that add up: cells, totals, and what other tables show of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Cell = tuple[str, ...]
"""The name of a cell: its table, then its row and its column."""

TOTAL = "TOTAL"
GREATEST_LOSS = 2
"""The information loss of a cell that is hidden only when nothing else is left."""


@dataclass(frozen=True)
class Sum:
    """A total and the cells that add up to it."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The total first, then its parts."""
        return (self.whole, *self.parts)


@dataclass(frozen=True)
class AtLeast:
    """Known from another published table: these cells together count at least this many people."""

    cells: tuple[Cell, ...]
    number: int


@dataclass(frozen=True)
class Counts:
    """One table of counts of people, or several that share totals.

    Args:
        values: The true count of every cell.
        sums: Every total that a reader can work out.
        bases: Cells that are always published: how many people there are, or answered.
        information_loss: What hiding a cell costs a reader: 0 (not named here) the least, GREATEST_LOSS the most.
        known: What other published tables say about these cells.
    """

    values: Mapping[Cell, int]
    sums: tuple[Sum, ...]
    bases: frozenset[Cell] = frozenset()
    information_loss: Mapping[Cell, int] = field(default_factory=dict)
    known: tuple[AtLeast, ...] = ()


def crossed(name: str, inner: Mapping[tuple[str, str], int], known: Iterable[AtLeast] = ()) -> Counts:
    """A table of rows × columns with row totals, column totals and the grand total, which is its base.

    Hiding a row total is the greatest loss, then a column total.

    Args:
        name: The table's name.
        inner: People by row and column; every row has every column.
        known: What other published tables say about its cells.
    """
    rows = sorted({row for row, _ in inner})
    columns = sorted({column for _, column in inner})
    values: dict[Cell, int] = {(name, row, column): n for (row, column), n in inner.items()}
    information_loss: dict[Cell, int] = {}
    sums = []
    for row in rows:
        sums.append(Sum((name, row, TOTAL), tuple((name, row, column) for column in columns)))
        information_loss[name, row, TOTAL] = GREATEST_LOSS
    for column in columns:
        sums.append(Sum((name, TOTAL, column), tuple((name, row, column) for row in rows)))
        information_loss[name, TOTAL, column] = 1
    everybody: Cell = (name, TOTAL, TOTAL)
    sums.append(Sum(everybody, tuple((name, row, TOTAL) for row in rows)))
    sums.append(Sum(everybody, tuple((name, TOTAL, column) for column in columns)))
    for each in sums:
        values[each.whole] = sum(values[part] for part in each.parts)
    return Counts(
        values, tuple(sums), bases=frozenset({everybody}), information_loss=information_loss, known=tuple(known)
    )

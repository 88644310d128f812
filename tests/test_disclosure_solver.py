"""The audit's solver finds what another one, SciPy's, finds of the same tables, and prints nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_disclosure_suppression import SMALL_TABLES, grid

from landscape.disclosure.audit import FEWEST_VALUES, _Attack, _Group, exposed_cells
from landscape.disclosure.counts import AtLeast, Cell, Counts, crossed
from landscape.disclosure.profiles import STANDARD, STRICT, Profile

CELLS = sorted(crossed("t", grid((1, 1, 1), (1, 1, 1))).values)


def values_by_scipy(group: _Group, cell: Cell) -> Iterator[int]:
    """The least and the greatest number that a cell can hold, and one between them where there is one."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    place, size = group.place[cell], len(group.ranges)
    factors = np.array([[rule.get(i, 0) for i in range(size)] for rule, _, _ in group.rules])
    rules = LinearConstraint(factors, *zip(*[rule[1:] for rule in group.rules], strict=True))
    aim = np.eye(size)[place]
    lows, highs = np.array(group.ranges, float).T

    def solved(sign: int) -> int | None:
        found = milp(sign * aim, constraints=rules, bounds=Bounds(lows, highs), integrality=np.ones(size)).x
        return None if found is None else round(found[place])

    least, greatest = solved(1), solved(-1)
    if least is None or greatest is None:  # nothing small is hidden, which the attacker knows cannot be
        return
    yield from (least, greatest)
    if greatest - least > 1:
        lows[place], highs[place] = least + 1, greatest - 1
        between = solved(1)
        if between is not None:
            yield between


@pytest.mark.parametrize("profile", [STANDARD, STRICT])
@settings(deadline=None)
@given(
    cells=SMALL_TABLES,
    factor=st.sampled_from([1, 1, 5, 40]),
    chosen=st.sets(st.sampled_from(CELLS), min_size=2),
    known=st.none() | st.sampled_from(CELLS),
)
def test_two_solvers_find_the_same_cells_exposed(
    profile: Profile, cells: tuple[int, ...], factor: int, chosen: set[Cell], known: Cell | None
) -> None:
    table = crossed("t", grid(*[tuple(factor * n for n in row) for row in (cells[:3], cells[3:])]))
    bounds = (AtLeast((known,), table.values[known] - 1),) if known else ()
    counts = Counts(table.values, table.sums, table.bases, known=bounds)
    hidden = {cell for cell in chosen if counts.values[cell]} - counts.bases
    by_scipy = [
        cell
        for group in _Attack(counts, hidden, profile).groups()
        for cell in group.secret
        if len(set(values_by_scipy(group, cell))) < FEWEST_VALUES
    ]
    assert exposed_cells(counts, hidden, profile) == sorted(by_scipy)


def test_the_solver_prints_nothing() -> None:
    """In a process of its own: some releases print their name when the first programme is made."""
    code = """
from landscape.disclosure.audit import exposed_cells
from landscape.disclosure.counts import crossed
from landscape.disclosure.profiles import STANDARD
counts = crossed("t", {("a", "x"): 1, ("a", "y"): 9, ("b", "x"): 8, ("b", "y"): 7})
assert len(exposed_cells(counts, [("t", "a", "x")], STANDARD)) == 1
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("", "")

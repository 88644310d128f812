"""Hidden counts of people cannot be worked out, shown by a twin that tries every table."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.disclosure.audit import audit, exposed_cells
from landscape.disclosure.counts import TOTAL, AtLeast, Counts, Sum, crossed
from landscape.disclosure.declared import ALL
from landscape.disclosure.opinions import counts_of_answers
from landscape.disclosure.profiles import STANDARD, STRICT, Profile
from landscape.disclosure.suppress import suppressed
from landscape.errors import DisclosureError

Inner = dict[tuple[str, str], int]
Shown = Mapping[tuple[str, str], int | None]
SECRET = b"only for tests"


def grid(*rows: tuple[int, ...]) -> Inner:
    return {("abc"[i], "xyz"[j]): n for i, row in enumerate(rows) for j, n in enumerate(row)}


def published(counts: Counts, secret: bytes = SECRET) -> dict[tuple[str, str], int | None]:
    """The table as a reader gets it."""
    hidden = suppressed(counts, STANDARD, secret)
    return {cell[1:]: None if cell in hidden else n for cell, n in counts.values.items()}  # type: ignore[misc]


def question(*answers: int) -> Counts:
    """How many gave each answer to a question, and how many answered."""
    parts = {("q", "a", "xyz"[i]): n for i, n in enumerate(answers)}
    base = ("q", TOTAL, TOTAL)
    return Counts({**parts, base: sum(answers)}, (Sum(base, tuple(parts)),), bases=frozenset({base}))


def compositions(people: int) -> list[tuple[int, int, int]]:
    return [(a, b, people - a - b) for a in range(people + 1) for b in range(people + 1 - a)]


# The twin: it knows a published table and the rules, and nothing of how the audit works.


def possible_tables(shown: Shown) -> Iterator[Inner]:
    """Every table that fits what is published: whole numbers, every total, hidden means at least one."""
    places = sorted(place for place in shown if TOTAL not in place)
    everybody = shown[TOTAL, TOTAL]
    assert everybody is not None

    def filled(table: Inner, left: int) -> Iterator[Inner]:
        if len(table) == len(places):
            if left == 0 and all(fits(table, total) for total in shown if TOTAL in total) and has_small(table):
                yield dict(table)
            return
        place = places[len(table)]
        known = shown[place]
        for n in range(1, left + 1) if known is None else (known,):
            if n <= left:
                yield from filled({**table, place: n}, left - n)

    def fits(table: Inner, total: tuple[str, str]) -> bool:
        n = total_of(table, total)
        return n >= 1 if shown[total] is None else n == shown[total]

    def has_small(table: Inner) -> bool:
        """Something in the table is why anything is hidden."""
        hidden = [place for place, n in shown.items() if n is None]
        return any(total_of(table, place) < STANDARD.smallest_count for place in hidden)

    yield from filled({}, everybody)


def total_of(table: Inner, place: tuple[str, str]) -> int:
    row, column = place
    return sum(n for (r, c), n in table.items() if row in (r, TOTAL) and column in (c, TOTAL))


def values_of_hidden(shown: Shown, at_least: int = 3) -> dict[tuple[str, str], set[int]]:
    hidden = [place for place, n in shown.items() if n is None]
    values: dict[tuple[str, str], set[int]] = {place: set() for place in hidden}
    for table in possible_tables(shown):
        for place in hidden:
            values[place].add(total_of(table, place))
        if all(len(found) >= at_least for found in values.values()):
            break
    return values


def is_solvable(shown: Shown) -> bool:
    return any(len(found) < 3 for found in values_of_hidden(shown).values())


SMALL_TABLES = st.tuples(*[st.sampled_from([0, 0, 1, 2, 3, 4, 6])] * 6).filter(lambda cells: 10 <= sum(cells) <= 18)


@settings(deadline=None)
@given(SMALL_TABLES)
def test_no_hidden_cell_of_two_rows_and_three_columns_is_solvable(cells: tuple[int, ...]) -> None:
    shown = published(crossed("t", grid(cells[:3], cells[3:])))
    assert all(n is None or not 0 < n < 3 for n in shown.values())
    assert not is_solvable(shown)


@pytest.mark.parametrize("people", [10, 11, 12, 13])
def test_no_hidden_answer_to_a_question_with_three_options_is_solvable(people: int) -> None:
    for given_answers in compositions(people):
        shown = published(question(*given_answers))
        assert all(n is None or not 0 < n < 3 for n in shown.values())
        assert not is_solvable(shown), given_answers


def test_one_who_knows_the_procedure_but_not_the_key_cannot_tell_a_hidden_count() -> None:
    seen = defaultdict(set)
    for secret, table in itertools.product(range(8), compositions(10)):
        shown = published(question(*table), bytes([secret]))
        seen[tuple(sorted(shown.items()))].add(table)
    for shown_cells, behind in seen.items():
        for (_, column), n in shown_cells:
            if n is None:
                assert len({table["xyz".index(column)] for table in behind}) >= 2, (shown_cells, behind)


@settings(deadline=None)
@given(SMALL_TABLES, st.sets(st.sampled_from(sorted(crossed("t", grid((1, 1, 1), (1, 1, 1))).values)), max_size=9))
def test_the_audit_finds_what_the_twin_finds(cells: tuple[int, ...], chosen: set[tuple[str, ...]]) -> None:
    counts = crossed("t", grid(cells[:3], cells[3:]))
    small = {cell for cell, n in counts.values.items() if 0 < n < 3}
    hidden = small | {cell for cell in chosen if counts.values[cell]} - counts.bases
    shown: Shown = {c[1:]: None if c in hidden else n for c, n in counts.values.items()}  # type: ignore[misc]
    exposed = {cell[1:] for cell in exposed_cells(counts, hidden, STANDARD)}
    by_twin = {place for place, values in values_of_hidden(shown).items() if len(values) < 3}
    assert by_twin <= exposed  # the audit may be stricter: it wants a reason in each part of the table by itself


def answers(*groups: tuple[int, ...]) -> pd.DataFrame:
    """A question with one answer, in the North and in groups that are everybody together."""
    north = tuple(map(sum, zip(*groups, strict=True)))
    named = [("all", ALL, north), *(("role", f"R{i}", group) for i, group in enumerate(groups))]
    return pd.DataFrame(
        [(cut, code, "xyz"[i], n) for cut, code, group in named for i, n in enumerate(group)],
        columns=["cut", "cut_code", "option_code", "n_selected"],
    )


@settings(deadline=None)
@given(st.sampled_from(compositions(10)), st.sampled_from(compositions(11)))
def test_no_hidden_answer_by_group_is_solvable(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    counts = counts_of_answers(answers(first, second), "q")
    hidden = suppressed(counts, STANDARD, SECRET)
    cells = [cell for cell in counts.values if cell not in counts.bases]
    true = answers(first, second)["n_selected"].tolist()
    shown = [None if cell in hidden else n for cell, n in zip(cells[: len(true)], true, strict=True)]
    assert not any(n in (1, 2) for n in shown)
    values: list[set[int]] = [set() for _ in shown]
    for a, b in itertools.product(compositions(10), compositions(11)):
        table = [x + y for x, y in zip(a, b, strict=True)] + [*a, *b]
        if all(n == true_n if n is not None else true_n > 0 for n, true_n in zip(shown, table, strict=True)) and any(
            n is None and true_n < 3 for n, true_n in zip(shown, table, strict=True)
        ):
            for found, n in zip(values, table, strict=True):
                found.add(n)
    assert all(n is not None or len(found) >= 3 for n, found in zip(shown, values, strict=True))


def hidden_in(inner: Inner, profile: Profile = STANDARD) -> tuple[Counts, frozenset[tuple[str, ...]]]:
    counts = crossed("t", inner)
    return counts, suppressed(counts, profile, SECRET)


def test_worked_example_a_small_count_takes_a_neighbour_along_and_totals_stand() -> None:
    # 2 × 2 with 1 in a corner: it alone would follow from its row and from its column, so all four are hidden.
    counts, hidden = hidden_in(grid((1, 9), (8, 7)))
    assert hidden == {("t", row, column) for row in "ab" for column in "xy"}
    # The corner is 1 to 8 by its row (10) and column (9). With 3, 4, 5 or 6 nothing would be small, so nothing hidden.
    assert values_of_hidden(published(counts), at_least=99)["a", "x"] == {1, 2, 7, 8}
    audit(counts, hidden, STANDARD)


def test_worked_example_two_small_counts_with_a_small_sum_need_a_third() -> None:
    # 1 + 2 = 3 would be 1 + 2 or 2 + 1: two possibilities. With 12 hidden too, 15 is shared by three.
    _, hidden = hidden_in(grid((1, 2, 12)))
    assert {cell for cell in hidden if cell[1] == "a"} == {("t", "a", "x"), ("t", "a", "y"), ("t", "a", "z")}


def test_a_table_without_small_counts_is_shown_whole_and_zero_is_no_small_count() -> None:
    assert hidden_in(grid((0, 3, 5), (4, 0, 7)))[1] == frozenset()


def test_of_fewer_than_ten_people_nothing_is_shown() -> None:
    counts, hidden = hidden_in(grid((0, 4, 5)))
    assert hidden == frozenset(counts.values)


def test_where_no_choice_of_cells_is_safe_at_most_the_number_of_people_is_shown() -> None:
    # 9 + 1. Another table says that x holds at least 8: only 8 or 9 would do, so even that no cell is 0 is hidden.
    counts = crossed("t", grid((9, 1), (0, 0)))
    for least, is_shown in ((8, True), (9, False)):  # 8, 9 or 10 of 10; but 9 or 10 are too few
        known = Counts(counts.values, counts.sums, counts.bases, known=(AtLeast((("t", "a", "x"),), least),))
        hidden = suppressed(known, STANDARD, SECRET)
        assert hidden == (frozenset(counts.values) - counts.bases if is_shown else frozenset(counts.values))
        audit(known, hidden, STANDARD)


@pytest.mark.parametrize(
    "left_out",
    [("t", "b", "y"), ("t", "a", "y"), ("t", "b", "x")],
)
def test_the_audit_refuses_a_table_that_hides_too_little(left_out: tuple[str, ...]) -> None:
    counts, hidden = hidden_in(grid((1, 9), (8, 7)))
    with pytest.raises(DisclosureError) as caught:
        audit(counts, hidden - {left_out}, STANDARD)
    assert "t: a × x" in caught.value.culprits
    text = str(caught.value).replace("t: ", "")
    assert not any(character.isdigit() for character in text)  # the cell is named, its count is not


def test_the_audit_refuses_a_small_count_that_is_shown() -> None:
    counts = crossed("t", grid((1, 9), (8, 7)))
    with pytest.raises(DisclosureError) as caught:
        audit(counts, (), STANDARD)
    assert caught.value.culprits == ("t: a × x",)


def test_the_audit_reads_tables_together() -> None:
    # Alone, x can be 1 to 5 of 6. Another table says that it holds at least four: 4 or 5 are left.
    counts = crossed("t", grid((4, 2), (4, 8)))
    hidden = {("t", row, column) for row in "ab" for column in "xy"}
    assert exposed_cells(counts, hidden, STANDARD) == []
    known = Counts(counts.values, counts.sums, counts.bases, known=(AtLeast((("t", "a", "x"),), 4),))
    assert ("t", "a", "x") in exposed_cells(known, hidden, STANDARD)


def test_the_strict_profile_hides_below_ten_and_rounds_to_five() -> None:
    counts, hidden = hidden_in(grid((12, 9), (30, 14)), STRICT)
    assert ("t", "a", "y") in hidden
    assert [STRICT.rounded(n) for n in (0, 10, 12, 13, 17, 18)] == [0, 10, 10, 15, 15, 20]
    audit(counts, hidden, STRICT)


def test_the_same_key_hides_the_same_cells() -> None:
    inner = grid((1, 5, 6), (4, 5, 6))
    assert published(crossed("t", inner)) == published(crossed("t", dict(reversed(inner.items()))))

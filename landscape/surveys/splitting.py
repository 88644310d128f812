"""Which answers a cell of an unknown question holds: one, or several and what is between them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from landscape.surveys.export import Dialect
from landscape.surveys.personal import looks_like_a_name

SEEN_AT_LEAST = 3
"""A value drafted as an option was given this often, so that what one person wrote does not become one."""

_NAMES_BETWEEN_SPACES = re.compile(r"[\w.-]+( +[\w.-]+)*")  # as XLSForm has them
_JOINERS = (";", ",", ", ", "|", " ")


def cut(filled: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """Each cell as the answers it may hold, by what the tool puts between them and explains most of the cells."""
    listed = [json_parts(cell) for cell in filled]
    if all(parts is not None for parts in listed):
        return [parts or [] for parts in listed]
    ways = [_whole_options([_pieces(cell, joiner) for cell in filled], joiner) for joiner in _joiners(filled, dialect)]
    return max(ways, key=_n_explained, default=[[cell] for cell in filled])


def holds_several(
    filled: Sequence[str], parts: Sequence[Sequence[str]], holds: Callable[[str], bool] | None, *, is_closed: bool
) -> bool:
    """Whether cells hold several answers, and not one that has the joiner inside its own words.

    They do where some cell falls into answers that are all options, known or given often, unless there are few different
    cells and none of these answers ever stands alone.

    Args:
        filled: The cells.
        parts: Each cut.
        holds: Whether a known list has an answer; None where there is no such list.
        is_closed: The cells as they are would make an option list.
    """
    if all(json_parts(cell) is not None or cell.endswith(";") for cell in filled):
        return True
    n_given = Counter(part for cell in parts for part in cell)
    split = [
        cell
        for cell in parts
        if len(cell) > 1 and all(n_given[part] >= SEEN_AT_LEAST or (holds and holds(part)) for part in cell)
    ]
    stands_alone = any(part in filled for cell in split for part in cell)
    is_closed_whole = is_closed and len(set(filled)) <= len(n_given)
    return bool(split) and (holds is not None or stands_alone or not is_closed_whole)


def is_ranking(parts: Sequence[Sequence[str]]) -> bool:
    """Whether each cell has the same three items or more, in orders that differ: a ranking in one cell."""
    items = set(parts[0]) if parts else set()
    is_whole = len(items) > 2 and all(len(cell) == len(items) and set(cell) == items for cell in parts)
    return is_whole and len(parts) >= SEEN_AT_LEAST and len({tuple(cell) for cell in parts}) > 1


def json_parts(cell: str) -> list[str] | None:
    """The answers in a cell that is a JSON array of texts; None where it is not."""
    if not cell.startswith("["):
        return None
    try:
        parts = json.loads(cell)
    except json.JSONDecodeError:
        return None
    return parts if all(isinstance(part, str) for part in parts) else None


def _joiners(filled: Sequence[str], dialect: Dialect) -> list[str]:
    """What may stand between answers in these cells: found by trying, since a dialect splits against a list."""
    occurring = [joiner for joiner in _JOINERS if any(joiner in cell for cell in filled)]
    found = [joiner for joiner in occurring if dialect.split(f"A{joiner}B", ["A", "B"]) == ["A", "B"]]
    are_names = all(_NAMES_BETWEEN_SPACES.fullmatch(cell) for cell in filled) and not any(
        map(looks_like_a_name, filled)
    )
    return [joiner for joiner in found if joiner != " " or are_names]


def _pieces(cell: str, joiner: str) -> list[str]:
    between = re.compile(re.escape(joiner) + ("(?! )" if joiner == "," else ""))
    return [part.strip() for part in between.split(cell) if part.strip()]


def _n_explained(parts: Sequence[Sequence[str]]) -> int:
    """How many cells fall into several answers that are all given often."""
    n_given = Counter(part for cell in parts for part in cell)
    return sum(len(cell) > 1 and all(n_given[part] >= SEEN_AT_LEAST for part in cell) for cell in parts)


def _whole_options(parts: Sequence[Sequence[str]], joiner: str) -> list[list[str]]:
    """Pieces of one option put together again, which hold what stands between options.

    They are pieces where a bracket opens in one and closes in the next, or where the second, in small letters, never
    comes without the first, nor the first without it.
    """
    joined = [list(cell) for cell in parts]
    while pair := _pair(joined):
        first, second = pair
        joined = [_with_pair_joined(cell, first, second, joiner) for cell in joined]
    return joined


def _pair(parts: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    n_given = Counter(part for cell in parts for part in cell)
    n_pairs = Counter(pair for cell in parts for pair in pairwise(cell))
    for (first, second), n in n_pairs.items():
        is_open = first.count("(") > first.count(")") and second.count(")") > second.count("(")
        is_always = n >= SEEN_AT_LEAST and n_given[first] == n_given[second] == n and second[:1].islower()
        if is_open or is_always:
            return first, second
    return None


def _with_pair_joined(cell: Sequence[str], first: str, second: str, joiner: str) -> list[str]:
    made: list[str] = []
    for part in cell:
        if made and made[-1] == first and part == second:
            made[-1] = f"{first}{joiner}{second}"
        else:
            made.append(part)
    return made

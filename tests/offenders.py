"""One check of many cases: all that fail are named at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest


def failing(check: Callable[..., None], *cases: Iterable[object]) -> list[str]:
    """The cases, each a choice of one from every list, in which a check fails, with what it says."""
    found = []
    tried = list(itertools.product(*cases))
    assert tried, "nothing was checked"
    for case in tried:
        try:
            check(*case)
        except (AssertionError, pytest.fail.Exception) as error:
            found.append(f"{', '.join(map(str, case))}: {error}")
    return found

"""Tables made for tests, once for each set of arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    Tables = dict[str, pd.DataFrame]


def made_once_and_copied(make: Callable[..., Tables]) -> Callable[..., Tables]:
    """Keeps what is made, and hands out copies: a test may change its own."""
    kept = cache(make)

    @wraps(make)
    def copies(**asked: object) -> Tables:
        return {name: table.copy() for name, table in kept(**asked).items()}

    return copies

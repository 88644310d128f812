"""Rows of a mart as plain objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Row: TypeAlias = Any  # a named tuple whose attributes are the columns


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame in order."""
    return list(frame.itertuples(index=False))

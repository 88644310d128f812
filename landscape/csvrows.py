"""Rows of a CSV file with one row of headings, as text. Not here: what they mean, or files with other headings."""

from __future__ import annotations

import csv
from pathlib import Path


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a file in UTF-8, with or without the mark that Excel puts at its beginning.

    Args:
        path: The file; it is there.

    Returns:
        Each row by heading.
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))

"""The rows of a figure's data table, which one can ask about."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import LandscapeError

_MEASURES = ("n_", "is_", "has_")
_NO_NAMES = ("_share", "_on", "_per_100k", "_value")
_ASIDE = {"state", "note", "source", "unit", "population", "label", "n", "band"}
_SHOWN = 8


@dataclass(frozen=True)
class Cell:
    """One row of a figure's data table.

    Args:
        line: Its line in the CSV file.
        values: Its texts by column, as published; empty if a number is unknown or hidden.
    """

    line: int
    values: Mapping[str, str]

    @property
    def names(self) -> dict[str, str]:
        """The columns that identify the row: names, codes, waves; no measures."""
        return {column: text for column, text in self.values.items() if _names_something(column) and text}

    @property
    def numbers(self) -> dict[str, str]:
        """The measures."""
        return {column: text for column, text in self.values.items() if not _names_something(column)}

    @property
    def label(self) -> str:
        """The row's label: its names, or its codes if it has no name."""
        names = {column: text for column, text in self.names.items() if f"{_stem(column)}_name" not in self.names}
        names |= {column: text for column, text in self.names.items() if column.endswith(("_name", "_names"))}
        return " · ".join(text for column, text in self.names.items() if column in names)

    @property
    def codes(self) -> list[str]:
        """The codes in it."""
        found = [text for column, text in self.values.items() if column.endswith(("_code", "_codes"))]
        return [code for text in found for code in text.split(" + ") if code]


def read_cells(path: Path) -> list[Cell]:
    """The rows of a figure's published CSV, without the apostrophes that protect spreadsheets from formulas."""
    stream = io.StringIO(path.read_text(encoding="utf-8"), newline="")
    reader = csv.reader(stream)
    header = next(reader)
    return [
        Cell(reader.line_num, dict(zip(header, (text.removeprefix("'") for text in row), strict=True)))
        for row in reader
    ]


def find_cell(cells: Sequence[Cell], words: Sequence[str], figure_id: str) -> Cell:
    """The one row that matches all words: each is one of its texts or codes, or part of one.

    Raises:
        LandscapeError: None or several match; the error names the nearest.
    """
    wanted = [_plain(word) for word in words]
    fitting = [cell for cell in cells if all(any(word in text for text in _texts(cell)) for word in wanted)]
    exact = [cell for cell in fitting if all(word in _texts(cell) for word in wanted)]
    for found in (exact, fitting):
        if len(found) == 1:
            return found[0]
    asked = " ".join(f"“{word}”" for word in words)
    if found := exact or fitting:
        raise LandscapeError(
            f"{asked} fits {len(found)} rows of {figure_id}",
            culprits=[*(cell.label for cell in found[:_SHOWN]), *(["…"] if len(found) > _SHOWN else [])],
            remedy="add a word that only one of them has, such as an area, a code or a wave",
        )
    raise LandscapeError(
        f"{asked} is not a row of {figure_id}; the nearest are",
        culprits=_nearest(cells, " ".join(wanted)),
        remedy=f"landscape explain {figure_id} lists all rows",
    )


def _nearest(cells: Sequence[Cell], asked: str) -> list[str]:
    from rapidfuzz import fuzz, process

    labels = {" ".join(_texts(cell)): cell.label for cell in cells}
    found = process.extract(asked, list(labels), scorer=fuzz.token_set_ratio, limit=_SHOWN // 2)
    return [labels[text] for text, _, _ in found]


def _texts(cell: Cell) -> list[str]:
    return [*(_plain(text) for text in cell.names.values()), *(_plain(code) for code in cell.codes)]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _stem(column: str) -> str:
    return column.removesuffix("_code").removesuffix("_codes")


def _names_something(column: str) -> bool:
    return not (column.startswith(_MEASURES) or column.endswith(_NO_NAMES) or column in _ASIDE)

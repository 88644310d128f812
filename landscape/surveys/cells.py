"""The cells of one sheet by column: each distinct text once, and for each row the number of its text.

Whatever is done to answers is done to distinct texts, so it costs what their variety costs and not what their number does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from operator import attrgetter, is_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

CellMaker = Callable[[Mapping[int, str]], str]
"""Makes a cell from cells of its row, which it is given by their positions."""

_ROWS_AT_ONCE = 10_000
_MOST_KEYS = 2**62


@dataclass(frozen=True)
class Row:
    """One row of an export: its line in the file (or row in the sheet), and its cells as text."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CellColumn:
    """One column of a sheet.

    Args:
        codes: For each row, the place of its text among the texts.
        texts: The distinct texts, each of them there, in the order in which they come first.
    """

    codes: Codes
    texts: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        """Whether the same cells are there."""
        return (
            isinstance(other, CellColumn) and self.texts == other.texts and self.codes.tolist() == other.codes.tolist()
        )

    def __hash__(self) -> int:
        """Equal columns have equal texts."""
        return hash(self.texts)

    def mapped(self, made: Callable[[str], str]) -> CellColumn:
        """Each text as it is made from it."""
        texts = list(map(made, self.texts))
        return self if all(map(is_, texts, self.texts)) else _named(self.codes, texts)

    def where(self, holds: Callable[[str], object]) -> Mask:
        """For each row, whether this holds of its text."""
        import numpy as np

        held = map(bool, map(holds, self.texts))
        return np.fromiter(held, dtype=np.bool_, count=len(self.texts))[self.codes]

    def has(self, *characters: str) -> bool:
        """Whether any of these characters is anywhere in it."""
        together = "".join(self.texts)
        return any(character in together for character in characters)

    def filled(self) -> Mask:
        """For each row, whether anything but blanks is there."""
        return self.where(str.strip)

    def repeated(self) -> Mask:
        """For each row, whether its text is filled and another row's, too."""
        import numpy as np

        return (np.bincount(self.codes, minlength=len(self.texts)) > 1)[self.codes] & self.where(bool)

    def of(self, rows: Mask) -> CellColumn:
        """The column of some of the rows."""
        return CellColumn(self.codes[rows], self.texts).in_order()

    def filled_texts(self) -> NDArray[np.object_]:
        """The text of each row as DuckDB takes it: nothing in place of blanks."""
        import numpy as np

        return np.array([text if text.strip() else None for text in self.texts] or [None], dtype=np.object_)[self.codes]

    def without(self, rows: Mask) -> CellColumn:
        """The same cells, but nothing in some rows."""
        texts = self.texts if "" in self.texts else (*self.texts, "")
        codes = self.codes.copy()
        codes[rows] = texts.index("")
        return CellColumn(codes, texts).in_order()

    def in_order(self) -> CellColumn:
        """The same cells, from texts that are in another order, or of which some are nowhere."""
        texts, codes = _distinct(self.codes, len(self.texts))
        return CellColumn(codes, tuple(self.texts[code] for code in texts))

    def in_rows(self) -> Iterator[str]:
        """The text of each row."""
        return map(self.texts.__getitem__, self.codes.tolist())


def column_of(texts: Iterable[str]) -> CellColumn:
    """A column of these cells."""
    import numpy as np

    cells = list(texts)
    numbers = {text: number for number, text in enumerate(dict.fromkeys(cells))}
    codes = np.fromiter(map(numbers.__getitem__, cells), dtype=np.int32, count=len(cells))
    return CellColumn(codes, tuple(numbers))


def made_of(columns: Sequence[CellColumn], made: Callable[[tuple[str, ...]], str]) -> CellColumn:
    """A column whose cells are made from the cells of others, once for each combination that occurs."""
    rows, codes = occurring(columns)
    return _named(codes, [made(row) for row in rows])


def occurring(columns: Sequence[CellColumn]) -> tuple[list[tuple[str, ...]], Codes]:
    """The combinations of cells that occur, in the order in which they come first; and for each row the place of its own."""
    import numpy as np

    keys, n_keys = np.zeros(len(columns[0].codes), dtype=np.int64), 1
    for column in columns:
        n_texts = max(1, len(column.texts))
        if n_keys * n_texts > _MOST_KEYS:
            occurring, codes = _distinct(keys, n_keys)
            keys, n_keys = codes.astype(np.int64), len(occurring)
        keys, n_keys = keys * n_texts + column.codes, n_keys * n_texts
    _, codes = _distinct(keys, n_keys)
    first = _first_rows(codes, int(codes.max(initial=-1)) + 1)
    rows = zip(*(map(column.texts.__getitem__, column.codes[first].tolist()) for column in columns), strict=True)
    return list(rows), codes


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one sheet.

    Args:
        lines: The line of each whole row, ascending.
        columns: The cells of the whole rows.
        odd: Rows that are longer or shorter than the headings, as they are.
    """

    lines: NDArray[np.int64]
    columns: tuple[CellColumn, ...]
    odd: tuple[Row, ...] = ()

    def __eq__(self, other: object) -> bool:
        """Whether the same rows are there."""
        return (
            isinstance(other, Cells)
            and (self.columns, self.odd) == (other.columns, other.odd)
            and self.lines.tolist() == other.lines.tolist()
        )

    def __hash__(self) -> int:
        """Equal cells have equal columns."""
        return hash((self.columns, self.odd))

    @property
    def n_rows(self) -> int:
        """All rows, whole or not."""
        return len(self.lines) + len(self.odd)

    def rows(self) -> Iterator[Row]:
        """All rows, in the order of the file."""
        cells = zip(*(column.in_rows() for column in self.columns), strict=True)
        whole = (Row(line, row) for line, row in zip(self.lines.tolist(), cells, strict=True))
        return merge(whole, self.odd, key=attrgetter("line"))

    def values(self, position: int) -> list[str]:
        """The distinct cells of a column in whole rows, stripped."""
        return list(dict.fromkeys(map(str.strip, self.columns[position].texts)))

    def lines_where(self, rows: Mask) -> list[int]:
        """The lines of some of the whole rows."""
        return [int(line) for line in self.lines[rows]]

    def held(self, position: int, holds: Callable[[str], object]) -> Iterator[tuple[int, str]]:
        """Line and text of each whole row in which this holds of the text at a position."""
        column = self.columns[position]
        rows = column.where(holds)
        return zip(self.lines_where(rows), map(column.texts.__getitem__, column.codes[rows].tolist()), strict=True)

    def any_filled(self, positions: Iterable[int]) -> Mask:
        """For each whole row, whether any of these columns is filled."""
        import numpy as np

        found = np.zeros(len(self.lines), dtype=np.bool_)
        for at in positions:
            found |= self.columns[at].filled()
        return found

    def made(self, positions: Sequence[int], cell: CellMaker) -> CellColumn:
        """A column whose cells are made from those at these positions."""
        return made_of(
            [self.columns[at] for at in positions], lambda texts: cell(dict(zip(positions, texts, strict=True)))
        )

    def of(self, rows: Mask) -> Cells:
        """Some of the whole rows, without the others."""
        return Cells(self.lines[rows], tuple(column.of(rows) for column in self.columns))

    def below(self, n_rows: int) -> Cells:
        """All rows but the first ones."""
        last = [row.line for row in islice(self.rows(), n_rows)][-1]
        return replace(self.of(self.lines > last), odd=tuple(row for row in self.odd if row.line > last))

    def with_columns(self, made: Mapping[int, CellColumn]) -> Cells:
        """Other columns at these positions; those behind the last one are added."""
        n_added = sum(at >= len(self.columns) for at in made)
        columns = dict(enumerate(self.columns)) | dict(made)
        odd = tuple(replace(row, cells=(*row.cells, *[""] * n_added)) for row in self.odd)
        return Cells(self.lines, tuple(columns[at] for at in range(len(columns))), odd)

    def mapped(self, made: Callable[[str], str]) -> Cells:
        """Each cell as it is made from it."""
        odd = tuple(Row(row.line, tuple(map(made, row.cells))) for row in self.odd)
        return Cells(self.lines, tuple(column.mapped(made) for column in self.columns), odd)

    def blank_column(self) -> CellColumn:
        """A column in which nothing is."""
        import numpy as np

        return CellColumn(np.zeros(len(self.lines), dtype=np.int32), ("",) if len(self.lines) else ())


def cells_of(rows: Iterable[Row], width: int) -> Cells:
    """The cells of rows below headings of this width."""
    import numpy as np

    numbers = [_Numbers() for _ in range(width)]
    codes: list[list[int]] = [[] for _ in range(width)]
    lines: list[int] = []
    odd: list[Row] = []
    below = iter(rows)
    while some := list(islice(below, _ROWS_AT_ONCE)):
        whole = [row for row in some if len(row.cells) == width]
        odd += [row for row in some if len(row.cells) != width]
        lines += [row.line for row in whole]
        for at, column in enumerate(zip(*(row.cells for row in whole), strict=True)):
            codes[at].extend(map(numbers[at].__getitem__, column))
    columns = (
        CellColumn(np.array(found, dtype=np.int32), tuple(known)) for found, known in zip(codes, numbers, strict=True)
    )
    return Cells(np.array(lines, dtype=np.int64), tuple(columns), tuple(odd))


def cells_in(columns: Sequence[Sequence[str]]) -> Cells:
    """The cells of these columns, with their rows numbered from 1."""
    import numpy as np

    made = tuple(map(column_of, columns))
    return Cells(np.arange(1, len(made[0].codes) + 1 if made else 1, dtype=np.int64), made)


class _Numbers(dict[str, int]):
    """Numbers texts in the order in which they come."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


def _named(codes: Codes, texts: Sequence[str]) -> CellColumn:
    """A column of texts of which some may be the same."""
    made = column_of(texts)
    return CellColumn(codes if len(made.texts) == len(texts) else made.codes[codes], made.texts)


def _distinct(keys: NDArray[np.integer], n_keys: int) -> tuple[list[int], Codes]:
    """The keys that occur, in the order in which they come first; and for each row the place of its own."""
    import numpy as np

    if n_keys > 4 * len(keys) + 1000:
        found, keys = np.unique(keys, return_inverse=True)
        known: list[int] = found.tolist()
    else:
        known = list(range(n_keys))
    first = _first_rows(keys, len(known))
    order = np.argsort(first, kind="stable")[: int((first < len(keys)).sum())]
    place = np.zeros(len(known), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return [known[at] for at in order.tolist()], place[keys]


def _first_rows(codes: NDArray[np.integer], n_codes: int) -> NDArray[np.int64]:
    """The first row of each code; the number of rows where there is none."""
    import numpy as np

    first = np.full(n_codes, len(codes), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first

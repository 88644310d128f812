"""Columns that a tool spreads over a question's options, made one column per question. Not here: any tool's headings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from landscape.surveys.export import Column, Role, Row, Sheet

OTHER = "Other"
"""Handed over as an option where the respondent's own words stand in a column of their own."""

CellMaker = Callable[[Sequence[str]], str]
"""Makes a cell from the cells of its row."""

Spread = Literal["list", "ranking", "grid", "unclear"]


def json_list(cell: str) -> list[str] | None:
    """The options in a cell that is a JSON array of texts; None where it is not.

    >>> json_list('["Web", "Radio, print"]')
    ['Web', 'Radio, print']
    """
    if not cell.lstrip().startswith("["):
        return None
    try:
        found = json.loads(cell)
    except ValueError:
        return None
    return found if all(isinstance(part, str) for part in found) else None


def spread_of(columns: Mapping[int, str], rows: Sequence[Row], ticks: Sequence[str] = ()) -> Spread:
    """What several columns under one question hold, judged by their cells.

    Args:
        columns: The option, item or row that heads each column, by position.
        rows: All complete rows.
        ticks: What may stand for a tick or its absence besides the option's own text.

    Returns:
        `list` where every cell repeats its heading or is a tick, `ranking` where each row holds different whole
        numbers from 1 to the number of items, `unclear` where nothing stands, or no more than a 1 in each row that may
        be a tick as well as a place, else `grid`.
    """
    cells = [[(row.cells[at].strip(), option) for at, option in columns.items()] for row in rows]
    filled = [cell for row in cells for cell in row if cell[0]]
    may_be_first_places = len(columns) > 1 and all(sum(bool(text) for text, _ in row) < 2 for row in cells)
    if not filled or (may_be_first_places and "1" in ticks and {text for text, _ in filled} == {"1"}):
        return "unclear"
    if all(text == option.strip() or text in ticks for text, option in filled):
        return "list"
    for row in cells:
        places = [text for text, _ in row if text]
        is_ranked = all(text.isascii() and text.isdigit() and 1 <= int(text) <= len(columns) for text in places)
        if not is_ranked or len(set(map(int, places))) < len(places):
            return "grid"
    return "ranking"


class Merging:
    """Collects what each column of a file becomes, then makes the sheet.

    A merged column stands where the first of its columns stood and the others become `tool`, so that a row keeps
    its number of cells and one that is too long or too short is still seen to be.
    """

    def __init__(self, rows: Sequence[Row], width: int) -> None:
        self._rows = rows
        self._columns = {at: Column(at, "", "empty") for at in range(width)}
        self._cells: dict[int, CellMaker] = {}
        self.complete = [row for row in rows if len(row.cells) == width]

    def values(self, position: int) -> list[str]:
        """The cells of a column, stripped, in complete rows."""
        return [row.cells[position].strip() for row in self.complete]

    def keep(
        self,
        position: int,
        heading: str,
        role: Role,
        cell: CellMaker | None = None,
        options: Sequence[str] = (),
        also: Sequence[str] = (),
    ) -> None:
        """One column as it is, or with its cell made from the row; and what a `Column` may say besides."""
        self._columns[position] = Column(position, heading, role, tuple(options), tuple(also))
        if cell is not None:
            self._cells[position] = cell

    def as_list(
        self,
        heading: str,
        options: Mapping[int, str],
        own_words: Sequence[int] = (),
        unticked: Sequence[str] = (),
    ) -> None:
        """One column per option becomes one of JSON arrays: `[]` where it was seen and nothing ticked, empty where not.

        Args:
            heading: The question's wording.
            options: The option that heads each column, by position.
            own_words: Columns whose text means that "Other" was ticked.
            unticked: What stands where an option was offered and not ticked, if anything does.
        """

        def cell(cells: Sequence[str]) -> str:
            found = {at: cells[at].strip() for at in options}
            ticked = [options[at].strip() for at, text in found.items() if text and text not in unticked]
            if any(cells[at].strip() for at in own_words) and OTHER not in ticked:
                ticked.append(OTHER)
            return json.dumps(ticked, ensure_ascii=False) if ticked or any(found.values()) else ""

        first, *others = options
        listed = [option.strip() for option in options.values()]
        offered = [*listed, OTHER] if own_words and OTHER not in listed else listed
        self.keep(first, heading, "answer", cell, offered)
        self.aside(heading, [*others, *own_words])

    def as_ranking(self, heading: str, items: Mapping[int, str], *, is_code: bool = False) -> None:
        """One column per item, holding its place, becomes one column per place, holding the item ranked there.

        Places that nobody used may have been offered or not, so their columns are empty ones.

        Args:
            heading: The question's wording or, if `is_code`, its code.
            items: The item that heads each column, by position.
            is_code: A place may then be asked for by a name, too: `Q13_1`.
        """

        def ranked(place: int) -> CellMaker:
            return lambda cells: next((items[at].strip() for at in items if cells[at].strip() == str(place)), "")

        offered = [item.strip() for item in items.values()]
        last = max(int(text) for at in items for text in self.values(at) if text)
        for place, at in enumerate(items, start=1):
            role: Role = "answer" if place <= last else "empty"
            self.keep(at, f"{heading} [{place}]", role, ranked(place), offered, [f"{heading}_{place}"] * is_code)

    def as_unclear(self, heading: str, items: Mapping[int, str], *, is_code: bool = False) -> None:
        """Columns that `spread_of` finds unclear: a list of options, the places of a ranking or the rows of a grid.

        The first column stands for the list or for the first place, which have the same cells: an array of the item with
        the 1. The other columns are empty ones.

        Args:
            heading: The question's wording or, if `is_code`, its code.
            items: The option, item or row that heads each column, by position.
            is_code: A place or row may then be asked for by a name, too: `Q13_1`.
        """

        def chosen(cells: Sequence[str]) -> str:
            found = [items[at].strip() for at in items if cells[at].strip()]
            return json.dumps(found, ensure_ascii=False) if found else ""

        is_blank = not any(any(self.values(at)) for at in items)
        offered = [item.strip() for item in items.values()]
        for place, (at, item) in enumerate(items.items(), start=1):
            parts = [str(place), item.strip()] if is_blank else [str(place)]
            also = [f"{heading} [{part}]" for part in parts] + [f"{heading}_{part}" for part in parts if is_code]
            if place == 1:
                self.keep(at, heading, "answer", chosen, offered, also)
            else:
                self.keep(at, also[0], "empty", _nothing, (), also[1:])

    def as_grid(self, heading: str, items: Mapping[int, str]) -> None:
        """One column per row of a grid keeps its cells; its heading names the question and the row."""
        for at, item in items.items():
            self.keep(at, f"{heading} [{item.strip()}]", "answer")

    def aside(self, heading: str, positions: Sequence[int]) -> None:
        """Columns that stay in the received file."""
        for at in positions:
            self.keep(at, heading, "tool")

    def sheet(self, title: str = "") -> Sheet:
        """The sheet of responses; rows of another length are left as they are, to be set aside with their reason."""
        width = len(self._columns)
        rows = tuple(self._rows)
        if self._cells:
            rows = tuple(self._merged(row) if len(row.cells) == width else row for row in rows)
        return Sheet(None, title, tuple(self._columns[at] for at in range(width)), rows)

    def _merged(self, row: Row) -> Row:
        made = {at: cell(row.cells) for at, cell in self._cells.items()}
        return Row(row.line, tuple(made.get(at, text) for at, text in enumerate(row.cells)))


def _nothing(_: Sequence[str]) -> str:
    return ""

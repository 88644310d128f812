"""Columns that a tool spreads over a question's options, made one column per question. Not here: any tool's headings."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from landscape.surveys.export import (
    NOTHING_ASKED,
    UNREADABLE_MARK,
    Asked,
    Column,
    Note,
    Role,
    Row,
    Sheet,
    with_own_words,
)

OTHER = "Other"
"""Handed over as an option where a tool only says that the answer is in the respondent's own words."""

OWN_WORDS_NAME = "_other"

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

    def __init__(self, rows: Sequence[Row], width: int, asked: Asked = NOTHING_ASKED) -> None:
        self.asked = asked
        self._errors = {row.line: held for row in rows if (held := _errors_in(row))}
        self._rows = [_without_errors(row) if row.line in self._errors else row for row in rows]
        self._columns = {at: Column(at, "", "empty") for at in range(width)}
        self._cells: dict[int, CellMaker] = {}
        self._own_words: dict[int, Callable[[Sequence[str], str], list[str]]] = {}
        self._notes: list[Note] = []
        self.complete = [row for row in self._rows if len(row.cells) == width]

    def values(self, position: int) -> list[str]:
        """The cells of a column, stripped, in complete rows."""
        return [row.cells[position].strip() for row in self.complete]

    def role(self, position: int) -> Role:
        """What a column has become so far."""
        return self._columns[position].role

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

    def note(self, reason: str, heading: str = "") -> None:
        """Something in the file that is not for sure; see `Note`."""
        self._notes.append(Note(reason, heading))

    def beside(
        self, position: int, own_words: Sequence[int], unsaid: Collection[str] = (), ticked_as: str | None = None
    ) -> None:
        """Columns of what was written beside “Other” of the question at a position; their words go along with its cell.

        Args:
            position: Of the question.
            own_words: Of the columns; one that was given a role already keeps it.
            unsaid: What the tool itself writes there.
            ticked_as: The option with which the words count; None where the words alone say that “Other” was meant.
        """

        def words(cells: Sequence[str], cell: str) -> list[str]:
            if ticked_as is not None and ticked_as not in (json_list(cell) or cell.split()):
                return []
            return [text for at in own_words if (text := cells[at].strip()) and text not in unsaid]

        if own_words:
            self._own_words[position] = words
            for at in own_words:
                if self._columns[at].role == "empty":
                    self.keep(at, self._columns[position].heading, "tool")

    def spread(
        self, heading: str, items: Mapping[int, str], ticks: Sequence[str] = (), *, is_code: bool = False
    ) -> Spread:
        """What several columns under one question hold: what is asked for where the cells allow it, else as the cells say.

        Args:
            heading: The question's wording or, if `is_code`, its code.
            items: The option, item or row that heads each column, by position.
            ticks: As for `spread_of`.
            is_code: A place or row may then be asked for by a name, too: `Q13_1`.
        """
        found = spread_of(items, self.complete, ticks)
        if found == "unclear":
            return found
        cells = [(row.cells[at].strip(), item.strip()) for row in self.complete for at, item in items.items()]
        if self.asked.kind(heading) == "select_multiple":
            return "list" if all(text in ("", item, *ticks) for text, item in cells) else found
        headings = [f"{heading} [{item.strip()}]" for item in items.values()]
        headings += [f"{heading}_{item.strip()}" for item in items.values() if is_code]
        kind = self.asked.kind(*headings)
        return "grid" if kind and kind != "rank" else found

    def as_list(
        self,
        heading: str,
        options: Mapping[int, str],
        own_words: Sequence[int] = (),
        unticked: Sequence[str] = (),
        *,
        is_seen_by_zeros: bool = True,
    ) -> None:
        """One column per option becomes one of JSON arrays: `[]` where it was seen and nothing ticked, empty where not.

        Args:
            heading: The question's wording.
            options: The option that heads each column, by position.
            own_words: Columns of what was written beside “Other”.
            unticked: What stands where an option was offered and not ticked, if anything does.
            is_seen_by_zeros: Whether that is written only where the question was seen.
        """

        def cell(cells: Sequence[str]) -> str:
            found = {at: cells[at].strip() for at in options}
            ticked = [options[at].strip() for at, text in found.items() if text and text not in unticked]
            is_seen = is_seen_by_zeros and any(found.values())
            return json.dumps(ticked, ensure_ascii=False) if ticked or is_seen else ""

        first, *others = options
        listed = [option.strip() for option in options.values()]
        offered = [*listed, OTHER] if own_words and OTHER not in listed else listed
        self.keep(first, heading, "answer", cell, offered)
        self.aside(heading, others)
        self.beside(first, own_words)
        if not is_seen_by_zeros:
            self.note_zeros(heading, options, own_words, unticked)

    def note_zeros(
        self, heading: str, options: Mapping[int, str], own_words: Sequence[int], unticked: Sequence[str]
    ) -> None:
        """Says how many rows hold nothing but the sign for “not ticked”, which the tool also writes where nobody asked."""
        n_zeros = sum(
            all(row.cells[at].strip() in ("", *unticked) for at in options)
            and any(row.cells[at].strip() for at in options)
            and not any(row.cells[at].strip() for at in own_words)
            for row in self.complete
        )
        if n_zeros:
            self.note(
                f"{n_zeros} {'row' if n_zeros == 1 else 'rows'} cannot be said to have answered: nothing is ticked, which the "
                "tool also writes where the question was not asked",
                heading,
            )

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
        last = max((int(text) for at in items for text in self.values(at) if text), default=1)
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
        if self._cells or self._own_words:
            rows = tuple(self._merged(row) if len(row.cells) == width else row for row in rows)
        notes = (*self._notes, *self._error_notes())
        return Sheet(None, title, tuple(self._columns[at] for at in range(width)), rows, notes)

    def _error_notes(self) -> Iterator[Note]:
        for line, held in self._errors.items():
            for at, error in held.items():
                column = self._columns.get(at)
                if column is not None and (column.role == "answer" or column.heading):
                    yield Note(cell_error(at, line, error), column.heading, line, is_answer=True)

    def _merged(self, row: Row) -> Row:
        made = {at: cell(row.cells) for at, cell in self._cells.items()}
        for at, words in self._own_words.items():
            cell = made.get(at, row.cells[at])
            made[at] = self._with_words(self._columns[at], cell, words(row.cells, cell))
        return Row(row.line, tuple(made.get(at, text) for at, text in enumerate(row.cells)))

    def _with_words(self, column: Column, cell: str, words: Sequence[str]) -> str:
        """The words stay with a question that is asked with options; before anything is asked, they only mean “Other”."""
        if not words:
            return cell
        if self.asked.kinds:
            kind = self.asked.kind(column.heading, *column.also)
            return with_own_words(cell, words) if kind in ("select_one", "select_multiple", "rank") else cell
        listed = json_list(cell)
        if listed is None:
            return cell or OTHER
        return cell if OTHER in listed else json.dumps([*listed, OTHER], ensure_ascii=False)


def own_words_columns(headings: Mapping[int, str], fields: Collection[str], asked: Asked) -> dict[str, int]:
    """Columns named `<question>_other`, by the question that they stand beside.

    An author can give this name to a question of its own, so nothing is taken for such a column before it is known what is
    asked, nor beside a question that is not asked with options.

    Args:
        headings: By position.
        fields: The names of all questions.
        asked: What is asked.
    """
    found = {text.removesuffix(OWN_WORDS_NAME): at for at, text in headings.items() if text.endswith(OWN_WORDS_NAME)}
    return {
        base: at for base, at in found.items() if base in fields and asked.kind(base).startswith(("select", "rank"))
    }


def is_for_own_words(merging: Merging, question: str, columns: Mapping[int, str]) -> bool:
    """Whether the last column of a question is for own words, under whatever label its author gave to “Other”.

    It is where all columns before it hold their own option, a tick, or one answer for the whole question, and the last one
    holds other texts than its label.

    Args:
        merging: Of the file.
        question: Its wording.
        columns: The option or row that heads each column, by position.
    """
    *others, last = columns
    said = set(merging.values(last)) - {"", columns[last].strip()}
    if not others or not columns[last] or not said or merging.asked.kind(f"{question} [{columns[last].strip()}]"):
        return False
    if len(others) == 1:
        is_single = columns[others[0]].strip().casefold() in ("response", "answer")
        return is_single and merging.asked.kind(question) in ("", "select_one")
    held = [(text, columns[at].strip()) for at in others for text in merging.values(at) if text]
    is_ticked = bool(held) and all(text.removeprefix("- ") == option.removeprefix("- ") for text, option in held)
    return is_ticked or (not held and merging.asked.kind(question) == "select_multiple")


def _nothing(_: Sequence[str]) -> str:
    return ""


def _errors_in(row: Row) -> dict[int, str]:
    return {at: text[1:] for at, text in enumerate(row.cells) if text.startswith(UNREADABLE_MARK)}


def _without_errors(row: Row) -> Row:
    return Row(row.line, tuple("" if text.startswith(UNREADABLE_MARK) else text for text in row.cells))


def without_errors(sheet: Sheet) -> Sheet:
    """A sheet whose cells with an error of their spreadsheet are empty, each named in a note."""
    notes = [
        Note(
            cell_error(at, row.line, error),
            sheet.columns[at].heading if at < len(sheet.columns) else "",
            row.line,
            is_answer=True,
        )
        for row in sheet.rows
        for at, error in _errors_in(row).items()
    ]
    if not notes:
        return sheet
    return replace(sheet, rows=tuple(map(_without_errors, sheet.rows)), notes=(*sheet.notes, *notes))


def cell_error(at: int, line: int, error: str) -> str:
    """What is said of a cell that holds an error instead of a value.

    >>> cell_error(27, 3, "#REF!")
    'cell AB3 holds #REF! instead of an answer'
    """
    letters, rest = "", at + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"cell {letters}{line} holds {error} instead of an answer"

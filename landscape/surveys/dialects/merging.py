"""Columns that a tool spreads over a question's options, made one column per question."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from landscape.surveys.cells import CellColumn, Cells, made_of
from landscape.surveys.export import NOTHING_ASKED, UNREADABLE_MARK, Asked, Column, Note, Role, Sheet, with_own_words

OTHER = "Other"
"""Handed over as an option where a tool only says that the answer is in the respondent's own words."""

OWN_WORDS_NAME = "_other"

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


def spread_of(columns: Mapping[int, str], cells: Cells, ticks: Sequence[str] = ()) -> Spread:
    """What several columns under one question hold, judged by their cells.

    Args:
        columns: The option, item or row that heads each column, by position.
        cells: All cells.
        ticks: What may mean a tick or its absence besides the option's own text.

    Returns:
        `list` where every cell repeats its heading or is a tick, `ranking` where each row holds different whole
        numbers from 1 to the number of items, `unclear` where there is nothing, or no more than a 1 in each row that may
        be a tick as well as a place, else `grid`.
    """
    filled = [(text, option) for at, option in columns.items() for text in cells.values(at) if text]
    are_ones = len(columns) > 1 and "1" in ticks and {text for text, _ in filled} == {"1"}
    if not filled or (are_ones and _most_in_a_row(columns, cells, bool) < 2):
        return "unclear"
    if all(text == option.strip() or text in ticks for text, option in filled):
        return "list"
    if not all(text.isascii() and text.isdigit() and 1 <= int(text) <= len(columns) for text, _ in filled):
        return "grid"
    places = {int(text) for text, _ in filled}
    is_ranked = all(_most_in_a_row(columns, cells, partial(_is_place, place)) < 2 for place in places)
    return "ranking" if is_ranked else "grid"


def _is_place(place: int, text: str) -> bool:
    return bool(text) and int(text) == place


def _most_in_a_row(columns: Mapping[int, str], cells: Cells, holds: Callable[[str], object]) -> int:
    """In how many of the columns of one row this holds, in the row in which it holds most often."""
    import numpy as np

    counted = np.zeros(len(cells.lines), dtype=np.int32)
    for at in columns:
        counted += cells.columns[at].where(lambda text: holds(text.strip()))
    return int(counted.max(initial=0))


@dataclass(frozen=True)
class _OwnWords:
    """Columns of what was written beside “Other”, with what the tool writes there, and the option it must be ticked as."""

    positions: tuple[int, ...]
    unsaid: frozenset[str]
    ticked_as: str | None

    def of(self, cell: str, texts: Sequence[str]) -> list[str]:
        """The words that count beside this cell."""
        if self.ticked_as is not None and self.ticked_as not in (json_list(cell) or cell.split()):
            return []
        return [words for text in texts if (words := text.strip()) and words not in self.unsaid]


class Merging:
    """Collects what each column of a file becomes, then makes the sheet.

    A merged column is where the first of its columns was and the others become `tool`, so that a row keeps
    its number of cells and one that is too long or too short is still seen to be.
    """

    def __init__(self, cells: Cells, asked: Asked = NOTHING_ASKED) -> None:
        self.asked = asked
        self.cells, self._errors = _without_errors(cells)
        self._columns = {at: Column(at, "", "empty") for at in range(len(cells.columns))}
        self._made: dict[int, CellColumn] = {}
        self._own_words: dict[int, _OwnWords] = {}
        self._notes: list[Note] = []

    def values(self, position: int) -> list[str]:
        """The distinct cells of a column, stripped, in complete rows."""
        return self.cells.values(position)

    def role(self, position: int) -> Role:
        """What a column has become so far."""
        return self._columns[position].role

    def keep(
        self,
        position: int,
        heading: str,
        role: Role,
        made: CellColumn | None = None,
        options: Sequence[str] = (),
        also: Sequence[str] = (),
    ) -> None:
        """One column as it is, or with other cells in its place; and what a `Column` may say besides."""
        self._columns[position] = Column(position, heading, role, tuple(options), tuple(also))
        if made is not None:
            self._made[position] = made

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
        if own_words:
            self._own_words[position] = _OwnWords(tuple(own_words), frozenset(unsaid), ticked_as)
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
        found = spread_of(items, self.cells, ticks)
        if found == "unclear":
            return found
        cells = [(text, item.strip()) for at, item in items.items() for text in self.values(at)]
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
            unticked: What is there where an option was offered and not ticked, if anything does.
            is_seen_by_zeros: Whether that is written only where the question was seen.
        """

        def cell(cells: Mapping[int, str]) -> str:
            found = {at: cells[at].strip() for at in options}
            ticked = [options[at].strip() for at, text in found.items() if text and text not in unticked]
            is_seen = is_seen_by_zeros and any(found.values())
            return json.dumps(ticked, ensure_ascii=False) if ticked or is_seen else ""

        first, *others = options
        listed = [option.strip() for option in options.values()]
        offered = [*listed, OTHER] if own_words and OTHER not in listed else listed
        self.keep(first, heading, "answer", self.cells.made(tuple(options), cell), offered)
        self.aside(heading, others)
        self.beside(first, own_words)
        if not is_seen_by_zeros:
            self.note_zeros(heading, options, own_words, unticked)

    def note_zeros(
        self, heading: str, options: Mapping[int, str], own_words: Sequence[int], unticked: Sequence[str]
    ) -> None:
        """Says how many rows hold nothing but the sign for “not ticked”, which the tool also writes where nobody asked."""
        seen = self.cells.any_filled(options) & ~self.cells.any_filled(own_words)
        for at in options:
            seen &= self.cells.columns[at].where(lambda text: text.strip() in ("", *unticked))
        n_zeros = int(seen.sum())
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

        def ranked(place: int) -> CellColumn:
            return self.cells.made(
                tuple(items),
                lambda cells: next((items[at].strip() for at, text in cells.items() if text.strip() == str(place)), ""),
            )

        offered = [item.strip() for item in items.values()]
        last = max((int(text) for at in items for text in self.values(at) if text), default=1)
        for place, at in enumerate(items, start=1):
            role: Role = "answer" if place <= last else "empty"
            self.keep(at, f"{heading} [{place}]", role, ranked(place), offered, [f"{heading}_{place}"] * is_code)

    def as_unclear(self, heading: str, items: Mapping[int, str], *, is_code: bool = False) -> None:
        """Columns that `spread_of` finds unclear: a list of options, the places of a ranking or the rows of a grid.

        The first column is the list or the first place, which have the same cells: an array of the item with
        the 1. The other columns are empty ones.

        Args:
            heading: The question's wording or, if `is_code`, its code.
            items: The option, item or row that heads each column, by position.
            is_code: A place or row may then be asked for by a name, too: `Q13_1`.
        """

        def chosen(cells: Mapping[int, str]) -> str:
            found = [items[at].strip() for at in items if cells[at].strip()]
            return json.dumps(found, ensure_ascii=False) if found else ""

        is_blank = not any(any(self.values(at)) for at in items)
        offered = [item.strip() for item in items.values()]
        for place, (at, item) in enumerate(items.items(), start=1):
            parts = [str(place), item.strip()] if is_blank else [str(place)]
            also = [f"{heading} [{part}]" for part in parts] + [f"{heading}_{part}" for part in parts if is_code]
            if place == 1:
                self.keep(at, heading, "answer", self.cells.made(tuple(items), chosen), offered, also)
            else:
                self.keep(at, also[0], "empty", self.cells.blank_column(), (), also[1:])

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
        made = dict(self._made)
        for at, words in self._own_words.items():
            made[at] = self._joined(self._columns[at], made.get(at, self.cells.columns[at]), words)
        columns = tuple(self._columns[at] for at in range(len(self._columns)))
        notes = (*self._notes, *_error_notes(self._errors, columns))
        return Sheet(None, title, columns, self.cells.with_columns(made), notes)

    def _joined(self, column: Column, cells: CellColumn, words: _OwnWords) -> CellColumn:
        beside = [self.cells.columns[at] for at in words.positions]
        return made_of([cells, *beside], lambda row: self._with_words(column, row[0], words.of(row[0], row[1:])))

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
    """Columns named `<question>_other`, by the question that they are beside.

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


def without_errors(sheet: Sheet) -> Sheet:
    """A sheet whose cells with an error of their spreadsheet are empty, each named in a note."""
    cells, errors = _without_errors(sheet.cells)
    named = tuple(replace(column, role="answer") for column in sheet.columns)
    return replace(sheet, cells=cells, notes=(*sheet.notes, *_error_notes(errors, named)))


Errors = list[tuple[int, int, str]]
"""Line, position and error of cells that hold one."""


def _without_errors(cells: Cells) -> tuple[Cells, Errors]:
    """The cells with nothing where an error of their spreadsheet is, and these errors, row by row."""
    found: Errors = []
    made: dict[int, CellColumn] = {}
    for at, column in enumerate(cells.columns):
        if column.has(UNREADABLE_MARK):
            found += [(line, at, text[1:]) for line, text in cells.held(at, _is_error)]
            made[at] = column.mapped(lambda text: "" if _is_error(text) else text)
    return (cells.with_columns(made) if made else cells), sorted(found)


def _is_error(text: str) -> bool:
    return text.startswith(UNREADABLE_MARK)


def _error_notes(errors: Errors, columns: Sequence[Column]) -> list[Note]:
    return [
        Note(cell_error(at, line, error), columns[at].heading, line, is_answer=True)
        for line, at, error in errors
        if columns[at].role == "answer" or columns[at].heading
    ]


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

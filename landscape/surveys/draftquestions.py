"""Turns the columns of an unknown export into questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from landscape.surveys.cells import Row
from landscape.surveys.draft import DraftPart, DraftQuestion
from landscape.surveys.export import OWN_WORDS_MARK, UNREADABLE_MARK, Column, Dialect, Export, Sheet
from landscape.surveys.guessing import Guess, guess_column, guess_together
from landscape.surveys.naming import Names
from landscape.surveys.optionlists import KnownList, OwnLists
from landscape.surveys.scales import is_other
from landscape.surveys.splitting import json_parts
from landscape.text import normal_wording

_PART = re.compile(r"(?P<stem>.*\S)\s\[(?P<part>[^\[\]]+)\]", re.DOTALL)
_LINES_SHOWN = 8
_RANKING = (
    "a ranking, as far as its places were used: see that none is missing, and that these are not marks on a scale"
)

_GROUPED = re.compile(r"[/.]|__|-")
_MOVED = (
    "nobody answered both this and “{first}”: if it is the same question, moved, delete this row and write `{heading}` "
    "into a column `columns` of the other row"
)


class Drafter:
    """Turns columns into questions, with names and lists that are the survey's own.

    Args:
        dialect: The tool's.
        lists: The lists of data/reference.
        names: The names that are taken already.
        own_lists: The survey's own lists so far.
    """

    def __init__(self, dialect: Dialect, lists: Sequence[KnownList], names: Names, own_lists: OwnLists) -> None:
        self._dialect = dialect
        self._lists = lists
        self._names = names
        self._has_area = False
        self.own_lists = own_lists
        self.skipped: list[str] = []

    def parts(self, export: Export) -> Iterator[DraftPart]:
        """The responses and the repeated parts, with all their questions."""
        named = {sheet.repeat: self._part_name(sheet.repeat) for sheet in export.sheets}
        for sheet in export.sheets:
            questions = tuple(self.questions(sheet, sheet.columns))
            parent = named.get(parent_of(sheet, export))
            label = sheet.repeat if sheet.repeat and named[sheet.repeat] != sheet.repeat else ""
            yield DraftPart(named[sheet.repeat], parent, questions, label)

    def questions(self, sheet: Sheet, asked: Sequence[Column]) -> Iterator[DraftQuestion]:
        """The questions of some columns of a sheet, in their order."""
        complete = whole_rows(sheet)
        moved = _moved(asked, complete)
        for _, together in groupby(self._columns(asked), key=_stem):
            columns = list(together)
            if _is_ranking(columns):
                yield from self._ranking(columns, complete)
            else:
                yield from self._each(columns, complete, sheet.repeat, moved)

    def _part_name(self, repeat: str | None) -> str | None:
        return None if repeat is None else self._names.of_code(repeat)

    def _columns(self, asked: Sequence[Column]) -> Iterator[Column]:
        """The columns to draft: those with an answer and a wording of their own."""
        seen: set[str] = set()
        for column in asked:
            if column.role != "answer":
                continue
            wording = normal_wording(column.heading)
            if not wording:
                self.skipped.append(f"column {column.position + 1} has no wording: give it one in the survey tool")
            elif wording in seen:
                self.skipped.append(f"asked twice, so re-word one in the survey tool: “{column.heading}”")
            else:
                seen.add(wording)
                yield column

    def _ranking(self, columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[DraftQuestion]:
        """A ranking that the tool spreads over a column for each place."""
        guess = guess_together(columns, cells_of(columns, rows), self._dialect, self._lists)
        if guess.labels or guess.known:
            guess = replace(guess, kind="select_one")
        if guess.kind == "select_one":
            guess = _noted(self._closed(guess, columns, rows), _RANKING)
        ranking = self._names.of_wording(_split(columns[0])[0])
        for place, column in enumerate(columns, start=1):
            use = f"rank:{ranking}:{place}" if guess.kind == "select_one" else ""
            yield self._question(self._names.take(f"{ranking}_{place}"), column.heading, guess, use, shared=ranking)

    def _each(
        self, columns: Sequence[Column], rows: Sequence[Row], part: str | None, moved: Mapping[int, str]
    ) -> Iterator[DraftQuestion]:
        """One question, or the rows of a grid: they share a list where all of them are closed."""
        cells = cells_of(columns, rows)
        guesses = [
            self._closed(guess_column(column, own, self._dialect, self._lists), [column], rows)
            for column, own in zip(columns, cells, strict=True)
        ]
        if len(columns) > 1:
            together = guess_together(columns, cells, self._dialect, self._lists)
            is_closed = bool(together.labels or together.known)
            guesses = [self._closed(together, columns, rows)] * len(columns) if is_closed else guesses
        for column, guessed in zip(columns, guesses, strict=True):
            first = moved.get(column.position)
            guess = _noted(guessed, _MOVED.format(first=first, heading=column.heading)) if first else guessed
            if guess.kind == "ranking":
                yield from self._ranking_in_a_cell(column, guess)
                continue
            yield self._question(
                self._names.of_wording(" ".join(_split(column)), (column.heading, *column.also)),
                column.heading,
                guess,
                self._area_use(guess, part),
            )

    def _ranking_in_a_cell(self, column: Column, guess: Guess) -> Iterator[DraftQuestion]:
        name, one = (
            self._names.of_wording(column.heading, (column.heading, *column.also)),
            replace(guess, kind="select_one"),
        )
        for place in range(1, len(guess.labels) + 1):
            use, heading = f"rank:{name}:{place}", f"{column.heading} [{place}]"
            yield self._question(self._names.take(f"{name}_{place}"), heading, one, use, shared=name)

    def _closed(self, guess: Guess, columns: Sequence[Column], rows: Sequence[Row]) -> Guess:
        """A closed question as it fits its answers: what is in no list is the respondents' own words, so far.

        The answers themselves are not shown, since they may name a person; their lines are.
        """
        if not guess.labels or guess.kind == "ranking":
            return guess
        has_own_words = any(OWN_WORDS_MARK in row.cells[column.position] for row in rows for column in columns)
        if has_own_words and not any(map(is_other, guess.labels)):
            guess = _with_other(guess)
        known = {normal_wording(text) for text in (*guess.labels, *guess.codes)}
        unlisted = [
            row.line
            for row in rows
            for column in columns
            if any(normal_wording(part) not in known for part in self._parts(_given(row.cells[column.position]), guess))
        ]
        areas = next(known for known in self._lists if known.is_of_areas)
        if not unlisted or any(map(areas.holds, guess.codes)):
            return guess
        where = ", ".join(str(line) for line in unlisted[:_LINES_SHOWN]) + (
            " …" if len(unlisted) > _LINES_SHOWN else ""
        )
        said = "answer is" if len(unlisted) == 1 else "answers are"
        note = f"{len(unlisted)} {said} in no option, at line {where}: list those that are options"
        if any(map(is_other, guess.labels)):
            return _noted(guess, note)
        return _noted(_with_other(guess), f"{note}; until then they are “Other”, which goes if it was no option")

    def _parts(self, cell: str, guess: Guess) -> list[str]:
        if not cell:
            return []
        if guess.kind == "select_multiple":
            return self._dialect.split(cell, list(guess.labels))
        return json_parts(cell) or [cell]

    def _area_use(self, guess: Guess, part: str | None) -> str:
        """The first question that asks for a force area says where a response is from."""
        is_first = guess.known is not None and guess.known.is_of_areas and guess.kind == "select_one" and part is None
        if not is_first or self._has_area:
            return ""
        self._has_area = True
        return "area"

    def _question(self, name: str, heading: str, guess: Guess, use: str = "", shared: str = "") -> DraftQuestion:
        named = self.own_lists.name_for(guess.labels, shared or name, guess.codes) if guess.labels else ""
        return DraftQuestion(name, " ".join(heading.split()), guess, named, use)


def whole_rows(sheet: Sheet) -> list[Row]:
    """The rows that are neither too long nor too short."""
    return [row for row in sheet.rows if len(row.cells) == len(sheet.columns)]


def _moved(asked: Sequence[Column], rows: Sequence[Row]) -> dict[int, str]:
    """Columns that may be an earlier one in another group, with its heading: the same name, and never both answered."""
    named: dict[str, Column] = {}
    found = {}
    for column in asked:
        if column.role == "answer" and any(row.cells[column.position].strip() for row in rows):
            first = named.setdefault(_GROUPED.split(column.heading.strip())[-1], column)
            if first is not column and not any(
                row.cells[first.position].strip() and row.cells[column.position].strip() for row in rows
            ):
                found[column.position] = first.heading
    return found


def parent_of(sheet: Sheet, export: Export) -> str | None:
    """The repeated part whose rows a part's rows belong to; None for the responses themselves."""
    belongs_to, own = sheet.position("parent_id"), sheet.repeat
    if own is None or belongs_to is None:
        return None
    parents = {row.cells[belongs_to] for row in sheet.rows if len(row.cells) == len(sheet.columns)}
    for other in export.sheets:
        numbers = other.position("response_id" if other.repeat is None else "record_id")
        if other.repeat != own and numbers is not None:
            known = {row.cells[numbers] for row in other.rows if len(row.cells) == len(other.columns)}
            if parents <= known:
                return other.repeat
    return None


def _noted(guess: Guess, note: str) -> Guess:
    return replace(guess, note="; ".join(filter(None, (guess.note, note))))


def cells_of(columns: Sequence[Column], rows: Sequence[Row]) -> list[list[str]]:
    """What was answered in each column."""
    return [[_given(row.cells[column.position]) for row in rows] for column in columns]


def _given(cell: str) -> str:
    """What was answered in a cell, without the words beside “Other”; nothing in one that could not be read."""
    return "" if cell.startswith(UNREADABLE_MARK) else cell.partition(OWN_WORDS_MARK)[0].strip()


def _with_other(guess: Guess) -> Guess:
    codes = (*guess.codes, "") if guess.codes else guess.codes
    return replace(guess, labels=(*guess.labels, "Other"), codes=codes)


def _split(column: Column) -> tuple[str, str]:
    """A heading's question and, where it names one, the row of the grid or the place of the ranking."""
    found = _PART.fullmatch(column.heading)
    return (found["stem"], found["part"]) if found else (column.heading, "")


def _stem(column: Column) -> tuple[str, int]:
    """The same for columns that may belong together: rows of a grid, places of a ranking."""
    stem, part = _split(column)
    return (stem, -1) if part and not _is_list(column) else (column.heading, column.position)


def _is_list(column: Column) -> bool:
    return bool(column.options) and not _split(column)[1].isdigit()


def _is_ranking(columns: Sequence[Column]) -> bool:
    places = [_split(column)[1] for column in columns]
    return places == [str(place) for place in range(1, len(places) + 1)]

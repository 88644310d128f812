"""Drafts a survey folder from an export, for a person to finish. Not here: what a column seems to ask."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from landscape.errors import LandscapeError, ReceivedFileError, SurveyDefinitionError
from landscape.surveys.definition import SURVEY_NAME, read_survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.draftfiles import TIME_ZONE, Draft, DraftPart, DraftQuestion, write_questionnaire, write_survey
from landscape.surveys.export import ISO_FORMAT, Column, Export, Sheet
from landscape.surveys.guessing import Guess, guess_column, guess_together
from landscape.surveys.optionlists import (
    OWN_LISTS,
    KnownList,
    OwnLists,
    first_words,
    known_lists,
    numbered,
    plain_words,
)
from landscape.surveys.questionnaire_file import RESERVED_NAMES
from landscape.surveys.received import read_unknown
from landscape.text import normal_wording

_PART = re.compile(r"(?P<stem>.*\S)\s\[(?P<part>[^\[\]]+)\]", re.DOTALL)
_MOST_WORDS, _LONGEST_NAME = 5, 40
_FILLERS = frozenset(
    plain_words(
        "a an and any are as at be been by can could did do does for from had has have how if in is it its of on or our "
        "please should so than that the their them these they this those to was we were what when where which who why "
        "will with would you your"
    )
)
_RANKING = (
    "a ranking, as far as its places were used: see that none is missing, and that these are not marks on a scale"
)


def draft_survey(path: Path, name: str, surveys_folder: Path, reference: Path) -> Draft:
    """Drafts `survey.yml`, `questionnaire.md` and, where needed, `options.csv` from an export.

    No answer is written into them but options given at least three times; see `guessing`.

    Args:
        path: The export.
        name: The survey's name, and its folder's.
        surveys_folder: Where survey folders lie.
        reference: The folder of the option lists that surveys share.

    Returns:
        What was drafted, for a person to look at.

    Raises:
        LandscapeError: There is such a survey, the name cannot be one, or the file is no export.
    """
    _refuse_name(name, surveys_folder)
    read = read_unknown(path)
    tools = tuple(read)
    draft = _draft(read[tools[0]], name, tools, known_lists(reference))
    if not draft.questions:
        raise ReceivedFileError("it has no column with a question", file=path, remedy="export it again with headings")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        folder.mkdir()
        write_survey(draft, folder / "survey.yml")
        write_questionnaire(draft, folder / "questionnaire.md")
        if draft.lists_csv:
            (folder / OWN_LISTS).write_text(draft.lists_csv, encoding="utf-8", newline="\n")
        read_survey(folder, reference)  # what is drafted can be read before anything stands in the project
        shutil.copytree(folder, surveys_folder / name)
    return draft


def _refuse_name(name: str, surveys_folder: Path) -> None:
    if not SURVEY_NAME.fullmatch(name):
        raise LandscapeError(
            f"a survey cannot be called {name!r}",
            remedy="use 3 to 40 small letters, digits and _, beginning with a letter, as in officer_survey",
        )
    if (surveys_folder / name).exists():
        raise SurveyDefinitionError(
            f"there is a survey {name} already, and nothing is written over it",
            file=f"assets/raw/surveys/{name}",
            remedy="choose another name; or, for a new wave, add it under `waves:` in its survey.yml",
        )


def _draft(export: Export, name: str, tools: tuple[str, ...], lists: tuple[KnownList, ...]) -> Draft:
    drafter = _Drafter(tools[0], lists)
    parts = tuple(
        DraftPart(sheet.repeat, _parent(sheet, export), tuple(drafter.questions(sheet))) for sheet in export.sheets
    )
    days = sorted(_days(export))
    return Draft(
        name=name,
        tools=tools,
        parts=parts,
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
        zone=export.time_zone,
        skipped=tuple(drafter.skipped),
        lists_csv=drafter.own_lists.as_csv(),
    )


class _Drafter:
    """Turns columns into questions, with names and lists that are the survey's own."""

    def __init__(self, tool: str, lists: Sequence[KnownList]) -> None:
        self._dialect = DIALECTS[tool]
        self._lists = lists
        self._taken = [*RESERVED_NAMES]
        self.own_lists = OwnLists()
        self.skipped: list[str] = []

    def questions(self, sheet: Sheet) -> Iterator[DraftQuestion]:
        """The questions of one sheet, in the order of its columns."""
        complete = [row.cells for row in sheet.rows if len(row.cells) == len(sheet.columns)]
        for _, together in groupby(self._columns(sheet), key=_stem):
            columns = list(together)
            cells = [[row[column.position] for row in complete] for column in columns]
            if _is_ranking(columns):
                yield from self._ranking(columns, cells)
            else:
                yield from self._each(columns, cells)

    def _columns(self, sheet: Sheet) -> Iterator[Column]:
        """The columns to draft: those with an answer and a wording of their own."""
        seen: set[str] = set()
        for column in sheet.columns:
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

    def _ranking(self, columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> Iterator[DraftQuestion]:
        guess = guess_together(columns, cells, self._dialect, self._lists)
        if guess.labels or guess.known:
            guess = replace(guess, kind="select_one")
        if guess.kind == "select_one":
            guess = replace(guess, note="; ".join(filter(None, (guess.note, _RANKING))))
        ranking = self._new_name(_split(columns[0])[0])
        for place, column in enumerate(columns, start=1):
            use = f"rank:{ranking}:{place}" if guess.kind == "select_one" else ""
            yield self._question(f"{ranking}_{place}", column, guess, use, shared=ranking)

    def _each(self, columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> Iterator[DraftQuestion]:
        """One question, or the rows of a grid: they share a list where all of them are closed."""
        guesses = [
            guess_column(column, own, self._dialect, self._lists) for column, own in zip(columns, cells, strict=True)
        ]
        if len(columns) > 1:
            together = guess_together(columns, cells, self._dialect, self._lists)
            guesses = [together] * len(columns) if together.labels or together.known else guesses
        for column, guess in zip(columns, guesses, strict=True):
            yield self._question(self._new_name(" ".join(_split(column))), column, guess)

    def _question(self, name: str, column: Column, guess: Guess, use: str = "", shared: str = "") -> DraftQuestion:
        self._taken.append(name)
        named = self.own_lists.name_for(guess.labels, shared or name) if guess.labels else ""
        return DraftQuestion(name, " ".join(column.heading.split()), guess, named, use)

    def _new_name(self, wording: str) -> str:
        words = plain_words(wording)
        telling = [word for word in words if word not in _FILLERS] or words
        name = first_words(telling, _MOST_WORDS, _LONGEST_NAME) or "question"
        name = numbered(name if name[0].isalpha() else f"q_{name}", self._taken)
        self._taken.append(name)
        return name


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


def _parent(sheet: Sheet, export: Export) -> str | None:
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


def _days(export: Export) -> Iterator[dt.date]:
    """The days on which responses were given, where they are given."""
    sheet, time_format = export.sheets[0], DIALECTS[export.tool].TIME_FORMAT
    zone = ZoneInfo(export.time_zone or TIME_ZONE)
    positions = [at for at in (sheet.position("completed_at"), sheet.position("started_at")) if at is not None]
    for row in sheet.rows:
        for at in positions:
            moment = _moment(row.cells[at].strip(), time_format) if at < len(row.cells) else None
            if moment is not None:
                yield moment.replace(tzinfo=moment.tzinfo or zone).astimezone(ZoneInfo(TIME_ZONE)).date()


def _moment(text: str, time_format: str) -> dt.datetime | None:
    try:
        if time_format == ISO_FORMAT:
            return dt.datetime.fromisoformat(text)
        return dt.datetime.strptime(text, time_format)  # noqa: DTZ007 - its zone is added where it is used
    except ValueError:
        return None

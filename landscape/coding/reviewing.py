"""Exports answers in own words as private review sheets, and imports the codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.codebook import nearest_codes, read_codebook
from landscape.coding.ledgers import Coding, read_codings, write_codings
from landscape.coding.sheets import CHECK, CODER, RECORD, SEPARATOR, WORDS, Sheet, codes_in, read_sheet, write_sheet
from landscape.coding.suggesting import Suggester
from landscape.coding.words import ACTIVITIES, Unit, activity_notes, units_to_code
from landscape.errors import LandscapeError
from landscape.pii_scan import Known, personal_kinds
from landscape.private_files import log_access
from landscape.surveys.optionlists import numbered
from landscape.writing import one_writer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.paths import ProjectPaths
    from landscape.surveys.definition import Survey

YOUR_CODES, QUESTION, PART, NOW = "your codes", "question", "part", "code now"
CODED_FIELDS = (
    "primary_objective", "other_objectives", "activity_type", "audiences", "partners", "channels", "participation_level",
)  # fmt: skip
"""The questions on an activity that two people code to measure their agreement."""
_HEADINGS = ("survey", "response", RECORD, QUESTION, PART, "asked", WORDS, NOW, "suggestions", YOUR_CODES, CODER, CHECK)
_LONGEST_CODER = 40
_HOW_TO_WORDS = (
    "In the sheet “review”, fill in the two yellow columns. Choose a code from the list that opens in the cell, or type it.",
    "Several codes: type them with “; ” between them. A question with one answer takes one code.",
    "coder: your initials or your number as a coder, never a respondent’s name.",
    "Suggestions come from similar words. They are often wrong, and code nothing: only what you fill in counts.",
    "If the answer really is something else, give the code for “Other”: it then counts as reviewed.",
    "Leave a row empty to decide later. Leave all other columns, and the sheets’ names, as they are.",
    "The sheet “codes” explains each code.",
    "Then: landscape review import FILE, and landscape refresh.",
)
_HOW_TO_ACTIVITIES = (
    "For measuring agreement: two people each take a copy of this file and code all rows, without talking about them.",
    "Fill in the yellow columns: choose a code from the list that opens in the cell, or type several with “; ” between them.",
    "coder: your initials or your number as a coder.",
    "Leave a cell empty only where you cannot code it; such a cell is not compared.",
    "The sheet “codes” explains each code.",
    "Then: landscape agreement FILE_OF_THE_FIRST FILE_OF_THE_SECOND",
)


@dataclass(frozen=True)
class Exported:
    """A sheet that was written.

    Args:
        path: Where.
        n_units: Rows to code.
        n_coded: Answers in own words left out because they were coded before.
    """

    path: Path
    n_units: int
    n_coded: int


@dataclass(frozen=True)
class Imported:
    """What was taken from a sheet.

    Args:
        n_units: Answers that now have codes of a person.
        n_replaced: Of these, those that a person had given other codes before.
        n_open: Rows without code or without coder, which stay open.
        refused: Line and reason of each row refused.
    """

    n_units: int
    n_replaced: int
    n_open: int
    refused: tuple[tuple[int, str], ...]


def export_words(
    con: DuckDBPyConnection, paths: ProjectPaths, surveys: tuple[Survey, ...], only: str | None, at: dt.datetime
) -> Exported:
    """Writes the answers in own words that nobody has coded yet as a review sheet, and adds a line to the access log.

    Args:
        con: The staging database of the last refresh.
        paths: The project folder.
        surveys: All surveys.
        only: One survey's name; None for all.
        at: When (UTC).

    Raises:
        LandscapeError: There is no such survey, or nothing to code.
    """
    if only is not None and only not in {survey.name for survey in surveys}:
        raise LandscapeError(
            f"there is no survey {only}", remedy=f"the surveys are {', '.join(s.name for s in surveys)}"
        )
    units = [unit for unit in units_to_code(con, paths, surveys) if only in (None, unit.survey)]
    before: dict[tuple[str, str, str], list[str]] = {}
    for coding in read_codings(paths).values():
        before.setdefault(coding.unit, []).append(coding.code)
    open_units = [unit for unit in units if unit.key not in before]
    if not open_units:
        raise LandscapeError("there is nothing to code", remedy="all answers in own words are coded, or there are none")
    codebook = read_codebook(paths.reference)
    suggester = Suggester(codebook, [(unit.words, before[unit.key]) for unit in units if unit.key in before])
    named = _list_names(open_units)
    sheet = Sheet(
        headings=_HEADINGS,
        rows=[_row_of(unit, suggester) for unit in open_units],
        to_fill=(YOUR_CODES, CODER),
        lists={name: dict(labels) for labels, name in named.items()},
        list_of={(row, YOUR_CODES): named[_listed(unit)] for row, unit in enumerate(open_units)},
        how_to=_HOW_TO_WORDS,
        definitions={code.code: code.definition for code in codebook},
        is_sample=any(unit.is_sample for unit in open_units),
    )
    path = write_sheet(sheet, paths.review, f"words-{only or 'all'}", at)
    log_access(paths, "review export", only or "all surveys", len(open_units), at)
    return Exported(path, len(open_units), len(units) - len(open_units))


def export_activities(
    con: DuckDBPyConnection, paths: ProjectPaths, surveys: tuple[Survey, ...], at: dt.datetime
) -> Exported:
    """Writes all reports of activities as a sheet to be coded by two people; arguments as for `export_words`."""
    notes = list(activity_notes(con, paths, surveys))
    if not notes:
        raise LandscapeError(
            "there is no activity to code", remedy="first put visit workbooks into data/raw/force_visits"
        )
    asked = {question.name: question for survey in surveys for question in survey.questionnaire.of(ACTIVITIES)}
    lists = {name: {option.code: option.label for option in asked[name].offered} for name in CODED_FIELDS}
    sheet = Sheet(
        headings=(RECORD, "what it is", *CODED_FIELDS, CODER),
        rows=[(record, words, *("" for _ in CODED_FIELDS), "") for record, words, _ in notes],
        to_fill=(*CODED_FIELDS, CODER),
        lists=lists,
        list_of={(row, name): name for row in range(len(notes)) for name in CODED_FIELDS},
        how_to=_HOW_TO_ACTIVITIES,
        definitions={code.code: code.definition for code in read_codebook(paths.reference)},
        is_sample=any(is_sample for *_, is_sample in notes),
    )
    path = write_sheet(sheet, paths.review, "activities", at)
    log_access(paths, "review export", "activities", len(notes), at)
    return Exported(path, len(notes), 0)


def _list_names(units: Sequence[Unit]) -> dict[tuple[tuple[str, str], ...], str]:
    """A name for each distinct list of codes: what its codes start with."""
    names: dict[tuple[tuple[str, str], ...], str] = {}
    for unit in units:
        if _listed(unit) not in names:
            names[_listed(unit)] = numbered(next(iter(unit.labels)).partition(".")[0], names.values())
    return names


def _listed(unit: Unit) -> tuple[tuple[str, str], ...]:
    return tuple(unit.labels.items())


def _row_of(unit: Unit, suggester: Suggester) -> tuple[str, ...]:
    suggested = SEPARATOR.join(f"{code} {unit.labels[code]}?" for code in suggester.suggest(unit.words, unit.labels))
    return (
        unit.survey, unit.response, unit.record, unit.question, str(unit.position), unit.wording, unit.words, unit.current,
        suggested, "", "", unit.words_check,
    )  # fmt: skip


def import_words(
    con: DuckDBPyConnection, paths: ProjectPaths, surveys: tuple[Survey, ...], file: Path, at: dt.datetime
) -> Imported:
    """Imports the codes that a person filled in; the next refresh applies them.

    Only rows with code and coder are imported. A row that is refused does not affect the others.

    Args:
        con: The staging database of the last refresh.
        paths: The project folder.
        surveys: All surveys.
        file: The sheet.
        at: When (UTC).

    Raises:
        LandscapeError: It is not a review sheet.
    """
    rows = read_sheet(file, (RECORD, QUESTION, PART, YOUR_CODES, CODER, CHECK))
    units = {unit.key: unit for unit in units_to_code(con, paths, surveys)}
    taken: dict[tuple[str, str, str], list[Coding]] = {}
    refused: list[tuple[int, str]] = []
    n_open = 0
    for line, cells in rows:
        key = (cells[RECORD], cells.get(QUESTION, ""), cells.get(PART, ""))
        written, coder = cells.get(YOUR_CODES, ""), cells.get(CODER, "")
        if not written or not coder:
            n_open += 1
            continue
        unit = units.get(key)
        codes, reason = _judge(unit, written, coder, cells.get(CHECK, ""))
        if unit is None or reason or key in taken:
            refused.append((line, reason or "the same answer is in the sheet twice"))
        else:
            taken[key] = [
                Coding(unit.response, *key, code, coder, at.date().isoformat(), unit.words_check) for code in codes
            ]
    with one_writer(paths):
        recorded = list(read_codings(paths).values())
        kept = [coding for coding in recorded if coding.unit not in taken]
        n_replaced = len({coding.unit for coding in recorded} & set(taken))
        if taken:
            write_codings(paths, [*kept, *(coding for codings in taken.values() for coding in codings)])
    if taken:
        log_access(paths, "review import", "codes", len(taken), at)
    return Imported(len(taken), n_replaced, n_open, tuple(refused))


def _judge(unit: Unit | None, written: str, coder: str, check: str) -> tuple[Sequence[str], str]:
    """The codes of a row, or why it is refused; what was written is not repeated, in case it is not a code."""
    if unit is None:
        return (), "there is no such answer any more"
    if check != unit.words_check:
        return (), "the words have changed since the sheet was written; export it again"
    if len(coder) > _LONGEST_CODER or any(personal_kinds(coder, Known())):
        return (), "coder must be initials or a number"
    codes, unknown = codes_in(written, unit.labels)
    if unknown:
        nearest = [
            f"did you mean {' or '.join(found)}?" for text in unknown if (found := nearest_codes(text, unit.labels))
        ]
        return (), " ".join(
            ["a code that the question does not have;", *nearest]
        ) if nearest else "not a code that the question has"
    if len(codes) > 1 and not unit.takes_several:
        return (), "the question has one answer, so it takes one code"
    return codes, ""

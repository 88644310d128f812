"""Compares the sheets of two coders: agreement by scheme and code, and a list of differences to discuss."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.codebook import Code, nearest_codes, read_codebook
from landscape.coding.agreement import Measured, agreement_on_code, agreement_on_sets
from landscape.coding.ledgers import Agreement, write_agreement
from landscape.coding.reviewing import CODED_FIELDS, PART, QUESTION, YOUR_CODES
from landscape.coding.sheets import CHECK, CODER, RECORD, SEPARATOR, WORDS, Sheet, codes_in, read_sheet, write_sheet
from landscape.coding.words import ACTIVITIES, labels_of
from landscape.errors import LandscapeError
from landscape.private_files import log_access
from landscape.surveys.received import SAMPLE_MARK

if TYPE_CHECKING:
    from landscape.paths import ProjectPaths
    from landscape.surveys.definition import Survey

PRIMARY, OTHERS = "primary_objective", "other_objectives"
_NOTE = "what it is"
Key = tuple[str, str, str]
"""A unit: record, question, part; the last two empty for an activity."""


@dataclass(frozen=True)
class Compared:
    """Two coders compared.

    Args:
        measured: Agreement by scheme and code (empty: the whole scheme), in the order of the sheets.
        n_units: Units that both coded in some scheme.
        n_single: Units that only one of them coded.
        n_disagreements: What they coded differently.
        path: The list of these; None if there are none.
        is_sample: Whether the units are made up.
    """

    measured: tuple[tuple[str, str, Measured], ...]
    n_units: int
    n_single: int
    n_disagreements: int
    path: Path | None
    is_sample: bool


@dataclass
class _Coded:
    """One coder's sheet: codes by scheme and unit, who coded, and the cells of each unit."""

    coders: set[str] = field(default_factory=set)
    codes: dict[str, dict[Key, frozenset[str]]] = field(default_factory=dict)
    cells: dict[Key, dict[str, str]] = field(default_factory=dict)


def compare(paths: ProjectPaths, surveys: tuple[Survey, ...], files: tuple[Path, Path], at: dt.datetime) -> Compared:
    """Measures how far two coders agree, keeps it for the next refresh, and lists where they do not.

    Args:
        paths: The project folder.
        surveys: All surveys.
        files: The sheets of the two coders, made from the same export.
        at: When (UTC).

    Raises:
        LandscapeError: They are not two such sheets from two coders, or something is not a code.
    """
    codebook = read_codebook(paths.reference)
    first, second = (_read(path, surveys, codebook) for path in files)
    if first.coders & second.coders:
        raise LandscapeError(
            "both sheets are from the same coder",
            culprits=sorted(first.coders & second.coders),
            remedy="agreement is between two people, each of whom fills in the column coder",
        )
    measured: list[tuple[str, str, Measured]] = []
    differing: list[tuple[str, Key]] = []
    both: set[Key] = set()
    for scheme in first.codes:
        here, there = first.codes[scheme], second.codes.get(scheme, {})
        units = sorted(here.keys() & there.keys())
        if units:
            both |= set(units)
            coders = [[coded[unit] for unit in units] for coded in (here, there)]
            measured.append((scheme, "", agreement_on_sets(coders)))
            used = sorted({code for line in coders for codes in line for code in codes})
            measured += [(scheme, code, agreement_on_code(coders, code)) for code in used]
            differing += [(scheme, unit) for unit in units if here[unit] != there[unit]]
    if not both:
        raise LandscapeError(
            "there is no unit in the two sheets that both coded",
            remedy="export once, give each coder a copy, and let both fill in the yellow columns",
        )
    coded_once = {unit for one in (first, second) for by_unit in one.codes.values() for unit in by_unit} - both
    is_sample = any(SAMPLE_MARK in record for record, _, _ in both)
    write_agreement(paths, [_kept(scheme, code, found, is_sample=is_sample) for scheme, code, found in measured])
    path = _write_disagreements(paths, first, second, differing, surveys, codebook, at, is_sample=is_sample)
    log_access(paths, "agreement", "disagreements", len(differing), at)
    return Compared(tuple(measured), len(both), len(coded_once), len(differing), path, is_sample)


def _kept(scheme: str, code: str, found: Measured, *, is_sample: bool) -> Agreement:
    alpha, low, high = ("" if value is None else f"{value:.3f}" for value in (found.alpha, found.low, found.high))
    return Agreement(scheme, code, alpha, low, high, str(found.n_units), found.verdict, str(is_sample).lower())


def _read(path: Path, surveys: tuple[Survey, ...], codebook: Sequence[Code]) -> _Coded:
    scheme_of = {code.code: code.scheme for code in codebook}
    rows = read_sheet(path, (RECORD, CODER))
    is_words = any(YOUR_CODES in cells for _, cells in rows)
    asked = _asked_in_words(surveys, codebook) if is_words else _asked_of_activities(surveys)
    coded, wrong = _Coded(), []
    for line, cells in rows:
        key = (cells[RECORD], cells.get(QUESTION, ""), cells.get(PART, ""))
        coded.cells[key] = cells
        coded.coders |= {cells[CODER].casefold()} - {""}
        fields = {key[1]: YOUR_CODES} if is_words else {name: name for name in CODED_FIELDS}
        given: dict[str, frozenset[str]] = {}
        for question, heading in fields.items():
            labels = asked.get((key[0].partition("/")[0], question), {})
            codes, unknown = codes_in(cells.get(heading, ""), labels)
            for text in unknown:
                nearest = nearest_codes(text, labels)
                wrong.append(
                    f"row {line}, {heading}: no code" + (f"; nearest {' or '.join(nearest)}" if nearest else "")
                )
            if codes:
                given[question] = frozenset(codes)
        for scheme, codes_given in _by_scheme(given, scheme_of).items():
            coded.codes.setdefault(scheme, {})[key] = codes_given
    if wrong:
        raise LandscapeError(
            "cells contain something that is not a code",
            file=path.name,
            culprits=wrong,
            remedy="correct them, then try again",
        )
    return coded


def _by_scheme(given: Mapping[str, frozenset[str]], scheme_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Codes by scheme. The objectives of an activity are compared twice: the primary one, and all of them as a set."""
    found: dict[str, frozenset[str]] = {}
    for question, codes in given.items():
        scheme = scheme_of.get(next(iter(codes)), question)
        if question == PRIMARY:
            found[PRIMARY] = codes
            found[scheme] = codes | given.get(OTHERS, frozenset())
        elif question != OTHERS:
            found[scheme] = codes
    return found


def _asked_in_words(surveys: tuple[Survey, ...], codebook: Sequence[Code]) -> dict[tuple[str, str], Mapping[str, str]]:
    return {
        (survey.name, question.rank[0] if question.rank else question.name): labels
        for survey in surveys
        for question in survey.questionnaire.questions
        if (labels := labels_of(question, codebook))
    }


def _asked_of_activities(surveys: tuple[Survey, ...]) -> dict[tuple[str, str], Mapping[str, str]]:
    return {
        (survey.name, question.name): {option.code: option.label for option in question.offered}
        for survey in surveys
        for question in survey.questionnaire.of(ACTIVITIES)
    }


def _write_disagreements(
    paths: ProjectPaths,
    first: _Coded,
    second: _Coded,
    differing: Sequence[tuple[str, Key]],
    surveys: tuple[Survey, ...],
    codebook: Sequence[Code],
    at: dt.datetime,
    *,
    is_sample: bool,
) -> Path | None:
    """A sheet for settling differences: for words it can be imported; for activities, the outcome is entered by `decide`."""
    if not differing:
        return None
    in_words = _asked_in_words(surveys, codebook)
    headings = (RECORD, QUESTION, PART, WORDS, "coder A", "coder B", YOUR_CODES, CODER, CHECK)
    rows: list[tuple[str, ...]] = []
    lists: dict[str, Mapping[str, str]] = {}
    list_of: dict[tuple[int, str], str] = {}
    for scheme, key in differing:
        cells = first.cells[key]
        given = (SEPARATOR.join(sorted(one.codes[scheme][key])) for one in (first, second))
        rows.append(
            (
                key[0],
                key[1] or scheme,
                key[2],
                cells.get(WORDS, cells.get(_NOTE, "")),
                *given,
                "",
                "",
                cells.get(CHECK, ""),
            )
        )
        labels = in_words.get((key[0].partition("/")[0], key[1])) or {
            code.code: code.label for code in codebook if code.scheme == ("objective" if scheme == PRIMARY else scheme)
        }
        if labels:
            lists.setdefault(scheme, labels)
            list_of[len(rows) - 1, YOUR_CODES] = scheme
    sheet = Sheet(
        headings=headings,
        rows=rows,
        to_fill=(YOUR_CODES, CODER),
        lists=lists,
        list_of=list_of,
        how_to=(
            "Here the two coders differ. Discuss each with the definition at hand, and fill in what you agree on.",
            "Answers in own words: then landscape review import FILE, first for the sheet of either coder, then for this one.",
            "Activities: then landscape decide RECORD QUESTION --old CODE --new CODE --by INITIALS --why “agreed by two coders”.",
            "Agreement is measured before discussion; do not change the two sheets so that they agree.",
        ),
        definitions={code.code: code.definition for code in codebook},
        is_sample=is_sample,
    )
    return write_sheet(sheet, paths.review, "disagreements", at)

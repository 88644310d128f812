"""What a column of an unknown export seems to ask: type, options, privacy."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.surveys.export import ISO_FORMAT, Column, Dialect
from landscape.surveys.optionlists import KnownList
from landscape.surveys.personal import asks_for_personal_data, is_personal, looks_like_a_name, telling_words
from landscape.surveys.scales import completes, in_order
from landscape.surveys.splitting import SEEN_AT_LEAST, cut, holds_several, is_ranking
from landscape.text import normal_wording

_CLOSED_SHARE = 0.8  # of the answers, given by values seen that often
_MOST_OPTIONS, _LONGEST_OPTION = 60, 200
_NAMES_SHARE = 0.5  # of the different values, from which on a column is taken for one of names
_INTEGER = re.compile(r"\d{1,15}")
_DECIMALS = (re.compile(r"-?\d{1,15}(\.\d+)?"), re.compile(r"-?\d{1,15}(,\d+)?"))
_SENTENCES_SHARE, _WORDS_OF_A_SENTENCE = 0.5, 4
_DIGITS_OF_AN_OPTION = 2
_MEND = "If so, give a few answers and draft again, or write a row for each place or row, worded as in “Which? [1]”"


@dataclass(frozen=True)
class Guess:
    """What a column seems to ask.

    Args:
        kind: text, integer, decimal, date, select_one or select_multiple; or ranking, for one that a single cell holds.
        labels: The options of a closed question, where its list is its own.
        codes: A code for each label, where the tool or a shared list has one; empty where it is made from the label.
        known: The list of data/reference that it takes its options from, if it does.
        privacy: `private` or `personal` for a text; empty for what may be passed on.
        note: What a person is to look at; empty if nothing.
        decimal_mark: Of its numbers.
    """

    kind: str
    labels: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    known: KnownList | None = None
    privacy: str = ""
    note: str = ""
    decimal_mark: str = "."


def guess_column(column: Column, cells: Sequence[str], dialect: Dialect, lists: Sequence[KnownList]) -> Guess:
    """What one column seems to ask.

    Args:
        column: Its heading, and its options where the tool's headings name them.
        cells: Its cells in complete rows.
        dialect: How the tool writes dates and joins several answers.
        lists: The lists of data/reference, which are never typed again.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if column.options:
        return _of_headings(column, lists, is_blank=not filled)
    if not filled:
        return Guess("text", privacy="private", note="nobody answered it, so its type is not known")
    closed = _of_answers(column.heading, filled, dialect, lists)
    if closed and closed.known:
        return closed
    opened = open_question(column.heading, filled)
    if asks_for_personal_data(column.heading) or any(map(is_personal, filled)):
        return opened
    return _typed(filled, dialect.DATE_FORMAT) or closed or opened


def guess_together(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], dialect: Dialect, lists: Sequence[KnownList]
) -> Guess:
    """What the places of a ranking or the rows of a grid ask: they share one option list."""
    options = tuple(dict.fromkeys(option for column in columns for option in column.options))
    heading = Column(columns[0].position, columns[0].heading, "answer", options)
    return guess_column(heading, [cell for column in cells for cell in column], dialect, lists)


def open_question(heading: str, filled: Sequence[str] = ()) -> Guess:
    """A question answered in own words, which are personal where heading or answers look so."""
    if asks_for_personal_data(heading) or any(map(is_personal, filled)):
        note = "likely personal: read only to recognise people, never stored"
        return Guess("text", privacy="personal", note=note)
    words, distinct = telling_words(heading), set(filled)
    if distinct and sum(looks_like_a_name(text, words) for text in distinct) >= _NAMES_SHARE * len(distinct):
        note = "answers look like names; if it has options, list them by hand"
        return Guess("text", privacy="personal", note=note)
    return Guess("text", privacy="private")


def _typed(filled: Sequence[str], date_format: str) -> Guess | None:
    if all(_INTEGER.fullmatch(cell) for cell in filled):
        is_short = max(map(len, filled)) <= _DIGITS_OF_AN_OPTION
        note = "if these are the numbers of options, make it select_one" if is_short else ""
        return Guess("integer", note=note)
    if any(all(form.fullmatch(cell) for cell in filled) for form in _DECIMALS):
        return Guess("decimal", decimal_mark="," if any("," in cell for cell in filled) else ".")
    if all(_is_date(cell, date_format) for cell in filled):
        return Guess("date")
    return None


def _is_date(text: str, date_format: str) -> bool:
    try:
        if date_format == ISO_FORMAT:
            dt.datetime.fromisoformat(text)
        else:
            dt.datetime.strptime(text, date_format)  # noqa: DTZ007 - only whether it can be read
    except ValueError:
        return False
    return True


def _of_headings(column: Column, lists: Sequence[KnownList], *, is_blank: bool) -> Guess:
    """Options that are in the headings are all drafted, chosen or not: they are no respondent's words."""
    known = next((known for known in lists if all(map(known.holds, column.options))), None)
    note = ""
    if column.also:
        said = "nobody answered it" if is_blank else "nobody gave more than one of these"
        others = (
            "a ranking, or a grid with these as its rows"
            if is_blank
            else "a ranking of which only the first place is used"
        )
        note = f"{said}, so the export does not tell what it is: drafted as options to tick, but it may be {others}. {_MEND}"
    labels = () if known else tuple(dict.fromkeys(column.options))
    return Guess("select_multiple", labels, known=known, note=note)


def _of_answers(heading: str, filled: Sequence[str], dialect: Dialect, lists: Sequence[KnownList]) -> Guess | None:
    """A closed question, where a known list or a few values make up most answers; None for any other."""
    parts = cut(filled, dialect)
    pieces = [part for cell in parts for part in cell]
    if is_ranking(parts) and not any(map(is_personal, pieces)):
        note = "a ranking, as every answer has the same items: see that none is missing"
        return Guess("ranking", in_order(tuple(sorted(set(pieces)))), note=note)
    of_pieces = _known(pieces, lists)
    is_several = holds_several(filled, parts, of_pieces.holds if of_pieces else None, is_closed=_is_closed(filled))
    answers = pieces if is_several else list(filled)
    kind = "select_multiple" if is_several else "select_one"
    known = _known(answers, lists)
    if known and (known.takes_own_words or all(map(known.holds, answers))):
        return Guess(kind, known=known)
    return _own_list(kind, heading, answers, lists) if known or _is_closed(answers) else None


def _is_closed(answers: Sequence[str]) -> bool:
    seen = {answer: n for answer, n in Counter(answers).items() if n >= SEEN_AT_LEAST}
    return (
        1 < len(seen) <= _MOST_OPTIONS
        and sum(seen.values()) >= _CLOSED_SHARE * len(answers)
        and max(map(len, seen)) <= _LONGEST_OPTION
        and sum(map(_is_sentence, seen)) < _SENTENCES_SHARE * len(seen)
    )


def _is_sentence(text: str) -> bool:
    """Whether a text is prose, as people write it and options are seldom worded."""
    return text.endswith((".", "!", "?")) and len(text.split()) >= _WORDS_OF_A_SENTENCE


def _known(answers: Sequence[str], lists: Sequence[KnownList]) -> KnownList | None:
    """The smallest known list that holds nearly all answers, and every one that was given often."""
    fitting = []
    for known in lists:
        held = {answer: n for answer, n in Counter(answers).items() if known.holds(answer)}
        misses_often = any(n >= SEEN_AT_LEAST for answer, n in Counter(answers).items() if answer not in held)
        is_seen = len(held) > 1 or sum(held.values()) >= SEEN_AT_LEAST
        if is_seen and not misses_often and sum(held.values()) >= _CLOSED_SHARE * len(answers):
            fitting.append(known)
    return min(fitting, key=lambda known: known.n_options, default=None)


def _own_list(kind: str, heading: str, answers: Sequence[str], lists: Sequence[KnownList]) -> Guess | None:
    counted = Counter(answers)
    often = [answer for answer, n in counted.items() if n >= SEEN_AT_LEAST]
    if any(map(is_personal, counted)):
        return None
    words = telling_words(heading)
    labels = [answer for answer in often if not looks_like_a_name(answer, words)]
    if len(often) - len(labels) >= _NAMES_SHARE * len(often):
        return None
    labels += [answer for answer, n in counted.items() if n < SEEN_AT_LEAST and completes(answer, labels)]
    once = {normal_wording(label): label for label in reversed(labels)}
    ordered = in_order(tuple(reversed(once.values())))
    note = "options as answered: compare them with the survey tool and put them into its order"
    return Guess(kind, ordered, _codes(ordered, lists), note=note)


def _codes(labels: Sequence[str], lists: Sequence[KnownList]) -> tuple[str, ...]:
    """The codes that a shared list has for most of these options; the first of two spellings has the code of both."""
    held = {known: [known.code_of(label) for label in labels] for known in lists}
    best = max(held.values(), key=lambda codes: sum(map(bool, codes)), default=[])
    if 2 * sum(map(bool, best)) < len(labels):
        return ()
    return tuple("" if code in best[:at] else code for at, code in enumerate(best))

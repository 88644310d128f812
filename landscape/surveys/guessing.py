"""What a column of an unknown export seems to ask: type, options, privacy. Not here: the drafted files."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.surveys.export import ISO_FORMAT, Column, Dialect
from landscape.surveys.optionlists import KnownList, is_other

SEEN_AT_LEAST = 3
"""A value drafted as an option was given this often, so that what one person wrote does not become one."""

_CLOSED_SHARE = 0.8  # of the answers, given by values seen that often
_MOST_OPTIONS, _LONGEST_OPTION = 60, 200
_NAMES_SHARE = 0.5  # of the different values, from which on a column is taken for one of names
_JOINERS = (";", ",", ", ", "|", " ")
_INTEGER = re.compile(r"\d{1,15}")
_DECIMALS = (re.compile(r"-?\d{1,15}(\.\d+)?"), re.compile(r"-?\d{1,15}(,\d+)?"))
_EMAIL, _TELEPHONE = re.compile(r"\S@\S+\.\S"), re.compile(r"\(?(\+|0)[\d\s().-]{8,}")
_SENTENCES_SHARE, _WORDS_OF_A_SENTENCE = 0.5, 4
_DIGITS_OF_AN_OPTION = 2
_PARTICLES = {"al", "bin", "da", "de", "del", "den", "der", "di", "la", "le", "o", "ter", "van", "von"}
_MOST_WORDS_OF_A_NAME = 4
_MEND = "If so, give a few answers and draft again, or write a row for each place or row, worded as in “Which? [1]”"
_PERSONAL_HEADING = re.compile(
    r"\b(e-?mail|telephone|phone|mobile number|surname|forename|post ?code|date of birth|home address"
    r"|your address|(postal|street|ip) address|contact details|(collar|warrant|national insurance) number"
    r"|signature|interviewer|(completed|submitted|interviewed|recommended) by"
    r"|(your|first|last|full|family|given|contact|officer|staff|person|respondent)(['’]?s)? names?)\b"
    r"|^names?\b|\bnames?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Guess:
    """What a column seems to ask.

    Args:
        kind: text, integer, decimal, date, select_one or select_multiple.
        labels: The options of a closed question, where its list is its own.
        known: The list of data/reference that it takes its options from, if it does.
        privacy: `private` or `personal` for a text; empty for what may be passed on.
        note: What a person is to look at; empty if nothing.
        decimal_mark: Of its numbers.
    """

    kind: str
    labels: tuple[str, ...] = ()
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
    closed = _of_answers(filled, dialect, lists)
    if closed and closed.known:
        return closed
    return _personal(column, filled) or _typed(filled, dialect.DATE_FORMAT) or closed or _open(filled)


def guess_together(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], dialect: Dialect, lists: Sequence[KnownList]
) -> Guess:
    """What the places of a ranking or the rows of a grid ask: they share one option list."""
    options = tuple(dict.fromkeys(option for column in columns for option in column.options))
    heading = Column(columns[0].position, columns[0].heading, "answer", options)
    return guess_column(heading, [cell for column in cells for cell in column], dialect, lists)


def looks_like_a_name(text: str) -> bool:
    """Whether a text has the form of a person's name; places and headings in capitals have it too.

    >>> [looks_like_a_name(text) for text in ("Jane Smith", "Dr Anna-Lena de Vries", "Strongly agree", "Yes")]
    [True, True, False, False]
    """
    words = [word.strip(".,") for word in text.split()]
    if not 1 < len(words) <= _MOST_WORDS_OF_A_NAME:
        return False
    return all(re.sub(r"['’-]", "", word).isalpha() and (word[0].isupper() or word in _PARTICLES) for word in words)


def _personal(column: Column, filled: Sequence[str]) -> Guess | None:
    if _PERSONAL_HEADING.search(column.heading) or any(map(_is_personal, filled)):
        note = "likely personal: read only to tell people apart, never stored"
        return Guess("text", privacy="personal", note=note)
    return None


def _is_personal(text: str) -> bool:
    is_fraction = not text.isdigit() and any(form.fullmatch(text) for form in _DECIMALS)
    return bool(_EMAIL.search(text) or (_TELEPHONE.fullmatch(text) and not is_fraction))


def _open(filled: Sequence[str]) -> Guess:
    distinct = set(filled)
    if sum(map(looks_like_a_name, distinct)) >= _NAMES_SHARE * len(distinct):
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
    """Options that stand in the headings are all drafted, chosen or not: they are no respondent's words."""
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
    return Guess("select_multiple", labels, known, note=note)


def _of_answers(filled: Sequence[str], dialect: Dialect, lists: Sequence[KnownList]) -> Guess | None:
    """A closed question, where a known list or a few values make up most answers; None for any other."""
    cut = _cut(filled, dialect)
    several = [part for parts in cut for part in parts]
    is_several = _is_several(filled, cut, _known(several, lists))
    answers = several if is_several else list(filled)
    kind = "select_multiple" if is_several else "select_one"
    known = _known(answers, lists)
    if known:
        return Guess(kind, known=known)
    return _own_list(kind, answers) if _is_closed(answers) else None


def _cut(filled: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """Each cell as the answers it may hold."""
    listed = [_json_parts(cell) for cell in filled]
    if all(parts is not None for parts in listed):
        return [parts or [] for parts in listed]
    joiner = _joiner(filled, dialect)
    if joiner is None:
        return [[cell] for cell in filled]
    between = re.compile(re.escape(joiner) + ("(?! )" if joiner == "," else ""))
    return [_with_whole_brackets(between.split(cell), joiner) for cell in filled]


def _with_whole_brackets(pieces: Sequence[str], joiner: str) -> list[str]:
    """The pieces of a cell, put together again where a bracket was cut open: no list is joined within one.

    >>> _with_whole_brackets(["Weather (rain", "heat)", "Distance"], ", ")
    ['Weather (rain, heat)', 'Distance']
    """
    whole: list[str] = []
    for piece in pieces:
        if whole and whole[-1].count("(") > whole[-1].count(")"):
            whole[-1] += f"{joiner}{piece}"
        else:
            whole.append(piece)
    return [piece.strip() for piece in whole if piece.strip()]


def _is_several(filled: Sequence[str], cut: Sequence[Sequence[str]], known: KnownList | None) -> bool:
    """Whether cells hold several answers, and not one that has the joiner inside its own words.

    They do where some cell falls into answers that are all options, known or given often, unless there are few different
    cells and none of these answers ever stands alone.
    """
    if all(_json_parts(cell) is not None or cell.endswith(";") for cell in filled):
        return True
    n_given = Counter(part for parts in cut for part in parts)
    split = [
        parts
        for parts in cut
        if len(parts) > 1 and all(n_given[part] >= SEEN_AT_LEAST or (known and known.holds(part)) for part in parts)
    ]
    stands_alone = any(part in filled for parts in split for part in parts)
    is_closed_whole = _is_closed(filled) and len(set(filled)) <= len(n_given)
    return bool(split) and (known is not None or stands_alone or not is_closed_whole)


def _joiner(filled: Sequence[str], dialect: Dialect) -> str | None:
    """What stands between answers in these cells: found by trying, since a dialect splits against a list."""
    occurring = [joiner for joiner in _JOINERS if any(joiner in cell for cell in filled)]
    joiner = next((j for j in occurring if dialect.split(f"A{j}B", ["A", "B"]) == ["A", "B"]), None)
    return None if joiner == " " and any(map(looks_like_a_name, filled)) else joiner


def _json_parts(cell: str) -> list[str] | None:
    if not cell.startswith("["):
        return None
    try:
        parts = json.loads(cell)
    except json.JSONDecodeError:
        return None
    return parts if all(isinstance(part, str) for part in parts) else None


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


def _own_list(kind: str, answers: Sequence[str]) -> Guess | None:
    counted = Counter(answers)
    often = [answer for answer, n in counted.items() if n >= SEEN_AT_LEAST]
    if any(map(_is_personal, counted)):
        return None
    labels = [answer for answer in often if not looks_like_a_name(answer)]
    if len(often) - len(labels) >= _NAMES_SHARE * len(often):
        return None
    n_left_out = len(counted) - len(labels)
    note = "options as answered: compare them with the survey tool and put them into its order"
    if n_left_out:
        note += f"; not listed, as given seldom or like a name: {n_left_out}"
    return Guess(kind, tuple(sorted(labels, key=_order)), note=note)


def _order(label: str) -> tuple[bool, str]:
    return is_other(label), label.casefold()

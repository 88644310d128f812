"""Names of people in a text in normal form: in either order, with initials, titles and middle names, joined or split."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from landscape.pii_scan.normal import CELL, normal

_TITLE_WORDS = (
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend canon imam rabbi sergeant sgt inspector insp "
    "superintendent supt constable councillor cllr commissioner captain major colonel mayor judge"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_RANKS = frozenset({"PC", "PS", "DC", "DS", "DI", "DCI", "DCS", "CI", "CC", "ACC", "DCC", "PCSO", "PCC"})
"""Titles in capitals only: written small they are other words."""

_SMALL_WORDS = "al bin da de del della den der di dos du el ibn la le mac mc o san st van von"
_PARTICLES = frozenset(_SMALL_WORDS.split())
_BODIES = (
    "association college committee constabulary council department limited ltd network office plc police society team trust "
    "university"
)
_ORGANISATIONS = frozenset(_BODIES.split())
_WORD = re.compile(r"[^\W\d_]+")
_TITLE_BEFORE = re.compile(r"([^\W\d_]+)\.?[ \t\n_-]{1,3}\Z")  # in the same cell
_TITLE_AFTER = re.compile(r"\s*,\s*(?:mr|mrs|ms|miss|mx|dr|prof|rev)\b", re.IGNORECASE)
_INITIALS_BEFORE = re.compile(r"(?<![\w'])((?:[^\W\d_](?:\s?\.\s?|\s|[_-])){1,3})\Z")
_INITIAL_AFTER = re.compile(r"(?:\s*,\s*|\s+)([^\W\d_](?:\.|(?![\w'])))")
_MARKED = re.compile(r"[._]")
_NO_INITIALS = ("a.m", "e.g", "i.e", "p.m")
_AROUND = 96  # characters on either side of a surname that its owner's other names may be in
_NO_WORDS = bytes(c if c >= 0x80 or chr(c).isalpha() else 0x20 for c in range(256))
_MOST_BETWEEN = 2
_SHORTEST_JOINED = 8
_FIRST_NAMES = "names_that_are_words.txt"


@dataclass(frozen=True)
class Person:
    """A name as it is searched.

    Args:
        given: The first name, in small letters; empty where only a surname is known.
        middle: What is between first name and surname.
        surname: The parts of the surname.
        is_ordinary: Both names are also ordinary words, as in “Will Young”.
    """

    given: str
    middle: tuple[str, ...]
    surname: tuple[str, ...]
    is_ordinary: bool

    @property
    def is_like_a_word(self) -> bool:
        """Whether the surname is also an ordinary word, as in “Anna Price”."""
        return "".join(self.surname) in ordinary_words()

    @property
    def key(self) -> str:
        """The part of the surname that is looked for first."""
        return max(self.surname, key=len)


def ordinary_words() -> frozenset[str]:
    """Words of everyday and of police English."""
    return _words("ordinary_words.txt")


@cache
def _words(file: str) -> frozenset[str]:
    return frozenset((Path(__file__).parent / file).read_text(encoding="utf-8").split())


def is_phrase(name: str) -> bool:
    """Whether what was typed as a name is nobody's: ordinary words, as in “social media”, or what an organisation is called.

    >>> is_phrase("Social media"), is_phrase("Lancaster University"), is_phrase("Will Young"), is_phrase("Perpetua Young")
    (True, True, False, False)
    """
    words = _WORD.findall(normal(name).casefold())
    if not _ORGANISATIONS.isdisjoint(words):
        return True
    return bool(words) and all(word in ordinary_words() for word in words) and words[0] not in _words(_FIRST_NAMES)


def people_of(names: Iterable[str]) -> dict[str, list[Person]]:
    """Names of at least two words, by what is looked for in a text."""
    found: dict[str, list[Person]] = {}
    for name in sorted(names):
        for person in _persons(name):
            found.setdefault(person.key, []).append(person)
            joined = f"{person.given}{''.join(person.surname)}"
            if len(joined) >= _SHORTEST_JOINED:
                turned = f"{''.join(person.surname)}{person.given}"
                for whole in (joined, turned):
                    found.setdefault(whole, []).append(Person("", (), (whole,), is_ordinary=False))
    return found


def _persons(name: str) -> Iterator[Person]:
    """The ways to take a name apart: an apostrophe or a hyphen may part its surname or not."""
    text = re.sub(r"\([^)]*\)", " ", normal(name)).casefold()
    last, comma, first = text.partition(",")
    words = [word for word in (f"{first} {last}" if comma else text).split() if _WORD.search(word)]
    while len(words) > 1 and (words[0].strip(".") in _TITLES or words[0].strip(".").upper() in _RANKS):
        words = words[1:]
    if len(words) < 2:  # then it is anybody's
        return
    at = len(words) - 1
    while at > 1 and words[at - 1].strip("'") in _PARTICLES:
        at -= 1
    if is_phrase(name):
        return
    parts = [part for word in words[:at] for part in _WORD.findall(word)]
    given = next((part for part in parts if len(part) > 1), parts[0])
    middle = parts[parts.index(given) + 1 :]
    pieces = tuple(part for word in words[at:] for part in _WORD.findall(word))
    whole = "".join(pieces)
    is_ordinary = whole in ordinary_words() and given in ordinary_words() | _words(_FIRST_NAMES)
    for surname in {pieces, (whole,)}:
        if any(len(piece) > 1 for piece in surname):
            yield Person(given, tuple(middle), surname, is_ordinary)


def words_of(text: str) -> set[str]:
    """All words of a text in small letters."""
    return set(text.encode(errors="replace").translate(_NO_WORDS).decode(errors="replace").split())


def has_name(text: str, people: dict[str, list[Person]]) -> bool:
    """Whether a text in normal form holds the name of one of these people."""
    small = text.lower()
    keys = words_of(small) & people.keys()
    if len(small) != len(text):
        text = small  # capitals cannot be compared then
    return any(_holds(text, small, key, person) for key in sorted(keys) for person in people[key])


def _holds(text: str, small: str, key: str, person: Person) -> bool:
    at = small.find(key)
    while at != -1:
        end = at + len(key)
        if not (small[at - 1 : at].isalpha() or small[end : end + 1].isalpha()) and _is_of(text, at, end, person):
            return True
        at = small.find(key, at + 1)
    return False


def _is_of(text: str, begin: int, end: int, person: Person) -> bool:
    """Whether a surname in a text has its owner's first name, an initial or a title beside it."""
    if not person.given:
        return True
    at = person.surname.index(person.key)
    before, after = text[max(0, begin - _AROUND) : begin], text[end : end + _AROUND]
    ahead = "".join(rf"{piece}[\W_]{{0,3}}" for piece in person.surname[:at])
    behind = "".join(rf"[\W_]{{0,3}}{piece}" for piece in person.surname[at + 1 :])
    first = re.search(rf"(?<![^\W\d_])(?i:{ahead})\Z" if ahead else r"\Z", before)
    last = re.match(rf"(?i:{behind})(?![^\W\d_])" if behind else "", after)
    if first is None or last is None:
        return False
    before, after = before[: first.start()], after[last.end() :]
    is_capital = text[begin].isupper()
    if person.is_ordinary and not is_capital:
        return False
    if _has_first_name(before, _WORD.findall(after), person):
        return True
    if not is_capital and person.is_like_a_word:
        return False
    return _has_title(before, after, person) or _has_initial(before, after, person)


def _has_first_name(before: str, right: list[str], person: Person) -> bool:
    left, beside = _WORD.findall(before), _WORD.findall(before.rpartition(CELL)[2])
    if right and _is_first(right[0], person):
        return True
    # After a title, an initial, or what an apostrophe parts from the name: “Bell, D'Arcy”.
    if len(right) > 1 and (_is_title(right[0]) or len(right[0]) == 1) and _is_first(right[1], person):
        return True
    for middle in ("", *reversed(person.middle)):  # the person's own middle names may be between
        if middle and left and left[-1].lower() == middle:
            left = left[:-1]
        if left and _is_first(left[-1], person):
            return True
    for n_between in range(1, min(_MOST_BETWEEN + 1, len(beside))):  # only names are between, and in one cell
        if _is_first(beside[-1 - n_between], person):
            between = beside[len(beside) - n_between :]
            return all(len(word) == 1 or word[0].isupper() or word not in ordinary_words() for word in between)
    return False


def _is_first(word: str, person: Person) -> bool:
    is_capital = word[0].isupper()
    if len(person.given) == 1:  # no more is known than an initial
        return len(word) > 1 and is_capital and word[0].lower() == person.given and not person.is_like_a_word
    return word.lower() == person.given and (is_capital or not person.is_ordinary)


def _has_title(before: str, after: str, person: Person) -> bool:
    if "".join(person.surname) in _TITLES:  # “Chief Constable” is nobody called Constable
        return False
    title = _TITLE_BEFORE.search(before)
    return bool(title and _is_title(title[1])) or bool(_TITLE_AFTER.match(after))


def _is_title(word: str) -> bool:
    return word.lower() in _TITLES or word in _RANKS


def _has_initial(before: str, after: str, person: Person) -> bool:
    """A capital letter beside the surname; with a full stop where it, or the surname, is also a word."""
    initial = person.given[0]
    together = "".join(word[0] for word in (person.given, *person.middle)).upper()
    if len(together) > 1 and re.search(rf"\b{together}\s\Z", before):
        return True
    is_word = initial in "ai" or person.is_like_a_word
    for found, needs_capital in ((_INITIALS_BEFORE.search(before), False), (_INITIAL_AFTER.match(after), True)):
        letters = _WORD.findall(found[1]) if found else []
        if (
            found
            and initial in (letter.lower() for letter in letters)
            and not found[1].lower().startswith(_NO_INITIALS)
        ):
            is_marked, is_capital = bool(_MARKED.search(found[1])), all(letter.isupper() for letter in letters)
            if (is_marked and (is_capital or not needs_capital)) or (is_capital and not is_word):
                return True
    return False

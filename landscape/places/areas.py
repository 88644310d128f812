"""Finds the force area people mean by what they typed, from a reviewed list of spellings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import ReferenceDataError
from landscape.settings.csvfiles import Row, read_csv

ALIASES = "aliases.csv"
DECIDES = "decides"
_NOT_WORD = re.compile(r"[^\w]+")
_SUGGEST_SCORE = 80.0
_LONGEST_SHOWN = 80
_SENSITIVE = re.compile(r"@|\d{5}")


@dataclass(frozen=True)
class AreaFound:
    """What was found for a spelling: a code, a suggestion for a person to accept, or neither."""

    force_area_code: str | None
    suggestion: str = ""


class AreaSpellings:
    """The reviewed spellings of force areas.

    Args:
        deciding: (spelling, force_area_code) pairs that decide.
        suggesting: Pairs that a person has not yet accepted.

    Raises:
        ReferenceDataError: Spellings decide for several areas, case and punctuation aside.
    """

    def __init__(self, deciding: Iterable[tuple[str, str]], suggesting: Iterable[tuple[str, str]]) -> None:
        deciding = tuple(deciding)
        if unclear := contradicted(deciding):
            raise ReferenceDataError(
                "spellings decide for several areas, case and punctuation aside",
                file=f"data/reference/{ALIASES}",
                culprits=sorted(f"{text}: {code}" for text, code in deciding if normal_spelling(text) in unclear),
                remedy="keep the right one there; or, where data/decisions.csv has the other, take it out of that",
            )
        self._deciding = {normal_spelling(text): code for text, code in deciding}
        self._suggesting = {normal_spelling(text): code for text, code in suggesting}

    def find(self, text: str) -> AreaFound:
        """The area that a spelling means.

        >>> spellings = AreaSpellings([("Cumbria", "E23000002")], [("Cumbria OPCC", "E23000002")])
        >>> spellings.find(" CUMBRIA ").force_area_code
        'E23000002'
        >>> spellings.find("Cumbria OPCC").suggestion
        'E23000002'
        """
        spelling = normal_spelling(text)
        if spelling in self._deciding:
            return AreaFound(self._deciding[spelling])
        return AreaFound(None, self._suggesting.get(spelling) or self._nearest(spelling))

    def _nearest(self, spelling: str) -> str:
        from rapidfuzz import fuzz, process

        known = {**self._suggesting, **self._deciding}
        found = process.extractOne(spelling, list(known), scorer=fuzz.ratio, score_cutoff=_SUGGEST_SCORE)
        return known[found[0]] if found else ""


def contradicted(deciding: Iterable[tuple[str, str]]) -> set[str]:
    """The spellings, case and punctuation aside, that decide for more than one area."""
    areas: dict[str, set[str]] = {}
    for text, code in deciding:
        areas.setdefault(normal_spelling(text), set()).add(code)
    return {spelling for spelling, codes in areas.items() if len(codes) > 1}


def read_aliases(reference: Path) -> list[Row]:
    """The reviewed list of spellings: those that decide and those that a person still has to accept.

    Raises:
        ReferenceDataError: The file cannot be read.
    """
    return read_csv(reference / ALIASES, ("alias", "force_area_code", "alias_use"), ReferenceDataError)


def deciding_spellings(aliases: Iterable[Row]) -> list[tuple[str, str]]:
    """Spelling and area of the aliases that decide."""
    return [(row["alias"], row["force_area_code"]) for row in aliases if row["alias_use"] == DECIDES]


def normal_spelling(text: str) -> str:
    """A spelling without regard to case, punctuation and spacing.

    >>> normal_spelling("  St. Helens &  Co ")
    'st helens and co'
    """
    return _NOT_WORD.sub(" ", text.replace("&", " and ")).strip().casefold()


def showable_spelling(text: str) -> str:
    """The spelling, for a person to add to the list; empty where it may hold an address or a number."""
    return "" if _SENSITIVE.search(text) or len(text) > _LONGEST_SHOWN else text.strip()

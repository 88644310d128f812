"""Option lists for a drafted survey: shared ones, and its own with their codes. Not here: guessing them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from landscape.codebook import CODEBOOK, read_codebook
from landscape.places.areas import AreaSpellings, deciding_spellings, read_aliases
from landscape.settings.csvfiles import read_csv
from landscape.text import normal_wording

OWN_LISTS = "options.csv"
OWN_PARAMETERS = "value=code label=label"
_AREAS = "force_areas.csv"
_OTHER = re.compile(r"other\b(?=$|\W*(please|specify|\())")
_OTHER_CODE = "OTHER"
_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS_OF_A_CODE, _LONGEST_CODE, _LONGEST_PREFIX = 4, 32, 20


@dataclass(frozen=True)
class KnownList:
    """An option list of data/reference: how a questionnaire names it, what is in it, how long it is."""

    file: str
    choice_filter: str
    parameters: str
    holds: Callable[[str], bool]
    n_options: int


def known_lists(reference: Path) -> tuple[KnownList, ...]:
    """The lists that surveys share: each scheme of the codebook, and force areas in any reviewed spelling."""
    schemes: dict[str, set[str]] = {}
    for code in read_codebook(reference):  # retired codes too: an older export is still read by them
        schemes.setdefault(code.scheme, set()).add(normal_wording(code.label))
    lists = [
        KnownList(CODEBOOK, f"scheme='{scheme}'", OWN_PARAMETERS, _holds(labels), len(labels))
        for scheme, labels in schemes.items()
    ]
    spellings = AreaSpellings(deciding_spellings(read_aliases(reference)), ())
    parameters = "value=force_area_code label=force_area_name"
    n_areas = len(read_csv(reference / _AREAS, ("force_area_code", "force_area_name")))
    areas = KnownList(_AREAS, "", parameters, lambda text: bool(spellings.find(text).force_area_code), n_areas)
    return (*lists, areas)


def _holds(labels: set[str]) -> Callable[[str], bool]:
    return lambda text: normal_wording(text) in labels


class OwnLists:
    """The option lists that a drafted survey has to itself; questions with the same options share one."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], str] = {}

    def name_for(self, labels: Sequence[str], question: str) -> str:
        """The name of the list with these options; a new list is named after its question."""
        once = {normal_wording(label): " ".join(label.split()) for label in reversed(labels)}
        return self._names.setdefault(tuple(reversed(once.values())), question)

    def as_csv(self) -> str:
        """All lists as `list,code,label`; empty where there is none."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("list", "code", "label"))
        for labels, name in self._names.items():
            codes = _codes(name, labels)
            writer.writerows((name, code, label) for code, label in zip(codes, labels, strict=True))
        return text.getvalue() if self._names else ""


def is_other(label: str) -> bool:
    """Whether an option is the one for an answer in the respondent's own words.

    >>> [is_other(label) for label in ("Other", "Other (please specify)", "Other forces")]
    [True, True, False]
    """
    return bool(_OTHER.match(normal_wording(label)))


def _codes(name: str, labels: Iterable[str]) -> list[str]:
    """A code for each option, such as TRAINING.ONLINE_COURSE; own words go to the one that ends in .OTHER."""
    prefix = first_words(name.split("_"), len(name), _LONGEST_PREFIX).upper()
    stems: list[str] = []
    for label in labels:
        found = first_words(plain_words(label), _MOST_WORDS_OF_A_CODE, _LONGEST_CODE).upper() or "OPTION"
        stems.append(numbered(_OTHER_CODE if is_other(label) else found, stems))
    return [f"{prefix}.{stem}" for stem in stems]


def plain_words(text: str) -> list[str]:
    """The words of a text in small Latin letters and digits, accents set aside.

    >>> plain_words("Café & co: naïve?")
    ['cafe', 'co', 'naive']
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


def first_words(words: Sequence[str], most: int, longest: int) -> str:
    """The first words joined by _, as many whole ones as fit; of a single longer one, its beginning.

    >>> first_words(["type", "of", "organisation"], 3, 10), first_words(["organisation"], 3, 5)
    ('type_of', 'organ')
    """
    kept = list(words[:most])
    while len(kept) > 1 and len("_".join(kept)) > longest:
        kept.pop()
    return "_".join(kept)[:longest]


def numbered(name: str, taken: Iterable[str]) -> str:
    """The name itself, or where it is taken the first of name_2, name_3, … that is not."""
    taken, number, unique = set(taken), 1, name
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    return unique

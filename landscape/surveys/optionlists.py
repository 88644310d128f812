"""Option lists for a drafted survey: shared ones, and its own with their codes."""

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
from landscape.surveys.scales import is_other
from landscape.text import normal_wording

OWN_LISTS = "options.csv"
OWN_PARAMETERS = "value=code label=label"
_AREAS = "force_areas.csv"
OTHER_CODE = "OTHER"
"""The end of the code for an answer in the respondent's own words."""
_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS_OF_A_CODE, _LONGEST_CODE, _LONGEST_PREFIX = 4, 32, 20


@dataclass(frozen=True)
class KnownList:
    """An option list of data/reference.

    Args:
        file: How a questionnaire names it.
        choice_filter: Which of the file's lines belong to it.
        parameters: The columns of code and label.
        code_of: The code that an answer means, written as a label or a code; empty where it is none of these.
        n_options: How long the list is.
        is_of_areas: Its options are force areas, which are known in many spellings.
        takes_own_words: Answers that are not listed stop no refresh: it has an “Other”, or is of areas.
    """

    file: str
    choice_filter: str
    parameters: str
    code_of: Callable[[str], str]
    n_options: int
    is_of_areas: bool = False
    takes_own_words: bool = False

    def holds(self, text: str) -> bool:
        """Whether an answer is in it."""
        return bool(self.code_of(text))


def known_lists(reference: Path) -> tuple[KnownList, ...]:
    """The lists that surveys share: each scheme of the codebook, and force areas in any reviewed spelling."""
    schemes: dict[str, dict[str, str]] = {}
    offered: set[str] = set()
    for code in read_codebook(reference):  # retired codes too: an older export is still read by them
        meant = {normal_wording(code.label): code.code, normal_wording(code.code): code.code}
        schemes.setdefault(code.scheme, {}).update(meant)
        if code.code.endswith(f".{OTHER_CODE}"):
            offered.add(code.scheme)
    lists = [
        KnownList(
            CODEBOOK, f"scheme='{scheme}'", OWN_PARAMETERS, _looked_up(codes), len(set(codes.values())),
            takes_own_words=scheme in offered,
        )
        for scheme, codes in schemes.items()
    ]  # fmt: skip
    spellings = AreaSpellings(deciding_spellings(read_aliases(reference)), ())
    parameters = "value=force_area_code label=force_area_name"
    written = {
        row["force_area_code"]: row["force_area_name"]
        for row in read_csv(reference / _AREAS, ("force_area_code", "force_area_name"))
    }

    def area(text: str) -> str:
        return text if text in written else spellings.find(text).force_area_code or ""

    return (*lists, KnownList(_AREAS, "", parameters, area, len(written), is_of_areas=True, takes_own_words=True))


def _looked_up(codes: dict[str, str]) -> Callable[[str], str]:
    return lambda text: codes.get(normal_wording(text), "")


class OwnLists:
    """The option lists that a drafted survey has to itself; questions with the same options share one."""

    def __init__(self) -> None:
        self._names: dict[tuple[tuple[str, str], ...], str] = {}

    def name_for(self, labels: Sequence[str], question: str, codes: Sequence[str] = ()) -> str:
        """The name of the list with these options; a new list is named after its question."""
        given = zip(reversed(labels), reversed(codes or [""] * len(labels)), strict=True)
        once = {normal_wording(label): (" ".join(label.split()), code) for label, code in given}
        return self._names.setdefault(tuple(reversed(once.values())), question)

    def codes_of(self, name: str) -> dict[str, str]:
        """The code of each label of a list."""
        options = next(options for options, other in self._names.items() if other == name)
        return dict(zip((label for label, _ in options), _codes(name, options), strict=True))

    def as_csv(self) -> str:
        """All lists as `list,code,label`; empty where there is none."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("list", "code", "label"))
        for options, name in self._names.items():
            codes = _codes(name, options)
            writer.writerows((name, code, label) for code, (label, _) in zip(codes, options, strict=True))
        return text.getvalue() if self._names else ""


def _codes(name: str, options: Iterable[tuple[str, str]]) -> list[str]:
    """A code for each option: its own, else one such as TRAINING.ONLINE_COURSE; own words go to one that ends in .OTHER."""
    prefix = first_words(name.split("_"), len(name), _LONGEST_PREFIX).upper()
    made: list[str] = [code for _, code in options if code]
    codes: list[str] = []
    for label, given in options:
        words = first_words(plain_words(label), _MOST_WORDS_OF_A_CODE, _LONGEST_CODE).upper() or "OPTION"
        code = given or numbered(f"{prefix}.{OTHER_CODE if is_other(label) else words}", made)
        made.append(code)
        codes.append(code)
    return codes


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

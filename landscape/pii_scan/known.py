"""Whom the scan knows, and what it finds of them in one text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from landscape.paths import ProjectPaths
from landscape.pii_scan.addresses import KNOWN_DIGITS, addresses_in, has_address, last_digits_in, numbers_in
from landscape.pii_scan.names import Person, has_name, people_of
from landscape.pii_scan.normal import normal
from landscape.settings.csvfiles import read_csv

ALLOWED_FILE = "public_addresses.csv"
ADDRESS, NUMBER, NAME = "an e-mail address", "a telephone number", "a person's name"
KINDS = (ADDRESS, NUMBER, NAME)


@dataclass(frozen=True)
class Known:
    """What is known about people: names and numbers are searched in every form, addresses are found without it.

    Args:
        names: Full names, of two words or more.
        telephones: Telephone numbers.
        allowed: Addresses and numbers that may be published, such as a team's.
    """

    names: frozenset[str] = frozenset()
    telephones: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()

    def kinds_in(self, text: str) -> Iterator[str]:
        """The kinds of personal data in a text in normal form, each once."""
        if has_address(text, self._allowed_addresses):
            yield ADDRESS
        if self._has_number(text):
            yield NUMBER
        if self.has_name(text):
            yield NAME

    def has_name(self, text: str) -> bool:
        """Whether somebody's name is in a text in normal form."""
        return bool(self._people) and has_name(text, self._people)

    def _has_number(self, text: str) -> bool:
        return any(_national(digits) not in self._allowed_numbers for digits in numbers_in(text)) or (
            bool(self._numbers) and any(digits in self._numbers for digits in last_digits_in(text))
        )

    @cached_property
    def _people(self) -> dict[str, list[Person]]:
        return people_of(self.names)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        digits = {digits_of(number) for number in self.telephones}
        allowed = {number[-KNOWN_DIGITS:] for number in self._allowed_numbers}
        return frozenset(d[-KNOWN_DIGITS:] for d in digits if len(d) >= KNOWN_DIGITS) - allowed

    @cached_property
    def _allowed_addresses(self) -> frozenset[str]:
        return frozenset(normal(one).casefold() for one in self.allowed)

    @cached_property
    def _allowed_numbers(self) -> frozenset[str]:
        return frozenset(filter(None, (_national(digits_of(one)) for one in self.allowed)))


@dataclass(frozen=True)
class Somebody(Known):
    """One person, for a search of what is left of them: nobody else's address or number is found.

    Args:
        emails: Their e-mail addresses.
    """

    emails: frozenset[str] = frozenset()

    def kinds_in(self, text: str) -> Iterator[str]:
        """As for all who are known, but of this person only."""
        if any(found.casefold().strip(".'") in self._addresses for found in addresses_in(text)):
            yield ADDRESS
        if self._numbers and any(digits in self._numbers for digits in last_digits_in(text)):
            yield NUMBER
        if self.has_name(text):
            yield NAME

    @cached_property
    def _addresses(self) -> frozenset[str]:
        return frozenset(normal(one).casefold() for one in self.emails)


def personal_kinds(text: str, known: Known) -> Iterator[str]:
    """The kinds of personal data in a text, each once."""
    return known.kinds_in(normal(text))


def allowed_addresses(paths: ProjectPaths) -> frozenset[str]:
    """The addresses and numbers that may be published; none if there is no file of them.

    Raises:
        LandscapeError: The file cannot be read.
    """
    path = paths.reference / ALLOWED_FILE
    return (
        frozenset(row["address"].casefold() for row in read_csv(path, ("address",))) if path.exists() else frozenset()
    )


def digits_of(text: str) -> str:
    """The digits in a text."""
    return "".join(letter for letter in text if letter.isdigit())


def _national(digits: str) -> str:
    """A British number without the code of the country."""
    for code in ("0044", "44"):
        if digits.startswith(code):
            return f"0{digits.removeprefix(code).removeprefix('0')}"
    return digits

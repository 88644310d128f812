"""A person as one row shows them, and the forms in which names and addresses are compared."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from landscape.pii_scan.addresses import addresses_in
from landscape.pii_scan.normal import normal

_EMAIL = re.compile(r"[^\s<>()\[\],;:\"|]+@[^\s<>()\[\],;:\"|]+")


@dataclass(frozen=True)
class PersonRow:
    """The part of a response's row in a received file that says who answered.

    Args:
        survey: The survey.
        file_name: The file, below the project folder.
        line: Its line in the file, or row in the sheet.
        response_ref: The tool's number for the response; empty if it has none.
        answered_on: The day it was given, in the survey's own zone; None where the file has no time.
        wave: The wave it was given in; empty outside every wave.
        emails: All addresses in the e-mail question and in columns that the tool itself fills, in the form compared.
        email: The answer to the e-mail question, as typed.
        name: The answer to the name question, as typed.
        telephone: The answer to the telephone question, as typed.
        organisation: The answer to the organisation question, as typed.
        tool_cells: Cells of columns that the tool itself fills; all cells of a row that does not match its headings.
    """

    survey: str
    file_name: str
    line: int
    response_ref: str
    answered_on: dt.date | None
    wave: str
    emails: frozenset[str]
    email: str
    name: str
    telephone: str
    organisation: str
    tool_cells: tuple[str, ...]

    @property
    def response_id(self) -> str:
        """The response as tables, messages and `--response` name it; numbers are unique within a wave."""
        return "/".join(filter(None, (self.survey, self.wave, self.response_ref)))

    @property
    def place(self) -> str:
        """Where it is, for a person to look it up."""
        return f"{self.response_id} ({self.file_name}, line {self.line})"

    def is_named(self, name: str) -> bool:
        """Whether the name is in it, as the answer to the name question or as recorded by the tool.

        In any order and with any accents; one of the two may have a middle name that the other lacks.
        """
        sought = _parts(name)
        return any(
            normal_name(name) == normal_name(said) or (len(parts & sought) > 1 and parts & sought in (parts, sought))
            for said in (self.name, *self.tool_cells)
            for parts in (_parts(said),)
        )


def normal_email(email: str) -> str:
    """An e-mail address in the form compared: width, case and surrounding space do not matter.

    >>> normal_email(" Bart@Thistlewood.example ")
    'bart@thistlewood.example'
    """
    return unicodedata.normalize("NFKC", email).strip().casefold()


def normal_name(name: str) -> str:
    """A name in the form compared: case, width and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", normal(name).replace("'", "").casefold()))


def emails_in(text: str) -> frozenset[str]:
    """All e-mail addresses in a text, in the form compared, however they are written.

    >>> emails_in("Bart <Bart@Thistlewood.example>; mailto:p.quill@post.example.") == {
    ...     "bart@thistlewood.example", "p.quill@post.example"}
    True
    """
    if not text:
        return frozenset()
    as_written = (normal_email(found.strip(".'")) for found in _EMAIL.findall(text))
    otherwise = (normal_email(found.strip(".'")) for found in addresses_in(normal(text)))
    return frozenset((*as_written, *otherwise))

"""The people this project was asked to forget, as marks that cannot be read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from landscape.identity.marks import Recogniser, add_marks, read_marks
from landscape.identity.person import PersonRow, normal_name
from landscape.paths import ProjectPaths

FORGOTTEN = "someone who asked to be forgotten; take the row out: landscape forget --again"
"""The reason given when a row that comes back is set aside."""

_EMAIL, _MEMBER, _RESPONSE = "email", "mailbox member", "response"


class Tombstones:
    """Recognises the rows of people who were forgotten.

    A row is recognised by an e-mail address; where several people share one, by address and name; or by survey, wave
    and the number of the response. An address does not count for responses given on a later day than the mark: whoever
    signs up again has chosen to come back.
    """

    def __init__(self, recogniser: Recogniser | None = None) -> None:
        self._marks = recogniser or Recogniser()

    def __bool__(self) -> bool:
        return bool(self._marks)

    def is_forgotten(self, row: PersonRow) -> bool:
        """Whether the row is of someone who was forgotten."""
        return (
            bool(row.response_ref and self._marks.find(_RESPONSE, row.response_id))
            or any(self._is_before(row, _EMAIL, email) for email in row.emails)
            or any(self._is_before(row, _MEMBER, email, normal_name(row.name)) for email in row.emails)
        )

    def _is_before(self, row: PersonRow, kind: str, *parts: str) -> bool:
        """Whether there is such a mark, and the response was given before it, or nobody knows when."""
        days = (dt.datetime.fromisoformat(mark.at).date() for mark in self._marks.find(kind, *parts))
        return any(row.answered_on is None or row.answered_on <= day for day in days)


def read_tombstones(paths: ProjectPaths) -> Tombstones:
    """The tombstones of the project.

    Raises:
        LandscapeError: There are some, but not the key they were made with.
    """
    return Tombstones(Recogniser(read_marks(paths.tombstones)))


def marks_of(gone: Iterable[PersonRow], others: Iterable[PersonRow]) -> list[tuple[str, tuple[str, ...], str]]:
    """The marks by which people are known again: kind, what is hashed, and no purpose.

    Args:
        gone: All rows of those to forget.
        others: All rows that stay; no mark would match one of them.
    """
    shared = {(email, normal_name(row.name)) for row in others for email in row.emails}
    shared_emails = {email for email, _ in shared}
    marks: set[tuple[str, tuple[str, ...], str]] = set()
    for row in gone:
        if row.response_ref:
            marks.add((_RESPONSE, (row.response_id,), ""))
        for email in row.emails:
            member = (email, normal_name(row.name))
            if email not in shared_emails:
                marks.add((_EMAIL, (email,), ""))
            elif row.name and member not in shared:
                marks.add((_MEMBER, member, ""))
    return sorted(marks)


def lay_tombstones(paths: ProjectPaths, gone: Iterable[PersonRow], others: Iterable[PersonRow], at: dt.datetime) -> int:
    """Adds marks of people, so that no later file brings them back.

    Args:
        paths: The project folder.
        gone: All rows of those to forget.
        others: All rows that stay; no mark is added that would match one of them.
        at: When (UTC).

    Returns:
        How many marks were added.
    """
    return add_marks(paths, paths.tombstones, marks_of(gone, others), at)

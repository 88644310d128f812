"""People whose answers are kept and not used: on hold until it is lifted, or because they objected."""

from __future__ import annotations

import datetime as dt

from landscape.errors import LandscapeError
from landscape.identity.marks import Recogniser, add_marks, drop_marks, read_marks
from landscape.identity.person import PersonRow, emails_in
from landscape.paths import ProjectPaths

ON_HOLD = "someone whose answers are on hold: kept, and not used until the hold is lifted"
OBJECTED = "someone who objected to the use of their answers: kept, and not used"
"""The reasons given when a row is set aside."""

_HOLD, _OBJECTION = "hold", "objection"


class Holds:
    """Recognises the rows of people whose answers must not be used, by e-mail address; everyone who shares it counts.

    A hold is on whatever they answer until it is lifted. An objection is to what was answered up to its day: whoever
    answers again on a later day has agreed to that.
    """

    def __init__(self, recogniser: Recogniser | None = None) -> None:
        self._marks = recogniser or Recogniser()

    def __bool__(self) -> bool:
        return bool(self._marks)

    def reason(self, row: PersonRow) -> str:
        """Why the row is not used; empty where it may be."""
        if any(self._marks.find(_HOLD, email) for email in row.emails):
            return ON_HOLD
        objections = (mark for email in row.emails for mark in self._marks.find(_OBJECTION, email))
        days = [dt.datetime.fromisoformat(mark.at).date() for mark in objections]
        return OBJECTED if any(row.answered_on is None or row.answered_on <= day for day in days) else ""


def read_holds(paths: ProjectPaths) -> Holds:
    """The holds and objections of the project.

    Raises:
        LandscapeError: There are some, but not the key they were made with.
    """
    return Holds(Recogniser(read_marks(paths.holds)))


def hold(paths: ProjectPaths, email: str, at: dt.datetime) -> None:
    """Puts what somebody answered on hold; raises LandscapeError if that is no e-mail address."""
    add_marks(paths, paths.holds, ((_HOLD, (one,), "") for one in _addresses(email)), at)


def object_to_use(paths: ProjectPaths, email: str, at: dt.datetime) -> None:
    """Notes that somebody objects to the use of what they answered; raises as `hold`."""
    add_marks(paths, paths.holds, ((_OBJECTION, (one,), "") for one in _addresses(email)), at)


def lift(paths: ProjectPaths, email: str) -> None:
    """Ends hold and objection, at the wish of the person.

    Raises:
        LandscapeError: There is none for this address.
    """
    kinds = ((kind, (one,)) for one in _addresses(email) for kind in (_HOLD, _OBJECTION))
    if not drop_marks(paths, paths.holds, kinds):
        raise LandscapeError(
            "nothing is on hold for this address", remedy="check the spelling: landscape consent show EMAIL"
        )


def _addresses(email: str) -> list[str]:
    found = sorted(emails_in(email))
    if not found:
        raise LandscapeError("this is not an e-mail address", remedy="give the address that they answered with")
    return found

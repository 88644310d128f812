"""Consents that were given and later withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from landscape.codebook import CONSENT_SCHEME, read_codebook
from landscape.errors import LandscapeError
from landscape.identity.marks import Recogniser, add_marks, read_marks
from landscape.identity.person import normal_email
from landscape.paths import ProjectPaths

_KIND = "withdrawal"


class Withdrawals:
    """The consents withdrawn for an e-mail address, and when last."""

    def __init__(self, recogniser: Recogniser | None = None) -> None:
        self._marks = recogniser or Recogniser()

    def __bool__(self) -> bool:
        return bool(self._marks)

    def of(self, emails: Iterable[str]) -> dict[str, dt.datetime]:
        """When each purpose was last withdrawn (UTC).

        Args:
            emails: The addresses of one person, as typed.
        """
        found: dict[str, dt.datetime] = {}
        for email in emails:
            for mark in self._marks.find(_KIND, normal_email(email)):
                at = dt.datetime.fromisoformat(mark.at)
                found[mark.purpose] = max(at, found.get(mark.purpose, at))
        return found


def read_withdrawals(paths: ProjectPaths) -> Withdrawals:
    """The withdrawals of the project.

    Raises:
        LandscapeError: There are some, but not the key they were made with.
    """
    return Withdrawals(Recogniser(read_marks(paths.withdrawals)))


def consent_purposes(paths: ProjectPaths) -> dict[str, str]:
    """The purposes of consent: label by code, from the codebook."""
    codebook = read_codebook(paths.reference)
    return {code.code: code.label for code in codebook if code.scheme == CONSENT_SCHEME}


def withdraw(paths: ProjectPaths, email: str, purpose: str | None, at: dt.datetime) -> tuple[str, ...]:
    """Withdraws a person's consents.

    Args:
        paths: The project folder.
        email: Their address; everyone who shares it withdraws.
        purpose: One purpose; None for all.
        at: When (UTC); consents given before no longer hold.

    Returns:
        The purposes withdrawn.

    Raises:
        LandscapeError: There is no such purpose, or it is not an e-mail address.
    """
    known = consent_purposes(paths)
    refuse_unknown(purpose, known)
    if "@" not in email:
        raise LandscapeError("this is not an e-mail address", remedy="give the address that they signed up with")
    chosen = tuple(known) if purpose is None else (purpose,)
    add_marks(paths, paths.withdrawals, ((_KIND, (normal_email(email),), code) for code in chosen), at)
    return chosen


def refuse_unknown(purpose: str | None, known: Iterable[str]) -> None:
    """Refuses a purpose that the codebook does not have."""
    if purpose is not None and purpose not in known:
        raise LandscapeError(
            f"there is no consent purpose {purpose}",
            remedy=f"choose one of {', '.join(known)} (scheme {CONSENT_SCHEME} of data/reference/codebook.csv)",
        )

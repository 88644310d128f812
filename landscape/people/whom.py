"""Whom a request to be forgotten means: which rows of received files and lists are that person's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from landscape.errors import LandscapeError
from landscape.identity.person import PersonRow, emails_in, normal_email, normal_name
from landscape.identity.speakers import read_speakers
from landscape.paths import ProjectPaths

SPEAKERS = "data/private/speakers.csv"


@dataclass(frozen=True)
class Sought:
    """Whom to forget; a response must match everything given.

    Args:
        email: An e-mail address, in any case.
        names: Names, of which the response has one.
        responses: Responses, as `survey/wave/number`.
        visit: A visit, as `survey/wave/number`: those who spoke there, as far as the team lists them.
    """

    email: str = ""
    names: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()
    visit: str = ""


def speaker_rows(paths: ProjectPaths) -> Iterator[PersonRow]:
    """Those who spoke at visits, as far as the team lists them."""
    for line, one in read_speakers(paths).items():
        yield PersonRow(
            survey="speakers", file_name=SPEAKERS, line=line, response_ref="", answered_on=None, wave="",
            emails=emails_in(one.email), email=one.email, name=one.name, telephone=one.telephone, organisation="", tool_cells=(),
        )  # fmt: skip


def speakers_at(paths: ProjectPaths, visit: str, rows: Sequence[PersonRow], names: Sequence[str]) -> list[PersonRow]:
    """The listed speakers of a visit; of these names only, where any are given.

    Raises:
        LandscapeError: The list has nobody for this visit.
    """
    lines = {line for line, one in read_speakers(paths).items() if one.visit == visit}
    found = [row for row in rows if row.file_name == SPEAKERS and row.line in lines]
    found = [row for row in found if not names or any(map(row.is_named, names))]
    if not found:
        raise LandscapeError(
            "nobody is listed who spoke at this visit",
            file=SPEAKERS,
            remedy="a visit is written as in force_visits/2017/V01; the visit itself goes with: landscape forget --response",
        )
    return found


def chosen(rows: Sequence[PersonRow], sought: Sought) -> list[PersonRow]:
    """The rows of the person who is meant.

    Raises:
        LandscapeError: Nobody is found, or several people are.
    """
    emails = emails_in(sought.email) | {normal_email(sought.email)}
    found = [
        row
        for row in rows
        if (not sought.email or emails & row.emails)
        and (not sought.names or any(map(row.is_named, sought.names)))
        and (not sought.responses or (bool(row.response_ref) and row.response_id in sought.responses))
    ]
    if not found:
        raise LandscapeError(
            "no response in data/raw is from this person",
            remedy="check the spelling; a response is written as survey/wave/number, as in network_signup/2017/12; lists of "
            "invitations were searched for the address too",
        )
    if not sought.responses:
        _refuse_several(found, sought)
        found += _other_versions(rows, found)
    return found


def _refuse_several(found: Sequence[PersonRow], sought: Sought) -> None:
    """Several people may share an address or a name: a person has to say which is meant."""
    if not sought.names:
        people = set(_distinct({normal_name(row.name) or _unnamed(row) for row in found} - {""}))
        what, how = "several people answered under this e-mail address", "landscape forget EMAIL --name NAME"
    elif not sought.email:
        people = {min(row.emails, default="") for row in found}
        what, how = "several people may have this name", "landscape forget EMAIL --name NAME"
    else:
        return
    if len(people) > 1:
        raise LandscapeError(
            f"{what}, so nobody was forgotten",
            culprits=[row.place for row in found],
            remedy=f"look these up in the received files, then say whom you mean: {how}, or --response "
            "SURVEY/WAVE/NUMBER; --name and --response may be given several times",
        )


def _distinct(names: Set[str]) -> list[str]:
    """Names of different people: a first name alone, as in some lists, is that of the one whose full name begins with it."""
    longest = sorted(names, key=lambda name: (-len(name.split()), name))
    kept: list[str] = []
    for name in longest:
        if not any(set(name.split()) <= set(other.split()) for other in kept):
            kept.append(name)
    return kept


def _unnamed(row: PersonRow) -> str:
    """Without a name, an address that only the tool recorded may be that of someone typing in answers for others."""
    return "" if row.email else row.response_id


def _other_versions(rows: Sequence[PersonRow], found: Sequence[PersonRow]) -> list[PersonRow]:
    """The same responses in other exports, with another name or address, or none."""
    ids = {row.response_id for row in found if row.response_ref}
    emails = frozenset(email for row in found for email in row.emails)
    others = [row for row in rows if row.response_ref and row.response_id in ids and row not in found]
    strange = [row.place for row in others if row.emails and not row.emails & emails]
    if strange:
        raise LandscapeError(
            "their response is also there under another e-mail address, so nobody was forgotten",
            culprits=strange,
            remedy="if it is theirs, say so: landscape forget --response SURVEY/WAVE/NUMBER; if a form was set up again "
            "within a wave and reused the number, declare it as a separate survey",
        )
    return others


def their_invitations(
    invitations: Sequence[PersonRow], gone: Sequence[PersonRow], rows: Sequence[PersonRow]
) -> list[PersonRow]:
    """Invitations of the people forgotten, found other than by address; that of a shared mailbox stays."""
    theirs = {email for row in gone for email in row.emails}
    of_others = {email for row in rows if row not in gone and row not in invitations for email in row.emails}
    return [row for row in invitations if row not in gone and row.emails & (theirs - of_others)]

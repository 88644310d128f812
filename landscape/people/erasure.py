"""Forgetting a person: removes them from received files and everything made from them, and keeps them from coming back."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from landscape.coding.ledgers import drop_decided
from landscape.errors import LandscapeError
from landscape.identity.person import PersonRow, normal_email, normal_name
from landscape.identity.tombstones import lay_tombstones, read_tombstones
from landscape.paths import ProjectPaths
from landscape.people.derived import files_with, remove_made
from landscape.private_files import log_access
from landscape.services.deleting import AtService, delete_at_services
from landscape.staging_db import refresh_lock
from landscape.surveys.definition import Survey
from landscape.surveys.invited import InvitedList, invited_lists
from landscape.surveys.person_rows import person_rows
from landscape.surveys.received import ReceivedFile, received_files
from landscape.surveys.rewriting import write_list_without, write_without

_DRAFT = ".erasing-"  # readers skip names that begin with a full stop


@dataclass(frozen=True)
class Sought:
    """Whom to forget; a response must match everything given.

    Args:
        email: An e-mail address, in any case.
        names: Names, of which the response has one.
        responses: Responses, as `survey/wave/number`.
    """

    email: str = ""
    names: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What was removed, without saying whose it was.

    Args:
        files: Received files and how many responses, or invitations, were taken out of each.
        emptied: Those of the files that held nothing else, and so were deleted.
        made: What was made from received files, and was deleted; a refresh makes it again.
        n_tombstones: Marks added, so that nothing comes back.
        left: Files that still contain a name, address or number, in other people's words.
        n_elsewhere: Other responses under the same e-mail address, which were kept.
        releases: Releases among those files, which have to be withdrawn.
        at_services: What was deleted at the services that surveys are pulled from, and what a person must delete there.
        n_decided: Decisions and codings on their responses, which went too.
    """

    files: tuple[tuple[str, int], ...]
    emptied: tuple[str, ...]
    made: tuple[str, ...] = ()
    n_tombstones: int = 0
    left: tuple[str, ...] = ()
    n_elsewhere: int = 0
    releases: tuple[str, ...] = ()
    at_services: tuple[AtService, ...] = ()
    n_decided: int = 0


def forget(
    paths: ProjectPaths,
    surveys: tuple[Survey, ...],
    sought: Sought,
    at: dt.datetime,
    *,
    is_dry_run: bool = False,
    at_service: bool = False,
) -> Receipt:
    """Removes a person from received files and everything made from them, and adds tombstones.

    Nothing is changed unless every file can be rewritten.

    Args:
        paths: The project folder.
        surveys: All surveys.
        sought: Whom.
        at: When (UTC).
        is_dry_run: Change nothing; the receipt says what would be done.
        at_service: Delete their responses at the services they were pulled from, too, where these offer it.

    Raises:
        LandscapeError: Nobody is found; several people are; a received file cannot be read or rewritten.
    """

    def choose(rows: Sequence[PersonRow]) -> list[PersonRow]:
        return _chosen(rows, sought)

    return _take_out(paths, surveys, choose, at, marks=True, is_dry_run=is_dry_run, at_service=at_service)


def forget_again(
    paths: ProjectPaths,
    surveys: tuple[Survey, ...],
    at: dt.datetime,
    *,
    is_dry_run: bool = False,
    at_service: bool = False,
) -> Receipt:
    """Removes people who were forgotten before from files that brought them back; arguments as for `forget`."""
    tombstones = read_tombstones(paths)

    def choose(rows: Sequence[PersonRow]) -> list[PersonRow]:
        found = [row for row in rows if tombstones.is_forgotten(row)]
        if not found:
            raise LandscapeError("no received file contains anyone who was forgotten", remedy="there is nothing to do")
        return found

    return _take_out(paths, surveys, choose, at, marks=False, is_dry_run=is_dry_run, at_service=at_service)


def _chosen(rows: Sequence[PersonRow], sought: Sought) -> list[PersonRow]:
    email = normal_email(sought.email)
    found = [
        row
        for row in rows
        if (not email or email in row.emails)
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
        people = {normal_name(row.name) or _unnamed(row) for row in found} - {""}
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


def _take_out(
    paths: ProjectPaths,
    surveys: tuple[Survey, ...],
    choose: Callable[[Sequence[PersonRow]], list[PersonRow]],
    at: dt.datetime,
    *,
    marks: bool,
    is_dry_run: bool,
    at_service: bool,
) -> Receipt:
    with ExitStack() as held:
        if not is_dry_run:
            held.enter_context(refresh_lock(paths.lock))
        files = {file.name: file for file in received_files(paths, surveys) if file.is_sample is not True}
        lists = {invited.name: invited for invited in invited_lists(paths, surveys)}
        invitations = [row for invited in lists.values() for row in invited.person_rows()]
        rows = [*(row for file in files.values() for row in person_rows(file)), *invitations]
        gone = choose(rows)
        gone += _their_invitations(invitations, gone, rows)
        others = sorted(set(rows) - set(gone), key=lambda row: (row.file_name, row.line))
        n_elsewhere = sum(bool(row.emails & {e for g in gone for e in g.emails}) for row in others)
        drafts = held.enter_context(_drafts(paths, files, lists, gone))
        counted = tuple((name, sum(row.file_name == name for row in gone)) for name in drafts)
        emptied = tuple(name for name, draft in drafts.items() if draft is None)
        if is_dry_run:
            there = delete_at_services(paths, surveys, gone, is_asked=at_service, is_dry_run=True)
            return Receipt(counted, emptied, n_elsewhere=n_elsewhere, at_services=there)
        # Marks first: whatever happens next, nobody comes back.
        n_tombstones = lay_tombstones(paths, gone, others, at) if marks else 0
        # Then at services, while the rows here still say which responses these are.
        there = delete_at_services(paths, surveys, gone, is_asked=at_service, is_dry_run=False)
        n_decided = drop_decided(paths, _responses(gone), _responses(others))
        made = remove_made(paths)  # then what was made: while the received rows are there, the command can be repeated
        _replace(paths, drafts)
    for survey in sorted({row.survey for row in gone}):
        log_access(paths, "forget", survey, sum(row.survey == survey for row in gone), at)
    theirs = {email for row in others for email in row.emails}  # an address that others use may stay
    words = {word for row in gone for word in (*(row.emails - theirs), row.name, row.telephone) if word}
    left = files_with(paths, words)
    return Receipt(
        counted, emptied, made, n_tombstones, left, n_elsewhere, _releases_among(paths, left), there, n_decided
    )


def _responses(rows: Sequence[PersonRow]) -> set[str]:
    """Numbers of responses; an invitation has none, nor has an answer from a file without numbers."""
    return {row.response_id for row in rows if row.response_ref}


def _releases_among(paths: ProjectPaths, files: Sequence[str]) -> tuple[str, ...]:
    below = f"{paths.releases.relative_to(paths.root).as_posix()}/"
    names = {name.removeprefix(below).partition("/")[0] for name in files if name.startswith(below)}
    return tuple(sorted({name.removesuffix(".zip") for name in names}))


def _their_invitations(
    invitations: Sequence[PersonRow], gone: Sequence[PersonRow], rows: Sequence[PersonRow]
) -> list[PersonRow]:
    """Invitations of the people forgotten, found other than by address; that of a shared mailbox stays."""
    theirs = {email for row in gone for email in row.emails}
    of_others = {email for row in rows if row not in gone and row not in invitations for email in row.emails}
    return [row for row in invitations if row not in gone and row.emails & (theirs - of_others)]


@contextmanager
def _drafts(
    paths: ProjectPaths, files: dict[str, ReceivedFile], lists: dict[str, InvitedList], gone: Sequence[PersonRow]
) -> Iterator[dict[str, Path | None]]:
    """The new versions of the files concerned, beside them; None for a file with nothing left."""
    written: dict[str, Path | None] = {}
    try:
        for name in sorted({row.file_name for row in gone}):
            path = paths.root / name
            draft = path.with_name(f"{_DRAFT}{path.name}")
            lines = frozenset(row.line for row in gone if row.file_name == name)
            written[name] = draft
            if name in lists:
                is_left = write_list_without(lists[name], path, draft, lines)
            else:
                is_left = write_without(files[name], path, draft, lines)
            if not is_left:
                written[name] = None
        yield written
    finally:
        for draft_left in filter(None, written.values()):
            draft_left.unlink(missing_ok=True)


def _replace(paths: ProjectPaths, drafts: dict[str, Path | None]) -> None:
    for name, draft in drafts.items():
        path = paths.root / name
        try:
            if draft is None:
                path.unlink()
            else:
                shutil.copymode(path, draft)
                draft.replace(path)
        except OSError as error:
            raise LandscapeError(
                f"it cannot be replaced ({error.strerror})",
                file=name,
                remedy="close it in other programs, then: landscape forget --again",
            ) from error

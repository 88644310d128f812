"""Forgetting a person: removes them from received files and everything made from them, and keeps them from coming back."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from landscape.coding.ledgers import drop_decided, n_decided
from landscape.errors import LandscapeError
from landscape.identity.person import PersonRow, normal_name
from landscape.identity.speakers import write_speakers_without
from landscape.identity.tombstones import lay_tombstones, marks_of, read_tombstones
from landscape.paths import ProjectPaths
from landscape.people.derived import made_of_received, remove_made
from landscape.people.whom import SPEAKERS, Sought, chosen, speaker_rows, speakers_at, their_invitations
from landscape.pii_scan import Somebody, found_in
from landscape.private_files import log_access
from landscape.services.deleting import AtService, delete_at_services
from landscape.staging_db import closed_ui, refresh_lock
from landscape.surveys.definition import Survey
from landscape.surveys.invited import InvitedList, invited_lists
from landscape.surveys.person_rows import person_rows
from landscape.surveys.received import ReceivedFile, received_files
from landscape.surveys.rewriting import write_list_without, write_without

_SEARCHED = ("data", "reports")
_DRAFT = ".erasing-"  # readers skip names that begin with a full stop


@dataclass(frozen=True)
class Receipt:
    """What was removed, without saying whose it was.

    Args:
        files: Received files and how many responses, or invitations, were taken out of each.
        emptied: Those of the files that held nothing else, and so were deleted.
        made: What was made from received files, and was deleted; a refresh makes it again.
        n_tombstones: Marks added, so that nothing comes back.
        left: Where a name, address or number still is: file, line and kind.
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
        return speakers_at(paths, sought.visit, rows, sought.names) if sought.visit else chosen(rows, sought)

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
            held.enter_context(closed_ui(paths.ui_lock))
            held.enter_context(refresh_lock(paths.lock))
        files = {file.name: file for file in received_files(paths, surveys) if file.is_sample is not True}
        lists = {invited.name: invited for invited in invited_lists(paths, surveys)}
        invitations = [row for invited in lists.values() for row in invited.person_rows()]
        rows = [*(row for file in files.values() for row in person_rows(file)), *invitations, *speaker_rows(paths)]
        gone = choose(rows)
        gone += their_invitations(invitations, gone, rows)
        others = sorted(set(rows) - set(gone), key=lambda row: (row.file_name, row.line))
        drafts = held.enter_context(_drafts(paths, files, lists, gone))
        made = made_of_received(paths)
        left = _left(paths, gone, others, drafts, made)
        receipt = Receipt(
            files=tuple((name, sum(row.file_name == name for row in gone)) for name in drafts),
            emptied=tuple(name for name, draft in drafts.items() if draft is None),
            made=tuple(path.relative_to(paths.root).as_posix() for path in made),
            n_tombstones=len(marks_of(gone, others)) if marks else 0,
            left=left,
            n_elsewhere=sum(bool(row.emails & {e for g in gone for e in g.emails}) for row in others),
            releases=_releases_among(paths, left),
            n_decided=n_decided(paths, _responses(gone), _responses(others)),
        )
        if is_dry_run:
            return replace(
                receipt, at_services=delete_at_services(paths, surveys, gone, is_asked=at_service, is_dry_run=True)
            )
        if marks:  # first: whatever happens next, nobody comes back
            lay_tombstones(paths, gone, others, at)
        # Then at services, while the rows here still say which responses these are.
        there = delete_at_services(paths, surveys, gone, is_asked=at_service, is_dry_run=False)
        drop_decided(paths, _responses(gone), _responses(others))
        remove_made(paths)  # then what was made: while the received rows are there, the command can be repeated
        _replace(paths, drafts)
    for survey in sorted({row.survey for row in gone}):
        log_access(paths, "forget", survey, sum(row.survey == survey for row in gone), at)
    return replace(receipt, at_services=there)


def _left(
    paths: ProjectPaths,
    gone: Sequence[PersonRow],
    others: Sequence[PersonRow],
    drafts: Mapping[str, Path | None],
    made: Sequence[Path],
) -> tuple[str, ...]:
    """Where their name, address or number still is once all is done: in other people's words, own files, releases."""
    theirs = {email for row in others for email in row.emails}  # what others use may stay
    names, numbers = {normal_name(row.name) for row in others}, {row.telephone for row in others}
    sought = Somebody(
        names=frozenset(row.name for row in gone if normal_name(row.name) not in names),
        telephones=frozenset(row.telephone for row in gone) - numbers,
        emails=frozenset(email for row in gone for email in row.emails) - theirs,
    )
    found: list[str] = []
    for path in (path for top in _SEARCHED for path in sorted((paths.root / top).rglob("*")) if path.is_file()):
        name = path.relative_to(paths.root).as_posix()
        read = drafts.get(name, path)
        if read is not None and not path.name.startswith(_DRAFT) and not {path, *path.parents} & set(made):
            found += found_in(name, read, sought)
    return tuple(found)


def _responses(rows: Sequence[PersonRow]) -> set[str]:
    """Numbers of responses; an invitation has none, nor has an answer from a file without numbers."""
    return {row.response_id for row in rows if row.response_ref}


def _releases_among(paths: ProjectPaths, files: Sequence[str]) -> tuple[str, ...]:
    below = f"{paths.releases.relative_to(paths.root).as_posix()}/"
    names = {re.split("[/,]", name.removeprefix(below))[0] for name in files if name.startswith(below)}
    return tuple(sorted({name.removesuffix(".zip") for name in names}))


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
            if name == SPEAKERS:
                is_left = write_speakers_without(paths, draft, lines)
            elif name in lists:
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

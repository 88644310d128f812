"""Pulls a survey's responses from its service into data/raw, whole or not at all."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, SourceError, SourceSkippedError
from landscape.identity.tombstones import read_tombstones
from landscape.paths import ProjectPaths
from landscape.private_files import make_private
from landscape.services.catalogue import SERVICES, ask, connect
from landscape.services.rewording import reworded
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.export import Export
from landscape.surveys.person_rows import forgotten_lines, person_rows
from landscape.surveys.pull_record import PULLED, Record, read_record, write_record
from landscape.surveys.received import ReceivedFile, read_received
from landscape.surveys.rewriting import write_without

if TYPE_CHECKING:
    from tenacity.wait import wait_base

    from landscape.services.connection import Body

_DRAFT = ".pulling-"  # readers and sensors pass over names that begin with a full stop


@dataclass(frozen=True)
class Pulled:
    """How one pull went.

    Args:
        survey: The survey.
        service: Its service, as people call it.
        file: The file that is there now, below the project folder; empty where the service holds no response yet.
        n_responses: Responses in it.
        n_new: Responses that were not there before.
        n_changed: Responses that were there with other answers.
        n_gone: Responses that were there and are no longer at the service.
        forgotten: Responses (survey/wave/number) of people who were forgotten, left out of the file; they are still at the
            service.
        is_changed: The file was replaced.
        reworded: Questions that the service asks in other words than the questionnaire says, where the export would not show it.
    """

    survey: str
    service: str
    file: str
    n_responses: int = 0
    n_new: int = 0
    n_changed: int = 0
    n_gone: int = 0
    forgotten: tuple[str, ...] = ()
    is_changed: bool = False
    reworded: tuple[str, ...] = ()

    def said(self, *, is_dry_run: bool = False) -> str:
        """How it went, for people."""
        if not self.file:
            left = f"holds none of the {self.n_gone} responses any more" if self.n_gone else "holds no responses yet"
            return f"{self.survey}: {self.service} {left}"
        changes = f"{self.n_new} new, {self.n_changed} changed, {self.n_gone} no longer there"
        what = changes if self.is_changed else "nothing has changed"
        where = f"nothing was written ({self.file} would be)" if is_dry_run else self.file
        lines = [f"{self.survey}: {self.n_responses} responses at {self.service}; {what}; {where}"]
        if self.n_gone:
            lines.append("  Responses that are no longer there no longer count, whichever file they are in.")
        if self.reworded:
            lines.append("  Asked in other words there than in questionnaire.md; put right whichever is wrong:")
            lines += [f"    {one}" for one in self.reworded]
        if self.forgotten:
            responses = ", ".join(self.forgotten)
            lines.append(f"  Left out, since they were forgotten; they are still there, delete them there: {responses}")
        return "\n".join(lines)


def pull(
    paths: ProjectPaths,
    survey: Survey,
    at: dt.datetime,
    *,
    is_dry_run: bool = False,
    confirms_gone: bool = False,
    wait: wait_base | None = None,
) -> Pulled:
    """Takes all responses from the service and replaces the file of the last pull with them.

    Every pull takes everything: surveys of people are small, and only a complete list shows what was edited or deleted. So
    nothing is ever missed between two pulls, and a pull can be repeated at any time. The caller holds the refresh lock.

    Args:
        paths: The project folder.
        survey: One that declares a source.
        at: Now (UTC).
        is_dry_run: Change nothing; say what would change.
        confirms_gone: A person has said that it is right if most of the responses are gone.
        wait: How long to wait between attempts; the usual back-off without it.

    Raises:
        SourceSkippedError: Its secrets are not set, or its answers may no longer be kept.
        SourceError: The service fails, holds other numbers than it gives, or gives what does not fit the questionnaire; the
            file of the last pull stays as it was.
    """
    if survey.source is None:
        raise SourceSkippedError(
            "it declares no service to be pulled from",
            file=survey.name,
            remedy="docs/connecting-a-survey.md says what to write under `source` in its survey.yml",
        )
    service = SERVICES[survey.source.service]
    if survey.retain_until is None or at.date() > survey.retain_until:
        why = "has gone by" if survey.retain_until else "is not given"
        raise SourceSkippedError(
            f"not pulled: the day until which its answers may be kept {why}",
            file=survey.name,
            remedy="take `source` out of survey.yml, or put retain_until right",
        )
    try:
        connection = connect(survey.source, paths.pulled, wait)
        body = ask(service.TITLE, lambda: service.fetch(connection))
        changed_wordings = reworded(survey, connection)
    except SourceError as error:
        failed = error
    else:
        done = _store(paths, survey, body, at, is_dry_run=is_dry_run, confirms_gone=confirms_gone)
        return replace(done, reworded=changed_wordings)
    raise type(failed)(failed.message, file=survey.name, culprits=failed.culprits, remedy=failed.remedy)


def _store(
    paths: ProjectPaths, survey: Survey, body: Body, at: dt.datetime, *, is_dry_run: bool, confirms_gone: bool
) -> Pulled:
    service = SERVICES[survey.source.service]  # type: ignore[union-attr]
    path = paths.raw / survey.name / f"{PULLED}{service.ENDING}"
    name = path.relative_to(paths.root).as_posix()
    _remove_drafts(path)
    previous = _read(path, survey) if path.exists() else None
    before = _responses(previous, survey) if previous else {}
    if not body.content:
        _refuse_emptied(survey, service.TITLE, before, {}, is_confirmed=confirms_gone)
        if before and not is_dry_run:
            _note_gone(paths, survey, before.keys(), set(), at)
            path.unlink()
        return Pulled(survey.name, service.TITLE, "", n_gone=len(before))
    draft = _write_draft(path, body.content)
    try:
        forgotten = _accept(paths, survey, body, draft, name)
        pulled = DIALECTS[survey.tool].read(draft, survey.asked)
        after = _responses(pulled, survey)
        _refuse_emptied(survey, service.TITLE, before, after, is_confirmed=confirms_gone)
        gone = before.keys() - after.keys()
        is_changed = previous is None or previous.sheets != pulled.sheets
        if is_changed and not is_dry_run:
            _replace(paths, survey, draft, path, gone, after.keys(), at)
    finally:
        draft.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return Pulled(
        survey=survey.name,
        service=service.TITLE,
        file=name,
        n_responses=len(after),
        n_new=len(after.keys() - before.keys()),
        n_changed=sum(before[key] != after[key] for key in before.keys() & after.keys()),
        n_gone=len(gone),
        forgotten=forgotten,
        is_changed=is_changed,
    )


def _accept(paths: ProjectPaths, survey: Survey, body: Body, draft: Path, name: str) -> tuple[str, ...]:
    """Checks that what was pulled is complete and fits its survey; leaves out people who were forgotten, and returns which.

    Raises:
        SourceError: It does not.
    """
    try:
        file = read_received(draft, name, survey)
    except LandscapeError as error:
        failed = error
    else:
        n_rows = file.export.sheets[0].cells.n_rows
        if not body.is_whole(n_rows):
            raise SourceError(
                f"{n_rows} responses came, but the service says that it holds {body.n_there}",
                file=survey.name,
                remedy="pull again: some may just have arrived; if it stays so, drop an export instead",
            )
        lines = forgotten_lines(file, read_tombstones(paths))
        if lines:
            _leave_out(file, draft, lines)
        return tuple(sorted({row.response_id for row in person_rows(file) if row.line in lines}))
    raise SourceError(
        f"what came cannot be used: {failed.message}",
        file=survey.name,
        culprits=failed.culprits,
        remedy=failed.remedy,
    )


def _leave_out(file: ReceivedFile, draft: Path, lines: frozenset[int]) -> None:
    """Takes rows out of a draft."""
    shorter = draft.with_name(f"{draft.stem}-{draft.suffix}")
    try:
        if write_without(file, draft, shorter, lines):
            shorter.replace(draft)
        else:
            raise SourceSkippedError(
                "not pulled: all whose responses are there were forgotten",
                file=file.survey.name,
                remedy="delete them at the service",
            )
    finally:
        shorter.unlink(missing_ok=True)


def _read(path: Path, survey: Survey) -> Export | None:
    """The last pull, without comparing it with a questionnaire that may have changed since; None where it is damaged."""
    dialect = DIALECTS[survey.tool]
    try:
        return dialect.read(path, survey.asked) if dialect.recognises(path) else None
    except LandscapeError:
        return None


def _responses(export: Export, survey: Survey) -> dict[str, Mapping[str, str]]:
    """The filled cells of each response, by survey/wave/number."""
    sheet = export.sheets[0]
    columns = [column for column in sheet.columns if column.role not in ("tool", "empty")]
    cells = {
        row.line: {
            column.heading: row.cells[column.position] for column in columns if row.cells[column.position].strip()
        }
        for row in sheet.rows
        if len(row.cells) == len(sheet.columns)
    }
    file = ReceivedFile(survey, PULLED, "", DIALECTS[survey.tool], export, {None: {}}, is_sample=False)
    return {row.response_id: cells[row.line] for row in person_rows(file) if row.response_ref}


def _refuse_emptied(
    survey: Survey, title: str, before: Mapping[str, object], after: Mapping[str, object], *, is_confirmed: bool
) -> None:
    """Refuses a pull without most of the earlier responses: the form was probably cleared, or is another one."""
    n_gone = len(before.keys() - after.keys())
    if 2 * n_gone > len(before) and not is_confirmed:
        raise SourceError(
            f"{n_gone} of the {len(before)} responses pulled before are no longer at {title}, so nothing was replaced",
            file=survey.name,
            remedy="if the form was cleared and the answers are to stay, take `source` out of survey.yml; if they are to "
            f"go: landscape pull {survey.name} --confirm-gone",
        )


def _write_draft(path: Path, content: bytes) -> Path:
    make_private(path.parent)
    descriptor, name = mkstemp(prefix=_DRAFT, suffix=path.suffix, dir=path.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def _remove_drafts(path: Path) -> None:
    """Removes the drafts of pulls that were cut off, since they hold answers."""
    for draft in path.parent.glob(f"{_DRAFT}*"):
        draft.unlink()


def _note_gone(paths: ProjectPaths, survey: Survey, gone: Set[str], there: Set[str], at: dt.datetime) -> None:
    known = read_record(paths, survey.name).gone
    noted = {key: day for key, day in known.items() if key not in there} | {key: at.date().isoformat() for key in gone}
    write_record(paths, survey.name, Record(at, noted))


def _replace(
    paths: ProjectPaths, survey: Survey, draft: Path, path: Path, gone: Set[str], there: Set[str], at: dt.datetime
) -> None:
    """Replaces the old file with the draft.

    What is gone is noted first: if the pull is cut off in between, the old file is still there, and the next pull finds the same.
    Noted after, it would be forgotten that these responses were ever there.
    """
    _note_gone(paths, survey, gone, there, at)
    try:
        draft.replace(path)
    except OSError as error:
        raise SourceError(
            f"the file cannot be replaced ({error.strerror})",
            file=path.relative_to(paths.root).as_posix(),
            remedy="close it in other programs, then pull again",
        ) from error

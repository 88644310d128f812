"""Whether any input or output has changed since the last refresh, found out without opening a database.

What is noted here is a quick copy. If it is missing, damaged or different, the stamps of tables and files decide.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from landscape.identity.keys import key_folder
from landscape.paths import ProjectPaths, surveys_folder
from landscape.stamps import PACKAGE, FileHashes, environment, hash_of, versions
from landscape.writing import write_whole

_PROGRAM = ("assets", "landscape", "pipelines")


@dataclass(frozen=True)
class LastRefresh:
    """What the last whole refresh left.

    Args:
        inputs: A hash of all that it was made from.
        outputs: A hash of all that it made.
        ended_at: When it ended (UTC, ISO 8601).
        summary: What it said at its end, as pairs.
        places: Where what it made is, below the project folder.
        warnings: What a person should see to.
        is_sample: It rests on made-up responses.
        has_sources: A survey declares a service, which has to be asked before anything can be said.
        retain_until: The day until which received files may be kept, by survey that has any; "" where none is given.
        large: What is known of large files.
    """

    inputs: str
    outputs: str
    ended_at: str
    summary: Sequence[Sequence[str]]
    places: Sequence[str]
    warnings: Sequence[str]
    is_sample: bool
    has_sources: bool
    retain_until: Mapping[str, str]
    large: Mapping[str, Sequence[object]]

    @property
    def ended(self) -> dt.datetime:
        """When it ended, in this computer's own time."""
        return dt.datetime.fromisoformat(self.ended_at).astimezone()


def inputs_now(paths: ProjectPaths, files: FileHashes) -> str:
    """A hash of all that a refresh is made from: data, decisions, program, versions, keys, variables, browser."""
    data = (paths.raw, paths.sample, paths.reference, paths.decisions)
    private = (
        paths.speakers,
        paths.tombstones,
        paths.withdrawals,
        paths.holds,
        paths.codings,
        paths.agreement,
        paths.approvals,
        paths.pulled,
    )
    releases = sorted(paths.releases.glob("*/release.json")) + sorted(paths.releases.glob("*/landscape.docx"))
    template = paths.reports / "template.docx"
    program = [PACKAGE.parent / name for name in _PROGRAM]
    return hash_of(
        files.under(paths.root, *data, *private, *releases, template),
        files.under(PACKAGE.parent, *program),
        files.under(surveys_folder(), surveys_folder()),
        files.under(key_folder(), key_folder()),
        versions(),
        environment(),
        _browser(files),
    )


def outputs_now(paths: ProjectPaths, files: FileHashes) -> str:
    """A hash of all that a refresh makes."""
    made = (paths.marts, paths.figures, *sorted(paths.reports.glob("landscape.*")), paths.issues)
    return files.under(paths.root, *made, paths.staging_db)


def _browser(files: FileHashes) -> str:
    from landscape.charts.browser import browser_version

    return browser_version(files)


def last_refresh(paths: ProjectPaths) -> LastRefresh | None:
    """What is noted of the last whole refresh; None where nothing is, or nothing that can be read."""
    try:
        return LastRefresh(**json.loads(paths.last_state.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def note_refresh(paths: ProjectPaths, done: LastRefresh) -> None:
    """Notes it, whole or not at all."""
    paths.last_state.parent.mkdir(parents=True, exist_ok=True)
    write_whole(paths.last_state, json.dumps(asdict(done), indent=1))


def file_hashes(last: LastRefresh | None) -> FileHashes:
    """Hashes of files, with what is known of large ones."""
    known = last.large if last else {}
    return FileHashes({path: (int(str(facts[0])), int(str(facts[1])), str(facts[2])) for path, facts in known.items()})

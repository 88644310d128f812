"""What became of each release: the hash it was made with, who approved it, and whom it was given to."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.private_files import WRITTEN_BY_COMMANDS, instant, make_private
from landscape.publishing import file_sha256
from landscape.releasing.shelf import Release, release_named
from landscape.settings.csvfiles import read_csv
from landscape.writing import one_writer, write_ledger, write_whole

SIGNERS_VARIABLE = "LANDSCAPE_SIGNERS"
"""Names the file of those who may approve releases, as `ssh-keygen` reads it; where it is set, none is given unapproved."""
NAMESPACE = "landscape-release"
_MADE, _APPROVED, _GIVEN = "made", "approved", "given"


class Entry(NamedTuple):
    """One line of the register.

    Args:
        release: The release.
        what: `made`, `approved` or `given`.
        who: The user of this computer, or who signed.
        at: When (UTC).
        detail: The hash of its zip; whom it was given to.
    """

    release: str
    what: str
    who: str
    at: str
    detail: str


def read_register(paths: ProjectPaths, name: str | None = None) -> list[Entry]:
    """The register, of one release or of all.

    Raises:
        LandscapeError: It is damaged or was edited.
    """
    path = paths.release_register
    rows = read_csv(path, Entry._fields, may_have=(), remedy=WRITTEN_BY_COMMANDS) if path.exists() else []
    entries = [Entry(*(row[field] for field in Entry._fields)) for row in rows]
    return [entry for entry in entries if name in (None, entry.release)]


def note_made(paths: ProjectPaths, name: str, at: dt.datetime) -> None:
    """Notes the hash with which a release was made; whatever lies there later is compared with it."""
    _note(paths, Entry(name, _MADE, getpass.getuser(), instant(at), file_sha256(_zip(paths, name))))


def refuse_other(paths: ProjectPaths, name: str, zipped: Path | None = None) -> None:
    """Refuses a zip that is not the one noted when the release was made; a release from before the register passes.

    Args:
        paths: The project folder.
        name: The release.
        zipped: A copy elsewhere; the project's own without it.

    Raises:
        LandscapeError: It is another file, however whole it looks.
    """
    noted = [entry.detail for entry in read_register(paths, name) if entry.what == _MADE]
    if noted and file_sha256(zipped or _zip(paths, name)) != noted[-1]:
        raise LandscapeError(
            "this is not the file that was made",
            file=(zipped or _zip(paths, name)).name,
            remedy="bring the release back from a backup; do not pass on one that differs",
        )


def approve(paths: ProjectPaths, name: str, signature: Path, at: dt.datetime) -> str:
    """Notes a second person's approval: their signature over the zip.

    Args:
        paths: The project folder.
        name: The release.
        signature: What `ssh-keygen -Y sign -n landscape-release -f KEY NAME.zip` wrote.
        at: When (UTC).

    Returns:
        Who signed.

    Raises:
        LandscapeError: It is no signature over this zip by somebody who may approve, or by whoever made the release.
    """
    _in_force(paths, name)
    refuse_other(paths, name)
    signers = _signers(paths)
    if signers is None:
        raise LandscapeError(
            "nobody is named who may approve",
            remedy=f"put the path of an allowed-signers file, outside the project, into {SIGNERS_VARIABLE}",
        )
    who = _ssh("find-principals", "-s", signature, "-f", signers).split("\n")[0].strip()
    _ssh("verify", "-f", signers, "-I", who, "-n", NAMESPACE, "-s", signature, signed=_zip(paths, name).read_bytes())
    made_by = {entry.who for entry in read_register(paths, name) if entry.what == _MADE}
    if {who.casefold(), who.partition("@")[0].casefold()} & {maker.casefold() for maker in made_by}:
        raise LandscapeError(
            "whoever made a release cannot approve it", remedy="ask a second person to check and sign it"
        )
    _note(paths, Entry(name, _APPROVED, who, instant(at), file_sha256(_zip(paths, name))))
    return who


def give(paths: ProjectPaths, name: str, recipient: str, at: dt.datetime) -> None:
    """Notes to whom a release is given.

    Raises:
        LandscapeError: It was withdrawn, is not the file that was made, or is not approved although that is demanded.
    """
    _in_force(paths, name)
    refuse_other(paths, name)
    approved = {entry.detail for entry in read_register(paths, name) if entry.what == _APPROVED}
    if _signers(paths) is not None and file_sha256(_zip(paths, name)) not in approved:
        raise LandscapeError(
            f"release {name} is not approved",
            remedy=f"a second person checks it (landscape release sheet {name}), then signs it: "
            f"ssh-keygen -Y sign -n {NAMESPACE} -f KEY {name}.zip; then: landscape release approve {name} {name}.zip.sig",
        )
    _note(paths, Entry(name, _GIVEN, getpass.getuser(), instant(at), " ".join(recipient.split())))


def recipients(paths: ProjectPaths, name: str) -> tuple[str, ...]:
    """To whom a release was given, each once, in order."""
    return tuple(dict.fromkeys(entry.detail for entry in read_register(paths, name) if entry.what == _GIVEN))


def write_check_sheet(paths: ProjectPaths, name: str) -> Path:
    """Writes what whoever checks a release ticks and signs, into data/private."""
    release = _in_force(paths, name)
    refuse_other(paths, name)
    path = make_private(paths.private / "release-sheets") / f"{name}.md"
    n_files = sum(each.is_file() for each in release.folder.rglob("*"))
    facts = f"{release.released_on}, {n_files} files, SHA-256 of {name}.zip: {file_sha256(_zip(paths, name))}"
    write_whole(path, f"# Output check: release {name}\n\n{facts}\n\n{_SHEET}", is_private=True)
    return path


def _in_force(paths: ProjectPaths, name: str) -> Release:
    release = release_named(paths, name)
    if release.withdrawn_on:
        raise LandscapeError(f"release {name} was withdrawn on {release.withdrawn_on}", remedy="it is not to be given")
    return release


def _zip(paths: ProjectPaths, name: str) -> Path:
    return paths.releases / f"{name}.zip"


def _note(paths: ProjectPaths, entry: Entry) -> None:
    with one_writer(paths):
        before = read_register(paths)
        make_private(paths.release_register.parent)
        write_ledger(paths, paths.release_register, [Entry._fields, *before, entry])


def _signers(paths: ProjectPaths) -> Path | None:
    chosen = os.environ.get(SIGNERS_VARIABLE)
    if not chosen:
        return None
    path = Path(chosen).resolve()
    if path.is_relative_to(paths.root) or not path.is_file():
        why = "is inside the project, where whoever makes a release can edit it" if path.exists() else "is not there"
        raise LandscapeError(
            f"the file of those who may approve {why}", file=path.name, remedy=f"put {SIGNERS_VARIABLE} right"
        )
    return path


def _ssh(verb: str, *words: str | Path, signed: bytes = b"") -> str:
    """What ssh-keygen answers; whatever it refuses is no approval."""
    try:
        ended = subprocess.run(  # noqa: S603 - no shell; the words are paths and names
            ["ssh-keygen", "-Y", verb, *map(str, words)],  # noqa: S607 - as it is installed here
            input=signed, capture_output=True, check=False,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise LandscapeError("ssh-keygen is not installed", remedy="it comes with OpenSSH") from error
    if ended.returncode:
        raise LandscapeError(
            "this is no signature over this release by anybody who may approve it",
            remedy=f"sign the zip with -n {NAMESPACE} and a key that is in the file of {SIGNERS_VARIABLE}",
        )
    return ended.stdout.decode(errors="replace")


_SHEET = """Made by ____________  Checked by ____________ (somebody else)  Day ____________

- [ ] `landscape release verify` says that every file is as it was made.
- [ ] Every text was read: no third party is named or can be recognised. The scan cannot know a person who is on no list.
- [ ] Every quotation is approved by its speaker, wording and attribution; date and means are recorded.
- [ ] No statement names an area, office or person that did not permit it.
- [ ] Tables of people: no number that the rules of docs/disclosure.md would not print; none from another source beside them.
- [ ] Headlines, captions and alternative texts say no more than their tables.
- [ ] Made-up data, if any, are marked on every page.
- [ ] The security classification fits, and whoever receives it may hold it.

Approved: yes / no, because ____________
"""

"""What people put in or edit, as it is now: received files, decisions, questionnaires, reference files, the template."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from landscape.paths import ProjectPaths
from landscape.stamps import PACKAGE, FileHashes

RECEIVED = "received_files"
POLICE_UK = "police_uk"
DECISIONS = "decisions"
QUESTIONNAIRES = "questionnaires"
TEMPLATE = "report_template"


def edited_now(paths: ProjectPaths, files: FileHashes, names: Iterable[str]) -> dict[str, str]:
    """A version of each, which is another once its content is.

    Args:
        paths: The project folder.
        files: Hashes of files.
        names: Names given here, and names of files in data/reference.
    """
    return {name: f"v{files.under(*_places(paths, name))[:12]}" for name in names}


def _places(paths: ProjectPaths, name: str) -> tuple[Path, ...]:
    """Where names of files are taken from, then the files and folders."""
    if name == QUESTIONNAIRES:
        return PACKAGE.parent, PACKAGE.parent / "assets" / "raw" / "surveys"
    received = (folder for folder in sorted(paths.raw.glob("*")) if folder != paths.police_uk)
    places: dict[str, tuple[Path, ...]] = {
        RECEIVED: (
            *received,
            paths.sample,
            paths.speakers,
            paths.tombstones,
            paths.withdrawals,
            paths.holds,
            paths.pulled,
        ),
        POLICE_UK: (paths.police_uk,),
        DECISIONS: (paths.decisions, paths.codings, paths.agreement, paths.approvals),
        TEMPLATE: (paths.reports / "template.docx",),
    }
    return (paths.root, *places.get(name, (paths.reference / name,)))

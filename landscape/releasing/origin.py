"""The provenance of a release: code, libraries, surveys and waves, and nothing about people."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.publishing import file_sha256

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PROJECT = Path(__file__).resolve().parents[2]
_LOCK = "requirements.lock"
_LIBRARIES = ("duckdb", "pandas", "plotly", "kaleido", "geopandas", "docxtpl", "typst")


def origin_of(con: DuckDBPyConnection) -> dict[str, Any]:
    """What the release was made with and from, for `provenance.json`.

    Args:
        con: The staging database.
    """
    waves = con.execute(
        "SELECT survey, list(DISTINCT wave ORDER BY wave) FROM staged.responses WHERE is_counted GROUP BY survey ORDER BY survey"
    ).fetchall()
    files = con.execute("SELECT survey, count(*) FROM staged.submissions GROUP BY survey ORDER BY survey").fetchall()
    lock = _PROJECT / _LOCK
    return {
        "code": _code_version(),
        "python": platform.python_version(),
        "libraries": {library: version(library) for library in _LIBRARIES},
        "lock_sha256": file_sha256(lock) if lock.exists() else None,
        "waves": dict(waves),
        "n_files_received": dict(files),
    }


def _code_version() -> dict[str, Any]:
    """The commit of the code, and whether it was changed since; empty if the code is not a git checkout."""
    git = shutil.which("git")
    if git is None or not (_PROJECT / ".git").exists():
        return {}

    def ask(*arguments: str) -> str:
        asked = [git, "-C", str(_PROJECT), *arguments]
        return subprocess.run(asked, capture_output=True, encoding="utf-8", check=False).stdout.strip()  # noqa: S603

    commit = ask("rev-parse", "HEAD")
    if not commit:
        return {}
    return {"commit": commit, "is_changed": bool(ask("status", "--porcelain", "--untracked-files=no"))}

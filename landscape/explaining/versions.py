"""Which codebook and which code a number was made with."""

from __future__ import annotations

import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from landscape.paths import ProjectPaths
from landscape.publishing import file_sha256

CODEBOOK = "codebook.csv"
_CHECKOUT = Path(__file__).resolve().parents[2]


def codebook_version(paths: ProjectPaths) -> str:
    """Checksum (SHA-256) of the codebook."""
    return file_sha256(paths.reference / CODEBOOK)


def code_version() -> str:
    """The commit of the checkout this package is in, and whether files differ from it; or the package's version."""
    package = f"engagement-landscape {version('engagement-landscape')}"
    git = shutil.which("git")
    if git is None or not (_CHECKOUT / ".git").exists():
        return package
    asked = [git, "-C", str(_CHECKOUT), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=, with changes"]
    answer = subprocess.run(asked, check=False, capture_output=True, text=True, encoding="utf-8")  # noqa: S603 fixed words
    return f"{package}, commit {answer.stdout.strip()}" if answer.returncode == 0 else package

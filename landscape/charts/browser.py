"""Finding a browser to make pictures with, and getting one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from zipfile import BadZipFile

from landscape.stamps import FileHashes, hash_of

REMEDY = (
    "Run “plotly_get_chrome” (or install Chrome, Chromium or Edge; on Debian or Ubuntu: "
    "“sudo apt-get update && sudo apt-get install -y chromium”), then refresh again. "
    "A browser in an unusual place is named by the environment variable BROWSER_PATH."
)
_APT_SECONDS, _START_SECONDS = 900, 60


def find_browser() -> Path | None:
    """The browser that pictures are made with.

    Returns:
        The program named by BROWSER_PATH; else the one Kaleido has fetched for itself, or the first Chrome,
        Chromium, Edge or kin in the ordinary places of Linux, macOS and Windows. None where there is none.
        A BROWSER_PATH that cannot be run also gives None: someone meant that program and no other.
    """
    from choreographer.browsers.chromium import Chromium

    named = os.environ.get("BROWSER_PATH")
    found = shutil.which(named) if named else Chromium.find_browser(skip_local=False)
    return Path(found) if found else None


def browser_version(files: FileHashes) -> str:
    """A hash of the program that draws the pictures; empty where there is none.

    Where a program only starts another, as on Debian, both are included.
    """
    found = find_browser()
    if found is None:
        return ""
    program = found.resolve()
    others = sorted(Path("/usr/lib").glob(f"{program.name}*/{program.name}"))
    return hash_of(*(files.of(each) for each in (program, *others)))


def install_browser(report: Callable[[str], None]) -> Path | None:
    """Get a browser in the usual ways: Kaleido's own, then the system's packages where that is allowed.

    Args:
        report: Is given, in plain words, what is being tried and how it went.

    Returns:
        The browser, or None where nothing worked.
    """
    from choreographer.cli import get_chrome_sync

    report("Fetching Chrome for Testing, as plotly_get_chrome does (about 150 MB, once).")
    try:
        fetched = Path(get_chrome_sync())
    except (OSError, RuntimeError, HTTPException, BadZipFile) as error:
        report(f"That did not work: {error}")
    else:
        if _starts(fetched):
            return fetched
        report("That browser does not start here: libraries that it needs are missing.")
        shutil.rmtree(fetched.parent)  # or it would be found before any other
    browser = _install_chromium(report) if _is_debian_root() else None
    if browser is None:
        report(REMEDY)
    return browser


def _starts(browser: Path) -> bool:
    command = [str(browser), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_START_SECONDS)  # noqa: S603 just fetched
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _install_chromium(report: Callable[[str], None]) -> Path | None:
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
        report(f"Running “{' '.join(command)}”.")
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_APT_SECONDS)  # noqa: S603 fixed words
        except (OSError, subprocess.SubprocessError) as error:
            report(f"That did not work: {error}")
            return None
    return find_browser()


def _is_debian_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None

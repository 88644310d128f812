"""No personal answer reaches the staging database, its log, its spill files or TMPDIR, however a refresh ends."""

import csv
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from private_reading_child import FORCES
from shipped import CHECKOUT

from landscape.surveys.dialects.textfiles import LARGE

HEADINGS = (
    "Unique Response Number",
    "1. Which force?",
    "2. What happened?",
    "3. Your e-mail address?",
    "4. Your name?",
    "Start Date",
    "Completion Date",
)
N_ROWS = 40_000
PERSONAL, KEPT = (b"planted.example", b"Perpetua Planted"), b"heard on the bus"
SAID = "said.txt"
DAY = "20/06/2017 12:00:00"


@pytest.fixture
def project(tmp_path):
    """A project folder with one large export in which every row names someone, and a folder for temporary files."""
    export = tmp_path / "project" / "data" / "raw" / "tried" / "export.csv"
    export.parent.mkdir(parents=True)
    (tmp_path / "tmp").mkdir()
    (tmp_path / "project" / "data" / "reference").symlink_to(CHECKOUT.reference)
    with export.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        for n in range(N_ROWS):
            story = f"{KEPT.decode()} {n} " + "and so on " * 30
            writer.writerow(
                [f"1-{n}", FORCES[n % 3], story, f"p{n}@planted.example", f"Perpetua Planted {n}", DAY, DAY]
            )
    assert export.stat().st_size > LARGE
    return tmp_path


def refresh(folder: Path, memory: str, room: str) -> subprocess.Popen:
    """Begins a refresh in a process of its own."""
    child = Path(__file__).with_name("private_reading_child.py")
    environment = {**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(child.parent)}
    command = [sys.executable, str(child), str(folder / "project"), memory, room]
    with (folder / SAID).open("wb") as said:
        return subprocess.Popen(command, cwd=CHECKOUT.root, env=environment, stdout=said, stderr=said)


def written(folder: Path) -> list[Path]:
    """All files but the received one."""
    found = [path for path in folder.rglob("*") if path.is_file() and "reference" not in path.parts]
    return [path for path in found if path.name != "export.csv"]


def holding(folder: Path, *words: bytes) -> list[str]:
    """The files that hold any of these words."""
    found = []
    for path in written(folder):
        with suppress(FileNotFoundError):  # it may be gone by now
            found += [path.name] * any(word in path.read_bytes() for word in words)
    return found


def test_nothing_personal_is_left_by_a_refresh_that_spills(project):
    child = refresh(project, "80MB", "2GB")
    spilled = False
    while child.poll() is None:
        spilled = spilled or any((project / "project" / "data").glob("*.tmp/*"))
        assert holding(project, *PERSONAL) == []
        time.sleep(0.05)
    assert child.wait() == 0, (project / SAID).read_text()
    assert spilled
    assert holding(project, *PERSONAL) == []
    assert holding(project, KEPT)  # so the search finds what is there


@pytest.mark.slow
def test_nothing_personal_is_left_by_a_refresh_that_fails(project):
    child = refresh(project, "60MB", "1MB")
    assert child.wait()
    assert "OutOfMemory" in (project / SAID).read_text()
    assert written(project)
    assert holding(project, *PERSONAL) == []


@pytest.mark.slow
@pytest.mark.parametrize("sign", ["*.duckdb.wal", "*.tmp/*"])
def test_nothing_personal_is_left_by_a_refresh_that_is_killed(sign, project):
    child = refresh(project, "80MB", "2GB")
    while child.poll() is None and not any((project / "project" / "data").glob(sign)):
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert written(project)
    assert holding(project, *PERSONAL) == []

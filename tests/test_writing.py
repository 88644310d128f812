"""Ledgers and records as several programs write them at once, and as a writer that is killed leaves them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from people_landscape import NOW

from landscape.coding.ledgers import Decision, read_decisions, write_decisions
from landscape.identity.marks import read_marks
from landscape.paths import ProjectPaths
from landscape.private_files import log_access, read_access_log
from landscape.writing import one_writer, write_ledger, write_whole

COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]


@pytest.mark.slow
def test_twelve_withdrawals_at_once_lose_none(project: ProjectPaths, tmp_path: Path) -> None:
    """Twelve processes, none of them knowing of the others; nor is there a key yet, which only one of them may make."""
    running = [
        subprocess.Popen(
            [*COMMAND, "consent", "withdraw", f"member-{number}@post.example", "--purpose", "CON.NETWORK"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number in range(12)
    ]
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 12, said
    assert len(read_marks(project.withdrawals)) == 12
    assert [row["what"] for row in read_access_log(project)] == ["consent withdraw"] * 12
    assert drafts_in(project.private) == drafts_in(tmp_path / "keys") == []


def test_lines_of_many_writers_are_all_there(project: ProjectPaths) -> None:
    def add(number: int) -> None:
        log_access(project, "contacts export", str(number), 1, NOW)
        with one_writer(project):
            before = list(read_decisions(project).values())
            said = Decision(f"network_signup/2017/{number}", "topics", "a", "b", "LB", "2018-01-05", "said so")
            write_decisions(project, [*before, said])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(24)))
    assert {row["purpose_or_survey"] for row in read_access_log(project)} == {str(number) for number in range(24)}
    assert len(read_decisions(project)) == 24


def test_what_a_killed_writer_left_goes_with_the_next(project: ProjectPaths) -> None:
    write_ledger(project, project.decisions, [("a", "b"), ("1", "2")])
    left = project.decisions.with_name(f".{project.decisions.name}.killed.draft")
    left.write_text("a,b\n1", encoding="utf-8")
    write_ledger(project, project.decisions, [("a", "b"), ("1", "3")])
    assert project.decisions.read_text(encoding="utf-8") == "a,b\n1,3\n"
    assert not left.exists()


@pytest.mark.parametrize("is_private", [True, False])
def test_a_failure_leaves_what_was_there(is_private: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "record.json"
    write_whole(path, "before", is_private=is_private)
    seen: list[int] = []

    def full(descriptor: int) -> None:
        seen.append(os.fstat(descriptor).st_mode & 0o777)
        raise OSError(28, "no space left on the disk")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space"):
            write_whole(path, "after", is_private=is_private)
    assert path.read_text(encoding="utf-8") == "before"
    assert drafts_in(tmp_path) == []
    assert os.name == "nt" or seen == [0o600]  # nobody else reads a draft, from its first byte
    assert os.name == "nt" or path.stat().st_mode & 0o777 == (0o600 if is_private else 0o644)


def drafts_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.draft")]

"""The files of pulls from data.police.uk, in data/raw/police_uk.

One folder per pull, named by the time it began. In it `pull.json` (which forces, begun, ended) and a file for each
force, one JSON line per answer: path, status, fetched_at, sha256 and the body as received. Lines are only ever added.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from landscape.errors import OpenDataError
from landscape.opendata.police_uk import Answer
from landscape.writing import write_whole

PULL = "pull.json"
ANSWERS = ".jsonl"
_NAME = "%Y-%m-%dT%H%M%SZ"


@dataclass(frozen=True)
class Pull:
    """One pull: its folder, the forces asked for, and when it began and ended ("" if it has not), in UTC."""

    folder: Path
    forces: tuple[str, ...]
    begun_at: str
    ended_at: str = ""

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def answers(self, force: str) -> dict[str, Answer]:
        """Answers kept for a force (or for "forces", the list of all), by path; the last if there are several."""
        path = self.folder / f"{force}{ANSWERS}"
        if not path.exists():
            return {}
        lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last line end was cut off
        kept = (_answer(line, path, number) for number, line in enumerate(lines, 1))
        return {answer.path: answer for answer in kept}


def _answer(line: bytes, path: Path, number: int) -> Answer:
    try:
        return Answer(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise OpenDataError(
            "a line was changed",
            file=f"{path.parent.name}/{path.name}",
            culprits=[f"line {number}"],
            remedy="if the file was edited, restore it; otherwise delete that pull's folder, which loses what was pulled",
        ) from error


def begin_pull(root: Path, forces: Sequence[str], now: dt.datetime) -> Pull:
    """Makes the folder of a new pull below `root`."""
    begun = now.astimezone(dt.UTC)
    pull = Pull(root / begun.strftime(_NAME), tuple(forces), begun.isoformat(timespec="seconds"))
    pull.folder.mkdir(parents=True)
    _write(pull)
    return pull


def end_pull(pull: Pull, now: dt.datetime) -> Pull:
    """Marks a pull as complete."""
    ended = replace(pull, ended_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"))
    _write(ended)
    return ended


def _write(pull: Pull) -> None:
    facts = {key: value for key, value in asdict(pull).items() if key != "folder"}
    write_whole(pull.folder / PULL, json.dumps(facts, indent=1) + "\n")


def keep_answer(pull: Pull, force: str, answer: Answer) -> None:
    """Adds one answer to its force's file."""
    with (pull.folder / f"{force}{ANSWERS}").open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(asdict(answer), ensure_ascii=False) + "\n")


def mend_pull(pull: Pull) -> None:
    """Removes a last line that was cut off when an earlier run was interrupted."""
    for path in sorted(pull.folder.glob(f"*{ANSWERS}")):
        content = path.read_bytes()
        if not content.endswith(b"\n"):
            path.write_bytes(content[: content.rfind(b"\n") + 1])


def read_pulls(root: Path) -> list[Pull]:
    """All pulls, oldest first."""
    return list(_read_pulls(root))


def _read_pulls(root: Path) -> Iterator[Pull]:
    for path in sorted(root.glob(f"*/{PULL}")):
        facts = json.loads(path.read_text(encoding="utf-8"))
        yield Pull(path.parent, tuple(facts["forces"]), facts["begun_at"], facts["ended_at"])

"""Pulls killed (-9) at random moments: no response is lost or doubled.

Run: python benchmarks/kills_pulling.py [HOW_MANY]

A service on this computer holds a survey that keeps changing: before each pull responses arrive, are edited and
deleted, and one more arrives while its pages are turned. A pull is begun in a process of its own and killed at any moment of
its run. After each kill, what is in data/raw must be exactly what the service held at one moment, no older than what
was there before. At the end one pull must succeed, and must know of every response that was pulled once and is gone.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fake_server import serving
from fake_services import FakeKobo
from source_cases import QUESTIONS, response, source_of, survey_of

from landscape.paths import ProjectPaths
from landscape.surveys.definition import Survey
from landscape.surveys.pull_record import read_record

VARIABLE = "TRIED_TOKEN"
N_AT_FIRST = 20
LONGER = 2.5  # than the one that was timed: this computer has other things to do
State = dict[str, str]
"""What a service or a file holds: number and one answer of each response."""


def survey_at(url: str) -> Survey:
    """The survey at its service."""
    said = {"service": "kobotoolbox", "base_url": url, "asset": "aKobo", "secrets": {"token": VARIABLE}}
    return replace(survey_of("kobotoolbox", *QUESTIONS), source=source_of(said))


def pull_here(url: str, folder: str) -> None:
    """The child: says that it begins, and pulls once."""
    from landscape.services.pulling import pull

    paths, survey = ProjectPaths(Path(folder)), survey_at(url)
    print("begun", flush=True)
    pull(paths, survey, dt.datetime.now(dt.UTC))


def begin(url: str, folder: Path) -> subprocess.Popen[str]:
    """Begins a pull as a process of its own; returns when it begins to call."""
    child = subprocess.Popen(
        [sys.executable, __file__, "--child", url, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, VARIABLE: FakeKobo.SECRETS["token"]},
    )
    if child.stdout:
        child.stdout.readline()
    return child


class Moving:
    """A service whose responses come, change and go; every state it was ever in is kept."""

    def __init__(self, service: FakeKobo, dice: random.Random) -> None:
        self.service, self.dice, self.last = service, dice, N_AT_FIRST
        self.states: list[State] = []
        self.note()

    def note(self) -> None:
        """Keeps the state it is in."""
        self.states.append({one.number: str(one.answers["Q3"]) for one in self.service.responses})

    def arrive(self) -> None:
        """One more response."""
        self.last += 1
        self.service.responses.append(response(self.last))
        self.note()

    def move(self) -> None:
        """Two arrive, one is edited, one goes; another arrives while pages are turned."""
        self.arrive()
        self.arrive()
        edited = self.dice.randrange(len(self.service.responses))
        number = int(self.service.responses[edited].number)
        self.service.responses[edited] = response(number, Q3=self.dice.randrange(10**6))
        self.note()
        del self.service.responses[self.dice.randrange(len(self.service.responses))]
        self.note()
        self.service.after = {len(self.service.asked) + 2: self.arrive}


def standing(paths: ProjectPaths) -> State | None:
    """What the pulled file holds; None where there is none yet."""
    path = paths.raw / "tried" / "pulled.json"
    if not path.exists():
        return None
    entries = json.loads(path.read_text(encoding="utf-8"))["results"]
    if len({entry["_uuid"] for entry in entries}) != len(entries):
        raise SystemExit("a response stands there twice")
    return {entry["_uuid"]: entry["Q3"] for entry in entries}


def main(how_many: int) -> None:
    """Kills so many pulls and prints what was found."""
    dice = random.Random(9)  # noqa: S311 - it picks moments
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = ProjectPaths(Path(folder))
        fake = FakeKobo(survey_of("kobotoolbox", *QUESTIONS), [response(n) for n in range(1, N_AT_FIRST + 1)])
        fake.page_cap = 7
        with serving(fake) as service:
            moving = Moving(fake, dice)
            begin(service.url, paths.root).wait()
            newest, ever = len(moving.states) - 1, set(standing(paths) or {})
            moving.move()
            child = begin(service.url, paths.root)
            started = time.monotonic()
            child.wait()
            seconds = time.monotonic() - started
            newest = len(moving.states) - 1
            ever |= set(standing(paths) or {})
            for number in range(how_many):
                before = standing(paths)
                moving.move()
                child = begin(service.url, paths.root)
                time.sleep(dice.uniform(0, seconds * LONGER))
                outcomes["killed" if child.poll() is None else "had ended"] += 1
                child.kill()
                child.wait()
                after = standing(paths)
                outcomes["replaced" if after != before else "as before"] += 1
                outcomes["draft left"] += any((paths.raw / "tried").glob(".pulling-*"))
                known = [at for at, state in enumerate(moving.states) if state == after]
                if not known or known[-1] < newest:
                    faults.append(f"kill {number + 1}: no state that the service was in since")
                else:
                    newest = known[-1]
                ever |= set(after or {})
                read_record(paths, "tried")  # it must be whole, too
            fake.after = {}
            begin(service.url, paths.root).wait()
            if standing(paths) != moving.states[-1]:
                faults.append("the last pull does not hold what the service holds")
            unknown = (
                ever - set(moving.states[-1]) - {key.rsplit("/", 1)[-1] for key in read_record(paths, "tried").gone}
            )
            if unknown:
                faults.append(f"{len(unknown)} responses went and are not known to be gone")
            if any((paths.raw / "tried").glob(".pulling-*")):
                faults.append("drafts are left")
    print(f"{how_many} pulls of about {seconds:.2f} s, killed at any moment: {dict(outcomes)}")
    print(
        f"{len(moving.states)} states of the service, {len(moving.states[-1])} responses at the end, {len(ever)} ever pulled"
    )
    print(f"lost, doubled or mixed: {faults or 'none'}")
    if faults:
        raise SystemExit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        pull_here(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)

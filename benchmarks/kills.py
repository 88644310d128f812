"""Refreshes killed (-9) at random moments: what is published stays whole.

Run: python benchmarks/kills.py [HOW_MANY]

In a project folder of its own, a refresh is begun and killed again and again, by turns at any moment of its
run and while it publishes. What it would publish always differs from what is there. After each kill the folders
are recovered as the next refresh would do, and held against their own lists. At the end one refresh must
succeed. All without a browser: a killed refresh would leave it running.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

import duckdb

from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.martfiles import DATABASE, PACKAGE
from landscape.paths import HOME_VARIABLE, ProjectPaths
from landscape.publishing import STAGING, file_sha256, recover

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()", "refresh"]
PUBLISHING_SECONDS = 0.3  # a publication of the marts takes about this long
LONGEST_SECONDS = 300
SAMPLE, REAL = "made-up sample", "one real file"


def new_project(folder: Path) -> ProjectPaths:
    """A project folder that holds what a checkout does, and nothing received."""
    project = ProjectPaths(folder / "project")
    shutil.copytree(CHECKOUT.reference, project.reference)
    shutil.copytree(CHECKOUT.sample, project.sample)
    shutil.copy(CHECKOUT.root / "dagster.yaml", project.root)
    (project.raw / "priority_survey").mkdir(parents=True)
    return project


def receive(project: ProjectPaths, what: str) -> None:
    """Makes the next refresh rest on the sample, or on a real file (sample answers without their marks)."""
    path = project.raw / "priority_survey" / "export.csv"
    path.unlink(missing_ok=True)
    if what == REAL:
        made_up = project.sample / "priority_survey" / "SAMPLE-priority_survey.csv"
        path.write_bytes(made_up.read_bytes().replace(b"SAMPLE-", b""))


def begin(project: ProjectPaths) -> subprocess.Popen[bytes]:
    """Begins a refresh as a process of its own."""
    environment = {
        **os.environ,
        HOME_VARIABLE: str(project.root),
        KEY_FOLDER_VARIABLE: str(project.root.parent / "keys"),
        "BROWSER_PATH": str(project.root / "no browser"),
    }
    return subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=CHECKOUT.root
    )


def refresh(project: ProjectPaths) -> float:
    """A refresh that may end; returns how many seconds it took."""
    started = time.monotonic()
    if begin(project).wait(timeout=LONGEST_SECONDS) != 0:
        raise SystemExit("a refresh that nobody killed has failed")
    return time.monotonic() - started


def kill(project: ProjectPaths, seconds: float, *, in_publishing: bool) -> float:
    """Kills a refresh after some seconds of its run, or of publishing the marts; returns when that was."""
    started = time.monotonic()
    process = begin(project)
    while in_publishing and process.poll() is None and not (project.marts / STAGING).exists():
        time.sleep(0.005)
    time.sleep(seconds)
    process.kill()
    process.wait()
    return time.monotonic() - started


def faults(project: ProjectPaths) -> list[str]:
    """What is not whole below data/marts and reports."""
    package = json.loads((project.marts / PACKAGE).read_text(encoding="utf-8"))
    found = []
    with duckdb.connect(project.marts / DATABASE, read_only=True) as con:
        for resource in package["resources"]:
            table = f"marts.{resource['name'].replace('-', '_')}"
            if con.execute(f"SELECT count(*) FROM {table}").fetchone() != (resource["rows"],):
                found.append(f"{table} in {DATABASE} has other rows than the package says")
            for file in (resource, resource["parquet"]):
                if file["hash"] != f"sha256:{file_sha256(project.marts / file['path'])}":
                    found.append(f"{file['path']} is not what the package lists")
    figures = json.loads((project.figures / "figures.json").read_text(encoding="utf-8"))["figures"]
    listed = [file["path"] for figure in figures for file in figure["files"].values()]
    found += [f"{name} is not there" for name in listed if not (project.figures / name).exists()]
    if len({figure["is_sample"] for figure in figures if not figure["id"].startswith("context_")}) > 1:
        found.append("figures of two publications stand together")
    if not zipfile.is_zipfile(project.reports / "landscape.docx"):
        found.append("landscape.docx is cut short")
    found += [
        f"landscape.{kind} is cut short"
        for kind, ending in (("pdf", b"%%EOF"), ("html", b"</html>"))
        if not (project.reports / f"landscape.{kind}").read_bytes().rstrip().endswith(ending)
    ]
    return found


def standing(project: ProjectPaths) -> str:
    """What the published marts rest on."""
    package = json.loads((project.marts / PACKAGE).read_text(encoding="utf-8"))
    return SAMPLE if package["is_sample"] else REAL


def main(how_many: int) -> None:
    """Kills, recovers, checks, and prints a table."""
    chance = random.Random(2017)  # noqa: S311 - when to kill, no secret
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        project = new_project(Path(folder))
        whole_run = max(refresh(project), refresh(project))
        print(f"{how_many} kills; a whole refresh takes up to {whole_run:.1f} s\n")
        print("  no.  killed       after  before recovery     marts stand on   whole")
        for number in range(1, how_many + 1):
            before = standing(project)
            receive(project, REAL if before == SAMPLE else SAMPLE)
            in_publishing = number % 2 == 0
            seconds = chance.uniform(0, PUBLISHING_SECONDS if in_publishing else whole_run)
            after = kill(project, seconds, in_publishing=in_publishing)
            folders = (project.marts, project.figures, project.reports)
            was_cut = any((each / STAGING).exists() for each in folders)
            was_forward = sum(recover(each) for each in folders) > 0
            state = "swap begun" if was_forward else "cut while building" if was_cut else "nothing half done"
            found = faults(project)
            stands = "old" if standing(project) == before else "new"
            outcomes.update([state, "not whole" if found else "whole", stands])
            when = "publishing" if in_publishing else "any moment"
            verdict = "; ".join(found) or "yes"
            print(
                f"{number:5}  {when:10}  {after:5.1f} s  {state:18}  {standing(project):15}  {verdict}",
                flush=True,
            )
        print(f"\nwhole after recovery: {outcomes['whole']} of {how_many}")
        print(f"the old publication stood in {outcomes['old']}, the new one in {outcomes['new']}")
        for state in ("nothing half done", "cut while building", "swap begun"):
            print(f"  {state}: {outcomes[state]}")
        print(f"a refresh afterwards succeeds in {refresh(project):.1f} s; faults: {faults(project) or 'none'}")
    if outcomes["not whole"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)

"""How long the PII scan takes over what a refresh publishes: python benchmarks/scanning.py PROJECT [PEOPLE].

PROJECT is a project folder after a refresh; PEOPLE made-up people are searched for, 300 without it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from landscape.paths import ProjectPaths
from landscape.pii_scan import Known, refuse_personal_in

RUNS = 5


def main(project: Path, n_people: int) -> None:
    """Prints the processor time of the fastest run, and how much was read."""
    paths = ProjectPaths(project)
    known = Known(
        names=frozenset(f"Perpetua{letters(n)} Quillfeather{letters(n)}" for n in range(n_people)),
        telephones=frozenset(f"07700 9{n:05d}" for n in range(n_people)),
    )
    files = [path for folder in (paths.marts, paths.reports) for path in folder.rglob("*") if path.is_file()]
    taken = []
    for _ in range(RUNS):
        begun = time.process_time()
        for folder in (paths.marts, paths.reports):
            refuse_personal_in(folder, known)
        taken.append(time.process_time() - begun)
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{len(files)} files, {size:.1f} MB, {n_people} people: {min(taken):.2f} s of processor time")


def letters(number: int) -> str:
    """A number in letters, since names have no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 300)

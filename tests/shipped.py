"""What the tests rest on: the checkout, and the surveys that come with it. A team's own surveys beside them are left out."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

from filelock import FileLock

from landscape.paths import SURVEYS_VARIABLE, ProjectPaths
from landscape.stamps import versions
from landscape.surveys.definition import Survey, read_surveys

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)
SURVEYS_SHIPPED = ("force_visits", "network_signup", "priority_survey")
STORE = CHECKOUT.root / ".pytest_cache" / "d" / "landscapes"  # `pytest --cache-clear` empties it
RESTS_ON = ("landscape", "assets", "tests", "data/sample", "data/reference", "dagster.yaml")
OTHERS_KEPT = 3  # tests may still be running on the code of a moment ago


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """A folder of the store, made by whichever process asks first and kept until code, data or libraries change."""
    kept = STORE / _state() / name
    if kept.exists():
        return kept
    STORE.mkdir(parents=True, exist_ok=True)
    with FileLock(STORE / f"{name}.lock"):  # one for each, since one landscape is made from another
        if not kept.exists():
            others = (path for path in STORE.iterdir() if path.is_dir() and path.name != _state())
            for old in sorted(others, key=lambda path: path.stat().st_mtime)[:-OTHERS_KEPT]:
                shutil.rmtree(old, ignore_errors=True)
            making = kept.with_name(f"{name}-{uuid.uuid4().hex}")
            making.mkdir(parents=True)
            make(making)
            making.rename(kept)
    return kept


@cache
def _state() -> str:
    """The fingerprint of everything that a landscape is made of."""
    found = hashlib.sha256(versions().encode())
    for path in sorted(path for part in RESTS_ON for path in _files(CHECKOUT.root / part)):
        found.update(path.relative_to(CHECKOUT.root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _copy_surveys(folder: Path) -> None:
    for name in SURVEYS_SHIPPED:
        shutil.copytree(CHECKOUT.root / "assets" / "raw" / "surveys" / name, folder / name)


SURVEYS_FOLDER = made_once("surveys", _copy_surveys)
os.environ[SURVEYS_VARIABLE] = str(SURVEYS_FOLDER)  # in force here and in every child process
SURVEYS: dict[str, Survey] = {survey.name: survey for survey in read_surveys(SURVEYS_FOLDER, CHECKOUT.reference)}

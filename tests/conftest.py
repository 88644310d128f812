"""What several tests share: a project folder of their own. Not here: what is received in it, or expected of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from landscape.paths import HOME_VARIABLE, ProjectPaths
from landscape.people.keys import KEY_FOLDER_VARIABLE

CHECKOUT = ProjectPaths(Path(__file__).resolve().parent.parent)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectPaths:
    """A project folder in force for this test and its child processes: facts and sample as committed, nothing received.

    Keys lie beside it (`tmp_path / "keys"`), as they lie outside a real project folder.
    """
    paths = ProjectPaths(tmp_path / "project")
    shutil.copytree(CHECKOUT.reference, paths.reference)
    shutil.copytree(CHECKOUT.sample, paths.sample)
    shutil.copy(CHECKOUT.root / "dagster.yaml", paths.root)
    paths.raw.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(paths.root))
    monkeypatch.setenv(KEY_FOLDER_VARIABLE, str(tmp_path / "keys"))
    return paths

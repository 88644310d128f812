"""What several tests share: a project folder of their own. Not here: what is received in it, or expected of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from marts_landscape import CHECKOUT, SURVEYS, make_tables

from landscape.paths import HOME_VARIABLE, ProjectPaths
from landscape.people.keys import KEY_FOLDER_VARIABLE
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.render import Response
from landscape.warehouse import Workbench, open_workbench

Receive = Callable[..., Path]


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


@pytest.fixture
def receive(project: ProjectPaths) -> Receive:
    """Puts responses into data/raw as their survey's tool would export them: receive(survey, responses, stem="export")."""

    def put(survey: str, responses: Sequence[Response], stem: str = "export") -> Path:
        ending = ".csv" if SURVEYS[survey].tool == "jisc_online_surveys" else ".xlsx"
        path = project.raw / survey / f"{stem}{ending}"
        path.parent.mkdir(exist_ok=True)
        DIALECTS[SURVEYS[survey].tool].render(SURVEYS[survey], responses, path)
        return path

    return put


@pytest.fixture
def made(project: ProjectPaths) -> Iterator[Callable[[], Workbench]]:
    """Makes all tables up to the marts from what was received so far, without Dagster."""
    with ExitStack() as opened:

        def make() -> Workbench:
            con = opened.enter_context(open_workbench(project.workbench, project.lock))
            workbench = Workbench(con, project)
            make_tables(workbench)
            return workbench

        yield make

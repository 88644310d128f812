"""The Dagster UI in a real browser, cut off from every other host."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shipped import CHECKOUT
from ui_pages import SECONDS, Asked, Looks, child, wait_until

from landscape.charts.browser import find_browser
from landscape.paths import ProjectPaths

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSER = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to look at the UI with"),
    pytest.mark.skipif(os.name == "nt", reason="the UI’s own processes end with it only on Unix"),
]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that reaches this computer alone; that it tried for no other host is part of every test."""
    from playwright.sync_api import Route, sync_playwright

    outside: list[str] = []

    def let_pass(route: Route) -> None:
        if re.match(r"(http://127\.0\.0\.1:|data:|blob:)", route.request.url):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        context = browser.new_context(viewport={"width": 1600, "height": 1400})
        context.set_default_timeout(SECONDS * 1000)
        context.route("**/*", let_pass)
        yield context.new_page()
        browser.close()
    assert outside == []


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the program, which a test may edit; child processes take it."""
    copy = tmp_path / "program"
    for name in ("assets", "landscape", "pipelines"):
        shutil.copytree(CHECKOUT.root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("PYTHONPATH", str(copy))
    return copy


def processes_of(project: ProjectPaths) -> list[str]:
    """The command lines of all processes that work on a project folder, by the variable they have from their parent."""
    found = []
    mark = f"LANDSCAPE_HOME={project.root}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows which processes belong together")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_all_processes_end_with_the_ui_and_a_run_in_progress_is_closed_as_failed(
    project: ProjectPaths, ending: signal.Signals
) -> None:
    with child(project, "ui", "--port", str(port := free_port())) as ui:
        asked = Asked(port)
        launched = asked.launch()
        wait_until(lambda: asked.status(launched) == "STARTED", "the run does not begin")
        assert len(processes_of(project)) >= 6, "command, web server, two of the code server, daemon, run"
        begun = time.monotonic()
        ui.send_signal(ending)
        assert ui.wait(timeout=30) == 0
        assert processes_of(project) == []
        assert time.monotonic() - begun < 10
    with child(project, "ui", "--port", str(port := free_port())):
        assert Asked(port).status(launched) in ("FAILURE", "CANCELED")


def test_the_ui_shows_the_landscape_and_refreshes_it_at_a_click(
    project: ProjectPaths, program: Path, page: Page, tmp_path: Path
) -> None:
    port = free_port()
    with child(project, "ui", "--port", str(port)) as ui:
        asked = Asked(port)
        looks = Looks(page, f"http://127.0.0.1:{port}", tmp_path)
        looks.begin_a_refresh_by_two_clicks()
        looks.at_the_graph()
        looks.at_the_automation()
        looks.end_the_refresh_by_click(project)
        assert asked.stale() == {}
        looks.at_a_mart()
        looks.at_a_figure()
        looks.at_marks_of_edits(asked, project, program)
        looks.at_a_refresh_from_the_command_line(project)
        ui.terminate()
        ui.wait(timeout=30)
    assert sorted(path.name for path in project.root.iterdir() if path.is_dir()) == [
        ".dagster",
        "data",
        "reports",
    ]
    printed = (project.root / "ui.log").read_text().splitlines()
    assert len(printed) == 2, "where it answers and how it ends, and nothing else while all goes well"

"""The Dagster UI in a real browser, cut off from every other host. Not here: what the figures show."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assets import LAYERS, group_of
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
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCATION = "/locations/pipelines.definitions"
SECONDS = 180  # before it is given up; other work on the machine makes everything slow


@contextmanager
def child(project: ProjectPaths, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command of the project that ends with the test; in its process group, so that Ctrl-C ends both."""
    with (project.root / f"{words[0]}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*COMMAND, *words],
            cwd=project.root,
            env={**os.environ, "FRESHNESS_DAEMON_INTERVAL_SECONDS": "2"},
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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


def test_the_ui_shows_the_landscape_and_refreshes_it_at_a_click(
    project: ProjectPaths, page: Page, tmp_path: Path
) -> None:
    port = free_port()
    with child(project, "ui", "--port", str(port)):
        wait_until(lambda: answers(port), "the UI does not answer")
        looks = Looks(page, f"http://127.0.0.1:{port}", tmp_path)
        looks.begin_a_refresh_by_click()
        looks.at_the_graph()
        looks.at_the_automation()
        looks.end_the_refresh_by_click(project)
        looks.at_a_mart()
        looks.at_a_figure()
        looks.at_freshness()
        looks.at_a_refresh_from_the_command_line(project)
    assert sorted(path.name for path in project.root.iterdir() if path.is_dir()) == [
        ".dagster",
        "data",
        "reports",
    ]
    told = (project.root / "ui.log").read_text().splitlines()
    assert len(told) == 2, "where it answers and how it ends, and nothing else while all goes well"


class Looks:
    """What is looked at, page by page; a picture of each is kept beside the project folder."""

    def __init__(self, page: Page, address: str, pictures: Path) -> None:
        self.page, self.address, self.pictures = page, address, pictures

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sees(self, *texts: str | re.Pattern[str]) -> None:
        for text in texts:
            exact = isinstance(text, str)
            self.page.get_by_text(text, exact=exact).filter(visible=True).first.wait_for()

    def keep(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def at_the_graph(self) -> None:
        self.open("/asset-groups")
        groups = [group_of(layer) for layer in LAYERS]
        shown = [self.page.get_by_text(group, exact=True).filter(visible=True) for group in groups]
        for group in shown:
            group.nth(1).wait_for()  # once in the list, once in the graph
        listed = [group.first.bounding_box() for group in shown]
        drawn = [group.last.bounding_box() for group in shown]
        self.keep("graph")
        assert [box["y"] for box in listed] == sorted(box["y"] for box in listed), "listed in layer order"
        assert [box["x"] for box in drawn] == sorted(box["x"] for box in drawn), "drawn in layer order"
        assert drawn[0]["x"] > listed[0]["x"] + 100, "not the list a second time"

    def at_a_mart(self) -> None:
        self.open("/assets/marts/force_areas")
        self.sees("Row count", "12", "Columns", "n_activities", "Engagement activities recorded.")
        self.sees("reference.population.population")  # what a column is made from
        self.keep("mart")
        self.open("/assets/marts/force_areas?view=checks&checkDetail=table_schema")
        self.sees("This is a blocking asset check.", re.compile("What another table must hold, it holds."), "Passed")
        self.keep("check")

    def at_a_figure(self) -> None:
        self.open("/assets/figures/coverage_map")
        self.page.get_by_text("[Show Markdown]").click()
        picture = self.page.locator("img[src^='data:image/svg+xml']")
        picture.wait_for()
        width = "image => image.complete ? image.naturalWidth : 0"
        wait_until(lambda: picture.evaluate(width) > 500, "the picture is not drawn")
        box = picture.bounding_box()
        assert box and box["width"] > 500
        self.keep("figure")

    def at_the_automation(self) -> None:
        self.open("/automation")
        self.sees("received_files_changed", "weekly_refresh", re.compile("At 06:00 AM (GMT|BST), only on Monday"))
        switched_on = self.page.locator("input[type=checkbox]:checked")
        switched_on.nth(1).wait_for(state="attached")
        assert switched_on.count() == 2
        self.keep("automation")
        self.open(f"{LOCATION}/schedules/weekly_refresh")
        self.sees("Europe/London")

    def begin_a_refresh_by_click(self) -> None:
        self.open(f"{LOCATION}/jobs/refresh")
        with self.page.expect_response(lambda response: "launch" in (response.request.post_data or "")):
            self.page.get_by_role("button", name="Materialize all").click()

    def end_the_refresh_by_click(self, project: ProjectPaths) -> None:
        wait_until((project.reports / "landscape.docx").exists, "the refresh by click publishes nothing")

        def succeeded() -> bool:  # opened anew, since the list itself looks only every 15 seconds
            self.open("/runs")
            self.sees("refresh")
            return self.page.get_by_text("Success", exact=True).count() == 1

        wait_until(succeeded, "the refresh by click does not succeed")

    def at_a_refresh_from_the_command_line(self, project: ProjectPaths) -> None:
        """One that a letter among the exports stops, which is quicker than one that succeeds."""
        (project.raw / "network_signup").mkdir()
        (project.raw / "network_signup" / "letter.xlsx").write_text("Dear all, …", encoding="utf-8")
        with child(project, "refresh") as refresh:
            assert refresh.wait(timeout=SECONDS) == 1
        self.open("/runs")
        self.sees("started_by: landscape refresh", "Failure", "Success")
        self.keep("runs")

    def at_freshness(self) -> None:
        self.open("/assets/marts/published")
        self.sees("Freshness policy", re.compile("8 days since last materialization"))
        passing = self.page.get_by_text("Passing", exact=True).first

        def passes() -> bool:  # the page must be opened anew to see what the daemon found
            self.page.reload()
            self.sees("Freshness policy", re.compile("8 days since last materialization"))
            return passing.is_visible()

        wait_until(passes, "nobody looks at freshness")
        self.keep("freshness")

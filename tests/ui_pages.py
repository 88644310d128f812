"""The UI as its users meet it: its pages in a browser, and its own interface."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets import LAYERS, group_of
from landscape.paths import ProjectPaths

if TYPE_CHECKING:
    from playwright.sync_api import Page

COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
LOCATION = "/locations/pipelines.definitions"
LOCATED = {"repositoryLocationName": "pipelines.definitions", "repositoryName": "__repository__"}
DECISIONS = "record,field,old,new,who,when,why\n"
SECONDS = 180  # before it is given up; other work on the machine makes everything slow


@contextmanager
def child(project: ProjectPaths, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command of the project that ends with the test; in its process group, so that Ctrl-C ends both."""
    with (project.root / f"{words[0]}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*COMMAND, *words],
            cwd=project.root,
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


def wait_until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Asked:
    """What the UI's own interface answers, once it does."""

    def __init__(self, port: int) -> None:
        self.port = port
        wait_until(lambda: answers(port), "the UI does not answer")

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            said = json.load(connection.getresponse())
        assert "errors" not in said, said
        return dict(said["data"])

    def stop_watching(self) -> None:
        """Switches the sensor off, so that nothing is refreshed but what the test asks for."""
        query = "query ($it: SensorSelector!) { sensorOrError(sensorSelector: $it) { ... on Sensor { id } } }"
        sensor = self.ask(query, it={**LOCATED, "sensorName": "received_files_changed"})["sensorOrError"]["id"]
        state = "... on StopSensorMutationResult { instigationState { status } }"
        stopped = self.ask(f"mutation ($it: String!) {{ stopSensor(id: $it) {{ {state} }} }}", it=sensor)
        assert stopped["stopSensor"]["instigationState"]["status"] == "STOPPED"

    def launch(self) -> str:
        selector = {**LOCATED, "jobName": "refresh"}
        asks = "launchRun(executionParams: $it) { ... on LaunchRunSuccess { run { runId } } }"
        query = f"mutation ($it: ExecutionParams!) {{ {asks} }}"
        return str(self.ask(query, it={"selector": selector})["launchRun"]["run"]["runId"])

    def status(self, run_id: str) -> str:
        query = "query ($it: ID!) { runOrError(runId: $it) { ... on Run { status } } }"
        return str(self.ask(query, it=run_id)["runOrError"]["status"])

    def runs(self) -> list[str]:
        runs = self.ask("{ runsOrError { ... on Runs { results { status } } } }")["runsOrError"]["results"]
        return [run["status"] for run in runs]

    def stale(self) -> dict[str, set[str]]:
        """Why assets are marked, by asset."""
        nodes = self.ask("{ assetNodes { assetKey { path } staleStatus staleCauses { category } } }")["assetNodes"]
        marked = [node for node in nodes if node["staleStatus"] != "FRESH"]
        return {"/".join(node["assetKey"]["path"]): {c["category"] for c in node["staleCauses"]} for node in marked}


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
        self.keep("mart")
        self.open("/assets/marts/force_areas?view=checks&checkDetail=table_schema")
        self.sees(
            "This is a blocking asset check.", re.compile("Values that must be in another table are there."), "Passed"
        )
        self.keep("check")

    def at_a_figure(self) -> None:
        """It is there without a click, whole."""
        self.open("/assets/figures/coverage_map")
        picture = self.page.locator("img[src='/files/figures/coverage_map.svg']")
        picture.wait_for()
        width = "image => image.complete ? image.naturalWidth : 0"
        wait_until(lambda: picture.evaluate(width) > 500, "the picture is not drawn")
        height = "image => image.closest('[style*=max-height]').getBoundingClientRect().height"
        box = picture.bounding_box()
        assert box and box["width"] > 500
        assert picture.evaluate(height) >= box["height"]
        assert self.page.get_by_role("button", name="Show more").filter(visible=True).count() == 0
        self.keep("figure")
        self.open("/assets/figures/police_uk_events")
        self.sees("Events that neighbourhood teams announced on data.police.uk.")
        self.keep("figure_missing")

    def at_marks_of_edits(self, asked: Asked, project: ProjectPaths, program: Path) -> None:
        """Each kind of edit marks what rests on it, and nothing else; once refreshed, nothing is marked."""
        asked.stop_watching()
        population = project.reference / "population.csv"
        heading, first, *others = population.read_text(encoding="utf-8").splitlines()
        population.write_text("\n".join([heading, *others, first, ""]), encoding="utf-8")
        wait_until(lambda: asked.stale() == {"reference/population": {"DATA"}}, "an edited CSV file is not marked")
        self.open("/assets/reference/population")
        self.sees(re.compile("Unsynced"))
        self.keep("edited")
        self.at_one_table_alone(asked)

        sql = program / "assets" / "marts" / "coverage.sql"
        sql.write_text(sql.read_text(encoding="utf-8") + "\n-- read once more\n", encoding="utf-8")
        (project.raw / "network_signup").mkdir()
        exports = project.sample / "network_signup" / "SAMPLE-network_signup.xlsx"
        shutil.copy(exports, project.raw / "network_signup" / "export.xlsx")
        questionnaire = program / "assets" / "raw" / "surveys" / "priority_survey" / "questionnaire.md"
        questionnaire.write_text(questionnaire.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        (project.root / "data" / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
        marks = {
            "marts/coverage": "CODE",
            "raw/received_files": "DATA",
            "reference/questions": "DATA",
            "reference/decisions": "DATA",
        }
        wait_until(
            lambda: all(kind in asked.stale().get(name, ()) for name, kind in marks.items()), "an edit is not marked"
        )
        assert not {"reference/force_areas", "marts/demand"} & set(asked.stale())
        shutil.rmtree(project.raw / "network_signup")
        assert asked.status(asked.launch())
        wait_until(lambda: not {"QUEUED", "STARTING", "STARTED"} & set(asked.runs()), "the refresh does not end")
        wait_until(lambda: asked.stale() == {}, "something stays marked")

    def at_one_table_alone(self, asked: Asked) -> None:
        n_runs = len(asked.runs())
        self.open("/assets/reference/population")
        self.sees(re.compile("Unsynced"))
        with self.page.expect_response(lambda response: "launch" in (response.request.post_data or "")):
            self.page.locator("button", has_text=re.compile("^Materialize$")).first.click()
        wait_until(lambda: len(asked.runs()) > n_runs, "one table alone is not made")
        wait_until(lambda: "reference/population" not in asked.stale(), "a table that was made stays marked")
        wait_until(lambda: asked.runs()[0] == "SUCCESS", "the run of one table does not succeed")
        assert {"marts/context": {"DATA"}}.items() <= asked.stale().items(), "what rests on it is now out of date"

    def at_the_automation(self) -> None:
        self.open("/automation")
        self.sees("received_files_changed", "weekly_refresh", re.compile("At 06:00 AM (GMT|BST), only on Monday"))
        switched_on = self.page.locator("input[type=checkbox]:checked")
        switched_on.nth(1).wait_for(state="attached")
        assert switched_on.count() == 2
        self.keep("automation")
        self.open(f"{LOCATION}/schedules/weekly_refresh")
        self.sees("Europe/London")

    def begin_a_refresh_by_two_clicks(self) -> None:
        """The second waits until the first has ended."""
        for _ in range(2):
            self.open(f"{LOCATION}/jobs/refresh/playground")
            with self.page.expect_response(lambda response: "launch" in (response.request.post_data or "")):
                self.page.get_by_role("button", name=re.compile("launch run", re.IGNORECASE)).click()

    def end_the_refresh_by_click(self, project: ProjectPaths) -> None:
        wait_until((project.reports / "landscape.docx").exists, "the refresh by click publishes nothing")

        def succeeded() -> bool:  # opened again, since the list itself looks only every 15 seconds
            self.open("/runs")
            self.sees("refresh")
            assert self.page.get_by_text("Failure", exact=True).count() == 0
            return self.page.get_by_text("Success", exact=True).count() >= 3  # a sensor may have asked for one too

        wait_until(succeeded, "two refreshes by click, and what they record, do not succeed")
        self.keep("two_clicks")

    def at_a_refresh_from_the_command_line(self, project: ProjectPaths) -> None:
        """One that a letter among the exports stops, which is quicker than one that succeeds."""
        (project.raw / "network_signup").mkdir()
        (project.raw / "network_signup" / "letter.xlsx").write_text("Dear all, …", encoding="utf-8")
        with child(project, "refresh") as refresh:
            assert refresh.wait(timeout=SECONDS) == 1
        self.open("/runs")
        self.sees("started_by: landscape refresh", "Failure", "Success")
        self.keep("runs")

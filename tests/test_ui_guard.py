"""What a page of another site can do to Dagster's UI, as it comes and behind the guard."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import dagster as dg
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget

from landscape.charts.browser import find_browser
from pipelines.ui.application import Application
from pipelines.ui.guard import Guard

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSER = find_browser()
needs_browser = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to attack with")
ATTACKS = {"multipart", "urlencoded", "plain", "fetch", "image", "rebound", "origin", "null"}
PAGE = """<!doctype html><title>Another site</title>
<iframe name="sink" hidden></iframe><iframe id="framed" name="framed" src="{ui}/runs"></iframe>
<form id="multipart" method="post" target="sink" enctype="multipart/form-data" action="{multipart}"><input name="a"></form>
<form id="urlencoded" method="post" target="sink" action="{urlencoded}"><input name="a"></form>
<form id="plain" method="post" target="sink" enctype="text/plain" action="{plain}"><input name="a"></form>
<img src="{image}">
<script>
fetch("{fetch}", {{method: "POST", mode: "no-cors", body: "a"}}).catch(() => 0);
const socket = new WebSocket("{ui}/graphql".replace("http", "ws"), "graphql-ws");
socket.onopen = () => {{ document.title = "The socket is open"; }};
</script>"""


class Served:
    """Dagster's web application on a port of its own, with nothing to run; a limit that is set shows who came through."""

    def __init__(self, figures: Path, *, is_guarded: bool) -> None:
        import uvicorn

        self._stack = ExitStack()
        self.instance = self._stack.enter_context(dg.DagsterInstance.local_temp(str(figures.parent / "home")))
        context = self._stack.enter_context(WorkspaceProcessContext(self.instance, EmptyWorkspaceTarget()))
        app: Any = Application(context).create_asgi_app()
        config = uvicorn.Config(app, port=0, log_level="critical")
        bound = config.bind_socket()
        self.port = bound.getsockname()[1]
        config.app = Guard(app, self.port, figures) if is_guarded else app
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([bound],))
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        self.address = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._stack.close()

    def set_by(self) -> set[str]:
        return set(self.instance.event_log_storage.get_concurrency_keys())

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
        """Asks without a browser, which lets through whatever headers are given."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body or None, {name.replace("_", "-"): text for name, text in headers.items()})
        with closing(connection), connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read().decode()


def mutation(key: str) -> str:
    return f'mutation {{ setConcurrencyLimit(concurrencyKey: "{key}", limit: 1) }}'


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "gap_map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "utf-8")
    (folder / "gap_map.html").write_text("<script>document.title = 'it ran'</script>", "utf-8")
    (folder / "figures.json").write_text("{}", "utf-8")
    (tmp_path / "secret.svg").write_text("<svg/>", "utf-8")
    return folder


@contextmanager
def served(figures: Path, *, is_guarded: bool = True) -> Iterator[Served]:
    (figures.parent / "home").mkdir()
    ui = Served(figures, is_guarded=is_guarded)
    try:
        yield ui
    finally:
        ui.close()


@contextmanager
def another_site(page: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()


@contextmanager
def browser_page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


def attack(ui: Served, page: Page) -> tuple[bool, bool]:
    """Everything that another site can try; returns whether it could show the UI in a frame, and open a WebSocket to it."""
    by_address = {key: f"{ui.address}/graphql?query={quote(mutation(key))}" for key in ATTACKS}
    with another_site(PAGE.format(**by_address, ui=ui.address)) as site:
        for form in ("multipart", "urlencoded", "plain"):
            page.goto(site)
            page.evaluate(f"document.getElementById('{form}').submit()")
            page.wait_for_timeout(1500)
        framed = next(frame for frame in page.frames if frame.name == "framed")
        seen = "Dagster" in framed.title(), page.title() == "The socket is open"
    json_of = {key: json.dumps({"query": mutation(key)}) for key in ("rebound", "origin", "null")}
    kind = {"Content_Type": "application/json"}
    ui.ask("POST", "/graphql", json_of["rebound"], Host=f"evil.example:{ui.port}", **kind)
    ui.ask("POST", "/graphql", json_of["origin"], Origin="http://evil.example", **kind)
    ui.ask("POST", "/graphql", json_of["null"], Origin="null", **kind)
    return seen


@pytest.mark.slow
@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize(
    ("is_guarded", "came_through"),
    [(False, ATTACKS), (True, set[str]())],
    ids=["as it comes", "guarded"],
)
def test_other_sites_come_through_to_dagster_as_it_comes_and_not_past_the_guard(
    figures: Path, is_guarded: bool, came_through: set[str]
) -> None:
    with served(figures, is_guarded=is_guarded) as ui, browser_page() as page:
        seen = attack(ui, page)
        until = time.monotonic() + 10
        while ui.set_by() != came_through and time.monotonic() < until:
            time.sleep(0.1)
        assert ui.set_by() == came_through
        assert seen == ((False, False) if is_guarded else (True, True))
        page.goto(ui.address)
        page.get_by_text("Deployment").first.wait_for()  # and whoever opens it sees it


def test_the_ui_itself_may_ask_and_change(figures: Path) -> None:
    with served(figures) as ui:
        for number, name in enumerate(("127.0.0.1", "localhost", "[::1]")):
            host = f"{name}:{ui.port}"
            body = json.dumps({"query": mutation(f"own{number}")})
            status, _, _ = ui.ask(
                "POST",
                "/graphql",
                body,
                Host=host,
                Origin=f"http://{host}",
                Content_Type="application/json; charset=utf-8",
            )
            assert status == 200
        assert ui.set_by() == {"own0", "own1", "own2"}
        status, headers, page = ui.ask("GET", "/assets/figures/gap_map")
        assert (status, headers["X-Frame-Options"]) == (200, "DENY")
        policies = headers.get_all("Content-Security-Policy")
        assert (
            policies is not None and "script-src 'nonce-" in policies[0] and policies[1:] == ["frame-ancestors 'none'"]
        )
        assert "max-height: none" in page


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", None),
        ("127.0.0.1:80", None),
        ("localhost.evil.example:{port}", None),
        ("{port}", None),
        ("127.0.0.1:{port}", "http://127.0.0.1"),
        ("127.0.0.1:{port}", "https://127.0.0.1:{port}"),
        ("127.0.0.1:{port}", "http://localhost:{port}"),
        ("127.0.0.1:{port}", ""),
    ],
)
def test_nearly_right_is_refused_in_words(figures: Path, host: str, origin: str | None) -> None:
    with served(figures) as ui:
        headers = {"Host": host.format(port=ui.port)}
        if origin is not None:
            headers["Origin"] = origin.format(port=ui.port)
        status, _, said = ui.ask("GET", "/server_info", **headers)
    assert status == 403
    assert said.startswith("Refused: it ")


def test_figures_are_handed_out_and_nothing_else_is(figures: Path) -> None:
    with served(figures) as ui:
        status, headers, text = ui.ask("GET", "/files/figures/gap_map.svg")
        assert (status, headers["content-type"], text) == (200, "image/svg+xml", (figures / "gap_map.svg").read_text())
        status, headers, text = ui.ask("GET", "/files/figures/not_drawn.svg")
        assert status == 200 and "No picture" in text
        for path in (
            "/files/figures/figures.json",
            "/files/figures/not_drawn.png",
            "/files/figures/../secret.svg",
            "/files/figures/%2e%2e/secret.svg",
            "/files/figures/..%2fsecret.svg",
            "/files/figures//etc/passwd",
            f"/files/figures/{quote(str(figures.parent / 'secret.svg'), safe='')}",
            "/files/",
        ):
            assert ui.ask("GET", path)[0] == 404, path


@pytest.mark.browser
@needs_browser
def test_a_script_in_a_figure_s_page_does_not_run(figures: Path) -> None:
    with served(figures) as ui, browser_page() as page:
        page.goto(f"{ui.address}/files/figures/gap_map.html")
        page.wait_for_timeout(300)
        assert page.title() == ""

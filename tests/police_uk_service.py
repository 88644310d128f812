"""A loopback service that behaves as data.police.uk is described."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from landscape.opendata.police_uk import Pace, PoliceUk

RECORDED = Path(__file__).parent / "recorded" / "police_uk"
NOON = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)


def recorded(name: str, folder: Path = RECORDED):
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Service:
    """What the service knows, by path; what it was asked for; and what it says first instead (`refusals`)."""

    def __init__(self) -> None:
        self.bodies: dict[str, object] = {"/forces": recorded("forces_2026-10-01")}
        self.refusals: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.asked: list[str] = []
        self.url = ""
        self.clock = Clock()

    def force(self, force: str, methods: object, **neighbourhoods: dict[str, object]) -> None:
        """A force with neighbourhoods: each with events, priorities and its own description."""
        self.bodies[f"/forces/{force}"] = {"id": force, "name": force, "engagement_methods": methods}
        names = {key: str(value.get("name", key)) for key, value in neighbourhoods.items()}
        self.bodies[f"/{force}/neighbourhoods"] = [{"id": key, "name": name} for key, name in names.items()]
        for key, value in neighbourhoods.items():
            place = f"/{force}/{quote(key, safe='')}"
            self.bodies[place] = value.get("detail", {"id": key, "population": "0", "contact_details": {}})
            self.bodies[f"{place}/events"] = value.get("events", [])
            self.bodies[f"{place}/priorities"] = value.get("priorities", [])

    def client(self, now: dt.datetime = NOON) -> PoliceUk:
        pace = Pace(clock=self.clock, sleep=self.clock.sleep)
        return PoliceUk(self.url, pace, lambda: now)

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(path)
        if self.refusals.get(path):
            status, headers = self.refusals[path].pop(0)
            return status, headers, b""
        if path not in self.bodies:
            return 404, {"Content-Type": "text/plain"}, b"Not Found"
        body = self.bodies[path]
        text = body if isinstance(body, str) else json.dumps(body)
        return 200, {"Content-Type": "application/json"}, text.encode()


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, headers, body = service.answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

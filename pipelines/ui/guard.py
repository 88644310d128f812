"""Keeps other sites' pages away from Dagster's UI, and serves the figures.

Dagster by itself answers whatever reaches its port: a page of any site, open in the same browser, could start runs. Here a
request must name this computer as its host, come from a page of this server where it says where it comes from, and carry
JSON where it wants something done, which a browser sends to another site only after asking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = "/files/"
_FIGURE = re.compile(FILES + r"figures/(\w+\.(?:svg|png|html|csv))")
_ELSEWHERE = {"cross-site", "same-site"}  # another port of this computer counts as the same site
_NO_FRAMES = {"X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"}
_NO_POWER = (  # nothing in a figure may run or be sent; its page has no scripts
    "sandbox allow-same-origin allow-downloads; default-src 'none'; img-src 'self' data:; font-src data:; "
    "style-src 'unsafe-inline'"
)
_NOT_DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="40"><text y="26" font-family="sans-serif" font-size="16">'
    "No picture: it was not drawn yet, or there is nothing to draw.</text></svg>"
)


class Guard:
    """Dagster's web application behind these rules.

    Args:
        app: Dagster's web application.
        port: The port it answers on.
        figures: The folder of the published figures.
    """

    def __init__(self, app: ASGIApp, port: int, figures: Path) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, hands out a figure, or lets Dagster answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif why := self._refused(scope):
            if scope["type"] == "websocket":  # closed before it is accepted, which the server answers with 403
                await send({"type": "websocket.close", "code": 1008})
            else:
                await PlainTextResponse(f"Refused: {why}.", 403)(scope, receive, _hardened(send))
        elif scope["path"].startswith(FILES):
            await self._file(scope["path"])(scope, receive, _hardened(send))
        else:
            await self._app(scope, receive, _hardened(send))

    def _refused(self, scope: Scope) -> str:
        """Why a request is refused; empty where it is not."""
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        is_web = scope["type"] == "http"
        reads = is_web and scope["method"] in {"GET", "HEAD"}
        is_opened = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        rules = {
            "it is addressed to another host": host not in self._hosts or len(headers.getlist("host")) > 1,
            "it comes from a page of another site": any(o != f"http://{host}" for o in headers.getlist("origin"))
            or (is_web and headers.get("sec-fetch-site") in _ELSEWHERE and not is_opened),
            "what is to be done must come as application/json": is_web and not reads and not _is_json(headers),
            "GraphQL must come by POST": reads and scope["path"].startswith("/graphql") and bool(scope["query_string"]),
        }
        return next((why for why, holds in rules.items() if holds), "")

    def _file(self, path: str) -> Response:
        """A figure's file by its plain name, which leads nowhere else; where a picture is missing, one that says so."""
        headers = {
            "Content-Security-Policy": _NO_POWER,
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
        }
        if not (found := _FIGURE.fullmatch(path)):
            return PlainTextResponse("There is no such file.", 404, headers)
        if (file := self._figures / found[1]).is_file():
            return FileResponse(file, headers=headers)
        if file.suffix == ".svg":
            return Response(_NOT_DRAWN, 200, headers, "image/svg+xml")
        return PlainTextResponse("There is no such file yet.", 404, headers)


def _is_json(headers: Mapping[str, str]) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _hardened(send: Send) -> Send:
    """Adds that no page may frame this one; a second policy leaves the first as it is, and both apply."""

    async def send_hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_NO_FRAMES)
            headers.append("Content-Security-Policy", "frame-ancestors 'none'")
        await send(message)

    return send_hardened

"""Dagster's web application, with a figure shown whole on its asset's page."""

from __future__ import annotations

from dagster_webserver.webserver import DagsterWebserver
from starlette.requests import Request
from starlette.responses import HTMLResponse

# Dagster cuts a description off at 320 pixels. Where it looks otherwise in a later version, it is cut off again, and no more.
_CUT_OFF = '[style*="max-height"]:has(> div img[src^="/files/figures/"])'
_STYLE = (
    f"<style>{_CUT_OFF} {{ max-height: none !important }} {_CUT_OFF} > div:has(> button) {{ display: none }}</style>"
)


class Application(DagsterWebserver):  # type: ignore[type-arg]
    """Dagster's own, with one more style rule."""

    def index_html_endpoint(self, request: Request) -> HTMLResponse:
        """The page that all of the UI is drawn in."""
        page = super().index_html_endpoint(request)
        del page.headers["content-length"]
        return HTMLResponse(bytes(page.body).replace(b"</head>", f"{_STYLE}</head>".encode(), 1), headers=page.headers)

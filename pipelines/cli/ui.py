"""The command `ui`: opens the Dagster UI."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import say


def ui(port: Annotated[int, typer.Option(help="The port on this computer.")] = 3000) -> None:
    """Opens the Dagster UI on http://127.0.0.1:3000 until Ctrl-C."""
    from pipelines.ui.processes import open_until_closed

    home = project_paths().dagster_home
    _refuse_taken(port)
    say(f"The Dagster UI answers at http://127.0.0.1:{port} in about ten seconds.", "Ctrl-C ends it.")
    raise typer.Exit(open_until_closed(port, home))


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise LandscapeError(
                f"port {port} is taken by another program, perhaps by this UI in another window",
                remedy=f"use that window, or choose another port: landscape ui --port {port + 1}",
            )

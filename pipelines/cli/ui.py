"""The command `ui`. Not here: the Dagster UI itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import say


def ui(port: Annotated[int, typer.Option(help="The port on this computer.")] = 3000) -> None:
    """Opens the Dagster UI on http://127.0.0.1:3000 until Ctrl-C."""
    from pipelines.instance import dagster_instance

    home = project_paths().dagster_home
    _refuse_taken(port)
    with dagster_instance():
        pass  # its databases are in place before the several processes of the UI open them
    # Without the variable Dagster makes folders for telemetry although dagster.yaml turns it off.
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    quiet = ["-W", "ignore:Function `dev_command` is superseded:FutureWarning"]
    dagster = ["-m", "dagster", "dev", "--log-level", "warning", "-m", "pipelines.definitions"]
    say(f"The Dagster UI answers at http://127.0.0.1:{port} in about ten seconds.", "Ctrl-C ends it.")
    command = [sys.executable, *quiet, *dagster, "-h", "127.0.0.1", "-p", str(port)]
    os.chdir(home)
    if os.name == "nt":  # there a process that replaces another leaves the console without its Ctrl-C
        raise typer.Exit(subprocess.call(command, env=environment))  # noqa: S603 - our own interpreter
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise LandscapeError(
                f"port {port} is taken by another program, perhaps by this UI in another window",
                remedy=f"use that window, or choose another port: landscape ui --port {port + 1}",
            )

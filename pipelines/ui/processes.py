"""Opens the UI's processes, and ends all of them when it is closed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_GENTLY, _BY_FORCE = 6.0, 2.0  # seconds


def open_until_closed(port: int, home: Path) -> int:
    """Runs the UI until Ctrl-C, or until it is asked to end, then ends everything it started.

    Args:
        port: The port on this computer.
        home: The project folder.

    Returns:
        0 where it was asked to end; else the exit status of the web server, which ended by itself.
    """
    # Without the variable Dagster makes folders for telemetry although dagster.yaml turns it off.
    environment = {**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    command = [sys.executable, "-m", "pipelines.ui.serving", str(port)]
    server = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, cwd=home, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(server)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ends the web server with all that it started: daemon, code server, runs in progress and their browsers."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(server.pid)], check=False, capture_output=True)  # noqa: S603, S607
        return
    for number, seconds in ((signal.SIGTERM, _GENTLY), (signal.SIGKILL, _BY_FORCE)):
        with suppress(ProcessLookupError, KeyboardInterrupt):  # a second Ctrl-C shortens the wait
            os.killpg(server.pid, number)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                server.poll()
                os.killpg(server.pid, 0)  # raises once nobody of the group is left
                time.sleep(0.05)

"""The UI's web server, with Dagster's code server and daemon: python -m pipelines.ui.serving PORT. It ends with its parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import yaml
from filelock import FileLock

from landscape.paths import project_paths
from pipelines.instance import dagster_instance

LOCATION = "pipelines.definitions"
_POLL_MILLISECONDS = 2000
_GRACE_SECONDS = 1


def serve(port: int) -> None:
    """Serves until it is interrupted.

    The code server starts at once, since it takes the longest, and the web application is imported meanwhile. Web server and
    daemon share it, so that both have the definitions that were reloaded.
    """
    paths = project_paths()
    with ExitStack() as stack:
        stack.enter_context(FileLock(paths.ui_lock, timeout=0))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = {"host": "localhost", "port": _free_port()} if os.name == "nt" else {"socket": str(scratch / "code")}
        workspace = scratch / "workspace.yaml"
        server = {"grpc_server": {**address, "location_name": LOCATION}}
        workspace.write_text(yaml.dump({"load_from": [server]}), encoding="utf-8")
        where = [f"--{name}={value}" for name, value in address.items()]
        code = _dagster("dagster", "code-server", "start", "-m", LOCATION, "--log-level", "warning", *where)
        instance = stack.enter_context(dagster_instance())

        import uvicorn
        from dagster._core.workspace.context import WorkspaceProcessContext
        from dagster._core.workspace.load_target import WorkspaceFileTarget
        from dagster._grpc.client import DagsterGrpcClient
        from dagster._grpc.server import wait_for_grpc_server
        from dagster_webserver.version import __version__

        from pipelines.history import close_dead_runs, prune
        from pipelines.ui.application import Application
        from pipelines.ui.guard import Guard
        from pipelines.ui.watching import Watcher

        close_dead_runs(instance, of_refreshes=False, of_the_ui=True)
        prune(instance)
        wait_for_grpc_server(code, DagsterGrpcClient(**address), [])
        daemon = _dagster("dagster._daemon", "run", "--log-level", "warning", "-w", str(workspace))
        target = WorkspaceFileTarget([str(workspace)])
        context = stack.enter_context(WorkspaceProcessContext(instance, target, version=__version__))
        app = Application(context, live_data_poll_rate=_POLL_MILLISECONDS).create_asgi_app()
        Watcher(context, paths, [code, daemon]).start()
        uvicorn.run(
            Guard(app, port, paths.figures),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )


def _dagster(module: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module, *words])  # noqa: S603 - our own interpreter


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        serve(int(sys.argv[1]))

"""Sees edits while the UI is open: reloads the code location, and reports new versions of what people edit."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.edited import edited_now
from landscape.errors import StagingDatabaseBusyError
from landscape.last_state import file_hashes, last_refresh
from landscape.paths import ProjectPaths
from landscape.staging_db import refresh_lock
from landscape.stamps import PACKAGE, files_under
from pipelines.history import close_dead_runs, has_refreshes_in_progress, report_edited

if TYPE_CHECKING:
    from dagster._core.workspace.context import WorkspaceProcessContext

_PROGRAM = [PACKAGE.parent / name for name in ("assets", "landscape", "pipelines")]
_SECONDS_BETWEEN_LOOKS = 2.0


class Watcher(threading.Thread):
    """Looks every two seconds, for as long as the process lives.

    Args:
        context: What the web server knows of the code location.
        paths: The project folder.
        needed: Dagster's code server and daemon; without them nothing runs, so the UI ends with them.
    """

    def __init__(
        self, context: WorkspaceProcessContext, paths: ProjectPaths, needed: Sequence[subprocess.Popen[bytes]]
    ) -> None:
        super().__init__(name="watcher", daemon=True)
        self._context, self._paths, self._needed = context, paths, needed
        self._parent = os.getppid()
        self._files = file_hashes(last_refresh(paths))
        self._program = _state(_PROGRAM)
        self._edited: object = None

    def run(self) -> None:
        """Looks until the process ends; an error in one look is reported, and the next look follows."""
        while True:
            try:
                self._look()
            except Exception:
                logging.getLogger("dagster").warning(
                    "A look at what was edited failed; the next follows.", exc_info=True
                )
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def _look(self) -> None:
        if any(process.poll() is not None for process in self._needed):
            logging.getLogger("dagster").error("Dagster’s code server or daemon has ended, so the UI ends too.")
            os.kill(os.getpid(), signal.SIGINT)
        if os.getppid() != self._parent and os.name != "nt":  # whoever would end us is gone
            os.killpg(0, signal.SIGKILL)
        if (program := _state(_PROGRAM)) != self._program:
            self._program = program
            for name in self._context.code_location_names:
                self._context.reload_code_location(name)
        edited = _state([self._paths.root / "data", self._paths.reports / "template.docx"]), program
        if edited != self._edited:
            self._report()
            self._edited = edited
        if has_refreshes_in_progress(self._context.instance):
            with suppress(StagingDatabaseBusyError), refresh_lock(self._paths.lock, waits=False):
                close_dead_runs(self._context.instance, of_refreshes=True, of_the_ui=False)

    def _report(self) -> None:
        with self._context.create_request_context() as request:
            keys = {key.path[-1]: key for key in request.asset_graph.external_asset_keys if key.path[0] == "edited"}
        self._files.forget()
        now = edited_now(self._paths, self._files, keys)
        report_edited(self._context.instance, {keys[name]: version for name, version in now.items()})


def _state(places: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Size and time of all files at or below some places."""
    found: dict[Path, tuple[int, int]] = {}
    for path in files_under(*places):
        with suppress(FileNotFoundError):
            facts = path.stat()
            found[path] = (facts.st_size, facts.st_mtime_ns)
    return found

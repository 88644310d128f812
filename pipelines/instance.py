"""The project's own Dagster instance, which keeps the history of runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from landscape.paths import project_paths

if TYPE_CHECKING:
    from dagster import DagsterInstance


@contextlib.contextmanager
def dagster_instance() -> Iterator[DagsterInstance]:
    """Opens the instance whose history the UI shows.

    One process at a time: two that make its databases at the same moment leave them unusable. And in the
    project folder, since `dagster.yaml` names its folders from there, wherever the command was called.
    """
    import dagster as dg
    from filelock import FileLock

    home = project_paths().dagster_home
    os.environ["DAGSTER_HOME"] = str(home)
    history = home / ".dagster"
    history.mkdir(exist_ok=True)
    with contextlib.chdir(home):
        with FileLock(history / "opening.lock"):
            instance = dg.DagsterInstance.get()
        with instance:
            yield instance

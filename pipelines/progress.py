"""Shows the progress of a refresh on a terminal; nothing where output is piped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.refreshing import StepBegins

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def progress(console: Console) -> Iterator[StepBegins]:
    """Gives a callback that moves a bar, one step at a time."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=None)

        def begins(name: str, done: int, steps: int) -> None:
            bar.update(task, description=name.replace("__", " / "), completed=done, total=steps)

        yield begins

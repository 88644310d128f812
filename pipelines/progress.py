"""Shows the progress of a refresh on a terminal; nothing where output is piped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landscape.progress import shown_by
from pipelines.refreshing import StepBegins

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def progress(console: Console) -> Iterator[StepBegins]:
    """Gives a callback that moves a bar, one step at a time; what a long step is at is shown beside its name."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<50}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        step = "starting"
        task = bar.add_task(step, total=None)

        def begins(name: str, done: int, steps: int) -> None:
            nonlocal step
            step = name.replace("__", " / ")
            bar.update(task, description=step, completed=done, total=steps)

        with shown_by(lambda what: bar.update(task, description=f"{step}: {what}")):
            yield begins

"""What all commands share to show results: lines, tables, errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from landscape.errors import LandscapeError
from landscape.paths import project_paths

FAILED, NOT_PULLED, INTERRUPTED = 1, 3, 130
"""Exit statuses; 0 is all well, and 2 is Typer's own for words it does not know. docs/commands.md says when."""

console = Console(highlight=False, soft_wrap=True)  # lines stay whole, to be copied and searched
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Apply = Annotated[bool, typer.Option("--apply", help="Put it in the place of what is there; without it, only look.")]
LOOKED = "Nothing was changed. To put this in the place of what is there: the same command with --apply"
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")]


@contextmanager
def unfinished(leaves: str) -> Iterator[None]:
    """Marks a command, or the part of one, that writes: if it is not completed, that is said after the error.

    Args:
        leaves: How an error, or Ctrl-C, leaves things, in one sentence.
    """
    try:
        yield
    except (LandscapeError, KeyboardInterrupt) as stopped:
        stopped.add_note(leaves)
        raise


def say(*lines: str, style: str | None = None) -> None:
    """Lines as they are, whatever brackets are in them."""
    for line in lines:
        console.print(line, style=style, markup=False)


def head(line: str) -> None:
    """A line that stands out."""
    say(line, style="bold")


def warn(warnings: Iterable[str]) -> None:
    """Warnings, apart from what a command is asked for."""
    for warning in warnings:
        errors.print(f"Warning: {warning}", style="bold red", markup=False)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; no cell is cut short, since numbers of records are to be copied."""
    from rich.markup import escape

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=any(headings))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)


def plural(number: int, one: str, many: str = "") -> str:
    """The word that goes with a number; `many` where no s will do."""
    return one if number == 1 else many or f"{one}s"


def shown(path: Path) -> str:
    """A path as people know it: below the project folder, where it is there."""
    root = project_paths().root
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def moment(at: dt.datetime | None) -> str:
    """A day and time for people; "" where it is not known."""
    return f"{at:%d/%m/%Y %H:%M}" if at else ""


def now() -> dt.datetime:
    """The one clock of the commands (UTC)."""
    return dt.datetime.now(dt.UTC)

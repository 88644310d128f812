"""Says what is being made, to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_SHOW: ContextVar[Callable[[str], None] | None] = ContextVar("_SHOW", default=None)


def making(what: str) -> None:
    """Says what is made now, inside a long step."""
    show = _SHOW.get()
    if show is not None:
        show(what)


@contextmanager
def shown_by(show: Callable[[str], None]) -> Iterator[None]:
    """Whatever is made meanwhile is said to `show`."""
    before = _SHOW.set(show)
    try:
        yield
    finally:
        _SHOW.reset(before)

"""The status that every figure bears while it is drawn: a draft, or which release. Not here: where it stands on the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DRAFT = "Draft, not for circulation"
_STATUS = ContextVar("status", default=DRAFT)


def status() -> str:
    """What figures drawn now are stamped with."""
    return _STATUS.get()


@contextmanager
def stamped(words: str) -> Iterator[None]:
    """Figures drawn meanwhile bear these words instead of the draft's.

    Args:
        words: Such as "Release 2017-10, 1 November 2017".
    """
    token = _STATUS.set(words)
    try:
        yield
    finally:
        _STATUS.reset(token)

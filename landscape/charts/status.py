"""The status printed on every figure: a draft, or which release."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DRAFT = "Draft, not for circulation"
_STATUS = ContextVar("status", default=DRAFT)


def status() -> str:
    """The status that figures drawn now get."""
    return _STATUS.get()


@contextmanager
def stamped(words: str) -> Iterator[None]:
    """Figures drawn within it get these words instead of the draft's.

    Args:
        words: Such as "Release 2017-10, 1 November 2017".
    """
    token = _STATUS.set(words)
    try:
        yield
    finally:
        _STATUS.reset(token)

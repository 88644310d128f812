"""The paper that charts are laid out for: its width. Not here: what is put on it.

Type and line widths are the same on every paper, so what is laid out for 8 cm can be read at 8 cm. Builders ask for the
width in force instead of being handed it through every figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from landscape.charts.style import PIXELS_PER_CM, WIDTH
from landscape.errors import RenderError

MARGIN = 14
_WIDTH: ContextVar[int] = ContextVar("paper_width", default=WIDTH)


class TooNarrowError(RenderError):
    """A figure cannot be laid out legibly on this paper."""


@contextmanager
def on_paper(width_cm: float) -> Iterator[None]:
    """Lays out all charts drawn meanwhile for a paper of this width in centimetres."""
    token = _WIDTH.set(round(width_cm * PIXELS_PER_CM))
    try:
        yield
    finally:
        _WIDTH.reset(token)


def paper_width() -> int:
    """Width of the paper in pixels."""
    return _WIDTH.get()


def inner_width() -> int:
    """Width between the margins in pixels."""
    return paper_width() - 2 * MARGIN


def need_width(room: float, needed: float) -> None:
    """Refuses a paper narrower than the standard one on which something would be illegible.

    Args:
        room: Pixels there are.
        needed: Pixels it takes.

    Raises:
        TooNarrowError: There are fewer.
    """
    if paper_width() < WIDTH and room < needed:
        raise TooNarrowError(f"It does not fit on paper of {paper_width() / PIXELS_PER_CM:g} cm.")

"""The width of the paper that charts are laid out for.

Type and line widths are the same on every paper, so a figure laid out for 8 cm can be read at 8 cm. Builders ask for the
current width, so that it need not be passed through every figure.
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
    """Lays out all charts drawn within it for paper of this width in centimetres."""
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
    """Refuses paper narrower than the standard if something would be illegible on it.

    Args:
        room: Pixels available.
        needed: Pixels needed.

    Raises:
        TooNarrowError: There is too little room.
    """
    if paper_width() < WIDTH and room < needed:
        raise TooNarrowError(f"It does not fit on paper of {paper_width() / PIXELS_PER_CM:g} cm.")

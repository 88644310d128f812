"""What a service's module is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from landscape.services.calls import Calls


@dataclass(frozen=True)
class Connection:
    """A connection to one survey at its service.

    Args:
        settings: As survey.yml declares them.
        secrets: The secrets themselves; nothing shows them.
        calls: Makes the calls.
    """

    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    calls: Calls


@dataclass(frozen=True)
class Body:
    """All responses as the service gave them, in the shape of its file export.

    Args:
        content: The file's bytes; empty where there is no response.
        n_there: How many responses the service itself says there are; None where it says nothing.
        is_least: It counts fewer than it gives, such as no trial responses: fewer rows are too few, more are not.
    """

    content: bytes
    n_there: int | None
    is_least: bool = False

    def is_whole(self, n_rows: int) -> bool:
        """Whether this number of rows is complete."""
        return self.n_there is None or n_rows == self.n_there or (self.is_least and n_rows > self.n_there)


def counted(n_found: int, counts: Sequence[int]) -> int:
    """How many responses there must be, where the service's count changed while its pages were read.

    >>> counted(3, [3, 4]), counted(2, [3, 2]), counted(2, [5, 5])
    (3, 2, 5)
    """
    return n_found if min(counts) <= n_found <= max(counts) else counts[-1]

"""What a service's module is handed, and what it hands back. Not here: any service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landscape.sources.calls import Calls


@dataclass(frozen=True)
class Connection:
    """The way to one survey at its service.

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
    """

    content: bytes
    n_there: int | None

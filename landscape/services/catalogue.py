"""The services of survey tools, one module each, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from landscape.errors import SourceError
from landscape.services import kobotoolbox, limesurvey, microsoft_forms, odk_central, qualtrics, smartsurvey
from landscape.services.calls import Calls, Limit, backoff
from landscape.services.connection import Body, Connection

if TYPE_CHECKING:
    from tenacity.wait import wait_base

    from landscape.surveys.source import Source

Answer = TypeVar("Answer")

PER_MINUTE = "requests_per_minute"
"""The setting of services that state a limit."""


class Service(Protocol):
    """A survey tool's service; each module in `SERVICES` is one.

    What survey.yml says of it is in `landscape.surveys.source`. What `fetch` gives is in a shape that the dialect of the same
    name reads. `count` is what the service says, where it says anything; it fails where responses may not be exported.
    `wordings` is what the form asks now, by the names that head its exports; empty where they are headed by wordings.
    `delete` says whether there was such a response; `DELETES` says how far it goes, and is empty where only a person can
    delete.
    """

    NAME: str
    TITLE: str
    ENDING: str
    PASSING: frozenset[int]
    DELETES: str

    def fetch(self, connection: Connection) -> Body:
        """All responses."""

    def count(self, connection: Connection) -> int:
        """How many responses there are."""

    def wordings(self, connection: Connection) -> dict[str, str]:
        """What its questions ask now."""

    def delete(self, connection: Connection, response_ref: str) -> bool:
        """Deletes one response."""


SERVICES: dict[str, Service] = {
    module.NAME: cast("Service", module)
    for module in (microsoft_forms, kobotoolbox, odk_central, smartsurvey, limesurvey, qualtrics)
}


def ask(title: str, call: Callable[[], Answer]) -> Answer:
    """Calls a service's module; an answer in an unknown shape becomes an error that says so.

    Raises:
        SourceError: As the module raises; its library is not installed; or instead of the error that the answer caused, which may
            repeat some of it.
    """
    try:
        return call()
    except ModuleNotFoundError as error:
        raise SourceError(
            f"{title} is called with the package {error.name}, which is not installed",
            remedy='in the project folder: pip install -e ".[services]"',
        ) from None
    except (LookupError, TypeError, ValueError, AttributeError):
        pass
    raise SourceError(
        f"{title} answered in a shape that is not known here",
        remedy="drop an export instead, and tell whoever looks after the project: the service may have changed",
    )


def connect(source: Source, folder: Path, wait: wait_base | None = None) -> Connection:
    """A connection to a survey at its service; nothing is called yet.

    Args:
        source: As survey.yml declares it.
        folder: Where the times of calls are kept, so that a limit holds over all processes.
        wait: How long to wait between attempts; the usual back-off without it.

    Raises:
        SourceSkippedError: Its secrets are not in the environment.
    """
    service = SERVICES[source.service]
    secrets = source.read_secrets()
    settings = source.settings
    per_minute = settings.get(PER_MINUTE)
    limit = Limit(folder / f"{source.service}.turn", float(per_minute)) if per_minute else None
    calls = Calls(service.TITLE, tuple(source.variables.values()), wait or backoff(), limit, service.PASSING)
    return Connection(settings, secrets, calls)

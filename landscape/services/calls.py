"""Calls to a service, with retries and within its limit; errors repeat nothing that was sent or answered."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from landscape.errors import SourceError, SourceUnreachableError
from landscape.private_files import make_private

if TYPE_CHECKING:
    import ssl

    import httpx
    import requests
    from tenacity import RetryCallState
    from tenacity.wait import wait_base

Answer = TypeVar("Answer")

ATTEMPTS = 5
LONGEST_WAIT = 120.0
"""Seconds; a service that asks for more is left alone until the next pull."""
TIMEOUT = 60.0
_LOGGERS = ("httpx", "httpcore", "urllib3", "requests", "msal", "citric")
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_BAD, _BROKEN = 400, 500


def backoff() -> wait_base:
    """How long to wait between attempts: twice as long each time, with a random part, so that callers do not return together."""
    from tenacity import wait_exponential_jitter

    return wait_exponential_jitter(initial=1, max=30)


class HttpAnswer(Protocol):
    """What the libraries' answers have in common."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]:
        """The answer's headers."""

    def json(self) -> object:
        """The body as data."""


class _Failed(Exception):
    """One attempt that failed: its HTTP status or kind, never a text of the service or of a library."""

    def __init__(self, kind: str, status: int | None, retry_after: float | None) -> None:
        super().__init__(kind)
        self.kind, self.status, self.retry_after = kind, status, retry_after


@dataclass(frozen=True)
class Limit:
    """At most so many calls a minute, counted over all processes of this project folder.

    Args:
        path: Holds when the next call may be made.
        per_minute: Calls a minute.
    """

    path: Path
    per_minute: float

    def wait(self) -> None:
        """Takes the next turn, and waits for it."""
        from filelock import FileLock

        make_private(self.path.parent)
        with FileLock(self.path.with_suffix(".lock")):
            now = time.time()
            try:
                turn = float(self.path.read_text(encoding="ascii"))
            except (OSError, ValueError):
                turn = now
            turn = min(max(now, turn), now + LONGEST_WAIT)  # a clock that was put back holds nobody up for long
            self.path.write_text(repr(turn + 60 / self.per_minute), encoding="ascii")
        time.sleep(turn - now)


@dataclass(frozen=True)
class Calls:
    """Calls one service.

    Args:
        title: The service, as messages call it.
        variables: The environment variables that hold its secrets, for messages.
        wait: How long to wait between attempts.
        limit: How many calls it allows; None where it states nothing.
        passing: Statuses that are tried again besides 408, 429 and 5xx.
    """

    title: str
    variables: tuple[str, ...]
    wait: wait_base
    limit: Limit | None = None
    passing: frozenset[int] = field(default=frozenset())

    def __post_init__(self) -> None:
        for name in _LOGGERS:  # their log lines repeat addresses and answers
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    def client(
        self,
        base_url: str,
        headers: Mapping[str, str],
        auth: tuple[str, str] | None = None,
        *,
        follow_redirects: bool = False,
    ) -> httpx.Client:
        """A client of the service; it follows redirects, which could take the secrets elsewhere, only on request."""
        import httpx

        trusted = _trusted(os.environ.get("SSL_CERT_FILE", ""))
        return httpx.Client(
            base_url=base_url,
            headers=dict(headers),
            auth=auth,
            timeout=TIMEOUT,
            follow_redirects=follow_redirects,
            verify=trusted,
        )

    def send(self, call: Callable[[], Answer], accept: frozenset[int] = frozenset()) -> Answer:
        """Makes a call until it succeeds, or it is clear that it will not.

        Args:
            call: Makes one attempt; its answer has a `status_code` and `headers`, or means success.
            accept: Statuses from 400 on that are an answer, too.

        Raises:
            SourceUnreachableError: The service cannot be reached, asks to wait for long, or fails.
            SourceError: It refuses.
        """
        from tenacity import Retrying, retry_if_exception, stop_after_attempt

        retrying = Retrying(
            retry=retry_if_exception(self._may_pass),
            wait=self._waiting,
            stop=stop_after_attempt(ATTEMPTS),
            reraise=True,
        )
        try:
            return cast("Answer", retrying(self._once, call, accept))
        except _Failed as error:
            failed = error
        raise self._source_error(failed)  # out here, no library's error hangs on to it

    def json(self, call: Callable[[], HttpAnswer]) -> object:
        """The JSON that a call answers with.

        Raises:
            SourceError: As `send`; or the answer is not JSON.
        """
        answer = self.send(call)
        try:
            return answer.json()
        except ValueError:
            pass
        raise SourceError(
            f"{self.title} answered with something else than data",
            remedy="most often the network shows its sign-in page instead, or the address is not the service's",
        )

    def _once(self, call: Callable[[], Answer], accept: frozenset[int]) -> Answer:
        import httpx

        if self.limit:
            self.limit.wait()
        try:
            answer = call()
        except (httpx.HTTPError, OSError) as error:  # those of requests, which citric and msal call with, are OSErrors
            failed = _failed(type(error).__name__, getattr(error, "response", None))
        else:
            status = getattr(answer, "status_code", HTTPStatus.OK)
            if status < _BAD or status in accept:
                return answer
            failed = _failed("", cast("HttpAnswer", answer))
        raise failed

    def _may_pass(self, error: BaseException) -> bool:
        if not isinstance(error, _Failed) or (error.retry_after or 0) > LONGEST_WAIT:
            return False
        return error.status is None or error.status >= _BROKEN or error.status in _PASSING | self.passing

    def _waiting(self, state: RetryCallState) -> float:
        """As long as the service asks for; else by the back-off."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, _Failed) else None
        return float(self.wait(state)) if asked is None else asked

    def _source_error(self, failed: _Failed) -> SourceError:
        variables = ", ".join(self.variables)
        status = failed.status
        if status is None:
            return SourceUnreachableError(
                f"{self.title} cannot be reached ({failed.kind})",
                remedy="look whether this computer is online and the service's address in survey.yml is right",
            )
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            later = f"in {failed.retry_after:.0f} seconds" if failed.retry_after else "in some minutes"
            return SourceUnreachableError(f"{self.title} asks for fewer calls (429)", remedy=f"pull again {later}")
        if status >= _BROKEN:
            return SourceUnreachableError(f"{self.title} has a fault of its own ({status})", remedy="pull again later")
        refusals: dict[int, tuple[str, str]] = {
            HTTPStatus.UNAUTHORIZED: (
                "does not accept the token or password",
                f"it may have expired: make a new one and put it into {variables}",
            ),
            HTTPStatus.FORBIDDEN: (
                "accepts the token or password, but does not allow this",
                "give it the permission that docs/connecting-a-survey.md names for this service",
            ),
            HTTPStatus.NOT_FOUND: (
                "knows no such survey",
                "compare the ids in survey.yml with the service; to one who may not see a survey some services say this too",
            ),
        }
        what, remedy = refusals.get(status, ("refuses the call", "compare the ids in survey.yml with the service"))
        return SourceError(f"{self.title} {what} ({status})", remedy=remedy)


@cache
def _trusted(_file: str) -> ssl.SSLContext:
    """The trusted certificates, read once for each file that may be named, since reading them takes longer than a call."""
    import httpx

    return httpx.create_ssl_context()


def patient_session() -> requests.Session:
    """What libraries call with: no call hangs for ever or is redirected; what may pass is raised, to be tried again."""
    import requests

    def see(answer: requests.Response, **_: object) -> None:
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.status_code >= _BROKEN:
            answer.close()
            raise requests.HTTPError(response=answer)

    session = requests.Session()
    session.hooks["response"].append(see)
    session.max_redirects = 0
    session.request = partial(session.request, timeout=TIMEOUT)  # type: ignore[method-assign]
    return session


def _failed(kind: str, answer: HttpAnswer | None) -> _Failed:
    if answer is None:
        return _Failed(kind, None, None)
    return _Failed(kind, int(answer.status_code), _seconds(answer.headers.get("Retry-After")))


def _seconds(text: str | None) -> float | None:
    """What a Retry-After header asks for: a number of seconds, or a date."""
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None

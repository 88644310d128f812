"""Calls of data.police.uk, within its rate limit and with retries. Pages of named officers are never asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from landscape.errors import OpenDataError

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

BASE_URL = "https://data.police.uk/api"
LICENCE = "Open Government Licence v3.0"
RATE, BURST = 15.0, 30  # requests a second, and how many at once; above that it answers 429
PASSING = frozenset({429, 502, 503})  # statuses worth another attempt
_ATTEMPTS = 5
_SECONDS_TO_ANSWER = 30.0
_LONGEST_WAIT = 60.0
_OK = 200


@dataclass(frozen=True)
class Answer:
    """The service's answer to one request, as received.

    Args:
        path: What was asked for, such as "/forces/cheshire".
        status: HTTP status; the body is JSON only with status 200.
        fetched_at: UTC, to the second.
        sha256: Checksum of the body's bytes.
        body: The body as text.
    """

    path: str
    status: int
    fetched_at: str
    sha256: str
    body: str

    @property
    def is_good(self) -> bool:
        """Whether the body is what was asked for."""
        return self.status == _OK


class Pace:
    """A token bucket: at most `burst` requests at once and `rate` a second over time.

    Args:
        rate: Tokens added each second.
        burst: Most tokens there can be.
        clock: A clock in seconds that never goes back.
        sleep: Waits a number of seconds.
    """

    def __init__(
        self,
        rate: float = RATE,
        burst: int = BURST,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate, self._burst, self._clock, self.sleep = rate, burst, clock, sleep
        self._tokens, self._at = float(burst), clock()

    def take(self) -> None:
        """Takes one token, waiting if there is none."""
        self._refill()
        if self._tokens < 1:
            self.sleep((1 - self._tokens) / self._rate)
            self._refill()
        self._tokens -= 1

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(float(self._burst), self._tokens + (now - self._at) * self._rate)
        self._at = now


class PoliceUk:
    """The service, one request at a time.

    Args:
        base_url: Where it answers.
        pace: Keeps to its rate limit.
        now: The time, with its zone.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        pace: Pace | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        import httpx

        self._pace, self._now = pace or Pace(), now
        self._http = httpx.Client(base_url=base_url, timeout=_SECONDS_TO_ANSWER)

    def close(self) -> None:
        """Closes the connection."""
        self._http.close()

    def get(self, path: str) -> Answer:
        """Asks for one path; temporary refusals (too many requests, a bad gateway) are tried again.

        Returns:
            The answer, whatever its status.

        Raises:
            OpenDataError: No answer came at all.
        """
        import httpx
        from tenacity import Retrying, retry_if_exception_type, retry_if_result, stop_after_attempt

        attempts = Retrying(
            retry=retry_if_exception_type(httpx.TransportError)
            | retry_if_result(lambda got: got.status_code in PASSING),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=_wait,
            sleep=self._pace.sleep,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            got = attempts(self._ask, path)
        except httpx.TransportError as error:
            raise OpenDataError(
                f"data.police.uk did not answer ({type(error).__name__})",
                culprits=[path],
                remedy="check whether this computer is online, then pull again: it continues where it stopped",
            ) from error
        return Answer(
            path=path,
            status=got.status_code,
            fetched_at=self._now().astimezone(dt.UTC).isoformat(timespec="seconds"),
            sha256=hashlib.sha256(got.content).hexdigest(),
            body=got.content.decode("utf-8", errors="replace"),
        )

    def _ask(self, path: str) -> httpx.Response:
        self._pace.take()
        return self._http.get(path)


def _wait(state: RetryCallState) -> float:
    """Seconds until the next attempt: what the service asks for, or longer each time."""
    got = state.outcome.result() if state.outcome and not state.outcome.failed else None
    asked = got.headers.get("Retry-After", "") if got is not None else ""
    seconds = float(asked) if asked.isdecimal() else 2.0 ** (state.attempt_number - 1)
    return min(seconds, _LONGEST_WAIT)


FORCES = "/forces"


def force_path(force: str) -> str:
    """A force, with its engagement methods."""
    return f"/forces/{force}"


def neighbourhoods_path(force: str) -> str:
    """Ids and names of a force's neighbourhoods."""
    return f"/{force}/neighbourhoods"


def neighbourhood_paths(force: str, neighbourhood_id: str) -> dict[str, str]:
    """The three calls for one neighbourhood by kind; its id is case-sensitive and may contain spaces."""
    place = f"/{force}/{quote(neighbourhood_id, safe='')}"
    return {"neighbourhood": place, "events": f"{place}/events", "priorities": f"{place}/priorities"}

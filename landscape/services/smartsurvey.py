"""SmartSurvey: responses from its API, version 2."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from landscape.errors import SourceError, SourceUnreachableError
from landscape.services.connection import Body, Connection

if TYPE_CHECKING:
    import httpx

NAME = "smartsurvey"
TITLE = "SmartSurvey"
ENDING = ".json"
PASSING = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT})
"""Its first call is known to be refused now and then."""
DELETES = "it is deleted there for good"
_PER_PAGE = 100  # the most it gives
_TOTAL = "X-SS-Pagination-Total"
_FINISHED_OR_NOT = 2
_TURNS = 4


def fetch(connection: Connection) -> Body:
    """All responses, finished or not.

    Its pages are places in a list: one response deleted while they are turned moves another to the page before. So
    where there are several pages they are turned again, until they hold all that they held the time before.

    Raises:
        SourceError: It cannot be reached, refuses, or changes faster than it can be read.
    """
    before: frozenset[int] = frozenset()
    with _client(connection) as client:
        for turn in range(_TURNS):
            found, total, n_pages = _all_pages(connection, client)
            if n_pages == 1 or (turn and before <= found.keys()):
                whole = {"total": len(found), "records": [found[number] for number in sorted(found)]}
                return Body(json.dumps(whole, ensure_ascii=False, indent=1).encode() if found else b"", total)
            before = frozenset(found)
    raise SourceUnreachableError(
        f"{TITLE}: responses go while they are being read", remedy="pull again in a quiet hour"
    )


def _all_pages(connection: Connection, client: httpx.Client) -> tuple[dict[int, dict[str, Any]], int, int]:
    """All responses by number, how many it says there are, and on how many pages they came."""
    found: dict[int, dict[str, Any]] = {}
    n_pages = 0
    while True:
        n_pages += 1
        records, total = _page(connection, client, n_pages)
        found |= {int(record["id"]): record for record in records}
        if not records or len(found) >= total:
            return found, total, n_pages


def count(connection: Connection) -> int:
    """How many responses it says there are."""
    with _client(connection) as client:
        return _page(connection, client, 1, per_page=1)[1]


def wordings(_: Connection) -> dict[str, str]:
    """None: the responses hold them."""
    return {}


def delete(connection: Connection, response_ref: str) -> bool:
    """Deletes a response."""
    with _client(connection) as client:
        answer = connection.calls.send(
            lambda: client.delete(f"{_path(connection)}/{int(response_ref)}"), accept=frozenset({HTTPStatus.NOT_FOUND})
        )
    return answer.status_code != HTTPStatus.NOT_FOUND


def _page(
    connection: Connection, client: httpx.Client, page: int, per_page: int = _PER_PAGE
) -> tuple[list[dict[str, Any]], int]:
    """The responses of one page, and how many there are on all."""
    asked: dict[str, str | int] = {
        "page": page,
        "page_size": per_page,
        "sort_by": "date_ended,asc",
        "include_labels": "true",
        "completed": _FINISHED_OR_NOT,
    }
    answer = connection.calls.send(lambda: client.get(_path(connection), params=asked))
    held = connection.calls.json(lambda: answer)
    records = held.get("records") if isinstance(held, dict) else held  # version 1 gives a bare list
    total = answer.headers.get(_TOTAL) or (held.get("total") if isinstance(held, dict) else None)
    if not isinstance(records, list) or total is None:
        raise SourceError(f"{TITLE} answered in another shape than its version 2 does", remedy="look at base_url")
    return records, int(total)


def _path(connection: Connection) -> str:
    return f"/surveys/{connection.settings['survey_id']}/responses"


def _client(connection: Connection) -> httpx.Client:
    auth = (connection.secrets["token"], connection.secrets["secret"])
    return connection.calls.client(connection.settings["base_url"], {}, auth)

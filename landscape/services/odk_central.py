"""ODK Central: submissions from its OData feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

from landscape.errors import SourceError
from landscape.services.connection import Body, Connection, counted

if TYPE_CHECKING:
    import httpx

NAME = "odk_central"
TITLE = "ODK Central"
ENDING = ".json"
PASSING: frozenset[int] = frozenset()
DELETES = "it goes to the form’s trash there, and for good after 30 days"


def fetch(connection: Connection) -> Body:
    """All submissions with their repeats: in one answer, as Central prefers, or in as many pages as it makes.

    The link to a next page holds a mark of the last submission, so that new ones move nothing to another page.

    Raises:
        SourceError: It cannot be reached or refuses.
    """
    found: list[dict[str, Any]] = []
    counts: list[int] = []
    asked = {"$count": "true", "$expand": "*"}
    with _client(connection) as client:
        while asked:
            page = _page(connection, client, asked)
            counts.append(int(page.get("@odata.count", counts[-1] if counts else -1)))
            found += page["value"]
            asked = _asked_next(page.get("@odata.nextLink", ""))
    if not found:
        return Body(b"", counts[-1])
    whole = {"@odata.context": "Submissions", "@odata.count": len(found), "value": found}
    return Body(json.dumps(whole, ensure_ascii=False, indent=1).encode(), counted(len(found), counts))


def count(connection: Connection) -> int:
    """How many submissions it says there are."""
    with _client(connection) as client:
        return int(_page(connection, client, {"$count": "true", "$top": "1"})["@odata.count"])


def wordings(_: Connection) -> dict[str, str]:
    """None: Central gives its form only as XML."""
    return {}


def delete(connection: Connection, response_ref: str) -> bool:
    """Deletes a submission."""
    with _client(connection) as client:
        path = f"{_form(connection)}/submissions/{quote(response_ref, safe='')}"
        answer = connection.calls.send(lambda: client.delete(path), accept=frozenset({HTTPStatus.NOT_FOUND}))
    return answer.status_code != HTTPStatus.NOT_FOUND


def _form(connection: Connection) -> str:
    return f"/projects/{connection.settings['project']}/forms/{quote(connection.settings['form'], safe='')}"


def _page(connection: Connection, client: httpx.Client, asked: dict[str, str]) -> dict[str, Any]:
    path = f"{_form(connection)}.svc/Submissions"
    page = connection.calls.json(lambda: client.get(path, params=asked))
    if not isinstance(page, dict) or not isinstance(page.get("value"), list):
        raise SourceError(f"{TITLE} answered in another shape than OData", remedy="look at base_url")
    return page


def _asked_next(link: str) -> dict[str, str]:
    """What a link to a next page asks for; its address is ignored, since the session's token goes with the call."""
    return dict(parse_qsl(urlsplit(link).query))


@contextmanager
def _client(connection: Connection) -> Iterator[httpx.Client]:
    """A client that signs in at the beginning and out at the end."""
    secrets, base_url = connection.secrets, f"{connection.settings['base_url']}/v1"
    asked = {"email": secrets["username"], "password": secrets["password"]}
    with connection.calls.client(base_url, {}) as client:
        session = connection.calls.json(lambda: client.post("/sessions", json=asked))
        if not isinstance(session, dict) or not isinstance(session.get("token"), str):
            raise SourceError(f"{TITLE} gave no session", remedy="look at base_url")
        client.headers["Authorization"] = f"Bearer {session['token']}"
        try:
            yield client
        finally:
            _sign_out(client)


def _sign_out(client: httpx.Client) -> None:
    """Ends the session, in one attempt: if that fails, Central ends it by itself within a day."""
    import httpx

    with suppress(httpx.HTTPError):
        client.delete("/sessions/current")

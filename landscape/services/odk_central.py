"""ODK Central: submissions by OData, through pyodk. Not here: loading them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from landscape.errors import SourceError
from landscape.services.calls import TIMEOUT
from landscape.services.connection import Body, Connection, counted

if TYPE_CHECKING:
    import requests

NAME = "odk_central"
TITLE = "ODK Central"
ENDING = ".json"
PASSING: frozenset[int] = frozenset()
DELETES = "it goes to the form’s trash there, and for good after 30 days"


def fetch(connection: Connection) -> Body:
    """All submissions with their repeats: in one answer, as Central prefers it, or in as many as it makes of it.

    The link to a next page holds a mark of the last submission, so that new ones move nothing over the edge of a page.

    Raises:
        SourceError: It cannot be reached or refuses.
    """
    found: list[dict[str, Any]] = []
    counts: list[int] = []
    with _asking(connection) as ask:
        link, asked = f"{_form(connection)}.svc/Submissions", {"$count": "true", "$expand": "*"}
        while link:
            page = ask(link, asked)
            counts.append(int(page.get("@odata.count", counts[-1] if counts else -1)))
            found += page["value"]
            link, asked = page.get("@odata.nextLink", ""), {}
    if not found:
        return Body(b"", counts[-1])
    whole = {"@odata.context": "Submissions", "@odata.count": len(found), "value": found}
    return Body(json.dumps(whole, ensure_ascii=False, indent=1).encode(), counted(len(found), counts))


def count(connection: Connection) -> int:
    """How many submissions it says there are."""
    with _asking(connection) as ask:
        return int(ask(f"{_form(connection)}.svc/Submissions", {"$count": "true", "$top": "1"})["@odata.count"])


def delete(connection: Connection, response_ref: str) -> bool:
    """Deletes a submission."""
    with _client(connection) as client:
        answer = connection.calls.send(
            lambda: _without_own_errors(lambda: client.delete(_submission(connection, response_ref))),
            accept=frozenset({HTTPStatus.NOT_FOUND}),
        )
    return bool(answer.status_code != HTTPStatus.NOT_FOUND)


def _form(connection: Connection) -> str:
    return f"projects/{connection.settings['project']}/forms/{quote(connection.settings['form'], safe='')}"


def _submission(connection: Connection, response_ref: str) -> str:
    return f"{_form(connection)}/submissions/{quote(response_ref, safe='')}"


@contextmanager
def _asking(connection: Connection) -> Iterator[Callable[[str, dict[str, str]], dict[str, Any]]]:
    """What asks for one answer of OData."""
    with _client(connection) as client:

        def ask(link: str, asked: dict[str, str]) -> dict[str, Any]:
            page = connection.calls.json(lambda: _without_own_errors(lambda: client.get(link, params=asked)))
            if not isinstance(page, dict) or "value" not in page:
                raise SourceError(f"{TITLE} answered in another shape than OData", remedy="look at base_url")
            return page

        yield ask


@contextmanager
def _client(connection: Connection) -> Iterator[Any]:
    """A client that keeps its session token in memory alone: left to itself, pyodk writes it into the user's folder."""
    from pyodk._utils.config import CentralConfig, Config
    from pyodk._utils.session import Adapter, Session
    from pyodk.client import Client

    base_url, secrets = connection.settings["base_url"], connection.secrets
    session = Session(base_url, "v1", secrets["username"], secrets["password"], cache_path=None)
    for scheme in ("https://", "http://"):
        session.mount(scheme, Adapter(timeout=TIMEOUT, max_retries=0))  # attempts are made in one place
    session.max_redirects = 0  # a password is sent on to no other address
    config = Config(central=CentralConfig(base_url, secrets["username"], secrets["password"]))
    with session:
        yield Client(session=session, config=config)


def _without_own_errors(call: Callable[[], requests.Response]) -> requests.Response:
    """A call whose sign-in fails as any call does, without pyodk's message, which repeats the answer."""
    import requests
    from pyodk.errors import PyODKError

    try:
        return call()
    except PyODKError as error:
        answer = error.args[1] if len(error.args) > 1 else None
    raise requests.HTTPError(response=answer)

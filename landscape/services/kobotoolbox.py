"""KoboToolbox: submissions from its API, version 2."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from landscape.errors import SourceError
from landscape.services.connection import Body, Connection

if TYPE_CHECKING:
    import httpx

NAME = "kobotoolbox"
TITLE = "KoboToolbox"
ENDING = ".json"
PASSING: frozenset[int] = frozenset()
DELETES = "it is deleted there for good"
_PER_PAGE = 1000  # the most it gives


def fetch(connection: Connection) -> Body:
    """All submissions.

    Each page asks for what comes after the last number seen, not for a place in the list: what arrives or goes meanwhile moves
    no other submission to another page, and a server that gives fewer than asked is simply asked again.

    Raises:
        SourceError: It cannot be reached, refuses, or gives no further pages.
    """
    found: list[dict[str, Any]] = []
    last, n_left = 0, 1
    with _client(connection) as client:
        while n_left > 0:
            asked = {"query": {"_id": {"$gt": last}}, "sort": {"_id": 1}, "limit": _PER_PAGE}
            page = _data(connection, client, asked)
            numbers = [int(entry["_id"]) for entry in page["results"]]
            if (page["count"] and not numbers) or (numbers and min(numbers) <= last):
                raise SourceError(
                    f"{TITLE} says that {int(page['count'])} more submissions are there, but does not give them",
                    remedy="pull again; if it stays so, drop an export instead and tell whoever looks after the server",
                )
            found += page["results"]
            n_left, last = int(page["count"]) - len(numbers), max(numbers, default=last)
    if not found:
        return Body(b"", 0)
    whole = {"count": len(found), "next": None, "previous": None, "results": found}
    return Body(json.dumps(whole, ensure_ascii=False, indent=1).encode(), len(found))


def count(connection: Connection) -> int:
    """How many submissions it says there are."""
    with _client(connection) as client:
        return int(_data(connection, client, {"limit": 1})["count"])


def wordings(connection: Connection) -> dict[str, str]:
    """What the form asks now, by the name of each question, in its first language."""
    with _client(connection) as client:
        asset = connection.calls.json(lambda: client.get(f"/api/v2/assets/{connection.settings['asset']}/?format=json"))
    rows = asset["content"]["survey"] if isinstance(asset, dict) else []
    return {
        row.get("name") or row["$autoname"]: row["label"][0] for row in rows if row.get("label") and row["label"][0]
    }


def delete(connection: Connection, response_ref: str) -> bool:
    """Deletes a submission, looked up by its uuid since the number it is deleted by is in no export of labels."""
    with _client(connection) as client:
        entries = _data(connection, client, {"query": {"_uuid": response_ref}, "limit": 1})["results"]
        if entries:
            path = f"{_path(connection)}{int(entries[0]['_id'])}/"
            connection.calls.send(lambda: client.delete(path))
    return bool(entries)


def _data(connection: Connection, client: httpx.Client, asked: dict[str, object]) -> dict[str, Any]:
    asked_as = {key: json.dumps(value) if isinstance(value, dict) else str(value) for key, value in asked.items()}
    page = connection.calls.json(lambda: client.get(_path(connection), params={"format": "json", **asked_as}))
    if not isinstance(page, dict) or not isinstance(page.get("results"), list) or "count" not in page:
        raise SourceError(f"{TITLE} answered in another shape than its version 2 does", remedy="look at base_url")
    return page


def _path(connection: Connection) -> str:
    return f"/api/v2/assets/{connection.settings['asset']}/data/"


def _client(connection: Connection) -> httpx.Client:
    headers = {"Authorization": f"Token {connection.secrets['token']}"}
    return connection.calls.client(connection.settings["base_url"], headers)

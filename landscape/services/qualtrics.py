"""Qualtrics: its own CSV export, asked for, waited for and fetched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from landscape.errors import SourceError, SourceUnreachableError
from landscape.services.connection import Body, Connection

if TYPE_CHECKING:
    import httpx

NAME = "qualtrics"
TITLE = "Qualtrics"
ENDING = ".csv"
PASSING: frozenset[int] = frozenset()
DELETES = "it is deleted there for good"
_ASKED = {"format": "csv", "useLabels": True}
_LONGEST_EXPORT = 900.0  # seconds


def fetch(connection: Connection) -> Body:
    """All recorded responses, as the export with three rows of headings; it says its time zone itself.

    Raises:
        SourceError: It cannot be reached or refuses, or the export fails.
    """
    with _client(connection) as client:
        n_there = _n_recorded(connection, client)
        path = f"{_path(connection)}/export-responses"
        begun = _result(connection, lambda: client.post(path, json=_ASKED))
        file_id = _wait_for(connection, client, f"{path}/{begun['progressId']}")
        packed = connection.calls.send(lambda: client.get(f"{path}/{file_id}/file")).content
    return Body(_unpacked(packed), n_there, is_least=True)


def count(connection: Connection) -> int:
    """How many recorded responses it says there are, trials aside; an export of one is begun, to see whether it may be."""
    with _client(connection) as client:
        n_there = _n_recorded(connection, client)
        _result(connection, lambda: client.post(f"{_path(connection)}/export-responses", json={**_ASKED, "limit": 1}))
        return n_there


def wordings(_: Connection) -> dict[str, str]:
    """None: the export holds them."""
    return {}


def delete(connection: Connection, response_ref: str) -> bool:
    """Deletes a response, also from the count of its quotas."""
    with _client(connection) as client:
        path = f"{_path(connection)}/responses/{quote(response_ref, safe='')}"
        answer = connection.calls.send(
            lambda: client.delete(path, params={"decrementQuotas": "true"}), accept=frozenset({HTTPStatus.NOT_FOUND})
        )
    return answer.status_code != HTTPStatus.NOT_FOUND


def _n_recorded(connection: Connection, client: httpx.Client) -> int:
    return int(_result(connection, lambda: client.get(_path(connection)))["responseCounts"]["auditable"])


def _wait_for(connection: Connection, client: httpx.Client, path: str) -> str:
    """The id of the file, once the export is ready."""
    from tenacity import Retrying, retry_if_result, stop_after_delay

    def look() -> dict[str, Any]:
        return _result(connection, lambda: client.get(path))

    state = Retrying(
        retry=retry_if_result(lambda state: state["status"] not in ("complete", "failed")),
        wait=connection.calls.wait,
        stop=stop_after_delay(_LONGEST_EXPORT),
        retry_error_callback=lambda _: {"status": "late"},
    )(look)
    if state["status"] == "complete":
        return str(state["fileId"])
    if state["status"] == "failed":
        raise SourceUnreachableError(f"{TITLE} could not make the export", remedy="pull again later")
    raise SourceUnreachableError(f"{TITLE} did not finish the export in time", remedy="pull again later")


def _unpacked(packed: bytes) -> bytes:
    """The one file in the zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            (name,) = archive.namelist()
            return archive.read(name)
    except (zipfile.BadZipFile, ValueError):
        pass
    raise SourceError(f"{TITLE} gave no whole zip with one file", remedy="pull again")


def _result(connection: Connection, call: Callable[[], httpx.Response]) -> dict[str, Any]:
    answer = connection.calls.json(call)
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise SourceError(f"{TITLE} answered in another shape than its version 3 does", remedy="look at base_url")
    return result


def _path(connection: Connection) -> str:
    return f"/API/v3/surveys/{connection.settings['survey_id']}"


def _client(connection: Connection) -> httpx.Client:
    return connection.calls.client(connection.settings["base_url"], {"X-API-TOKEN": connection.secrets["token"]})

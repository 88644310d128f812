"""Microsoft Forms: the workbook it fills on OneDrive or SharePoint, from Microsoft Graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from landscape.errors import SourceError
from landscape.services.calls import patient_session
from landscape.services.connection import Body, Connection

if TYPE_CHECKING:
    import httpx

NAME = "microsoft_forms"
TITLE = "Microsoft Graph"
ENDING = ".xlsx"
PASSING: frozenset[int] = frozenset()
DELETES = ""
_WORKBOOK = b"PK"
_EXPIRED = 7000222  # AADSTS7000222, the client secret has expired


def fetch(connection: Connection) -> Body:
    """The whole workbook: Forms itself has no API, and Graph knows files but does not count responses.

    A workbook is a zip archive with a checksum for each part: one that was cut short cannot be opened, so it is never loaded.

    Raises:
        SourceError: It cannot be reached, refuses, or gives no workbook.
    """
    with _client(connection) as client:
        content = connection.calls.send(lambda: client.get(f"{_path(connection)}/content")).content
    if not content.startswith(_WORKBOOK):
        raise SourceError(
            f"{TITLE} gave something else than a workbook",
            remedy="look whether `item` in survey.yml is the .xlsx that the form fills",
        )
    return Body(content, None)


def count(connection: Connection) -> None:
    """Checks that the workbook is there; Graph does not say how many rows it holds."""
    with _client(connection) as client:
        connection.calls.json(lambda: client.get(_path(connection), params={"$select": "id,size,lastModifiedDateTime"}))


def wordings(_: Connection) -> dict[str, str]:
    """None: the workbook is headed by them."""
    return {}


def delete(connection: Connection, response_ref: str) -> bool:
    """Not offered: a response is deleted in the form and in the workbook, by hand."""
    raise NotImplementedError(connection, response_ref)


def _path(connection: Connection) -> str:
    return f"/drives/{connection.settings['drive']}/items/{connection.settings['item']}"


def _client(connection: Connection) -> httpx.Client:
    token = connection.calls.send(lambda: _token(connection))
    headers = {"Authorization": f"Bearer {token}"}  # httpx leaves it out where an answer leads to another host
    return connection.calls.client(connection.settings["base_url"], headers, follow_redirects=True)


def _token(connection: Connection) -> str:
    """A token of the application itself, for nobody's own account."""
    import msal

    settings = connection.settings
    given: dict[str, Any] = {}
    try:
        with patient_session() as session:
            application = msal.ConfidentialClientApplication(
                settings["client_id"],
                client_credential=connection.secrets["client_secret"],
                authority=f"{settings['login_url']}/{settings['tenant']}",
                instance_discovery=False,  # the address is the project's own word, so nobody else is asked about it
                http_client=session,
            )
            given = application.acquire_token_for_client(scopes=[f"{_host(settings['base_url'])}/.default"])
    except ValueError as error:  # what msal says of a tenant that is not known; requests' own errors are of this family
        if isinstance(error, OSError):
            raise
    if "access_token" in given:
        return str(given["access_token"])
    if _EXPIRED in (given.get("error_codes") or ()):
        what, remedy = (
            "the client secret has expired",
            f"make a new one and put it into {connection.calls.variables[0]}",
        )
    else:
        what = "the application could not sign in"
        remedy = (
            f"compare tenant and client_id in survey.yml, and the secret in {connection.calls.variables[0]}, with Entra"
        )
    raise SourceError(f"{TITLE}: {what}", remedy=remedy)


def _host(base_url: str) -> str:
    return base_url.removesuffix("/v1.0")

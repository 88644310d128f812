"""LimeSurvey: its own CSV export from RemoteControl, through citric."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from landscape.errors import SourceError
from landscape.services.calls import patient_session
from landscape.services.connection import Body, Connection

if TYPE_CHECKING:
    from citric import Client

Answer = TypeVar("Answer")

NAME = "limesurvey"
TITLE = "LimeSurvey"
ENDING = ".csv"
PASSING: frozenset[int] = frozenset()
DELETES = "it is deleted there for good"
_NO_SURVEY = ("knows no such survey", "compare survey_id in survey.yml with the number in the survey's address")
_SAID = {  # what it says, in small letters, and what that means; versions spell it differently
    "login attempts": (
        "has locked this computer out for a while",
        "wait ten minutes, compare the password with what is in {}",
    ),
    "exceeded": (
        "has locked this computer out for a while",
        "wait ten minutes, compare the password with what is in {}",
    ),
    "invalid user name or password": ("does not accept the user name or password", "compare them with what is in {}"),
    "invalid survey": _NO_SURVEY,
    "invalid surveyid": _NO_SURVEY,
    "permission": ("does not let this user export the responses", "give the user the permission to export responses"),
    "session key": ("ended the session too soon", "pull again"),
}
_NOTHING = ("no data", "no available data", "not found")


def fetch(connection: Connection) -> Body:
    """All responses, submitted or not, as its own export in one file.

    An empty survey answers with an error, so its count is asked for first.

    Raises:
        SourceError: It cannot be reached or refuses.
    """
    with _client(connection) as client:
        n_there = _n_responses(connection, client)
        if not n_there:
            return Body(b"", 0)
        return Body(_asked(connection, lambda: _exported(connection, client)), n_there)


def count(connection: Connection) -> int:
    """How many responses it says there are, submitted or not; that may be asked by users who may not export them."""
    with _client(connection) as client:
        n_there = _n_responses(connection, client)
        if n_there:
            _asked(connection, lambda: _exported(connection, client, to_response_id=1))
        return n_there


def wordings(connection: Connection) -> dict[str, str]:
    """What the survey asks now, by the code of each question; nothing where the export itself is headed by wordings."""
    if connection.settings["headings"] != "code":
        return {}
    with _client(connection) as client:
        asked: list[Any] = _asked(
            connection, lambda: list(client.list_questions(int(connection.settings["survey_id"]))), []
        )
    return {str(each["title"]): str(each["question"]) for each in asked if not int(each["parent_qid"])}


def _exported(connection: Connection, client: Client, to_response_id: int | None = None) -> bytes:
    return client.export_responses(
        int(connection.settings["survey_id"]),
        file_format="csv",
        heading_type=connection.settings["headings"],
        response_type=connection.settings["answers"],
        completion_status="all",
        to_response_id=to_response_id,
    )


def delete(connection: Connection, response_ref: str) -> bool:
    """Deletes a response."""
    with _client(connection) as client:
        survey_id = int(connection.settings["survey_id"])
        return _asked(connection, lambda: client.delete_response(survey_id, int(response_ref)), None) is not None


def _n_responses(connection: Connection, client: Client) -> int:
    survey_id = int(connection.settings["survey_id"])
    return _asked(connection, lambda: client.get_summary_stat(survey_id, "full_responses"), 0)


@contextmanager
def _client(connection: Connection) -> Iterator[Client]:
    from citric import Client

    secrets, url = connection.secrets, connection.settings["remotecontrol_url"]
    with patient_session() as session:
        client = _asked(
            connection, lambda: Client(url, secrets["username"], secrets["password"], requests_session=session)
        )
        try:
            yield client
        finally:
            _asked(connection, client.close)


def _asked(connection: Connection, call: Callable[[], Answer], nothing: Answer | None = None) -> Answer:
    """The answer to a call; `nothing` where it says that there is none.

    Raises:
        SourceError: It refuses; the message repeats none of its words.
    """
    from citric.exceptions import (
        InvalidJSONResponseError,
        LimeSurveyError,
        ResponseMismatchError,
        RPCInterfaceNotEnabledError,
    )

    try:
        return connection.calls.send(call)
    except (InvalidJSONResponseError, ResponseMismatchError, RPCInterfaceNotEnabledError):
        what = "answered with something else than data"
        remedy = (
            "switch on JSON-RPC in its global settings under Interfaces; remotecontrol_url is the address shown there"
        )
    except LimeSurveyError as error:
        said = str(error).casefold()
        if any(word in said for word in _NOTHING):
            return nothing  # type: ignore[return-value]
        usual = ("refuses the call", "compare survey_id and the user's rights with docs/connecting-a-survey.md")
        what, remedy = next((meant for word, meant in _SAID.items() if word in said), usual)
    raise SourceError(f"{TITLE} {what}", remedy=remedy.format(", ".join(connection.calls.variables)))

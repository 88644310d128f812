"""Services of survey tools on this computer, behaving as their documentation says."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import ClassVar
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from exports.responses import Response
from fake_server import MARKER, Answer, FakeService, Request, as_json

from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question


class FakeKobo(FakeService):
    TOOL, VARIANT = "kobotoolbox", "json"
    SECRETS: ClassVar = {"token": f"kobo-{MARKER}"}

    def __init__(self, survey: Survey, responses: Sequence[Response]) -> None:
        super().__init__(survey, responses)
        self._numbers: dict[str, int] = {}

    def settings(self) -> dict[str, str]:
        return {"base_url": self.url, "asset": "aKobo"}

    def is_authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Token {self.SECRETS['token']}"

    def answer(self, request: Request) -> Answer:
        path = "/api/v2/assets/aKobo/data/"
        if request.path == "/api/v2/assets/aKobo/":
            survey = [{"$autoname": q.name, "label": [q.label, None]} for q in self.survey.questionnaire.questions]
            return as_json({"content": {"survey": [{"type": "begin_group", "name": "g"}, *survey], "choices": []}})
        if request.method == "DELETE":
            number = int(request.path.removeprefix(path).strip("/"))
            self.responses = [r for r in self.responses if self._number(r.number) != number]
            return Answer(status=204)
        if request.path != path:
            return as_json({"detail": "Not found."}, 404)
        query = json.loads(request.query.get("query", "{}"))
        entries = [e for e in self._entries() if all(_fits(e, key, wish) for key, wish in query.items())]
        start, limit = int(request.query.get("start", 0)), min(int(request.query.get("limit", 100)), self.page_cap)
        shown = entries[start : start + limit]
        more = f"{self.url}{path}?start={start + limit}" if start + limit < len(entries) else None
        return as_json({"count": len(entries), "next": more, "previous": None, "results": shown})

    def _entries(self) -> list[dict[str, object]]:
        entries = json.loads(self.rendered())["results"]
        return sorted((e | {"_id": self._number(e["_uuid"])} for e in entries), key=lambda e: e["_id"])

    def _number(self, uuid: str) -> int:
        return self._numbers.setdefault(uuid, 1000 + len(self._numbers))


def _fits(entry: dict[str, object], key: str, wish: object) -> bool:
    return entry[key] > wish["$gt"] if isinstance(wish, dict) else entry[key] == wish  # type: ignore[operator]


class FakeGraph(FakeService):
    """Entra and Graph on one address; encrypted, since msal speaks nothing else."""

    TOOL, VARIANT = "microsoft_forms", "joined"
    SECRETS: ClassVar = {"client_secret": f"graph-{MARKER}"}
    is_encrypted = True

    def settings(self) -> dict[str, str]:
        return {
            "base_url": f"{self.url}/v1.0",
            "login_url": self.url,
            "tenant": "our-tenant",
            "client_id": "our-client",
            "drive": "d1",
            "item": "i1",
        }

    def is_authorised(self, request: Request) -> bool:
        is_open = request.path.startswith(("/our-tenant/", "/download"))
        return is_open or request.headers.get("authorization") == f"Bearer token-{MARKER}"

    def answer(self, request: Request) -> Answer:
        base, item = f"{self.url}/our-tenant", "/v1.0/drives/d1/items/i1"
        known: dict[str, Callable[[], Answer]] = {
            "/our-tenant/v2.0/.well-known/openid-configuration": lambda: as_json(
                {"issuer": base, "token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize"}
            ),
            "/our-tenant/token": lambda: self._token(dict(parse_qsl(request.body.decode()))),
            item: lambda: as_json({"id": "i1", "size": len(self.rendered())}),
            f"{item}/content": lambda: Answer(
                status=302, headers={"Location": f"{self.url}/download?tempauth={MARKER}"}
            ),
            "/download": lambda: Answer(self.rendered(), headers={"Content-Type": "application/octet-stream"}),
        }
        found = known.get(request.path)
        return found() if found else as_json({"error": {"code": "itemNotFound"}}, 404)

    def _token(self, asked: dict[str, str]) -> Answer:
        if self.is_expired or asked.get("client_secret") != self.SECRETS["client_secret"]:
            return as_json({"error": "invalid_client", "error_description": MARKER, "error_codes": [7000222]}, 401)
        return as_json({"access_token": f"token-{MARKER}", "expires_in": 3600, "token_type": "Bearer"})

    def handle(self, request: Request) -> Answer:
        if request.path.startswith("/our-tenant/"):  # Entra answers for itself where a secret has expired
            self.asked.append(request)
            return self.always or self.faults.get(len(self.asked)) or self.answer(request)
        return super().handle(request)


class FakeCentral(FakeService):
    """ODK Central: a session token for user name and password, OData, and links that bear a mark of the last submission.

    `links_to` is the address it writes into these links, where it believes that it is called something else.
    """

    TOOL, VARIANT = "odk_central", "odata"
    SECRETS: ClassVar = {"username": f"ann-{MARKER}@example.org", "password": f"central-{MARKER}"}
    FORM = "/v1/projects/7/forms/a%20form"
    links_to = ""
    n_sessions = 0

    def settings(self) -> dict[str, str]:
        return {"base_url": self.url, "project": "7", "form": "a form"}

    def is_authorised(self, request: Request) -> bool:
        return request.path == "/v1/sessions" or request.headers.get("authorization") == f"Bearer session-{MARKER}"

    def answer(self, request: Request) -> Answer:
        if request.path == "/v1/sessions":
            asked = json.loads(request.body)
            is_known = (asked["email"], asked["password"]) == tuple(self.SECRETS.values())
            self.n_sessions += is_known
            return as_json({"token": f"session-{MARKER}"}) if is_known else as_json({"message": MARKER, **asked}, 401)
        if (request.method, request.path) == ("DELETE", "/v1/sessions/current"):
            self.n_sessions -= 1
            return as_json({"success": True})
        if request.method == "DELETE" and request.path.startswith(f"{self.FORM}/submissions/"):
            before, number = len(self.responses), request.path.rsplit("/", 1)[-1]
            self.responses = [r for r in self.responses if r.number != number]
            return as_json({"success": True}, 200 if len(self.responses) < before else 404)
        if request.path != f"{self.FORM}.svc/Submissions":
            return as_json({"message": "Could not find the resource", "code": 404.1}, 404)
        return self._submissions(request.query)

    def _submissions(self, query: dict[str, str]) -> Answer:
        assert query.get("$expand") == "*" or "$top" in query or "$skiptoken" in query
        entries = json.loads(self.rendered())["value"][::-1]  # the newest first
        marks = [entry["__id"] for entry in entries]
        start = marks.index(query["$skiptoken"]) + 1 if "$skiptoken" in query else 0
        shown = entries[start : start + min(int(query.get("$top", 10**6)), self.page_cap)]
        held: dict[str, object] = {"@odata.context": "x", "value": shown, "@odata.count": len(entries)}
        if shown and start + len(shown) < len(entries):
            held["@odata.nextLink"] = (
                f"{self.links_to or self.url}{self.FORM}.svc/Submissions?%24skiptoken={shown[-1]['__id']}"
            )
        return as_json(held)


class FakeSmartSurvey(FakeService):
    """Pages by number, each with the total in its headers."""

    TOOL, VARIANT = "smartsurvey", "csv"
    SECRETS: ClassVar = {"token": f"smart-{MARKER}", "secret": f"survey-{MARKER}"}

    def settings(self) -> dict[str, str]:
        return {"base_url": f"{self.url}/v2", "survey_id": "123456", "requests_per_minute": "60000"}

    def is_authorised(self, request: Request) -> bool:
        pair = ":".join(self.SECRETS.values())
        return request.headers.get("authorization") == f"Basic {base64.b64encode(pair.encode()).decode()}"

    def answer(self, request: Request) -> Answer:
        path = "/v2/surveys/123456/responses"
        if request.method == "DELETE" and request.path.startswith(f"{path}/"):
            before, number = len(self.responses), request.path.rsplit("/", 1)[-1]
            self.responses = [r for r in self.responses if r.number != number]
            return as_json({"status": 200}, 200 if len(self.responses) < before else 404)
        if request.path != path:
            return as_json({"status": 404}, 404)
        size = min(int(request.query.get("page_size", 10)), 100, self.page_cap)
        start = (int(request.query.get("page", 1)) - 1) * size
        records = [self._record(response) for response in self.responses[start : start + size]]
        total = str(len(self.responses))
        return as_json({"records": records, "total": len(self.responses)}, X_SS_Pagination_Total=total)

    def _record(self, response: Response) -> dict[str, object]:
        ended = response.completed_at or response.started_at
        questions = [self._question(q, response) for q in self.survey.questionnaire.questions]
        return {
            "id": int(response.number),
            "status": "completed" if response.completed_at else "partial",
            "date_started": self._utc(response.started_at),
            "date_ended": self._utc(ended),
            "contact_email": None,
            "pages": [{"id": 9001, "title": "All", "questions": questions}],
        }

    def _utc(self, moment: dt.datetime | None) -> str | None:
        if moment is None:
            return None
        aware = moment.replace(tzinfo=ZoneInfo(self.survey.time_zone))
        return aware.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @staticmethod
    def _question(question: Question, response: Response) -> dict[str, object]:
        kinds = {"select_one": "single_choice", "select_multiple": "multiple_choice"}
        given = response.answers.get(question.name)
        if not question.options:
            found = (
                [] if given is None else [{"id": 2, "type": "text", "choice_title": "Comments", "value": str(given)}]
            )
        else:
            chosen = [given] if isinstance(given, str) else list(given or ())  # type: ignore[call-overload]
            labels = {option.label for option in question.options}
            found = [
                {"id": 1, "type": "radio", "choice_title": text}
                if text in labels
                else {"id": 1, "type": "other", "choice_title": "Other (please specify)", "value": text}
                for text in chosen
            ]
        kind = kinds.get(question.kind, "open_ended")
        return {"id": 5000, "title": question.label, "type": kind, "sub_type": None, "answers": found}


class FakeLimeSurvey(FakeService):
    """RemoteControl: one address, a session key for user name and password; errors come as answers.

    `says` is what it answers to calls of a method in place of what was asked for. Off Apache its installer writes addresses
    with a question mark (`asks_by_query`).
    """

    asks_by_query = False

    TOOL, VARIANT = "limesurvey", "code"
    SECRETS: ClassVar = {"username": f"lime-{MARKER}", "password": f"survey-{MARKER}"}

    def settings(self) -> dict[str, str]:
        way = "?r=admin/remotecontrol" if self.asks_by_query else "/admin/remotecontrol"
        return {"remotecontrol_url": f"{self.url}/index.php{way}", "survey_id": "85"}

    def __init__(self, survey: Survey, responses: Sequence[Response]) -> None:
        super().__init__(survey, responses)
        self.says: dict[str, str] = {}

    def is_authorised(self, request: Request) -> bool:
        return True  # it says so in its answer

    def answer(self, request: Request) -> Answer:
        call = json.loads(request.body)
        by_query = (request.path, request.query) == ("/index.php", {"r": "admin/remotecontrol"})
        if not (by_query if self.asks_by_query else request.path == "/index.php/admin/remotecontrol"):
            return Answer(status=404)
        if call["method"] in self.says:
            return as_json({"id": call["id"], "result": {"status": self.says[call["method"]]}, "error": None})
        found = getattr(self, f"_{call['method']}")(*call["params"])
        return as_json({"id": call["id"], "result": found, "error": None})

    def handle(self, request: Request) -> Answer:
        if self.is_expired and json.loads(request.body)["method"] == "get_session_key":
            self.asked.append(request)
            call = json.loads(request.body)
            return as_json(
                {"id": call["id"], "result": {"status": f"Invalid user name or password {MARKER}"}, "error": None}
            )
        return super().handle(request)

    def _get_session_key(self, username: str, password: str, _plugin: str) -> object:
        is_known = (username, password) == tuple(self.SECRETS.values())
        return f"key-{MARKER}" if is_known else {"status": "Invalid user name or password"}

    def _release_session_key(self, _key: str) -> str:
        return "OK"

    def _get_summary(self, key: str, survey_id: int, stat: str) -> object:
        assert (key, survey_id, stat) == (f"key-{MARKER}", 85, "full_responses")
        return str(len(self.responses)) if self.responses else {"status": "No available data"}

    def _list_questions(self, _key: str, _survey_id: int, *_: object) -> object:
        asked = [
            {"title": q.name, "question": f"<p>{q.label}</p>", "parent_qid": 0}
            for q in self.survey.questionnaire.questions
        ]
        return [*asked, {"title": "SQ001", "question": "Technology", "parent_qid": 2}]

    def _export_responses(self, key: str, survey_id: int, *asked: object) -> object:
        assert (key, survey_id, asked[:5]) == (f"key-{MARKER}", 85, ("csv", None, "all", "code", "short"))
        if not self.responses:
            return {"status": "No Data, survey table does not exist."}
        kept, self.responses = self.responses, self.responses[: self.page_cap]
        content, self.responses = self.rendered(), kept
        return base64.b64encode(content).decode()

    def _delete_response(self, _key: str, _survey_id: int, number: int) -> object:
        before = len(self.responses)
        self.responses = [r for r in self.responses if r.number != str(number)]
        return {str(number): "deleted"} if len(self.responses) < before else {"status": "Response Id not found"}


class FakeQualtrics(FakeService):
    """An export is asked for, looked after, and fetched as a zip."""

    TOOL, VARIANT = "qualtrics", "csv"
    SECRETS: ClassVar = {"token": f"qualtrics-{MARKER}"}
    fails = False

    def __init__(self, survey: Survey, responses: Sequence[Response]) -> None:
        super().__init__(survey, responses)
        self._looks = 0

    def settings(self) -> dict[str, str]:
        return {"base_url": self.url, "survey_id": "SV_1"}

    def is_authorised(self, request: Request) -> bool:
        return request.headers.get("x-api-token") == self.SECRETS["token"]

    def answer(self, request: Request) -> Answer:
        path = "/API/v3/surveys/SV_1"
        if request.method == "DELETE" and request.path.startswith(f"{path}/responses/"):
            before, number = len(self.responses), request.path.rsplit("/", 1)[-1]
            self.responses = [r for r in self.responses if r.number != number]
            return as_json({"meta": {}}, 200 if len(self.responses) < before else 404)
        if request.path == path:
            return as_json(
                {"result": {"responseCounts": {"auditable": len(self.responses), "generated": 0, "deleted": 0}}}
            )
        if (request.method, request.path) == ("POST", f"{path}/export-responses"):
            assert json.loads(request.body)["format"] == "csv"
            self._looks = 0
            return as_json({"result": {"progressId": "ES_1", "percentComplete": 0.0, "status": "inProgress"}})
        if request.path == f"{path}/export-responses/ES_1":
            return as_json({"result": self._progress()})
        if request.path == f"{path}/export-responses/F-1/file":
            return Answer(self._zip())
        return as_json({"meta": {"error": {"errorMessage": MARKER}}}, 404)

    def _progress(self) -> dict[str, object]:
        self._looks += 1
        if self.fails:
            return {"percentComplete": 40.0, "status": "failed"}
        if self._looks == 1:
            return {"percentComplete": 40.0, "status": "inProgress"}
        return {"fileId": "F-1", "percentComplete": 100.0, "status": "complete"}

    def _zip(self) -> bytes:
        kept, self.responses = self.responses, self.responses[: self.page_cap]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("Tried.csv", self.rendered())
        self.responses = kept
        return packed.getvalue()


FAKES: dict[str, type[FakeService]] = {
    fake.TOOL: fake for fake in (FakeGraph, FakeKobo, FakeCentral, FakeSmartSurvey, FakeLimeSurvey, FakeQualtrics)
}

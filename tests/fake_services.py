"""Services of survey tools on this computer, behaving as their documentation says. Not here: what is expected of a pull."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.render import Response

MARKER = "s3cret-MARKER-do-not-tell"
"""Part of every secret in these tests, so that it can be searched for."""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def as_json(held: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(json.dumps(held).encode(), status, {"Content-Type": "application/json", **named})


class FakeService:
    """What all fakes share: responses that can be changed, faults at chosen calls, and a list of what was asked.

    A fault at a call stands in its answer's place; `after` runs something once a call has been answered, such as another
    response that arrives between two pages. Whatever is refused echoes the secrets, as a careless proxy would.
    """

    TOOL = ""
    VARIANT = ""
    SECRETS: ClassVar[dict[str, str]] = {}
    is_encrypted = False

    def __init__(self, survey: Survey, responses: Sequence[Response]) -> None:
        self.survey, self.responses = survey, list(responses)
        self.asked: list[Request] = []
        self.faults: dict[int, Answer] = {}
        self.always: Answer | None = None
        self.after: dict[int, Callable[[], None]] = {}
        self.page_cap = 1000
        self.is_expired = False
        self.url = ""

    def settings(self) -> dict[str, str]:
        return {"base_url": self.url}

    def handle(self, request: Request) -> Answer:
        self.asked.append(request)
        number = len(self.asked)
        answer = self.always or self.faults.get(number)
        if answer is None:
            is_known = not self.is_expired and self.is_authorised(request)
            answer = self.answer(request) if is_known else as_json({"detail": f"no: {request.headers}{MARKER}"}, 401)
        if number in self.after:
            self.after[number]()
        return answer

    def is_authorised(self, request: Request) -> bool:
        raise NotImplementedError

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def rendered(self) -> bytes:
        """All responses as the tool itself exports them."""
        dialect = DIALECTS[self.TOOL]
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"export{dialect.ENDING}"
            dialect.render(self.survey, self.responses, path, variant=self.VARIANT)
            return path.read_bytes()


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
        if request.path == "/our-tenant/token":  # it answers for itself where a secret has expired
            self.asked.append(request)
            return self.always or self.faults.get(len(self.asked)) or self.answer(request)
        return super().handle(request)


FAKES: dict[str, type[FakeService]] = {fake.TOOL: fake for fake in (FakeGraph, FakeKobo)}


@contextmanager
def serving(service: FakeService) -> Iterator[FakeService]:
    """Answers on an address of this computer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query))
            answer = service.handle(Request(self.command, parts.path, query, headers, self.rfile.read(length)))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = True

        do_GET = do_POST = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if service.is_encrypted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate())
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    service.url = f"{'https' if service.is_encrypted else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_FOLDER = TemporaryDirectory()


@cache
def certificate() -> Path:
    """A certificate of this computer with its key, for as long as the tests run."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, True, True, False, False),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = Path(_FOLDER.name) / "certificate.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path

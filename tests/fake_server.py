"""What the services imitated in tests have in common: faults, a list of calls, an address on this computer."""

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

from exports import WRITERS
from exports.responses import Response

from landscape.surveys.definition import Survey

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

    A fault at a call replaces its answer; `after` runs something once a call has been answered, such as another
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
        writer = WRITERS[self.TOOL]
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"export{writer.ENDING}"
            writer.write(self.survey, self.responses, path, variant=self.VARIANT)
            return path.read_bytes()


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

"""A small survey at each service, and pulling it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from dialect_cases import Way, as_read, survey_of
from dialect_files import question
from exports.responses import Response
from fake_server import FakeService, certificate, serving
from fake_services import FAKES
from pydantic import TypeAdapter
from tenacity import wait_none

from landscape.paths import ProjectPaths
from landscape.services.pulling import Pulled, pull
from landscape.surveys.definition import Survey
from landscape.surveys.source import AnySource, Source

NOW = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)
SERVICES = tuple(FAKES)
QUESTIONS = (
    question("Q1", "Which force?", "select_one", "Cumbria", "Cleveland", "Other"),
    question("Q2", "Which topics, if any?", "select_multiple", "Trust, and confidence", "Technology", "Young people"),
    question("Q3", "How many officers?", "integer"),
    question("Q4", "Anything else?", "text"),
)
QUESTIONS = (
    replace(
        QUESTIONS[0],
        options=tuple(replace(o, code="F.OTHER" if o.label == "Other" else o.code) for o in QUESTIONS[0].options),
    ),
    *QUESTIONS[1:],
)


def source_of(said: dict[str, object]) -> Source:
    """A source as survey.yml would say it."""
    return TypeAdapter(AnySource).validate_python(said)


def answers(number: int, **more: object) -> dict[str, object]:
    given = {
        "Q1": ("Cumbria", "Cleveland", "Other")[number % 3],
        "Q2": (["Trust, and confidence"], ["Technology", "Young people"])[number % 2],
        "Q3": number,
        "Q4": f"words of {number}; “so-called”, naïve",
    }
    return given | more


def response(number: int, *, done: bool = True, **more: object) -> Response:
    begun = dt.datetime(2025, 3, 29, 23, 30) + dt.timedelta(minutes=37 * number)  # noqa: DTZ001 - local, over a change of clocks
    while begun.date() == dt.date(2025, 3, 30) and begun.hour == 1:  # an hour that there was not
        begun += dt.timedelta(hours=1)
    return Response(
        number=str(number),
        answers=answers(number, **more),
        started_at=begun,
        completed_at=begun + dt.timedelta(minutes=5) if done else None,
    )


@dataclass
class Case:
    """A survey at its service, and the project folder it is pulled into."""

    paths: ProjectPaths
    service: FakeService
    declared: Survey

    @property
    def survey(self) -> Survey:
        """As its survey.yml declares it; the form at the service may be another."""
        variables = {name: f"TRIED_{name.upper()}" for name in self.service.SECRETS}
        said = {"service": self.service.TOOL, **self.service.settings(), "secrets": variables}
        return replace(self.declared, source=source_of(said))

    @property
    def file(self) -> Path:
        return next((self.paths.raw / "tried").glob("pulled.*"))

    def pull(self, at: dt.datetime = NOW, **more: bool) -> Pulled:
        return pull(self.paths, self.survey, at, wait=wait_none(), **more)

    def read(self, path: Path | None = None) -> list[tuple[object, ...]]:
        """The responses of a file, as a refresh reads them."""
        found = as_read(path or self.file, self.survey, Way(self.service.TOOL, ""))
        return sorted(found, key=lambda row: int(str(row[0])))


@contextmanager
def tried_at(tool: str, paths: ProjectPaths, monkeypatch: pytest.MonkeyPatch, n: int = 3) -> Iterator[Case]:
    """A survey of some responses at a service, with its secrets in the environment."""
    survey = survey_of(tool, *QUESTIONS)
    with ExitStack() as opened:
        service = opened.enter_context(serving(FAKES[tool](survey, [response(i) for i in range(1, n + 1)])))
        for name, secret in service.SECRETS.items():
            monkeypatch.setenv(f"TRIED_{name.upper()}", secret)
        if service.is_encrypted:
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate()))
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate()))
        yield Case(paths, service, survey)

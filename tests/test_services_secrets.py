"""No secret shows, whatever goes wrong. Every secret here bears a mark that is searched for."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_server import MARKER, Answer, as_json, serving
from source_cases import SERVICES, Case, tried_at
from tenacity import wait_none

from landscape.errors import LandscapeError, SurveyDefinitionError
from landscape.paths import ProjectPaths
from landscape.services.catalogue import connect
from landscape.services.checking import check_source
from landscape.services.deleting import delete_at_services
from landscape.surveys.definition import read_declared

FAULTS = {
    "a proxy that repeats the call": Answer(MARKER.encode(), 502),
    "forbidden": as_json({"detail": MARKER}, 403),
    "not found": as_json({"detail": MARKER}, 404),
    "a bad request": as_json({"detail": MARKER}, 400),
    "too many": Answer(MARKER.encode(), 429, {"Retry-After": "0"}),
    "no data": Answer(f"<html>{MARKER}</html>".encode()),
    "another shape": as_json({"detail": MARKER}),
    "another shape within": as_json(
        {"id": 1, "result": {"status": MARKER}, "error": MARKER, "value": MARKER, "results": MARKER}
    ),
    "a list": as_json([MARKER]),
    "elsewhere": Answer(status=302, headers={"Location": f"http://127.0.0.1:9/?token={MARKER}"}),
}


@pytest.fixture(params=SERVICES)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    with tried_at(request.param, ProjectPaths(tmp_path), monkeypatch) as found:
        yield found


def shown(error: BaseException | None, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """All words of an error, and of all errors that hang on to it, those that are not printed among them."""
    if error is not None and id(error) not in seen:
        yield f"{error} {error!r} {error.args} {vars(error)}"
        for other in (error.__cause__, error.__context__):
            yield from shown(other, seen | {id(error)})


def test_no_fault_shows_a_secret(
    case: Case, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words: list[str] = []
    for name, fault in FAULTS.items():
        case.service.always = fault
        with pytest.raises(LandscapeError) as caught:
            case.pull()
        words += [name, *shown(caught.value)]
    case.service.always, case.service.is_expired = None, True
    with pytest.raises(LandscapeError) as expired:
        case.pull()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        case.service.url = f"http{'s' * case.service.is_encrypted}://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(LandscapeError) as refused:
            case.pull()
        words.append(repr(check_source(case.paths, case.survey, wait_none())))
    words += [*shown(expired.value), *shown(refused.value), *capfd.readouterr(), caplog.text]
    assert len(words) > 2 * len(FAULTS)
    assert [word for word in words if MARKER in word] == []


def test_no_secret_follows_an_answer_to_another_address(case: Case, tmp_path: Path) -> None:
    elsewhere = type(case.service)(case.declared, [])
    with serving(elsewhere):
        case.service.always = Answer(status=307, headers={"Location": f"{elsewhere.url}/"})
        with pytest.raises(LandscapeError):
            case.pull()
    assert not any(MARKER in f"{asked.headers} {asked.body!r}" for asked in elsewhere.asked)


def test_what_goes_well_shows_no_secret_either(
    case: Case, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    done = case.pull()
    found = check_source(case.paths, case.survey, wait_none())
    assert (found.is_configured, found.is_reachable, found.is_authorised, found.why) == (True, True, True, "")
    assert found.n_there == (None if case.service.TOOL == "microsoft_forms" else 3)
    assert found.n_here == 3
    assert case.survey.source is not None
    connection = connect(case.survey.source, case.paths.pulled, wait_none())
    said = [repr(thing) for thing in (done, found, case.survey, connection)]
    kept = [path.read_bytes().decode("latin-1") for path in case.paths.root.rglob("*") if path.is_file()]
    assert [word for word in (*said, *kept, *capfd.readouterr(), caplog.text) if MARKER in word] == []


SURVEY = {
    "title": "Tried", "licence": "internal", "time_zone": "Europe/London", "consent_version": "1", "retain_until": "2030-12-31",
    "waves": [{"wave": "1", "opens_on": "2020-01-01", "closes_on": "2020-12-31"}],
}  # fmt: skip


def declared(root: Path, source: dict[str, object], tool: str = "kobotoolbox") -> None:
    """Reads a survey.yml with this source; JSON is YAML."""
    folder = root / "tried"
    folder.mkdir()
    written = json.dumps({**SURVEY, "tool": tool, "source": source}, indent=1) + "\n"
    (folder / "survey.yml").write_text(written, encoding="utf-8")
    read_declared(folder)


def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    said = {
        "service": "kobotoolbox",
        "base_url": "https://eu.kobotoolbox.org",
        "asset": "a",
        "secrets": {"token": MARKER},
    }
    with pytest.raises(SurveyDefinitionError, match="perhaps a secret itself") as caught:
        declared(tmp_path, said)
    assert not any(MARKER in word for word in shown(caught.value))


@pytest.mark.parametrize(
    ("said", "reported"),
    [
        ({}, "source names no service"),
        ({"service": "jisc_online_surveys"}, "source names no service"),
        ({"service": "qualtrics", "base_url": "https://q.example", "survey_id": "SV_1", "secrets": {"token": "T"}}, "not that"),
        ({"service": "qualtrics", "base_url": "https://q.example", "survey_id": "1", "secrets": {"token": "T"}}, "as in SV_"),
        ({"service": "kobotoolbox", "secrets": {"token": "T"}}, "source: asset is missing"),
        ({"service": "kobotoolbox", "base_url": "https://k.example", "asset": "a"}, "source: secrets is missing"),
        ({"service": "kobotoolbox", "base_url": "https://k.example", "asset": "a", "secrets": {}}, "secrets: token is missing"),
        ({"service": "kobotoolbox", "base_url": "https://k.example", "asset": "a", "page": 1}, "source: page is not known"),
        ({"service": "kobotoolbox", "base_url": "https://k.example", "asset": "a/b", "secrets": {"token": "T"}}, "source: asset"),
        ({"service": "kobotoolbox", "base_url": "http://k.example", "asset": "a", "secrets": {"token": "T"}}, "base_url"),
        ({"service": "kobotoolbox", "base_url": "https://u:p@k.example", "asset": "a", "secrets": {"token": "T"}}, "base_url"),
    ],
)  # fmt: skip
def test_a_source_that_says_too_little_is_refused(said: dict[str, object], reported: str, tmp_path: Path) -> None:
    with pytest.raises(SurveyDefinitionError) as caught:
        declared(tmp_path, said)
    assert any(reported in culprit for culprit in caught.value.culprits)
    assert caught.value.remedy


def test_jisc_has_no_service_and_the_message_says_so(tmp_path: Path) -> None:
    with pytest.raises(SurveyDefinitionError, match="export and drop files instead"):
        declared(tmp_path, {"service": "jisc_online_surveys"}, "jisc_online_surveys")


def test_deleting_shows_no_secret(case: Case, capfd: pytest.CaptureFixture[str]) -> None:
    from landscape.surveys.person_rows import person_rows
    from landscape.surveys.received import read_received

    case.pull()
    rows = list(person_rows(read_received(case.file, f"data/raw/tried/{case.file.name}", case.survey)))[:1]
    case.service.always = as_json({"detail": MARKER}, 403)
    (there,) = delete_at_services(case.paths, (case.survey,), rows, is_asked=True, is_dry_run=False, wait=wait_none())
    assert there.by_hand == (rows[0].response_id,)
    assert there.why
    assert not any(MARKER in word for word in (repr(there), *capfd.readouterr()))

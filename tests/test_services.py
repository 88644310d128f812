"""What is peculiar to one service: its pages, its jobs, its limits."""

from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

import pytest
from dialect_cases import survey_of
from fake_server import Answer, as_json
from fake_services import FakeCentral, FakeLimeSurvey, FakeQualtrics
from source_cases import QUESTIONS, Case, response, tried_at
from tenacity import wait_none

from landscape.errors import SourceError, SourceUnreachableError
from landscape.paths import ProjectPaths
from landscape.services.calls import Limit
from landscape.services.checking import check_source
from landscape.surveys.declared import Accepted

At = Callable[..., AbstractContextManager[Case]]
PAGED = ("kobotoolbox", "odk_central", "smartsurvey")


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """A survey at a service: at("kobotoolbox", 250)."""
    return lambda tool, n=3: tried_at(tool, ProjectPaths(tmp_path), monkeypatch, n)


@pytest.fixture(params=PAGED)
def paged(request: pytest.FixtureRequest, at: At) -> Iterator[Case]:
    """Seven responses at a service that gives no more than three at once, whatever is asked."""
    with at(request.param, 7) as case:
        case.service.page_cap = 3
        yield case


def numbers(case: Case) -> list[str]:
    return [str(row[0]) for row in case.read()]


def n_lists(case: Case) -> int:
    """How many times a list was asked for."""
    return sum(r.path.endswith(("/data/", "/Submissions", "/responses")) for r in case.service.asked)


# -- Pages


def test_all_pages_are_turned_though_each_holds_fewer_than_asked(paged: Case) -> None:
    assert paged.pull().n_responses == 7
    assert numbers(paged) == ["1", "2", "3", "4", "5", "6", "7"]
    assert n_lists(paged) >= 3


def test_a_response_that_arrives_between_two_pages_moves_nothing(paged: Case) -> None:
    first = 2 if isinstance(paged.service, FakeCentral) else 1  # Central is signed in to first
    paged.service.after = {first: lambda: paged.service.responses.append(response(8))}
    paged.pull()
    assert set(numbers(paged)) >= {"1", "2", "3", "4", "5", "6", "7"}
    assert len(numbers(paged)) == len(set(numbers(paged)))
    paged.pull()
    assert set(numbers(paged)) == {str(n) for n in range(1, 9)}


@pytest.mark.parametrize("tool", ["kobotoolbox", "smartsurvey"])
def test_a_response_that_goes_between_two_pages_hides_no_other(tool: str, at: At) -> None:
    with at(tool, 7) as case:
        case.service.page_cap = 3
        case.service.after = {1: lambda: case.service.responses.pop(0)}
        case.pull()
        assert set(numbers(case)) >= {"2", "3", "4", "5", "6", "7"}
        case.pull()
        assert set(numbers(case)) == {"2", "3", "4", "5", "6", "7"}


def test_a_pull_that_breaks_off_half_way_leaves_the_earlier_file(paged: Case) -> None:
    paged.pull()
    before, n_asked = paged.file.read_bytes(), len(paged.service.asked)
    paged.service.responses.append(response(8))
    page_2 = n_asked + (3 if isinstance(paged.service, FakeCentral) else 2)
    paged.service.faults = dict.fromkeys(range(page_2, page_2 + 9), Answer(status=500))
    with pytest.raises(SourceUnreachableError, match=r"has a fault of its own \(500\)"):
        paged.pull()
    assert paged.file.read_bytes() == before
    assert len(list(paged.file.parent.iterdir())) == 1
    paged.service.faults = {}
    assert paged.pull().n_new == 1


@pytest.mark.parametrize(
    ("tool", "body"),
    [
        ("kobotoolbox", {"count": 250, "next": None, "previous": None, "results": []}),
        ("odk_central", {"@odata.count": 250, "value": []}),
        ("smartsurvey", {"total": 250, "records": []}),
    ],
)
def test_a_list_shorter_than_its_own_count_is_refused(tool: str, body: dict[str, object], at: At) -> None:
    with at(tool) as case:
        case.pull()
        before = case.file.read_bytes()
        sign_in = as_json({"token": "any"}) if tool == "odk_central" else as_json(body)
        n = len(case.service.asked)
        case.service.faults = {n + 1: sign_in} | dict.fromkeys(range(n + 2, n + 9), as_json(body))
        with pytest.raises(SourceError):
            case.pull()
        assert case.file.read_bytes() == before


@pytest.mark.parametrize("tool", ["limesurvey", "qualtrics"])
def test_an_export_shorter_than_the_services_count_is_refused(tool: str, at: At) -> None:
    with at(tool, 5) as case:
        case.pull()
        before = case.file.read_bytes()
        case.service.page_cap = 2
        with pytest.raises(SourceError, match="2 responses came, but the service says that it holds 5"):
            case.pull()
        assert case.file.read_bytes() == before


# -- Times and responses that are not finished


@pytest.mark.parametrize("tool", ["kobotoolbox", "odk_central", "smartsurvey", "limesurvey", "qualtrics"])
def test_one_that_is_not_finished_has_no_time_of_completion(tool: str, at: At) -> None:
    with at(tool) as case:
        case.service.responses[1] = response(2, done=False)
        if tool in ("kobotoolbox", "odk_central"):  # these keep none that was not sent
            case.service.responses[1] = response(2)
        case.pull()
        done = {row[0]: row[2] is not None for row in case.read()}
        assert done == {"1": True, "2": tool in ("kobotoolbox", "odk_central"), "3": True}


def test_times_are_right_on_both_sides_of_the_change_of_clocks(at: At) -> None:
    with at("smartsurvey", 5) as case:
        case.pull()
        assert {(row[1], row[2]) for row in case.read()} == {
            (one.started_at, one.completed_at) for one in case.service.responses
        }


# -- Microsoft Forms


def test_a_file_that_is_no_workbook_is_refused(at: At) -> None:
    with at("microsoft_forms") as case:
        case.service.rendered = lambda: b"a,b\r\n1,2\r\n"  # type: ignore[method-assign]
        with pytest.raises(SourceError, match="something else than a workbook"):
            case.pull()


def test_a_workbook_that_was_cut_short_is_refused(at: At) -> None:
    with at("microsoft_forms") as case:
        whole = case.service.rendered()
        case.service.rendered = lambda: whole[: len(whole) // 2]  # type: ignore[method-assign]
        with pytest.raises(SourceError, match="cannot be used"):
            case.pull()


def test_a_client_secret_that_has_expired_is_reported_as_such(at: At) -> None:
    with at("microsoft_forms") as case:
        case.service.is_expired = True
        with pytest.raises(SourceError, match="client secret has expired"):
            case.pull()


# -- ODK Central


def test_the_session_at_central_is_ended(at: At) -> None:
    with at("odk_central") as case:
        assert isinstance(case.service, FakeCentral)
        case.pull()
        assert case.service.n_sessions == 0
        case.service.faults = dict.fromkeys(range(len(case.service.asked) + 2, 99), Answer(status=403))
        with pytest.raises(SourceError, match="does not allow this"):
            case.pull()
        assert case.service.asked[-1].path == "/v1/sessions/current", "also after a pull that failed"


def test_a_session_that_cannot_be_ended_fails_no_pull(at: At) -> None:
    with at("odk_central") as case:
        case.service.faults = {3: Answer(status=500)}  # signing in, the list, signing out
        assert case.pull().n_responses == 3
        assert len(case.service.asked) == 3


def test_no_link_of_central_leads_elsewhere(at: At) -> None:
    with at("odk_central", 7) as case:
        assert isinstance(case.service, FakeCentral)
        case.service.page_cap, case.service.links_to = 3, "http://127.0.0.1:9"
        assert case.pull().n_responses == 7


# -- SmartSurvey


def test_a_first_call_that_is_refused_by_mistake_is_made_again(at: At) -> None:
    with at("smartsurvey") as case:
        case.service.faults = {1: Answer(status=401), 2: Answer(status=409)}
        assert case.pull().n_responses == 3


def test_its_limit_holds_over_all_that_call(tmp_path: Path) -> None:
    turn = tmp_path / "smartsurvey.turn"
    before = time.monotonic()
    for _ in range(3):
        Limit(turn, per_minute=600).wait()  # each a new one, as in another process
    assert 0.2 <= time.monotonic() - before < 2


# -- LimeSurvey


def test_an_empty_survey_is_no_error(at: At) -> None:
    with at("limesurvey", 0) as case:
        assert case.pull().file == ""
        assert not list(case.paths.raw.rglob("*"))


def test_an_interface_that_is_switched_off_is_reported(at: At) -> None:
    with at("limesurvey") as case:
        case.service.always = Answer(b"")
        with pytest.raises(SourceError, match="something else than data") as caught:
            case.pull()
        assert "JSON-RPC" in caught.value.remedy


def test_the_session_is_ended(at: At) -> None:
    with at("limesurvey") as case:
        case.pull()
        assert b"release_session_key" in case.service.asked[-1].body


@pytest.mark.parametrize(
    ("method", "says", "means"),
    [
        ("get_session_key", "Invalid user name or password", "does not accept the user name"),
        (
            "get_session_key",
            "You have exceeded the number of maximum access attempts. Please wait 10 minutes before trying again.",
            "locked this computer out",
        ),
        ("get_summary", "Invalid surveyid", "no such survey"),
        ("get_summary", "Error: Invalid survey ID", "no such survey"),
        ("get_summary", "No permission", "does not let this user export"),
        ("export_responses", "No permission", "does not let this user export"),
    ],
)
def test_reasons_for_which_limesurvey_refuses_are_distinguished(at: At, method: str, says: str, means: str) -> None:
    with at("limesurvey") as case:
        assert isinstance(case.service, FakeLimeSurvey)
        case.service.says = {method: says}
        with pytest.raises(SourceError, match=means):
            case.pull()
        checked = check_source(case.paths, case.survey, wait_none())
        assert (checked.is_reachable, checked.is_authorised) == (True, False)
        assert means in checked.why


def test_an_address_of_limesurvey_may_have_a_question_mark(at: At) -> None:
    with at("limesurvey") as case:
        assert isinstance(case.service, FakeLimeSurvey)
        case.service.asks_by_query = True
        assert case.survey.source.settings["remotecontrol_url"].endswith("/index.php?r=admin/remotecontrol")
        assert case.pull().n_responses == 3


# -- Questions in other words, where exports are headed by names


@pytest.mark.parametrize("tool", ["kobotoolbox", "limesurvey"])
def test_a_question_in_other_words_is_named(at: At, tool: str) -> None:
    with at(tool) as case:
        assert case.pull().reworded == ()
        questions = [replace(q, label="How many special constables?") if q.name == "Q3" else q for q in QUESTIONS]
        case.service.survey = survey_of(tool, *questions)
        pulled = case.pull()
        assert pulled.reworded == ("Q3: “How many officers?” is now “How many special constables?”",)
        assert "questionnaire.md" in pulled.said()
        accepted = (Accepted(wave="1", question="Q3", wording="How many special constables?"),)
        case.declared = replace(case.declared, accepted=accepted)
        assert case.pull().reworded == ()


# -- Qualtrics


def test_an_export_that_fails_leaves_the_earlier_file(at: At) -> None:
    with at("qualtrics") as case:
        case.pull()
        before = case.file.read_bytes()
        assert isinstance(case.service, FakeQualtrics)
        case.service.fails = True
        with pytest.raises(SourceUnreachableError, match="could not make the export"):
            case.pull()
        assert case.file.read_bytes() == before


def test_a_zip_that_was_cut_short_is_refused(at: At) -> None:
    with at("qualtrics") as case:
        n_calls = 5  # count, job, two looks, file
        case.service.faults = {n_calls: Answer(b"PK\x03\x04 and no more")}
        with pytest.raises(SourceError, match="no whole zip"):
            case.pull()


# -- Waiting


def test_a_service_is_left_alone_for_as_long_as_it_asks(at: At) -> None:
    in_a_moment = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1.9), usegmt=True)
    for asked in ("0.3", in_a_moment):
        with at("kobotoolbox") as case:
            case.service.faults = {1: Answer(status=429, headers={"Retry-After": asked})}
            before = time.monotonic()
            case.pull()
            assert time.monotonic() - before >= 0.3


def test_a_service_that_is_not_there_is_reported(at: At) -> None:
    with at("kobotoolbox") as case:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            case.service.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(SourceUnreachableError, match="cannot be reached"):
            case.pull()

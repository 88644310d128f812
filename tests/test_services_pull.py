"""Pulling from every service, over its own protocol."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dialect_cases import survey_of
from exports import WRITERS
from exports.responses import Response
from fake_server import Answer
from source_cases import NOW, QUESTIONS, SERVICES, Case, response, tried_at

from landscape.errors import SourceError, SourceSkippedError, SourceUnreachableError
from landscape.paths import ProjectPaths
from landscape.surveys.pull_record import read_record
from landscape.surveys.received import read_received
from landscape.surveys.rewriting import write_without

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture(params=SERVICES)
def case(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    with tried_at(request.param, ProjectPaths(tmp_path), monkeypatch) as found:
        yield found


def test_a_service_and_its_file_export_give_the_same_responses(case: Case, tmp_path: Path) -> None:
    pulled = case.pull()
    assert (pulled.n_responses, pulled.n_new, pulled.n_gone, pulled.is_changed) == (3, 3, 0, True)
    export = tmp_path / f"export{WRITERS[case.survey.tool].ENDING}"
    WRITERS[case.survey.tool].write(case.survey, case.service.responses, export)
    assert case.read() == case.read(export)
    assert [row[0] for row in case.read()] == ["1", "2", "3"]


def test_pulling_again_changes_nothing(case: Case) -> None:
    case.pull()
    before = (case.file.read_bytes(), case.file.stat().st_mtime_ns, read_record(case.paths, "tried"))
    again = case.pull(LATER)
    assert (again.n_responses, again.n_new, again.n_changed, again.n_gone, again.is_changed) == (3, 0, 0, 0, False)
    assert (case.file.read_bytes(), case.file.stat().st_mtime_ns, read_record(case.paths, "tried")) == before
    assert [path.name for path in case.file.parent.iterdir()] == [case.file.name]


def test_what_is_new_edited_or_deleted_is_noticed(case: Case) -> None:
    case.pull()
    case.service.responses = [response(1), response(3, Q3=333), response(4)]
    pulled = case.pull(LATER)
    assert (pulled.n_responses, pulled.n_new, pulled.n_changed, pulled.n_gone) == (3, 1, 1, 1)
    assert {row[0]: row[3]["Q3"] for row in case.read()} == {"1": 1, "3": 333, "4": 4}
    assert read_record(case.paths, "tried").gone == {"tried/1/2": "2026-03-02"}
    case.service.responses.append(response(2))  # deleted by mistake, and brought back
    case.pull(LATER)
    assert read_record(case.paths, "tried").gone == {}


def test_a_file_that_was_damaged_here_is_replaced(case: Case) -> None:
    case.pull()
    case.file.write_bytes(case.file.read_bytes()[:9])
    assert case.pull(LATER).is_changed
    assert [row[0] for row in case.read()] == ["1", "2", "3"]


def test_a_dry_run_changes_nothing(case: Case) -> None:
    assert case.pull(is_dry_run=True).n_new == 3
    assert not list(case.paths.raw.rglob("pulled.*"))
    case.pull()
    before = case.file.read_bytes()
    case.service.responses = [response(1), response(2)]
    assert case.pull(is_dry_run=True).n_gone == 1
    assert case.file.read_bytes() == before
    assert read_record(case.paths, "tried").gone == {}


@pytest.mark.parametrize("fault", [Answer(status=503), Answer(status=429, headers={"Retry-After": "0"})])
def test_a_fault_that_passes_is_waited_for(case: Case, fault: Answer) -> None:
    case.service.faults = {1: fault, 3: fault}
    assert case.pull().n_responses == 3


def test_a_service_that_fails_leaves_the_earlier_file(case: Case) -> None:
    case.pull()
    before = case.file.read_bytes()
    case.service.responses.append(response(4))
    for fault, error in (
        (Answer(status=500), SourceUnreachableError),
        (Answer(status=429, headers={"Retry-After": "3600"}), SourceUnreachableError),
        (Answer(b"<html>Sign in</html>", headers={"Content-Type": "text/html"}), SourceError),
    ):
        case.service.always = fault
        with pytest.raises(error) as caught:
            case.pull(LATER)
        assert str(caught.value).startswith("tried: ")
        assert caught.value.remedy
        assert case.file.read_bytes() == before
        assert [path.name for path in case.file.parent.iterdir()] == [case.file.name]


def test_a_token_that_has_expired_is_reported(case: Case) -> None:
    case.service.is_expired = True
    with pytest.raises(SourceError) as caught:
        case.pull()
    assert "TRIED_" in caught.value.remedy


def test_secrets_that_are_not_set_skip_the_survey(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in case.service.SECRETS:
        monkeypatch.delenv(f"TRIED_{name.upper()}")
    with pytest.raises(SourceSkippedError) as caught:
        case.pull()
    assert set(caught.value.culprits) == {f"TRIED_{name.upper()}" for name in case.service.SECRETS}
    assert case.service.asked == []


def test_a_survey_past_its_date_is_not_pulled_again(case: Case) -> None:
    case.declared = replace(case.declared, retain_until=dt.date(2020, 1, 1))
    with pytest.raises(SourceSkippedError, match="until which its answers may be kept"):
        case.pull()
    assert case.service.asked == []


def test_a_form_that_was_cleared_clears_nothing_here(case: Case) -> None:
    case.pull()
    before = case.file.read_bytes()
    for n_gone, left in ((3, []), (3, [response(7)]), (2, [response(1), response(7)])):
        case.service.responses = left
        with pytest.raises(SourceError, match=f"{n_gone} of the 3 responses") as caught:
            case.pull(LATER)
        assert caught.value.remedy.endswith("landscape pull tried --confirm-gone")
        assert case.file.read_bytes() == before


@pytest.mark.parametrize("n_left", [0, 1])
def test_most_may_go_once_a_person_has_said_so(case: Case, n_left: int) -> None:
    case.pull()
    case.service.responses = [response(n) for n in range(1, n_left + 1)]
    pulled = case.pull(LATER, confirms_gone=True)
    assert pulled.n_gone == 3 - n_left
    assert sorted(read_record(case.paths, "tried").gone) == [f"tried/1/{n}" for n in range(n_left + 1, 4)]
    assert sum(len(case.read(path)) for path in case.paths.raw.rglob("pulled.*")) == n_left
    assert case.pull(LATER).n_gone == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_what_is_pulled_is_for_its_owner_only_also_where_someone_was_left_out(case: Case) -> None:
    case.pull()
    assert stat.S_IMODE(case.file.stat().st_mode) == 0o600
    file = read_received(case.file, f"data/raw/tried/{case.file.name}", case.survey)
    draft = case.file.with_name(f"draft{case.file.suffix}")
    write_without(file, case.file, draft, frozenset({file.export.sheets[0].rows[1].line}))
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600


def test_a_form_that_no_longer_fits_its_questionnaire_is_refused_whole(case: Case) -> None:
    case.pull()
    before = case.file.read_bytes()
    renamed = replace(QUESTIONS[2], name="Q9", label="How many cars?")
    case.service.survey = survey_of(case.declared.tool, *QUESTIONS[:2], renamed, QUESTIONS[3])
    case.service.responses = [Response("1", {"Q1": "Cumbria", "Q9": 4}, {}, *[response(1).started_at] * 2)]
    with pytest.raises(SourceError, match="cannot be used"):
        case.pull(LATER)
    assert case.file.read_bytes() == before


def test_a_response_can_be_taken_out_of_what_was_pulled(case: Case, tmp_path: Path) -> None:
    """As forgetting does, whatever the service's format."""
    case.pull()
    file = read_received(case.file, f"data/raw/tried/{case.file.name}", case.survey)
    left_out = file.export.sheets[0].rows[1].line
    draft = tmp_path / f"draft{case.file.suffix}"
    assert write_without(file, case.file, draft, frozenset({left_out}))
    assert [row[0] for row in case.read(draft)] == ["1", "3"]

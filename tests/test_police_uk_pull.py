"""Pulling data.police.uk: its pace, what it refuses, and going on."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from filelock import FileLock
from police_uk_service import NOON, Clock, recorded, serving
from typer.testing import CliRunner

from landscape.errors import OpenDataError
from landscape.opendata.police_uk import Pace
from landscape.opendata.police_uk_files import read_pulls
from landscape.opendata.police_uk_pull import forces_here, plan_pull, pull_police_uk
from pipelines.cli import app

METHODS = recorded("cheshire_engagement_methods_2020-10")["engagement_methods"]


@pytest.fixture
def service():
    with serving() as service:
        service.force("cheshire", METHODS, MC28={}, mc28={}, **{"City Centre": {}})
        yield service


def pull(project, service, now=NOON, forces=("cheshire",)):
    client = service.client(now)
    try:
        return pull_police_uk(project, client, forces, lambda: now)
    finally:
        client.close()


def test_a_pull_asks_for_all_there_is_once_and_never_for_people(project, service):
    done = pull(project, service)
    assert service.asked == [
        "/forces",
        "/forces/cheshire",
        "/cheshire/neighbourhoods",
        *("/cheshire/MC28", "/cheshire/MC28/events", "/cheshire/MC28/priorities"),
        *("/cheshire/mc28", "/cheshire/mc28/events", "/cheshire/mc28/priorities"),
        *("/cheshire/City%20Centre", "/cheshire/City%20Centre/events", "/cheshire/City%20Centre/priorities"),
    ]
    assert not any("people" in path for path in service.asked)
    assert (done.n_fetched, done.n_kept, done.statuses) == (12, 0, {200: 12})
    (kept,) = read_pulls(project.police_uk)
    assert (kept.name, kept.ended_at) == ("2026-10-01T120000Z", "2026-10-01T12:00:00+00:00")
    answer = kept.answers("cheshire")["/forces/cheshire"]
    assert json.loads(answer.body) == service.bodies["/forces/cheshire"]
    assert answer.fetched_at == "2026-10-01T12:00:00+00:00"


def test_a_burst_of_thirty_then_fifteen_a_second():
    clock = Clock()
    pace = Pace(clock=clock, sleep=clock.sleep)
    for _ in range(30):
        pace.take()
    assert clock.now == 0
    for _ in range(60):
        pace.take()
    assert clock.now == pytest.approx(60 / 15)
    clock.now += 100  # tokens never pile up beyond the burst
    for _ in range(31):
        pace.take()
    assert clock.now == pytest.approx(104 + 1 / 15)


def test_too_many_requests_waits_as_long_as_it_is_told(project, service):
    service.refusals["/cheshire/neighbourhoods"] = [(429, {"Retry-After": "7"}), (503, {}), (502, {})]
    done = pull(project, service)
    assert done.statuses == {200: 12}
    assert service.clock.waits == [7, 2, 4]


def test_an_error_is_kept_with_its_status_and_its_body_is_no_json(project, service):
    del service.bodies["/cheshire/mc28"]
    service.bodies["/cheshire/MC28/events"] = "[]"
    done = pull(project, service)
    assert done.statuses == {200: 11, 404: 1}
    answer = read_pulls(project.police_uk)[0].answers("cheshire")["/cheshire/mc28"]
    assert (answer.status, answer.body) == (404, "Not Found")


def test_what_is_refused_to_the_end_is_kept_and_asked_for_again(project, service):
    service.refusals["/cheshire/MC28/events"] = [(503, {})] * 5
    done = pull(project, service)
    assert (done.n_refused, done.statuses[503]) == (1, 1)
    assert read_pulls(project.police_uk)[0].ended_at == ""
    service.asked.clear()
    done = pull(project, service, NOON + dt.timedelta(hours=1))
    assert service.asked == ["/cheshire/MC28/events"]
    assert (done.n_fetched, done.n_kept) == (1, 11)
    (kept,) = read_pulls(project.police_uk)
    assert kept.ended_at and kept.answers("cheshire")["/cheshire/MC28/events"].is_good


def test_a_service_that_is_down_is_left_alone(project, service):
    for path in ("MC28", "MC28/events", "MC28/priorities", "mc28", "mc28/events"):
        service.refusals[f"/cheshire/{path}"] = [(503, {})] * 5
    with pytest.raises(OpenDataError, match=r"refuses: status 503, 5 times in a row[\s\S]*continues where it stopped"):
        pull(project, service)


def test_no_answer_at_all_is_said_in_words(project, service):
    client = service.client()
    client._http.base_url = "http://127.0.0.1:9"
    with pytest.raises(OpenDataError, match=r"data\.police\.uk did not answer"):
        client.get("/forces")
    client.close()


def test_an_interrupted_pull_goes_on_where_it_was(project, service):
    def interrupt(_force, n_answers):
        if n_answers == 5:
            raise KeyboardInterrupt

    client = service.client()
    with pytest.raises(KeyboardInterrupt):
        pull_police_uk(project, client, ("cheshire",), lambda: NOON, interrupt)
    client.close()
    (kept,) = read_pulls(project.police_uk)
    with (kept.folder / "cheshire.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"path": "/cheshire/mc28", "sta')  # the power went in the middle of a line
    assert len(kept.answers("cheshire")) == 5
    plan = plan_pull(project, ("cheshire",), NOON + dt.timedelta(hours=2))
    assert (plan.goes_on_with, plan.n_kept) == (kept.name, 6)
    before = list(service.asked)
    done = pull(project, service, NOON + dt.timedelta(hours=2))
    assert service.asked[: len(before)] == before
    assert not set(service.asked[len(before) :]) & set(before)
    assert (done.n_fetched, done.n_kept) == (6, 6)
    assert len(read_pulls(project.police_uk)) == 1


def test_a_pull_that_stopped_days_ago_stays_and_a_new_one_begins(project, service):
    service.refusals["/cheshire/MC28/events"] = [(503, {})] * 5
    pull(project, service)
    pull(project, service, NOON + dt.timedelta(days=7))
    first, second = read_pulls(project.police_uk)
    assert (first.ended_at, second.name) == ("", "2026-10-08T120000Z")
    assert len(second.answers("cheshire")) == 11


def test_a_plan_asks_for_nothing_and_knows_what_it_took_last_time(project, service):
    assert plan_pull(project, ("cheshire", "durham"), NOON).n_requests == {"cheshire": None, "durham": None}
    pull(project, service)
    service.asked.clear()
    plan = plan_pull(project, ("cheshire", "durham"), NOON)
    assert (plan.goes_on_with, plan.n_requests) == ("", {"cheshire": 11, "durham": None})
    assert service.asked == []


def test_a_force_that_the_service_lists_no_more_is_named_before_anything_is_asked(project, service):
    service.bodies["/forces"] = [{"id": "cheshire-police", "name": "Cheshire Police"}]
    with pytest.raises(OpenDataError, match=r"does not list these forces[\s\S]*- cheshire"):
        pull(project, service)
    assert service.asked == ["/forces"]


def test_two_pulls_do_not_run_at_once(project, service):
    project.police_uk.mkdir()
    with FileLock(project.police_uk / ".pull.lock"), pytest.raises(OpenDataError, match="another pull is running"):
        pull(project, service)
    assert service.asked == []


def test_forces_are_named_by_id_area_or_force(project):
    assert len(forces_here(project)) == 12
    assert forces_here(project, ["Cheshire Constabulary", "durham"]) == ("cheshire", "durham")
    with pytest.raises(OpenDataError, match="- Kent"):
        forces_here(project, ["Kent", "durham"])


def test_a_line_that_was_edited_is_named(project, service):
    pull(project, service)
    (kept,) = read_pulls(project.police_uk)
    path = kept.folder / "cheshire.jsonl"
    path.write_text("not json\n", encoding="utf-8")
    with pytest.raises(OpenDataError, match=r"cheshire.jsonl[\s\S]*- line 1"):
        kept.answers("cheshire")


def test_the_command_says_what_it_kept_and_a_dry_run_asks_for_nothing(project, service):
    env = {"COLUMNS": "200", "LANDSCAPE_POLICE_UK_URL": service.url}
    planned = CliRunner().invoke(app, ["police-uk", "pull", "--force", "Cheshire", "--dry-run"], env=env)
    assert "cheshire: never pulled" in planned.output and "nothing was asked for" in planned.output
    assert service.asked == [] and not project.police_uk.exists()
    pulled = CliRunner().invoke(app, ["police-uk", "pull", "--force", "Cheshire"], env=env)
    assert pulled.exit_code == 0, pulled.output
    assert "12 answers fetched, 0 already there" in pulled.output and "status 200: 12" in pulled.output

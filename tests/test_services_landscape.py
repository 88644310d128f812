"""From services and a dropped file to one landscape, and what becomes of what was deleted there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from conftest import Receive
from exports import WRITERS
from exports.responses import Response
from fake_server import MARKER, Answer, FakeService, certificate, serving
from fake_services import FAKES
from marts_landscape import NOON, SURVEYS, UP_TO_STAGED, activity, make_tables, priorities, signup, visit
from people_landscape import BART, CUMBRIA, PERPETUA, holding, joins
from source_cases import source_of
from tenacity import wait_none
from typer.testing import CliRunner

import assets.raw
from assets.raw import pulled as pulled_assets
from landscape.paths import ProjectPaths
from landscape.people.erasure import forget
from landscape.people.whom import Sought
from landscape.services import catalogue
from landscape.services.pulling import Pulled, pull
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.step import Refresh
from landscape.surveys.definition import Survey, Wave
from pipelines import definitions
from pipelines.cli import app

AT = dt.datetime(2018, 1, 1, 9, tzinfo=dt.UTC)
SIGNUPS = SURVEYS["network_signup"]
PRIORITIES = replace(SURVEYS["priority_survey"], tool="kobotoolbox")
VISITS = SURVEYS["force_visits"]
ONE_VISIT = [visit("V1", CUMBRIA, "ORG.FORCE", activities=[activity("A1", "OBJ.ACCOUNT")])]


@dataclass
class Pulling:
    """Two surveys at services of their own, and a project folder."""

    paths: ProjectPaths
    signups: FakeService
    priorities: FakeService

    def surveys(self) -> tuple[Survey, ...]:
        return (VISITS, _at(SIGNUPS, self.signups), _at(PRIORITIES, self.priorities))

    def pull(self, at: dt.datetime = AT) -> list[Pulled]:
        return [pull(self.paths, survey, at, wait=wait_none()) for survey in self.surveys()[1:]]

    @contextmanager
    def staged(self, *surveys: Survey) -> Iterator[duckdb.DuckDBPyConnection]:
        """The staged tables that surveys share, made of what is there."""
        declared = surveys or self.surveys()
        with open_staging_db(self.paths.staging_db, self.paths.lock) as con:
            make_tables(StagingDatabase(con, self.paths), declared, UP_TO_STAGED)
            yield con


def _at(survey: Survey, service: FakeService) -> Survey:
    names = {name: f"TRIED_{service.TOOL}_{name}".upper() for name in service.SECRETS}
    said = {"service": service.TOOL, **service.settings(), "secrets": names}
    return replace(survey, source=source_of(said), retain_until=dt.date(2100, 1, 1))


def made(paths: ProjectPaths, surveys: Sequence[Survey]) -> dict[str, list[tuple[object, ...]]]:
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), surveys)
        names = con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'marts' ORDER BY 1").fetchall()
        return {name: con.execute(f"SELECT * FROM marts.{name}").fetchall() for (name,) in names}


@pytest.fixture
def pulling(project: ProjectPaths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulling]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate()))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate()))
    with ExitStack() as opened:
        signups = opened.enter_context(serving(FAKES["microsoft_forms"](SIGNUPS, signed_up())))
        opinions = opened.enter_context(serving(FAKES["kobotoolbox"](PRIORITIES, asked())))
        for service in (signups, opinions):
            for name, secret in service.SECRETS.items():
                monkeypatch.setenv(f"TRIED_{service.TOOL}_{name}".upper(), secret)
        yield Pulling(project, signups, opinions)


def signed_up() -> list[Response]:
    return [signup(str(n), f"p{n}@post.example", CUMBRIA, full_name=f"Person Number{n}") for n in range(1, 5)]


def asked() -> list[Response]:
    return [priorities(f"u{n}", ["TOP.TECH", "TOP.DEMAND"][: n % 2 + 1], "TOP.TECH") for n in range(1, 5)]


@pytest.mark.slow
def test_two_services_and_a_dropped_file_make_one_landscape_however_often_they_are_pulled(
    pulling: Pulling, receive: Receive, tmp_path: Path
) -> None:
    """In one window, again, and in two windows; and as if all had been dropped."""
    receive("force_visits", ONE_VISIT)
    dropped = ProjectPaths(tmp_path / "dropped")
    (dropped.root / "data").mkdir(parents=True)
    dropped.reference.symlink_to(pulling.paths.reference)
    for survey, responses in ((VISITS, ONE_VISIT), (SIGNUPS, signed_up()), (PRIORITIES, asked())):
        writer = WRITERS[survey.tool]
        path = dropped.raw / survey.name / f"export{writer.ENDING}"
        path.parent.mkdir(parents=True)
        writer.write(survey, responses, path)
    as_dropped = made(dropped, (VISITS, SIGNUPS, PRIORITIES))
    assert {row[0] for row in as_dropped["force_areas"]} >= {CUMBRIA}

    pulling.pull()
    assert made(pulling.paths, pulling.surveys()) == as_dropped
    assert not any(done.is_changed for done in pulling.pull(AT + dt.timedelta(days=1)))

    for file in pulling.paths.raw.rglob("pulled.*"):
        file.unlink()
    for service in (pulling.signups, pulling.priorities):
        service.responses = service.responses[:2]
    pulling.pull()
    pulling.signups.responses, pulling.priorities.responses = signed_up(), asked()
    assert [done.n_new for done in pulling.pull(AT + dt.timedelta(days=2))] == [2, 2]
    assert made(pulling.paths, pulling.surveys()) == as_dropped


STATUSES = "SELECT response_ref, file_name, status FROM staged.responses WHERE survey = 'network_signup' ORDER BY 1, 2"


def test_what_is_deleted_at_the_service_counts_in_no_file(pulling: Pulling, receive: Receive) -> None:
    receive("network_signup", signed_up())  # dropped before the survey was connected
    pulling.pull()
    with pulling.staged() as con:
        assert [row[0] for row in con.execute(STATUSES).fetchall() if row[2] == "counted"] == ["1", "2", "3", "4"]
    del pulling.signups.responses[1]
    assert pulling.pull()[0].n_gone == 1
    with pulling.staged() as con:
        assert {row[0] for row in con.execute(STATUSES).fetchall()} == {"1", "3", "4"}
        found = "SELECT file_name, line, disposition FROM staged.issues WHERE reason LIKE '%withdrawn%'"
        assert con.execute(found).fetchall() == [("data/raw/network_signup/export.xlsx", 3, "row_set_aside")]
        broken = "SELECT count(*) FROM staged.conservation WHERE n_received <> n_kept + n_set_aside"
        assert con.execute(broken).fetchall() == [(0,)]


def test_another_waves_response_of_the_same_number_stays(pulling: Pulling, receive: Receive) -> None:
    """A new form for a wave begins again at 1."""
    at = NOON.replace(year=2016)
    receive("network_signup", [replace(one, started_at=at, completed_at=at) for one in signed_up()])
    pulling.pull()
    del pulling.signups.responses[1]
    pulling.pull()
    waves = (Wave("2016", dt.date(2016, 1, 1), dt.date(2016, 12, 31)), *SIGNUPS.waves)
    visits, signups, opinions = pulling.surveys()
    with pulling.staged(visits, replace(signups, waves=waves), opinions) as con:
        found = "SELECT wave, count(*) FROM staged.responses WHERE survey = 'network_signup' GROUP BY 1 ORDER BY 1"
        assert con.execute(found).fetchall() == [("2016", 4), ("2017", 3)]


def test_an_edit_at_the_service_outranks_an_older_file_of_any_name(pulling: Pulling, receive: Receive) -> None:
    receive("network_signup", signed_up(), stem="zz")
    pulling.signups.responses[0] = signup("1", "p1@post.example", CUMBRIA, full_name="Person Number1", join=False)
    pulling.pull()
    with pulling.staged() as con:
        statuses = [row[1:] for row in con.execute(STATUSES).fetchall() if row[0] == "1"]
    assert ("data/raw/network_signup/pulled.xlsx", "counted") in statuses
    assert ("data/raw/network_signup/zz.xlsx", "superseded") in statuses


# -- Forgetting


def test_forgetting_deletes_at_the_service_only_when_asked(pulling: Pulling) -> None:
    survey = replace(SURVEYS["network_signup"], name="joined", tool="kobotoolbox", retain_until=dt.date(2100, 1, 1))
    with serving(FAKES["kobotoolbox"](survey, [joins("u1", PERPETUA), joins("u2", BART)])) as service:
        there = _at(survey, service)
        pull(pulling.paths, there, AT, wait=wait_none())
        sought = Sought(BART[1])

        receipt = forget(pulling.paths, (there,), sought, AT, is_dry_run=True, at_service=True)
        assert receipt.at_services[0].deleted == ("joined/2017/u2",)
        assert len(service.responses) == 2

        receipt = forget(pulling.paths, (there,), sought, AT, is_dry_run=True)
        assert receipt.at_services[0].by_hand == ("joined/2017/u2",)
        assert "--at-service" in receipt.at_services[0].why

        receipt = forget(pulling.paths, (there,), sought, AT)
        assert len(service.responses) == 2
        again = pull(pulling.paths, there, AT + dt.timedelta(days=1), wait=wait_none())
        assert (again.forgotten, again.n_responses, again.is_changed) == (("joined/2017/u2",), 1, False)
        assert holding(pulling.paths.root, BART) == []  # the service still has them, and they do not come back

        receipt = forget(pulling.paths, (there,), Sought(PERPETUA[1]), AT, at_service=True)
        assert receipt.at_services[0].deleted == ("joined/2017/u1",)
        assert [one.number for one in service.responses] == ["u2"]


def test_a_service_that_offers_no_deletion_is_left_to_a_person(pulling: Pulling) -> None:
    pulling.pull()
    receipt = forget(pulling.paths, pulling.surveys(), Sought("p2@post.example"), AT, at_service=True)
    assert receipt.at_services[0].by_hand == ("network_signup/2017/2",)
    assert "offers no deletion" in receipt.at_services[0].why


@pytest.mark.parametrize("tool", ["odk_central", "smartsurvey", "limesurvey", "qualtrics"])
def test_every_service_that_offers_it_deletes_one_response(
    tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from source_cases import tried_at

    from landscape.services.catalogue import SERVICES, connect

    with tried_at(tool, ProjectPaths(tmp_path), monkeypatch) as case:
        assert case.survey.source is not None
        connection = connect(case.survey.source, case.paths.pulled, wait_none())
        assert SERVICES[tool].delete(connection, "2") is True
        assert [one.number for one in case.service.responses] == ["1", "3"]
        assert SERVICES[tool].delete(connection, "2") is False
        assert SERVICES[tool].DELETES


# -- Dagster and the command line


@pytest.fixture
def connected(pulling: Pulling, monkeypatch: pytest.MonkeyPatch) -> Pulling:
    """The code location as it would be if these two surveys declared their services, and were running today."""
    declared = pulling.surveys()
    monkeypatch.setattr(catalogue, "backoff", wait_none)
    monkeypatch.setattr(assets.raw, "declared_surveys", lambda: declared)
    monkeypatch.setattr(definitions, "declared_surveys", lambda: declared)
    monkeypatch.setattr(assets.raw, "survey_names", lambda: tuple(survey.name for survey in declared))
    monkeypatch.setattr(assets.raw, "pulled_names", lambda _: ("network_signup", "priority_survey"))
    return pulling


def test_a_refresh_goes_on_with_what_is_there(connected: Pulling, monkeypatch: pytest.MonkeyPatch) -> None:
    """One service fails at the first attempts and at the last; the other's secret is not set."""
    connected.pull()
    connected.signups.always = Answer(MARKER.encode(), 503)
    monkeypatch.setattr(pulled_assets, "_TRIES_AGAIN", dg.RetryPolicy(max_retries=1))
    monkeypatch.delenv("TRIED_KOBOTOOLBOX_TOKEN")
    with (
        dg.DagsterInstance.ephemeral() as instance,
        open_staging_db(connected.paths.staging_db, connected.paths.lock) as con,
    ):
        given = {"refresh": Refresh(StagingDatabase(con, connected.paths), assets.raw.declared_surveys)}
        done = dg.materialize(assets.raw.raw_layer(), instance=instance, resources=given)
        assert done.success
        checks = {c.asset_key.path[-1]: (c.passed, c.severity.value) for c in done.get_asset_check_evaluations()}
        assert checks == {"pulled_network_signup": (False, "ERROR"), "pulled_priority_survey": (False, "WARN")}
        metadata = {e.asset_key.path[-1]: e.materialization.metadata for e in done.get_asset_materialization_events()}
        assert metadata["pulled_network_signup"]["state"].value == "failed"
        assert metadata["pulled_priority_survey"]["state"].value == "skipped"
        assert metadata["received_files"]["dagster/row_count"].value == 2
        assert sum(e.is_step_up_for_retry for e in done.all_events) == 1
        kept = [entry.to_json() for entry in instance.all_logs(done.run_id)]
    assert any("Microsoft Graph has a fault of its own (503)" in text for text in kept)
    assert not any(MARKER in text for text in kept)


def said(*arguments: str) -> tuple[str, int]:
    """What a command says, and its exit status."""
    ended = CliRunner().invoke(app, arguments, env={"COLUMNS": "250"})
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    assert MARKER not in ended.output
    return ended.output, ended.exit_code


def test_the_command_line_pulls_and_says_how_sources_stand(connected: Pulling, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, status = said("pull", "--dry-run")
    assert "network_signup: 4 responses at Microsoft Graph; 4 new" in shown
    assert "nothing was written" in shown
    assert status == 0
    assert not list(connected.paths.raw.rglob("*"))

    assert "priority_survey: 4 responses at KoboToolbox" in said("pull", "priority_survey")[0]
    shown, status = said("sources", "check")
    assert "  configured: yes, reachable: yes, allowed to export: yes" in shown
    assert "  responses there: 4; here: 4, pulled " in shown
    assert "  responses there: not said by the service; here: 0" in shown
    assert status == 0

    monkeypatch.delenv("TRIED_KOBOTOOLBOX_TOKEN")
    connected.signups.is_expired = True
    for command in (("sources", "check"), ("pull",)):
        shown, status = said(*command)
        assert "TRIED_KOBOTOOLBOX_TOKEN" in shown
        assert "client secret has expired" in shown
        assert status == 3


def test_the_command_line_says_what_is_left_to_do_at_the_service(connected: Pulling) -> None:
    connected.pull()
    shown, _ = said("forget", "p2@post.example", "--dry-run", "--at-service")
    assert "By hand at Microsoft Graph, since Microsoft Graph offers no deletion of responses:" in shown
    assert "    delete network_signup/2017/2" in shown

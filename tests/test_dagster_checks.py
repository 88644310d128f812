"""How a broken rule reads, in the UI's records and on the command line."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

import dagster as dg
import pytest

from assets.tables import made_by, models, table_key
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.step import Refresh, Step
from pipelines.definitions import defs

BODIES = dg.AssetKey(["reference", "governing_bodies"])
FORCE_AREAS = dg.AssetKey(["reference", "force_areas"])
BREACH = "force_area_code is not in reference.force_areas"
ROW = "E23999999 · Body of nowhere · 2012-11-22"


@pytest.fixture
def body_of_nowhere(project: ProjectPaths) -> ProjectPaths:
    """A governing body in an area that is none."""
    with (project.reference / "governing_bodies.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerow(
            ["E23999999", "Body of nowhere", "PCC", "2012-11-22", "", "test"]
        )
    return project


def test_the_failed_check_names_rule_and_rows_and_stops_what_follows(body_of_nowhere: ProjectPaths) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_job_def("everything")
        chosen = dg.AssetSelection.assets(BODIES, FORCE_AREAS)
        assets = [a for a in defs.assets or [] if isinstance(a, dg.AssetsDefinition)]
        result = dg.materialize(
            assets, selection=chosen, resources=job.resource_defs, instance=instance, raise_on_error=False
        )
    checks = {evaluation.asset_key: evaluation for evaluation in result.get_asset_check_evaluations()}
    assert not result.success
    assert [key for key, check in checks.items() if not check.passed] == [BODIES]
    assert checks[BODIES].description == f"- {BREACH}: 1 row, at {ROW}"
    assert checks[FORCE_AREAS].description is None
    error = next(event for event in result.all_events if event.is_step_failure).step_failure_data.error
    assert f"reference.governing_bodies: {BREACH}" in str(error)


def test_all_tables_made_together_are_reported_before_the_run_stops(project: ProjectPaths) -> None:
    def make(refresh: Refresh) -> None:
        refresh.con.execute("CREATE TABLE reference.force_areas (force_area_code VARCHAR, force_area_name VARCHAR)")
        for model in shared:
            columns = ", ".join(f'NULL AS "{field.name}"' for field in model.fields)
            refresh.con.execute(f"CREATE TABLE {model.table} AS SELECT {columns}")

    shared = tuple(model for model in models("reference") if model.name in ("population", "governing_bodies"))
    together = Step("reference__together", shared, (), make, "code")
    with open_staging_db(project.staging_db, project.lock) as con:
        refresh = Refresh(StagingDatabase(con, project), tuple)
        results = made_by(together, refresh, [table_key(model.table) for model in shared])
        reported = [next(results) for _ in shared]
        assert [result.asset_key.path[-1] for result in reported] == ["governing_bodies", "population"]
        assert not any(check.passed for result in reported for check in result.check_results)
        with pytest.raises(LandscapeError) as refused:
            next(results)
    named = {culprit.partition(":")[0] for culprit in refused.value.culprits}
    assert named == {"reference.governing_bodies", "reference.population"}


@pytest.mark.slow
def test_the_command_line_names_table_rule_and_rows(body_of_nowhere: ProjectPaths) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", "refresh"],
        env={**os.environ, "COLUMNS": "400"},
        cwd=body_of_nowhere.root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert f"reference.governing_bodies: {BREACH}: 1 row, at {ROW}" in done.stderr
    assert "data/reference" in done.stderr
    assert "Traceback" not in done.stderr
    assert not body_of_nowhere.marts.exists()

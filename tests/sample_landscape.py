"""The landscape of the committed sample as a refresh leaves it, made once and copied."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from marts_landscape import CHECKOUT, SURVEYS, make_tables
from shipped import made_once

from assets.figures import figure_names
from assets.figures.layer import drawings
from assets.tables import models
from landscape.charts.page import chart_csv
from landscape.charts.render import mark_of
from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.martfiles import publish_marts
from landscape.paths import HOME_VARIABLE, ProjectPaths
from landscape.pii_scan import Known
from landscape.staging_db import StagingDatabase, check_table, open_staging_db


def project_folder(root: Path) -> ProjectPaths:
    """A project folder with facts and sample as committed, and nothing received."""
    paths = ProjectPaths(root)
    shutil.copytree(CHECKOUT.reference, paths.reference)
    shutil.copytree(CHECKOUT.sample, paths.sample)
    shutil.copy(CHECKOUT.root / "dagster.yaml", paths.root)
    paths.raw.mkdir()
    return paths


@contextmanager
def in_force(folder: Path) -> Iterator[ProjectPaths]:
    """The project folder below this one, with its keys beside it, for all that asks and for child processes."""
    paths = ProjectPaths(folder / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(paths.root))
        patch.setenv(KEY_FOLDER_VARIABLE, str(folder / "keys"))
        yield paths


@contextmanager
def sample_project(folder: Path) -> Iterator[ProjectPaths]:
    """A project of the sample, in force: all tables, the marts as published, and the figures' data without pictures."""
    shutil.copytree(made_once("sample", _make), folder, dirs_exist_ok=True)
    with in_force(folder) as paths:
        yield paths


@contextmanager
def sample_staging_db(folder: Path) -> Iterator[StagingDatabase]:
    """The same, with its staging database open."""
    with sample_project(folder) as paths, open_staging_db(paths.staging_db, paths.lock) as con:
        yield StagingDatabase(con, paths)


def _make(folder: Path) -> None:
    project_folder(folder / "project")
    with in_force(folder) as paths, open_staging_db(paths.staging_db, paths.lock) as con:
        staging_db = StagingDatabase(con, paths)
        make_tables(staging_db)
        publish(staging_db)
        _publish_data(staging_db)


def publish(staging_db: StagingDatabase, known: Known | None = None) -> list[str]:
    """Publishes the marts, each checked first."""
    return publish_marts(
        staging_db,
        models("marts"),
        (*models("staged"), *models("marts")),
        partial(check_table, staging_db.con),
        known or Known(),
    )


def _publish_data(staging_db: StagingDatabase) -> None:
    folder = staging_db.paths.figures
    folder.mkdir(parents=True)
    entries = []
    drawn = (draw() for draw in drawings(staging_db, SURVEYS.values(), set(figure_names())))
    for chart in filter(None, drawn):
        (folder / f"{chart.figure_id}.csv").write_text(chart_csv(chart.data), encoding="utf-8", newline="\n")
        words = {name: getattr(chart, name) for name in ("subtitle", "caption", "source", "n", "coverage", "is_sample")}
        sha256 = mark_of(chart, "draft").data_sha256
        files = {"csv": {"path": f"{chart.figure_id}.csv", "sha256": sha256}}
        entries.append({"id": chart.figure_id, "title": chart.headline, "release": "draft", "files": files, **words})
    (folder / "figures.json").write_text(json.dumps({"figures": entries}), encoding="utf-8")

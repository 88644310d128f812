"""One whole refresh of the sample from the command line, without a browser."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import landscape
from reporting_documents import pdf_text, word_text
from sample_landscape import sample_project
from test_interruption_marts import assert_whole, contents

from landscape.charts.sheet import SAMPLE
from landscape.martfiles import DATABASE
from landscape.paths import ProjectPaths
from pipelines.definitions import figure_names


def published(paths: ProjectPaths) -> dict[str, bytes]:
    """All files of the marts but the database, to which DuckDB gives a number of its own each time."""
    return {name: content for name, content in contents(paths.marts).items() if name not in (DATABASE, ".published")}


def test_a_refresh_of_the_sample_publishes_marts_figures_and_report(project: ProjectPaths, tmp_path: Path) -> None:
    ended = landscape("refresh")
    assert ended.returncode == 0, ended.stderr
    assert SAMPLE in ended.stdout
    assert_whole(project.marts)
    marts = published(project)
    with sample_project(tmp_path / "by the steps alone") as made:
        assert published(project) == published(made)
        by_steps = {path.name: path.read_bytes() for path in made.figures.glob("*.csv")}
    listed = json.loads((project.figures / "figures.json").read_text(encoding="utf-8"))["figures"]
    assert {figure["id"] for figure in listed} == {Path(name).stem for name in by_steps}
    assert {path.name: path.read_bytes() for path in project.figures.glob("*.csv")} == by_steps
    assert {figure["id"] for figure in listed} <= set(figure_names())
    assert all("BROWSER_PATH" in figure["pictures_missing"] for figure in listed)
    report = {kind: project.reports / f"landscape.{kind}" for kind in ("docx", "pdf", "html")}
    for text in (word_text(report["docx"]), pdf_text(report["pdf"]), report["html"].read_text(encoding="utf-8")):
        assert SAMPLE in text
    assert project.issues.exists()

    figures = contents(project.figures)
    damaged = {project.marts / "datapackage.json": b'{"resources": [', project.figures / "figures.json": b"\xff\0"}
    before = {path: path.read_bytes() for path in damaged}
    for path, damage in damaged.items():
        path.write_bytes(damage)
    again = landscape("refresh")
    assert again.returncode == 0, again.stderr
    for path in damaged:
        assert f"{path.relative_to(project.root).as_posix()} was damaged, and is made again." in again.stdout
    assert {path: path.read_bytes() for path in damaged} == before
    assert contents(project.figures) == figures
    assert published(project) == marts

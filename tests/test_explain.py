"""Numbers followed back to files, on the sample as a refresh leaves it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from figure_landscapes import REFERENCE
from offenders import failing
from sample_landscape import sample_staging_db
from typer.testing import CliRunner

from assets.figures import FIGURES
from assets.figures.layer import figure_sources
from assets.tables import models, table_models
from landscape.errors import LandscapeError
from landscape.explaining.cells import find_cell, read_cells
from landscape.explaining.explain import cells_of_figure, explain
from landscape.explaining.explanation import Explanation
from landscape.explaining.outline import outline
from landscape.explaining.safe import safe_page
from landscape.explaining.traces import trace_query, untraced
from landscape.identity.marks import add_marks
from landscape.releasing.shelf import Release, release_named
from landscape.staging_db import StagingDatabase

TRACED = [(model.table, column) for model in models("marts") for column in model.trace]
WEST_YORKSHIRE = "E23000010"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StagingDatabase]:
    """Tables made from the committed sample, and the figures' data as published, without pictures."""
    with sample_staging_db(tmp_path_factory.mktemp("sample")) as staging_db:
        yield staging_db


def explained(sample: StagingDatabase, figure: str, *words: str) -> Explanation:
    return explain(sample.con, sample.paths, table_models(), figure_sources()[figure], figure, words)


def test_every_count_of_every_row_is_the_number_of_records_traced(sample: StagingDatabase) -> None:
    def is_traced(traced: tuple[str, str]) -> None:
        model, column = table_models()[traced[0]], traced[1]
        assert untraced(sample.con, model, column) == []
        lost = sample.con.execute(
            f"SELECT record_id FROM ({trace_query(model, column)}) WHERE record_id NOT IN "
            "(SELECT record_id FROM staged.records UNION ALL SELECT response_id FROM staged.responses)"
        ).fetchall()
        assert lost == []

    assert failing(is_traced, TRACED) == []


def test_marts_that_rest_on_responses_are_traced() -> None:
    assert {model.name for model in models("marts")} >= {"objective_breakdown", "priorities", "survey_breakdown"}
    untraceable = {model.name for model in models("marts") if not model.trace}
    assert "context" in untraceable  # published statistics, explained by the lines of their files
    assert untraceable.isdisjoint({"coverage", "force_areas", "network_by_area", "priorities", "objective_breakdown"})


def test_a_bar_is_followed_to_answers_files_and_lines(sample: StagingDatabase) -> None:
    """Worked out by hand in SAMPLE-priority_survey.csv: who ticked the topic among the topics of events."""
    found = explained(sample, "priorities", "TOP.TRUST", "events")
    (mart,) = found.marts
    counts = {count.column: count for count in mart.counts}
    path = sample.paths.sample / "priority_survey" / "SAMPLE-priority_survey.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream)
        lines: dict[int, list[str]] = {}
        begins = 1  # an answer of several lines makes a row of several
        for row in reader:
            lines[begins], begins = row, reader.line_num + 1
    topics = lines[1].index("4. Which topics should future events cover? Choose any that apply.")
    selected = counts["n_selected"].records
    assert selected is not None
    assert len(selected) == counts["n_selected"].value == int(found.cell["n_selected"])
    for record in selected:
        assert record.file_name == "data/sample/priority_survey/SAMPLE-priority_survey.csv"
        assert lines[record.line][0] == record.response_id.rpartition("/")[2]
        assert "Trust and seldom-heard groups" in lines[record.line][topics]
        assert [answer.code for answer in record.answers] == ["TOP.TRUST"]
        assert record.answers[0].wording == "Which topics should future events cover? Choose any that apply."
    assert [code.code for code in found.codes] == ["TOP.TRUST"]
    assert not found.warnings


def test_an_area_is_followed_to_the_rows_of_a_repeated_part(sample: StagingDatabase) -> None:
    from openpyxl import load_workbook

    found = explained(sample, "objective_breakdown", "West Yorkshire", "OBJ.TRUST")
    (count, of) = found.marts[0].counts
    assert (count.column, of.column) == ("n_activities", "n_area_activities")
    book = load_workbook(sample.paths.sample / "force_visits" / "SAMPLE-force_visits.xlsx", read_only=True)
    sheet = next(book[name] for name in book.sheetnames if name.casefold() == "activities")
    lines = dict(enumerate(sheet.iter_rows(values_only=True), start=1))
    assert count.records
    for record in count.records:
        assert record.part == "activities"
        row = dict(zip(lines[1], lines[record.line], strict=True))
        assert record.record_id.rpartition("/")[2] == row["record"]
        is_primary = row["primary_objective"] == "Build trust with hard-to-reach groups"
        assert is_primary or row["other_objectives/OBJ.TRUST"] == "x"
    assert found.read_for_more == ("marts.objective_combinations", "marts.force_areas")


DRAWN = [name for name in FIGURES if not name.startswith("police_uk")]  # of which nothing was pulled here


def test_every_row_of_every_figure_can_be_asked_for_and_agrees_with_its_mart(sample: StagingDatabase) -> None:
    def agrees_with_its_marts(figure: str) -> None:
        cells = cells_of_figure(sample.paths.figures, figure)
        labels = [cell.label for cell in cells]
        assert len(set(labels)) == len(labels), "rows that cannot be known apart"
        found = explained(sample, figure, *cells[0].names.values())
        assert found.line == cells[0].line
        assert found.marts and not found.warnings
        for mart in found.marts:
            for count in mart.counts:
                assert count.is_hidden or sum(record.n_counted for record in count.records or ()) == (count.value or 0)

    of_surveys = ("survey_network_signup", "survey_force_visits", "survey_priority_survey")
    assert failing(agrees_with_its_marts, [*DRAWN, *of_surveys]) == []


def test_a_mart_without_a_trace_is_explained_by_the_lines_of_its_facts(sample: StagingDatabase) -> None:
    found = explained(sample, "context_pcsos", "Durham")
    workforce = next(fact for fact in found.marts[0].facts if fact.table == "reference.workforce")
    with (REFERENCE / "workforce_2017.csv").open(encoding="utf-8") as stream:
        line = stream.read().splitlines()[workforce.line - 1]
    assert line.startswith("E23000008,") and found.cell["measure_value"] in line


def test_words_that_fit_several_rows_or_none_are_answered_with_the_nearest(sample: StagingDatabase) -> None:
    cells = cells_of_figure(sample.paths.figures, "objective_breakdown")
    with pytest.raises(LandscapeError, match="fits 3 rows") as several:
        find_cell(cells, ["yorkshire", "trust"], "objective_breakdown")
    assert len(several.value.culprits) == 3
    with pytest.raises(LandscapeError, match="not a row") as none:
        find_cell(cells, ["west yorksire", "trust"], "objective_breakdown")
    assert any("West Yorkshire" in culprit for culprit in none.value.culprits)
    with pytest.raises(LandscapeError, match="no figure") as unknown:
        cells_of_figure(sample.paths.figures, "pie_chart")
    assert "coverage_map" in unknown.value.culprits


def test_what_is_hidden_in_the_figure_is_not_uncovered(sample: StagingDatabase) -> None:
    few = ("survey_network_signup", "expertise_wanted", "TOP.TRADMEDIA")
    found = explained(sample, *few)
    page = safe_page(outlined(sample, *few), table_models(), sample.paths)
    assert found.cell["answer_words"] == "fewer than 3"
    counts = [count for mart in found.marts for count in mart.counts]
    assert counts and all(count.is_hidden and count.value is None and count.records is None for count in counts)
    assert found.marts[0].row == {}
    assert "**[c], not shown to protect people** (`n_selected`)" in page


@contextmanager
def edited(sample: StagingDatabase, figure: str, words: str, old: str, new: str) -> Iterator[None]:
    """The published data of a figure with one line changed."""
    path = sample.paths.figures / f"{figure}.csv"
    kept = path.read_text(encoding="utf-8")
    rows = kept.splitlines()
    line = find_cell(read_cells(path), words.split("|"), figure).line
    assert old in rows[line - 1]
    rows[line - 1] = rows[line - 1].replace(old, new)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(kept, encoding="utf-8", newline="\n")


def outlined(sample: StagingDatabase, figure: str, *words: str, release: Release | None = None) -> Explanation:
    return outline(sample.con, sample.paths, table_models(), figure_sources()[figure], figure, words, release)


def test_the_safe_page_names_no_response_file_or_line(sample: StagingDatabase) -> None:
    found = outlined(sample, "objective_breakdown", "West Yorkshire", "OBJ.TRUST")
    page = safe_page(found, table_models(), sample.paths)
    assert "**3** (`n_activities`)" in page
    assert "Draft, not for circulation" in page and "Made-up sample data" in page
    assert "“Other objectives”" in page and "`OBJ.TRUST` Build trust" in page
    assert found.codebook_sha256 in page and found.code_version in page
    for unsafe in ("SAMPLE-", ".xlsx", "line ", "force_visits/"):
        assert unsafe not in page


def test_a_release_says_when_records_were_erased_since(sample: StagingDatabase) -> None:
    paths = sample.paths
    folder = paths.releases / "2018-02"
    manifest = {"name": "2018-02", "number": 1, "released_on": "2018-02-01", "is_sample": True}
    manifest |= {"waves": {"priority_survey": ["2017"], "force_visits": ["2017"]}}
    shutil.copytree(paths.figures, folder / "figures")
    (folder / "release.json").write_text(json.dumps(manifest), encoding="utf-8")
    release = release_named(paths, "2018-02")
    (folder / "codebook.csv").write_text(
        "scheme,code,label,definition\ntopic,TOP.TRUST,Trust,As it was\n", encoding="utf-8"
    )
    found = outlined(sample, "priorities", "TOP.TRUST", "events", release=release)
    assert [source.survey for source in found.sources] == ["priority_survey"]
    assert [code.definition for code in found.codes] == ["As it was"]
    assert list(found.wording) == ["priority_survey.events_topics"]
    page = safe_page(found, table_models(), paths, release)
    assert "release 2018-02" in page and "No record has been erased" in page and "Draft" not in page
    for day in (dt.datetime(2018, 1, 5, tzinfo=dt.UTC), dt.datetime(2018, 3, 1, tzinfo=dt.UTC)):
        add_marks(paths, paths.tombstones, [("response", (f"priority_survey/2017/{day.month}",), "")], day)
    try:
        page = safe_page(found, table_models(), paths, release)
    finally:
        paths.tombstones.unlink()
    assert "erased since this release (2018-03-01)" in page


def test_decisions_about_counted_records_are_shown(sample: StagingDatabase) -> None:
    record = "force_visits/2017/SAMPLE-V09/SAMPLE-V09-A2"
    path = sample.paths.root / "data" / "decisions.csv"
    path.write_text(f"record,field,old,new\n{record},objective,A,B\nanother,objective,A,B\n", encoding="utf-8")
    try:
        found = explained(sample, "objective_breakdown", WEST_YORKSHIRE, "OBJ.TRUST")
    finally:
        path.unlink()
    assert [decision["record"] for decision in found.decisions] == [record]


def test_a_figure_drawn_from_other_data_is_reported(sample: StagingDatabase) -> None:
    with edited(sample, "objective_breakdown", "West Yorkshire|OBJ.TRUST", ",3,8", ",1,8"):
        found = explained(sample, "objective_breakdown", "West Yorkshire", "OBJ.TRUST")
    assert len(found.warnings) == 1 and "drawn from other data" in found.warnings[0]


def test_the_command_lists_rows_and_gives_all_as_json(sample: StagingDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.cli import app

    monkeypatch.setattr("landscape.last_refresh.read_last_refresh", lambda *_: _opened(sample))
    listed = CliRunner().invoke(app, ["explain", "objective_combinations"])
    assert listed.exit_code == 0 and "OBJ.INFORM" in listed.output
    shown = CliRunner().invoke(app, ["explain", "objective_breakdown", "West Yorkshire", "OBJ.TRUST", "--json"])
    assert shown.exit_code == 0, shown.output
    held = json.loads(shown.output)
    assert held["marts"][0]["counts"][0]["value"] == 3
    assert held["marts"][0]["counts"][0]["records"][0]["line"] > 1
    shown = CliRunner().invoke(app, ["explain", "objective_breakdown", "West Yorkshire", "OBJ.TRUST"])
    assert "SAMPLE-force_visits.xlsx" in shown.output and "visited AS (" in shown.output


class _opened:
    """The staging database that is open already: one process opens a file once."""

    def __init__(self, staging_db: StagingDatabase) -> None:
        self.con = staging_db.con

    def __enter__(self) -> object:
        return self.con

    def __exit__(self, *_: object) -> None:
        pass


def test_files_say_which_figure_they_are(sample: StagingDatabase, tmp_path: Path) -> None:
    from reporting_landscape import png, svg

    from landscape.explaining.files import figures_in
    from landscape.figure_marks import Mark, marked_html, marked_png, marked_svg

    entry = json.loads((sample.paths.figures / "figures.json").read_text(encoding="utf-8"))["figures"][0]
    now, before = (Mark(entry["id"], "draft", sha) for sha in (entry["files"]["csv"]["sha256"], "0" * 64))
    (tmp_path / "a.png").write_bytes(marked_png(png(), now, dots_per_metre=13500))
    (tmp_path / "b.svg").write_text(marked_svg(svg("x").decode(), before), encoding="utf-8")
    (tmp_path / "c.html").write_text(
        marked_html("<html><head>\n</head></html>", Mark("gone", "a & b", "1")), encoding="utf-8"
    )
    states = [
        [(each.mark.figure_id, each.state) for each in figures_in(path, sample.paths)]
        for path in sorted(tmp_path.iterdir())
    ]
    assert states == [[("coverage_map", "present")], [("coverage_map", "other")], [("gone", "gone")]]
    (tmp_path / "d.png").write_bytes(png())
    with pytest.raises(LandscapeError, match="does not say which figure"):
        figures_in(tmp_path / "d.png", sample.paths)


def test_a_word_document_says_which_figures_it_shows_also_pasted_ones(tmp_path: Path) -> None:
    from docx import Document
    from reporting_documents import make
    from reporting_landscape import png

    from landscape.figure_marks import Mark, figure_properties, marked_png, read_marks
    from landscape.reporting.word import write_docx

    report, figures = make(tmp_path)
    for out in (tmp_path / "a.docx", tmp_path / "b.docx"):
        write_docx(report, figures, out)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    properties = [json.loads(text) for text in figure_properties(tmp_path / "a.docx")]
    csv_bytes = (figures / "coverage_map.csv").read_bytes()
    assert properties[0] == {
        "figure_id": "coverage_map",
        "release": "draft",
        "data_sha256": hashlib.sha256(csv_bytes).hexdigest(),
    }
    assert [mark.figure_id for mark in read_marks(tmp_path / "a.docx")] == [
        "coverage_map",
        "activity_map",
        "priorities",
    ]

    pasted = Mark("objective_maps", "2018-02", "f" * 64)
    (tmp_path / "pasted.png").write_bytes(marked_png(png(), pasted))
    own = Document()
    own.add_picture(str(tmp_path / "pasted.png"))
    own.save(str(tmp_path / "own.docx"))
    assert read_marks(tmp_path / "own.docx") == [pasted]


def test_the_safe_page_tells_nothing_of_the_records_behind_a_row(sample: StagingDatabase) -> None:
    """Two rows of one objective: one with records, one of an area nobody visited; only what the figure shows differs."""
    pages = [
        safe_page(outlined(sample, "objective_breakdown", area, "OBJ.TRUST"), table_models(), sample.paths)
        for area in ("West Yorkshire", "Cumbria")
    ]
    asked = [[line for line in page.splitlines() if line.startswith(("- Asked", "- Survey"))] for page in pages]
    assert asked[0] == asked[1] and any("Primary objective" in line for line in asked[0])
    assert not any("challenge" in line for line in asked[0])

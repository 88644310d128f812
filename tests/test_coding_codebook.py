"""Codes that come and go: what is read, what is offered, what a change would move."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from coding_landscape import CUMBRIA, tables
from conftest import Receive
from marts_landscape import make_tables, priorities, signup
from openpyxl import load_workbook
from shipped import SURVEYS_FOLDER
from test_coding_decisions import broken, rows

from assets.tables import models
from landscape.codebook import counted_codes, nearest_codes, read_codebook
from landscape.coding.changes import codebook_changes, reach_of
from landscape.errors import ReferenceDataError
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.definition import read_surveys
from landscape.surveys.forms import write_forms

Edit = Callable[..., None]


@pytest.fixture
def codebook(project: ProjectPaths) -> Edit:
    """Changes lines of the codebook file: codebook("TOP.TECH", replaced_by="TOP.PROCURE"); a new code gets a new line."""
    path = project.reference / "codebook.csv"

    def edit(code: str, *, gone: bool = False, **more: str) -> None:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        if code not in {line["code"] for line in lines}:
            lines.append(dict.fromkeys(lines[0], "") | {"code": code, "origin": "proposed"})
        lines = [line | more if line["code"] == code else line for line in lines if not (gone and line["code"] == code)]
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)

    return edit


def made_with(project: ProjectPaths, staging_db: StagingDatabase) -> None:
    make_tables(staging_db, read_surveys(SURVEYS_FOLDER, project.reference))


def test_a_retired_code_is_read_and_counted_under_the_last_that_replaced_it(
    project: ProjectPaths, receive: Receive, codebook: Edit
) -> None:
    """Two answered with what is now one topic, one of them with both; the form they answered offered all."""
    receive(
        "priority_survey", [priorities("1", ["TOP.TECH", "TOP.PROCURE"]), priorities("2", ["TOP.TECH"], "TOP.TECH")]
    )
    codebook("TOP.TECH", replaced_by="TOP.TRADMEDIA")
    codebook("TOP.TRADMEDIA", replaced_by="TOP.PROCURE", valid_to="2018-01-01")
    with open_staging_db(project.staging_db, project.lock) as con:
        made = StagingDatabase(con, project)
        made_with(project, made)
        assert rows(made, "SELECT DISTINCT code FROM staged.answers WHERE question = 'events_topics'") == [
            ("TOP.PROCURE",)
        ]
        assert rows(
            made, "SELECT option_code, n_selected, n_answered FROM marts.survey_breakdown "
            "WHERE question = 'events_topics' AND n_selected > 0 AND force_area_code IS NULL",
        ) == [("TOP.PROCURE", 2, 2)]  # fmt: skip
        assert rows(
            made,
            "SELECT topic_code, n_selected, n_first_choice FROM marts.priorities WHERE cut = 'all' AND n_selected > 0",
        ) == [("TOP.PROCURE", 2, 1)]
        assert rows(
            made, "SELECT count(*) FROM marts.priorities WHERE topic_code IN ('TOP.TECH', 'TOP.TRADMEDIA')"
        ) == [(0,)]
        assert rows(
            made, "SELECT n_received, n_kept FROM staged.conservation WHERE counted_what = 'events_topics'"
        ) == [(3, 3)]
        assert broken(made) == []


def test_a_retired_code_without_a_successor_stays_and_says_so(
    project: ProjectPaths, receive: Receive, codebook: Edit
) -> None:
    receive("priority_survey", [priorities("1", ["TOP.TECH"])])
    codebook("TOP.TECH", valid_to="2018-01-01")
    with open_staging_db(project.staging_db, project.lock) as con:
        made = StagingDatabase(con, project)
        made_with(project, made)
        named = "New technologies and media (retired)"
        assert rows(made, "SELECT DISTINCT topic_name FROM marts.priorities WHERE n_selected > 0") == [(named,)]
        ticked = "FROM marts.survey_breakdown WHERE n_selected > 0 AND question = 'events_topics'"
        assert rows(made, f"SELECT DISTINCT option_name {ticked}") == [(named,)]


def test_new_forms_leave_retired_codes_out(project: ProjectPaths, codebook: Edit, tmp_path: Path) -> None:
    codebook("TOP.TECH", replaced_by="TOP.PROCURE")
    codebook("TOP.TRUST", valid_to="2018-01-01")
    survey = next(s for s in read_surveys(SURVEYS_FOLDER, project.reference) if s.name == "priority_survey")
    form, _ = write_forms(survey, tmp_path)
    offered = {row[1] for row in load_workbook(form)["choices"].iter_rows(values_only=True)}
    assert "TOP.PROCURE" in offered
    assert not {"TOP.TECH", "TOP.TRUST"} & offered


@pytest.mark.parametrize(
    ("successors", "says"),
    [
        ({"A": "B", "B": "C", "C": "A"}, r"in a circle\n  - A → B → C → A"),
        ({"A": "A"}, "A → A"),
        ({"A": "Z", "B": "Y"}, r"(?s)A: Z is not in its list.*B: Y is not"),
        ({"A": "D"}, "A: D is not of its scheme"),
    ],
)
def test_successors_must_hold_together(successors: dict[str, str], says: str) -> None:
    schemes = {"A": "one", "B": "one", "C": "one", "D": "two"}
    listed = [{"scheme": s, "code": c, "replaced_by": successors.get(c, "")} for c, s in schemes.items()]
    with pytest.raises(ReferenceDataError, match=says):
        counted_codes(listed, "codebook.csv")


def test_a_broken_chain_stops_reading_of_surveys(project: ProjectPaths, codebook: Edit) -> None:
    codebook("TOP.TECH", replaced_by="TOP.NOWHERE")
    with pytest.raises(ReferenceDataError, match=r"TOP\.TECH: TOP\.NOWHERE"):
        read_surveys(SURVEYS_FOLDER, project.reference)


def test_the_committed_codebook_holds_together(project: ProjectPaths) -> None:
    codes = read_codebook(project.reference)
    assert len(codes) == len({code.code for code in codes}) > 200
    assert all(code.counted_as == code.code for code in codes if not code.replaced_by)


def test_a_change_is_shown_with_its_effects(project: ProjectPaths, receive: Receive, codebook: Edit) -> None:
    receive("network_signup", [signup("1", "a@one.example", CUMBRIA, topics=["Young people"], consent_analysis="Yes")])
    marts = models("marts")
    with tables(project, marts=True) as made:
        assert codebook_changes(made.con, project.reference, marts) == ()
        codebook("TOP.YOUTH", replaced_by="TOP.TRUST")
        codebook("TOP.SKILLS", label="Skills")
        codebook("TOP.DEMAND", gone=True)
        codebook("TOP.NEW", scheme="topic", label="Something new")
        found = {change.code: change for change in codebook_changes(made.con, project.reference, marts)}
        assert {code: change.what for code, change in found.items()} == {
            "TOP.YOUTH": "retired", "TOP.SKILLS": "re-worded", "TOP.NEW": "added", "TOP.DEMAND": "gone",
        }  # fmt: skip
        assert "under TOP.TRUST" in found["TOP.YOUTH"].says
        assert "will no longer be read" in found["TOP.SKILLS"].says
        old_label = "Officer skill and confidence"
        codebook("TOP.SKILLS_2017", scheme="topic", label=old_label, replaced_by="TOP.SKILLS")
        again = {change.code: change.says for change in codebook_changes(made.con, project.reference, marts)}
        assert again["TOP.SKILLS"].endswith("the old label is still read, as TOP.SKILLS")
        assert found["TOP.YOUTH"].n_answers == 1
        assert found["TOP.YOUTH"].n_rows == {"marts.survey_breakdown": 2}
        reads = {"priorities": ("marts.priorities",), "coverage_map": ("marts.force_areas",)}
        (reach,) = reach_of({"topic"}, made.con, (*models("staged"), *marts), reads)
        assert {"marts.priorities", "marts.survey_breakdown"} <= set(reach.marts)
        assert "marts.context" not in reach.marts
        assert "marts.objective_breakdown" not in reach.marts
        assert reach.figures == ("priorities",)


def test_a_mistyped_code_finds_its_neighbours() -> None:
    labels = {
        "TOP.CROSSFORCE": "Sharing between forces",
        "TOP.TRUST": "Trust and seldom-heard groups",
        "TOP.TECH": "Media",
    }
    assert nearest_codes("TOP.CROSFORCE", labels) == ["TOP.CROSSFORCE (Sharing between forces)"]
    assert nearest_codes("trust", labels) == ["TOP.TRUST (Trust and seldom-heard groups)"]
    assert nearest_codes("something else altogether", labels) == []

"""The summary, the pages of single force areas, and what changed since the last release."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader
from reporting_documents import STAMP, make, part, pdf_text, word_text
from reporting_landscape import AREAS, landscape

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.people.derived import remove_made
from landscape.publishing import published
from landscape.reporting.area_profile import compose_profile, find_area, publish_profile
from landscape.reporting.chapters.changes import Earlier, numbers_of
from landscape.reporting.compose import compose, with_changes
from landscape.reporting.content import BulletList, DataTable, Paragraph, Report, Section, plain
from landscape.reporting.pdf import write_pdf
from landscape.reporting.updating import update
from landscape.reporting.word import write_docx
from landscape.staging_db import StagingDatabase

SOFFICE = shutil.which("soffice") or ""
ALIASES = pd.DataFrame(
    [
        ("E23000005", "GMP", "short", "decides"),
        ("E23000010", "West Yorkshire Police", "force_name", "decides"),
        ("E23000013", "Teesside", "place", "suggests"),
    ],
    columns=["force_area_code", "alias", "alias_kind", "alias_use"],
)


def summary(tables: dict[str, pd.DataFrame]) -> list[str]:
    points = compose(tables, []).sections[0].blocks[0]
    assert isinstance(points, BulletList)
    return [plain(point) for point in points.items]


def profile(name: str, tables: dict[str, pd.DataFrame] | None = None) -> Section:
    annex = next(
        part for part in compose(tables or landscape(is_sample=False), []).sections if "one by one" in part.title
    )
    return next(section for section in annex.subsections if section.title == name)


def words_of(section: Section) -> str:
    return " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))


def tables_of(section: Section) -> dict[str, DataTable]:
    return {block.title: block for block in section.blocks if isinstance(block, DataTable)}


def test_the_summary_says_coverage_first_and_each_sentence_comes_from_a_table() -> None:
    assert summary(landscape(is_sample=False)) == [
        "Visits reached 9 of 12 police force areas; of 3 nothing is known, which is not the same as nothing being done.",
        "The record holds 27 activities with an objective, in 8 areas; 13 of 27 (48%) have several objectives.",
        "Most widespread among objectives: Build trust, Communicate key messages and Divert young people, in 8 of 8 areas "
        "with activities recorded.",
        "Challenges that are common by the project’s rule: 1; most widespread: Funding, asserted about 3 areas.",
        "For future events (wave 2017) the topic chosen most often is “New technologies and media”, by 20 of 40; its interval "
        "overlaps with 1 other topic, so the order is not settled.",
        "For research (wave 2017) the topic chosen most often is “New technologies and media”, by 20 of 40; its interval "
        "overlaps with 1 other topic, so the order is not settled.",
        "The network has about 50 members recorded (wave 2017).",
    ]


def test_where_nothing_stands_out_the_summary_says_so() -> None:
    tables = landscape(is_sample=False)
    tables["marts.common_challenges"]["n_areas"] = 1
    tables["marts.objective_breakdown"]["n_activities"] = 0
    tables["marts.objective_breakdown"]["state"] = "zero"
    answers = tables["safe.survey_answers"]
    answers.loc[answers["n_selected"] == 10, ["interval_low_share", "interval_high_share"]] = [0.01, 0.05]
    said = summary(tables)
    assert "Challenges that are common by the project’s rule: 1; none is clearly the most widespread." in said
    assert sum("no other topic’s interval overlaps with its own" in sentence for sentence in said) == 2
    assert not any("objectives:" in sentence for sentence in said)


def test_an_area_that_was_not_visited_is_plainly_not_covered() -> None:
    cumbria = profile("Cumbria")
    assert "This area is not covered: nobody was visited, and nothing is known" in words_of(cumbria)
    assert list(tables_of(cumbria)) == ["Official figures, 30 September 2017: Cumbria"]


def test_an_area_shows_its_visits_activities_challenges_and_gaps() -> None:
    northumbria = profile("Northumbria")
    words = words_of(northumbria)
    assert "Visits: 1 to the force and 1 to the commissioner’s office, from 1 June 2017 to 12 September 2017." in words
    assert "Activities recorded: 5. By type: Messaging (5)." in words
    assert "objectives without an activity here, 0 of 3; challenges that nobody mentioned, 0 of 2." in words
    tables = tables_of(northumbria)
    assert tables["Challenges asserted: Northumbria"].rows == (("Funding", "2", "1"), ("Trust", "2", "1"))
    assert tables["Official figures, 30 September 2017: Northumbria"].rows[1][1:] == ("[x]", "[x]")
    assert "No activity was recorded on the visits." in words_of(profile("Cheshire"))
    assert "the commissioner’s office was not visited" in words_of(profile("Cheshire"))


def test_where_something_is_withheld_nothing_is_said_to_be_missing() -> None:
    tables = landscape(is_sample=False)
    areas = tables["marts.force_areas"]
    is_cumbria = areas["force_area_name"] == "Cumbria"
    areas.loc[is_cumbria, ["state", "visits_state"]] = "not_said"
    assert words_of(profile("Cumbria", tables)).endswith(
        "Nothing is said of visits here: nobody visited, or visits may not be named. Nothing is said of activities here: "
        "none was found, nobody visited, or they may not be named."
    )
    words = words_of(profile("Merseyside", tables))
    assert "Visits that may be named: 1 to the force, from 1 June 2017 to 12 September 2017." in words
    assert "Gaps in the record are not reported: of what is missing here nothing is said." in words
    assert "not visited" not in words
    assert "Speakers" not in words
    assert summary(tables)[0] == (
        "Visits that may be named reached 9 of 12 police force areas; nothing is reported about visits to the others."
    )


def test_no_profile_counts_people_who_answered() -> None:
    tables = landscape(is_sample=False)
    tables["marts.force_areas"]["n_members"] = tables["marts.force_areas"]["n_responses"] = 98765
    report = compose(tables, [])
    assert "98,765" not in repr(report)
    assert [section.starts_page for part in report.sections for section in part.subsections].count(True) == 12


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" west  yorkshire ", "E23000010"),
        ("e23000010", "E23000010"),
        ("GMP", "E23000005"),
        ("west yorkshire police", "E23000010"),
    ],
)
def test_an_area_is_found_by_name_code_or_known_spelling(typed: str, code: str) -> None:
    assert find_area(typed, landscape()["marts.force_areas"], ALIASES) == code


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [("West Yorks", "West Yorkshire"), ("Teesside", "Cleveland"), ("Atlantis", "Cheshire, Cleveland")],
)
def test_an_unknown_area_is_answered_with_the_nearest(typed: str, remedy: str) -> None:
    with pytest.raises(LandscapeError, match=remedy):
        find_area(typed, landscape()["marts.force_areas"], ALIASES)


def test_a_profile_alone_has_no_cover_and_says_that_it_is_made_up(tmp_path: Path) -> None:
    report = compose_profile(landscape(), "E23000002", "Cumbria")
    write_docx(report, tmp_path, tmp_path / "cumbria.docx")
    write_pdf(report, tmp_path, tmp_path / "cumbria.pdf")
    lines = word_text(tmp_path / "cumbria.docx").splitlines()
    assert lines[:3] == ["Cumbria", "Police-community engagement: profile of a force area", STAMP]
    assert "Contents" not in lines
    assert len(PdfReader(tmp_path / "cumbria.pdf").pages) == 1
    assert "This area is not covered" not in pdf_text(tmp_path / "cumbria.pdf")
    assert "In the made-up sample, this area is not covered" in pdf_text(tmp_path / "cumbria.pdf")
    assert all(name not in word_text(tmp_path / "cumbria.docx") for _, name, *_ in AREAS if name != "Cumbria")


def test_profiles_are_published_one_by_one_and_a_persons_own_file_is_none_of_them(tmp_path: Path) -> None:
    tables = {**landscape(), "reference.aliases": ALIASES}
    with duckdb.connect() as con:
        for name, table in tables.items():
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {name.partition('.')[0]}")
            con.register("table_", table)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM table_")
        staging_db = StagingDatabase(con, ProjectPaths(tmp_path))
        folder = staging_db.paths.area_profiles
        folder.mkdir(parents=True)
        (folder / "mine.docx").touch()
        assert [path.name for path in publish_profile(staging_db, "GMP")] == [
            "greater-manchester.docx",
            "greater-manchester.pdf",
        ]
        publish_profile(staging_db, "cumbria")
    assert published(folder) == {
        f"{area}.{kind}" for area in ("cumbria", "greater-manchester") for kind in ("docx", "pdf")
    }
    assert remove_made(staging_db.paths)
    assert [path.name for path in folder.iterdir()] == ["mine.docx"]


def changes(report: Report, earlier: Earlier | None) -> Section:
    return next(part for part in with_changes(report, earlier).sections if part.title.startswith("What changed"))


def test_without_a_release_nothing_is_compared() -> None:
    report = compose(landscape(), [])
    assert words_of(changes(report, None)) == "Nothing has been released yet, so there is nothing to compare with."


def test_what_changed_since_the_last_release_is_listed_number_by_number() -> None:
    report = compose(landscape(is_sample=False), [])
    then = {number.id: number.text for number in numbers_of(report)} | {"coverage.n_neither_visited": "4", "gone": "1"}
    del then["coverage.n_areas"]
    section = changes(report, Earlier("spring-2018", datetime.date(2018, 4, 3), then))
    compared = {number.id for number in numbers_of(report) if not number.id.startswith(("status.", "area."))}
    n_shared = len(compared) - 1
    assert words_of(section).startswith(
        f"Compared with release spring-2018 of 3 April 2018: 1 number or name changed, of {n_shared} that are in both "
    )
    assert tables_of(section)["Numbers that changed since the last release"].rows == (
        ("Coverage: neither visited", "4", "3"),
    )


def test_the_same_id_has_the_same_text_everywhere() -> None:
    texts: dict[str, set[str]] = {}
    for number in numbers_of(compose(landscape(), [])):
        texts.setdefault(number.id, set()).add(number.text)
    assert [number for number, said in texts.items() if len(said) > 1] == []
    assert "" not in {text for said in texts.values() for text in said}  # some programs drop an empty control


@pytest.mark.skipif(not SOFFICE, reason="needs LibreOffice")
def test_a_document_saved_by_libreoffice_is_brought_up_to_date(tmp_path: Path) -> None:
    report, figures = make(tmp_path)
    write_docx(report, figures, figures / "landscape.docx")
    convert = [
        SOFFICE,
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "docx",
    ]
    subprocess.run(
        [*convert, "--outdir", tmp_path, figures / "landscape.docx"], check=True, capture_output=True, timeout=120
    )
    saved = tmp_path / "landscape.docx"
    untouched = update(saved, figures / "landscape.docx", tmp_path / "same.docx")
    assert (untouched.changes, untouched.unknown, untouched.emptied) == ([], [], [])
    real, figures = make(tmp_path / "real", is_sample=False)
    write_docx(real, figures, figures / "landscape.docx")
    outcome = update(saved, figures / "landscape.docx", tmp_path / "out.docx")
    assert outcome.unknown == []
    assert "Visits reached 9 of 12 police force areas" in word_text(tmp_path / "out.docx")
    assert "Made-up" not in part(tmp_path / "out.docx", "word/header1.xml")
    assert Document(str(tmp_path / "out.docx")).paragraphs

"""Whole refreshes from the command line: what is said, and that nobody is exposed."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest
from conftest import Receive, landscape
from marts_landscape import LABELS, signup
from reporting_documents import pdf_text, word_text
from test_interruption_marts import assert_whole, contents

from landscape.charts.sheet import SAMPLE
from landscape.paths import ProjectPaths

CUMBRIA = "E23000002"
SCRIPT = "<script>alert('landscape')</script>"
NAMES = ("Perpetua Quillfeather", "Bartholomew Thistlewood")
EMAILS = ("p.quillfeather@thistlewood-post.example", "Bart@Thistlewood-Post.example")
TELEPHONES = ("07700 900417", "07700 900982")
PERSONAL = (*NAMES, "Quillfeather", *EMAILS, *(email.casefold() for email in EMAILS), *TELEPHONES)

pytestmark = pytest.mark.slow


def texts_of(path: Path) -> list[bytes]:
    """The bytes of a file, and what it keeps compressed."""
    found = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            found += [archive.read(name) for name in archive.namelist()]
    if path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as con:
            tables = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
            found += [str(con.execute(f"SELECT * FROM {table}").fetchall()).encode() for (table,) in tables]
    if path.suffix == ".pdf":
        found.append(pdf_text(path).encode())
    return found


def test_one_real_file_alone(project: ProjectPaths, receive: Receive) -> None:
    """Sign-ups of two real people and nothing else: the sample steps aside, the people stay in their file."""
    people = [
        signup(
            str(number), email, area, full_name=name, telephone=telephone, organisation=SCRIPT,
            topics=[LABELS["TOP.TECH"], f"Own words of {name.split()[0]}: {SCRIPT}"],
        )
        for number, (name, email, telephone, area) in enumerate(
            zip(NAMES, EMAILS, TELEPHONES, (CUMBRIA, SCRIPT), strict=True), start=1
        )
    ]  # fmt: skip
    received = receive("network_signup", people)
    ended = landscape("refresh")
    assert ended.returncode == 0, ended.stderr
    assert "1, with 2 rows" in ended.stdout
    assert SAMPLE not in ended.stdout

    # No sample, no priorities and no visits, and all is made all the same.
    assert_whole(project.marts)
    package = json.loads((project.marts / "datapackage.json").read_text(encoding="utf-8"))
    assert not package["is_sample"]
    rows = {resource["name"]: resource["rows"] for resource in package["resources"]}
    assert (rows["priorities"], rows["objective-combinations"], rows["network-by-area"]) == (0, 0, 2)
    figures = json.loads((project.figures / "figures.json").read_text(encoding="utf-8"))["figures"]
    assert figures and not any(figure["is_sample"] for figure in figures)
    report = {kind: project.reports / f"landscape.{kind}" for kind in ("docx", "pdf", "html")}
    for text in (
        word_text(report["docx"]),
        pdf_text(report["pdf"]),
        report["html"].read_text(encoding="utf-8"),
    ):
        assert SAMPLE.casefold() not in text.casefold()

    # No browser: figures are there as pages, and the list says what is missing.
    assert all(set(figure["files"]).isdisjoint({"svg", "png"}) for figure in figures)
    assert all((project.figures / figure["files"]["html"]["path"]).exists() for figure in figures)
    assert all("BROWSER_PATH" in figure["pictures_missing"] for figure in figures)

    # No script reaches a page, and no byte of a person leaves the received file.
    for page in project.reports.rglob("*.html"):
        assert "alert('landscape')" not in page.read_text(encoding="utf-8")
    searched = 0
    for path in project.root.rglob("*"):
        if path.is_file() and path != received:
            searched += 1
            for text in texts_of(path):
                for personal in PERSONAL:
                    assert personal.encode() not in text, f"{path.relative_to(project.root)} holds personal data"
                    assert personal.encode("utf-16-le") not in text
    assert searched > 50
    assert any(personal.encode() in text for text in texts_of(received) for personal in PERSONAL)  # it can be found
    for personal in PERSONAL:
        assert personal not in ended.stdout + ended.stderr

    # Who is forgotten is nowhere any more, the received file and Dagster's history included.
    made = [
        project.staging_db,
        project.issues,
        project.marts / "landscape.duckdb",
        report["docx"],
        *(path for path in project.ui_lock.parent.iterdir() if path != project.ui_lock),  # Dagster's history
    ]
    assert len(made) > 4
    assert all(path.exists() for path in made)
    ended = landscape("forget", EMAILS[1].upper())
    assert ended.returncode == 0, ended.stderr
    assert "Out of data/raw/network_signup/export.xlsx: 1 response" in ended.stdout
    assert re.search(r"Tombstones: added \d marks", ended.stdout)
    assert [path.name for path in made if path.exists()] == []
    theirs = (NAMES[1], EMAILS[1], EMAILS[1].casefold(), TELEPHONES[1])
    for path in project.root.rglob("*"):
        if path.is_file():
            assert not any(personal.encode() in text for text in texts_of(path) for personal in theirs), path
    assert not any(personal in ended.stdout + ended.stderr for personal in theirs)


def test_a_bad_file_is_reported_and_what_was_published_stays(project: ProjectPaths, receive: Receive) -> None:
    shutil.copytree(project.sample, project.marts)  # anything that stands in the folder
    before = contents(project.marts)
    receive("network_signup", [signup("1", EMAILS[0], CUMBRIA, full_name=NAMES[0])])
    bad = receive("network_signup", [signup("2", EMAILS[1], CUMBRIA, full_name=NAMES[1])], stem="second")
    bad.write_bytes(bad.read_bytes()[:3000])
    ended = landscape("refresh")
    assert ended.returncode == 1
    assert "data/raw/network_signup/second.xlsx: the workbook cannot be opened" in ended.stderr
    assert "What to do: export or copy it again" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert contents(project.marts) == before
    assert not project.reports.exists()

"""The PII scan of everything published, and what becomes of errors nobody foresaw."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from conftest import Receive
from hypothesis import given
from hypothesis import strategies as st
from marts_landscape import LABELS, signup
from sample_landscape import publish as publish_all

from landscape.errors import PersonalDataError, UnforeseenError, without_words
from landscape.paths import ProjectPaths
from landscape.pii_scan import (
    Known,
    addresses_in,
    known_people,
    personal_kinds,
    refuse_personal,
    refuse_personal_history,
    refuse_personal_in,
)
from landscape.publishing import publish
from landscape.staging_db import StagingDatabase, open_staging_db

EMAIL = "p.quillfeather@thistlewood-post.example"
NAME = "Perpetua Quillfeather"
KNOWN = Known(
    names=frozenset({NAME.casefold()}), telephones=frozenset({"02079460018"}), allowed=frozenset({"team@force.example"})
)


@pytest.mark.parametrize(
    "text, found",
    [
        (f"write to {EMAIL}.", {"an e-mail address"}),
        (f"<text aria-label='{EMAIL}'/>", {"an e-mail address"}),
        ("ring 07700 900417 after six", {"a telephone number"}),
        ("+44 7700 900417", {"a telephone number"}),
        ("0113 496 0999", {"a telephone number"}),
        ("perpetua  quillfeather, of Leeds", {"a person's name"}),
        ("020 7946 0018", {"a telephone number"}),
        ("020 7946 0999", {"a telephone number"}),
        ("the team is at Team@force.example", set()),
        ("18 of 40 chose it; 24.57 per 100,000; 2017-06-20; E23000010; d='M0.123456789 0 12 345'", set()),
        ("a sha256 0123456789abcdef0123456789abcdef and @font-face and user@", set()),
        ("repository__repository__@pipelines.definitions", set()),
        ("Quillfeather Lane and Perpetua Street", set()),
    ],
)
def test_what_is_personal(text: str, found: set[str]) -> None:
    assert set(personal_kinds(text, KNOWN)) == found


@given(st.text(max_size=40), st.text(max_size=40))
def test_an_address_is_found_wherever_it_is(before: str, after: str) -> None:
    text = f"{before} {EMAIL} {after}"
    assert EMAIL in set(addresses_in(text))


def test_long_runs_of_letters_take_no_time() -> None:
    assert list(addresses_in("a" * 3_000_000 + "@")) == []


@pytest.mark.parametrize("kind", ["csv", "html", "svg", "json", "parquet", "duckdb", "docx", "other"])
def test_nothing_is_published_with_an_address_in_any_kind_of_file(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "published"
    target.mkdir()
    (target / "list.json").write_text("before", encoding="utf-8")

    def build(staging: Path) -> set[str]:
        path = staging / f"table.{kind}"
        if kind == "parquet":
            with duckdb.connect() as con:
                con.execute(f"COPY (SELECT 1 AS n, '{EMAIL}' AS undeclared) TO '{path}' (FORMAT parquet)").fetchall()
        elif kind == "duckdb":
            with duckdb.connect(path) as con:
                con.execute(f"CREATE TABLE kept AS SELECT '{EMAIL}' AS undeclared")
        elif kind == "docx":
            with zipfile.ZipFile(path, "w") as archive:  # Word parts an address wherever it likes
                archive.writestr("word/document.xml", f"<w:t>{EMAIL[:9]}</w:t><w:t>{EMAIL[9:]}</w:t>")
        else:
            path.write_text(f"<svg><text>{EMAIL}</text></svg>", encoding="utf-8")
        (staging / "list.json").write_text("after", encoding="utf-8")
        return {path.name, "list.json"}

    with pytest.raises(PersonalDataError) as refused:
        publish(target, "list.json", build, partial(refuse_personal, known=Known()))
    assert f"table.{kind}: an e-mail address" in str(refused.value)
    assert "quillfeather" not in str(refused.value)
    assert [path.name for path in target.iterdir()] == ["list.json"]
    assert (target / "list.json").read_text(encoding="utf-8") == "before"


def test_an_answer_that_would_reach_the_marts_stops_them(
    project: ProjectPaths, receive: Receive, made: Callable[[], StagingDatabase]
) -> None:
    receive("network_signup", [signup("1", EMAIL, None, full_name=NAME)])
    staging_db = made()
    staging_db.con.execute(
        f"UPDATE marts.force_areas SET governing_body_name = '{EMAIL}' WHERE force_area_code = 'E23000002'"
    )
    with pytest.raises(PersonalDataError):
        publish_all(staging_db)
    assert not (project.marts / "datapackage.json").exists()


def test_a_line_of_the_history_stops_publishing(project: ProjectPaths) -> None:
    log = project.root / ".dagster" / "logs" / "run.log"
    log.parent.mkdir(parents=True)
    with (
        open_staging_db(project.staging_db, project.lock),  # a refresh is under way, and has written it since
        pytest.raises(PersonalDataError, match=r"\.dagster/logs/run\.log: an e-mail address"),
    ):
        log.write_text(f"2017-06-20 step failed for {EMAIL}", encoding="utf-8")
        refuse_personal_history(project, Known())


def test_a_team_s_address_may_be_allowed(project: ProjectPaths, tmp_path: Path) -> None:
    (project.reference / "public_addresses.csv").write_text(
        "address,source\nTeam@force.example,its website\n", encoding="utf-8"
    )
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "report.html").write_text("<p>Write to <b>team</b>@force.example</p>", encoding="utf-8")
    refuse_personal_in(folder, known_people(project))
    (folder / "report.html").write_text(f"<p>Write to {EMAIL}</p>", encoding="utf-8")
    with pytest.raises(PersonalDataError):
        refuse_personal_in(folder, known_people(project))


def test_the_message_of_an_error_is_neither_shown_nor_kept_by_dagster() -> None:
    @dg.asset
    def broken() -> None:
        with without_words("testing"), duckdb.connect() as con:
            con.execute(f"SELECT CAST('{EMAIL}' AS INTEGER)").fetchall()

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([broken], instance=instance, raise_on_error=False)
        kept = "".join(str(entry) for entry in instance.all_logs(result.run_id))
    assert not result.success
    assert "ConversionException while testing" in kept
    assert EMAIL not in kept


def test_our_own_errors_go_on_as_they_are() -> None:
    with pytest.raises(PersonalDataError, match="kept"), without_words("testing"):
        raise PersonalDataError("kept")
    with pytest.raises(UnforeseenError, match="KeyError while testing"), without_words("testing"):
        raise KeyError(LABELS["ORG.FORCE"])

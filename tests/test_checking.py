"""`landscape check` on files that fit and files that do not."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Receive, landscape
from marts_landscape import SURVEYS, activity, priorities, signup, visit
from openpyxl import load_workbook

from assets.tables import steps
from landscape.checking import NO_SURVEY, Check, Kept, check_export
from landscape.errors import LandscapeError, ReceivedFileError
from landscape.paths import ProjectPaths
from pipelines.cli import main

CUMBRIA = "E23000002"
PERSON = "Zebedee"  # is in cells of respondents; nothing that is shown may hold it
Rows = list[list[str]]
AREA = "Which police force area do you work in? (If none, leave blank)"
ROLE = "Which best describes your role?"
CONSENT = "May we use your answers in our analysis?"


def check(project: ProjectPaths, path: Path, name: str | None = None) -> Check:
    return check_export(path, tuple(SURVEYS.values()), project, steps(), name)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The command line in this process: exit status, and all it printed in one line."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["landscape", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), " ".join((printed.out + printed.err).split())

    return run


@pytest.fixture
def export(tmp_path: Path, receive: Receive) -> Path:
    """An export of the priority survey that lies outside the project folder."""
    responses = [priorities(f"356806-1-{n}", ["TOP.TRUST", "TOP.TECH"], "TOP.TRUST") for n in range(4)]
    responses[0].answers["events_why"] = f"{PERSON} says so"  # type: ignore[index]
    made = receive("priority_survey", responses)
    path = tmp_path / "pilot.csv"
    shutil.move(made, path)
    made.parent.rmdir()
    return path


def rewrite(path: Path, change: Callable[[Rows], object]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def at(rows: Rows, wording: str) -> int:
    return next(position for position, heading in enumerate(rows[0]) if heading.endswith(wording))


def everything_in(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
    }


# -- Files that fit


def test_an_export_that_fits(project: ProjectPaths, export: Path) -> None:
    outcome = check(project, export)
    assert outcome.fits
    assert outcome.tools == ("Jisc Online Surveys",)
    assert outcome.survey is SURVEYS["priority_survey"]
    assert "fits best: 16 of its 16" in outcome.chosen_because
    assert outcome.statuses == (("counted", 4),)
    assert outcome.findings == ()
    assert Kept("", "rows", 4, 4, 0) in outcome.kept
    assert Kept("", "Which topics should future events cover? Choose any that apply.", 8, 8, 0) in outcome.kept


def test_repeated_parts_are_counted_part_by_part(project: ProjectPaths) -> None:
    outcome = check(project, project.sample / "force_visits" / "SAMPLE-force_visits.xlsx")
    assert outcome.fits
    assert {count.part for count in outcome.kept} == {"", "activities", "cards", "challenges", "products", "quotations"}


def test_statuses_of_every_kind(project: ProjectPaths) -> None:
    outcome = check(project, project.sample / "priority_survey" / "SAMPLE-priority_survey.csv")
    assert {"counted", "partial", "test", "duplicate", "outside_wave"} == {s for s, _ in outcome.statuses}
    assert sum(n for _, n in outcome.statuses) == next(k.n_kept for k in outcome.kept if k.counted_what == "rows")


def test_the_survey_is_named_else_that_of_the_folder_else_the_best_fit(project: ProjectPaths, export: Path) -> None:
    assert check(project, export, "priority_survey").chosen_because == "you named it"
    folder = project.raw / "network_signup"
    folder.mkdir()
    misplaced = Path(shutil.copy(export, folder))
    outcome = check(project, misplaced)
    assert outcome.survey is SURVEYS["network_signup"]
    assert "lies in its folder" in outcome.chosen_because
    assert not outcome.fits
    with pytest.raises(LandscapeError, match="there is no survey none"):
        check(project, export, "none")


def test_nothing_is_changed(
    project: ProjectPaths, receive: Receive, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    path = receive("network_signup", [signup("1", f"{PERSON}@example.org", CUMBRIA, organisation=f"{PERSON} Ltd")])
    before = everything_in(tmp_path)
    held = project.lock.with_suffix(".holder")
    status, said = command("check", str(path))
    assert status == 0
    assert "It fits its questionnaire" in said
    assert PERSON not in said
    assert everything_in(tmp_path) == before
    assert not project.staging_db.exists()
    assert not held.exists()
    assert not Path(os.environ["LANDSCAPE_KEYS"]).exists()


def test_it_runs_beside_a_refresh(project: ProjectPaths, export: Path) -> None:
    from landscape.staging_db import open_staging_db

    with open_staging_db(project.staging_db, project.lock):
        assert check(project, export).fits


@pytest.mark.slow
def test_the_command_itself(project: ProjectPaths, export: Path) -> None:
    shown = landscape("check", str(export))
    assert shown.returncode == 0, shown.stderr
    assert "Jisc Online Surveys" in shown.stdout
    assert "4" in shown.stdout.partition("Responses by the status")[2]


# -- Files that do not


def _renamed(rows: Rows) -> None:
    rows[0][at(rows, ROLE)] = "2. Which of these best describes your role?"


def _missing(rows: Rows) -> None:
    gone = at(rows, CONSENT)
    for row in rows:
        del row[gone]


def _new(rows: Rows) -> None:
    position = at(rows, AREA)
    for row in rows:
        row.insert(position, f"{PERSON} thinks so")
    rows[0][position] = "17. Anything else?"


def _doubled(rows: Rows) -> None:
    position = at(rows, ROLE)
    for row in rows:
        row.insert(position, row[position])


def _unknown_option(rows: Rows) -> None:
    rows[2][at(rows, CONSENT)] = f"Yess {PERSON}"
    rows[3][at(rows, CONSENT)] = "Yess"


def _mixed_dates(rows: Rows) -> None:
    completed = at(rows, "Completion Date")
    rows[1][completed], rows[2][completed] = "25/06/2017 12:00:00", "06/26/2017 12:00:00"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (_renamed, ["re-worded: “Which best describes your role?” is now “Which of these best describes your role?”"]),
        (_missing, ["missing: “May we use your answers in our analysis?”"]),
        (_new, ["new: “Anything else?”"]),
        (_doubled, ["asked twice: “Which best describes your role?”"]),
        (
            _unknown_option,
            ["not an option of “May we use your answers in our analysis?”", "line 3", "nearest is “Yes”"],
        ),
    ],
)
def test_a_difference_is_named_and_no_answer(
    project: ProjectPaths,
    export: Path,
    command: Callable[..., tuple[int, str]],
    change: Callable[[Rows], object],
    expected: list[str],
) -> None:
    rewrite(export, change)
    status, said = command("check", str(export))
    assert status == 1
    assert "It does not fit" in said
    assert "What to do:" in said
    assert all(words in said for words in expected), said
    assert PERSON not in said


def test_all_differences_are_named_at_once(project: ProjectPaths, export: Path) -> None:
    for change in (_renamed, _missing, _new):
        rewrite(export, change)
    found = check(project, export, "priority_survey").differences
    assert [difference.partition(":")[0] for difference in found] == ["re-worded", "missing", "new"]


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda path: path.write_bytes(b""), "the file is empty"),
        (lambda path: path.write_text("<!DOCTYPE html><html>Sign in</html>"), "web page"),
        (_truncate, "cut short"),
        (lambda path: path.unlink(), "no such file"),
    ],
)
def test_a_file_that_cannot_be_read(
    project: ProjectPaths, receive: Receive, spoil: Callable[[Path], object], expected: str,
    command: Callable[..., tuple[int, str]],
) -> None:  # fmt: skip
    path = receive("network_signup", [signup("1", f"{PERSON}@example.org", CUMBRIA)])
    spoil(path)
    status, said = command("check", str(path))
    assert status == 1
    assert expected in said
    assert PERSON not in said


def test_dates_in_two_orders(project: ProjectPaths, export: Path, command: Callable[..., tuple[int, str]]) -> None:
    rewrite(export, _mixed_dates)
    status, said = command("check", str(export))
    assert status == 1
    assert "day" in said
    assert "line 3" in said


def test_a_table_of_no_known_tool(project: ProjectPaths, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("colour,size\nred,1\n", encoding="utf-8")
    with pytest.raises(ReceivedFileError, match="no survey tool known here") as caught:
        check(project, path)
    assert any("Microsoft Forms" in known for known in caught.value.culprits)


def test_an_export_of_another_tool(project: ProjectPaths, export: Path) -> None:
    outcome = check(project, export, "network_signup")
    assert outcome.differences[0] == (
        "another tool: survey.yml declares Microsoft Forms, the file is of Jisc Online Surveys"
    )
    assert len(outcome.differences) > 1, "the questions are held against the questionnaire all the same"


def test_an_export_of_no_survey_here(project: ProjectPaths, export: Path) -> None:
    def reword(rows: Rows) -> None:
        rows[0] = [f"{n}. What of {n}?" if h[:1].isdigit() else h for n, h in enumerate(rows[0])]

    rewrite(export, reword)
    outcome = check(project, export)
    assert outcome.survey is None
    assert outcome.differences == (NO_SURVEY,)
    assert "landscape survey new" in outcome.remedy


# -- Rows and answers set aside


def test_rows_that_cannot_be_placed_are_named_by_line(project: ProjectPaths, export: Path) -> None:
    def spoil(rows: Rows) -> None:
        rows[2].append(PERSON)
        rows[3][0] = ""
        rows.append([""] * len(rows[0]))

    rewrite(export, spoil)
    outcome = check(project, export)
    assert outcome.fits
    set_aside = {f.reason: f.lines for f in outcome.findings if f.disposition == "row_set_aside"}
    n = len(export.read_text(encoding="utf-8-sig").splitlines()[0].split(","))
    assert set_aside["no response number"] == (4,)
    assert set_aside["empty row"] == (6,)
    assert [lines for reason, lines in set_aside.items() if "cells where the headings are" in reason] == [(3,)], n
    assert next(k for k in outcome.kept if k.counted_what == "rows") == Kept("", "rows", 5, 2, 3)


def test_an_area_that_is_not_known(
    project: ProjectPaths, export: Path, command: Callable[..., tuple[int, str]]
) -> None:
    def spoil(rows: Rows) -> None:
        rows[2][at(rows, AREA)] = f"{PERSON}shire Police"

    rewrite(export, spoil)
    (finding,) = check(project, export).findings
    assert (finding.field, finding.reason, finding.lines) == (AREA, "force area not known", (3,))
    status, said = command("check", str(export))
    assert status == 0
    assert PERSON not in said


def test_answers_outside_every_wave_are_reported_in_one_line(project: ProjectPaths, export: Path) -> None:
    def age(rows: Rows) -> None:
        for column in ("Start Date", "Completion Date"):
            for row in rows[1:]:
                row[at(rows, column)] = "20/06/2016 12:00:00"

    rewrite(export, age)
    outcome = check(project, export)
    assert outcome.fits
    assert outcome.statuses == (("outside_wave", 4),)
    assert [finding.lines for finding in outcome.findings] == [(2, 3, 4, 5)]


def test_made_up_rows_among_real_ones(project: ProjectPaths, export: Path) -> None:
    def mix(rows: Rows) -> None:
        rows[1][0] = "SAMPLE-1"

    rewrite(export, mix)
    with pytest.raises(LandscapeError, match="are in one file"):
        check(project, export)


def test_a_sheet_lost_from_the_visit_workbook(project: ProjectPaths) -> None:
    path = project.sample / "force_visits" / "SAMPLE-force_visits.xlsx"
    workbook = load_workbook(path)
    del workbook["products"]
    workbook.save(path)
    with pytest.raises(ReceivedFileError, match="renamed or deleted"):
        check(project, path)


# -- The visit workbook: whole in one go, each slip with sheet and cell


def test_all_slips_of_a_workbook_are_found_in_one_go(
    project: ProjectPaths, receive: Receive, command: Callable[..., tuple[int, str]]
) -> None:
    visits = [visit(f"V0{n}", CUMBRIA, "ORG.FORCE", activities=[activity(f"A{n}", "OBJ.TRUST")]) for n in (1, 2, 3)]
    path = receive("force_visits", visits)
    workbook = load_workbook(path)
    columns = {
        sheet: {cell.value: cell.column_letter for cell in workbook[sheet][1]}
        for sheet in ("force_visits", "activities")
    }

    def at_cell(sheet: str, name: str, row: int, value: object = None) -> str:
        place = f"{columns[sheet][name]}{row}"
        workbook[sheet][place] = value
        return f"{sheet}!{place}"

    accepted = at_cell("force_visits", "visited_on", 3, "21/06/2017")
    date = at_cell("force_visits", "visited_on", 4, "last week")
    unanswered = [at_cell("force_visits", "organisation_type", 5), at_cell("activities", "activity_type", 4)]
    parent = at_cell("activities", "belongs_to", 5, "V09")
    number = at_cell("activities", "coder", 5, "two")
    option = at_cell("activities", "objective_basis", 3, "Guessed")
    area = at_cell("force_visits", "force_area", 5, "Cumberland")
    workbook.save(path)

    outcome = check(project, path)
    (difference,) = outcome.differences
    assert (
        difference == f"not an option of “Were the objectives stated or inferred? (blank: stated)”: once, at {option}"
    )
    assert "right in the workbook" in outcome.remedy
    found = {(finding.reason, place) for finding in outcome.findings for place in finding.places}
    assert found == {
        ("not a date", date),
        ("no time that can be read", "4"),
        *(("must be answered, and is blank", place) for place in unanswered),
        ("belongs to no row that could be placed", parent),
        ("not a whole number", number),
        ("force area not known", area),
    }
    assert accepted not in {place for _, place in found}
    status, said = command("check", str(path))
    assert status == 1
    for place in (option, date, parent, number, area, *unanswered):
        assert place in said

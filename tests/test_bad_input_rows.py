"""Rows and cells that do not fit are listed; nothing is lost, nothing counts twice."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from conftest import Receive
from exports.responses import Record, Response
from marts_landscape import LABELS, activity, priorities, signup, visit
from openpyxl import load_workbook

from assets.tables import models
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, check_table
from landscape.surveys.loading import words_check

CUMBRIA, DURHAM, NORTHUMBRIA = "E23000002", "E23000008", "E23000007"
MEGABYTE = "x" * 1_000_000
FORMULA = '=HYPERLINK("http://example.org","see")'
SCRIPT = "<script>alert(1)</script>"
Make = Callable[[], StagingDatabase]


def visits() -> list[Response]:
    """Two visits with two activities, one product and a group of speakers."""
    with_product = dataclasses.replace(
        activity("A1", "OBJ.TRUST"), parts={"products": [Record("", {"product_name": "An alert system"})]}
    )
    speakers = Record("", {"speaker_type": LABELS["SPK.STAFF"], "n_speakers": 2})
    return [
        visit("V01", CUMBRIA, "ORG.FORCE", activities=[with_product], speakers=[speakers]),
        visit("V02", DURHAM, "ORG.OPCC", activities=[activity("A2", "OBJ.INFORM")]),
    ]


def set_cell(path: Path, sheet: str, column: str, row: int, value: object) -> None:
    workbook = load_workbook(path)
    position = next(cell.column for cell in workbook[sheet][1] if cell.value == column)
    workbook[sheet].cell(row, position).value = value
    workbook.save(path)


def sound(made: Make) -> StagingDatabase:
    """Makes the landscape; every table keeps its rules, among them that received is kept plus set aside."""
    staging_db = made()
    broken = [
        f"{model.table}: {failure}"
        for layer in ("staged", "marts")
        for model in models(layer)
        for failure in check_table(staging_db.con, model)
    ]
    assert not broken
    return staging_db


def issues(staging_db: StagingDatabase) -> list[tuple[object, ...]]:
    """(line, field, reason, disposition) of each issue, by line."""
    return staging_db.con.execute(
        "SELECT line, field, reason, disposition FROM staged.issues ORDER BY line, field, reason"
    ).fetchall()


def counts(staging_db: StagingDatabase) -> tuple[int, int]:
    """Visits and activities that count."""
    found = staging_db.con.execute("SELECT sum(n_visits), sum(n_activities) FROM marts.force_areas").fetchone()
    assert found
    return int(found[0]), int(found[1])


def statuses(staging_db: StagingDatabase) -> dict[str, int]:
    return dict(staging_db.con.execute("SELECT status, count(*) FROM staged.responses GROUP BY ALL").fetchall())


# -- Cells --------------------------------------------------------------------------------------------------


def test_an_unknown_force_area_keeps_its_response_and_suggests(receive: Receive, made: Make) -> None:
    receive("network_signup", [signup("1", "a@example.org", "Northumberland Police")])
    staging_db = sound(made)
    assert statuses(staging_db) == {"counted": 1}
    assert staging_db.con.execute("SELECT force_area_code, n_members FROM marts.network_by_area").fetchall() == [
        (None, 1)
    ]
    (found,) = staging_db.con.execute("SELECT line, reason, cell_value, command FROM staged.issues").fetchall()
    assert found[:3] == (2, "force area not known", "Northumberland Police")
    assert 'alias "Northumberland Police" --new "Northumbria"' in found[3]  # a command to paste, never a decision


def test_a_cell_that_may_be_personal_or_endless_is_not_repeated(receive: Receive, made: Make) -> None:
    areas = (MEGABYTE, "someone@example.org", "07700 900123")
    receive("network_signup", [signup(str(n), f"{n}@example.org", area) for n, area in enumerate(areas, start=1)])
    staging_db = sound(made)
    listed = staging_db.con.execute("SELECT cell_value, command FROM staged.issues ORDER BY line").fetchall()
    decide = 'landscape decide "network_signup/2017/{}" force_area --new CODE --by INITIALS --why WHY'
    assert listed == [("", decide.format(n)) for n in (1, 2, 3)]


def test_a_megabyte_in_an_answer_a_name_and_an_organisation(receive: Receive, made: Make) -> None:
    long = priorities("R-1", ["TOP.TECH"])
    receive("priority_survey", [dataclasses.replace(long, answers={**long.answers, "events_why": MEGABYTE})])
    staging_db = sound(made)
    assert statuses(staging_db) == {"counted": 1}
    assert issues(staging_db) == []
    (kept_back,) = staging_db.con.execute("SELECT events_why FROM raw.priority_survey").fetchone()
    assert kept_back == f"(in the received file) {words_check(MEGABYTE)}"


def test_formulas_and_scripts_are_only_text(receive: Receive, made: Make) -> None:
    texts = (FORMULA, SCRIPT)
    receive(
        "network_signup",
        [signup(str(n), f"{n}@example.org", text, organisation=text) for n, text in enumerate(texts)],
    )
    staging_db = sound(made)
    assert statuses(staging_db) == {"counted": 2}
    listed = staging_db.con.execute("SELECT reason, cell_value FROM staged.issues ORDER BY line").fetchall()
    assert listed == [("force area not known", text) for text in texts]


def test_what_is_no_whole_number_is_set_aside_and_never_rounded(receive: Receive, made: Make) -> None:
    numbers = ("three", "2.5", 2.5, "-3", "nan", "inf", "1e30", "9" * 20, True, "1 000")
    speakers = [Record("", {"speaker_type": LABELS["SPK.STAFF"], "n_speakers": 2}) for _ in (*numbers, "good")]
    path = receive("force_visits", [visit("V01", CUMBRIA, "ORG.FORCE", speakers=speakers)])
    for row, number in enumerate(numbers, start=3):
        set_cell(path, "speakers", "n_speakers", row, number)
    staging_db = sound(made)
    assert issues(staging_db) == [
        (row, "Number of speakers of this type", "not a whole number", "answer_set_aside")
        for row in range(3, 3 + len(numbers))
    ]
    kept = staging_db.con.execute("SELECT count(*), count(n_speakers), sum(n_speakers) FROM staged.speakers").fetchone()
    assert kept == (len(numbers) + 1, 1, 2)


def test_a_visit_without_a_date_that_can_be_read_is_kept_and_not_counted(receive: Receive, made: Make) -> None:
    dates = ("in May", "31/13/2017", 20170620)
    path = receive("force_visits", [visit(f"V0{n}", CUMBRIA, "ORG.FORCE") for n in range(4)])
    set_cell(path, "force_visits", "visited_on", 6, "21/06/2017")  # as text, and as the workbook asks for it
    for row, date in enumerate(dates, start=3):
        set_cell(path, "force_visits", "visited_on", row, date)
    staging_db = sound(made)
    assert issues(staging_db) == [
        found
        for row in (3, 4, 5)
        for found in (
            (row, "Date of the visit", "not a date", "answer_set_aside"),
            (row, "time of the response", "no time that can be read", "not_counted"),
        )
    ]
    assert counts(staging_db) == (1, 0)
    assert statuses(staging_db) == {"counted": 1, "outside_wave": 3}


# -- Rows ---------------------------------------------------------------------------------------------------


def test_rows_with_other_numbers_of_cells_and_empty_rows(receive: Receive, made: Make) -> None:
    path = receive("priority_survey", [priorities("R-1", ["TOP.TECH"])])
    with path.open(encoding="utf-8-sig", newline="") as stream:
        width = len(next(csv.reader(stream)))
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write("R-2" + "," * width + "\r\n\r\nR-3,too short\r\n" + "," * (width - 1) + "\r\n")
    staging_db = sound(made)
    assert issues(staging_db) == [
        (3, "", f"{width + 1} cells where the headings are {width}", "row_set_aside"),
        (4, "", "empty row", "row_set_aside"),
        (5, "", f"2 cells where the headings are {width}", "row_set_aside"),
        (6, "", "empty row", "row_set_aside"),
    ]
    assert statuses(staging_db) == {"counted": 1}
    assert staging_db.con.execute("SELECT n_rows FROM staged.submissions").fetchone() == (5,)


def test_a_row_without_its_number(receive: Receive, made: Make) -> None:
    receive("network_signup", [signup("", "a@example.org", CUMBRIA), signup("2", "b@example.org", CUMBRIA)])
    receive("priority_survey", [priorities("", ["TOP.TECH"]), priorities("R-2", ["TOP.TECH"])])
    staging_db = sound(made)
    assert issues(staging_db) == [(2, "", "no response number", "row_set_aside")] * 2
    assert statuses(staging_db) == {"counted": 2}


def test_a_visit_without_its_number_takes_all_that_belongs_to_it(receive: Receive, made: Make) -> None:
    set_cell(receive("force_visits", visits()), "force_visits", "record", 3, None)
    staging_db = sound(made)
    assert issues(staging_db) == [
        (3, "", "no response number", "row_set_aside"),
        (3, "activities", "belongs to no row that could be placed", "row_set_aside"),
        (3, "products", "belongs to no row that could be placed", "row_set_aside"),
        (3, "speakers", "belongs to no row that could be placed", "row_set_aside"),
    ]
    assert counts(staging_db) == (1, 1)


def test_an_activity_of_an_unknown_visit_and_its_product(receive: Receive, made: Make) -> None:
    set_cell(receive("force_visits", visits()), "activities", "belongs_to", 3, "V99")
    staging_db = sound(made)
    assert issues(staging_db) == [
        (3, "activities", "belongs to no row that could be placed", "row_set_aside"),
        (3, "products", "belongs to no row that could be placed", "row_set_aside"),
    ]
    assert counts(staging_db) == (2, 1)


def test_two_visits_of_one_number_are_both_set_aside_since_nobody_knows_whose_the_rest_is(
    receive: Receive, made: Make
) -> None:
    path = receive("force_visits", [*visits(), visit("V03", NORTHUMBRIA, "ORG.FORCE")])
    set_cell(path, "force_visits", "record", 4, "V01")
    staging_db = sound(made)
    assert {line for line, field, reason, _ in issues(staging_db) if "several rows" in str(reason) and not field} == {
        3,
        4,
    }
    assert counts(staging_db) == (1, 0)


def test_two_activities_of_one_number_both_count_and_only_the_product_cannot_be_placed(
    receive: Receive, made: Make
) -> None:
    set_cell(receive("force_visits", visits()), "activities", "record", 4, "A1")
    staging_db = sound(made)
    assert issues(staging_db) == [
        (3, "activities", "several rows have its number", "noted"),
        (3, "products", "belongs to no row that could be placed", "row_set_aside"),
        (4, "activities", "several rows have its number", "noted"),
    ]
    assert counts(staging_db) == (2, 2)
    assert staging_db.con.execute("SELECT count(*) FROM staged.technologies").fetchone() == (0,)


# -- Files again --------------------------------------------------------------------------------------------


def test_the_same_files_under_two_names_count_once(receive: Receive, made: Make) -> None:
    for path in (
        receive("network_signup", [signup("1", "a@example.org", CUMBRIA), signup("2", "b@example.org", DURHAM)]),
        receive("priority_survey", [priorities("R-1", ["TOP.TECH"]), priorities("R-2", ["TOP.TECH", "TOP.TRUST"])]),
        receive("force_visits", visits()),
    ):
        shutil.copy(path, path.with_stem("export (1)"))
    staging_db = sound(made)
    assert statuses(staging_db) == {"counted": 6, "duplicate": 6}
    assert staging_db.con.execute("SELECT sum(n_records) FROM marts.coverage").fetchone() == (6,)
    assert staging_db.con.execute("SELECT sum(n_members) FROM marts.network_by_area").fetchone() == (2,)
    assert counts(staging_db) == (2, 2)
    assert issues(staging_db) == []


def test_a_later_workbook_with_one_activity_more_replaces_the_earlier(
    project: ProjectPaths, receive: Receive, made: Make
) -> None:
    later = visits()
    later[1] = visit("V02", DURHAM, "ORG.OPCC", activities=[activity("A2", "OBJ.INFORM"), activity("A3", "OBJ.TRUST")])
    later_path = receive("force_visits", later, stem="a")
    workbook = load_workbook(later_path)
    workbook.save(later_path)  # saved now, so later than what was rendered as of 2018
    receive("force_visits", visits(), stem="b")
    staging_db = sound(made)
    assert counts(staging_db) == (2, 3)
    assert statuses(staging_db) == {"counted": 2, "duplicate": 1, "superseded": 1}
    superseded = "SELECT file_name, replaced_by FROM staged.responses WHERE status = 'superseded'"
    assert staging_db.con.execute(superseded).fetchall() == [("data/raw/force_visits/b.xlsx", "force_visits/2017/V02")]
    assert issues(staging_db) == []


def test_two_workbooks_that_number_different_visits_alike_are_told_apart_by_a_person(
    receive: Receive, made: Make
) -> None:
    elsewhere, later = visit("V01", DURHAM, "ORG.FORCE"), visit("V02", CUMBRIA, "ORG.FORCE")
    later = dataclasses.replace(later, answers={**later.answers, "visited_on": dt.date(2017, 7, 4)})
    first = [visit("V01", CUMBRIA, "ORG.FORCE"), visit("V02", CUMBRIA, "ORG.FORCE")]
    receive("force_visits", first, stem="first researcher")
    receive("force_visits", [elsewhere, later], stem="second researcher")
    staging_db = sound(made)
    assert counts(staging_db) == (2, 0)
    reason = "replaced by a response of the same number elsewhere or on another day"
    assert issues(staging_db) == [(row, "number of the response", reason, "not_counted") for row in (3, 4)]


def test_a_shared_address_is_no_person(receive: Receive, made: Make) -> None:
    office = "office@post.example"
    people = [
        signup("1", office, "E23000002", full_name="Perpetua Quillfeather"),
        signup("2", "Office@post.example", "E23000002", full_name="Bartholomew Thistlewood"),
        signup("3", office, "E23000002", full_name="perpetua  quillfeather"),
        signup("4", "alone@post.example", "E23000002", full_name="Ann Alone"),
        signup("5", "alone@post.example", "E23000002", full_name="ANN ALONE"),
    ]
    receive("network_signup", people)
    staging_db = sound(made)
    assert statuses(staging_db) == {"counted": 3, "superseded": 2}
    noted = [row for row in issues(staging_db) if "several names answered" in str(row[2])]
    assert [(row[0], row[3]) for row in noted] == [(2, "noted"), (3, "noted"), (4, "noted")]

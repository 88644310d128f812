"""What is no export, or does not fit its questionnaire, is refused with a remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from shipped import CHECKOUT, SURVEYS

from landscape.errors import ContractError, LandscapeError, ReceivedFileError
from landscape.surveys.contract import hold
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import dialect_of

SIGNUP, PRIORITY, VISITS = SURVEYS["network_signup"], SURVEYS["priority_survey"], SURVEYS["force_visits"]
SAMPLE = CHECKOUT.sample
SIGNUP_FILE = SAMPLE / "network_signup" / "SAMPLE-network_signup.xlsx"
PRIORITY_FILE = SAMPLE / "priority_survey" / "SAMPLE-priority_survey.csv"
VISITS_FILE = SAMPLE / "force_visits" / "SAMPLE-force_visits.xlsx"


def copied(source: Path, folder: Path) -> Path:
    return Path(shutil.copy(source, folder / f"received{source.suffix}"))


def edit_heading(path: Path, old: str, new: str, sheet: str = "Sheet1") -> None:
    workbook = load_workbook(path)
    cell = next(cell for row in workbook[sheet].iter_rows(max_row=2) for cell in row if cell.value == old)
    cell.value = new
    for table in workbook[sheet].tables.values():  # a table repeats its headings
        for column in table.tableColumns:
            column.name = new if column.name == old else column.name
    workbook.save(path)


def refused(path: Path, survey: Survey, kind: type[LandscapeError]) -> LandscapeError:
    with pytest.raises(kind) as caught:
        hold(dialect_of(path, survey.tool).read(path), survey, path)
    error = caught.value
    assert error.file == str(path)
    assert error.remedy
    assert str(path) in str(error)
    assert error.remedy in str(error)
    return error


@pytest.mark.parametrize("source, survey", [(SIGNUP_FILE, SIGNUP), (VISITS_FILE, VISITS)])
def test_a_workbook_cut_in_half(tmp_path, source, survey):
    path = copied(source, tmp_path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "cut short" in refused(path, survey, ReceivedFileError).message


def test_a_csv_cut_inside_an_answer(tmp_path):
    path = copied(PRIORITY_FILE, tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"the second line.")])
    error = refused(path, PRIORITY, ReceivedFileError)
    assert "quoting breaks off" in error.message
    assert "Made-up answer" not in str(error)


@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
@pytest.mark.parametrize("content", [b"", b" \r\n\r\n"])
def test_an_empty_file(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert "empty" in refused(path, PRIORITY, ReceivedFileError).message


@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
@pytest.mark.parametrize("beginning", ["<!DOCTYPE html>", "\ufeff\n<HTML>"])
def test_a_sign_in_page_saved_as_an_export(tmp_path, name, beginning):
    path = tmp_path / name
    path.write_text(f"{beginning}<title>Sign in</title>", encoding="utf-8")
    error = refused(path, SIGNUP, ReceivedFileError)
    assert "web page" in error.message
    assert "sign in" in error.remedy


def test_another_kind_of_file(tmp_path):
    path = tmp_path / "notes.pdf"
    path.write_bytes(b"%PDF-1.4")
    assert ".pdf" in refused(path, PRIORITY, ReceivedFileError).message


def test_another_tools_export(tmp_path):
    error = refused(copied(PRIORITY_FILE, tmp_path), SIGNUP, ReceivedFileError)
    assert "Jisc Online Surveys" in error.message
    assert "Microsoft Forms" in error.message
    error = refused(copied(SIGNUP_FILE, tmp_path), VISITS, ReceivedFileError)
    assert "Microsoft Forms" in error.message


def test_no_tool_at_all(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name,area\nA,B\n", encoding="utf-8")
    assert "no tool known" in refused(path, PRIORITY, ReceivedFileError).message


def test_jisc_without_response_numbers(tmp_path):
    path = copied(PRIORITY_FILE, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"Unique Response Number", b"", 1))
    assert "Unique response number" in refused(path, PRIORITY, ReceivedFileError).remedy


def test_a_renamed_question(tmp_path):
    path = copied(SIGNUP_FILE, tmp_path)
    edit_heading(path, "Your name", "Your full name")
    error = refused(path, SIGNUP, ContractError)
    assert error.culprits == ("re-worded: “Your name” is now “Your full name”",)
    assert "survey.yml" in error.remedy


def test_a_question_there_twice_and_one_missing(tmp_path):
    path = copied(SIGNUP_FILE, tmp_path)
    edit_heading(path, "Your organisation", "your e-mail  address:")  # the same but for case, space and colon
    error = refused(path, SIGNUP, ContractError)
    twice, missing = error.culprits
    assert twice.startswith("asked twice: “Your e-mail address”, in columns 8, 10") and "`columns`" in twice
    assert missing == "missing: “Your organisation”"


def test_a_question_renamed_in_the_visit_workbook_says_on_which_sheet(tmp_path):
    path = copied(VISITS_FILE, tmp_path)
    edit_heading(path, "Cost band", "Cost bands", sheet="products")
    error = refused(path, VISITS, ContractError)
    assert error.culprits == ("re-worded on sheet “products”: “Cost band” is now “Cost bands”",)


def test_sheets_deleted_or_renamed(tmp_path):
    path = copied(VISITS_FILE, tmp_path)
    workbook = load_workbook(path)
    del workbook["quotations"]
    workbook["products"].title = "Products (2)"
    workbook.save(path)
    error = refused(path, VISITS, ReceivedFileError)
    assert sorted(name for name in ("products", "quotations") if name in str(error.culprits)) == [
        "products",
        "quotations",
    ]
    assert "blank workbook" in error.remedy


def test_a_sheet_taken_out_of_the_workbook_and_its_list(tmp_path):
    path = copied(VISITS_FILE, tmp_path)
    workbook = load_workbook(path)
    del workbook["challenges"]
    about = workbook["about"]
    row = next(row[0].row for row in about.iter_rows() if row[1].value == "challenges")
    about.delete_rows(row)
    workbook.save(path)
    assert refused(path, VISITS, ContractError).culprits == ("the part “challenges” is missing",)


@pytest.mark.parametrize("sheet, column", [("force_visits", "record"), ("activities", "belongs_to")])
def test_a_column_of_numbers_deleted(tmp_path, sheet, column):
    path = copied(VISITS_FILE, tmp_path)
    workbook = load_workbook(path)
    position = next(cell.column for cell in workbook[sheet][1] if cell.value == column)
    workbook[sheet].delete_cols(position)
    workbook.save(path)
    error = refused(path, VISITS, ReceivedFileError)
    assert sheet in str(error.culprits)
    assert column in str(error.culprits)


def test_a_sheet_without_its_headings(tmp_path):
    path = copied(VISITS_FILE, tmp_path)
    workbook = load_workbook(path)
    workbook["quotations"].delete_rows(1, workbook["quotations"].max_row)
    workbook.save(path)
    assert "quotations" in str(refused(path, VISITS, ReceivedFileError).culprits)


def test_a_workbook_that_no_longer_says_where_its_answers_are(tmp_path):
    path = copied(VISITS_FILE, tmp_path)
    workbook = load_workbook(path)
    workbook["about"].delete_rows(2, 20)
    workbook.save(path)
    assert "about" in refused(path, VISITS, ReceivedFileError).message

"""Traps that real exports of Jisc Online Surveys and Microsoft Forms set, and bytes of any."""

from __future__ import annotations

import codecs
import datetime as dt

import pytest
from dialect_cases import LONG, survey_of
from dialect_files import EXPORTS, handed, question, read, real, refused, text_file, workbook

from landscape.errors import ContractError
from landscape.surveys.contract import hold
from landscape.surveys.dialects import DIALECTS, google_forms, jisc_online_surveys, microsoft_forms
from landscape.surveys.export import Asked

# -- Bytes: what any tool may send


GOOGLE = 'Timestamp,Comments\r\n05/06/2017 9:00:00,"Café, été"\r\n'


@pytest.mark.parametrize(
    "content, note",
    [
        (GOOGLE.encode("utf-8"), ""),
        (GOOGLE.encode("utf-8-sig"), ""),
        (GOOGLE.encode("utf-16"), ""),
        (codecs.BOM_UTF16_BE + GOOGLE.encode("utf-16-be"), ""),
        (GOOGLE.encode("cp1252"), "Windows-1252"),
        (GOOGLE.replace("\r\n", "\r").encode("utf-8"), ""),
        (GOOGLE.replace("\r\n", "\n").encode("utf-8"), ""),
        (GOOGLE.replace("p,C", "p\tC").replace("00,", "00\t").encode("utf-8"), ""),
        ('"Timestamp";"Comments"\r\n"05/06/2017 9:00:00";"Café, été"\r\n'.encode(), ""),
    ],
)
def test_any_encoding_line_end_and_delimiter(tmp_path, content, note):
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    export = read(path, google_forms)
    assert note in export.encoding_note
    assert bool(note) == bool(export.encoding_note)
    assert list(handed(export).values()) == [["Café, été"]]


def test_letters_garbled_before_the_export_are_noted(tmp_path):
    path = text_file(tmp_path, "Timestamp,Comments", "05/06/2017 9:00:00,CafÃ©")
    assert "garbled" in read(path, google_forms).encoding_note
    assert handed(google_forms.read(path, Asked(dates="day_first"))) == {"Comments": ["CafÃ©"]}


def test_a_question_that_holds_other_delimiters_does_not_mislead(tmp_path):
    path = text_file(tmp_path, "Timestamp;Which, if any, of these;b", "05/06/2017 9:00:00;A,B;C, D")
    assert handed(read(path, google_forms)) == {"Which, if any, of these": ["A,B"], "b": ["C, D"]}


def test_long_answers_line_breaks_and_formulas_stay_as_they_are(tmp_path):
    cells = [LONG * 15, "two\r\nlines", "=1+1", "@here", "\u202bمرحبا 👮🏽‍♀️", 'say "yes"']
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    path = text_file(tmp_path, "Timestamp,a,b,c,d,e,f", f"05/06/2017 9:00:00,{quoted}")
    assert [cells for (cells,) in handed(read(path, google_forms)).values()] == cells


def test_empty_rows_stay_empty_and_rows_of_another_length_stay_so(tmp_path):
    path = text_file(tmp_path, "URN,Q1,Q2_1,Q2_2,CompletionDate", ",,,,", "U-2,x,1,,,", "U-3,x,1", "", "U-4,x,,1,")
    (sheet,) = read(path, jisc_online_surveys).sheets
    assert [row.line for row in sheet.rows] == [2, 3, 4, 5, 6]
    assert [len(row.cells) for row in sheet.rows] == [5, 6, 3, 0, 5]
    assert not any(sheet.rows[0].cells)
    assert sheet.rows[4].cells[2] == '["2"]'
    assert len(sheet.columns) == 5


@pytest.mark.parametrize(
    "tool, lines",
    [
        ("jisc_online_surveys", ["Unique Response Number,1. Role,2. Role,Completion Date", "U-1,x,y,"]),
        ("google_forms", ["Timestamp,Role,Role", "05/06/2017 9:00:00,x,y"]),
        ("surveymonkey", ["Respondent ID,Role,Role", ",Response,Response", "1,x,y"]),
        ("smartsurvey", ["UserID,Q1. Role,Q2. Role", ",Answer,Answer", ",,", "1,x,y"]),
    ],
)
def test_two_questions_of_one_wording_are_refused(tmp_path, tool, lines):
    path = text_file(tmp_path, *lines)
    dialect = DIALECTS[tool]
    with pytest.raises(ContractError) as caught:
        hold(read(path, dialect), survey_of(tool, question("role", "Role")), path)
    (twice,) = caught.value.culprits
    assert twice.startswith("asked twice: “Role”, in columns ")


# -- Jisc Online Surveys


def test_jisc_numbering_of_any_depth_is_taken_off_and_page_columns_are_empty(tmp_path):
    path = text_file(
        tmp_path,
        "Unique Response Number,,1. Type,3.1.a. How often,9.a.i. Why so,9.b.iii.b.i. Where,Username,Completion Date",
        "U-1,,x,y,z,w,jo@example.org,05/06/2017 09:00:00",
        encoding="utf-8-sig",
    )
    export = read(path, jisc_online_surveys)
    assert handed(export) == {"Type": ["x"], "How often": ["y"], "Why so": ["z"], "Where": ["w"]}
    assert handed(export, "tool") == {"Username": ["jo@example.org"]}
    assert handed(export, "response_id") == {"Unique Response Number": ["U-1"]}


def test_jisc_joins_options_without_a_space_though_options_hold_commas():
    labels = ["Schools, colleges", "Health", "Schools"]
    assert jisc_online_surveys.split("Schools, colleges,Health", labels) == ["Schools, colleges", "Health"]


def test_jisc_grids_with_several_columns_name_row_and_column(tmp_path):
    headings = "14. Tools,14.1. Texts,14.1.a. Used,14.1.b. Liked,14.2. Posts,14.2.a. Used,14.2.b. Liked"
    path = text_file(tmp_path, f"Unique Response Number,{headings}", "U-1,,,Yes,No,,No,No")
    assert handed(read(path, jisc_online_surveys)) == {
        "Tools [Texts - Used]": ["Yes"],
        "Tools [Texts - Liked]": ["No"],
        "Tools [Posts - Used]": ["No"],
        "Tools [Posts - Liked]": ["No"],
    }


def test_jisc_coded_columns_hold_ticks_ranks_and_grids(tmp_path):
    path = text_file(
        tmp_path,
        "URN,Q1,Q3_1,Q3_2,Q13_1,Q13_2,Q13_3,Q14_1_a,Q5_a,StartDate,CompletionDate",
        "U-1,2,1,,3,1,2,4,own words,05/06/2017 09:00:00,",
        "U-2,,,,,,,,,05/06/2017 09:00:00,05/06/2017 10:00:00",
    )
    export = read(path, jisc_online_surveys)
    assert handed(export) == {
        "Q1": ["2", ""],
        "Q3": ['["1"]', ""],
        "Q13 [1]": ["2", ""],
        "Q13 [2]": ["3", ""],
        "Q13 [3]": ["1", ""],
        "Q14_1_a": ["4", ""],
        "Q5_a": ["own words", ""],
    }
    assert handed(export, "completed_at") == {"CompletionDate": ["", "05/06/2017 10:00:00"]}


def test_jisc_coded_columns_that_are_neither_ticks_nor_ranks_are_refused(tmp_path):
    path = text_file(tmp_path, "URN,Q13_1,Q13_2", "U-1,2,2")
    assert "Q13" in refused(path, jisc_online_surveys).message


def test_jisc_without_numbers_or_response_numbers_is_not_taken_for_granted(tmp_path):
    assert not jisc_online_surveys.recognises(text_file(tmp_path, "Unique Response Number,Type", "U-1,x"))
    path = text_file(tmp_path, "Q1,CompletionDate", "2,05/06/2017 10:00:00")
    assert "Unique response number" in refused(path, jisc_online_surveys).remedy


def test_jisc_dates_rewritten_month_first_are_refused_by_line(tmp_path):
    lines = ["U-1,05/13/2017", "U-2,05/06/2017"]
    error = refused(text_file(tmp_path, "Unique Response Number,1. Date", *lines), jisc_online_surveys)
    assert error.culprits == ("line 2",)
    assert "day first" in error.message
    error = refused(
        text_file(tmp_path, "Unique Response Number,1. Date", *lines, "U-3,14/05/2017"), jisc_online_surveys
    )
    assert "change places" in error.message


def test_jisc_text_that_looks_like_a_true_date_stays_text_in_a_workbook(tmp_path):
    path = workbook(
        tmp_path,
        ("Unique Response Number", "1. When", "2. Words", "Completion Date"),
        ("U-1", dt.date(2017, 6, 5), "2017-06-05", dt.datetime.fromisoformat("2017-06-05T09:00:01")),
    )
    export = read(path, jisc_online_surveys)
    assert handed(export) == {"When": ["05/06/2017"], "Words": ["2017-06-05"]}
    assert handed(export, "completed_at") == {"Completion Date": ["05/06/2017 09:00:01"]}


@real
def test_a_real_jisc_export_for_spss():
    export = read(EXPORTS / "jisc_online_surveys" / "bossier_example.sav", jisc_online_surveys)
    answers = handed(export)
    assert len(export.sheets[0].rows) == 13
    assert answers["Pet"][:2] == ["Cats", "Monkeys"]
    assert answers["PetLikes"][0] == '["Parrots", "Whales"]'
    assert answers["PetLikes"].count("") == 0
    assert answers["Q13 [1]"][:2] == ["Black", "Pink"]
    assert answers["Q14 [Write an R Package]"][0] == "Very Likely"
    assert (answers["Date"][0], answers["CurrentTime"][1]) == ("18/04/2018", "00:00:20")
    assert export.exported_at == dt.datetime(2018, 4, 13, 15, 39, 58, tzinfo=dt.UTC)


# -- Microsoft Forms

FORMS = ("ID", "Start time", "Completion time", "Email", "Name")
WHEN = tuple(map(dt.datetime.fromisoformat, ("2017-06-05T09:00", "2017-06-05T09:30")))


def test_forms_cells_in_every_shape(tmp_path):
    path = workbook(
        tmp_path,
        (*FORMS, "Language", "Topics", "Name", "Points - Topics"),
        (2, *WHEN, "anonymous", "", "English", "B;A, c;Own; words;", "Jo", 1),
        (5, *WHEN, "jo@example.org", "Jo", "English", '["A, c","B"]', "", 0),
    )
    export = read(path, microsoft_forms)
    assert handed(export, "response_id") == {"ID": ["2", "5"]}
    assert list(handed(export)) == ["Topics", "Name"]  # a question may be called so; the columns of Forms come first
    assert list(handed(export, "tool")) == ["Email", "Name", "Language", "Points - Topics"]
    cells = handed(export)["Topics"]
    assert microsoft_forms.split(cells[0], ["A, c", "B"]) == ["B", "A, c", "Own; words"]  # a ranking keeps its order
    assert microsoft_forms.split(cells[1], ["A, c", "B"]) == ["A, c", "B"]
    assert microsoft_forms.split("A;A;", ["A"]) == ["A", "A"]  # own words that equal an option are told apart by nobody
    assert microsoft_forms.split("[sic]; B", ["B"]) == ["[sic]; B"]


@pytest.mark.parametrize(
    "headings, culprits",
    [
        (("Role", "Role2"), ("new: “Role2”",)),  # a second question of the same wording, as Forms heads it
        (("Role now",), ("re-worded: “Role” is now “Role now”",)),  # renamed in Forms: the column is, too
    ],
)
def test_forms_headings_that_no_longer_fit_are_refused(tmp_path, headings, culprits):
    path = workbook(tmp_path, (*FORMS, "Area", *headings), (1, *WHEN, "", "", "z", *["x" for _ in headings]))
    survey = survey_of("microsoft_forms", question("area", "Area"), question("role", "Role"))
    with pytest.raises(ContractError) as caught:
        hold(read(path, microsoft_forms), survey, path)
    assert caught.value.culprits == culprits

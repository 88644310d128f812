"""Traps that real exports of Google Forms, SurveyMonkey and SmartSurvey set."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from dialect_cases import survey_of
from dialect_files import EXPORTS, handed, question, read, real, refused, text_file, workbook
from exports import WRITERS
from exports.responses import Response

from landscape.errors import ContractError, MixedSampleError
from landscape.surveys.contract import hold
from landscape.surveys.dialects import google_forms, smartsurvey, surveymonkey
from landscape.surveys.received import read_received

# -- Google Forms


def test_google_has_two_ways_to_join_and_no_mark_for_own_words():
    labels = ["Radio, print", "Web; apps", "Phone"]
    assert google_forms.split("Radio, print, Web; apps, mine", labels) == ["Radio, print", "Web; apps", "mine"]
    assert google_forms.split("Radio, print;Web; apps;mine, too", labels) == ["Radio, print", "Web; apps", "mine, too"]
    assert google_forms.split("Phone", labels) == ["Phone"]


def test_google_columns_and_grids(tmp_path):
    path = text_file(
        tmp_path,
        "Timestamp,Email Address,Score,How often [Texts],Tools [Posts]",
        '5/6/2017 9:06:16,jo@example.org,3,Daily,"A, B"',
    )
    export = read(path, google_forms)
    assert handed(export) == {"How often [Texts]": ["Daily"], "Tools [Posts]": ["A, B"]}
    assert list(handed(export, "tool")) == ["Email Address", "Score"]
    assert handed(export, "completed_at") == {"Timestamp": ["2017-06-05T09:06:16"]}
    assert export.time_zone is None


def sample_file(folder, variant, *numbers, name="SAMPLE-walks"):
    path = folder / f"{name}.{variant.split('_')[1]}"
    started = dt.datetime.fromisoformat("2017-06-05T09:00:00")
    made = [Response(number, {"why": "so"}, completed_at=started) for number in numbers]
    WRITERS["google_forms"].write(survey_of("google_forms", question("why", "Why?")), made, path, variant=variant)
    return path


@pytest.mark.parametrize("variant", WRITERS["google_forms"].VARIANTS)
def test_google_rows_that_are_made_up_say_so_and_are_distinguished_from_real_ones(tmp_path, variant):
    survey = survey_of("google_forms", question("why", "Why?"))
    path = sample_file(tmp_path, variant, "SAMPLE-1", "SAMPLE-2")
    received = read_received(path, path.name, survey)
    assert received.is_sample
    assert handed(received.export, "tool").popitem()[1] == ["SAMPLE-1@example.invalid", "SAMPLE-2@example.invalid"]
    assert read_received(sample_file(tmp_path, variant, "1", name="real"), "real", survey).is_sample is False
    renamed = path.rename(tmp_path / f"export{path.suffix}")
    assert read_received(renamed, renamed.name, survey).is_sample
    with pytest.raises(MixedSampleError) as caught:
        read_received(sample_file(tmp_path, variant, "SAMPLE-1", "2"), "SAMPLE-walks", survey)
    assert caught.value.culprits == ("line 3",)


def test_google_addresses_of_people_make_no_row_a_sample(tmp_path):
    path = text_file(tmp_path, "Timestamp,Email Address,a", "05/06/2017 9:00:00,SAMPLE-1@example.org,x")
    assert handed(read(path, google_forms), "response_id")["response number"] == ["2017-06-05T09:00:00"]


def test_google_responses_of_one_second_are_told_apart(tmp_path):
    path = text_file(tmp_path, "Timestamp,a", *["05/06/2017 9:00:00,x"] * 2, ",typed in later")
    numbers = handed(read(path, google_forms), "response_id")["response number"]
    assert numbers == ["2017-06-05T09:00:00", "2017-06-05T09:00:00#2", ""]


@pytest.mark.parametrize(
    "times, culprits",
    [
        (["6/13/2017 9:00:00", "6/5/2017 9:00:00"], ("line 2",)),
        (["13/6/2017 9:00:00", "6/14/2017 9:00:00"], ("line 3",)),
    ],
)
def test_google_sheets_of_another_locale_are_refused(tmp_path, times, culprits):
    error = refused(text_file(tmp_path, "Timestamp,a", *(f"{time},x" for time in times)), google_forms)
    assert error.culprits == culprits
    assert "United Kingdom" in error.remedy


def test_google_times_with_an_offset_become_utc(tmp_path):
    written = [
        "2026/09/27 3:00:00 PM GMT+3",
        "2026/09/27 12:30:00 AM GMT+5:30",
        "2026/01/27 12:00:00 PM GMT",
        "2026/07/01 1:00:00 AM GMT-4",
    ]
    path = text_file(tmp_path, '"Timestamp","a"', *(f'"{time}","x"' for time in written))
    export = read(path, google_forms)
    assert export.time_zone == "UTC"
    assert handed(export, "completed_at")["Timestamp"] == [
        "2026-09-27T12:00:00",
        "2026-09-26T19:00:00",
        "2026-01-27T12:00:00",
        "2026-07-01T05:00:00",
    ]


def test_google_zones_that_could_be_several_are_refused(tmp_path):
    path = text_file(tmp_path, "Timestamp,a", "2026/09/27 3:00:00 PM AST,x", "2026/09/27 3:00:00 PM GMT+3,x")
    assert refused(path, google_forms).culprits == ("AST: line 2",)


def test_google_responses_need_not_stand_on_the_first_sheet(tmp_path):
    rows = (
        ("Timestamp", "When", "Words"),
        (dt.datetime.fromisoformat("2017-06-05T09:00"), dt.date(2017, 6, 5), "2017-06-05"),
    )
    export = read(workbook(tmp_path, *rows, title="Form responses 1", before="Notes"), google_forms)
    assert handed(export) == {"When": ["05/06/2017"], "Words": ["2017-06-05"]}


def test_a_deleted_google_question_leaves_a_column_that_the_contract_names(tmp_path):
    path = text_file(tmp_path, "Timestamp,Role,Old question", "05/06/2017 9:00:00,x,")
    with pytest.raises(ContractError) as caught:
        hold(read(path, google_forms), survey_of("google_forms", question("role", "Role")), path)
    assert caught.value.culprits == ("new: “Old question”",)


# -- SurveyMonkey


def test_surveymonkey_columns_per_option_with_own_words_at_the_end(tmp_path):
    path = text_file(
        tmp_path,
        "Respondent ID,IP Address,Topics,,,Role,,Rank,,Liked,,Agree?",
        ",,- A & B,- C,Other (please specify),Response,Other (please specify),X,Y,One,Two,I agree",
        "1,192.0.2.1,- A & B,,C,,Cook,2,1,Yes,No,I agree",
        "2,192.0.2.2,,,,Officer,,,,,,",
    )
    export = read(path, surveymonkey)
    assert handed(export) == {
        "Topics": ['["A & B", "Other"]', ""],  # own words that equal an option are still own words
        "Role": ["Other", "Officer"],
        "Rank [1]": ["Y", ""],
        "Rank [2]": ["X", ""],
        "Liked [One]": ["Yes", ""],
        "Liked [Two]": ["No", ""],
        "Agree?": ['["I agree"]', ""],
    }
    assert set(handed(export, "tool")) == {"IP Address", "Topics", "Role"}


def test_surveymonkey_in_old_bytes_with_breaks_in_its_headings(tmp_path):
    lines = ["RespondentID,First line<br>second &amp; last<br/>,Why", ",Response,Open-Ended Response", "1,x,Œuvre"]
    export = read(text_file(tmp_path, *lines, encoding="cp1252", line_end="\r"), surveymonkey)
    assert "Windows-1252" in export.encoding_note
    assert handed(export) == {"First line second & last": ["x"], "Why": ["Œuvre"]}


def test_surveymonkey_end_dates_of_partial_responses_and_previews(tmp_path):
    path = text_file(
        tmp_path,
        "Respondent ID,Collector ID,Start Date,End Date,First Name,response_status,collection_mode,Role",
        ",,,,,,,Response",
        "1,9,06/05/2017 12:06:16 AM,06/05/2017 01:06:16 PM,Jo,completed,default,x",
        "2,9,06/13/2017 09:00:00 AM,06/13/2017 09:01:00 AM,,partial,preview,x",
    )
    export = read(path, surveymonkey)
    assert handed(export, "started_at")["Start Date"] == ["2017-06-05T00:06:16", "2017-06-13T09:00:00"]
    assert handed(export, "completed_at")["End Date"] == ["2017-06-05T13:06:16", ""]
    assert handed(export, "preview")["collection_mode"] == ["", "preview"]
    assert "First Name" in handed(export, "tool")
    path.write_text(path.read_text().replace("06/13", "13/06"))
    assert refused(path, surveymonkey).culprits == ("line 4",)


def test_a_question_deleted_in_surveymonkey_is_missed(tmp_path):
    path = text_file(tmp_path, "Respondent ID,Role", ",Response", "1,x")
    survey = survey_of("surveymonkey", question("role", "Role"), question("area", "Area"))
    with pytest.raises(ContractError) as caught:
        hold(read(path, surveymonkey), survey, path)
    assert caught.value.culprits == ("missing: “Area”",)


@real
def test_real_surveymonkey_exports():
    export = read(EXPORTS / "surveymonkey" / "538_starwars_2headers_nonutf8_head.csv", surveymonkey)
    answers = handed(export)
    seen = next(cells for heading, cells in answers.items() if heading.startswith("Which of the following"))
    assert "Windows-1252" in export.encoding_note
    assert [len(json.loads(cell or "[]")) for cell in seen[:3]] == [6, 0, 3]
    ranked = [cells[0] for heading, cells in answers.items() if heading.startswith("Please rank")]
    assert ranked[0] == "Star Wars: Episode III  Revenge of the Sith"
    assert any(heading.endswith("[Han Solo]") for heading in answers)
    steak = handed(read(EXPORTS / "surveymonkey" / "538_steak_2headers_head.csv", surveymonkey))
    assert not any("<br>" in heading for heading in steak)


# -- SmartSurvey


def test_smartsurvey_three_rows_of_headings(tmp_path):
    path = text_file(
        tmp_path,
        "UserID,IP Address,Started,Ended,Q1. Don@SQ@t you agree?,Q2. Topics,,,,Q3. Rank,,Q4. Liked,",
        ",,,,Answer,Answer,,Other (please specify),Comments,X,Y,One,Two",
        ",,,,,A,B,,,,,,",
        "7,192.0.2.1,05/06/2017 09:00,05/06/2017 09:30:01,Don@SQ@t Know,A,-,own,because,2,1,Yes,-",
        "8,192.0.2.1,05/06/2017 09:00,05/06/2017 09:30:01,-,-,-,-,-,-,-,-,-",
    )
    export = read(path, smartsurvey)
    assert handed(export) == {
        "Don't you agree?": ["Don't Know", ""],  # blank though the response counts as ended: required is not enforced
        "Topics": ['["A", "Other"]', ""],
        "Rank [1]": ["Y", ""],
        "Rank [2]": ["X", ""],
        "Liked [One]": ["Yes", ""],
        "Liked [Two]": ["", ""],
    }
    assert handed(export, "started_at") == {"Started": ["2017-06-05T09:00:00"] * 2}
    assert handed(export, "completed_at") == {"Ended": ["2017-06-05T09:30:01"] * 2}


def test_smartsurvey_grids_of_rows_and_columns(tmp_path):
    headings = [
        "UserID,Q10. Tools,,,,Q11. Used,,,",
        ",R,,SQL,,R,,SQL,",
        ",Known,Offered,Known,Offered,Home,Work,Home,Work",
    ]
    path = text_file(tmp_path, *headings, "7,Well,Yes,-,No,Home,Work,-,Work")
    assert handed(read(path, smartsurvey)) == {
        "Tools [R - Known]": ["Well"],
        "Tools [R - Offered]": ["Yes"],
        "Tools [SQL - Known]": [""],
        "Tools [SQL - Offered]": ["No"],
        "Used [R]": ['["Home", "Work"]'],
        "Used [SQL]": ['["Work"]'],
    }

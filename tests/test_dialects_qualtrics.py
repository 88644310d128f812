"""Traps that real exports of Qualtrics set."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from dialect_files import EXPORTS, handed, read, real, refused, workbook

from landscape.surveys.dialects import qualtrics

Heading = tuple[str, str, dict[str, str]]

START: Heading = ("StartDate", "Anfangsdatum", {"ImportId": "startDate", "timeZone": "America/Denver"})
END: Heading = ("EndDate", "Enddatum", {"ImportId": "endDate", "timeZone": "America/Denver"})
STATUS: Heading = ("Status", "Antworttyp", {"ImportId": "status"})
FINISHED: Heading = ("Finished", "Beendet", {"ImportId": "finished"})
NUMBER: Heading = ("ResponseId", "Antwort-ID", {"ImportId": "_recordId"})
FACTS = (START, END, STATUS, FINISHED, NUMBER)
FACT_CELLS = ("2017-06-05 09:00:00", "2017-06-05 09:10:00", "IP Address", "True", "R_1")


def three_rows(
    folder: Path, questions: list[Heading], *rows: tuple[str, ...], facts: tuple[str, ...] = FACT_CELLS
) -> Path:
    path = folder / "export.csv"
    headings = [*FACTS, *questions]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([name for name, _, _ in headings])
        writer.writerow([wording for _, wording, _ in headings])
        writer.writerow([json.dumps(import_id) for _, _, import_id in headings])
        writer.writerows([*facts, *row] for row in rows)
    return path


def of(question: str, name: str, wording: str, choice: str = "") -> Heading:
    return name, wording, {"ImportId": question} | ({"choiceId": choice} if choice else {})


def topics(*options: str) -> list[Heading]:
    return [of("QID2", f"Q2_{n}", f"Topics - now - {option}", str(n)) for n, option in enumerate(options, start=1)]


def test_options_and_questions_may_hold_the_dash_between_them(tmp_path):
    path = three_rows(tmp_path, topics("News - print", "News - web"), ("News - print", ""), ("", ""))
    assert handed(read(path, qualtrics)) == {"Topics - now": ['["News - print"]', ""]}


def test_numbers_of_choices_are_handed_over_and_ticks_read_from_the_headings(tmp_path):
    grid = [of("QID3_1", "Q3_1", "Tools - R"), of("QID3_2", "Q3_2", "Tools - SQL")]
    questions = [of("QID1", "Q1", "Role"), *topics("A", "B"), *grid]
    path = three_rows(tmp_path, questions, ("4", "1", "", "3", "3"), ("2", "", "1", "1", ""))
    assert handed(read(path, qualtrics)) == {
        "Role": ["4", "2"],
        "Topics - now": ['["A"]', '["B"]'],
        "Tools [R]": ["3", "1"],
        "Tools [SQL]": ["3", ""],
    }


@pytest.mark.parametrize("unticked", ["0", "-99"])
def test_seen_but_not_ticked_is_not_the_same_as_not_seen(tmp_path, unticked):
    path = three_rows(tmp_path, topics("A", "B"), (unticked, unticked), ("", ""), ("1", unticked))
    assert handed(read(path, qualtrics)) == {"Topics - now": ["[]", "", '["A"]']}


def test_joined_cells_have_no_escape_and_may_hold_numbers():
    labels = ["Radio, print", "Radio,web", "Phone"]
    assert qualtrics.split("Radio,web,Phone", labels) == ["Radio,web", "Phone"]
    assert qualtrics.split("Phone,Radio, print", labels) == ["Phone", "Radio, print"]
    assert qualtrics.split("1,3", labels) == ["1", "3"]
    assert qualtrics.split("2", labels) == ["2"]
    assert qualtrics.split('["A","B, c"]', labels) == ["A", "B, c"]


def test_own_words_rankings_and_what_the_tool_adds(tmp_path):
    questions = [
        of("QID1", "Q1", "Role - Selected Choice"),
        of("QID1_7_TEXT", "Q1_7_TEXT", "Role - Other - Text"),
        of("QID1_DO", "Q1_DO_1", "Role - Display Order - Officer", "1"),
        of("QID5_1", "Q5_1", "Rank - X"),
        of("QID5_2", "Q5_2", "Rank - Y"),
        of("QID6_FIRST_CLICK", "Q6_First Click", "Timing - First Click"),
        of("QID7_TEXT", "Q7", "Why - so?"),
        of("QID7_TEXT_0123456789abcdefTopics", "Q7 - Topics", "Q7 - Topics"),
        of("source", "source", "source"),
    ]
    export = read(
        three_rows(tmp_path, questions, ("Other", "Cook", "2", "2", "1", "0.5", "Because", "t", "mail")), qualtrics
    )
    assert handed(export) == {
        "Role": ["Other"],
        "Rank [1]": ["Y"],
        "Rank [2]": ["X"],
        "Why - so?": ["Because"],
    }
    assert list(handed(export, "tool")).count("Role") == 1  # what was written beside “Other” goes along with the answer
    assert {"Q1_DO_1", "Q6_First Click", "Q7 - Topics", "source"} <= handed(export, "tool").keys()


def test_a_question_may_be_named_as_a_part_of_another(tmp_path):
    path = three_rows(
        tmp_path, [of("QID9", "wave_2", "Which wave?"), of("QID10_TEXT", "age_1", "Age - in years")], ("Two", "41")
    )
    assert handed(read(path, qualtrics)) == {"Which wave?": ["Two"], "Age - in years": ["41"]}


@pytest.mark.parametrize(
    "status, finished, preview, completed",
    [
        ("IP Address", "True", "", "2017-06-05 09:10:00"),
        ("0", "1", "", "2017-06-05 09:10:00"),
        ("Survey Preview", "TRUE", "Survey Preview", "2017-06-05 09:10:00"),
        ("1", "0", "1", ""),
        ("Spam", "False", "", ""),
    ],
)
def test_previews_and_responses_that_were_not_finished(tmp_path, status, finished, preview, completed):
    facts = ("2017-06-05 09:00:00", "2017-06-05 09:10:00", status, finished, "R_1")
    export = read(three_rows(tmp_path, topics("A"), ("A",), facts=facts), qualtrics)
    assert handed(export, "preview") == {"Status": [preview]}
    assert handed(export, "completed_at") == {"EndDate": [completed]}
    assert export.time_zone == "America/Denver"


@pytest.mark.parametrize("at, word", [(2, "Umfragevorschau"), (3, "Wahr")])
def test_words_that_decide_what_counts_are_never_guessed(tmp_path, at, word):
    facts = (*FACT_CELLS[:at], word, *FACT_CELLS[at + 1 :])
    error = refused(three_rows(tmp_path, topics("A"), ("A",), facts=facts), qualtrics)
    assert error.culprits == (word,)
    assert "numeric" in error.remedy


def test_times_with_an_offset_become_utc(tmp_path):
    facts = ("2017-06-05T09:00:00Z", "2017-06-05T10:10:00+01:00", *FACT_CELLS[2:])
    export = read(three_rows(tmp_path, topics("A"), ("A",), facts=facts), qualtrics)
    assert handed(export, "started_at") == {"StartDate": ["2017-06-05T09:00:00"]}
    assert handed(export, "completed_at") == {"EndDate": ["2017-06-05T09:10:00"]}
    assert export.time_zone == "UTC"


def test_a_zone_that_is_not_known_is_refused(tmp_path):
    path = three_rows(tmp_path, topics("A"), ("A",))
    path.write_text(path.read_text().replace("America/Denver", "Mountain"))
    assert refused(path, qualtrics).culprits == ("Mountain",)


def test_without_response_ids_responses_are_numbered_by_row_and_it_says_so(tmp_path):
    path = three_rows(tmp_path, topics("A"), ("A",), ("",))
    path.write_text(path.read_text().replace("_recordId", "removed").replace("ResponseId", "removed"))
    export = read(path, qualtrics)
    assert handed(export, "response_id") == {"response number": ["row 1", "row 2"]}
    assert "Download all fields" in export.sheets[0].notes[0].reason


def test_personal_columns_are_never_answers(tmp_path):
    personal = [
        "IPAddress",
        "RecipientLastName",
        "RecipientFirstName",
        "RecipientEmail",
        "ExternalReference",
        "LocationLatitude",
    ]
    headings = [(name, name, {"ImportId": name[0].lower() + name[1:]}) for name in personal]
    path = three_rows(tmp_path, [*headings, *topics("A")], (*["x"] * len(personal), "A"))
    assert list(handed(read(path, qualtrics))) == ["Topics - now"]
    assert set(handed(read(path, qualtrics), "tool")) >= set(personal)


def test_a_workbook_has_two_rows_of_headings(tmp_path):
    path = workbook(
        tmp_path,
        ("StartDate", "EndDate", "Status", "Finished", "ResponseId", "Q2_1", "Q2_2", "Q3"),
        ("Start Date", "End Date", "Response Type", "Finished", "Response ID", "Topics - A", "Topics - B", "Why?"),
        ("2017-06-05 09:00:00", "2017-06-05 09:10:00", "IP Address", True, "R_1", "A", "", "ImportId"),
    )
    export = read(path, qualtrics)
    assert handed(export) == {"Topics": ['["A"]'], "Why?": ["ImportId"]}
    assert handed(export, "completed_at") == {"EndDate": ["2017-06-05 09:10:00"]}
    assert export.time_zone is None


def test_a_legacy_export_ends_in_an_empty_column(tmp_path):
    path = tmp_path / "export.csv"
    lines = [
        "V1,V2,V6,V7,V8,V9,V10,Q1,Q2_1,Q2_2,LocationLatitude,",
        "ResponseID,ResponseSet,IPAddress,Status,StartDate,EndDate,Finished,Name,Topics-A - A,Topics-A - B,LocationLatitude,",
        "R_1,Default,192.0.2.1,1,2017-06-05 09:00:00,2017-06-05 09:10:00,0,Jo,,1,0,",
    ]
    path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    export = read(path, qualtrics)
    assert handed(export) == {"Name": ["Jo"], "Topics-A": ['["B"]']}  # a question may be worded as a fact is called
    assert handed(export, "response_id") == {"V1": ["R_1"]}
    assert handed(export, "preview") == {"V7": ["1"]}
    assert handed(export, "completed_at") == {"EndDate": [""]}
    assert export.sheets[0].columns[-1].role == "empty"


@real
def test_real_exports():
    for name, number in (
        ("qualtrics_v3_3headers_numeric_de", "ResponseId"),
        ("qualtrics_legacy_2headers_bom_trailingcomma", "V1"),
    ):
        export = read(EXPORTS / "qualtrics" / f"{name}.csv", qualtrics)
        assert handed(export) == {
            "This is a multiple choice question.": ["2"],
            "This is a free text question.": ["Hello World!"],
        }
        assert handed(export, "response_id") == {number: ["R_2YPOQ602ER1jkf1"]}
        assert handed(export, "preview") in ({"Status": [""]}, {"V7": [""]})

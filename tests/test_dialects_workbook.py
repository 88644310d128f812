"""The blank workbook, from any questionnaire, filled in as a person would."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from shipped import CHECKOUT, SURVEYS

from landscape.errors import ContractError, ReceivedFileError, SurveyDefinitionError
from landscape.surveys.contract import hold
from landscape.surveys.definition import Survey, Wave
from landscape.surveys.dialects import dialect_of, visit_workbook
from landscape.surveys.export import OWN_WORDS_MARK
from landscape.surveys.questionnaire import Repeat
from landscape.surveys.questionnaire_file import read_questionnaire
from landscape.surveys.received import read_received
from landscape.surveys.workbook import write_blank_workbook

REFERENCE = CHECKOUT.reference

SPEAKERS, TOPICS = "select_one_from_file codebook.csv", "select_multiple_from_file codebook.csv"
VALUES = "value=code label=label"
WALKS = f"""
| survey |
| | type         | name        | label        | required | privacy | choice_filter         | parameters |
| | date         | walked_on   | Date of walk | yes      |         |                       |            |
| | begin repeat | stops       | Stops        |          |         |                       |            |
| | text         | stop_name   | Where        | yes      | onward  |                       |            |
| | begin repeat | talks       | Talks        |          |         |                       |            |
| | {SPEAKERS}   | talker      | With whom    | yes      |         | scheme='speaker_type' | {VALUES}   |
| | {TOPICS}     | talk_topics | About what   |          |         | scheme='topic'        | {VALUES}   |
| | decimal      | minutes     | How long     |          |         |                       |            |
| | end repeat   |             |              |          |         |                       |            |
| | end repeat   |             |              |          |         |                       |            |

| settings |
| | form_id | form_title | version |
| | walks   | Walks      | 1       |
"""


@pytest.fixture(scope="module")
def visits() -> Survey:
    return SURVEYS["force_visits"]


@pytest.fixture
def walks(tmp_path) -> Survey:
    folder = tmp_path / "walks"
    folder.mkdir()
    (folder / "questionnaire.md").write_text(WALKS, encoding="utf-8")
    return Survey(
        name="walks",
        title="Walks",
        licence="none",
        tool="visit_workbook",
        time_zone="Europe/London",
        consent_version="1",
        retain_until=dt.date(2030, 1, 1),
        waves=(Wave("1", dt.date(2029, 1, 1), dt.date(2029, 12, 31)),),
        test_responses=frozenset(),
        questionnaire=read_questionnaire(folder / "questionnaire.md", REFERENCE),
    )


def fill(path: Path, sheet: str, *rows: dict[str, object]) -> None:
    """Types rows into a sheet below its two rows of headings, finding each column by its wording."""
    workbook = load_workbook(path)
    wordings = {cell.value: cell.column for cell in workbook[sheet][2]}
    for number, row in enumerate(rows, start=3):
        for wording, value in row.items():
            workbook[sheet].cell(number, wordings[wording], value)
    workbook.save(path)


def read_rows(path: Path, survey: Survey, repeat: str | None) -> list[dict[str, str]]:
    """The rows of one sheet as a refresh reads them, by question name or by the column's role."""
    dialect = dialect_of(path, survey.tool)
    export = dialect.read(path)
    columns = hold(export, survey, path).columns[repeat]
    sheet = next(sheet for sheet in export.sheets if sheet.repeat == repeat)
    names = [columns[c.position].name if c.position in columns else c.role for c in sheet.columns]
    return [{n: cell for n, cell in zip(names, row.cells, strict=True) if cell and n != "tool"} for row in sheet.rows]


def test_a_workbook_filled_in_by_a_person_is_read_right(visits, tmp_path):
    path = tmp_path / "any name.xlsx"
    write_blank_workbook(visits, path)
    own, above = (
        "Number of this row (your own, such as V01)",
        "Number of the row on the sheet “{}” that it belongs to",
    )
    fill(
        path,
        "force_visits",
        {
            own: "V01",
            "Date of the visit": dt.date(2017, 6, 21),
            "Force area visited": "Durham",
            "Organisation visited": "Police force",
            "Training or guidance in engagement offered to officers: Written guidance": "x",
            "Training or guidance in engagement offered to officers: Required training": "X",
        },
        {own: 2, "Date of the visit": dt.date(2017, 7, 3), "Force area visited": "Cumbria"},
    )
    fill(
        path,
        "activities",
        {
            "Number of this row (your own, such as A01)": "A1",
            above.format("force_visits"): "V01",
            "Primary objective": "Build trust with hard-to-reach groups",
            "Type of activity": "Meetings and surgeries",
            "Other objectives: Find missing persons": "yes",
            "Other objectives: Other": "quieter nights",
            "Number of the coder (at the desk)": 1,
        },
        {},  # a row left out
        {"Number of this row (your own, such as A01)": "A2", above.format("force_visits"): 2},
    )
    fill(
        path,
        "products",
        {above.format("activities"): "A1", "Product": "Made-up Alert", "Members reached": 1200},
    )

    assert read_rows(path, visits, None) == [
        {
            "response_id": "V01",
            "visited_on": "2017-06-21",
            "force_area": "Durham",
            "organisation_type": "Police force",
            "training": "TRN.GUIDANCE;TRN.REQUIRED",
        },
        {"response_id": "2", "visited_on": "2017-07-03", "force_area": "Cumbria"},
    ]
    assert read_rows(path, visits, "activities") == [
        {
            "record_id": "A1",
            "parent_id": "V01",
            "primary_objective": "Build trust with hard-to-reach groups",
            "activity_type": "Meetings and surgeries",
            "other_objectives": f"OBJ.MISSING{OWN_WORDS_MARK}quieter nights",
            "coder": "1",
        },
        {"record_id": "A2", "parent_id": "2"},
    ]
    assert read_rows(path, visits, "products") == [
        {"parent_id": "A1", "product_name": "Made-up Alert", "n_members_reached": "1200"}
    ]
    assert read_rows(path, visits, "challenges") == []
    labels = [option.label for option in visits.questionnaire.by_name["training"].options]
    assert visit_workbook.split("Written guidance;Required training", labels) == [
        "Written guidance",
        "Required training",
    ]


def test_rows_keep_their_place_in_the_sheet_for_messages(visits, tmp_path):
    path = tmp_path / "visits.xlsx"
    write_blank_workbook(visits, path)
    fill(path, "force_visits", {}, {}, {"Date of the visit": dt.date(2017, 6, 21)})
    (sheet, *_) = visit_workbook.read(path).sheets
    assert [row.line for row in sheet.rows] == [5]


def test_it_is_made_from_any_questionnaire(walks, tmp_path):
    path = tmp_path / "walks.xlsx"
    write_blank_workbook(walks, path)
    workbook = load_workbook(path)
    topics = {option.code: option.label for option in walks.questionnaire.by_name["talk_topics"].options}
    assert workbook.sheetnames == ["about", "walks", "stops", "talks", "lists"]
    names = {sheet: [cell.value for cell in workbook[sheet][1]] for sheet in ("walks", "stops", "talks")}
    assert names == {
        "walks": ["record", "walked_on"],
        "stops": ["record", "belongs_to", "stop_name"],
        "talks": ["belongs_to", "talker", *(f"talk_topics/{code}" for code in topics), "minutes"],
    }
    assert [cell.value for cell in workbook["talks"][2]] == [
        "Number of the row on the sheet “stops” that it belongs to",
        "With whom",
        *(f"About what: {label}" for label in topics.values()),
        "How long",
    ]
    assert "visit" not in " ".join(str(cell.value) for row in workbook["about"].iter_rows() for cell in row)
    fill(path, "talks", {"With whom": "Academic", "How long": 2.5})
    assert read_rows(path, walks, "talks") == [{"talker": "Academic", "minutes": "2.5"}]


def test_every_closed_question_offers_its_own_options(visits, tmp_path):
    path = tmp_path / "visits.xlsx"
    write_blank_workbook(visits, path)
    workbook = load_workbook(path)
    n_checked = 0
    for repeat in (None, *(part.name for part in visits.form.repeats)):
        sheet = workbook[repeat or visits.name]
        rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        columns = {cell.value: cell.column_letter for cell in sheet[1]}
        for question in visits.form.of(repeat):
            if question.kind == "select_one":
                rule = rules[f"{columns[question.name]}3"]
                assert rule.type == "list"
                cells = workbook["lists"][rule.formula1.removeprefix("lists!").replace("$", "")]
                assert [row[0].value for row in cells] == [option.label for option in question.offered]
                n_checked += 1
            if question.kind == "select_multiple":
                for option in question.offered:
                    letter = columns[f"{question.name}/{option.code}"]
                    assert sheet[f"{letter}2"].value == f"{question.label}: {option.label}"
                    is_for_words = option.code == question.other_code
                    assert (f"{letter}3" not in rules) if is_for_words else (rules[f"{letter}3"].formula1 == '"x"')
                n_checked += 1
            if question.kind == "date":
                assert rules[f"{columns[question.name]}3"].type == "date"
                assert sheet.column_dimensions[columns[question.name]].number_format == "dd/mm/yyyy"
                n_checked += 1
    assert n_checked > 20


def test_a_part_may_only_belong_to_a_number_given_above(visits, tmp_path):
    path = tmp_path / "visits.xlsx"
    write_blank_workbook(visits, path)
    workbook = load_workbook(path)
    sources = {
        sheet: [rule.formula1 for rule in workbook[sheet].data_validations.dataValidation if "!$A$3" in rule.formula1]
        for sheet in ("activities", "cards", "products", "challenges", "quotations")
    }
    assert sources == {
        "activities": ["'force_visits'!$A$3:$A$1000"],
        "cards": ["'activities'!$A$3:$A$1000"],
        "products": ["'activities'!$A$3:$A$1000"],
        "challenges": ["'force_visits'!$A$3:$A$1000"],
        "quotations": ["'force_visits'!$A$3:$A$1000"],
    }
    assert {sheet: workbook[sheet].freeze_panes for sheet in ("force_visits", "activities", "products")} == {
        "force_visits": "B3",
        "activities": "C3",
        "products": "B3",
    }


def test_the_same_workbook_every_time(visits, tmp_path):
    write_blank_workbook(visits, tmp_path / "a.xlsx")
    write_blank_workbook(visits, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["lists", "About", "a_part_with_a_name_longer_than_a_sheet_may_have"])
def test_a_part_that_no_sheet_can_be_named_after(walks, tmp_path, name):
    asked = dataclasses.replace(walks.questionnaire, repeats=(Repeat(name, "Stops", None),), questions=())
    with pytest.raises(SurveyDefinitionError) as caught:
        write_blank_workbook(dataclasses.replace(walks, questionnaire=asked), tmp_path / "walks.xlsx")
    assert name in caught.value.culprits
    assert not (tmp_path / "walks.xlsx").exists()


@pytest.mark.parametrize(
    "cell, parts",
    [
        ("Web; Radio, print", ["Web", "Radio, print"]),
        ("Web;Radio,print;", ["Web", "Radio, print"]),
        ("Web\nRadio, print\r\n\nTV", ["Web", "Radio, print", "TV"]),
        ("web, radio, print, TV", ["Web", "Radio, print", "TV"]),
        ("Web, Radio", ["Web, Radio"]),  # “Radio” is no option: what the comma means is for a person to say
        ("Web, letters; TV", ["Web, letters", "TV"]),
        ("Letters", ["Letters"]),
    ],
)
def test_several_answers_are_told_apart_by_what_the_options_leave_no_doubt_about(cell, parts):
    assert visit_workbook.split(cell, ["Web", "Radio, print", "TV"]) == parts


def test_where_there_is_one_visit_its_number_is_not_typed_again(visits, tmp_path):
    path = tmp_path / "visits.xlsx"
    write_blank_workbook(visits, path)
    number = "Number of this row (your own, such as {})"
    fill(path, "force_visits", {number.format("V01"): "V01", "Force area visited": "Durham"})
    fill(path, "activities", {number.format("A01"): "A1", "Type of activity": "Traditional media"})
    fill(path, "cards", {"Who pays": "The force"})
    (activity,) = read_rows(path, visits, "activities")
    assert activity["parent_id"] == "V01"
    assert "parent_id" not in read_rows(path, visits, "cards")[0], "which activity it is of must be said"
    fill(path, "force_visits", {}, {number.format("V01"): "V02", "Force area visited": "Cumbria"})
    assert "parent_id" not in read_rows(path, visits, "activities")[0], "nor is it known of two visits"


def test_what_is_no_tick_is_named_with_its_place(visits, tmp_path):
    path = tmp_path / "visits.xlsx"
    write_blank_workbook(visits, path)
    fill(path, "activities", {"Audiences: Young people": "maybe", "Audiences: Older people": "1"})
    with pytest.raises(ContractError) as caught:
        hold(visit_workbook.read(path), visits, path)
    (culprit,) = caught.value.culprits
    assert culprit.startswith("not an option of “Audiences”: once, at activities!")


def test_a_workbook_of_the_form_before_is_read_by_its_own_questionnaire(visits, tmp_path):
    """Its several answers are in one cell with “;” between them; speakers had a sheet of their own, and nothing a card."""
    path = CHECKOUT.root / "tests" / "recorded" / "visits-2017-06.xlsx"
    file = read_received(path, path.name, visits)
    assert {question.name for question in file.columns["speakers"].values()} == {
        "speaker_type", "speaker_organisation_type", "n_speakers",
    }  # fmt: skip
    rows = {sheet.repeat: len(sheet.rows) for sheet in file.export.sheets}
    assert rows == {
        None: 13, "activities": 45, "products": 10, "challenges": 30, "speakers": 34, "cards": 0, "quotations": 0,
    }  # fmt: skip


def test_all_that_a_workbook_has_lost_is_said_at_once(visits, tmp_path):
    path = tmp_path / "visits.xlsx"
    write_blank_workbook(visits, path)
    workbook = load_workbook(path)
    del workbook["products"]
    workbook["quotations"]["A1"] = "number"
    workbook["challenges"].delete_rows(1, 2)
    workbook.save(path)
    with pytest.raises(ReceivedFileError) as caught:
        visit_workbook.read(path)
    assert caught.value.culprits == (
        "the sheet “products” was renamed or deleted",
        "the sheet “challenges” has lost its two rows of headings",
        "the sheet “quotations” has lost “belongs_to” in row 1, above the numbers of its rows",
    )

"""Which answers a draft takes for options, in which order, and that it fits its own export."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import os
import random
import shutil
from pathlib import Path

import pytest
from dialect_cases import Way, cases
from exports import WRITERS
from exports.responses import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marts_landscape import CHECKOUT
from test_definitions import SIGNUP
from test_dialects_read_back import WAYS

from landscape.surveys.definition import Survey, read_survey
from landscape.surveys.draft import Draft
from landscape.surveys.drafting import draft_survey
from landscape.surveys.received import read_received

REFERENCE = CHECKOUT.reference
FAULTS = Path(__file__).parent / "faults"
EXPORTS = Path(os.environ.get("LANDSCAPE_EXPORTS", "no such folder"))


def drafted(path: Path, folder: Path, name: str = "pilot") -> tuple[Draft, Survey]:
    """A draft that fits its own export."""
    folder.mkdir(exist_ok=True)
    draft = draft_survey([path], name, folder, REFERENCE)
    survey = read_survey(folder / name, REFERENCE)
    assert draft.unsettled == ()
    read_received(path, path.name, survey)
    return draft, survey


def google(path: Path, heading: str, answers: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [[f"{13 + n % 15}/03/2026 10:{n % 60:02}:{n // 60:02}", answer] for n, answer in enumerate(answers)]
        csv.writer(stream).writerows([["Timestamp", heading], *rows])
    return path


def listed(survey: Survey, at: int = 0) -> list[str]:
    return [option.label for option in survey.questionnaire.questions[at].options]


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("g_titlecase", "select_one", ["Very Often", "Often", "Sometimes", "Never"]),
        (
            "g_brackets",
            "select_multiple",
            [
                "Distance",
                "Lack of facilities (e.g. bike racks, changing rooms)",
                "No time",
                "Weather (e.g. rain, heat)",
            ],
        ),
        ("g_apos", "select_one", ["Yes", "No"]),
        ("l_apos", "select_one", ["Yes", "No"]),
    ],
)
def test_options_of_exports_that_were_misread_once(name: str, kind: str, options: list[str], tmp_path: Path) -> None:
    _, survey = drafted(FAULTS / f"{name}.csv", tmp_path / "surveys")
    assert survey.questionnaire.questions[0].kind == kind
    assert listed(survey) == options


def test_a_part_whose_name_cannot_be_one_gets_another_by_which_it_is_found(tmp_path: Path) -> None:
    _, survey = drafted(FAULTS / "r_digit.csv", tmp_path / "surveys")
    (part,) = survey.questionnaire.repeats
    assert (part.name, part.label) == ("q_1st_visit", "1st visit")
    file = read_received(FAULTS / "r_digit.csv", "r_digit.csv", survey)
    assert {sheet.repeat: len(sheet.rows) for sheet in file.export.sheets} == {None: 6, "q_1st_visit": 6}


@pytest.mark.parametrize(
    "options",
    [
        ["White British", "White Irish", "Black African", "Asian Indian"],
        ["Strongly Agree", "Agree", "Neither Agree Nor Disagree", "Disagree", "Strongly Disagree"],
        ["Full Time", "Part Time", "Self Employed", "Not working"],
        ["Police Officer", "Police Staff", "Special Constable"],
        ["North East", "North West", "South East"],
        ["Very Satisfied", "Fairly Satisfied", "Neither", "Fairly Dissatisfied", "Very Dissatisfied"],
        ["Never", "Once or twice", "Monthly or more, but less than weekly", "Weekly or more"],
        ["A lot " + "of words " * 18 + "first", "A lot " + "of words " * 18 + "second"],
    ],
)
def test_short_and_long_options_in_title_case_are_options(options: list[str], tmp_path: Path) -> None:
    _, survey = drafted(google(tmp_path / "g.csv", "Which is it?", options * 5), tmp_path / "surveys")
    assert sorted(listed(survey)) == sorted(option.strip() for option in options)


@pytest.mark.parametrize(
    "answers",
    [
        ["Jane Smith", "Tom Black", "Anna-Lena de Vries"],
        ["12 Mill Lane, Leeds", "3 The Green"],
        ["Leeds LS1 4AP", "York"],
        ["jane@example.org", "tom@example.org"],
    ],
)
def test_names_and_addresses_never_become_options_however_often(answers: list[str], tmp_path: Path) -> None:
    _, survey = drafted(google(tmp_path / "g.csv", "Who or where?", answers * 6), tmp_path / "surveys")
    assert (survey.questionnaire.questions[0].kind, survey.questionnaire.questions[0].privacy) == ("text", "personal")
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "surveys" / "pilot").iterdir())
    assert not any(answer in written for answer in answers)


def test_scales_are_in_their_order_and_complete_from_seldom_answers(tmp_path: Path) -> None:
    answers = ["Agree"] * 9 + ["Strongly agree"] * 5 + ["Disagree"] * 4 + ["Strongly disagree", "Don't know"]
    _, survey = drafted(google(tmp_path / "g.csv", "Do you agree?", answers), tmp_path / "surveys")
    assert listed(survey) == ["Strongly agree", "Agree", "Disagree", "Strongly disagree", "Don't know"]


def test_force_areas_are_recognised_in_their_spellings_and_say_where_a_response_is_from(tmp_path: Path) -> None:
    answers = ["West Yorkshire Police", "Cumbria", "Durham Constabulary"] * 3 + ["Northumberland"]
    _, survey = drafted(google(tmp_path / "g.csv", "Where do you work?", answers), tmp_path / "surveys")
    (question,) = survey.questionnaire.questions
    assert (question.use, question.is_of_areas) == ("area", True)


def test_areas_among_other_options_keep_their_codes(tmp_path: Path) -> None:
    answers = ["Cumbria", "Durham", "Cleveland", "Outside the North"] * 4
    _, survey = drafted(google(tmp_path / "g.csv", "Where do you work?", answers), tmp_path / "surveys")
    codes = {option.label: option.code for option in survey.questionnaire.questions[0].options}
    assert codes["Cumbria"] == "E23000002"
    assert not codes["Outside the North"].startswith("E23")


def test_one_semicolon_in_own_words_does_not_change_what_joins_options(tmp_path: Path) -> None:
    answers = ["Web, Radio", "Web", "Radio", "Web, Radio, Letters", "Letters"] * 4 + ["Web, by phone; by post"]
    _, survey = drafted(google(tmp_path / "g.csv", "How?", answers), tmp_path / "surveys")
    assert survey.questionnaire.questions[0].kind == "select_multiple"
    assert listed(survey) == ["Letters", "Radio", "Web", "Other"]


def test_a_ranking_in_one_cell_becomes_its_places(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Sheet1"
    book.active.append(["ID", "Start time", "Completion time", "Email", "Name", "Rank these"])
    for number, order in enumerate(["Web;Radio;Letters;", "Radio;Web;Letters;", "Letters;Radio;Web;"], start=1):
        day = f"2026-03-0{number}T10:00:00"
        book.active.append([number, day, day, "anonymous", "", order])
    book.save(tmp_path / "forms.xlsx")
    _, survey = drafted(tmp_path / "forms.xlsx", tmp_path / "surveys")
    assert [q.rank for q in survey.questionnaire.questions] == [("rank", 1), ("rank", 2), ("rank", 3)]
    file = read_received(tmp_path / "forms.xlsx", "forms.xlsx", survey)
    columns = {question.name: at for at, question in file.columns[None].items()}
    cells = [[row.cells[columns[f"rank_{place}"]] for place in (1, 2, 3)] for row in file.export.sheets[0].rows]
    assert cells == [["Web", "Radio", "Letters"], ["Radio", "Web", "Letters"], ["Letters", "Radio", "Web"]]


# -- Any export fits its own draft

_WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")) | st.just(" "), min_size=1, max_size=20)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(set(WRITERS) - {"visit_workbook"})), st.integers(0, 2**32), st.lists(_WORDS, max_size=4))
def test_an_export_of_any_answers_fits_the_draft_made_from_it(
    tmp_path_factory: pytest.TempPathFactory, tool: str, seed: int, words: list[str]
) -> None:
    dice = random.Random(seed)  # noqa: S311 - it only picks examples
    moment = dt.datetime.combine(SIGNUP.waves[0].opens_on, dt.time(10))
    said = [word.strip() for word in words if word.strip()] or ["so it is"]
    responses = []
    for n in range(dice.randint(1, 12)):
        answers: dict[str, object] = {}
        for question in SIGNUP.questionnaire.of(None):
            labels = [option.label for option in question.options if option.code != question.other_code]
            if dice.random() < 0.3:
                continue
            if question.kind == "select_multiple":
                answers[question.name] = dice.sample(labels, dice.randint(1, 3))
            elif question.kind == "select_one":
                answers[question.name] = dice.choice(labels)
            else:
                answers[question.name] = dice.choice(said)
        at = moment + dt.timedelta(days=13, minutes=n)
        responses.append(Response(f"R-{n}", answers, {}, at, at + dt.timedelta(minutes=5)))  # type: ignore[arg-type]
    folder = tmp_path_factory.mktemp("any")
    path = folder / f"export{WRITERS[tool].ENDING}"
    WRITERS[tool].write(dataclasses.replace(SIGNUP, tool=tool), responses, path)
    drafted(path, folder / "surveys")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.tool}-{way.variant}")
def test_an_export_of_any_questionnaire_fits_the_draft_made_from_it(way: Way, tmp_path: Path) -> None:
    @settings(deadline=None, database=None, max_examples=6, suppress_health_check=list(HealthCheck))
    @given(cases(way))
    def draft_any(case: tuple[Survey, list[Response]]) -> None:
        path = tmp_path / f"export{way.ending}"
        WRITERS[way.tool].write(*case, path, way.variant)
        shutil.rmtree(tmp_path / "surveys", ignore_errors=True)
        (tmp_path / "surveys").mkdir()
        draft = draft_survey([path], "pilot", tmp_path / "surveys", REFERENCE)
        assert not draft.unsettled or draft.is_order_unclear  # which only a person knows

    draft_any()


# -- Real exports

FITS_AT_ONCE = (
    "jisc_online_surveys/bossier_example.sav",
    "kobotoolbox/customer_satisfaction__xmlvalues__multi-both.csv",
    "limesurvey/ssi_2017_de_code_and_text_headers.csv",
    "limesurvey/ssi_2017_zaf_code_and_text_headers_trim45cols.csv",
    "live_servers/blankgrid_code_short.csv",
    "live_servers/blankgrid_full_long.csv",
    "live_servers/first3_code_short.csv",
    "live_servers/first3_full_long.csv",
    "live_servers/kobo_formpack/f_label_slash_both.xlsx",
    "live_servers/kobo_formpack/f_label_slash_both_hier.xlsx",
    "live_servers/kobo_formpack/f_label_uu_both.xlsx",
    "live_servers/kobo_formpack/f_xml_slash_summary.xlsx",
    "live_servers/kobo_formpack/kobo_api.json",
    "live_servers/kobo_formpack/kobo_min.xlsx",
    "live_servers/ls593826_code_short.csv",
    "live_servers/odk/odk_force_visits_.zip",
    "live_servers/odk/odk_rich_.zip",
    "live_servers/odk/rich_odata.json",
    "live_servers/one.csv",
    "odk_central/all-data-types.csv",
    "odk_central/selectMultiple__v0.csv",
    "odk_central/selectMultiple__v1.csv",
    "qualtrics/qualtrics_legacy_2headers_bom_trailingcomma.csv",
    "qualtrics/qualtrics_v3_3headers_numeric_de.csv",
    "redcap/redcapr_checkboxes-1.csv",
    "redcap/redcapr_decimal-comma.csv",
    "redcap/redcapr_repeating-instruments-sparse.csv",
    "surveymonkey/538_starwars_2headers_nonutf8_head.csv",
    "surveymonkey/538_steak_2headers_head.csv",
)


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="LANDSCAPE_EXPORTS names no folder of real exports")
@pytest.mark.parametrize("name", FITS_AT_ONCE)
def test_a_real_export_fits_its_draft_at_once(name: str, tmp_path: Path) -> None:
    drafted(EXPORTS / name, tmp_path / "surveys")

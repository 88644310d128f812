"""How LimeSurvey and REDCap mislead, one by one, and what all four do alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from named_dialect_cases import KOBO, ODK, SENT, answers, dumped, question, rows_of, survey_of, written

from landscape.errors import ContractError, ReceivedFileError
from landscape.surveys.contract import hold
from landscape.surveys.dialects import fitting_dialects, kobotoolbox, limesurvey, odk_central, redcap
from landscape.surveys.questionnaire import Option

LIME = ("id", "submitdate", "lastpage")


@pytest.fixture
def csv_path(tmp_path) -> Path:
    return tmp_path / "export.csv"


# -- LimeSurvey

DONE = "2017-06-01 09:00:00"


def test_lime_the_blank_record_at_the_end_is_no_row(csv_path):
    written(csv_path, (*LIME, "q"), ("1", DONE, "2", "x"))
    csv_path.write_bytes(csv_path.read_bytes() + b"\r\n")
    assert answers(limesurvey.read(csv_path), "q") == ["x"]


def test_lime_not_submitted_is_partial_and_undated_is_not(csv_path):
    written(csv_path, (*LIME, "q"), ("1", "", "1", "x"), ("2", "1980-01-01 00:00:00", "2", "y"), ("3", DONE, "2", "z"))
    assert answers(limesurvey.read(csv_path), "completed_at") == ["", "undated", DONE]


def test_lime_blank_on_a_page_not_reached_is_not_nothing_ticked(csv_path):
    headings = (*LIME, "early[a]", "early[b]", "late[a]", "late[b]", "end")
    written(
        csv_path,
        headings,
        ("1", DONE, "3", "Y", "", "", "Y", "x"),
        ("2", DONE, "3", "", "", "", "", ""),
        ("3", "", "1", "", "", "", "", ""),
        ("4", "", "2", "", "Y", "", "", ""),
        ("5", "", "3", "", "", "", "", ""),
        ("6", "", "0", "", "", "", "", ""),
    )
    export = limesurvey.read(csv_path)
    assert answers(export, "early") == ['["a"]', "[]", "", '["b"]', "[]", ""]
    assert answers(export, "late") == ['["b"]', "[]", "", "", "[]", ""]


@pytest.mark.parametrize(
    "tick, no_tick, unseen", [("Yes", "No", "N/A"), ("Yes", "No", ""), ("1", "0", ""), ("Y", "N", "")]
)
def test_lime_ticks_in_each_way_they_are_written(csv_path, tick, no_tick, unseen):
    headings = (*LIME, "q[a]", "q[b]")
    written(
        csv_path,
        headings,
        ("1", DONE, "1", no_tick, tick),
        ("2", DONE, "1", no_tick, no_tick),
        ("3", DONE, "1", unseen, unseen),
    )
    assert answers(limesurvey.read(csv_path), "q") == ['["b"]', "[]", ""]


def test_lime_own_words_stay_in_the_file_and_other_is_ticked(csv_path):
    headings = (*LIME, "role", "role[other]", "q[a]", "q[b]", "q[other]", "q[acomment]")
    written(
        csv_path,
        headings,
        ("1", DONE, "1", "-oth-", "Diplomat", "Y", "", "a", "because"),
        ("2", DONE, "1", "A1", "", "", "Y", "", ""),
    )
    export = limesurvey.read(csv_path)
    assert answers(export, "role") == ["Other", "A1"]
    assert answers(export, "q") == ['["a", "Other"]', '["b"]']
    assert set(rows_of(export)[0]) == {"response_id", "completed_at", "role", "q"}


def test_lime_headings_of_code_and_text_with_brackets_and_semicolons(csv_path):
    headings = (
        "id. Response ID", "submitdate. Date submitted",
        "q[1]. Which media [any]? [Radio [local]]", "q[2]. Which media [any]? [Web]",
        "rank[1]. What matters? [Rank 1]", "rank[2]. What matters? [Rank 2]",
        "grid[a]. How often? [Talks]", "grid[b]. How often? [Walks]",
        "only[x]. [In the rows alone]", "slide[SQ001]. How much? []", "yes. Do you agree?",
    )  # fmt: skip
    written(
        csv_path, headings, ("1", DONE, "Yes", "No", "Trust", "Time", "daily", "never", "5", "6", "N/A"), delimiter=";"
    )
    export = limesurvey.read(csv_path)
    assert rows_of(export) == [
        {
            "response_id": "1", "completed_at": DONE, "Which media [any]?": '["Radio [local]"]', "What matters? [1]": "Trust",
            "What matters? [2]": "Time", "How often? [Talks]": "daily", "How often? [Walks]": "never", "In the rows alone": "5",
            "How much?": "6", "Do you agree?": "",
        }
    ]  # fmt: skip


def test_lime_full_text_headings_may_be_empty(csv_path):
    written(csv_path, ("Response ID", "Date submitted", "", "", "Why?"), ("1", DONE, "x", "", "y"))
    export = limesurvey.read(csv_path)
    assert [(c.heading, c.role) for c in export.sheets[0].columns][2:] == [
        ("", "answer"),
        ("", "empty"),
        ("Why?", "answer"),
    ]
    with pytest.raises(ContractError, match="new: “”"):
        hold(export, survey_of([question("why", "text", "Why?")]), csv_path)


def test_lime_without_response_numbers_is_refused(csv_path):
    written(csv_path, ("submitdate. Date submitted", "q[a]. Q [A]"), (DONE, "Yes"))
    with pytest.raises(ReceivedFileError, match="distinguished from its copy"):
        limesurvey.read(csv_path)


def test_lime_times_that_a_spreadsheet_rewrote_are_refused(csv_path):
    written(csv_path, (*LIME, "q"), ("1", "01/06/2017 09:00", "1", "x"), ("2", DONE, "1", "x"))
    with pytest.raises(ReceivedFileError) as caught:
        limesurvey.read(csv_path)
    assert caught.value.culprits == ("line 2",)


def test_lime_codes_may_hold_dots(csv_path):
    written(csv_path, ("id. Response ID", "q[TOP.WEB]. Which? [Web]", "q[TOP.TV]. Which? [TV]"), ("1", "Yes", "No"))
    assert limesurvey.recognises(csv_path)
    assert answers(limesurvey.read(csv_path), "Which?") == ['["Web"]']


@pytest.mark.parametrize("is_nested", [False, True])
def test_lime_json_of_older_and_newer_versions(tmp_path, is_nested):
    entry = {"id": 1, "submitdate": DONE, "lastpage": 2, "q[a]": "Y", "q[b]": None}
    path = dumped(tmp_path / "export.json", {"responses": [{"1": entry} if is_nested else entry]})
    assert fitting_dialects(path) == ("limesurvey",)
    assert answers(limesurvey.read(path), "q") == ['["a"]']


def test_lime_devices_and_addresses_stay_in_the_file(csv_path):
    own = ("startlanguage", "seed", "token", "ipaddr", "refurl", "datestamp", "interviewtime")
    written(csv_path, (*LIME, *own, "q"), ("1", DONE, "1", *(["y"] * len(own)), "x"))
    assert set(rows_of(limesurvey.read(csv_path))[0]) == {"response_id", "completed_at", "q"}


# -- REDCap


def test_redcap_noughts_do_not_say_that_a_question_was_answered(csv_path):
    headings = ("record_id", "q___1", "q___2", "why", "visit_complete")
    written(
        csv_path,
        headings,
        ("1", "0", "0", "", "0"),
        ("2", "0", "0", "x", "2"),
        ("3", "0", "0", "", "1"),
        ("4", "0", "1", "", "0"),
    )
    export = redcap.read(csv_path)
    assert answers(export, "q") == ["", "", "", '["2"]']
    (note,) = export.sheets[0].notes
    assert note.heading == "q" and note.reason.startswith("3 rows cannot be said to have answered")
    assert answers(export, "completed_at") == ["", "undated", "", ""]


def test_redcap_noughts_without_a_state_are_not_known(csv_path):
    written(csv_path, ("record_id", "q___1", "q___2"), ("1", "0", "0"), ("2", "1", "0"))
    assert answers(redcap.read(csv_path), "q") == ["", '["1"]']


def test_redcap_decimal_commas_become_points_in_columns_of_numbers_only(csv_path):
    written(
        csv_path,
        ("record_id", "height", "note", "visit_complete"),
        ("1", "1,54", "1,5 or so", "2"),
        ("2", "22.1", "2,5", "2"),
        delimiter=";",
    )
    export = redcap.read(csv_path)
    assert answers(export, "height") == ["1.54", "22.1"]
    assert answers(export, "note") == ["1,5 or so", "2,5"]


@pytest.mark.parametrize("dates, read", [
    (("2017-12-31", "2017-06-01"), ["2017-12-31", "2017-06-01"]),
    (("12-31-2017", "06-01-2017"), ["2017-12-31", "2017-06-01"]),
    (("31/12/2017", "01/06/2017"), ["2017-12-31", "2017-06-01"]),
])  # fmt: skip
def test_redcap_dates_in_the_order_of_the_user(csv_path, dates, read):
    written(
        csv_path, ("record_id", "walked_on", "visit_complete"), *((str(n), date, "2") for n, date in enumerate(dates))
    )
    assert answers(redcap.read(csv_path), "walked_on") == read


@pytest.mark.parametrize("dates, message, lines", [
    (("12-31-2017", "31-12-2017", "01-02-2017"), "change places", ("line 2", "line 3")),
    (("01-02-2017", "03-04-2017"), "nothing says", ("2 dates, the first at line 2",)),
])  # fmt: skip
def test_redcap_dates_whose_order_is_unclear_are_refused(csv_path, dates, message, lines):
    written(
        csv_path, ("record_id", "walked_on", "visit_complete"), *((str(n), date, "2") for n, date in enumerate(dates))
    )
    with pytest.raises(ReceivedFileError, match=message) as caught:
        redcap.read(csv_path)
    assert caught.value.culprits == lines


def test_redcap_repeating_instruments_become_parts(csv_path):
    headings = (
        "record_id",
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
        "q",
        "visit_complete",
        "place",
        "seen___1",
        "stops_complete",
    )
    written(
        csv_path,
        headings,
        ("1", "", "", "x", "2", "", "", ""),
        ("1", "stops", "1", "", "", "Leeds", "1", "2"),
        ("1", "stops", "2", "", "", "Hull", "0", "2"),
    )
    export = redcap.read(csv_path)
    assert rows_of(export) == [{"response_id": "1", "q": "x", "completed_at": "undated"}]
    assert rows_of(export, "stops") == [
        {"parent_id": "1", "record_id": "1/stops/1", "place": "Leeds", "seen": '["1"]'},
        {"parent_id": "1", "record_id": "1/stops/2", "place": "Hull", "seen": ""},
    ]


def test_redcap_events_of_one_record_are_responses_of_their_own(csv_path):
    written(
        csv_path,
        ("record_id", "redcap_event_name", "q", "visit_complete"),
        ("1", "spring_arm_1", "x", "2"),
        ("1", "autumn_arm_1", "y", "2"),
    )
    assert answers(redcap.read(csv_path), "response_id") == ["1 [spring_arm_1]", "1 [autumn_arm_1]"]


def test_redcap_a_survey_not_completed_is_partial(csv_path):
    headings = ("record_id", "redcap_survey_identifier", "visit_timestamp", "q", "visit_complete")
    rows = (
        ("1", "", "[not completed]", "x", "0"),
        ("2", "a@example.org", "2017-06-01 09:00:00", "y", "2"),
        ("3", "", "2017-06-01 09:00:00", "y", "0"),
    )
    written(csv_path, headings, *rows, delimiter="|")
    assert redcap.recognises(csv_path)
    assert answers(redcap.read(csv_path), "completed_at") == ["", "2017-06-01 09:00:00", ""]


def test_redcap_labels_instead_of_raw_data(csv_path):
    headings = ("Record ID", "Which media? (choice=Radio (local))", "Which media? (choice=Web)", "Complete?")
    written(
        csv_path, headings, ("1", "Checked", "Unchecked", "Complete"), ("2", "Unchecked", "Unchecked", "Incomplete")
    )
    assert answers(redcap.read(csv_path), "Which media?") == ['["Radio (local)"]', ""]


# -- All of them

MINIMAL = {
    kobotoolbox: (("q", *KOBO), ("=1+1", *SENT)),
    odk_central: (("q", *ODK), ("=1+1", "2018-01-01T00:00:00.000Z", "k1", "")),
    limesurvey: ((*LIME, "q"), ("1", DONE, "1", "=1+1")),
    redcap: (("record_id", "q", "visit_complete"), ("1", "=1+1", "2")),
}


@pytest.mark.parametrize("dialect", MINIMAL)
def test_each_is_recognised_by_its_shape_alone(csv_path, dialect):
    assert fitting_dialects(written(csv_path, *MINIMAL[dialect])) == (dialect.NAME,)


@pytest.mark.parametrize("dialect", MINIMAL)
def test_what_looks_like_a_formula_is_an_answer_like_any_other(csv_path, dialect):
    assert answers(dialect.read(written(csv_path, *MINIMAL[dialect])), "q") == ["=1+1"]


@pytest.mark.parametrize("dialect", MINIMAL)
def test_a_row_with_a_cell_too_many_keeps_it_and_can_be_seen(csv_path, dialect):
    heading, row = MINIMAL[dialect]
    (sheet,) = dialect.read(written(csv_path, heading, row, (*row, "more"))).sheets
    assert sheet.rows[1].cells == (*row, "more")
    assert len(sheet.columns) == len(heading)


@pytest.mark.parametrize("dialect", MINIMAL)
def test_a_question_there_twice_is_refused(csv_path, dialect):
    heading, row = MINIMAL[dialect]
    path = written(csv_path, (*heading, "q"), (*row, "x"))
    survey = survey_of([question("q", "text", "Why?")], tool=dialect.NAME)
    if dialect is redcap:  # what follows a form's state is another form
        path = written(csv_path, ("record_id", "q", "q", "visit_complete"), ("1", "x", "y", "2"))
    with pytest.raises(ContractError, match="asked twice"):
        hold(dialect.read(path), survey, path)


@pytest.mark.parametrize("dialect", MINIMAL)
def test_an_answer_as_code_is_held_against_the_list(csv_path, dialect):
    heading, row = MINIMAL[dialect]
    survey = survey_of(
        [question("q", "select_one", "Why?", [Option("WHY.TRUST", "To build trust")])], tool=dialect.NAME
    )
    path = written(csv_path, heading, tuple("WHY.TRUST" if cell == "=1+1" else cell for cell in row))
    assert list(hold(dialect.read(path), survey, path).columns[None].values()) == list(survey.questionnaire.questions)

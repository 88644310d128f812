"""How Kobo, ODK Central, LimeSurvey and REDCap mislead, one by one. Not here: files written and read back at random."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from named_dialect_cases import question, survey_of

from landscape.errors import ContractError, ReceivedFileError
from landscape.surveys.contract import hold
from landscape.surveys.dialects import fitting_dialects, kobotoolbox, limesurvey, odk_central, redcap
from landscape.surveys.export import Export
from landscape.surveys.questionnaire import Option, Repeat

KOBO = ("_uuid", "_submission_time")
SENT = ("u1", "2016-04-01T19:57:45")
ODK = ("SubmissionDate", "KEY", "ReviewState")
LIME = ("id", "submitdate", "lastpage")


def written(path: Path, *rows: Sequence[str], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def dumped(path: Path, held: object) -> Path:
    path.write_text(json.dumps(held), encoding="utf-8")
    return path


def rows_of(export: Export, repeat: str | None = None) -> list[dict[str, str]]:
    """Rows by heading of answers, and by role for the rest; columns that stay in the file left out."""
    sheet = next(sheet for sheet in export.sheets if sheet.repeat == repeat)
    kept = [column for column in sheet.columns if column.role not in ("tool", "empty")]
    return [{c.heading if c.role == "answer" else c.role: row.cells[c.position] for c in kept} for row in sheet.rows]


def answers(export: Export, heading: str) -> list[str]:
    return [row[heading] for row in rows_of(export)]


@pytest.fixture
def csv_path(tmp_path) -> Path:
    return tmp_path / "export.csv"


# -- Kobo


def test_kobo_tag_rows_below_the_headings_are_no_responses(csv_path):
    tags = ("#affected", "", "")
    written(csv_path, ("people", *KOBO), tags, ("12", *SENT), delimiter=";")
    assert answers(kobotoolbox.read(csv_path), "people") == ["12"]


def test_kobo_labels_joined_by_spaces_are_refused(csv_path):
    labels = ["Young people", "Web", "People"]
    with pytest.raises(ReceivedFileError, match="joined by spaces") as caught:
        kobotoolbox.split("Web Young people", labels)
    assert "XML values" in caught.value.remedy
    assert kobotoolbox.split("Web People", labels) == ["Web", "People"]
    assert kobotoolbox.split("web young_people", labels) == ["web", "young_people"]


def test_kobo_labels_joined_by_spaces_are_told_apart_by_the_option_columns(csv_path):
    headings = ("Topics", "Topics/Young people", "Topics/People", "Topics/Radio/TV", *KOBO)
    written(csv_path, headings, ("Young people Radio/TV", "1", "0", "1", *SENT), delimiter=";")
    assert answers(kobotoolbox.read(csv_path), "Topics") == ['["Young people", "Radio/TV"]']


def test_kobo_blanks_are_not_asked_and_noughts_are_nothing_ticked(csv_path):
    headings = ("q/a", "q/b", *KOBO)
    written(csv_path, headings, ("", "", *SENT), ("0", "0", "u2", SENT[1]), ("0", "1", "u3", SENT[1]))
    assert answers(kobotoolbox.read(csv_path), "q") == ["", "[]", '["b"]']


def test_kobo_options_of_another_version_of_the_form_are_kept(csv_path):
    written(csv_path, ("q", "q/a", "q/b", *KOBO), ("a gone b", "1", "1", *SENT), ("gone", "", "", "u2", SENT[1]))
    assert answers(kobotoolbox.read(csv_path), "q") == ['["a", "b", "gone"]', '["gone"]']


def test_kobo_groups_are_taken_off_names_and_a_name_in_two_groups_is_refused(csv_path):
    survey = survey_of([question("name", "text", "Its name")])
    written(csv_path, ("one/name", *KOBO), ("x", *SENT))
    assert answers(kobotoolbox.read(csv_path), "name") == ["x"]
    written(csv_path, ("one/name", "two/name", *KOBO), ("x", "y", *SENT))
    with pytest.raises(ContractError, match="asked twice"):
        hold(kobotoolbox.read(csv_path), survey, kobotoolbox, csv_path)


def test_kobo_own_words_stay_in_the_file_and_other_is_ticked(csv_path):
    headings = ("emperor", "emperor_other", "q", "q/a", "q/other", "q_other", *KOBO)
    written(csv_path, headings, ("other", "Nero", "a other", "1", "1", "a", *SENT))
    export = kobotoolbox.read(csv_path)
    assert answers(export, "emperor") == ["other"]
    assert answers(export, "q") == ['["a", "other"]']
    assert {c.heading for c in export.sheets[0].columns if c.role == "tool"} >= {"emperor_other", "q_other"}


def test_kobo_times_are_utc_whether_or_not_they_say_so(csv_path):
    written(
        csv_path, ("start", "end", *KOBO), ("2016-03-14T14:15:48.000-04:00", "2016-03-14T14:18:35.000-04:00", *SENT)
    )
    export = kobotoolbox.read(csv_path)
    (row,) = rows_of(export)
    assert (row["started_at"], row["completed_at"]) == ("2016-03-14T18:15:48", "2016-04-01T19:57:45")
    assert export.time_zone == "UTC"


@pytest.mark.parametrize("status, is_kept_out", [
    ("validation_status_not_approved", True), ("Not approved", True), ("validation_status_approved", False), ("", False),
])  # fmt: skip
def test_kobo_a_submission_that_was_not_approved_does_not_count(csv_path, status, is_kept_out):
    written(csv_path, ("q", "_validation_status", *KOBO), ("x", status, *SENT))
    assert bool(rows_of(kobotoolbox.read(csv_path))[0]["preview"]) is is_kept_out


def test_kobo_without_ids_is_refused(csv_path):
    written(csv_path, ("q", *KOBO), ("x", "", SENT[1]))
    with pytest.raises(ReceivedFileError, match="told from its copy"):
        kobotoolbox.read(csv_path)


def test_kobo_places_links_and_devices_stay_in_the_file(csv_path):
    headings = ("spot", "_spot_latitude", "photo", "photo_URL", "deviceid", "username", "_submitted_by", *KOBO)
    written(csv_path, headings, ("1 2 0 0", "1", "a.jpg", "https://example.org/a.jpg", "d", "u", "s", *SENT))
    assert set(rows_of(kobotoolbox.read(csv_path))[0]) == {"photo", "response_id", "completed_at"}


def test_kobo_times_that_a_spreadsheet_rewrote_are_refused(csv_path):
    written(csv_path, ("q", *KOBO), ("x", "u1", "01/04/2016 19:57"), ("x", "u2", SENT[1]))
    with pytest.raises(ReceivedFileError) as caught:
        kobotoolbox.read(csv_path)
    assert caught.value.culprits == ("line 2",)


def test_kobo_a_csv_leaves_repeated_parts_out_and_the_contract_says_so(csv_path):
    survey = survey_of(
        [question("q", "text", "Q"), question("who", "text", "Who", repeat="people")],
        [Repeat("people", "People", None)],
    )
    written(csv_path, ("q", *KOBO), ("x", *SENT))
    with pytest.raises(ContractError, match="the part “people” is missing"):
        hold(kobotoolbox.read(csv_path), survey, kobotoolbox, csv_path)


RECORD = {"_uuid": "u1", "_submission_time": SENT[1], "g/q": "a b", "_geolocation": [None, None]}


@pytest.mark.parametrize("held", [[RECORD], {"count": 1, "next": None, "results": [RECORD]}])
def test_kobo_json_is_a_bare_list_or_results(tmp_path, held):
    path = dumped(tmp_path / "export.json", held)
    assert fitting_dialects(path) == ("kobotoolbox",)
    assert answers(kobotoolbox.read(path), "q") == ["a b"]


def test_kobo_one_page_of_several_is_refused(tmp_path):
    path = dumped(tmp_path / "export.json", {"next": "https://example.org?page=2", "results": [RECORD]})
    with pytest.raises(ReceivedFileError, match="one page of several"):
        kobotoolbox.read(path)


def test_kobo_json_cut_short_is_refused(tmp_path):
    path = dumped(tmp_path / "export.json", [RECORD])
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(ReceivedFileError, match="cut short"):
        kobotoolbox.read(path)


def test_kobo_json_repeats_belong_to_their_submission(tmp_path):
    stops = [{"stops/place": "Leeds", "stops/talks": [{"stops/talks/who": "A"}]}, {"stops/place": "Hull"}]
    export = kobotoolbox.read(dumped(tmp_path / "export.json", [RECORD | {"_uuid": "u0"}, RECORD | {"stops": stops}]))
    assert rows_of(export, "stops") == [
        {"parent_id": "u1", "place": "Leeds", "record_id": "1"},
        {"parent_id": "u1", "place": "Hull", "record_id": "2"},
    ]
    assert rows_of(export, "talks") == [{"parent_id": "1", "who": "A", "record_id": "1"}]


def test_kobo_a_repeat_whose_submission_is_gone_belongs_to_none(tmp_path):
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.active.title = "form"
    workbook.active.append(["q", "_id", "_uuid", "_submission_time", "_index"])
    workbook.active.append(["x", 2, "", SENT[1], 1])
    people = workbook.create_sheet("people")
    people.append(["who", "_index", "_parent_table_name", "_parent_index"])
    people.append(["A", 1, "form", 1])
    people.append(["B", 2, "form", 2])  # not to be taken for the submission whose _id is 2
    workbook.save(tmp_path / "export.xlsx")
    parents = [row["parent_id"] for row in rows_of(kobotoolbox.read(tmp_path / "export.xlsx"), "people")]
    assert parents == ["2", "_index 2"]


# -- ODK Central


def test_odk_the_joined_column_decides_over_the_noughts_beside_it(csv_path):
    written(csv_path, ("g1-q", "g1-q/a", "g1-q/b", *ODK), ("a old", "1", "0", "2018-01-01T00:00:00.000Z", "k1", ""))
    export = odk_central.read(csv_path)
    assert odk_central.split(answers(export, "q")[0], []) == ["a", "old"]


def test_odk_noughts_alone_say_neither_that_it_was_seen_nor_that_it_was_not(csv_path):
    sent = "2018-01-01T00:00:00.000Z"
    written(csv_path, ("q/a", "q/b", *ODK), ("0", "0", sent, "k1", ""), ("0", "1", sent, "k2", ""))
    assert answers(odk_central.read(csv_path), "q") == ["", '["b"]']


@pytest.mark.parametrize(
    "state, is_kept_out", [("rejected", True), ("approved", False), ("hasIssues", False), ("", False)]
)
def test_odk_a_rejected_submission_does_not_count(csv_path, state, is_kept_out):
    written(csv_path, ("q", *ODK), ("x", "2018-01-01T00:00:00.000Z", "k1", state))
    assert bool(rows_of(odk_central.read(csv_path))[0]["preview"]) is is_kept_out


def test_odk_deleted_fields_come_as_columns_that_the_contract_names(csv_path):
    survey = survey_of([question("q", "text", "Q")])
    written(csv_path, ("q", "old_question", *ODK), ("x", "y", "2018-01-01T00:00:00.000Z", "k1", ""))
    with pytest.raises(ContractError, match="new: “old_question”"):
        hold(odk_central.read(csv_path), survey, odk_central, csv_path)


def test_odk_answers_that_were_not_decrypted_are_refused(csv_path):
    written(csv_path, ("q", *ODK, "Status"), ("", "2018-01-01T00:00:00.000Z", "k1", "", "not decrypted"))
    with pytest.raises(ReceivedFileError, match="1 submissions are encrypted"):
        odk_central.read(csv_path)


def test_odk_repeats_without_their_submissions_are_refused(csv_path):
    written(csv_path, ("t1", "PARENT_KEY", "KEY"), ("x", "k1", "k1/g[1]"))
    assert odk_central.recognises(csv_path)
    with pytest.raises(ReceivedFileError, match="without the submissions"):
        odk_central.read(csv_path)


def test_odk_a_zip_holds_a_file_for_each_repeat_and_may_hold_media(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("walks.csv", "SubmissionDate,g-q,KEY,ReviewState\n2018-01-01T00:00:00.000Z,x,k1,\n")
        archive.writestr("walks-stops.csv", "place,PARENT_KEY,KEY\nLeeds,k1,k1/stops[1]\n")
        archive.writestr("walks-talks.csv", "who,PARENT_KEY,KEY\nA,k1/stops[1],k1/stops[1]/talks[1]\n")
        archive.writestr("media/list.csv", "a,b\n1,2\n")
    export = odk_central.read(path)
    assert odk_central.recognises(path)
    assert [sheet.repeat for sheet in export.sheets] == [None, "stops", "talks"]
    assert rows_of(export, "stops") == [{"place": "Leeds", "parent_id": "k1", "record_id": "k1/stops[1]"}]
    assert rows_of(export, "talks")[0]["parent_id"] == "k1/stops[1]"


def test_odk_a_damaged_zip_is_refused(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("walks.csv", 'SubmissionDate,q,KEY\n2018-01-01T00:00:00.000Z,"broken,k1\n')
    with pytest.raises(ReceivedFileError, match="damaged") as caught:
        odk_central.read(path)
    assert caught.value.file == str(path)


ENTRY = {
    "__id": "k1",
    "__system": {"submissionDate": "2018-01-01T00:00:00.000Z", "reviewState": None},
    "g": {"q": "a b"},
}


def test_odk_odata_is_laid_out_like_the_csv(tmp_path):
    spot = {"spot": {"type": "Point", "coordinates": [1, 2]}, "stops": [{"__id": "s1", "place": "Leeds"}]}
    path = dumped(tmp_path / "export.json", {"value": [ENTRY | spot]})
    assert fitting_dialects(path) == ("odk_central",)
    export = odk_central.read(path)
    assert rows_of(export) == [{"response_id": "k1", "q": "a b", "completed_at": "2018-01-01T00:00:00", "preview": ""}]
    assert rows_of(export, "stops") == [{"parent_id": "k1", "record_id": "s1", "place": "Leeds"}]


def test_odk_odata_with_pages_or_links_left_out_is_refused(tmp_path):
    page = dumped(tmp_path / "page.json", {"@odata.nextLink": "https://example.org", "value": [ENTRY]})
    with pytest.raises(ReceivedFileError, match="one page of several"):
        odk_central.read(page)
    links = dumped(
        tmp_path / "links.json", {"value": [ENTRY | {"stops@odata.navigationLink": "Submissions('k1')/stops"}]}
    )
    with pytest.raises(ReceivedFileError, match="links") as caught:
        odk_central.read(links)
    assert caught.value.culprits == ("stops",)


def test_odk_people_places_and_devices_stay_in_the_file(csv_path):
    own = ("SubmitterID", "SubmitterName", "DeviceID", "spot-Latitude", "spot-Longitude", "meta-instanceID", "username")
    written(csv_path, ("q", *own, *ODK), ("x", *(["y"] * len(own)), "2018-01-01T00:00:00.000Z", "k1", ""))
    assert set(rows_of(odk_central.read(csv_path))[0]) == {"q", "response_id", "completed_at", "preview"}


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
        hold(export, survey_of([question("why", "text", "Why?")]), limesurvey, csv_path)


def test_lime_without_response_numbers_is_refused(csv_path):
    written(csv_path, ("submitdate. Date submitted", "q[a]. Q [A]"), (DONE, "Yes"))
    with pytest.raises(ReceivedFileError, match="told from its copy"):
        limesurvey.read(csv_path)


def test_lime_times_that_a_spreadsheet_rewrote_are_refused(csv_path):
    written(csv_path, (*LIME, "q"), ("1", "01/06/2017 09:00", "1", "x"), ("2", DONE, "1", "x"))
    with pytest.raises(ReceivedFileError) as caught:
        limesurvey.read(csv_path)
    assert caught.value.culprits == ("line 2",)


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


def test_redcap_noughts_on_a_form_never_opened_are_not_nothing_ticked(csv_path):
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
    assert answers(export, "q") == ["", "[]", "[]", '["2"]']
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
    (("01-02-2017", "03-04-2017"), "nothing tells", ("line 2", "line 3")),
])  # fmt: skip
def test_redcap_dates_whose_order_cannot_be_told_are_refused(csv_path, dates, message, lines):
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
        {"parent_id": "1", "record_id": "1/stops/2", "place": "Hull", "seen": "[]"},
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
    if dialect is redcap:  # what stands behind a form's state is another form
        path = written(csv_path, ("record_id", "q", "q", "visit_complete"), ("1", "x", "y", "2"))
    with pytest.raises(ContractError, match="asked twice"):
        hold(dialect.read(path), survey, dialect, path)


@pytest.mark.parametrize("dialect", MINIMAL)
def test_an_answer_as_code_is_held_against_the_list(csv_path, dialect):
    heading, row = MINIMAL[dialect]
    survey = survey_of(
        [question("q", "select_one", "Why?", [Option("WHY.TRUST", "To build trust")])], tool=dialect.NAME
    )
    path = written(csv_path, heading, tuple("WHY.TRUST" if cell == "=1+1" else cell for cell in row))
    assert list(hold(dialect.read(path), survey, dialect, path)[None].values()) == list(survey.questionnaire.questions)

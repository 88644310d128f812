"""How Kobo and ODK Central mislead, one by one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from named_dialect_cases import KOBO, ODK, SENT, answers, dumped, question, rows_of, survey_of, written

from landscape.errors import ContractError, ReceivedFileError
from landscape.surveys.contract import hold
from landscape.surveys.dialects import fitting_dialects, kobotoolbox, odk_central
from landscape.surveys.export import Asked
from landscape.surveys.questionnaire import Repeat


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


def test_kobo_an_option_may_go_on_from_another_after_a_slash(csv_path):
    headings = ("Topics/Radio", "Topics/Radio/TV", "Topics/Web sites", *KOBO)
    written(csv_path, headings, ("0", "1", "0", *SENT), delimiter=";")
    assert answers(kobotoolbox.read(csv_path), "Topics") == ['["Radio/TV"]']


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
        hold(kobotoolbox.read(csv_path), survey, csv_path)


def test_kobo_own_words_go_along_with_the_question_they_stand_beside(csv_path):
    headings = ("emperor", "emperor_other", "q", "q/a", "q/other", "q_other", *KOBO)
    written(csv_path, headings, ("other", "Nero", "a other", "1", "1", "a", *SENT))
    export = kobotoolbox.read(csv_path, Asked({"emperor": "select_one", "q": "select_multiple"}))
    assert answers(export, "emperor") == ["other\x02Nero"]
    assert answers(export, "q") == ['["a", "other"]\x02a']
    assert not {"emperor_other", "q_other"} & {c.heading for c in export.sheets[0].columns if c.role == "answer"}
    before = kobotoolbox.read(csv_path)  # nothing is asked yet, and these can be questions of their own
    assert answers(before, "emperor_other") == ["Nero"]
    assert answers(before, "emperor") == ["other"]


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
    assert bool(rows_of(kobotoolbox.read(csv_path))[0]["rejected"]) is is_kept_out


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_kobo_a_first_heading_may_hold_other_delimiters(csv_path, delimiter):
    written(csv_path, ("Why, or how; or\twhen?", *KOBO), ("x", *SENT), delimiter=delimiter)
    assert kobotoolbox.recognises(csv_path)
    assert answers(kobotoolbox.read(csv_path), "Why, or how; or\twhen?") == ["x"]


def test_kobo_a_label_may_begin_with_an_underscore(csv_path):
    written(csv_path, ("Why?", "_ or more", *KOBO), ("x", "y", *SENT), delimiter=";")
    assert answers(kobotoolbox.read(csv_path), "_ or more") == ["y"]


def test_kobo_without_ids_is_refused(csv_path):
    written(csv_path, ("q", *KOBO), ("x", "", SENT[1]))
    with pytest.raises(ReceivedFileError, match="distinguished from its copy"):
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
        hold(kobotoolbox.read(csv_path), survey, csv_path)


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
        {"parent_id": "u1", "place": "Leeds", "record_id": "stops-1"},
        {"parent_id": "u1", "place": "Hull", "record_id": "stops-2"},
    ]
    assert rows_of(export, "talks") == [{"parent_id": "stops-1", "who": "A", "record_id": "talks-1"}]


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
    assert bool(rows_of(odk_central.read(csv_path))[0]["rejected"]) is is_kept_out


def test_odk_deleted_fields_come_as_columns_that_the_contract_names(csv_path):
    survey = survey_of([question("q", "text", "Q")])
    written(csv_path, ("q", "old_question", *ODK), ("x", "y", "2018-01-01T00:00:00.000Z", "k1", ""))
    with pytest.raises(ContractError, match="new: “old_question”"):
        hold(odk_central.read(csv_path), survey, csv_path)


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
    assert rows_of(export) == [{"response_id": "k1", "q": "a b", "completed_at": "2018-01-01T00:00:00", "rejected": ""}]
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
    assert set(rows_of(odk_central.read(csv_path))[0]) == {"q", "response_id", "completed_at", "rejected"}

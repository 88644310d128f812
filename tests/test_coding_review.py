"""Own words out to a person and codes back: what counts, what is refused, what is left of them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from coding_landscape import (
    CUMBRIA,
    EVERY_SURVEY,
    NOW,
    OWN_WORDS,
    REASON,
    fill,
    in_own_words,
    last_made,
    reported_twice,
    rows_of,
    tables,
)
from conftest import Receive
from exports import WRITERS
from marts_landscape import CHECKOUT, SURVEYS, labels, signup
from people_landscape import texts_of
from test_coding_decisions import broken, refused, rows

from landscape.codebook import read_codebook
from landscape.coding.ledgers import MERGED_INTO, Decision, read_codings, read_decisions, write_decisions
from landscape.coding.reviewing import Exported, Imported, export_activities, export_words, import_words
from landscape.coding.sheets import codes_in
from landscape.coding.suggesting import Suggester
from landscape.errors import LandscapeError
from landscape.identity.keys import KEY_FOLDER_VARIABLE
from landscape.paths import ProjectPaths
from landscape.people.erasure import forget
from landscape.people.retention import remove_expired
from landscape.people.whom import Sought

TOPIC, WHY = 0, 1  # rows of the sheet
TRUST = {"your codes": "TOP.TRUST", "coder": "LT"}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> ProjectPaths:
    """Received answers in own words, and the tables and the sheet made of them, for every test to copy."""
    paths = ProjectPaths(tmp_path_factory.mktemp("words"))
    shutil.copytree(CHECKOUT.reference, paths.reference)
    for survey, responses in in_own_words().items():
        ending = ".csv" if survey == "priority_survey" else ".xlsx"
        path = paths.raw / survey / f"export{ending}"
        path.parent.mkdir(parents=True)
        WRITERS[SURVEYS[survey].tool].write(SURVEYS[survey], responses, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_FOLDER_VARIABLE, str(paths.root / "keys"))
        with tables(paths) as made:
            export_words(made.con, paths, EVERY_SURVEY, None, NOW)
    return paths


@pytest.fixture
def words(project: ProjectPaths, made_once: ProjectPaths) -> ProjectPaths:
    shutil.copytree(made_once.raw, project.raw, dirs_exist_ok=True)
    shutil.copytree(made_once.private, project.private)
    shutil.copy(made_once.staging_db, project.staging_db)
    return project


def sheet_of(project: ProjectPaths) -> Path:
    """The sheet that was made of the answers in own words."""
    (path,) = project.review.iterdir()
    return path


def exported(project: ProjectPaths) -> Exported:
    with tables(project) as made:
        return export_words(made.con, project, EVERY_SURVEY, None, NOW)


def imported(project: ProjectPaths, file: Path) -> Imported:
    with last_made(project) as made:
        return import_words(made.con, project, EVERY_SURVEY, file, NOW)


def test_the_sheet_holds_the_words_and_no_code_of_a_person(words: ProjectPaths) -> None:
    sheet = sheet_of(words)
    topic, why = rows_of(sheet)
    assert (topic["record"], topic["question"], topic["words"], topic["code now"]) == (
        "network_signup/2017/1", "topics", OWN_WORDS, "TOP.OTHER",
    )  # fmt: skip
    assert str(topic["suggestions"]).startswith("TOP.YOUTH Young people?")
    assert (why["question"], why["words"], why["code now"]) == ("events_why", f"'{REASON}", None), "no formula"
    assert [row[heading] for row in (topic, why) for heading in ("your codes", "coder")] == [None] * 4
    assert os.name == "nt" or sheet.stat().st_mode & 0o777 == 0o600
    assert "review export,all surveys,2" in words.access_log.read_text(encoding="utf-8")


def test_the_staging_db_and_the_codings_hold_no_reason(words: ProjectPaths) -> None:
    assert imported(words, fill(sheet_of(words), {WHY: TRUST})).n_units == 1
    for path in (words.staging_db, words.codings):
        assert not any(REASON.encode() in text for text in texts_of(path))


def test_codes_of_a_person_count_and_all_ticks_still_add_up(words: ProjectPaths) -> None:
    filled = fill(sheet_of(words), {TOPIC: {"your codes": "Young people; TOP.TRUST", "coder": "LT"}, WHY: TRUST})
    assert imported(words, filled) == Imported(2, 0, 0, ())
    with tables(words, marts=True) as made:
        assert rows(
            made, "SELECT code, is_own_words, coded_by, is_added FROM staged.answers WHERE question = 'topics' "
            "AND code IS NOT NULL ORDER BY answer_position",
        ) == [
            ("TOP.TECH", False, None, False), ("TOP.YOUTH", True, "LT", False), ("TOP.TRUST", True, "LT", True),
        ]  # fmt: skip
        assert rows(made, "SELECT question, scheme, code, coded_by FROM staged.coded_texts") == [
            ("events_why", "topic", "TOP.TRUST", "LT")
        ]
        reasons = "SELECT purpose, topic_code, n_named, n_coded FROM marts.priority_reasons WHERE n_named > 0"
        assert rows(made, reasons) == [("events", "TOP.TRUST", 1, 1)]
        assert rows(
            made, "SELECT option_code FROM marts.survey_breakdown WHERE question = 'topics' AND n_selected > 0 "
            "AND force_area_code IS NULL ORDER BY ALL",
        ) == [("TOP.TECH",), ("TOP.TRUST",), ("TOP.YOUTH",)]  # fmt: skip
        assert rows(made, "SELECT n_received, n_kept FROM staged.conservation WHERE counted_what = 'topics'") == [
            (2, 2)
        ]
        assert broken(made) == refused(made) == []


def test_nothing_is_coded_without_a_person_and_a_code_that_is_one(words: ProjectPaths) -> None:
    sheet = sheet_of(words)
    assert imported(words, sheet) == Imported(0, 0, 2, ())
    half = fill(sheet, {TOPIC: {"your codes": "TOP.TRUST"}, WHY: {"coder": "LT"}})
    assert imported(words, half).n_open == 2
    wrong = fill(sheet, {TOPIC: {"your codes": "TOP.TRUTS", "coder": "LT"}, WHY: TRUST})
    taken = imported(words, wrong)
    assert taken.n_units == 1
    ((row, reason),) = taken.refused
    assert row == 2
    assert "did you mean TOP.TRUST" in reason
    assert {coding.question for coding in read_codings(words).values()} == {"events_why"}


def test_what_is_coded_is_not_asked_again_and_teaches_the_suggestions(words: ProjectPaths, receive: Receive) -> None:
    imported(words, fill(sheet_of(words), {TOPIC: {"your codes": "TOP.DEMAND", "coder": "LT"}}))
    more = [signup("9", "c@nine.example", CUMBRIA, topics=[f"{OWN_WORDS}!"], consent_analysis="Yes")]
    receive("network_signup", [*in_own_words()["network_signup"], *more])
    with tables(words) as made:
        sheet = export_words(made.con, words, EVERY_SURVEY, "network_signup", NOW.replace(minute=31))
    assert sheet.n_coded == 1
    (again,) = rows_of(sheet.path)
    assert "TOP.DEMAND" in str(again["suggestions"])


def test_a_later_sheet_replaces_what_was_coded_before(words: ProjectPaths) -> None:
    sheet = sheet_of(words)
    imported(words, fill(sheet, {WHY: TRUST}))
    assert imported(words, fill(sheet, {WHY: {"your codes": "TOP.SKILLS", "coder": "2"}})).n_replaced == 1
    assert [(coding.code, coding.coder) for coding in read_codings(words).values()] == [("TOP.SKILLS", "2")]


def test_words_that_were_changed_lose_their_code(words: ProjectPaths, receive: Receive) -> None:
    imported(words, fill(sheet_of(words), {TOPIC: TRUST, WHY: TRUST}))
    changed = in_own_words()
    for survey, question in (("network_signup", "topics"), ("priority_survey", "events_why")):
        answers = changed[survey][0].answers
        assert isinstance(answers, dict)
        answers[question] = [*labels("TOP.TECH"), "something else"] if question == "topics" else "something else"
        receive(survey, changed[survey])
    with tables(words) as made:
        assert rows(made, "SELECT count(*) FROM staged.coded_texts") == [(0,)]
        assert rows(made, "SELECT count(*) FROM staged.answers WHERE coded_by IS NOT NULL") == [(0,)]
        assert [(file, line) for file, line, _ in refused(made)] == [
            ("data/private/codings.csv", 2),
            ("data/private/codings.csv", 3),
        ]


def test_a_question_with_one_answer_takes_one_code(project: ProjectPaths, receive: Receive) -> None:
    receive(
        "network_signup",
        [signup("1", "a@one.example", CUMBRIA, organisation_type="A parish council", consent_analysis="Yes")],
    )
    sheet = exported(project).path
    taken = imported(project, fill(sheet, {0: {"your codes": "ORG.LA; ORG.VCS", "coder": "LT"}}))
    assert taken.refused == ((2, "the question has one answer, so it takes one code"),)
    imported(project, fill(sheet, {0: {"your codes": "ORG.LA"}}))
    with tables(project) as made:
        assert rows(made, "SELECT organisation_type_code FROM staged.responses") == [("ORG.LA",)]


def test_forgetting_reaches_sheets_codings_and_decisions(words: ProjectPaths, receive: Receive) -> None:
    imported(words, fill(sheet_of(words), {TOPIC: TRUST, WHY: TRUST}))
    receive("force_visits", reported_twice())
    one, other = "network_signup/2017/1", "force_visits/2017/V1/A1"
    write_decisions(words, [Decision(record, "role", "", "x", "LT", "2017-07-01", "y") for record in (one, other)])
    receipt = forget(words, EVERY_SURVEY, Sought("a@one.example"), NOW)
    assert receipt.n_decided == 2
    assert "data/private/review" in receipt.made
    assert not words.review.exists()
    assert [coding.response for coding in read_codings(words).values()] == ["priority_survey/2017/7"]
    assert [decision.record for decision in read_decisions(words).values()] == [other]


def test_a_merge_goes_with_either_of_its_two_responses(words: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    merge = Decision("force_visits/2017/V2/B1", MERGED_INTO, "", "force_visits/2017/V1/A1", "LT", "2017-07-01", "y")
    write_decisions(words, [merge])
    forget(words, EVERY_SURVEY, Sought(responses=("force_visits/2017/V1",)), NOW)
    assert read_decisions(words) == {}


def test_when_answers_are_past_their_date_their_codings_go_and_decisions_stay(words: ProjectPaths) -> None:
    imported(words, fill(sheet_of(words), {WHY: TRUST}))
    decision = Decision("priority_survey/2017/7", "role", "", "ROL.LEAD", "LT", "2017-07-01", "y")
    write_decisions(words, [decision])
    kept_until = tuple(replace(survey, retain_until=dt.date(2020, 12, 31)) for survey in EVERY_SURVEY)
    removed = remove_expired(words, kept_until, NOW.replace(year=2021))
    assert "data/private/review" in removed
    assert read_codings(words) == {}
    assert list(read_decisions(words).values()) == [decision]


def test_activities_are_exported_for_two_people_to_code(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    with tables(project) as made:
        written = export_activities(made.con, project, EVERY_SURVEY, NOW)
        with pytest.raises(LandscapeError, match="nothing to code"):
            export_words(made.con, project, EVERY_SURVEY, None, NOW)
        with pytest.raises(LandscapeError, match="another kind of sheet"):
            import_words(made.con, project, EVERY_SURVEY, written.path, NOW)
    found = rows_of(written.path)
    assert [row["record"] for row in found] == ["force_visits/2017/V1/A1", "force_visits/2017/V2/B1"]
    assert {row["primary_objective"] for row in found} == {None}


def test_words_of_people_who_do_not_consent_to_analysis_are_left_out(project: ProjectPaths, receive: Receive) -> None:
    people = [
        signup(str(number), f"{number}@one.example", CUMBRIA, topics=[f"word {number}"], **said)
        for number, said in enumerate([{"consent_analysis": "Yes"}, {"consent_analysis": "No"}, {}])
    ]
    receive("network_signup", people)
    assert [row["words"] for row in rows_of(exported(project).path)] == ["word 0"]


def test_a_file_that_is_no_sheet_is_refused(words: ProjectPaths) -> None:
    with pytest.raises(LandscapeError, match="not a sheet from"):
        imported(words, words.raw / "priority_survey" / "export.csv")


def test_received_files_that_changed_are_not_read(words: ProjectPaths, receive: Receive) -> None:
    with last_made(words) as made:
        receive("priority_survey", in_own_words()["priority_survey"], "another")
        with pytest.raises(LandscapeError, match="first: landscape refresh"):
            export_words(made.con, words, EVERY_SURVEY, None, NOW)


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("TOP.TRUST", ["TOP.TRUST"], []),
        (" top.trust ; Young People.", ["TOP.TRUST", "TOP.YOUTH"], []),
        ("TOP.TRUST, TOP.YOUTH", ["TOP.TRUST", "TOP.YOUTH"], []),
        ("TOP.TRUST\nTOP.TRUST", ["TOP.TRUST"], []),
        ("TOP.TRUST and youth", [], ["TOP.TRUST and youth"]),
        (";", [], []),
    ],
)
def test_codes_are_read_as_people_write_them(text: str, codes: list[str], unknown: list[str]) -> None:
    assert codes_in(text, {"TOP.TRUST": "Trust", "TOP.YOUTH": "Young people"}) == (codes, unknown)


def test_suggestions_follow_words_and_not_letters(project: ProjectPaths) -> None:
    codebook = read_codebook(project.reference)
    topics = {code.code: code.label for code in codebook if code.scheme == "topic"}
    suggester = Suggester(codebook)
    assert suggester.suggest("We cannot compare the messaging systems on offer", topics)[0] in (
        "TOP.PROCURE",
        "TOP.TECH",
    )
    assert suggester.suggest("Colleagues ask for it", topics) == ()

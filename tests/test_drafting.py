"""Drafted surveys: what is guessed, what is never written, and that a draft can be read."""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marts_landscape import CHECKOUT, SURVEYS

from landscape.errors import LandscapeError, ReceivedFileError, SurveyDefinitionError
from landscape.paths import SURVEYS_VARIABLE, ProjectPaths
from landscape.stamps import FileHashes
from landscape.surveys.contract import hold
from landscape.surveys.definition import Survey, read_survey, read_surveys
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.draft import Draft
from landscape.surveys.drafting import draft_survey
from landscape.surveys.export import Column, Dialect
from landscape.surveys.guessing import Guess, guess_column
from landscape.surveys.optionlists import OwnLists, known_lists
from landscape.surveys.received import read_received
from pipelines.cli import main

REFERENCE = CHECKOUT.reference
LISTS = known_lists(REFERENCE)
FORMS: Dialect = DIALECTS["microsoft_forms"]
EXPORTS = os.environ.get("LANDSCAPE_EXPORTS", "")
Table = list[list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where survey folders lie."""
    made = tmp_path / "surveys"
    made.mkdir()
    return made


def google(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """An export of Google Forms, one row a day from 20 June 2019 on."""
    table = [["Timestamp", *headings]]
    table += [[f"{20 + n % 10}/06/2019 10:{n % 60:02}:{n // 60:02}", *row] for n, row in enumerate(rows)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)
    return path


def drafted(path: Path, folder: Path, name: str = "pilot") -> tuple[Draft, Survey]:
    draft = draft_survey([path], name, folder, REFERENCE)
    return draft, read_survey(folder / name, REFERENCE)


def written(folder: Path, name: str = "pilot") -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((folder / name).iterdir()))


def fits(path: Path, survey: Survey) -> bool:
    """Whether a refresh would take an export for a survey; what it would stop at is said."""
    read_received(path, path.name, survey)
    return True


def guess(cells: Sequence[str], heading: str = "A question", options: tuple[str, ...] = ()) -> Guess:
    return guess_column(Column(0, heading, "answer", options), cells, FORMS, LISTS)


# -- What a column seems to ask


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "12", "", "300"], "integer"),
        (["1", "-2.5"], "decimal"),
        (["1,5", "2"], "decimal"),
        (["2017-06-20", "2017-06-21"], "date"),
        (["2017-06-20 or so", "2017-06-21"], "text"),
        (["Radio", "Web"] * 3, "select_one"),
        (["Radio;Web;", "Web;", "Radio;", "Radio;Web;"], "select_multiple"),
        (['["Radio","Web"]', '["Web"]', '["Radio"]', '["Radio","Web"]'], "select_multiple"),
        (["one thing", "another", "a third", "and a fourth"], "text"),
        (["", ""], "text"),
    ],
)
def test_the_type_of_a_column(cells: list[str], kind: str) -> None:
    assert guess(cells).kind == kind


def test_a_decimal_comma_is_seen() -> None:
    assert guess(["1,5", "2"]).decimal_mark == ","
    assert guess(["1.5", "2"]).decimal_mark == "."


def test_a_separator_inside_an_option_is_not_taken_for_one_between_options() -> None:
    found = guess_column(
        Column(0, "Where?", "answer"), ["Yes, often", "No, never"] * 4, DIALECTS["google_forms"], LISTS
    )
    assert (found.kind, found.labels) == ("select_one", ("No, never", "Yes, often"))


def test_an_option_was_given_three_times() -> None:
    found = guess(["Radio"] * 6 + ["Web"] * 3 + ["Drums"] * 2)
    assert found.labels == ("Radio", "Web")


def test_what_was_given_seldom_is_the_respondents_own_until_a_person_lists_it(tmp_path: Path, folder: Path) -> None:
    rows = [["Radio"]] * 6 + [["Web"]] * 3 + [["Drums of Zebedee"]]
    path = google(tmp_path / "p.csv", ["Where do you hear of it?"], rows)
    draft, survey = drafted(path, folder)
    (question,) = survey.questionnaire.questions
    assert [option.label for option in question.options] == ["Radio", "Web", "Other"]
    assert question.other_code == "HEAR.OTHER"
    assert "1 answer is in no option, at line 11" in draft.questions[0].guess.note
    assert fits(path, survey)
    assert "Zebedee" not in written(folder)


def test_options_in_the_headings_are_all_there_although_nobody_chose_them() -> None:
    assert guess([], options=("Never", "Once", "Other")).labels == ("Never", "Once", "Other")


def test_a_list_of_the_project_is_named_and_not_typed_again() -> None:
    known = guess(["Yes", "No", "Yes"]).known
    assert known is not None
    assert known.choice_filter == "scheme='yes_no'"
    areas = guess(["Cumbria", "West Yorkshire Police", "Durham"]).known
    assert areas is not None
    assert areas.file == "force_areas.csv"


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Contact", ["a@example.org", "b@example.org"] * 4),
        ("How can we reach you?", ["07700 900123", "(01632) 960001"] * 4),
        ("Who told you?", ["Jane Smith", "Anna-Lena de Vries"] * 4),
        ("Your name", ["Smith", "Jones"] * 4),
        ("E-mail", ["x", "y"] * 4),
        ("Anything else?", ["write to me at a@example.org, please", "no"] * 4),
    ],
)
def test_what_is_likely_personal_has_no_options(heading: str, cells: list[str]) -> None:
    assert guess(cells, heading) == Guess("text", privacy="personal", note=guess(cells, heading).note)


def test_a_name_among_options_is_left_out() -> None:
    found = guess(["A colleague"] * 5 + ["A leaflet"] * 5 + ["Jane Smith"] * 4, "Who told you about it?")
    assert found.labels == ("A colleague", "A leaflet")


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), max_size=12))
def test_no_value_given_once_or_twice_ever_becomes_an_option(cells: list[str]) -> None:
    values = [cell.strip() for cell in cells]
    for dialect in (FORMS, DIALECTS["google_forms"], DIALECTS["jisc_online_surveys"]):
        found = guess_column(Column(0, "A question", "answer"), cells, dialect, LISTS)
        for label in found.labels:
            assert sum(label in value for value in values) >= 3


# -- Lists and names


def test_questions_with_the_same_options_share_a_list_and_codes_are_unique() -> None:
    lists = OwnLists()
    assert lists.name_for(["Yes", "yes ", "No", "No!"], "first") == "first"
    assert lists.name_for(["Yes", "No", "No!"], "second") == "first"
    assert list(csv.reader(lists.as_csv().splitlines())) == [
        ["list", "code", "label"],
        ["first", "FIRST.YES", "Yes"],
        ["first", "FIRST.NO", "No"],
        ["first", "FIRST.NO_2", "No!"],
    ]


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6), st.integers(0, 3))
def test_any_headings_give_a_survey_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, headings: list[str], n_rows: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = google(folder / "any.csv", headings, [["a"] * len(headings)] * n_rows)
    try:
        draft, survey = drafted(path, folder)
    except LandscapeError:
        return  # not a table with a question, and said so
    assert len(survey.questionnaire.questions) == len(draft.questions)


# -- Whole drafts


def test_a_draft_fits_the_export_it_was_made_from(tmp_path: Path, folder: Path) -> None:
    headings = [
        "Which area?",
        "Which media? | all",
        "Costs ${x}",
        "Costs ${x} [1]",
        "Costs ${x} [2]",
        "Trust [the police]",
    ]
    rows = [
        ["Durham", "Radio, Web", "1.5", "Radio", "Web", "much"],
        ["Cumbria", "Web", "2", "Web", "Radio", "little"],
    ] * 4
    draft, survey = drafted(google(tmp_path / "pilot.csv", headings, rows), folder)
    dialect = DIALECTS["google_forms"]
    hold(dialect.read(tmp_path / "pilot.csv"), survey, tmp_path / "pilot.csv")
    kinds = {question.name: question.kind for question in survey.questionnaire.questions}
    assert kinds == {
        "area": "select_one", "media_all": "select_multiple", "costs_x": "decimal", "costs_x_2_1": "select_one",
        "costs_x_2_2": "select_one", "trust_police": "select_one",
    }  # fmt: skip
    assert [q.rank for q in survey.questionnaire.questions if q.rank] == [("costs_x_2", 1), ("costs_x_2", 2)]
    assert (draft.first_on, draft.last_on) == (dt.date(2019, 6, 20), dt.date(2019, 6, 27))
    assert (survey.waves[0].opens_on, survey.waves[0].closes_on) == (draft.first_on, draft.last_on)
    assert (survey.tool, survey.name, survey.questionnaire.survey) == ("google_forms", "pilot", "pilot")


def test_what_one_person_wrote_is_in_no_file(tmp_path: Path, folder: Path) -> None:
    rows = [["Web", f"Zebedee wrote {n}", "Jane Smith", f"z{n}@example.org", "07700 900123"] for n in range(9)]
    drafted(google(tmp_path / "p.csv", ["Where?", "Why?", "Who helped?", "Your e-mail", "Call me"], rows), folder)
    text = written(folder)
    assert not any(word in text for word in ("Zebedee", "Jane", "Smith", "example.org", "07700"))
    assert "confirm" in text


def test_open_questions_are_private_and_likely_personal_ones_personal(tmp_path: Path, folder: Path) -> None:
    rows = [[f"because {n}", f"z{n}@example.org"] for n in range(4)]
    _, survey = drafted(google(tmp_path / "p.csv", ["Why?", "Your e-mail"], rows), folder)
    assert [question.privacy for question in survey.questionnaire.questions] == ["private", "personal"]


def test_nothing_is_written_over(tmp_path: Path, folder: Path) -> None:
    path = google(tmp_path / "p.csv", ["Why?"], [["so"]])
    drafted(path, folder)
    before = written(folder)
    with pytest.raises(SurveyDefinitionError, match="nothing is written over it"):
        drafted(path, folder)
    assert written(folder) == before


def _in_a_child(work: Callable[[], object]) -> int:
    """Does something in a process of its own; gives its number."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_survey_is_there_whole_or_not_at_all_wherever_its_drafting_is_killed(tmp_path: Path, folder: Path) -> None:
    path = google(tmp_path / "p.csv", ["Why?", "Where?"], [["so", "Radio"], ["so", "Web"]] * 4)
    drafted(path, folder, "whole")
    whole, fatal, changes = written(folder, "whole").replace("whole", "killed").replace("Whole", "Killed"), 0, 1
    while fatal < changes:
        fatal, seen = fatal + 1, tmp_path / "seen"

        def draft_until(fatal: int = fatal, seen: Path = seen) -> None:
            count = 0

            def before_each(event: str, arguments: tuple[object, ...]) -> None:
                nonlocal count
                is_write = event == "open" and int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR)
                count += event in ("os.rename", "os.mkdir", "os.rmdir", "os.remove") or bool(is_write)
                if count == fatal:
                    os._exit(0)

            sys.addaudithook(before_each)
            draft_survey([path], "killed", folder, REFERENCE)
            seen.write_text("whole", encoding="utf-8")

        os.waitpid(_in_a_child(draft_until), 0)
        changes += not seen.exists()
        names = [survey.name for survey in read_surveys(folder, REFERENCE)]
        assert names in (["whole"], ["killed", "whole"])
        if "killed" in names:
            assert written(folder, "killed") == whole
            shutil.rmtree(folder / "killed")
    assert fatal > 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_whoever_reads_surveys_meanwhile_sees_each_whole(tmp_path: Path, folder: Path) -> None:
    path = google(tmp_path / "p.csv", ["Why?"], [["so"]])

    def draft_all() -> None:
        for n in range(12):
            draft_survey([path], f"pilot_{n}", folder, REFERENCE)

    child, seen = _in_a_child(draft_all), set[int]()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        seen.add(len(read_surveys(folder, REFERENCE)))
        FileHashes().under(folder, folder)
    assert len(read_surveys(folder, REFERENCE)) == 12
    assert len(seen) > 1


@pytest.mark.parametrize("name", ["Pilot", "2019", "a b", "../up", "", "x", "é_pilot"])
def test_a_name_that_no_survey_can_have(tmp_path: Path, folder: Path, name: str) -> None:
    with pytest.raises(LandscapeError, match="cannot be called"):
        draft_survey([google(tmp_path / "p.csv", ["Why?"], [["so"]])], name, folder, REFERENCE)
    assert not list(folder.iterdir())


def test_a_file_of_no_tool_leaves_nothing_behind(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ReceivedFileError, match="no survey tool known here"):
        drafted(path, folder)
    assert not list(folder.iterdir())


def test_a_question_asked_twice_is_drafted_once_and_reported(tmp_path: Path, folder: Path) -> None:
    path = google(tmp_path / "p.csv", ["Why?", "Why? ", "How?"], [["a", "b", "c"]])
    draft, survey = drafted(path, folder)
    assert [question.label for question in survey.questionnaire.questions] == ["Why?", "How?"]
    assert len(draft.skipped) == 1
    assert "asked twice" in draft.skipped[0]


def test_the_same_export_gives_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    sample = CHECKOUT.sample / "network_signup" / "SAMPLE-network_signup.xlsx"
    draft_survey([sample], "draft_a", folder, REFERENCE)
    draft_survey([sample], "draft_b", folder, REFERENCE)
    again = written(folder, "draft_b").replace("draft_b", "draft_a").replace("Draft b", "Draft a")
    assert written(folder, "draft_a") == again


def test_repeated_parts_are_drafted_one_inside_the_other(folder: Path) -> None:
    sample = CHECKOUT.sample / "force_visits" / "SAMPLE-force_visits.xlsx"
    _, survey = drafted(sample, folder)
    asked = SURVEYS["force_visits"].form
    assert {(part.name, part.parent) for part in survey.questionnaire.repeats} == {
        (part.name, part.parent) for part in asked.repeats
    }
    drafted_kinds = {question.label: question.kind for question in survey.questionnaire.questions}
    answered = [q for q in asked.questions if q.required and q.kind not in ("text", "select_multiple")]
    assert {q.label for q in answered if drafted_kinds[q.label] != q.kind} == set()
    assert len(answered) > 5


@pytest.mark.parametrize("survey", ["network_signup", "priority_survey"])
def test_the_questionnaires_of_the_project_are_found_again(folder: Path, survey: str) -> None:
    (sample,) = (path for path in (CHECKOUT.sample / survey).iterdir() if "invited" not in path.name)
    _, found = drafted(sample, folder)
    for own, again in zip(SURVEYS[survey].questionnaire.questions, found.questionnaire.questions, strict=True):
        assert (own.label, own.kind, own.options) == (again.label, again.kind, again.options)


def test_an_option_list_saved_by_excel_is_still_read(tmp_path: Path, folder: Path) -> None:
    rows = [["Radio"], ["Web"]] * 3
    _, before = drafted(google(tmp_path / "p.csv", ["Where?"], rows), folder)
    listed = folder / "pilot" / "options.csv"
    text = listed.read_text(encoding="utf-8")
    listed.write_text(text, encoding="utf-8-sig")
    assert read_survey(folder / "pilot", REFERENCE).questionnaire == before.questionnaire
    listed.write_bytes(text.replace("Radio", "Café").encode("cp1252"))
    with pytest.raises(SurveyDefinitionError, match="not in UTF-8"):
        read_survey(folder / "pilot", REFERENCE)
    listed.write_text(text.replace(",", ";"), encoding="utf-8")
    with pytest.raises(SurveyDefinitionError, match="lacks columns"):
        read_survey(folder / "pilot", REFERENCE)
    listed.write_text(text + "where,WHERE.WEB,The web\n", encoding="utf-8")
    with pytest.raises(SurveyDefinitionError, match="the same code twice"):
        read_survey(folder / "pilot", REFERENCE)


def test_the_command_says_what_it_guessed_and_no_answer(
    project: ProjectPaths,
    tmp_path: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [["Radio", f"Zebedee {n}"] for n in range(3)] + [["Web", "Zebedee"]] * 3 + [["Drums of Zebedee", "x"]]
    path = google(tmp_path / "p.csv", ["Where do you hear of it?", "Why?"], rows)
    monkeypatch.setenv(SURVEYS_VARIABLE, str(folder))
    monkeypatch.setattr("sys.argv", ["landscape", "survey", "new", str(path), "--name", "pilot"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().out
    assert not ended.value.code
    assert "hear" in said
    assert "2 of its own, and Other" in said
    assert "To confirm in survey.yml" in said
    assert "landscape check FILE --survey pilot" in said
    assert "Zebedee" not in said + written(folder)


# -- A real export


@pytest.mark.skipif(not EXPORTS, reason="LANDSCAPE_EXPORTS names no folder of real exports")
def test_157_option_columns_of_a_real_export_become_options_of_their_questions(folder: Path) -> None:
    path = Path(EXPORTS) / "limesurvey" / "ssi_2017_de_code_and_text_headers.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        headings, *rows = csv.reader(stream)
    columns: dict[str, list[str]] = {}
    for at, heading in enumerate(headings):
        stem, _, option = heading.removesuffix("]").rpartition(" [")
        if {row[at] for row in rows} <= {"Yes", "No", "N/A", ""} and option and stem:
            columns.setdefault(stem.partition(". ")[2], []).append(option)
    _, survey = drafted(path, folder)
    several = [q for q in survey.questionnaire.questions if q.kind == "select_multiple"]
    options = {q.label: [o.label for o in q.options if o.label != "Other"] for q in several}
    found = {
        " ".join(stem.split()): [" ".join(o.split()) for o in names if o != "Other"] for stem, names in columns.items()
    }
    assert options == {label: names for label, names in found.items() if label in options}
    assert sum(map(len, columns.values())) == 157
    assert sum(len(columns[stem]) for stem in columns if " ".join(stem.split()) in options) == 157

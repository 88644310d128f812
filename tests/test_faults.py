"""One small file for each fault that was seen in exports, and what is said of it."""

from __future__ import annotations

import os
import socket
import zipfile
from pathlib import Path

import pytest
from conftest import Receive
from marts_landscape import CHECKOUT, SURVEYS
from openpyxl import Workbook, load_workbook

from assets.tables import models, steps
from landscape.checking import Check, check_export
from landscape.errors import ReceivedFileError
from landscape.office_files import write_value
from landscape.paths import ProjectPaths
from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey, read_survey
from landscape.surveys.drafting import draft_survey
from landscape.surveys.issuebook import write_issues
from landscape.surveys.received import ReceivedFile, read_received, read_unknown
from landscape.surveys.responses import parsed_time

FAULTS = Path(__file__).parent / "faults"


def drafted(folder: Path, name: str, settings: str = "", **replaced: str) -> Survey:
    """The survey that is drafted from a file, with more settings, and words of its questionnaire replaced."""
    draft_survey([FAULTS / name], "tried", folder, CHECKOUT.reference)
    questionnaire = folder / "tried" / "questionnaire.md"
    text = questionnaire.read_text(encoding="utf-8")
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    questionnaire.write_text(text, encoding="utf-8")
    with (folder / "tried" / "survey.yml").open("a", encoding="utf-8") as stream:
        stream.write(settings)
    return read_survey(folder / "tried", CHECKOUT.reference)


def read(folder: Path, name: str, settings: str = "") -> ReceivedFile:
    return read_received(FAULTS / name, name, drafted(folder, name, settings))


def said(file: ReceivedFile, question: str) -> list[list[tuple[str, bool]]]:
    """The parts of each cell of a question: the text, and whether it was written beside “Other”."""
    ((at, asked),) = [(at, q) for at, q in file.columns[None].items() if question in (q.name, q.label)]
    answers = AnswerList(asked, file.survey)
    cells = [row.cells[at] for row in file.export.sheets[0].rows]
    return [[(part.text, answers.meaning(part).is_own_words) for part in answers.parts(cell)] for cell in cells]


def notes(file: ReceivedFile) -> list[str]:
    return [note.reason for note in file.export.sheets[0].notes]


def test_words_with_a_control_character_go_out_to_be_coded(tmp_path: Path) -> None:
    file = read_received(FAULTS / (name := "forms_own_words_vertical_tab.xlsx"), name, SURVEYS["network_signup"])
    words = [text for parts in said(file, "topics") for text, is_own in parts if is_own]
    assert words == ["street\x0bart"]
    book = Workbook()
    write_value(book.active.cell(1, 1), words[0])
    book.save(tmp_path / "sheet.xlsx")
    assert load_workbook(tmp_path / "sheet.xlsx").active.cell(1, 1).value == "street\\x0bart"


def checked(project: ProjectPaths, name: str, survey: Survey) -> Check:
    return check_export(FAULTS / name, (survey,), project, steps(), survey.name)


def reasons(check: Check) -> list[tuple[str, tuple[int, ...]]]:
    return [(finding.reason, finding.lines) for finding in check.findings]


# -- Headings


@pytest.mark.parametrize("name", ["g_apos.csv", "l_apos.csv"])
def test_a_fresh_draft_fits_its_own_export_whatever_its_quotation_marks(tmp_path: Path, name: str) -> None:
    assert len(read(tmp_path, name).columns[None]) == 2


def test_a_qualtrics_file_with_one_row_of_headings_loses_no_respondent(tmp_path: Path) -> None:
    file = read(tmp_path, "q_onehead.csv")
    assert [row.line for row in file.export.sheets[0].rows] == list(range(2, 14))
    assert {question.label for question in file.columns[None].values()} == {"Q1", "Q2"}


def test_a_qualtrics_file_without_response_ids_is_numbered_by_row_and_says_so(tmp_path: Path) -> None:
    (note,) = notes(read(tmp_path, "q_noid.csv"))
    assert note.startswith("it has no response ids: responses are numbered by row")


def test_a_question_of_a_loop_is_a_question_for_each_turn(tmp_path: Path) -> None:
    labels = [q.label for q in drafted(tmp_path, "qualtrics_loop_and_merge.csv").questionnaire.questions]
    assert labels[2:] == ["How useful was this event? (loop 1)", "How useful was this event? (loop 2)"]


def test_votes_headed_timestamp_are_no_google_form() -> None:
    with pytest.raises(ReceivedFileError, match="no survey tool known here"):
        read_unknown(FAULTS / "polis_like.csv")


# -- Options


def test_options_with_commas_are_whole(tmp_path: Path) -> None:
    brackets = drafted(tmp_path, "g_brackets.csv").questionnaire.questions[0]
    assert [option.label for option in brackets.options] == [
        "Distance",
        "Lack of facilities (e.g. bike racks, changing rooms)",
        "No time",
        "Weather (e.g. rain, heat)",
    ]
    single = drafted(tmp_path / "single", "sm_commas.csv").questionnaire.questions[0]
    assert (single.kind, len(single.options)) == ("select_one", 3)


def test_other_may_have_any_label_and_its_words_are_to_code(tmp_path: Path) -> None:
    file = read(tmp_path, "sm_other_custom.csv")
    (question,) = file.survey.questionnaire.questions
    assert (question.kind, question.options[-1].label) == ("select_multiple", "Other")
    assert said(file, question.name)[:2] == [[("ran away", True)], [("Called 101", False), ("wrote a letter", True)]]


def test_the_words_beside_other_are_to_code(tmp_path: Path) -> None:
    file = read(tmp_path, "surveymonkey_other_words.csv")
    assert said(file, "Which channels do you use?") == [
        [("Web", False)],
        [("Web", False), ("Radio", False), ("Pigeon", True)],
        [],
    ]


def test_a_question_named_other_is_a_question_and_its_words_are_to_code(tmp_path: Path) -> None:
    kobo = read(tmp_path / "kobo", "kobo_own_other.csv")
    assert list(kobo.survey.questionnaire.by_name) == ["force_area", "channels", "channels_other"]
    assert said(kobo, "channels") == [[("web", False)], [("web", False), ("WhatsApp group", True)]]
    odk = drafted(tmp_path / "odk", "odk_own_other.csv")
    assert list(odk.questionnaire.by_name) == ["force_area", "channels", "channels_other"]


def test_noughts_in_coded_columns_do_not_say_that_anyone_answered(tmp_path: Path) -> None:
    file = read(tmp_path, "jc_zero.csv")
    assert [len(parts) for parts in said(file, "q2")] == [1, 1, 2, 2, 1, 0, 0, 0, 0, 0]
    assert [bool(row.cells[2]) for row in file.export.sheets[0].rows] == [True] * 5 + [False] * 5
    assert notes(file)[0].startswith("5 rows cannot be said to have answered")


@pytest.mark.parametrize("style", ["code_short", "full_long"])
def test_what_a_column_is_follows_the_questionnaire_where_nobody_answered_yet(tmp_path: Path, style: str) -> None:
    survey = drafted(tmp_path, f"first3_{style}.csv")
    file = read_received(FAULTS / f"blankgrid_{style}.csv", "blank", survey)
    assert set(file.columns[None].values()) == set(survey.questionnaire.questions)


# -- Times and dates


def test_a_time_that_states_its_zone_keeps_it(tmp_path: Path) -> None:
    file = read(tmp_path, "forms_time_with_zone.xlsx")
    at = file.export.sheets[0].position("completed_at")
    assert file.export.time_zone == "UTC"
    assert file.export.sheets[0].rows[0].cells[at] == "2017-06-01T23:05:09"


def test_a_time_between_two_days_counts_on_the_day_it_was_in_the_survey_s_zone(
    tmp_path: Path, project: ProjectPaths
) -> None:
    survey = drafted(tmp_path, "forms_time_with_zone.xlsx")
    assert dict(checked(project, "forms_time_with_zone.xlsx", survey).statuses)["counted"] == 4
    assert parsed_time("t", survey.time_format) == "TRY_CAST(t AS TIMESTAMP)"


@pytest.mark.parametrize(("order", "first"), [("day_first", "2026-01-03"), ("month_first", "2026-03-01")])
def test_dates_are_read_once_their_order_is_declared(tmp_path: Path, order: str, first: str) -> None:
    with pytest.raises(ReceivedFileError, match="nothing says whether day or month comes first") as caught:
        read(tmp_path / "none", "g_us_ambiguous.csv")
    assert "`dates: day_first` or `dates: month_first`" in caught.value.remedy
    file = read(tmp_path, "g_us_ambiguous.csv", f"dates: {order}\n")
    at = file.export.sheets[0].position("completed_at")
    assert file.export.sheets[0].rows[0].cells[at] == f"{first}T10:00:00"


# -- Questions in several columns


def test_a_question_that_was_moved_is_one_where_the_questionnaire_says_so(tmp_path: Path) -> None:
    name = "kobo_question_moved.csv"
    apart = drafted(tmp_path / "apart", name)
    assert list(apart.questionnaire.by_name) == ["force_area", "years", "about_years"]
    assert "nobody answered both this and “years”" in (tmp_path / "apart" / "tried" / "questionnaire.md").read_text()
    survey = joined(tmp_path, name)
    file = read_received(FAULTS / name, name, survey)
    (at,) = [at for at, q in file.columns[None].items() if q.name == "years"]
    assert [row.cells[at] for row in file.export.sheets[0].rows] == ["3", "12"]
    both = tmp_path / "both.csv"
    both.write_text((FAULTS / name).read_text().replace('"Durham";"";"12"', '"Durham";"11";"12"'))
    conflict = read_received(both, "both.csv", survey)
    (note,) = conflict.export.sheets[0].notes
    assert (note.line, note.is_answer) == (3, True)
    assert note.reason == "answered differently in its columns “years” and “about/years”"
    assert [row.cells[at] for row in conflict.export.sheets[0].rows] == ["3", ""]


def joined(folder: Path, name: str) -> Survey:
    """The survey with its two questions about years made one, as a person would edit the questionnaire."""
    draft_survey([FAULTS / name], "tried", folder, CHECKOUT.reference)
    path = folder / "tried" / "questionnaire.md"
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if "about_years" not in line]
    more = {"type": "columns", "select_one_from_file force_areas.csv": "", "integer": "years; about/years"}
    for n, line in enumerate(lines):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 2 and cells[2] in more:
            lines[n] = f"{line} {more[cells[2]]} |"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_survey(folder / "tried", CHECKOUT.reference)


def test_a_form_whose_questions_are_all_in_repeats_is_drafted_and_fits(tmp_path: Path, project: ProjectPaths) -> None:
    path, sent = tmp_path / "visits.zip", "2017-06-01T10:00:00.000Z"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("visits.csv", f"SubmissionDate,KEY,SubmitterID,SubmitterName\n{sent},uuid:1,1,us\n")
        archive.writestr("visits-stall.csv", "people,PARENT_KEY,KEY\n12,uuid:1,uuid:1/s1\n7,uuid:1,uuid:1/s2\n")
    assert draft_survey([path], "visits", tmp_path, CHECKOUT.reference).unsettled == ()
    survey = read_survey(tmp_path / "visits", CHECKOUT.reference)
    check = check_export(path, (survey,), project, steps(), "visits")
    assert check.fits
    assert [(count.part, count.n_kept) for count in check.kept] == [("", 1), ("stall", 2)]


def test_two_questions_of_one_name_are_told_apart_by_their_groups(tmp_path: Path) -> None:
    file = read(tmp_path, "odk_same_name_two_groups.csv")
    at = {q.name: at for at, q in file.columns[None].items()}
    row = file.export.sheets[0].rows[0]
    assert (row.cells[at["morning_rating"]], row.cells[at["afternoon_rating"]]) == ("4", "2")


def test_a_check_says_at_once_what_does_not_fit_and_what_would_be_set_aside(
    tmp_path: Path, project: ProjectPaths
) -> None:
    survey = drafted(tmp_path, "kobo_own_other.csv")
    text = (FAULTS / "kobo_own_other.csv").read_text(encoding="utf-8")
    path = tmp_path / "export.csv"
    path.write_text(text.replace('"force_area"', '"force_areas"').replace('"web";"1"', '"webb";"0"'), encoding="utf-8")
    check = check_export(path, (survey,), project, steps(), survey.name)
    assert check.differences == ("re-worded: “force_area” is now “force_areas”",)
    assert ("not an option of the list; nearest is “web”", (2,)) in reasons(check)


# -- Cells and files that bite


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("errs_closed.xlsx", {"K3": "#VALUE!", "L3": "#REF!", "O3": "#N/A", "X3": "#NAME?"}),
        ("formula_closed.xlsx", dict.fromkeys(("L3", "O3", "X3"), "a formula without a value")),
    ],
)
def test_cells_with_an_error_are_named_and_their_answers_set_aside(
    project: ProjectPaths, name: str, errors: dict[str, str]
) -> None:
    check = checked(project, name, SURVEYS["network_signup"])
    found = {finding.reason for finding in check.findings if finding.disposition == "answer_set_aside"}
    assert {f"cell {cell} holds {error} instead of an answer" for cell, error in errors.items()} <= found
    assert check.fits


@pytest.mark.parametrize(
    ("name", "survey"), [("area_vt.csv", "priority_survey"), ("forms_vertical_tab.xlsx", "network_signup")]
)
def test_a_control_character_is_shown_and_is_no_stop(
    project: ProjectPaths, made: object, name: str, survey: str
) -> None:
    (project.raw / survey).mkdir()
    (project.raw / survey / name).write_bytes((FAULTS / name).read_bytes())
    staging = made()  # type: ignore[operator]
    model = next(model for model in models("staged") if model.name == "issues")
    write_issues(staging.con, model, project.root / "issues.xlsx")
    shown = [
        str(cell.value)
        for sheet in load_workbook(project.root / "issues.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert any("\\x0b" in text for text in shown)


def test_a_cell_at_the_far_corner_ends_in_a_message() -> None:
    with pytest.raises(ReceivedFileError, match="at XFD1048576") as caught:
        read_unknown(FAULTS / "lastcell.xlsx")
    assert "Ctrl+End" in caught.value.remedy


def test_a_cell_with_ten_thousand_ticks_is_read(project: ProjectPaths) -> None:
    label = SURVEYS["priority_survey"].questionnaire.by_name["events_topics"].options[0].label
    text = (FAULTS / "area_vt.csv").read_text(encoding="utf-8-sig")
    before = "Trust and seldom-heard groups,Comparing commercial systems,Officer skill and confidence"
    path = project.raw / "ticks.csv"
    path.write_text(text.replace(before, ",".join([label] * 10_000), 1), encoding="utf-8")
    file = read_received(path, path.name, SURVEYS["priority_survey"])
    assert said(file, "events_topics")[0] == [(label, False)]


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_only_ordinary_files_are_read(project: ProjectPaths, receive: Receive, kind: str) -> None:
    path = project.raw / "network_signup" / "export.xlsx"
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "socket":
            os.chdir(path.parent)
            listening.bind(path.name)
        else:
            path.symlink_to("/dev/zero")
        with pytest.raises(ReceivedFileError, match="no ordinary file"):
            read_received(path, path.name, SURVEYS["network_signup"])
        with pytest.raises(ReceivedFileError, match="no ordinary file"):
            read_unknown(path)


def bomb(path: Path, name: str, content: bytes) -> Path:
    """A workbook of the sample in which one part is other."""
    with (
        zipfile.ZipFile(FAULTS / "errs_closed.xlsx") as whole,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in whole.namelist():
            made.writestr(part, content if part == name else whole.read(part))
    return path


def test_a_workbook_that_is_huge_once_unpacked_is_not_opened(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", b" " * 210_000_000)
    with pytest.raises(ReceivedFileError, match="too large to be opened"):
        read_unknown(path)


def test_a_zip_that_is_huge_once_unpacked_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("visits.csv", b"SubmissionDate,KEY\n" + b" " * 110_000_000)
    with pytest.raises(ReceivedFileError, match="too large to be read"):
        read_unknown(path)


def test_a_workbook_that_says_too_little_of_its_size_is_not_opened(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", b" " * 20_000_000)
    small = (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace((20_000_000).to_bytes(4, "little"), small))
    with pytest.raises(ReceivedFileError):
        read_unknown(path)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "docProps/core.xml", "xl/workbook.xml"])
def test_a_workbook_that_declares_entities_is_not_opened(tmp_path: Path, part: str) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
    with pytest.raises(ReceivedFileError, match="declares entities"):
        read_unknown(bomb(tmp_path / "bomb.xlsx", part, laughs))


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda text: text.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (lambda text: text.encode("utf-16-be"), "UTF-16 without a byte order mark"),
        (lambda text: text.encode("utf-8-sig") + b"\xff", "it says that it is UTF-8, and has bytes that are not"),
        (lambda text: text.replace("Good", "Go\0od").encode(), "NUL characters are left out, at line 2"),
    ],
)
def test_encodings_are_named_for_what_they_are(tmp_path: Path, change: object, note: str) -> None:
    survey = drafted(tmp_path, "g_apos.csv")
    path = tmp_path / "export.csv"
    path.write_bytes(change((FAULTS / "g_apos.csv").read_text(encoding="utf-8")))  # type: ignore[operator]
    file = read_received(path, path.name, survey)
    assert file.export.encoding_note.startswith(note)
    assert len(file.columns[None]) == 2

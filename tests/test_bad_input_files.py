"""Files that cannot be used are named, with what to do and no word of a respondent."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Receive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marts_landscape import CHECKOUT, SURVEYS, priorities, signup, visit
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from landscape.errors import ContractError, LandscapeError, MixedSampleError, ReceivedFileError
from landscape.paths import ProjectPaths
from landscape.surveys.received import ReceivedFile, received_files

CUMBRIA, DURHAM = "E23000002", "E23000008"
PERSON = "Zebedee"  # is in cells of respondents; no message may hold it
SIGNUPS = [signup("1", f"{PERSON}@example.org", CUMBRIA, organisation=f"{PERSON} Ltd")]
PRIORITIES = [priorities("R-1", ["TOP.TECH"])]
VISITS = [visit("V01", CUMBRIA, "ORG.FORCE"), visit("V02", DURHAM, "ORG.OPCC")]
SIGN_IN_PAGE = "<!DOCTYPE html><html><title>Sign in</title></html>"
EVERY_SURVEY = tuple(SURVEYS.values())


def read(project: ProjectPaths) -> tuple[ReceivedFile, ...]:
    return received_files(project, EVERY_SURVEY)


def refused(project: ProjectPaths, kind: type[LandscapeError], *names: str) -> str:
    """What a person reads; it names these files as they lie in the project folder."""
    with pytest.raises(kind) as caught:
        read(project)
    message = str(caught.value)
    assert all(name in message for name in names)
    assert "What to do:" in message
    assert str(project.root) not in message
    assert PERSON not in message
    return message


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def edit(path: Path, change: Callable[[Workbook], object]) -> None:
    workbook = load_workbook(path)
    for sheet in workbook:
        sheet.tables.clear()  # a table repeats its headings and would contradict the edit
    change(workbook)
    workbook.save(path)


def test_an_empty_file(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", VISITS)
    rewrite(receive("network_signup", SIGNUPS), lambda _: b"")
    assert "the file is empty" in refused(project, ReceivedFileError, "data/raw/network_signup/export.xlsx")


def test_a_workbook_cut_short(project: ProjectPaths, receive: Receive) -> None:
    rewrite(receive("network_signup", SIGNUPS), lambda content: content[: len(content) // 2])
    assert "cut short" in refused(project, ReceivedFileError, "data/raw/network_signup/export.xlsx")


def test_a_csv_that_is_a_web_page(project: ProjectPaths, receive: Receive) -> None:
    receive("priority_survey", PRIORITIES).write_text(SIGN_IN_PAGE, encoding="utf-8")
    message = refused(project, ReceivedFileError, "data/raw/priority_survey/export.csv")
    assert "a web page" in message and "sign in" in message


def test_a_workbook_behind_a_password(project: ProjectPaths, receive: Receive) -> None:
    rewrite(receive("network_signup", SIGNUPS), lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    message = refused(project, ReceivedFileError, "data/raw/network_signup/export.xlsx")
    assert "password" in message and "as .xlsx" in message


def test_a_renamed_question(project: ProjectPaths, receive: Receive) -> None:
    edit(receive("network_signup", SIGNUPS), lambda book: book["Sheet1"].cell(1, 10, "Your employer’s name"))
    message = refused(project, ContractError, "data/raw/network_signup/export.xlsx")
    assert "“Your organisation”" in message and "“Your employer’s name”" in message


def test_a_doubled_and_a_missing_question_are_both_named(project: ProjectPaths, receive: Receive) -> None:
    path = receive("priority_survey", PRIORITIES)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        heading, *rows = csv.reader(stream)
    role = next(at for at, text in enumerate(heading) if "describes your role" in text)
    model = next(at for at, text in enumerate(heading) if "recognised specialists" in text)
    heading[model] = heading[role]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([heading, *rows])
    message = refused(project, ContractError, "data/raw/priority_survey/export.csv")
    assert "asked twice: “Which best describes your role?”" in message
    assert "missing: “Should engagement be the work of recognised specialists, or of all officers?”" in message


def test_without_its_headings_no_answer_is_shown_in_their_place(project: ProjectPaths, receive: Receive) -> None:
    path = receive("force_visits", VISITS)
    edit(path, lambda book: book["force_visits"].cell(3, 3, PERSON))
    edit(path, lambda book: book["force_visits"].delete_rows(2))
    assert "none of its questions" in refused(project, ContractError, "data/raw/force_visits/export.xlsx")


def test_a_sheet_about_that_says_nothing_any_more(project: ProjectPaths, receive: Receive) -> None:
    edit(receive("force_visits", VISITS), lambda book: book["about"].delete_cols(2))
    assert "“about”" in refused(project, ReceivedFileError, "data/raw/force_visits/export.xlsx")


def test_all_files_at_fault_are_named_at_once(project: ProjectPaths, receive: Receive) -> None:
    receive("priority_survey", PRIORITIES).write_text(SIGN_IN_PAGE, encoding="utf-8")
    receive("force_visits", VISITS).write_bytes(b"")
    edit(receive("network_signup", SIGNUPS), lambda book: book["Sheet1"].cell(1, 10, "Your employer’s name"))
    message = refused(
        project,
        ReceivedFileError,
        "data/raw/priority_survey/export.csv",
        "data/raw/force_visits/export.xlsx",
        "data/raw/network_signup/export.xlsx",
    )
    assert "3 files cannot be used" in message


# -- In the wrong place -------------------------------------------------------------------------------------


def test_a_file_where_no_survey_is(project: ProjectPaths, receive: Receive) -> None:
    shutil.move(receive("network_signup", SIGNUPS), project.raw / "export.xlsx")
    message = refused(project, ReceivedFileError, "data/raw", "export.xlsx")
    assert "network_signup" in message  # the folders there are


def test_a_folder_of_no_survey(project: ProjectPaths, receive: Receive) -> None:
    (project.raw / "network_sign_up").mkdir()
    shutil.move(receive("network_signup", SIGNUPS), project.raw / "network_sign_up" / "export.xlsx")
    refused(project, ReceivedFileError, "data/raw", "network_sign_up")


def test_a_folder_in_a_folder_is_not_passed_over(project: ProjectPaths, receive: Receive) -> None:
    path = receive("network_signup", SIGNUPS)
    (path.parent / "September").mkdir()
    shutil.move(path, path.parent / "September")
    assert "move its files up" in refused(project, ReceivedFileError, "data/raw/network_signup/September")


def test_a_letter_among_the_exports(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", SIGNUPS).with_name("letter.docx").write_bytes(b"PK\x03\x04")
    assert "ending in .docx" in refused(project, ReceivedFileError, "data/raw/network_signup/letter.docx")


def test_a_file_that_cannot_be_opened(project: ProjectPaths, receive: Receive) -> None:
    link = receive("network_signup", SIGNUPS).with_name("second.xlsx")
    link.symlink_to(project.root / "gone.xlsx")
    assert "cannot be opened" in refused(project, ReceivedFileError, "data/raw/network_signup/second.xlsx")


def test_what_editors_leave_beside_a_file_is_no_export(project: ProjectPaths, receive: Receive) -> None:
    path = receive("network_signup", SIGNUPS)
    for name in ("~$export.xlsx", ".DS_Store"):
        path.with_name(name).write_bytes(b"\0")
    (project.raw / "README.md").write_text("how to", encoding="utf-8")
    assert [file.name for file in read(project)] == ["data/raw/network_signup/export.xlsx"]


# -- Made-up rows among real ones ---------------------------------------------------------------------------


def test_made_up_rows_among_real_ones_in_one_file(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [*SIGNUPS, signup("SAMPLE-2", "b@example.org", CUMBRIA)])
    message = refused(project, MixedSampleError, "data/raw/network_signup/export.xlsx")
    assert "line 3" in message and "SAMPLE-" in message


def test_real_rows_in_a_file_named_as_a_sample(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", SIGNUPS, stem="SAMPLE-export")
    assert "line 2" in refused(project, MixedSampleError, "data/raw/network_signup/SAMPLE-export.xlsx")


def test_a_sample_file_beside_a_real_one(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", SIGNUPS)
    receive("force_visits", VISITS)
    sample = CHECKOUT.sample / "force_visits" / "SAMPLE-force_visits.xlsx"
    shutil.copy(sample, project.raw / "force_visits" / "visits.xlsx")
    message = refused(project, MixedSampleError, "data/raw/force_visits/visits.xlsx")
    assert "take the sample files out of data/raw" in message


def test_the_sample_steps_aside_for_one_real_file(project: ProjectPaths, receive: Receive) -> None:
    assert {file.is_sample for file in read(project)} == {True}
    receive("network_signup", SIGNUPS)
    assert [(file.name, file.is_sample) for file in read(project)] == [("data/raw/network_signup/export.xlsx", False)]


def test_a_real_file_with_headings_alone_is_nothing_real_yet(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", [])
    assert {file.is_sample for file in read(project)} == {None, True}


# -- Damage anywhere ----------------------------------------------------------------------------------------

DAMAGE = st.tuples(
    st.sampled_from(["cut", "hole", "noise"]),
    st.floats(0, 1, exclude_max=True),
    st.binary(min_size=1, max_size=40),
)


@pytest.mark.parametrize("survey", ["network_signup", "force_visits", "priority_survey"])
def test_a_damaged_file_is_read_or_refused_in_words(project: ProjectPaths, survey: str) -> None:
    sample = next((CHECKOUT.sample / survey).glob("SAMPLE-*"))
    whole = sample.read_bytes()
    path = project.raw / survey / f"damaged{sample.suffix}"
    path.parent.mkdir()

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(DAMAGE)
    def try_it(damage: tuple[str, float, bytes]) -> None:
        kind, share, noise = damage
        at = int(share * len(whole))
        rest = {"cut": b"", "hole": whole[at + len(noise) :], "noise": noise + whole[at + len(noise) :]}[kind]
        path.write_bytes(whole[:at] + rest)
        try:
            read(project)
        except LandscapeError as error:
            assert "What to do:" in str(error)
            assert str(project.root) not in str(error)

    try_it()

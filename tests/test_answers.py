"""What an answer becomes: reasons why there is none, numbers as declared, differences that a person has accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from marts_landscape import CHECKOUT, SURVEYS, make_tables

from landscape.errors import ContractError, SurveyDefinitionError
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.definition import Survey, read_survey

QUESTIONNAIRE = """
| survey |
|  | type | name | label | choice_filter | parameters | relevant |
|  | select_one_from_file codebook.csv | uses | Do you use it? | scheme='yes_no' | value=code label=label | |
|  | select_multiple_from_file codebook.csv | channels | Which channels? | scheme='channel' | value=code label=label | RELEVANT |
|  | decimal | hours | Hours a week | | | ${uses} = 'ANS.YES' |
|  | integer | years | For how many years? | | | ${hours} >= 10 and not(${uses} = 'ANS.NO') |
| settings |
|  | form_id | form_title | version |
|  | small | Small | 1 |
"""
QUESTIONNAIRE = QUESTIONNAIRE.replace("RELEVANT", "selected(${uses}, 'ANS.YES')")
SETTINGS = """
title: Small
licence: internal
tool: jisc_online_surveys
time_zone: Europe/London
consent_version: "1"
retain_until: 2030-01-01
waves:
  - {wave: "2017", opens_on: 2017-01-01, closes_on: 2017-12-31}
  - {wave: "2018", opens_on: 2018-01-01, closes_on: 2018-12-31}
"""
HEADINGS = ["Do you use it?", "Which channels?", "Hours a week", "For how many years?"]


def small_survey(root: Path, more: str = "", questionnaire: str = QUESTIONNAIRE) -> Survey:
    folder = root / "surveys" / "small"
    folder.mkdir(parents=True)
    (folder / "survey.yml").write_text(SETTINGS + more, encoding="utf-8")
    (folder / "questionnaire.md").write_text(questionnaire, encoding="utf-8")
    return read_survey(folder, CHECKOUT.reference)


def received(
    root: Path, survey: Survey, rows: list[list[str]], headings: list[str], year: int = 2017
) -> list[tuple[object, ...]]:
    """The staged answers of one CSV with these rows: who, question, code, number, missing reason."""
    paths = ProjectPaths(root)
    shutil.copytree(CHECKOUT.reference, paths.reference)
    write_export(paths, rows, headings, year)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), [*SURVEYS.values(), survey])
        return [
            (ref.removeprefix(f"small/{year}/1-"), *rest)
            for ref, *rest in con.execute(
                "SELECT response_id, question, code, number_value, missing_reason FROM staged.answers "
                "WHERE survey = 'small' ORDER BY ALL"
            ).fetchall()
        ]


def write_export(paths: ProjectPaths, rows: list[list[str]], headings: list[str], year: int) -> None:
    names = ["Unique Response Number", "Completion Date", *(f"{n}. {h}" for n, h in enumerate(headings, start=1))]
    lines = [names, *([f"1-{n}", f"20/06/{year} 12:00:00", *row] for n, row in enumerate(rows, start=1))]
    path = paths.raw / "small" / f"export-{year}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines), encoding="utf-8")


def reasons(answers: list[tuple[object, ...]]) -> dict[tuple[object, object], object]:
    return {(who, question): reason for who, question, _, _, reason in answers}


def test_a_question_that_was_not_to_be_asked_is_skipped_and_one_left_empty_is_blank(tmp_path: Path) -> None:
    rows = [["No", "", "", ""], ["Yes", "", "12", ""], ["Yes", "Local radio,Telephone", "3.5", ""], ["", "", "", ""]]
    rows += [["Yes", "Telephone", "a lot", ""]]
    got = reasons(received(tmp_path, small_survey(tmp_path), rows, HEADINGS))
    assert [got["1", q] for q in ("uses", "channels", "hours", "years")] == [None, *["skipped_by_logic"] * 3]
    assert [got["2", q] for q in ("uses", "channels", "hours", "years")] == [None, "blank", None, "blank"]
    assert [got["3", q] for q in ("uses", "channels", "hours", "years")] == [None, None, None, "skipped_by_logic"]
    assert [got["4", q] for q in ("uses", "channels", "hours", "years")] == ["blank", *["skipped_by_logic"] * 3]
    assert got["5", "hours"] == "unparseable"


@pytest.mark.parametrize(
    ("mark", "cells", "expected"),
    [(".", ["3.5", "3,5", "1,234"], [3.5, None, None]), (",", ["3,5", "3.5", "7"], [3.5, None, 7.0])],
)
def test_numbers_are_read_by_the_declared_decimal_mark_alone(
    tmp_path: Path, mark: str, cells: list[str], expected: list[float | None]
) -> None:
    survey = small_survey(tmp_path, f'decimal_mark: "{mark}"\n')
    answers = received(tmp_path, survey, [["Yes", "", cell, ""] for cell in cells], HEADINGS)
    assert [number for _, question, _, number, _ in answers if question == "hours"] == expected


def test_options_may_be_codes_or_where_declared_their_places(tmp_path: Path) -> None:
    survey = small_survey(tmp_path, "options_as: numbers\n")
    answers = received(tmp_path, survey, [["1", "", "", ""], ["2", "", "", ""], ["ANS.NO", "", "", ""]], HEADINGS)
    assert [code for _, q, code, _, _ in answers if q == "uses"] == ["ANS.YES", "ANS.NO", "ANS.NO"]


def test_numbers_for_options_stop_the_refresh_where_they_are_not_declared(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="not an option of “Do you use it\\?”: once, at line 2"):
        received(tmp_path, small_survey(tmp_path), [["1", "", "", ""]], HEADINGS)


def test_an_unlisted_option_is_named_by_the_nearest_one_and_accepted_for_its_wave_only(tmp_path: Path) -> None:
    row = [["Yes", "Local radoi", "", ""]]
    with pytest.raises(ContractError, match="nearest is “Local radio”") as caught:
        received(tmp_path / "refused", small_survey(tmp_path / "refused"), row, HEADINGS)
    assert "radoi" not in str(caught.value)
    accepted = "accepted:\n  - {wave: '2017', question: channels, option: Local radoi, means: CHN.RADIO}\n"
    answers = received(tmp_path / "taken", small_survey(tmp_path / "taken", accepted), row, HEADINGS)
    assert [code for _, q, code, _, _ in answers if q == "channels"] == ["CHN.RADIO"]
    with pytest.raises(ContractError):
        received(tmp_path / "later", small_survey(tmp_path / "later", accepted), row, HEADINGS, year=2018)


def test_a_question_re_worded_left_out_or_new_is_accepted_for_its_wave(tmp_path: Path) -> None:
    headings = ["Do you make use of it?", "Which channels?", "Hours a week", "Anything else?"]
    rows = [["Yes", "", "12", "words"]]
    with pytest.raises(ContractError) as caught:
        received(tmp_path / "refused", small_survey(tmp_path / "refused"), rows, headings)
    assert sorted(text.split(":")[0] for text in caught.value.culprits) == ["missing", "new", "re-worded"]
    accepted = (
        "accepted:\n  - {wave: '2017', question: uses, wording: 'Do you make use of it?'}\n"
        "  - {wave: '2017', question: years, missing: true}\n  - {wave: '2017', new: 'Anything else?'}\n"
    )
    answers = received(tmp_path / "taken", small_survey(tmp_path / "taken", accepted), rows, headings)
    assert reasons(answers)["1", "years"] == "not_asked"
    assert reasons(answers)["1", "uses"] is None


def test_a_condition_that_cannot_be_worked_out_is_refused(tmp_path: Path) -> None:
    odd = QUESTIONNAIRE.replace("${hours} >= 10 and not(${uses} = 'ANS.NO')", "count(${channels}) > 2")
    with pytest.raises(SurveyDefinitionError, match="cannot be worked out here"):
        received(tmp_path, small_survey(tmp_path, questionnaire=odd), [["Yes", "", "", ""]], HEADINGS)


def test_numbers_that_begin_again_in_the_next_wave_are_other_responses(tmp_path: Path) -> None:
    paths, survey = ProjectPaths(tmp_path), small_survey(tmp_path)
    shutil.copytree(CHECKOUT.reference, paths.reference)
    for year in (2017, 2018):
        write_export(paths, [["Yes", "", "", ""], ["No", "", "", ""]], HEADINGS, year)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), [*SURVEYS.values(), survey])
        found = con.execute(
            "SELECT response_id, status FROM staged.responses WHERE survey = 'small' ORDER BY ALL"
        ).fetchall()
    assert found == [(f"small/{year}/1-{n}", "counted") for year in (2017, 2018) for n in (1, 2)]

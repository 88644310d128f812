"""The XLSForm and the Word script made from a questionnaire."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from docx import Document
from marts_landscape import SURVEYS
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from landscape.paths import ProjectPaths
from landscape.surveys.definition import Survey
from landscape.surveys.form_script import condition_in_words, write_form_script
from landscape.surveys.forms import OWN_WORDS, write_forms, write_xlsform
from landscape.surveys.questionnaire import Option, Question, Questionnaire, Repeat
from landscape.surveys.questionnaire_file import read_questionnaire
from pipelines.cli import main

SAVED_AT = dt.datetime(2017, 5, 10, 9, tzinfo=dt.UTC)
PRIORITY = SURVEYS["priority_survey"]
COLOURS = (Option("COL.RED", "Red"), Option("COL.BLUE", "Blue; or green"), Option("COL.OTHER", "Other"))


def question(name: str, kind: str = "text", options: tuple[Option, ...] = (), **more: object) -> Question:
    facts: dict[str, object] = {"privacy": "onward", "use": "", "required": False, "repeat": None, **more}
    return Question(name=name, kind=kind, label=f"What of {name}?", options=options, **facts)  # type: ignore[arg-type]


def survey_of(*questions: Question, repeats: tuple[Repeat, ...] = ()) -> Survey:
    asked = Questionnaire("colours", "2019-01", questions, repeats)
    return dataclasses.replace(PRIORITY, name="colours", title="Colours & co", questionnaire=asked)


def rows(path: Path, sheet: str) -> list[dict[str, str]]:
    heading, *below = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [{str(k): str(v) for k, v in zip(heading, row, strict=True) if v is not None} for row in below]


def script(survey: Survey, path: Path) -> list[str]:
    write_form_script(survey, path, SAVED_AT)
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


# -- XLSForm


@pytest.mark.parametrize("name", sorted(SURVEYS))
def test_pyxform_takes_it_without_a_warning(tmp_path: Path, name: str) -> None:
    workbook, _ = write_forms(SURVEYS[name], tmp_path)
    made = convert(workbook, validate=False)
    assert made.warnings == []
    for asked in SURVEYS[name].form.questions:
        assert f"/{asked.name}" in made.xform


@pytest.mark.parametrize("name", sorted(SURVEYS))
def test_the_same_questions_come_back_out_of_it(tmp_path: Path, name: str) -> None:
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    workbook, _ = write_forms(SURVEYS[name], tmp_path)
    found: dict[str, tuple[str, str]] = {}

    def walk(children: list[dict[str, object]]) -> None:
        for child in children:
            if child["type"] in ("repeat", "group"):
                walk(child["children"])  # type: ignore[arg-type]
            else:
                found[str(child["name"])] = (str(child["type"]), str(child.get("label", "")))

    walk(workbook_to_json(workbook_dict=get_xlsform(workbook), form_name=name)["children"])
    kinds = {"select_one": "select one", "select_multiple": "select all that apply"}
    for asked in SURVEYS[name].form.questions:
        assert found[asked.name] == (kinds.get(asked.kind, asked.kind), asked.label)


def test_options_stand_once_with_their_codes(tmp_path: Path) -> None:
    survey = survey_of(question("first", "select_one", COLOURS), question("second", "select_multiple", COLOURS))
    write_xlsform(survey, tmp_path / "f.xlsx", SAVED_AT)
    assert rows(tmp_path / "f.xlsx", "choices") == [
        {"list_name": "first", "name": option.code, "label": option.label} for option in COLOURS
    ]
    asked = rows(tmp_path / "f.xlsx", "survey")
    assert [row["type"] for row in asked] == ["select_one first", "text", "select_multiple first", "text"]
    assert asked[1] == {
        "type": "text", "name": "first_other", "label": OWN_WORDS, "relevant": "selected(${first}, 'COL.OTHER')",
    }  # fmt: skip


def test_help_conditions_and_what_must_be_answered_are_carried_over(tmp_path: Path) -> None:
    asked = question("why", hint="In a sentence", required=True, relevant="selected(${first}, 'COL.RED')")
    write_xlsform(survey_of(question("first", "select_one", COLOURS), asked), tmp_path / "f.xlsx", SAVED_AT)
    row = next(row for row in rows(tmp_path / "f.xlsx", "survey") if row["name"] == "why")
    assert (row["hint"], row["required"], row["relevant"]) == ("In a sentence", "yes", asked.relevant)
    assert convert(tmp_path / "f.xlsx", validate=False).warnings == []


def test_a_wording_like_a_formula_stays_a_wording(tmp_path: Path) -> None:
    survey = survey_of(dataclasses.replace(question("sum"), label="=1+1"))
    write_xlsform(survey, tmp_path / "f.xlsx", SAVED_AT)
    assert load_workbook(tmp_path / "f.xlsx")["survey"]["C2"].data_type == "s"


# -- Word


@pytest.mark.parametrize("name", ["network_signup", "priority_survey"])
def test_every_wording_and_option_has_a_paragraph_of_its_own(tmp_path: Path, name: str) -> None:
    lines = script(SURVEYS[name], tmp_path / "s.docx")
    for asked in SURVEYS[name].form.questions:
        assert lines.count(asked.label) == 1
        for option in asked.options:
            assert option.label in lines or option.code == asked.other_code


def test_it_says_which_question_type_and_which_settings(tmp_path: Path) -> None:
    survey = survey_of(
        question("several", "select_multiple", COLOURS),
        question("place", "select_one", COLOURS[:2], use="rank:colour:1", required=True),
        question("amount", "integer", relevant="selected(${several}, 'COL.RED') and ${amount} > 2"),
    )
    lines = script(survey, tmp_path / "s.docx")
    assert "Jisc Online Surveys: Multiple choice, multiple answers" in lines
    assert "Microsoft Forms: Choice, “Multiple answers” on" in lines
    assert any("“Other” in Microsoft Forms" in line for line in lines)
    assert "Other" not in lines, "it is no option to paste"
    assert any(line.startswith("Ranking: ") for line in lines)
    assert "Question 2 of 3 · must be answered" in lines
    assert "Asked only if: “What of several?” includes “Red” and “What of amount?” > 2" in lines
    settings = " ".join(cell.text for row in Document(str(tmp_path / "s.docx")).tables[0].rows for cell in row.cells)
    assert "unique response numbers" in settings
    assert "“Code responses” off" in settings


def test_repeated_parts_are_left_out_and_it_says_so(tmp_path: Path) -> None:
    lines = script(SURVEYS["force_visits"], tmp_path / "s.docx")
    assert any("Not in this script: Activities, Cards" in line for line in lines)
    assert "Primary objective" not in lines


def test_a_condition_on_a_single_answer_in_words() -> None:
    first, why = question("first", "select_one", COLOURS), question("why", relevant="${first} = 'COL.RED'")
    assert condition_in_words(why, survey_of(first, why).questionnaire) == "“What of first?” = “Red”"


# -- Both


def test_the_same_questionnaire_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_forms(PRIORITY, tmp_path / folder) for folder in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_hint_is_read_from_the_questionnaire(tmp_path: Path) -> None:
    path = tmp_path / "questionnaire.md"
    path.write_text(
        "| survey |\n| | type | name | label | hint |\n| | text | why | Why? | In a sentence |\n"
        "| settings |\n| | form_id | version |\n| | colours | 1 |\n",
        encoding="utf-8",
    )
    assert read_questionnaire(path, tmp_path).questions[0].hint == "In a sentence"


def test_the_command(
    project: ProjectPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["landscape", "survey", "form", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    assert run("priority_survey") == 0
    assert capsys.readouterr().out.split() == [
        "Written:", "reports/forms/priority_survey.xlsx", "Written:", "reports/forms/priority_survey.docx",
    ]  # fmt: skip
    assert (project.reports / "forms" / "priority_survey.docx").exists()
    assert run("none") == 1
    assert "the surveys are force_visits, network_signup, priority_survey" in capsys.readouterr().err

"""Surveys drafted from a tool's own definition, alone and beside an export."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from definition_files import (
    jisc_key,
    limesurvey_lss,
    limesurvey_txt,
    qualtrics_qsf,
    redcap_dictionary,
)
from exports import WRITERS
from exports.responses import Response
from marts_landscape import CHECKOUT, SURVEYS

from landscape.errors import LandscapeError, ReceivedFileError
from landscape.surveys.definition import Survey, read_survey
from landscape.surveys.definitions import read_definition
from landscape.surveys.definitions.plain import Definition
from landscape.surveys.draft import Draft
from landscape.surveys.drafting import draft_survey
from landscape.surveys.forms import write_xlsform
from landscape.surveys.questionnaire import Question
from landscape.surveys.received import read_received

REFERENCE = CHECKOUT.reference
SIGNUP, PRIORITY, VISITS = SURVEYS["network_signup"], SURVEYS["priority_survey"], SURVEYS["force_visits"]
SAVED_AT = dt.datetime(2017, 5, 10, 9, tzinfo=dt.UTC)
Writer = Callable[[Survey, Path], Path]


def xlsform(survey: Survey, path: Path) -> Path:
    write_xlsform(survey, path, SAVED_AT)
    return path


FORMATS: dict[str, tuple[Writer, str, tuple[str, ...]]] = {
    "limesurvey txt": (limesurvey_txt, "limesurvey", ("code", "full", "code_and_text", "json")),
    "limesurvey lss": (limesurvey_lss, "limesurvey", ("code", "full")),
    "qualtrics qsf": (qualtrics_qsf, "qualtrics", ("csv", "csv_numeric", "xlsx")),
    "kobo xlsform": (xlsform, "kobotoolbox", WRITERS["kobotoolbox"].VARIANTS),
    "odk xlsform": (xlsform, "odk_central", WRITERS["odk_central"].VARIANTS),
    "redcap dictionary": (redcap_dictionary, "redcap", ("raw", "labels")),
    "jisc key": (jisc_key, "jisc_online_surveys", WRITERS["jisc_online_surveys"].VARIANTS),
}
"""How each format is written, whose it is, and the exports of that tool."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where survey folders are."""
    made = tmp_path / "surveys"
    made.mkdir()
    return made


def drafted(files: list[Path], folder: Path, name: str = "drafted") -> tuple[Draft, Survey]:
    draft = draft_survey(files, name, folder, REFERENCE)
    return draft, read_survey(folder / name, REFERENCE)


def asked(question: Question) -> tuple[str, str, list[str]]:
    return question.label, question.kind, [option.label for option in question.options]


def answered(survey: Survey) -> list[Response]:
    """A few responses, in which each question is answered by some, with its options in turn."""
    moment = dt.datetime.combine(survey.waves[0].opens_on, dt.time(10))
    found = []
    for n in range(6):
        answers: dict[str, object] = {}
        for question in survey.questionnaire.of(None):
            labels = [option.label for option in question.options if option.code != question.other_code]
            if question.kind == "select_one":
                answers[question.name] = labels[(n + (question.rank or ("", 0))[1]) % len(labels)]
            elif question.kind == "select_multiple":
                answers[question.name] = labels[n % 2 : n % 2 + 2]
            else:
                answers[question.name] = {"integer": n, "date": moment.date()}.get(question.kind, f"words {n}")
        found.append(Response(f"R-{n}", answers, {}, moment, moment + dt.timedelta(minutes=5)))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("named", sorted(FORMATS))
@pytest.mark.parametrize("survey", [SIGNUP, PRIORITY], ids=lambda survey: survey.name)
def test_a_definition_alone_gives_questions_types_and_options(
    named: str, survey: Survey, tmp_path: Path, folder: Path
) -> None:
    write, tool, _ = FORMATS[named]
    draft, found = drafted([write(survey, tmp_path / "definition")], folder)
    assert tool in draft.tools
    again = [asked(q) for q in found.questionnaire.questions]
    for question in survey.questionnaire.questions:
        label, kind, options = asked(question)
        if named == "jisc key":
            kind = {"select_multiple": "select_one", "select_one": "select_one"}.get(kind, "text")
        if named == "kobo xlsform" and question.other_code:
            continue
        assert (label, {"integer": "decimal"}.get(kind, kind), options) in [
            (other, {"integer": "decimal"}.get(k, k), o) for other, k, o in again
        ]


@pytest.mark.parametrize(("named", "variant"), [(n, v) for n, (_, _, variants) in FORMATS.items() for v in variants])
def test_beside_an_export_both_fit(named: str, variant: str, tmp_path: Path, folder: Path) -> None:
    write, tool, _ = FORMATS[named]
    survey = dataclasses.replace(SIGNUP, tool=tool)
    ending = {"json": ".json", "xlsx": ".xlsx", "zip": ".zip"}.get(variant, WRITERS[tool].ENDING)
    export = tmp_path / f"export{ending}"
    WRITERS[tool].write(survey, answered(survey), export, variant)
    draft, found = drafted([export, write(survey, tmp_path / "definition")], folder)
    assert draft.unsettled == ()
    assert all(entry.keys() == {"new"} for entry in draft.differences), (
        "own words that Jisc has a column of its own for"
    )
    read_received(export, export.name, found)
    assert [q.kind for q in found.questionnaire.questions] == [q.kind for q in survey.questionnaire.questions]


# -- What is carried over, and what is not


def definition(text: str) -> Definition:
    found = read_definition(text.encode(), "definition")
    assert found is not None
    return found


def table(*rows: str) -> str:
    """Lines of a LimeSurvey structure, cells parted by |."""
    heading = "class|type/scale|name|relevance|text|help|language|validation|mandatory|other"
    settings = ("S||language||cy||||||", "S||additional_languages||en||||||")
    return "\n".join(line.replace("|", "\t") for line in (heading, *settings, *rows))


LIMESURVEY = table(
    "G||One|1|||en||||",
    "Q|L|area|1|<b>Which area?</b>||en||Y|N",
    "A|0|a1||Cumbria||en||||",
    "A|0|a2||Durham||en||||",
    "Q|L|area|1|Pa ardal?||cy||Y|N",
    "A|0|a1||Cumbria (cy)||cy||||",
    "Q|M|media|1|Which media?||en||N|Y",
    "SQ|0|web|1|Web||en||||",
    "SQ|0|radio|1|Radio||en||||",
    'G||Two|((area.NAOK == "a1"))|||en||||',
    'Q|N|hours|((media_web.NAOK == "Y"))|How many hours?|In a week|en||N|N',
    "Q|T|why|((hours.NAOK > 3)) and !is_empty(media_radio)|Why?||en||N|N",
    "Q|X|thanks|1|Thank you||en||N|N",
    "Q|R|best|1|Best first||en||N|N",
    "A|0|x||Walking||en||||",
    "A|0|y||Cycling||en||||",
)


def test_limesurvey_conditions_languages_and_rankings(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "structure.txt").write_text(LIMESURVEY, encoding="utf-8")
    draft, survey = drafted([tmp_path / "structure.txt"], folder)
    named = survey.questionnaire.by_name
    assert list(named) == ["area", "media", "hours", "why", "best_1", "best_2"]
    assert (named["area"].label, named["area"].required, named["area"].use) == ("Which area?", True, "area")
    assert [(o.code, o.label) for o in named["area"].options] == [("E23000002", "Cumbria"), ("E23000008", "Durham")]
    assert (named["hours"].relevant, named["hours"].hint) == (
        "(${area} = 'E23000002') and (selected(${media}, 'web'))", "In a week",
    )  # fmt: skip
    assert named["why"].relevant == ""
    assert [named[f"best_{place}"].rank for place in (1, 2)] == [("best", 1), ("best", 2)]
    assert draft.notes[0] == "Wordings are those in en; the definition has cy, too"
    assert any("thanks: text that is shown" in says for says in draft.notes)
    assert any(says.startswith("Not carried over: why is asked only where") for says in draft.notes)
    assert {("area", "a1", "E23000002"), ("area", "a2", "E23000008")} == {
        (a.question, a.option, a.means) for a in survey.accepted if a.option and a.question == "area"
    }


def test_qualtrics_display_logic_trash_and_loops(tmp_path: Path, folder: Path) -> None:
    path = qualtrics_qsf(SIGNUP, tmp_path / "survey.qsf")
    held = json.loads(path.read_text(encoding="utf-8"))
    named = {e["PrimaryAttribute"]: e["Payload"] for e in held["SurveyElements"]}
    named["QID2"]["DisplayLogic"] = {
        "0": {
            "0": {"LeftOperand": "q://QID1/SelectableChoice/1", "Operator": "Selected", "Type": "Expression"},
            "1": {"LeftOperand": "q://QID1/SelectableChoice/2", "Operator": "NotSelected", "Conjuction": "Or"},
            "Type": "If",
        },
        "Type": "BooleanExpression",
    }
    named["QID3"]["DisplayLogic"] = {
        "0": {"0": {"LogicType": "EmbeddedField", "LeftOperand": "Source", "Operator": "EqualTo"}, "Type": "If"}
    }
    blocks = named["Survey Blocks"]
    binned = blocks[0]["BlockElements"].pop()["QuestionID"]
    blocks.append({"Type": "Trash", "ID": "BL_2", "BlockElements": [{"Type": "Question", "QuestionID": binned}]})
    blocks[0]["Options"] = {"Looping": "Static"}
    path.write_text(json.dumps(held), encoding="utf-8")
    draft, survey = drafted([path], folder)
    first, second, third = survey.questionnaire.questions[:3]
    assert second.relevant == f"selected(${{{first.name}}}, '1') or not(selected(${{{first.name}}}, '2'))"
    assert third.relevant == ""
    assert len(survey.questionnaire.questions) == len(SIGNUP.questionnaire.questions) - 1
    assert any("loop and merge" in says for says in draft.notes)
    assert any("Q3 is asked only where" in says for says in draft.notes)


def test_redcap_branching_identifiers_and_check_boxes(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "dictionary.csv"
    path.write_text(
        "field_name,form_name,field_type,field_label,select_choices_or_calculations,"
        "text_validation_type_or_show_slider_number,identifier,branching_logic\n"
        "record_id,all,text,Record,,,,\n"
        'used,all,checkbox,Which did you use?,"1, The web | 2, A letter, by post",,,\n'
        "visit,all,date_or_so,When?,,,,\n"
        "seen,all,text,Seen on,,date_dmy,,[used(2)] = '1'\n"
        "who,all,text,Who?,,,y,\n"
        'often,all,radio,How often?,"1, Never | 2, Often",,,\n'
        "why,all,notes,Why?,,,,[often] <> '1'\n",
        encoding="utf-8",
    )
    draft, survey = drafted([path], folder)
    named = survey.questionnaire.by_name
    assert [o.label for o in named["used"].options] == ["The web", "A letter, by post"]
    assert (named["seen"].kind, named["seen"].relevant) == ("date", "selected(${used}, '2')")
    assert named["who"].privacy == "personal"
    assert named["why"].relevant == "${often} != '1'"
    assert any("visit: type date_or_so" in says for says in draft.notes)
    assert any("which instruments repeat" in says for says in draft.notes)


def test_an_xlsform_with_a_ranking_parts_and_own_words_fits_what_odk_writes(tmp_path: Path, folder: Path) -> None:
    from openpyxl import Workbook

    sheets = {
        "survey": [
            ("type", "name", "label::English (en)", "label::Cymraeg (cy)", "relevant"),
            ("start", "start", "", "", ""),
            ("select_one role or_other", "role", "Your role", "Rôl", ""),
            ("begin_group", "views", "Views", "", "${role} = 'res'"),
            ("rank prio", "prio", "Rank these", "", ""),
            ("end_group", "", "", "", ""),
            ("note", "hello", "Welcome", "", ""),
            ("begin_repeat", "meeting", "Meetings", "", ""),
            ("text", "topic", "Topic", "", ""),
            ("end_repeat", "", "", "", ""),
        ],
        "choices": [
            ("list_name", "name", "label::English (en)"),
            ("role", "res", "Resident"),
            ("role", "pol", "Police officer"),
            ("prio", "p1", "Burglary"),
            ("prio", "p2", "Speeding"),
            ("prio", "p3", "Drugs"),
        ],
    }
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "form.xlsx")
    (tmp_path / "export.csv").write_text(
        "SubmissionDate,role,role_other,views-prio,hello,KEY,SubmitterID,SubmitterName,Status\n"
        "2026-10-01T10:00:00.000Z,res,,p2 p3 p1,,uuid:1,1,x,\n"
        "2026-10-02T10:00:00.000Z,other,mayor,,,uuid:2,1,x,\n",
        encoding="utf-8",
    )
    draft, survey = drafted([tmp_path / "form.xlsx", tmp_path / "export.csv"], folder)
    named = survey.questionnaire.by_name
    assert [q.name for q in survey.questionnaire.of(None)] == ["role", "prio_1", "prio_2", "prio_3"]
    assert [(o.code, o.label) for o in named["role"].options][-1] == ("ROLE.OTHER", "Other")
    assert named["prio_1"].relevant == "${role} = 'res'"
    assert [repeat.label for repeat in survey.questionnaire.repeats] == ["Meetings"]
    assert draft.unsettled == ("the part “meeting” is missing",)


# -- What cannot be


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions>",
        b'{"SurveyElements": [{"Element": "SQ"',
        b'{"SurveyElements": []}',
        b"class\ttype/scale\tname\trelevance\ttext\n",
        b'Variable / Field Name,Form Name,Field Type,Field Label\nrecord_id,a,"text',
    ],
)
def test_a_definition_that_breaks_off_or_is_empty_is_refused(data: bytes) -> None:
    with pytest.raises(ReceivedFileError) as caught:
        read_definition(data, "definition")
    assert caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"a,b\n1,2\n", b"URN,Q1\n1,2\n", b"{}", "é".encode("utf-16")])
def test_what_is_no_definition_is_none(data: bytes) -> None:
    assert read_definition(data, "file") is None


def test_files_that_do_not_go_together_are_refused(tmp_path: Path, folder: Path) -> None:
    one, two = redcap_dictionary(SIGNUP, tmp_path / "a.csv"), qualtrics_qsf(SIGNUP, tmp_path / "b.qsf")
    with pytest.raises(LandscapeError, match="2 definitions"):
        drafted([one, two], folder)
    export = tmp_path / "export.csv"
    WRITERS["qualtrics"].write(dataclasses.replace(SIGNUP, tool="qualtrics"), answered(SIGNUP), export, "csv")
    with pytest.raises(LandscapeError, match="export is of Qualtrics, and the definition of REDCap"):
        drafted([export, one], folder)
    with pytest.raises(LandscapeError, match="no survey tool paper"):
        draft_survey([export], "x_survey", folder, REFERENCE, tool="paper")
    assert not list(folder.iterdir())

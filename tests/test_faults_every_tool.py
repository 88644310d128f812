"""The same fault written by every tool that can have it: nothing is read wrongly without a word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from dialect_cases import survey_of
from exports import WRITERS
from exports.responses import Response
from marts_landscape import CHECKOUT
from openpyxl import load_workbook

from landscape.errors import ReceivedFileError
from landscape.surveys.answer_list import AnswerList, PartMeaning
from landscape.surveys.definition import Survey, read_survey
from landscape.surveys.dialects import DIALECTS, fitting_dialects
from landscape.surveys.drafting import draft_survey
from landscape.surveys.questionnaire import Option, Question, Questionnaire
from landscape.surveys.received import ReceivedFile, read_received

EVERY_WAY = [
    (tool, variant) for tool, writer in WRITERS.items() if tool != "visit_workbook" for variant in writer.VARIANTS
]
LABELS = ["Weekly meetings", "Street art", "Local radio"]
CODED = ("coded_csv", "coded_sav", "csv_numeric", "legacy_csv", "raw", "raw_decimal_comma", "code_numbers")
WRITES_LABELS = ("jisc_online_surveys", "qualtrics", "surveymonkey", "smartsurvey")
BEGUN = dt.datetime.fromisoformat("2020-06-15T10:00:00")


def closed(kind: str, *labels: str, name: str = "Q1") -> Question:
    listed = [Option(f"WAY.{label.upper().replace(' ', '_')}", label) for label in labels]
    return Question(name, kind, "Which way?", "onward", "", False, (*listed, Option("WAY.OTHER", "Other")), None)


def asked(tool: str, *questions: Question, variant: str = "") -> Survey:
    """A survey of these questions; REDCap’s names are small letters."""
    named = [replace(q, name=q.name.lower()) if tool == "redcap" else q for q in questions]
    return replace(survey_of(tool, *named), has_numbered_options=variant in CODED)


def exported(folder: Path, survey: Survey, variant: str, *answers: dict[str, object]) -> Path:
    ending = next((e for e in ("xlsx", "sav", "json", "zip") if e in variant), WRITERS[survey.tool].ENDING.lstrip("."))
    ending = {"joined": "xlsx"}.get(variant, ending)
    ending = "json" if "odata" in variant or (survey.tool == "limesurvey" and variant == "json") else ending
    ending = "xlsx" if survey.tool == "microsoft_forms" else ending
    path = folder / f"export.{ending}"
    if survey.tool == "redcap":
        answers = tuple({name.lower(): answer for name, answer in given.items()} for given in answers)
    given = [
        Response(f"R-{n}", answer, {}, BEGUN + dt.timedelta(days=n), BEGUN + dt.timedelta(days=n, minutes=5))
        for n, answer in enumerate(answers, start=1)
    ]
    WRITERS[survey.tool].write(survey, given, path, variant)
    return path


def received(path: Path, survey: Survey) -> ReceivedFile:
    return read_received(path, path.name, survey)


def meant(file: ReceivedFile) -> list[list[PartMeaning]]:
    ((at, question),) = [(at, q) for at, q in file.columns[None].items() if q.options]
    answers = AnswerList(question, file.survey)
    return [[answers.meaning(part) for part in answers.parts(row.cells[at])] for row in file.export.sheets[0].rows]


NAMED = [way for way in EVERY_WAY if way[1] not in CODED and way[0] not in ("google_forms", "microsoft_forms")]


@pytest.mark.parametrize(("tool", "variant"), NAMED)
@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_an_option_that_is_not_listed_is_named_and_is_never_other(
    tmp_path: Path, tool: str, variant: str, kind: str
) -> None:
    then = asked(tool, closed(kind, *LABELS, "Street arts"))
    now = asked(tool, closed(kind, *LABELS))
    answers = ["Street arts", "Street art"]
    path = exported(tmp_path, then, variant, *({"Q1": [a] if kind == "select_multiple" else a} for a in answers))
    (wrong,), (right,) = meant(received(path, now))
    assert right == PartMeaning("WAY.STREET_ART")
    assert (wrong.code, wrong.is_own_words) == (None, False)
    assert wrong.suggestion == "Street art" or tool not in WRITES_LABELS


@pytest.mark.parametrize(
    ("tool", "variant"), [way for way in EVERY_WAY if way[0] in ("google_forms", "microsoft_forms")]
)
@pytest.mark.parametrize("slip", ["street  arts", "Weekly meetings | Local radio", "Local radio / Street art"])
def test_where_own_words_take_an_option_s_place_a_slip_is_named_and_not_coded(
    tmp_path: Path, tool: str, variant: str, slip: str
) -> None:
    survey = asked(tool, closed("select_one", *LABELS))
    path = exported(tmp_path, survey, variant, {"Q1": slip}, {"Q1": "by pigeon"})
    (wrong,), (own,) = meant(received(path, survey))
    assert wrong.code is None
    assert own == PartMeaning("WAY.OTHER", is_own_words=True)


@pytest.mark.parametrize(("tool", "variant"), [way for way in EVERY_WAY if way not in (("redcap", "labels"),)])
@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_words_beside_other_go_along_to_be_coded(tmp_path: Path, tool: str, variant: str, kind: str) -> None:
    survey = asked(tool, closed(kind, *LABELS), variant=variant)
    answer = ["Local radio", "by pigeon"] if kind == "select_multiple" else "by pigeon"
    ((*listed, own),) = meant(received(exported(tmp_path, survey, variant, {"Q1": answer}), survey))
    assert own == PartMeaning("WAY.OTHER", is_own_words=True)
    assert listed == ([PartMeaning("WAY.LOCAL_RADIO")] if kind == "select_multiple" else [])


@pytest.mark.parametrize(("tool", "variant"), EVERY_WAY)
def test_headings_that_differ_in_what_nobody_sees_are_equal(tmp_path: Path, tool: str, variant: str) -> None:
    typed = Question("Q1", "text", 'What is the area\'s "main" problem?', "onward", "", False, (), None)
    drawn = replace(typed, label="What is the area’s “main” prob\u00adlem\u200b?")
    path = exported(tmp_path, asked(tool, drawn), variant, {"Q1": "noise"})
    assert list(received(path, asked(tool, typed)).columns[None].values()) == [
        *asked(tool, typed).questionnaire.questions
    ]


@pytest.mark.parametrize("tool", ["google_forms", "surveymonkey", "qualtrics"])
def test_dates_of_an_order_that_nothing_tells_are_not_read(tmp_path: Path, tool: str) -> None:
    when = Question("Q1", "date", "When?", "onward", "", False, (), None)
    survey = asked(tool, when)
    variant = {"google_forms": "sheet_csv"}.get(tool, "csv")
    path = exported(tmp_path, survey, variant, {"Q1": dt.date(2020, 3, 4)})
    path.write_text(path.read_text(encoding="utf-8").replace("16/06/2020", "03/04/2020"), encoding="utf-8")
    with pytest.raises(ReceivedFileError, match="nothing says whether day or month comes first"):
        received(path, replace(survey, dates=None))
    for order, day in (("day_first", dt.date(2020, 3, 4)), ("month_first", dt.date(2020, 4, 3))):
        declared = replace(survey, dates=order)
        file = received(path, declared)
        (at,) = file.columns[None]
        cell = file.export.sheets[0].rows[0].cells[at]
        assert dt.datetime.strptime(cell, declared.date_format).date() == day  # noqa: DTZ007


@pytest.mark.parametrize("tool", ["google_forms", "surveymonkey", "qualtrics"])
@pytest.mark.parametrize(
    ("date", "line", "is_unclear"),
    [("03/04/2020", "# dates: day_first", True), ("03/14/2020", "dates: month_first", False)],
)
def test_a_draft_says_which_of_day_and_month_comes_first_or_that_a_person_must(
    tmp_path: Path, tool: str, date: str, line: str, *, is_unclear: bool
) -> None:
    survey = asked(tool, Question("Q1", "date", "When?", "onward", "", False, (), None))
    variant = {"google_forms": "sheet_csv"}.get(tool, "csv")
    path = exported(tmp_path, survey, variant, *[{"Q1": dt.date(2020, 3, 4)}] * 3)
    text = path.read_text(encoding="utf-8")
    for n, day in enumerate(range(16, 19), start=4):
        for written in (f"{day}/06/2020", f"06/{day}/2020"):
            text = text.replace(written, f"06/{'14' if '14' in date else n:>02}/2020")
    path.write_text(text.replace("04/03/2020", date), encoding="utf-8")
    draft = draft_survey([path], "pilot", tmp_path, CHECKOUT.reference)
    assert draft.is_order_unclear == is_unclear
    declared = tmp_path / "pilot" / "survey.yml"
    assert line in declared.read_text(encoding="utf-8").split("\n")
    declared.write_text(declared.read_text(encoding="utf-8").replace("# dates: ", "dates: "), encoding="utf-8")
    received(path, read_survey(tmp_path / "pilot", CHECKOUT.reference))


@pytest.mark.parametrize(
    ("heading", "time"),
    [
        ("Zeitstempel", "16.06.2020 10:05:00"),
        ("Horodateur", "16/06/2020 10:05:00"),
        ("Tijdstempel", "16-6-2020 10:05:00"),
        ("Informazioni cronologiche", "16/06/2020 10.05.00"),
        ("Tidstämpel", "2020-06-16 10:05:00"),
        ("タイムスタンプ", "2020/06/16 10:05:00"),
    ],
)
def test_a_google_form_of_an_account_in_another_language_is_read(tmp_path: Path, heading: str, time: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{heading},Why?\n{time},so\n", encoding="utf-8")
    assert fitting_dialects(path) == ("google_forms",)
    sheet = received(
        path, asked("google_forms", Question("Q1", "text", "Why?", "onward", "", False, (), None))
    ).export.sheets[0]
    assert sheet.rows[0].cells[0] == "2020-06-16T10:05:00"


@pytest.mark.parametrize(
    ("tool", "variant"), [way for way in EVERY_WAY if "xlsx" in way[1] or way[0] == "microsoft_forms"]
)
@pytest.mark.parametrize("error", ["#REF!", "=Z99"])
def test_a_cell_with_an_error_is_named_and_blank(tmp_path: Path, tool: str, variant: str, error: str) -> None:
    survey = asked(tool, Question("Q1", "text", "Why?", "onward", "", False, (), None))
    path = exported(tmp_path, survey, variant, {"Q1": "because"}, {"Q1": "so it is"})
    book = load_workbook(path)
    cell = next(cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == "because")
    cell.value, cell.data_type = error, "f" if error.startswith("=") else "e"
    for sheet in book:
        sheet.tables.clear()
    book.save(path)
    file = received(path, survey)
    (at,) = file.columns[None]
    assert [row.cells[at] for row in file.export.sheets[0].rows] == ["", "so it is"]
    (note,) = file.export.sheets[0].notes
    assert note.reason.startswith(f"cell {cell.coordinate} holds") and note.heading in ("Why?", "Q1")


@pytest.mark.parametrize("variant", WRITERS["limesurvey"].VARIANTS)
@pytest.mark.parametrize("codes", [("Y", "N"), ("1", "0"), ("Yes", "No")])
def test_rows_of_a_grid_are_not_options_whatever_they_hold(
    tmp_path: Path, variant: str, codes: tuple[str, str]
) -> None:
    options = tuple(Option(code, code) for code in codes)
    rows = [
        Question(f"Q1_{row}", "select_one", f"Agree? [{row}]", "onward", "", False, options, None)
        for row in ("cameras", "patrols")
    ]
    survey = asked("limesurvey", *rows)
    path = exported(tmp_path, survey, variant, {"Q1_cameras": codes[0], "Q1_patrols": codes[1]}, {})
    file = received(path, survey)
    cells = {q.name: [r.cells[at] for r in file.export.sheets[0].rows] for at, q in file.columns[None].items()}
    assert cells == {"Q1_cameras": [codes[0], ""], "Q1_patrols": [codes[1], ""]}


@pytest.mark.parametrize(("typed", "read"), [("9/5/2017", "2017-05-09"), ("09/05/2017", "2017-05-09"), ("May", "May")])
def test_a_date_typed_as_the_workbook_asks_for_is_a_date(typed: str, read: str) -> None:
    from landscape.surveys.dialects.times import iso_date
    from landscape.surveys.dialects.visit_workbook import _TYPED_DATES

    assert iso_date(typed, _TYPED_DATES) == read


def test_only_two_tools_let_own_words_take_an_option_s_place() -> None:
    mixing = {name for name, dialect in DIALECTS.items() if dialect.MIXES_OWN_WORDS}
    assert mixing == {"google_forms", "microsoft_forms"}


def test_the_visit_workbook_has_no_own_words() -> None:
    question = closed("select_one", "Reassurance / visibility")
    survey = replace(survey_of("visit_workbook"), questionnaire=Questionnaire("v", "1", (question,), ()))
    answers = AnswerList(question, survey)
    (part,) = answers.parts("Reassurance")
    assert answers.meaning(part) == PartMeaning(None, suggestion="Reassurance / visibility")


OFTEN = ["Very Often", "Quite Often", "Now And Then", "Never"]
REASONS = ["Distance", "Lack of facilities (e.g. bike racks, changing rooms)", "No time", "Weather (e.g. rain, heat)"]


@pytest.mark.parametrize(("tool", "variant"), [way for way in EVERY_WAY if way[1] not in CODED])
@pytest.mark.parametrize(("kind", "labels"), [("select_one", OFTEN), ("select_multiple", REASONS)])
def test_a_draft_has_each_option_whole_whatever_is_in_it(
    tmp_path: Path, tool: str, variant: str, kind: str, labels: list[str]
) -> None:
    listed_here = tuple(Option(f"WAY.R{n}", label) for n, label in enumerate(labels))
    survey = asked(tool, Question("Q1", kind, "Which way?", "onward", "", False, listed_here, None))
    several = [[labels[n % 4], *([labels[(n + 1) % 4]] if n % 3 else [])] for n in range(24)]
    answers = [chosen[0] for chosen in several] if kind == "select_one" else several
    path = exported(tmp_path, survey, variant, *({"Q1": answer} for answer in answers))
    draft = draft_survey([path], "pilot", tmp_path, CHECKOUT.reference)
    assert not draft.unsettled or draft.is_order_unclear
    (drafted,) = read_survey(tmp_path / "pilot", CHECKOUT.reference).questionnaire.questions
    listed = [option.label for option in drafted.options if option.label != "Other"]
    assert (drafted.kind, drafted.privacy != "personal", len(listed)) == (kind, True, 4), listed
    if tool in WRITES_LABELS or tool in ("google_forms", "microsoft_forms"):
        assert sorted(listed) == sorted(labels)

"""What each tool writes is split and read back whole."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from exports import WRITERS
from exports.responses import Record, Response
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shipped import SURVEYS

from landscape.surveys.answer_list import AnswerList
from landscape.surveys.contract import hold
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import (
    DIALECTS,
    dialect_of,
    jisc_online_surveys,
    microsoft_forms,
    visit_workbook,
)
from landscape.surveys.export import ISO_FORMAT, Export, split_against
from landscape.surveys.questionnaire import Question

SIGNUP, PRIORITY, VISITS = SURVEYS["network_signup"], SURVEYS["priority_survey"], SURVEYS["force_visits"]

# -- Splitting

OPTIONS = st.text("ab ,;", min_size=1, max_size=8).map(str.strip).filter(lambda text: text.strip(" ,;"))


@given(st.lists(OPTIONS, unique=True, min_size=1, max_size=6), st.sampled_from([",", ";"]), st.data())
def test_options_that_hold_the_separator_are_split_whole(labels, separator, data):
    assume(not any(other.startswith(label + separator) for label in labels for other in labels))
    ticked = data.draw(st.lists(st.sampled_from(labels), unique=True))
    closing = data.draw(st.sampled_from(["", separator])) if ticked else ""
    assume(not any(other == ticked[-1] + separator for other in labels) if ticked else True)
    assert split_against(separator.join(ticked) + closing, labels, separator) == ticked


@given(
    st.lists(OPTIONS, unique=True, min_size=1, max_size=5),
    st.text("xyz ,", min_size=1).map(lambda t: f"x{t}z"),
    st.data(),
)
def test_own_words_stay_in_one_piece_even_with_separators_in_them(labels, own_words, data):
    assume(not any(other.startswith(label + ",") for label in labels for other in labels))
    before = data.draw(st.lists(st.sampled_from(labels), unique=True))
    after = data.draw(st.lists(st.sampled_from(labels), unique=True))
    assert split_against(",".join([*before, own_words, *after]), labels, ",") == [*before, own_words, *after]


def test_the_longest_option_that_fits_is_taken():
    labels = ["Radio", "Radio,print", "print", "Web"]
    assert split_against("Radio,print,Web", labels, ",") == ["Radio,print", "Web"]
    assert split_against("print,Radio", labels, ",") == ["print", "Radio"]
    assert split_against("", labels, ",") == []


def test_people_type_semicolons_in_their_own_way_in_a_workbook():
    labels = ["Schools; colleges", "Health", "Fire and rescue"]
    assert visit_workbook.split("Health;Fire and rescue ;Schools; colleges;", labels) == [
        "Health",
        "Fire and rescue",
        "Schools; colleges",
    ]
    assert visit_workbook.split("Helth; police; Health", labels) == ["Helth", "police", "Health"]


# -- Written and read back

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
TEXTS = st.text(LETTERS | st.sampled_from(' \n,;"=+-@<>&’é'), min_size=1, max_size=40).filter(str.strip)
MOMENTS = st.datetimes(dt.datetime.fromisoformat("2016-01-01"), dt.datetime.fromisoformat("2030-01-01")).map(
    lambda moment: moment.replace(microsecond=0)
)
DATES = st.dates(dt.date(1950, 1, 1), dt.date(2050, 1, 1))


@st.composite
def answers(draw, questions: tuple[Question, ...], *, with_own_words: bool = False) -> dict[str, object]:
    given_answers: dict[str, object] = {}
    for question in draw(st.lists(st.sampled_from(questions), unique_by=lambda question: question.name)):
        labels = [option.label for option in question.offered]
        if question.kind == "select_multiple":
            ticked = draw(st.lists(st.sampled_from(labels), unique=True, min_size=1, max_size=4))
            own_words = st.text("xyz, ", min_size=1).map(lambda text: f"x{text}z")
            given_answers[question.name] = (
                [*ticked, draw(own_words)] if with_own_words and draw(st.booleans()) else ticked
            )
        else:
            given_answers[question.name] = draw(
                {
                    "text": TEXTS,
                    "date": DATES,
                    "integer": st.integers(0, 10**9),
                    "select_one": st.sampled_from(labels or [""]),
                }[question.kind]
            )
    return given_answers


@st.composite
def flat_responses(draw, survey: Survey, *, with_own_words: bool) -> list[Response]:
    rows = draw(st.lists(answers(survey.questionnaire.of(None), with_own_words=with_own_words), max_size=4))
    return [
        Response(f"R-{number}", row, started_at=draw(MOMENTS), completed_at=draw(MOMENTS))
        for number, row in enumerate(rows, start=1)
    ]


@st.composite
def visit_responses(draw) -> list[Response]:
    asked = VISITS.form

    def records(repeat: str | None, number: str) -> list[Record]:
        rows = draw(st.lists(answers(asked.of(repeat)), max_size=2))
        below = [part.name for part in asked.repeats if part.parent == repeat]
        made = []
        for place, row in enumerate(rows, start=1):
            own = f"{number}{place}" if below else ""
            parts = {part: records(part, f"{own}-{part[0]}") for part in below}
            made.append(
                (Response if repeat is None else Record)(own, row, {name: part for name, part in parts.items() if part})
            )
        return made

    return records(None, "V")


def received(path: Path, survey: Survey) -> tuple[Export, dict[str | None, dict[int, Question]]]:
    """The export as a refresh reads it, up to the contract."""
    dialect = dialect_of(path, survey.tool)
    export = dialect.read(path, survey.asked)
    return export, hold(export, survey, path).columns


def typed(survey: Survey, question: Question, cell: str) -> object:
    dialect = DIALECTS[survey.tool]
    if question.options:
        listed, labels = AnswerList(question, survey), {option.code: option.label for option in question.options}
        meant = [(part.text, listed.meaning(part)) for part in listed.parts(cell)]
        texts = [text if meaning.is_own_words else labels.get(meaning.code or "", text) for text, meaning in meant]
        return texts if question.kind == "select_multiple" else texts[0]
    if question.kind == "integer":
        return int(cell)
    if question.kind == "date":
        iso = cell if dialect.DATE_FORMAT == ISO_FORMAT else "-".join(cell.split("/")[::-1])
        return dt.date.fromisoformat(iso)
    return cell


def read_back(path: Path, survey: Survey) -> dict[str | None, list[tuple[str, str, dict[str, object]]]]:
    """For each repeated part: a row's own number, its parent's, and its answers."""
    export, columns = received(path, survey)
    rows: dict[str | None, list[tuple[str, str, dict[str, object]]]] = {}
    for sheet in export.sheets:
        own, parent = (
            sheet.position("record_id" if sheet.repeat else "response_id"),
            sheet.position("parent_id"),
        )
        rows[sheet.repeat] = [
            (
                "" if own is None else row.cells[own],
                "" if parent is None else row.cells[parent],
                {q.name: typed(survey, q, row.cells[at]) for at, q in columns[sheet.repeat].items() if row.cells[at]},
            )
            for row in sheet.rows
        ]
    return rows


def laid_out(survey: Survey, responses: list[Response]) -> dict[str | None, list[tuple[str, str, dict[str, object]]]]:
    rows = {part: [] for part in (None, *(repeat.name for repeat in survey.form.repeats))}

    def lay(records, part, parent):
        for record in records:
            rows[part].append((record.number, parent, dict(record.answers)))
            for below, children in record.parts.items():
                lay(children, below, record.number)

    lay(responses, None, "")
    return rows


@settings(max_examples=25, deadline=None)
@given(flat_responses(SIGNUP, with_own_words=True))
def test_microsoft_forms_is_read_as_it_was_written(tmp_path_factory, responses):
    path = tmp_path_factory.mktemp("forms") / "export.xlsx"
    WRITERS["microsoft_forms"].write(SIGNUP, responses, path)
    assert read_back(path, SIGNUP) == laid_out(SIGNUP, responses)
    (sheet,) = microsoft_forms.read(path).sheets
    times = [tuple(map(dt.datetime.fromisoformat, row.cells[1:3])) for row in sheet.rows]
    assert times == [(response.started_at, response.completed_at) for response in responses]


@settings(max_examples=50, deadline=None)
@given(flat_responses(PRIORITY, with_own_words=False))
def test_jisc_is_read_as_it_was_written(tmp_path_factory, responses):
    path = tmp_path_factory.mktemp("jisc") / "export.csv"
    WRITERS["jisc_online_surveys"].write(PRIORITY, responses, path)
    assert read_back(path, PRIORITY) == laid_out(PRIORITY, responses)
    (sheet,) = jisc_online_surveys.read(path).sheets
    at = sheet.position("completed_at")
    assert [row.cells[at] for row in sheet.rows] == [r.completed_at.strftime("%d/%m/%Y %H:%M:%S") for r in responses]


@settings(deadline=None)
@given(visit_responses())
def test_the_visit_workbook_is_read_as_it_was_written(tmp_path_factory, responses):
    path = tmp_path_factory.mktemp("visits") / "visits.xlsx"
    WRITERS["visit_workbook"].write(VISITS, responses, path)
    assert read_back(path, VISITS) == in_column_order(laid_out(VISITS, responses))


def in_column_order(rows: dict[str | None, list[tuple[str, str, dict[str, object]]]]):
    """Several answers as tick columns give them back: in the order of the option list."""
    for _, _, answers_given in (row for part in rows.values() for row in part):
        for name, answer in answers_given.items():
            if isinstance(answer, list):
                labels = [option.label for option in VISITS.form.by_name[name].options]
                answers_given[name] = sorted(answer, key=labels.index)
    return rows


def test_own_words_in_jisc_stand_beside_the_list_and_other_is_ticked(tmp_path):
    path = tmp_path / "export.csv"
    answered = {"role": "Diplomat", "events_topics": ["Young people", "Made up, with a comma"]}
    WRITERS["jisc_online_surveys"].write(PRIORITY, [Response("R-1", answered)], path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        headings, row = csv.reader(stream)
    cells = dict(zip(headings, row, strict=True))
    assert cells["2. Which best describes your role?"] == "Other"
    assert cells["2.a. If you selected Other, please specify:"] == "Diplomat"
    assert cells["4. Which topics should future events cover? Choose any that apply."] == "Young people,Other"
    assert cells["4.a. If you selected Other, please specify:"] == "Made up, with a comma"
    assert read_back(path, PRIORITY)[None][0][2] == {
        "role": "Diplomat",
        "events_topics": ["Young people", "Made up, with a comma"],
    }
    assert cells["Completion Date"] == ""


def test_a_file_that_is_not_utf_8_is_read_with_a_note(tmp_path):
    path = tmp_path / "export.csv"
    responses = [Response("R-1", {"events_why": "Café"}, completed_at=dt.datetime.fromisoformat("2017-06-01T09:00"))]
    WRITERS["jisc_online_surveys"].write(PRIORITY, responses, path)
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp1252"))
    export, _ = received(path, PRIORITY)
    assert "Windows-1252" in export.encoding_note
    assert read_back(path, PRIORITY)[None][0][2] == {"events_why": "Café"}

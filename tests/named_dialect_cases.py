"""A questionnaire, responses and their way back for the tools that write names, codes or option columns."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from exports.responses import Record, Response
from hypothesis import strategies as st

from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey, Wave
from landscape.surveys.export import Export
from landscape.surveys.questionnaire import Option, Question, Questionnaire, Repeat
from landscape.surveys.received import ReceivedFile, read_received
from landscape.text import normal_wording

FIRST_DAY, LAST_DAY = dt.datetime.fromisoformat("2020-01-01"), dt.datetime.fromisoformat("2029-12-31")
LONG = "A long answer; with, everything\n" * 320


def question(
    name: str, kind: str, label: str, options: Sequence[Option] = (), repeat: str | None = None, use: str = ""
) -> Question:
    return Question(
        name=name, kind=kind, label=label, privacy="onward", use=use, required=False,
        options=tuple(options), repeat=repeat,
    )  # fmt: skip


def survey_of(questions: Sequence[Question], repeats: Sequence[Repeat] = (), tool: str = "kobotoolbox") -> Survey:
    return Survey(
        name="walks", title="Walks", licence="none", tool=tool, time_zone="Europe/London", consent_version="1",
        retain_until=dt.date(2035, 1, 1), waves=(Wave("1", dt.date(2020, 1, 1), dt.date(2029, 12, 31)),),
        test_responses=frozenset(), questionnaire=Questionnaire("walks", "1", tuple(questions), tuple(repeats)),
    )  # fmt: skip


OTHER = Option("top.OTHER", "Other")
WORDS = st.text(st.sampled_from("abcXYZ ,;:/()&'\"“é–مرح😀").filter(bool), min_size=1, max_size=9)
LABELS = st.lists(
    WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: text.strip(" /,;:")),
    min_size=1, max_size=3, unique_by=normal_wording,
).filter(lambda labels: all(normal_wording(label) not in ("", "other", "plain") for label in labels))  # fmt: skip


@st.composite
def surveys(draw: st.DrawFn, *, depth: int) -> Survey:
    """A small survey of every kind of question, its options drawn; with `depth` levels of repeated parts."""
    options = [Option("plain", "Plain"), *(Option(f"opt{n}", label) for n, label in enumerate(draw(LABELS)))]
    ranks = [question(f"best_{n}", "select_one", f"What matters [{n}]", options, use=f"rank:best:{n}") for n in (1, 2)]
    asked = [
        question("story", "text", "Tell us, in your words; please"),
        question("walked_on", "date", "Date of walk"),
        question("n_steps", "integer", "How many steps?"),
        question("minutes", "decimal", "How long?"),
        question("role", "select_one", "Your role", [*options, OTHER]),
        question("topics", "select_multiple", "Which topics (choose any)?", options),
        question("media", "select_multiple", "Which media?", [*options, OTHER]),
        *(ranks if depth == 0 else []),
    ]
    parts = [Repeat("stops", "Stops", None), Repeat("talks", "Talks", "stops")][:depth]
    if depth:
        asked += [question("place", "text", "Where was it?", repeat="stops")]
        asked += [question("seen", "select_multiple", "Who was seen?", options, repeat="stops")]
    if depth == len(("stops", "talks")):
        asked += [question("talked", "select_one", "Talked with", options, repeat="talks")]
    return survey_of(asked, parts)


LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
TEXTS = st.one_of(
    st.text(LETTERS | st.sampled_from(' \n\t,;"=+-@<>&’é[]/😀م'), min_size=1, max_size=20).map(lambda t: f"a{t}z"),
    st.just(LONG),
)
ANSWERS = {
    "text": TEXTS,
    "date": st.dates(FIRST_DAY.date(), LAST_DAY.date()),
    "integer": st.integers(0, 10**6),
    "decimal": st.sampled_from([0.5, 1.25, 1234.75]),
}
MOMENTS = st.datetimes(FIRST_DAY, LAST_DAY).map(lambda moment: moment.replace(microsecond=0, hour=12))


@st.composite
def given_answers(draw: st.DrawFn, asked: Sequence[Question]) -> dict[str, object]:
    given: dict[str, object] = {}
    for each in asked:
        if draw(st.integers(0, 3)) == 0:
            continue
        labels = [option.label for option in each.options]
        own_words = f"x{draw(WORDS)}z" if each.other_code and draw(st.booleans()) else ""
        if each.kind == "select_multiple":
            ticked = draw(
                st.lists(st.sampled_from([text for text in labels if text != "Other"]), unique=True, max_size=3)
            )
            given[each.name] = [*ticked, own_words] if own_words else ticked
        elif each.kind == "select_one":
            given[each.name] = own_words or draw(st.sampled_from(labels))
        else:
            given[each.name] = draw(ANSWERS[each.kind])
    return given


@st.composite
def cases(draw: st.DrawFn, *, depth: int = 0) -> tuple[Survey, list[Response]]:
    """A survey and responses to it, some unfinished, some without any answer."""
    survey = draw(surveys(depth=depth))
    asked = survey.questionnaire

    def parts(repeat: str | None) -> dict[str, list[Record]]:
        found = {
            part.name: [
                Record("", draw(given_answers(asked.of(part.name))), parts(part.name))
                for _ in range(draw(st.integers(0, 2)))
            ]
            for part in asked.repeats
            if part.parent == repeat
        }
        return {name: records for name, records in found.items() if records}

    def response(number: int) -> Response:
        completed = draw(MOMENTS) if draw(st.integers(0, 3)) else None
        return Response(f"R-{number}", draw(given_answers(asked.of(None))), parts(None), draw(MOMENTS), completed)

    return survey, [response(number) for number in range(1, draw(st.integers(1, 3)) + 1)]


def whole_response(survey: Survey) -> Response:
    """A response that ticks an option of every list in every part, which tells a list from a group of questions."""
    asked = survey.questionnaire

    def answers(repeat: str | None) -> dict[str, object]:
        return {each.name: [each.options[0].label] for each in asked.of(repeat) if each.kind == "select_multiple"}

    def parts(repeat: str | None) -> dict[str, list[Record]]:
        below = [part.name for part in asked.repeats if part.parent == repeat]
        return {name: [Record("", answers(name), parts(name))] for name in below}

    return Response("R-whole", answers(None), parts(None), FIRST_DAY, LAST_DAY)


# -- Read back

Entry = tuple[dict[str, object], dict[str, list["Entry"]]]


def typed(each: Question, cell: str, survey: Survey) -> object:
    """A cell as an answer; options by their labels, whether written as label, code or place in the list."""
    if each.kind == "date":
        return dt.datetime.fromisoformat(cell).date()
    if each.kind in ("integer", "decimal"):
        return (int if each.kind == "integer" else float)(cell)
    if not each.options:
        return cell
    answers = AnswerList(each, survey)
    labels = {option.code: option.label for option in each.options}
    found = []
    for part in answers.parts(cell):
        meaning = answers.meaning(part)
        found.append(part.text if meaning.is_own_words else labels[meaning.code or ""])
    return found if each.kind == "select_multiple" else found[0]


def received(path: Path, survey: Survey, dialect: ModuleType) -> ReceivedFile:
    """A file as a refresh reads it, held against its questionnaire."""
    return read_received(path, path.name, replace(survey, tool=dialect.NAME, has_numbered_options=True))


def read_back(file: ReceivedFile) -> list[tuple[str, Entry]]:
    """Each response's number, answers, and the entries of its repeated parts."""
    survey = file.survey
    below: dict[tuple[str, str], list[tuple[str, str, dict[str, object]]]] = {}
    for sheet in file.export.sheets:
        at = file.columns[sheet.repeat]
        own = sheet.position("record_id" if sheet.repeat else "response_id")
        parent = sheet.position("parent_id")
        for row in sheet.rows:
            found = {each.name: typed(each, row.cells[p], survey) for p, each in at.items() if row.cells[p]}
            above = "" if parent is None else row.cells[parent]
            assert own is not None, "a part without a row has no numbers"
            below.setdefault((sheet.repeat or "", above), []).append((sheet.repeat or "", row.cells[own], found))

    def entry(repeat: str, number: str, found: dict[str, object]) -> Entry:
        parts = {
            part.name: [entry(*child) for child in below.get((part.name, number), ())]
            for part in survey.questionnaire.repeats
            if (part.parent or "") == repeat
        }
        return found, {name: entries for name, entries in parts.items() if entries}

    return [(number, entry(repeat, number, found)) for repeat, number, found in below.get(("", ""), ())]


def laid_out(
    survey: Survey, responses: Sequence[Response], empty: str, *, has_words: bool = True
) -> list[tuple[str, Entry]]:
    """What reading must give back.

    Args:
        survey: What was asked.
        responses: What was written.
        empty: What the tool says about a list without a tick: `kept` (apart from one not answered), `lost` (neither is
            known).
        has_words: Whether it writes what was written beside “Other”.
    """

    def answered(record: Record, repeat: str | None) -> dict[str, object]:
        found: dict[str, object] = {}
        for each in survey.questionnaire.of(repeat):
            given = record.answers.get(each.name)
            labels = [option.label for option in each.options]
            if each.kind == "select_multiple":
                written = set(given or ()) - set(labels)
                ticked = set(given or ()) & set(labels) | (written if has_words or not written else {"Other"})
                is_kept = empty == "kept" and given is not None
                if ticked or is_kept:
                    found[each.name] = [*(label for label in labels if label in ticked), *sorted(ticked - set(labels))]
            elif given is not None:
                found[each.name] = "Other" if labels and given not in labels and not has_words else given
        return found

    def entry(record: Record, repeat: str | None) -> Entry:
        parts = {name: [entry(child, name) for child in children] for name, children in record.parts.items()}
        return answered(record, repeat), parts

    return [(response.number, entry(response, None)) for response in responses]


# -- Files written by hand for one trap each

KOBO = ("_uuid", "_submission_time")
SENT = ("u1", "2016-04-01T19:57:45")
ODK = ("SubmissionDate", "KEY", "ReviewState")


def written(path: Path, *rows: Sequence[str], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def dumped(path: Path, held: object) -> Path:
    path.write_text(json.dumps(held), encoding="utf-8")
    return path


def rows_of(export: Export, repeat: str | None = None) -> list[dict[str, str]]:
    """Rows by heading of answers, and by role for the rest; columns that stay in the file left out."""
    sheet = next(sheet for sheet in export.sheets if sheet.repeat == repeat)
    kept = [column for column in sheet.columns if column.role not in ("tool", "empty")]
    return [{c.heading if c.role == "answer" else c.role: row.cells[c.position] for c in kept} for row in sheet.rows]


def answers(export: Export, heading: str) -> list[str]:
    return [row[heading] for row in rows_of(export)]

"""What an export leaves open: nothing ranked, places unused, parts left out, codes re-written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from dialect_cases import survey_of
from exports import WRITERS
from exports.responses import Record, Response
from marts_landscape import CHECKOUT
from named_dialect_cases import KOBO, SENT, dumped, written
from named_dialect_cases import question as asked
from named_dialect_cases import survey_of as named_survey_of
from offenders import failing

from landscape.errors import ContractError
from landscape.staging_db import open_staging_db
from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import kobotoolbox, odk_central, redcap
from landscape.surveys.drafting import draft_survey
from landscape.surveys.loading import load
from landscape.surveys.questionnaire import Option, Question, Questionnaire, Repeat
from landscape.surveys.received import ReceivedFile, read_received

ITEMS = ("Trust", "Radio, print", "Technology", "Young people")
WAYS = [
    ("surveymonkey", "csv"), ("surveymonkey", "xlsx"), ("smartsurvey", "csv"), ("jisc_online_surveys", "uncoded_csv"),
    ("jisc_online_surveys", "coded_csv"), ("jisc_online_surveys", "coded_sav"), ("qualtrics", "csv"),
    ("qualtrics", "csv_numeric"), ("qualtrics", "legacy_csv"), ("qualtrics", "xlsx"), ("limesurvey", "code"),
    ("limesurvey", "full"), ("limesurvey", "code_and_text"),
]  # fmt: skip
NUMBERED = {"coded_csv", "csv_numeric", "legacy_csv"}


def options(code: str, *labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"{code}.{n}", label) for n, label in enumerate(labels, start=1))


def asked_by(tool: str, variant: str) -> Survey:
    """A list, three places of a ranking, two rows of a grid and a text, named as coded exports head them."""
    ranked, agree = options("ITEM", *ITEMS), options("AGREE", "Yes, fully", "In part")

    def question(
        name: str, label: str, listed: tuple[Option, ...], kind: str = "select_one", use: str = ""
    ) -> Question:
        return Question(name, kind, label, "onward", use, False, listed, None)

    return survey_of(
        tool,
        question("Q1", "Which media?", ranked, "select_multiple"),
        *(question(f"Q2_{n}", f"What matters? [{n}]", ranked, use=f"rank:best:{n}") for n in (1, 2, 3)),
        *(question(f"Q3_{n}_a", f"Do you agree? [{row}]", agree) for n, row in enumerate(("asked", "heard"), start=1)),
        question("Q4", "Why?", (), "text"),
        has_numbered_options=variant in NUMBERED,
    )


def answered(places: int, *, is_rest_answered: bool) -> list[Response]:
    """Six responses that use so many places of the ranking."""
    begun = dt.datetime.fromisoformat("2020-06-01T10:00:00")
    found = []
    for n in range(6):
        rest = {"Q1": [ITEMS[0], ITEMS[n % 2 + 1]], "Q3_1_a": "In part", "Q3_2_a": "In part"}
        ranked = {f"Q2_{place}": ITEMS[(n + place) % len(ITEMS)] for place in range(1, places + 1)}
        answers = {"Q4": f"because {n}", **ranked, **(rest if is_rest_answered else {})}
        found.append(Response(f"R-{n}", answers, {}, begun, begun + dt.timedelta(minutes=n + 1)))
    return found


def exported(folder: Path, tool: str, variant: str, responses: Sequence[Response]) -> Path:
    ending = next((e for e in ("xlsx", "sav") if variant.endswith(e)), "csv")
    path = folder / f"export.{ending}"
    WRITERS[tool].write(asked_by(tool, variant), responses, path, variant=variant)
    return path


def codes(file: ReceivedFile, name: str) -> list[list[str]]:
    """The codes in each cell of a question."""
    (position,) = [at for at, question in file.columns[None].items() if question.name == name]
    answers = AnswerList(file.survey.questionnaire.by_name[name], file.survey)
    cells = [row.cells[position] for row in file.export.sheets[0].rows]
    return [[answers.meaning(part).code or "" for part in answers.parts(cell)] for cell in cells]


# -- Rankings and grids of which a file shows little


def test_a_ranking_fits_however_many_places_were_used(tmp_path):
    def fits(way, n_places, is_rest_answered):
        tool, variant = way
        path = exported(tmp_path, tool, variant, answered(n_places, is_rest_answered=is_rest_answered))
        file = read_received(path, path.name, asked_by(tool, variant))
        assert {question.name for question in file.columns[None].values()} == set(file.survey.questionnaire.by_name)
        for place in (1, 2, 3):
            ranked = [[f"ITEM.{(n + place) % len(ITEMS) + 1}"] if place <= n_places else [] for n in range(6)]
            assert codes(file, f"Q2_{place}") == ranked
        assert codes(file, "Q3_2_a") == [["AGREE.2"] if is_rest_answered else []] * 6

    assert failing(fits, WAYS, [0, 1, 2, 3], [True, False]) == []


@pytest.mark.parametrize(("tool", "variant"), WAYS)
def test_a_list_that_nobody_ticked_is_a_list(tmp_path, tool, variant):
    responses = [
        replace(r, answers=r.answers | {"Q3_1_a": "In part", "Q3_2_a": "In part"})
        for r in answered(2, is_rest_answered=False)
    ]
    path = exported(tmp_path, tool, variant, responses)
    file = read_received(path, path.name, asked_by(tool, variant))
    assert codes(file, "Q1") == [[]] * 6


@pytest.mark.parametrize(("tool", "variant"), [way for way in WAYS if way[1] in {*NUMBERED, "xlsx"}])
def test_one_tick_in_each_row_is_a_list_where_a_list_was_asked(tmp_path, tool, variant):
    responses = answered(0, is_rest_answered=False)
    ticked = [replace(r, answers={**r.answers, "Q1": [ITEMS[n % 4]]}) for n, r in enumerate(responses)]
    path = exported(tmp_path, tool, variant, ticked)
    assert codes(read_received(path, path.name, asked_by(tool, variant)), "Q1") == [
        [f"ITEM.{n % 4 + 1}"] for n in range(6)
    ]


@pytest.mark.parametrize(("tool", "variant"), WAYS)
def test_a_new_question_is_named_although_it_may_be_a_ranking(tmp_path, tool, variant):
    asked_before = asked_by(tool, variant)
    without = tuple(q for q in asked_before.questionnaire.questions if q.rank is None)
    path = exported(tmp_path, tool, variant, answered(0, is_rest_answered=True))
    with pytest.raises(ContractError) as caught:
        read_received(path, path.name, replace(asked_before, questionnaire=Questionnaire("tried", "1", without, ())))
    assert any(text.startswith(("new: “What matters?", "new: “Q2")) for text in caught.value.culprits)


@pytest.mark.parametrize(
    ("tool", "variant"), [(tool, v) for tool, v in WAYS if tool != "limesurvey" and v != "coded_sav"]
)
def test_a_draft_says_that_a_question_nobody_answered_may_be_a_ranking(tmp_path, tool, variant):
    path = exported(tmp_path, tool, variant, answered(0, is_rest_answered=True))
    draft = draft_survey([path], "pilot", tmp_path, CHECKOUT.reference)
    (blank,) = [q for q in draft.questions if q.label in ("What matters?", "Q2")]
    assert blank.guess.kind == "select_multiple"
    assert "nobody answered it" in blank.guess.note
    assert "a ranking, or a grid" in blank.guess.note
    assert "may be a ranking" in (tmp_path / "pilot" / "questionnaire.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("tool", "variant"), [("jisc_online_surveys", "coded_csv"), ("qualtrics", "legacy_csv")])
def test_a_draft_says_that_single_ticks_may_be_first_places(tmp_path, tool, variant):
    path = exported(tmp_path, tool, variant, answered(1, is_rest_answered=True))
    draft = draft_survey([path], "pilot", tmp_path, CHECKOUT.reference)
    (single,) = [q for q in draft.questions if q.label in ("What matters?", "Q2")]
    assert "only the first place" in single.guess.note


@pytest.mark.parametrize(("tool", "variant"), WAYS)
def test_a_draft_of_numbers_from_1_is_a_ranking_to_be_confirmed(tmp_path, tool, variant):
    path = exported(tmp_path, tool, variant, answered(3, is_rest_answered=True))
    draft = draft_survey([path], "pilot", tmp_path, CHECKOUT.reference)
    ranked = [question for question in draft.questions if question.use.startswith("rank:")]
    assert [question.use[-2:] for question in ranked][:3] == [":1", ":2", ":3"]
    assert all("see that none is missing" in question.guess.note for question in ranked)


# -- Codes of options that a tool re-writes


def boxes(*option_codes: str) -> Survey:
    listed = [Option(code, f"Option {n}") for n, code in enumerate(option_codes, start=1)]
    return named_survey_of([asked("media", "select_multiple", "Which media?", listed)], tool="redcap")


def test_redcap_writes_codes_of_check_boxes_in_small_letters_without_signs(tmp_path):
    headings = ("record_id", "media___media_radio_fm", "media____1", "media___b", "walks_complete")
    path = written(tmp_path / "e.csv", headings, ("1", "1", "1", "0", "2"), ("2", "0", "0", "1", "2"))
    file = read_received(path, path.name, boxes("MEDIA.Radio-FM", "-1", "B"))
    assert file.dialect is redcap
    assert codes(file, "media") == [["MEDIA.Radio-FM", "-1"], ["B"]]


def test_redcap_codes_that_would_be_written_alike_are_not_guessed(tmp_path):
    path = written(tmp_path / "e.csv", ("record_id", "media___a_b", "walks_complete"), ("1", "1", "2"))
    with pytest.raises(ContractError, match="not an option"):
        read_received(path, path.name, boxes("A-B", "A.B"))


# -- Parts and questions that a tool leaves out where nobody answered


STOPS = named_survey_of(
    [asked("story", "text", "Tell us"), asked("why", "text", "Why?"), asked("place", "text", "Where?", repeat="stops"),
     asked("talked", "text", "With whom?", repeat="talks")],
    [Repeat("stops", "Stops", None), Repeat("talks", "Talks", "stops")],
)  # fmt: skip
SENT_AT = dt.datetime.fromisoformat("2024-05-01T10:00:00")


def loaded(file: ReceivedFile, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_staging_db(folder / "w.duckdb", folder / "lock") as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS raw")
        load(con, (file.survey,), (file,), lambda _: b"secret")
        return {
            table: con.execute(f"SELECT * EXCLUDE (file_name) FROM raw.{table} ORDER BY ALL").fetchall()
            for table in ("walks__stops", "walks__talks", "received_columns")
        }


@pytest.mark.parametrize(
    ("dialect", "variant", "ending"),
    [(kobotoolbox, "json", "json"), (kobotoolbox, "xlsx_names_both", "xlsx"), (odk_central, "odata", "json")],
)
@pytest.mark.parametrize("n_stops", [0, 1])
def test_a_part_that_nobody_filled_is_empty_and_not_missing(tmp_path, dialect, variant, ending, n_stops):
    stops = [Record("", {"place": "the park"})] * n_stops
    path = tmp_path / f"export.{ending}"
    WRITERS[dialect.NAME].write(
        STOPS, [Response("R-1", {"story": "s"}, {"stops": stops}, SENT_AT, SENT_AT)], path, variant
    )
    file = read_received(path, path.name, replace(STOPS, tool=dialect.NAME))
    tables = loaded(file, tmp_path)
    assert len(tables["walks__stops"]) == n_stops
    assert tables["walks__talks"] == []
    assert {question for _, question, *_ in tables["received_columns"]} == {"story", "why", "place", "talked"}


def test_kobo_json_names_only_what_was_answered_and_a_renamed_question_is_still_reported(tmp_path):
    entry = dict(zip(KOBO, SENT, strict=True))
    path = dumped(tmp_path / "e.json", [{**entry, "story": "s", "how": "so"}])
    with pytest.raises(ContractError) as caught:
        read_received(path, path.name, STOPS)
    assert caught.value.culprits == ("new: “how”",)
    path = dumped(tmp_path / "e.json", [{**entry, "story": "s"}])
    assert {q.name for q in read_received(path, path.name, STOPS).columns[None].values()} == {"story", "why"}


def test_a_csv_that_leaves_filled_parts_out_is_still_refused(tmp_path):
    path = tmp_path / "e.csv"
    WRITERS["kobotoolbox"].write(STOPS, [Response("R-1", {"story": "s"}, {}, SENT_AT, SENT_AT)], path, "csv_names_both")
    with pytest.raises(ContractError) as caught:
        read_received(path, path.name, STOPS)
    assert caught.value.culprits == ("the part “stops” is missing", "the part “talks” is missing")

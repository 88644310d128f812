"""The figure that a survey has by its folder alone."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import dagster as dg
import pandas as pd
import pytest
from figure_landscapes import HOSTILE, plausible
from hypothesis import given
from hypothesis import strategies as st
from marts_landscape import SURVEYS, priorities, signup, visit
from shipped import SURVEYS_FOLDER
from test_figures import lines, texts

from assets.figures import FIGURES, figure_names, survey
from assets.figures.layer import figures_layer
from landscape.charts.chart import Chart
from landscape.charts.page import chart_csv
from landscape.charts.sheet import SAMPLE
from landscape.charts.status import DRAFT
from landscape.charts.style import WIDTH
from landscape.charts.survey_charts import TALLEST, Bar, ClosedQuestion, page_of
from landscape.charts.text import measure
from landscape.disclosure.safe_tables import read_safe_tables
from landscape.paths import SURVEYS_VARIABLE
from landscape.staging_db import StagingDatabase, read_table
from landscape.surveys.definition import Wave

TALLEST_PICTURE = 970  # pixels: what an A4 page of the report holds beneath the heading of a chapter
AREAS = ("Cumbria", "Merseyside", "Northumbria", "E23000002")


def tables_of(staging_db: StagingDatabase) -> dict[str, pd.DataFrame]:
    people = read_safe_tables(staging_db.con)
    return {table: people[table] if table in people else read_table(staging_db.con, table) for table in survey.READS}


def everything(chart: Chart) -> str:
    words = (chart.headline, chart.caption, chart.alt, chart.long_description, chart.n, chart_csv(chart.data))
    return " ".join((lines(chart), *words))


def assert_self_contained(chart: Chart) -> None:
    """Its own words are in the picture, and none of them leaves the sheet."""
    shown = lines(chart).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for words in (chart.headline, chart.subtitle, chart.caption, chart.source, DRAFT):
        assert " ".join(words.split()) in shown
    assert chart.n in chart.caption
    assert chart.coverage in chart.caption
    assert all((chart.alt, chart.long_description, chart.source.startswith("Source: ")))
    assert chart.plot.layout.height <= TALLEST_PICTURE
    for note in chart.plot.layout.annotations:
        if note.textangle:
            continue
        bare = note.text.removeprefix("<b>").removesuffix("</b>").replace("<br>", "\n")
        assert "<" not in bare
        for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            bare = bare.replace(escaped, sign)
        width = max(measure(line, note.font.size, bold=note.text.startswith("<b>")) for line in bare.split("\n"))
        left = note.x - {"left": 0, "center": width / 2, "right": width}[note.xanchor]
        assert left >= 0 and left + width <= WIDTH, note.text
        assert 0 <= note.y <= chart.plot.layout.height


def wish(number: int, *, first: str = "", consent: bool = True):
    topics = ["TOP.TRUST", "TOP.YOUTH"] if number <= 7 else ["TOP.YOUTH"]
    return priorities(f"{number}", topics, first, consent=consent)


def test_x_of_n_comes_from_the_received_file(receive, made):
    answers = [wish(n, first="TOP.TRUST" if n <= 4 else "TOP.YOUTH" if n <= 11 else "") for n in range(1, 13)]
    receive("priority_survey", [*answers, wish(13, consent=False)])
    chart = survey.draw(SURVEYS["priority_survey"], tables_of(made()))
    words = chart.data.set_index(["question", "option_code"]).answer_words
    assert words["events_topics", "TOP.TRUST"] == "7 of 12"
    assert words["events_topics", "TOP.YOUTH"] == "all but fewer than 3"  # all twelve
    assert words["events_topics", "TOP.TECH"] == "fewer than 3"  # nobody
    assert words["events_rank", "TOP.TRUST"] == "4 of 12"  # among the first three of everybody
    assert texts(chart).count("7 of 12") == 2
    assert texts(chart).count("4 of 12") == 1
    assert "n = 12; several answers possible; among the first three" not in texts(chart)
    assert "n = 12; among the first three" in texts(chart)
    assert "n = 12; several answers possible" in texts(chart)
    assert chart.n.endswith("questions, counted of 12 people")
    assert chart.headline == f"Priorities for future events and research: {chart.n}"
    assert "%" not in everything(chart)
    assert_self_contained(chart)


def test_bars_are_as_long_as_their_counts(receive, made):
    receive("priority_survey", [wish(n, first="TOP.TRUST" if n <= 10 else "") for n in range(1, 21)])
    chart = survey.draw(SURVEYS["priority_survey"], tables_of(made()))
    tracks, chose = (
        sorted({round(trace.x[i + 1] - trace.x[i], 3) for i in range(0, len(trace.x), 6)})
        for trace in chart.plot.data[-2:]
    )
    assert tracks == pytest.approx([tracks[-1]], abs=0.01)  # every question is counted of all twenty
    assert chose == pytest.approx([tracks[-1] * n / 20 for n in (7, 10)], abs=0.01)


def test_where_no_number_is_printed_there_is_no_bar_that_could_be_read_as_nobody(receive, made):
    receive("priority_survey", [wish(n) for n in range(1, 13)])
    chart = survey.draw(SURVEYS["priority_survey"], tables_of(made()))
    drawn = chart.data[chart.data.is_drawn]
    tracks = chart.plot.data[-2]
    assert len(tracks.x[::6]) == (drawn.state == "value").sum() < len(drawn)


def test_nine_people_are_not_shown_at_all(receive, made):
    receive("priority_survey", [wish(n) for n in range(1, 10)])
    chart = survey.draw(SURVEYS["priority_survey"], tables_of(made()))
    assert chart.data.empty
    assert "of 9" not in everything(chart)
    assert chart.n == "No answer to a closed question has been counted yet, or fewer than 10 people answered"
    assert_self_contained(chart)


def test_no_answer_is_an_option_and_the_base_stays_the_same(receive, made):
    receive("priority_survey", [wish(n, first="TOP.TRUST" if n <= 8 else "") for n in range(1, 13)])
    chart = survey.draw(SURVEYS["priority_survey"], tables_of(made()))
    words = chart.data.set_index(["question", "option_code"]).answer_words
    assert words["events_rank", "TOP.TRUST"] == "8 of 12"
    assert words["events_rank", "NO_ANSWER"] == "4 of 12"
    assert set(chart.data.n_people) == {12}


def test_people_are_told_apart_by_no_area_and_consent_is_no_finding(receive, made):
    people = [signup(f"{n}", f"a{n}@example.org", "E23000002", consent_analysis="Yes") for n in range(1, 13)]
    receive("network_signup", people)
    chart = survey.draw(SURVEYS["network_signup"], tables_of(made()))
    assert not any(area in everything(chart) for area in AREAS)
    assert {"force_area", "consent_analysis"}.isdisjoint(chart.data.question)
    assert {"consent_network", "organisation_type", "join_network"}.isdisjoint(chart.data.question)
    assert "are counted with the members of the network" in chart.caption
    assert "Questions that ask for a place or for an organisation by name are not shown" in chart.caption
    assert_self_contained(chart)


def test_visits_are_not_people(receive, made):
    receive("force_visits", [visit("1", "E23000002", "ORG.FORCE"), visit("2", "E23000004", "ORG.OPCC")])
    chart = survey.draw(SURVEYS["force_visits"], tables_of(made()))
    assert chart.n == "2 questions, each answered for 2 visits"
    assert texts(chart).count("1 of 2") == 2
    assert "8 questions left out: answered by nobody" in chart.caption
    assert not any(area in everything(chart) for area in AREAS)
    assert set(chart.data.respondent_share.dropna()) == set()  # no share of fewer than ten
    assert "speaker_type" not in set(chart.data.question)
    assert_self_contained(chart)


def test_a_survey_that_nobody_answered_says_so(receive, made):
    receive("force_visits", [visit("1", "E23000002", "ORG.FORCE")])
    tables = tables_of(made())
    for name in ("network_signup", "priority_survey"):
        chart = survey.draw(SURVEYS[name], tables)
        assert chart.n.startswith("No answer to a closed question has been counted yet")
        assert chart.data.empty
        assert_self_contained(chart)


def test_made_up_data_says_so_and_states_no_finding(sampled):
    tables = tables_of(sampled)
    for name, asked in SURVEYS.items():
        chart = survey.draw(asked, tables)
        assert chart.figure_id == f"survey_{name}"
        assert chart.is_sample
        assert "made-up sample rows" in chart.source
        assert [note for note in chart.plot.layout.annotations if note.textangle and SAMPLE in note.text]
        assert chart.headline == f"{asked.title}: answers to the closed questions"
        assert_self_contained(chart)


def by_hand(n_questions: int, *, wording: str = "How often", option: str = "Option", n_options: int = 5):
    """A survey of many closed questions, each answered by 40 of 44; the k-th option chosen by k."""
    questions, options, breakdown = [], [], []
    days = dt.date(2017, 5, 1), dt.date(2017, 9, 30)
    for q in range(1, n_questions + 1):
        name = f"q{q:02}"
        questions.append(("long", q, name, f"{wording} {q}?", "select_one", None, None, None, None))
        for k in range(n_options):
            code, label = f"OPT.{k}", f"{option} {k}"
            options.append(("long", name, code, label, k + 1))
            for wave, x in (("wave 9", 1), ("wave 10", k)):
                breakdown.append(("long", wave, name, code, label, pd.NA, None, x, 44, 40, x / 40, False))
    columns = "survey question_number question label kind repeat question_use rank_list rank_place"
    listed = "survey question option_code option_name option_number"
    measured = (
        "survey wave question option_code option_name choice_rank force_area_code n_selected n_asked n_answered "
        "respondent_share is_sample"
    )
    tables = {
        "reference.questions": pd.DataFrame(questions, columns=columns.split()).astype({"rank_place": "Int64"}),
        "reference.options": pd.DataFrame(options, columns=listed.split()),
        "marts.survey_breakdown": pd.DataFrame(breakdown, columns=measured.split()).astype({"choice_rank": "Int64"}),
    }
    published = tables["marts.survey_breakdown"].rename(
        columns={"n_answered": "n_people", "respondent_share": "people_share"}
    )
    tables["safe.survey_answers"] = published.assign(
        cut="all", state="value", closes_on=days[1], answer_words=[f"{x} of 40" for x in published.n_selected]
    )
    tables["reference.landscape"] = plausible()["reference.landscape"]
    waves = tuple(Wave(wave, *days) for wave in ("wave 9", "wave 10", "wave 11"))
    return replace(SURVEYS["priority_survey"], name="long", title="A long survey", waves=waves), tables


def test_a_long_survey_is_drawn_as_far_as_a_page_goes_and_its_data_are_whole():
    chart = survey.draw(*by_hand(60, wording=HOSTILE, option=HOSTILE))
    assert chart.data.question.nunique() == 60
    drawn = chart.data[chart.data.is_drawn].question.unique().tolist()
    assert drawn == [f"q{q:02}" for q in range(1, len(drawn) + 1)]  # the first ones, whole and in order
    assert 2 <= len(drawn) < 20
    assert f"Drawn are {len(drawn)} of them, in the order asked; {60 - len(drawn)} more are in" in chart.caption
    assert chart.n == "60 questions, counted of 40 people"
    shown = "".join(lines(chart).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())
    for number in range(1, len(drawn) + 1):
        assert "".join(f"{HOSTILE} {number}?".split()) in shown
    assert_self_contained(chart)


def test_the_latest_wave_with_answers_is_the_last_declared_not_the_last_by_letter():
    chart = survey.draw(*by_hand(2))
    assert set(chart.data.wave) == {"wave 10"}
    assert chart.subtitle.endswith("; wave of wave 10, which closes on 30 September 2017")
    assert chart.data.n_selected.tolist() == [0, 1, 2, 3, 4] * 2


def test_a_question_too_tall_for_a_page_is_in_the_data_only():
    chart = survey.draw(*by_hand(1, n_options=200))
    assert len(chart.data) == 200
    assert not chart.data.is_drawn.any()
    assert "more options than fit on a page" in lines(chart)
    assert_self_contained(chart)


@given(st.lists(st.integers(1, 60), max_size=40))
def test_a_page_holds_whole_questions_in_order_until_it_is_full(sizes):
    asked = [
        ClosedQuestion(f"Question {i}", "note", 10, tuple(Bar("Label", 1) for _ in range(size)))
        for i, size in enumerate(sizes)
    ]
    page = page_of(asked)
    alone = [page_of([question]) for question in asked]
    fitting = [i for i, each in enumerate(alone) if each.drawn]
    assert list(page.drawn) == fitting[: len(page.drawn)]
    assert page.height <= TALLEST
    for column in page.columns:
        assert sum(alone[i].height for i in column) <= page.height + 1e-6
    if len(page.drawn) < len(fitting):  # the next one has no room in the last column
        following = fitting[len(page.drawn)]
        assert sum(alone[i].height for i in (*page.columns[-1], following)) > TALLEST


def test_every_survey_folder_has_a_figure(tmp_path, monkeypatch):
    assert figure_names() == (*FIGURES, *(f"survey_{name}" for name in sorted(SURVEYS)))
    assert [key.path for key in figures_layer().keys if key.path[-1].startswith("survey_")]
    shutil.copytree(SURVEYS_FOLDER / "priority_survey", tmp_path / "a_new_survey")
    monkeypatch.setenv(SURVEYS_VARIABLE, str(tmp_path))
    layer = figures_layer()
    key = dg.AssetKey(["figures", "survey_a_new_survey"])
    assert key in layer.keys
    assert dg.AssetKey(["figures", "survey_priority_survey"]) not in layer.keys
    reads = {tuple(parent.path) for parent in layer.asset_deps[key]}
    assert reads == {
        ("marts", "survey_breakdown"),
        ("marts", "published"),
        ("safe", "survey_answers"),
        ("reference", "questions"),
        ("reference", "options"),
        ("reference", "landscape"),
        ("edited", "questionnaires"),
        ("edited", "landscape.yml"),
    }

"""The words and tables of the report, held against answers worked out by hand from the made landscape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from reporting_landscape import AREAS, figure_entry, landscape

from landscape.reporting.compose import compose
from landscape.reporting.content import BulletList, DataTable, FigureRef, Paragraph, Report, Section, plain


def sections(report: Report) -> Iterator[Section]:
    def walk(section: Section) -> Iterator[Section]:
        yield section
        for below in section.subsections:
            yield from walk(below)

    for top in report.sections:
        yield from walk(top)


def section(report: Report, title: str) -> Section:
    return next(found for found in sections(report) if found.title == title)


def first_words(part: Section) -> str:
    first = part.blocks[0]
    assert isinstance(first, Paragraph)
    return first.text


def sentences(report: Report) -> list[str]:
    blocks = [block for part in sections(report) for block in part.blocks]
    return [
        text
        for block in blocks
        if isinstance(block, Paragraph | BulletList)
        for text in ((block.text,) if isinstance(block, Paragraph) else map(plain, block.items))
    ]


def tables(report: Report) -> dict[str, DataTable]:
    return {block.title: block for part in sections(report) for block in part.blocks if isinstance(block, DataTable)}


def figure_ids(report: Report) -> list[str]:
    return [block.figure_id for part in sections(report) for block in part.blocks if isinstance(block, FigureRef)]


def without(table: str) -> dict[str, pd.DataFrame]:
    frames = landscape()
    frames[table] = frames[table].iloc[:0]
    return frames


@pytest.fixture(scope="module")
def report() -> Report:
    return compose(landscape(), [])


@pytest.fixture(scope="module")
def real_report() -> Report:
    return compose(landscape(is_sample=False), [])


def test_coverage_counts_visits_of_both_kinds(report: Report) -> None:
    assert first_words(section(report, "Coverage")) == (
        "In the made-up sample, of the 12 police force areas in the North, 6 had visits to both the force "
        "and the commissioner’s office, 3 to one of the two, and 3 to neither."
    )
    rows = {row[0]: row[1:] for row in tables(report)["Visits by police force area"].rows}
    assert list(rows) == sorted(rows)
    assert rows["Merseyside"] == ("1", "0", "1 June 2017", "12 September 2017", "one visited")
    assert rows["Cumbria"] == ("0", "0", "[z]", "[z]", "neither visited")


def test_an_area_that_is_not_covered_is_never_a_zero(report: Report) -> None:
    rows = {row[0]: row[-1] for row in tables(report)["Engagement activities recorded by police force area"].rows}
    assert [rows[name] for name in ("Cumbria", "Cleveland", "Humberside")] == ["not covered"] * 3
    assert rows["Cheshire"] == "0"
    assert rows["Greater Manchester"] == "9"


def test_activities_say_how_many_areas_they_rest_on(real_report: Report) -> None:
    assert first_words(section(real_report, "Engagement activities")) == (
        "Activities are recorded in 8 of 9 covered areas. Covered areas with none recorded: 1. Areas not "
        "covered, of whose activities nothing is known: 3 of 12."
    )


def test_objectives_are_counted_once_per_activity(report: Report) -> None:
    table = tables(report)["Activities by objective, the North together"]
    assert table.rows == (
        ("Communicate key messages", "26 of 27", "96%", "8 of 9"),
        ("Build trust", "13 of 27", "48%", "8 of 9"),
        ("Divert young people", "1 of 27", "4%", "8 of 9"),
    )
    assert "[low]" not in table.note


def test_activities_without_a_stated_objective_are_no_base() -> None:
    frames = landscape()
    unstated = {
        "objective_codes": "OBJ.UNSTATED",
        "objective_names": "Objective not stated",
        "n_objectives": 1,
    }
    row = pd.DataFrame([{**unstated, "n_activities": 40, "n_areas": 3, "is_sample": True}])
    frames["marts.objective_combinations"] = pd.concat([frames["marts.objective_combinations"], row])
    assert tables(compose(frames, []))["Activities by objective, the North together"].rows[0][1] == "26 of 27"


def test_few_activities_get_no_percentage() -> None:
    frames = landscape()
    combinations = frames["marts.objective_combinations"]
    frames["marts.objective_combinations"] = combinations.assign(n_activities=[4, 4, 1])
    table = tables(compose(frames, []))["Activities by objective, the North together"]
    assert [row[2] for row in table.rows] == ["[low]"] * 3
    assert "[low]" in table.note
    assert not any("%" in cell for row in table.rows for cell in row)


def test_combinations_are_those_of_more_than_one_activity(real_report: Report) -> None:
    assert first_words(section(real_report, "Objectives that occur together")) == (
        "Two or more objectives are combined in 13 of 27 activities (48%). Different combinations: 2, of "
        "which 1 for one activity only."
    )
    table = tables(real_report)["Combinations of objectives recorded for more than one activity"]
    assert table.rows == (("Communicate key messages + Build trust", "12", "5"),)


def test_priorities_are_those_of_the_north(real_report: Report) -> None:
    table = tables(real_report)["Topics chosen for future events, wave 2017"]
    assert table.rows == (
        ("New technologies and media", "20 of 40", "50%", "35% to 65%", "10 of 40"),
        ("Officer skill and confidence", "10 of 40", "25%", "14% to 40%", "fewer than 3"),
    )
    assert first_words(section(real_report, "Priorities for research")) == (
        "The question about research is counted of 40 people (a wave that closes on 30 September 2017); 10 of 40 gave no "
        "answer. Chosen most often: “New technologies and media” (20 of 40)."
    )


def test_a_tie_names_every_topic() -> None:
    frames = landscape(is_sample=False)
    topics = frames["safe.survey_answers"]["option_code"] != "NO_ANSWER"
    frames["safe.survey_answers"].loc[topics, ["n_selected", "answer_words"]] = [20, "20 of 40"]
    first = section(compose(frames, []), "Priorities for research").blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text.endswith("“New technologies and media” and “Officer skill and confidence” (20 of 40 each).")


def test_few_answers_give_no_percentage_no_order_and_nobody_away() -> None:
    report = compose(landscape(n_answered=9), [])
    assert not any(title.startswith("Topics chosen") for title in tables(report))
    shown = [block for part in sections(report) if part.title.startswith("Priorities for") for block in part.blocks]
    assert not any("Chosen most often" in block.text for block in shown if isinstance(block, Paragraph))


def test_the_network_is_shown_by_region_and_never_finer(report: Report) -> None:
    table = tables(report)["Members of the network by region, wave 2017"]
    assert table.rows == (
        ("North East", "10"),
        ("North West", "25"),
        ("Yorkshire and The Humber", "10"),
        ("NOT_STATED", "5"),
        ("ALL", "50"),
    )
    types = tables(report)["Members of the network by type of organisation, wave 2017"]
    assert dict(types.rows) == {"ORG.FORCE": "30", "OTHERS": "20", "ALL": "50"}
    words = repr(section(report, "The network"))
    assert [name for _, name, *_ in AREAS if name in words] == ["Lancashire"]  # where somebody agreed


def test_nought_of_a_region_says_that_it_is_rounded() -> None:
    table = tables(compose(landscape(small_region=True), []))["Members of the network by region, wave 2017"]
    assert dict(table.rows)["North East"] == "0"
    assert "0 means 0 to 2" in table.note


def test_answers_outside_every_wave_are_shown_apart() -> None:
    frames = landscape()
    frames["marts.coverage"]["wave"] = None
    found = tables(compose(frames, []))
    periods = found["Period covered by each survey and wave, the North together"].rows
    assert periods == (("Showcase follow up", "outside every wave", "1 June 2017", "9 July 2017"),)


def test_context_is_per_100_000_and_what_is_missing_stays_missing(report: Report) -> None:
    found = tables(report)
    officers = found["Police community support officers by police force area, 30 September 2017"]
    assert ("West Yorkshire", "566.89", "2,307,035", "24.57") in officers.rows
    volunteers = found["Police support volunteers by police force area, 30 September 2017"]
    assert ("Northumbria", "[x]", "1,447,494", "[x]") in volunteers.rows
    assert "Northumbria: not available in the release." in volunteers.note
    assert not volunteers.is_sample


def test_what_was_set_aside_is_counted(real_report: Report) -> None:
    assert first_words(section(real_report, "What was set aside")) == (
        "Of 45 responses read, 43 are counted in this report. The others are outside every wave, partial, test, rejected, "
        "duplicate, superseded or withdrawn."
    )
    assert tables(real_report)["Problems in the files received, by reason"].rows == (
        ("Visits", "force_area", "Unknown force area", "Warning", "3"),
    )


def test_people_are_never_counted_by_area(report: Report) -> None:
    allowed = ("Visits by police force area", "Engagement activities recorded by police force area")
    for title, table in tables(report).items():
        if title not in allowed and "30 September 2017" not in title:
            cells = {cell for row in table.rows for cell in row}
            assert not cells & {name for _, name, *_ in AREAS}, title


def test_sentences_about_made_up_rows_say_so_and_none_names_an_area(report: Report, real_report: Report) -> None:
    pairs = list(zip(sentences(report), sentences(real_report), strict=True))
    changed = [(made_up, real) for made_up, real in pairs if made_up != real]
    assert len(changed) == 7 + 20 + (12 + 9 + 9)  # the summary; the chapters; coverage, gaps and activities by area
    for made_up, real in changed:
        head, tail = made_up.split(", ", 1)
        assert head == "In the made-up sample"
        assert tail[0].upper() + tail[1:] == real
    agreed = "Members agreed to publishing that the network has members in Lancashire"
    of_findings = [text for _, text in pairs if not text.startswith((agreed, "Region: "))]
    unnamed = [text for text in of_findings if " could first ask " not in text]
    assert not any(name in text for text in unnamed for _, name, *_ in AREAS)


def test_every_table_of_made_up_rows_is_marked(report: Report, real_report: Report) -> None:
    real = ("30 September 2017", "as coded", "as offered", "Fields of")
    for title, table in tables(report).items():
        assert table.is_sample is not any(words in title for words in real), title
    assert not any(table.is_sample for table in tables(real_report).values())


def test_the_stamp_tells_drafts_from_made_up_drafts(report: Report, real_report: Report) -> None:
    assert report.stamp == "Made-up sample data – Draft, not for circulation"
    assert report.notice.startswith("Made-up sample data.")
    assert (real_report.stamp, real_report.notice) == ("Draft, not for circulation", "")
    assert "made-up" not in repr(real_report).lower()


def test_figures_stand_in_their_chapters_and_none_is_lost(tmp_path: Path) -> None:
    entries = [
        figure_entry(tmp_path, figure_id, title=figure_id, files={})
        for figure_id in ("another", "context_pcsos", "coverage_map")
    ]
    report = compose(landscape(), entries)
    assert figure_ids(report) == ["coverage_map", "context_pcsos", "another"]
    assert section(report, "Further figures").blocks[1:] == (FigureRef("another"),)


def test_a_figure_of_nothing_stays_in_its_chapter(tmp_path: Path) -> None:
    for table, figure_id in (
        ("safe.survey_answers", "priorities"),
        ("marts.objective_combinations", "objective_maps"),
        ("safe.members", "network_map"),
    ):
        report = compose(without(table), [figure_entry(tmp_path, figure_id, title="Nothing", files={})])
        assert figure_ids(report) == [figure_id]
        assert "Further figures" not in [part.title for part in report.sections]


def test_coverage_comes_before_every_count(report: Report) -> None:
    assert [part.title for part in report.sections] == [
        "Summary",
        "About this report and its status",
        "Coverage",
        "Engagement activities",
        "Objectives and their combinations",
        "Shared objectives",
        "Innovative practice and cautionary tales",
        "Common challenges",
        "Technologies",
        "Who delivers, and who is reached",
        "Priorities for events and for research",
        "Who might learn from whom",
        "The network",
        "Context",
        "Method and caveats",
        "Force areas, one by one",
        "Data dictionary",
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("marts.coverage", "No survey records have been received."),
        ("marts.objective_combinations", "No activity with an objective has been recorded."),
        (
            "safe.survey_answers",
            "Nothing is shown about priorities: fewer than 10 people answered in any wave that is shown.",
        ),
        (
            "safe.members",
            "Nothing is shown about members of the network: fewer than 10 joined in any wave that is shown.",
        ),
        ("staged.submissions", "No files have been received."),
        ("staged.response_statuses", "No responses have been received."),
        ("staged.issue_counts", "No problems were found in the files received."),
    ],
)
def test_an_empty_table_is_said_to_be_empty(table: str, said: str) -> None:
    assert said in sentences(compose(without(table), []))


def test_the_showcase_is_written_from_its_facts(report: Report) -> None:
    words = " ".join(sentences(report))
    assert (
        "in Leeds on 9 May 2017, which 71 delegates attended. Its programme had 4 academic presentations, 1 "
        "presentation on the Unity Project and 13 presentations on practical engagement activities."
    ) in words
    assert "the 71 delegates of the showcase are a base only for respondents who say that they attended" in words

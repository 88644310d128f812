from __future__ import annotations

import importlib
import re

import pandas as pd
import plotly.graph_objects as go
import pytest
from figure_landscapes import HOSTILE, LANDSCAPES, REFERENCE, drawn, plausible
from offenders import failing

from assets.figures import FIGURES
from landscape.charts.chart import Chart
from landscape.charts.export import illegible
from landscape.charts.sheet import SAMPLE
from landscape.charts.status import DRAFT
from landscape.charts.style import STATE_FILLS, WIDTH
from landscape.charts.text import measure
from landscape.places.boundaries import ATTRIBUTION, read_boundaries

CONTEXT = ("context_pcsos", "context_special_constables", "context_police_support_volunteers")
OPEN_DATA = ("police_uk_channels", "police_uk_events")
MAPPED = ("coverage_map", "activity_map", "objective_maps", "learning_matches", "network_map")
MAPS = (*MAPPED, "police_uk_events", *CONTEXT)
COLLECTED = tuple(name for name in FIGURES if name not in CONTEXT + OPEN_DATA)


@pytest.fixture(scope="module")
def draw():
    return drawn


def texts(chart: Chart) -> list[str]:
    return [note.text.removeprefix("<b>").removesuffix("</b>") for note in chart.plot.layout.annotations]


def lines(chart: Chart) -> str:
    return " ".join(" ".join(texts(chart)).replace("<br>", " ").split())


def fill_by_area(chart: Chart, axes: str = "x2") -> dict[str, str]:
    """Fill pattern, or colour where there is none, of each area of one map, by name."""
    return {
        trace.name: trace.fillpattern.shape or trace.fillcolor
        for trace in chart.plot.data
        if trace.xaxis == axes and trace.name
    }


def test_every_figure_can_be_drawn_and_is_self_contained(draw):
    def is_self_contained(name, landscape):
        chart = draw(name, landscape)
        assert chart.figure_id == name
        assert all((chart.headline, chart.subtitle, chart.alt, chart.long_description, chart.n, chart.coverage))
        assert chart.source.startswith("Source: ")
        shown = lines(chart).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for words in (chart.headline, chart.subtitle, chart.caption, chart.source, DRAFT):
            assert " ".join(words.split()) in shown
        assert chart.n in chart.caption
        assert chart.coverage in chart.caption
        assert chart.source.count(ATTRIBUTION) == (name in MAPS)

    assert failing(is_self_contained, FIGURES, LANDSCAPES) == []


def test_no_text_leaves_the_sheet_and_all_of_it_is_level(draw):
    def is_on_the_sheet(name, landscape):
        chart = draw(name, landscape)
        for note in chart.plot.layout.annotations:
            if note.xref != "x" or (SAMPLE in note.text and note.textangle):
                continue
            assert not note.textangle
            bold = note.text.startswith("<b>")
            shown = note.text.removeprefix("<b>").removesuffix("</b>")
            for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
                shown = shown.replace("<br>", "\n").replace(escaped, sign)
            width = max(measure(line, note.font.size, bold=bold) for line in shown.split("\n"))
            left = note.x - {"left": 0, "center": width / 2, "right": width}[note.xanchor]
            assert left >= 0 and left + width <= WIDTH, note.text
            assert 0 <= note.y <= chart.plot.layout.height

    assert failing(is_on_the_sheet, FIGURES, LANDSCAPES) == []


def test_every_figure_can_be_read_on_the_standard_paper() -> None:
    def can_be_read(name: str, landscape: str) -> None:
        assert illegible(drawn(name, landscape)) == []

    assert failing(can_be_read, FIGURES, ["plausible", "real", "hostile"]) == []


def numbers_in(text: str) -> set[float]:
    text = text.replace("per 100,000 people", "")  # a unit
    return {float(number.replace(",", "")) for number in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", text)}


def numbers_of(data: pd.DataFrame) -> set[float]:
    """The numbers in a data table: its cells, rounded or not, how often each text is in it, and sums over both."""
    found: set[float] = {float(len(data))}
    texts = [column for column in data.columns if not pd.api.types.is_numeric_dtype(data[column])]
    figures = [column for column in data.columns if column not in texts]
    for column in figures:
        cells = data[column].dropna().astype(float)
        found |= {round(cell, places) for cell in cells for places in (0, 1, 2, 4)} | {cells.sum()}
    for column in texts:
        found |= {float(n) for n in data[column].value_counts()} | {float(data[column].nunique())}
        found |= {
            number
            for cell in data[column].dropna()
            for part in re.split(r"[-\s]", str(cell))
            for number in numbers_in(part)
        }
        for figure in figures:
            found |= set(data.groupby(column)[figure].sum().astype(float))
            found |= {float(n) for n in (data[figure].fillna(0).astype(float) > 0).groupby(data[column]).sum()}
    return found


def test_every_number_in_a_figures_words_is_in_its_data() -> None:
    def has_its_numbers(name: str, landscape: str) -> None:
        chart = drawn(name, landscape)
        assert len(chart.alt) <= 250 and chart.alt.endswith(".")
        assert chart.long_description and chart.long_description != chart.alt
        held = numbers_of(chart.data)
        assert numbers_in(chart.alt) <= held | numbers_in(chart.n) | numbers_in(chart.coverage) | {12.0}
        assert numbers_in(chart.long_description) <= held | ({10.0} if chart.data.empty else set())

    assert failing(has_its_numbers, FIGURES, ["plausible", "real", "nearly_empty"]) == []


def test_a_figure_is_what_plotly_makes_of_it_when_it_validates(draw):
    def is_valid(name):
        plot = draw(name).plot
        assert go.Figure(plot.to_dict()).to_json() == plot.to_json()

    assert failing(is_valid, FIGURES) == []


def test_made_up_data_says_so_and_states_no_finding(draw):
    def says_so(name):
        made_up, as_real = draw(name, "plausible"), draw(name, "real")
        if name in CONTEXT + OPEN_DATA:
            assert not made_up.is_sample
            assert SAMPLE not in lines(made_up)
            assert made_up.plot == as_real.plot
            return
        assert made_up.is_sample and not as_real.is_sample
        assert SAMPLE not in lines(as_real)
        across = [note for note in made_up.plot.layout.annotations if note.textangle and SAMPLE in note.text]
        assert across
        assert f"{SAMPLE}: no figure here describes a real force." in texts(made_up)
        assert "made-up sample rows" in made_up.source
        assert not any(character.isdigit() for character in made_up.headline)
        assert made_up.headline != as_real.headline

    assert failing(says_so, FIGURES) == []


def test_labels_of_respondents_are_shown_as_typed(draw):
    def shows_labels_as_typed(name):
        chart = draw(name, "hostile")
        for text in (note.text for note in chart.plot.layout.annotations):
            bare = text.removeprefix("<b>").removesuffix("</b>").replace("<br>", "")
            assert "<" not in bare and ">" not in bare
        for trace in chart.plot.data:
            assert "<" not in f"{trace.text or ''}{trace.name or ''}"

    assert failing(shows_labels_as_typed, FIGURES) == []


@pytest.mark.parametrize("name", ["objective_breakdown", "objective_combinations", "objective_maps"])
def test_a_label_of_ninety_letters_is_shown_whole(draw, name):
    shown = lines(draw(name, "hostile")).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "".join(HOSTILE.split()) in "".join(shown.split())


def test_coverage_tells_force_from_commissioner_and_nobody(draw):
    chart = draw("coverage_map", "real")
    shown = dict(zip(chart.data.force_area_name, chart.data.visit_coverage, strict=True))
    assert shown["Cheshire"] == "Force and commissioner’s office"
    assert shown["Cleveland"] == "Force only"
    assert shown["Merseyside"] == "Commissioner’s office only"
    assert shown["Cumbria"] == "Not yet visited"
    assert chart.n == "19 visits"
    assert chart.coverage == "9 of 12 force areas visited"
    assert chart.headline == "Researchers have visited 9 of the 12 force areas"
    fills = fill_by_area(chart)
    assert len(fills) == 12
    assert len({fills[name] for name in ("Cheshire", "Cleveland", "Merseyside", "Cumbria")}) == 4
    assert {name for name, fill in fills.items() if fill == "/"} == {
        "Cumbria",
        "North Yorkshire",
        "South Yorkshire",
    }


def test_an_area_not_covered_is_never_drawn_or_written_as_zero(draw):
    chart = draw("activity_map", "real")
    fills = fill_by_area(chart)
    assert fills["Humberside"] == STATE_FILLS["zero"].colour
    assert fills["Cumbria"] == fills["North Yorkshire"] == fills["South Yorkshire"] == "/"
    hover = {trace.name: trace.text for trace in chart.plot.data if trace.name}
    assert hover["Humberside"] == "Humberside: 0 activities recorded, 1 visit"
    assert hover["Cumbria"] == "Cumbria: not covered"
    counts = chart.data.set_index("force_area_name").n_activities
    assert counts["Humberside"] == 0
    assert counts[["Cumbria", "North Yorkshire", "South Yorkshire"]].isna().all()
    assert "Humberside: 0 activities" in chart.long_description
    assert "Cumbria: not covered" in chart.long_description
    for name in ("objective_breakdown", "objective_maps"):
        unknown = draw(name, "real").data.query("state == 'not_covered'")
        assert len(unknown)
        assert unknown[["n_activities", "n_area_activities"]].isna().all(axis=None)


def test_the_keys_hold_only_what_is_drawn(draw):
    assert "Not yet covered" in texts(draw("activity_map", "real"))
    assert "None recorded" in texts(draw("activity_map", "real"))
    assert "None recorded" not in texts(draw("activity_map", "nearly_empty"))
    assert "Not available" in texts(draw("context_police_support_volunteers"))
    assert "Not available" not in texts(draw("context_pcsos"))
    assert "Suppressed, too few" not in texts(draw("activity_map", "real"))


def test_an_activity_in_two_areas_counts_once_in_the_north_and_in_each_area(draw):
    breakdown = draw("objective_breakdown", "real")
    # Forty places for thirty-nine activities: one runs in West Yorkshire and in Cleveland.
    assert breakdown.n == "39 activities with a stated objective in 8 of 12 areas"
    assert draw("activity_map", "real").n == "40 activities, counted in each area they run in; 8 of 12 areas"
    assert draw("objective_combinations", "real").data.n_activities.sum() == 39


def test_cells_of_the_breakdown_say_x_of_n(draw):
    chart = draw("objective_breakdown", "nearly_empty")
    written = texts(chart)
    codes = set(chart.data.objective_code)
    assert written.count("1 of 1") == len(codes) > 0
    assert not [text for text in written if text == "0 of 0"]
    assert "%" not in lines(chart)


def test_combinations_add_up_to_the_activities(draw):
    chart = draw("objective_combinations", "real")
    assert chart.data.n_activities.is_monotonic_decreasing
    several = chart.data.loc[chart.data.n_objectives > 1, "n_activities"].sum()
    assert (
        chart.headline == f"Two or more objectives are combined in {several} of 39 activities with a stated objective"
    )


def test_priorities_show_the_north_alone(draw):
    chart = draw("priorities", "real")
    assert len(chart.data) == 26
    assert set(chart.data.n_people) == {38}
    row = chart.data.query("option_code == 'TOP.EVIDENCE' and purpose == 'events'").iloc[0]
    assert (row.n_selected, round(row.people_share, 4)) == (10, 0.2632)
    assert round(row.interval_low_share, 3) == 0.150  # Wilson, 10 of 38
    assert round(row.interval_high_share, 3) == 0.420
    assert texts(chart).count("10 of 38") == 1
    assert texts(chart).count("under 3") == (chart.data.answer_words == "fewer than 3").sum() > 0
    assert "Merseyside" not in lines(chart)


def test_fewer_than_ten_answers_are_not_shown_at_all(draw):
    chart = draw("priorities", "nearly_empty")
    assert chart.data.empty
    everything = f"{lines(chart)} {chart.caption} {chart.alt} {chart.long_description} {chart.n}"
    assert "fewer than 10 people" in everything
    assert "of 4" not in everything
    assert "4 people" not in everything


def test_context_rates_are_those_of_the_home_office(draw):
    chart = draw("context_pcsos")
    rates = chart.data.set_index("force_area_name").measure_per_100k
    assert rates["West Yorkshire"] == 24.57  # 566.89 on 2,307,035 people
    assert chart.subtitle.startswith("Police community support officers (full-time equivalent) on 30 September 2017")
    expected = "Police community support officers: from 10.9 per 100,000 people in Northumbria to 28.3 in Humberside"
    assert chart.headline == expected
    assert "Open Government Licence v3.0" in chart.source


def test_what_is_not_available_is_neither_zero_nor_a_rate(draw):
    chart = draw("context_police_support_volunteers")
    assert fill_by_area(chart)["Northumbria"] == "/"
    assert "Not available [x]: Northumbria" in chart.caption
    assert "Northumbria: not available" in chart.long_description
    assert chart.n == "11 of 12 force areas"


def test_a_module_reads_what_it_says(draw):
    for name in FIGURES:
        module = importlib.import_module(f"assets.figures.{name}")
        assert module.__doc__
        assert all(table.startswith(("marts.", "safe.", "reference.")) for table in module.READS)


def test_a_map_names_the_boundaries_that_it_draws():
    def names_its_boundaries(name):
        boundaries = read_boundaries(REFERENCE / "force_areas.geojson")
        boundaries.attrs["attribution"] = "Source: newer boundaries."
        module, tables = importlib.import_module(f"assets.figures.{name}"), plausible()
        chart = module.draw({table: tables[table] for table in module.READS}, boundaries)
        assert chart.source.endswith(" Source: newer boundaries.")
        assert "Source: newer boundaries." in lines(chart) and ATTRIBUTION not in lines(chart)

    assert failing(names_its_boundaries, MAPS) == []

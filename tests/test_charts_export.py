"""Figures laid out for the width they will have in a document."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from figure_landscapes import draw
from hypothesis import given, settings
from hypothesis import strategies as st
from offenders import failing

from assets.figures import FIGURES
from landscape.charts.export import FORMATS, export_figure, illegible, laid_out
from landscape.charts.page import chart_csv
from landscape.charts.paper import TooNarrowError, on_paper, paper_width
from landscape.charts.style import PIXELS_PER_CM, SMALLEST, WIDTH
from landscape.errors import PersonalDataError, RenderError
from landscape.pii_scan import Known

WIDE_ONLY = {  # twelve columns of areas, a table over the whole paper
    **dict.fromkeys(("objective_breakdown", "shared_objectives", "common_challenges", "police_uk_channels"), 15.0),
    "technologies": 16.0,
    "network_map": 15.0,
    "gap_map": 12.5,
}


def test_type_is_never_smaller_than_six_and_a_half_points() -> None:
    assert SMALLEST * 72 / 2.54 / PIXELS_PER_CM >= 6.5
    assert WIDTH == 16 * PIXELS_PER_CM


def test_a_figure_at_eight_centimetres_can_be_read_or_says_from_where_on_it_can() -> None:
    def can_be_read_or_says_so(name: str) -> None:
        drawing = partial(draw, name)
        standard = drawing()
        if name in WIDE_ONLY:
            with pytest.raises(TooNarrowError) as refused:
                laid_out(drawing, 8)
            assert f"take {WIDE_ONLY[name]:g} cm or more" in refused.value.remedy
            chart = laid_out(drawing, WIDE_ONLY[name])
        else:
            chart = laid_out(drawing, 8)
            assert chart.plot.layout.width == 8 * PIXELS_PER_CM
        assert illegible(chart) == []
        assert chart_csv(chart.data) == chart_csv(standard.data), "a figure has one data table, whatever its width"
        assert chart.caption == standard.caption
        assert paper_width() == WIDTH

    assert failing(can_be_read_or_says_so, FIGURES) == []


def test_a_network_that_nobody_has_joined_says_from_where_on_it_can_be_read() -> None:
    drawing = partial(draw, "network_map", "empty")
    with pytest.raises(TooNarrowError) as refused:
        laid_out(drawing, 8)
    assert "take 10 cm or more" in refused.value.remedy


def test_a_narrow_map_bears_numbers_that_its_table_explains() -> None:
    with on_paper(8):
        chart = draw("coverage_map", "real")
    on_map = {
        note.text.removeprefix("<b>").removesuffix("</b>") for note in chart.plot.layout.annotations if note.xref != "x"
    }
    assert on_map == {str(number) for number in range(1, 13)}
    texts = [note.text for note in chart.plot.layout.annotations]
    assert "1 Cheshire" in texts and "12 West Yorkshire" in texts


@settings(max_examples=10, deadline=None)
@given(cm=st.floats(8, 30))
def test_whatever_the_width_no_figure_is_given_that_cannot_be_read(cm: float) -> None:
    chart = laid_out(partial(draw, "priorities", "hostile"), cm)
    assert illegible(chart) == []
    assert chart.plot.layout.width == round(cm * PIXELS_PER_CM)


def test_texts_over_one_another_or_over_the_edge_are_found() -> None:
    chart = draw("coverage_map", "real")
    notes = chart.plot.layout.annotations
    notes[3].update(x=notes[4].x, y=notes[4].y, xanchor=notes[4].xanchor, yanchor=notes[4].yanchor)
    notes[5].update(x=-40.0)
    notes[6].font.size = 8
    found = " ".join(illegible(chart))
    assert "over one another" in found and "leaves the paper" in found and "too small" in found


@pytest.mark.parametrize("kind", ["csv", "html", "json"])
def test_one_figure_is_written_for_ones_own_document(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "to" / f"figure.{kind}"
    chart = export_figure(partial(draw, "coverage_map"), kind, 12, out, Known())
    text = out.read_text(encoding="utf-8")
    if kind == "csv":
        assert text == chart_csv(chart.data)
    elif kind == "json":
        from plotly.io import from_json

        assert from_json(text).to_json() == chart.plot.to_json()
    else:
        from landscape.figure_marks import read_marks

        assert [mark.figure_id for mark in read_marks(out)] == ["coverage_map"]
        assert f"width: {12 * PIXELS_PER_CM}px" in text


def test_formats_widths_and_names_are_refused_in_words(tmp_path: Path) -> None:
    drawing = partial(draw, "coverage_map")
    with pytest.raises(RenderError, match="no format") as unknown:
        export_figure(drawing, "gif", 16, tmp_path / "a.gif", Known())
    assert unknown.value.culprits == FORMATS
    with pytest.raises(RenderError, match="not a width for a figure"):
        export_figure(drawing, "png", 2, tmp_path / "a.png", Known())
    with pytest.raises(PersonalDataError):
        export_figure(drawing, "html", 16, tmp_path / "a.html", Known(names=frozenset({"crown copyright"})))
    assert not list(tmp_path.iterdir())


def test_the_command_names_the_figures_there_are(project, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from landscape.errors import LandscapeError
    from pipelines.cli import app

    for words, says in (
        (["figure", "pie_chart"], "no figure"),
        (["figure", "coverage_map", "--width", "wide"], "is no width"),
        (["figure", "coverage_map"], "nothing has been refreshed"),
    ):
        failed = CliRunner().invoke(app, words).exception
        assert isinstance(failed, LandscapeError) and says in str(failed)
    assert os.environ["LANDSCAPE_HOME"]

"""What the report says of data.police.uk: nothing where nothing was pulled."""

from __future__ import annotations

from pathlib import Path

from reporting_landscape import figure_entry, landscape, police_uk
from test_reporting_compose import section, sections, tables

from landscape.reporting.compose import compose
from landscape.reporting.content import FigureRef, Paragraph

TITLES = {
    "Channels that forces list",
    "Events that neighbourhood teams announce",
    "Priorities that neighbourhood teams publish",
}


def test_where_nothing_was_pulled_the_report_says_nothing_of_it() -> None:
    assert not TITLES & {part.title for part in sections(compose(landscape(), []))}


def test_what_was_pulled_is_in_the_context_with_its_figures_and_is_not_made_up(tmp_path: Path) -> None:
    pulled = police_uk([("E23000006", "LPR.ROADS", 3), ("E23000006", None, 4), ("E23000008", None, 2)])
    figures = [
        figure_entry(tmp_path, name, title=name, files={}) for name in ("police_uk_channels", "police_uk_events")
    ]
    report = compose({**landscape(is_sample=False), **pulled}, figures)
    assert not report.is_sample
    assert {part.title for part in section(report, "Context").subsections} >= TITLES
    for title, figure in (
        ("Channels that forces list", "channels"),
        ("Events that neighbourhood teams announce", "events"),
    ):
        assert FigureRef(f"police_uk_{figure}") in section(report, title).blocks
    said = section(report, "Priorities that neighbourhood teams publish").blocks[0]
    assert isinstance(said, Paragraph)
    assert said.text.startswith("Neighbourhood teams published 9 priorities for their areas")
    assert "3 priorities have one so far" in said.text
    rows = tables(report)["Local policing priorities published, latest month asked"].rows
    assert [row for row in rows if row[1] != "not covered"] == [("Cheshire", "7", "3"), ("Durham", "2", "0")]
    assert len(rows) == 12


def test_beside_made_up_responses_it_stays_real() -> None:
    pulled = police_uk([("E23000006", None, 4)])
    report = compose({**landscape(is_sample=True), **pulled}, [])
    assert report.is_sample
    assert "what forces publish on data.police.uk" in report.notice
    assert "data.police.uk" not in compose(landscape(is_sample=True), []).notice
    assert not tables(report)["Local policing priorities published, latest month asked"].is_sample

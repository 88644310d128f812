"""Chapter: which areas the record covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.places.landscape import names_in
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, Words, found
from landscape.reporting.wording import NOT_SAID_NOTE, STATE_WORDS, counted, day, label, number, wave_words

if TYPE_CHECKING:
    import pandas as pd

BOTH, ONE, NEITHER = "both visited", "one visited", "neither visited"
NOT_SAID = "not said"


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Coverage by visits, then by survey."""
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    is_sample = bool(areas["is_sample"].any())
    words = [_coverage(area) for area in areas.to_dict("records")]
    whole = names_in(tables).short
    blocks: list[Block] = [
        Paragraph(_summary(whole, words, is_sample)),
        Paragraph(
            "Counts in this report follow research effort: more is recorded where more was asked. An area "
            "that was not visited is never counted as zero."
        ),
        FigureRef("coverage_map"),
        DataTable(
            title="Visits by police force area",
            columns=("Area", "Force visits", "Commissioner visits", "First visit", "Last visit", "Coverage"),
            rows=tuple(
                (
                    area["force_area_name"],
                    *(_visits(area[column]) for column in ("n_force_visits", "n_commissioner_visits")),
                    day(area["first_visited_on"]),
                    day(area["last_visited_on"]),
                    word,
                )
                for area, word in zip(areas.to_dict("records"), words, strict=True)
            ),
            note="Commissioner: the police and crime commissioner’s office or the mayor’s with the same "
            "powers. [z]: not applicable."
            + (
                NOT_SAID_NOTE
                if areas["n_force_visits"].isna().any() or areas["n_commissioner_visits"].isna().any()
                else ""
            ),
            is_sample=is_sample,
            table_id="visits_by_area",
        ),
        *_surveys(whole, tables["marts.coverage"]),
    ]
    return Section("Coverage", tuple(blocks))


UNVISITED = ("0", STATE_WORDS["not_said"])


def _visits(n: float) -> str:
    """A number of visits; empty if some may not be named."""
    import pandas as pd

    return STATE_WORDS["not_said"] if pd.isna(n) else number(int(n))


def _coverage(area: Mapping[Any, Any]) -> str:
    if area["visits_state"] == "not_said":
        return NOT_SAID
    visited = [
        column for column in ("n_force_visits", "n_commissioner_visits") if _visits(area[column]) not in UNVISITED
    ]
    return (NEITHER, ONE, BOTH)[len(visited)]


def _summary(whole: str, words: list[str], is_sample: bool) -> Words:
    both, one, neither = (words.count(word) for word in (BOTH, ONE, NEITHER))
    unsaid = words.count(NOT_SAID)
    if unsaid:
        return found(
            "coverage.permitted",
            f"of the {{n_areas}} in {whole}, {{n_both_visited}} had visits to both the force and the commissioner’s office, "
            "{n_one_visited} to one of the two, as far as visits may be named{see figure:coverage_map}. For {n_unsaid} "
            "nothing is reported.",
            is_sample,
            n_areas=counted(len(words), "police force area", "police force areas"),
            n_both_visited=number(both),
            n_one_visited=number(one),
            n_unsaid=number(unsaid),
        )
    return found(
        "coverage",
        f"of the {{n_areas}} in {whole}, {{n_both_visited}} had visits to both the force and the commissioner’s office, "
        "{n_one_visited} to one of the two, and {n_neither_visited} to neither{see figure:coverage_map}.",
        is_sample,
        n_areas=counted(len(words), "police force area", "police force areas"),
        n_both_visited=number(both),
        n_one_visited=number(one),
        n_neither_visited=number(neither),
    )


def _surveys(whole: str, coverage: pd.DataFrame) -> list[Block]:
    if coverage.empty:
        return [Paragraph("No survey records have been received.")]
    sources = coverage.groupby(["survey", "wave"], as_index=False, sort=True, dropna=False).agg(
        first_on=("first_on", "min"), last_on=("last_on", "max")
    )
    return [
        DataTable(
            title=f"Period covered by each survey and wave, {whole} together",
            columns=("Survey", "Wave", "First record", "Last record"),
            rows=tuple(
                (label(row["survey"]), wave_words(row["wave"]), day(row["first_on"]), day(row["last_on"]))
                for row in sources.to_dict("records")
            ),
            note="[z]: not applicable.",
            is_sample=bool(coverage["is_sample"].any()),
            table_id="surveys_by_wave",
        )
    ]

"""Chapter: challenges that speakers named, and which of them are common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.analysis.rules import parameter
from landscape.reporting.content import DataTable, FigureRef, Paragraph, Section, Words, found, words
from landscape.reporting.wording import counted, elsewhere, elsewhere_heading, listing, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd

_SPEAKERS = {
    "n_by_force_leads": "force leads",
    "n_by_front_line": "front line",
    "n_by_police_staff": "police staff",
    "n_by_commissioners": "commissioners’ offices",
    "n_by_others": "others",
}


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Common challenges."""
    every, rules = tables["marts.common_challenges"], tables["reference.rules"]
    named = every[every["n_assertions"] > 0]
    rule = words(
        "common_challenges.rule",
        "A challenge is called common when it was asserted about at least {fewest_areas} areas by at least {fewest_types} "
        "types of speaker. An assertion is what one type of speaker said at one visit: it proves no fact, and what nobody "
        "mentioned may still be felt.",
        fewest_areas=parameter(rules, "common_challenges", "fewest_areas"),
        fewest_types=parameter(rules, "common_challenges", "fewest_speaker_types"),
    )
    if named.empty:
        nothing = Paragraph("No challenge has been recorded.")
        return Section("Common challenges", (Paragraph(rule), nothing, FigureRef("common_challenges")))
    is_sample = bool(every["is_sample"].any())
    common = named[named["is_common"]].sort_values(["n_areas", "challenge_name"], ascending=[False, True])
    ordered = named.sort_values(["is_common", "n_areas", "challenge_name"], ascending=[False, False, True])
    names = listing([f"“{name}”" for name in common["challenge_name"]]) or "none"
    return Section(
        "Common challenges",
        (
            Paragraph(rule),
            Paragraph(
                found(
                    "common_challenges",
                    "by this rule {n_common} challenges named are common{see figure:common_challenges}: {names}"
                    "{see table:challenges}.",
                    is_sample,
                    n_common=x_of_n(len(common), len(named)),
                    names=names,
                )
            ),
            FigureRef("common_challenges"),
            DataTable(
                title="Challenges named, by areas and types of speaker",
                columns=("Challenge", "Common", "Areas", "Assertions", "Asserted by", *elsewhere_heading(every)),
                rows=tuple(
                    (
                        row["challenge_name"],
                        "yes" if row["is_common"] else "no",
                        number(row["n_areas"]),
                        number(row["n_assertions"]),
                        listing([f"{who} ({row[column]})" for column, who in _SPEAKERS.items() if row[column]]),
                        *elsewhere(every, row),
                    )
                    for row in ordered.to_dict("records")
                ),
                note="An assertion about several areas is one assertion, and counts in each of them as an area.",
                is_sample=is_sample,
                table_id="challenges",
            ),
            Paragraph(_intermediaries(named, is_sample)),
        ),
    )


def _intermediaries(named: pd.DataFrame, is_sample: bool) -> Words:
    about = named[named["is_about_intermediaries"]]
    n = counted(int(about["n_assertions"].sum()), "time", "times")
    doubted = "doubts about intermediaries, or about officers as the right people, were asserted {n}."
    return found("common_challenges.intermediaries", doubted, is_sample, n=n)

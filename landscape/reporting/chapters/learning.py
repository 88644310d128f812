"""Chapter: which areas might learn from which, and where expertise is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.reporting.content import BulletList, FigureRef, Paragraph, Section, Words, found, id_of, words
from landscape.reporting.wording import counted, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Learning matches and expertise."""
    matches, areas = tables["marts.learning_matches"], tables["marts.force_areas"]
    title = "Who might learn from whom"
    if matches.empty:
        return Section(title, (Paragraph("No two areas match yet."), FigureRef("learning_matches")))
    is_sample = bool(matches["is_sample"].any())
    first = matches[matches["match_rank"] == 1].sort_values(["force_area_name", "source_area_name"])
    known = tables["marts.expertise"]
    return Section(
        title,
        (
            Paragraph(
                found(
                    "learning",
                    "there is at least one other area to ask for {n_areas} visited areas{see figure:learning_matches}. "
                    "Practice that names its area is on record for {n_known} combinations of area, objective and type of "
                    "activity.",
                    is_sample,
                    n_areas=x_of_n(first["force_area_code"].nunique(), areas["is_visited"].sum()),
                    n_known=number(len(known)),
                )
            ),
            Paragraph(
                "Two areas match when they share an objective or a challenge and one has practice, evidence, a product or a "
                "cautionary tale that is not on record for the other. A match proposes a conversation; it ranks no area. Points "
                "grow with the number of visits, so compare them within one area."
            ),
            FigureRef("learning_matches"),
            Paragraph("The first match of each area, with its reasons:"),
            BulletList(tuple(_first(row) for row in first.to_dict("records"))),
            Paragraph("“Not recorded” means that no visit found it; the area may have it all the same."),
        ),
    )


def _first(row: Mapping[Any, Any]) -> Words:
    return words(
        f"learning.{id_of(row['force_area_name'])}.{id_of(row['source_area_name'])}",
        "{area} could first ask {source} ({points}). {reasons}",
        area=row["force_area_name"],
        source=row["source_area_name"],
        points=counted(int(row["match_score"]), "point", "points"),
        reasons=row["reasons"],
    )

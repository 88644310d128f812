"""Chapter: what this report is and what it may be used for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.content import Block, BulletList, Paragraph, Section, Status, Words, words
from landscape.reporting.wording import counted, day

if TYPE_CHECKING:
    import pandas as pd


def chapter(tables: Mapping[str, pd.DataFrame], status: Status) -> Section:
    """About this report and its status."""
    # The first two columns are a fact's name and value.
    facts: dict[str, str] = dict(tables["reference.showcase"].iloc[:, :2].itertuples(index=False, name=None))
    themes = tuple(facts[name] for name in sorted(facts) if name.startswith("theme_"))
    blocks: list[Block] = [
        Paragraph(words("status", "{words}", words=" ".join(status.words))),
        Paragraph(
            "Its sentences, tables and figures are made from the same published tables. Each figure carries "
            "an id, with which it can be traced back to those tables and to the files received."
        ),
        Paragraph(_programme(facts)),
    ]
    if themes:
        blocks += [Paragraph("The briefing on the showcase reported these themes:"), BulletList(themes)]
    return Section("About this report and its status", tuple(blocks))


def _programme(facts: Mapping[str, str]) -> Words:
    delegates, academic, unity, practice = (
        int(facts[name])
        for name in ("delegates", "academic_presentations", "unity_presentations", "practice_presentations")
    )
    return words(
        "showcase",
        "The mapping began with the Police-Community Engagement Showcase in {city} on {held_on}, which {n_delegates} "
        "attended. Its programme had {n_academic}, {n_unity} on the Unity Project and {n_practice} on practical "
        "engagement activities.",
        city=facts["city"],
        held_on=day(datetime.date.fromisoformat(facts["held_on"])),
        n_delegates=counted(delegates, "delegate", "delegates"),
        n_academic=counted(academic, "academic presentation", "academic presentations"),
        n_unity=counted(unity, "presentation", "presentations"),
        n_practice=counted(practice, "presentation", "presentations"),
    )

"""Part of the chapter on context: what forces publish on data.police.uk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.content import DataTable, FigureRef, Paragraph, Section
from landscape.reporting.wording import STATE_WORDS, counted, number

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "Source: data.police.uk, Open Government Licence v3.0."


def sections(tables: Mapping[str, pd.DataFrame]) -> tuple[Section, ...]:
    """Channels, events and priorities as forces publish them; nothing if nothing was ever pulled."""
    channels, events, themes = (tables[f"marts.police_uk_{name}"] for name in ("channels", "events", "themes"))
    found = []
    if channels["contact_channel_code"].notna().any():
        says = (
            "Every force may list ways to reach it on data.police.uk. The list says which channels there are, "
            "not whether they are used, or how well; a channel that is not listed may exist."
        )
        blocks = (Paragraph(f"{says} {SOURCE}"), FigureRef("police_uk_channels"))
        found.append(Section("Channels that forces list", blocks))
    if events["month_on"].notna().any():
        says = (
            "Neighbourhood teams may announce events on data.police.uk. Only upcoming events are listed there, so "
            "those announced and held between two pulls are missing, and a force that lists none may announce "
            "its events elsewhere."
        )
        found.append(
            Section("Events that neighbourhood teams announce", (Paragraph(says), FigureRef("police_uk_events")))
        )
    if themes["month_on"].notna().any():
        found.append(Section("Priorities that neighbourhood teams publish", (_intent(themes), _table(themes))))
    return tuple(found)


def _latest(themes: pd.DataFrame) -> pd.DataFrame:
    """Each area's latest month, or its single row if it was not asked."""
    latest = themes.groupby("force_area_code")["month_on"].transform("max")
    return themes[(themes["month_on"] == latest) | latest.isna()].sort_values("force_area_name")


def _intent(themes: pd.DataFrame) -> Paragraph:
    rows = _latest(themes)
    total, coded = (int(part["n_priorities"].sum()) for part in (rows, rows[rows["theme_code"].notna()]))
    have = counted(coded, "priority has", "priorities have") if coded else "none has"
    return Paragraph(
        f"Neighbourhood teams published {counted(total, 'priority', 'priorities')} for their areas in the latest month they "
        f"were asked. Themes are given by people who read them: {have} one so far. "
        "How many a force publishes depends on how it draws its neighbourhoods; this is not a ranking."
    )


def _table(themes: pd.DataFrame) -> DataTable:
    rows = []
    for name, area in _latest(themes).groupby("force_area_name", sort=True):
        if (area["state"] == "not_covered").all():
            rows.append((str(name), STATE_WORDS["not_covered"], STATE_WORDS["not_covered"]))
            continue
        coded = area[area["theme_code"].notna()]
        rows.append((str(name), number(int(area["n_priorities"].sum())), number(int(coded["n_priorities"].sum()))))
    return DataTable(
        title="Local policing priorities published, latest month asked",
        columns=("Area", "Priorities", "Of them with a theme"),
        rows=tuple(rows),
        note=SOURCE,
    )

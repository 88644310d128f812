"""Annex: one profile for each force area, covered or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.reporting.content import Block, BulletList, DataTable, Paragraph, Section, Words, found, whole, words
from landscape.reporting.wording import day, listing, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd

READS = (
    "marts.force_areas",
    "marts.activity_types",
    "marts.objective_breakdown",
    "marts.challenge_areas",
    "marts.context",
)
READING = (
    "The record depends on who was asked. It does not measure an area, and areas are not compared.",
    "What nobody mentioned may still be there: a gap in the record is no proof of absence.",
    "Figures per 100,000 people are published official figures for 30 September 2017 over the population of mid-2017.",
)
NO_ACTIVITY = {
    "zero": "no activity was recorded on the visits.",
    "not_said": "nothing is said of activities here: none was found, nobody visited, or they may not be named.",
}
SOURCES = "The sources are in the chapter “Context”."
VISITED = (("n_force_visits", "the force"), ("n_commissioner_visits", "the commissioner’s office"))
UNSTATED = "OBJ.UNSTATED"


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """One section for each area, in alphabetical order, each on a new page."""
    areas = tables["marts.force_areas"].sort_values("force_area_name")
    return Section(
        "Force areas, one by one",
        (
            Paragraph("Each area has its own profile, in alphabetical order. How to read a profile:"),
            BulletList(READING),
        ),
        tuple(
            Section(area["force_area_name"], profile(tables, area["force_area_code"], SOURCES), starts_page=True)
            for area in areas.to_dict("records")
        ),
    )


def profile(tables: Mapping[str, pd.DataFrame], code: str, sources: str = "") -> tuple[Block, ...]:
    """What is recorded for one area, what is not, and the official figures.

    Args:
        tables: The tables in `READS`.
        code: The area.
        sources: Says where the sources of the official figures are; without it they are given here.
    """
    # In a release, what is not reported for an area may still exist: nothing is said to be missing.
    areas = tables["marts.force_areas"]
    is_partial = any(bool((areas[column] == "not_said").any()) for column in ("state", "visits_state"))
    own = {name: table[table["force_area_code"] == code] for name, table in tables.items() if name in READS}
    area: Mapping[Any, Any] = own["marts.force_areas"].to_dict("records")[0]
    blocks: list[Block] = [Paragraph(_facts(area)), Paragraph(_coverage(area, is_partial))]
    if area["state"] == "value":
        blocks += [
            Paragraph(_types(area, own["marts.activity_types"])),
            _objectives(area, own["marts.objective_breakdown"]),
        ]
    elif area["state"] in NO_ACTIVITY:
        blocks.append(Paragraph(_none(area)))
    challenges = own["marts.challenge_areas"]
    asserted = challenges[challenges["state"] == "value"]
    if len(asserted):
        blocks.append(_challenges(area, asserted))
    if area["visits_state"] == "value":
        gaps = _no_gaps_reported(area) if is_partial else _gaps(area, own["marts.objective_breakdown"], challenges)
        blocks.append(Paragraph(gaps))
    return (*blocks, _context(area, own["marts.context"], sources))


def _made_up(area: Mapping[Any, Any]) -> bool:
    return bool(area["is_sample"])


def _facts(area: Mapping[Any, Any]) -> Words:
    return words(
        f"area.{area['force_area_code']}",
        "Region: {region}. Police force: {force}. Population, mid-2017: {population}.",
        region=area["region_name"],
        force=area["force_name"],
        population=number(area["population"]),
    )


def _coverage(area: Mapping[Any, Any], is_partial: bool) -> Words:
    scope = f"area.{area['force_area_code']}"
    if area["visits_state"] == "not_said":
        said = "nothing is said of visits here: nobody visited, or visits may not be named."
        return whole(f"{scope}.coverage", found(scope, said, _made_up(area)))
    if area["visits_state"] == "not_covered":
        known = (
            "this area was not visited; what is recorded was said on visits elsewhere."
            if area["state"] == "value"
            else "this area is not covered: nobody was visited, and nothing is known about what is done here. That is not a zero."
        )
        return whole(f"{scope}.coverage", found(scope, known, _made_up(area)))
    first, last = day(area["first_visited_on"]), day(area["last_visited_on"])
    to = [f"{number(area[column])} to {whom}" for column, whom in VISITED if (area[column] or 0) > 0 or not is_partial]
    made = found(
        scope,
        (
            "visits that may be named: {to}, {when}."
            if is_partial
            else "visits: {to}, {when}. Speakers met: {n_speakers}."
        ),
        _made_up(area),
        to=listing(to),
        when=f"on {first}" if first == last else f"from {first} to {last}",
        n_speakers=number(area["n_speakers"]),
    )
    return whole(f"{scope}.coverage", made)


def _no_gaps_reported(area: Mapping[Any, Any]) -> Words:
    scope = f"area.{area['force_area_code']}.gaps"
    return whole(
        scope,
        found(scope, "gaps in the record are not reported: of what is missing here nothing is said.", _made_up(area)),
    )


def _types(area: Mapping[Any, Any], types: pd.DataFrame) -> Words:
    """The types of activity, as a sentence so that a profile fits on its page."""
    known = _occurring(types, "activity_type_name")
    n_unsaid = int(area["n_activities"]) - int(known["n_activities"].sum())
    said = [f"{row['activity_type_name']} ({number(row['n_activities'])})" for row in known.to_dict("records")]
    if n_unsaid > 0:
        said.append(f"not said ({number(n_unsaid)})")
    scope = f"area.{area['force_area_code']}.activities"
    recorded = found(
        scope,
        "activities recorded: {n_activities}. By type: {types}.",
        _made_up(area),
        n_activities=number(area["n_activities"]),
        types=listing(said),
    )
    return whole(scope, recorded)


def _none(area: Mapping[Any, Any]) -> Words:
    scope = f"area.{area['force_area_code']}.activities"
    return whole(scope, found(scope, NO_ACTIVITY[area["state"]], _made_up(area)))


def _objectives(area: Mapping[Any, Any], objectives: pd.DataFrame) -> DataTable:
    stated = _occurring(objectives[objectives["objective_code"] != UNSTATED], "objective_name")
    return DataTable(
        title=f"Objectives of the activities recorded: {area['force_area_name']}",
        columns=("Objective", "Activities"),
        rows=tuple(
            (row["objective_name"], x_of_n(row["n_activities"], row["n_area_activities"]))
            for row in stated.to_dict("records")
        ),
        note="Only objectives that occur. An activity can have several.",
        is_sample=_made_up(area),
        table_id=f"area.{area['force_area_code']}.objectives",
    )


def _occurring(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["state"] == "value"].sort_values(["n_activities", name], ascending=[False, True])


def _challenges(area: Mapping[Any, Any], asserted: pd.DataFrame) -> DataTable:
    ordered = asserted.sort_values(["n_assertions", "challenge_name"], ascending=[False, True])
    return DataTable(
        title=f"Challenges asserted: {area['force_area_name']}",
        columns=("Challenge", "Times asserted", "By types of speaker"),
        rows=tuple(
            (row["challenge_name"], number(row["n_assertions"]), number(row["n_speaker_types"]))
            for row in ordered.to_dict("records")
        ),
        note="What speakers said, not what was measured.",
        is_sample=_made_up(area),
        table_id=f"area.{area['force_area_code']}.challenges",
    )


def _gaps(area: Mapping[Any, Any], objectives: pd.DataFrame, challenges: pd.DataFrame) -> Words:
    """What is missing from the record, of everything asked about."""
    missed = [f"{whom} was not visited" for column, whom in VISITED if area[column] == 0]
    unseen = objectives[(objectives["state"] == "zero") & (objectives["objective_code"] != UNSTATED)]
    unsaid = challenges[challenges["state"] == "zero"]
    n_objectives = int((objectives["objective_code"] != UNSTATED).sum())
    scope = f"area.{area['force_area_code']}.gaps"
    gaps = found(
        scope,
        "gaps in the record: {missed}objectives without an activity here, {n_objectives}; challenges that nobody "
        "mentioned, {n_challenges}.",
        _made_up(area),
        missed="".join(f"{said}; " for said in missed),
        n_objectives=x_of_n(len(unseen), n_objectives),
        n_challenges=x_of_n(len(unsaid), len(challenges)),
    )
    return whole(scope, gaps)


def _context(area: Mapping[Any, Any], context: pd.DataFrame, sources: str) -> DataTable:
    rows = []
    for row in context.sort_values("measure_code").to_dict("records"):
        is_known = row["state"] in ("value", "zero")
        decimals = 2 if row["unit"] == "full-time equivalent" else 0
        rows.append(
            (
                f"{row['measure_name']} ({row['unit']})",
                number(row["measure_value"], decimals) if is_known else "[x]",
                number(row["measure_per_100k"], 2) if is_known else "[x]",
            )
        )
    sources = sources or f"Source: {'; '.join(dict.fromkeys(map(str, context['source'])))}."
    missing = "[x]: not available. " if any("[x]" in row for row in rows) else ""
    return DataTable(
        title=f"Official figures, 30 September 2017: {area['force_area_name']}",
        columns=("Measure", "Number", "Per 100,000"),
        rows=tuple(rows),
        note=f"{missing}Per 100,000 people. {sources}",
        table_id=f"area.{area['force_area_code']}.context",
    )


def profile_sections(tables: Mapping[str, pd.DataFrame], code: str) -> tuple[Section, ...]:
    """The chapters of a separate profile."""
    return (
        Section("What is recorded", profile(tables, code)),
        Section("How to read this profile", (BulletList(READING),)),
    )

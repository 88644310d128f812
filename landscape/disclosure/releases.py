"""Differences between releases: a table is held back where few people joined or left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.disclosure.counts import TOTAL
from landscape.disclosure.declared import (
    ALL,
    MEMBER_AREAS,
    MEMBERS,
    PRIORITIES_SURVEY,
    PRIORITY_RANKING,
    PUBLISHED,
    SURVEY_ANSWERS,
    PublishedTable,
)
from landscape.disclosure.members import EVERYWHERE
from landscape.disclosure.profiles import Profile
from landscape.disclosure.suppression_mask import SUPPRESSED

if TYPE_CHECKING:
    import datetime

    import pandas as pd

RELEASED_ON = "released_on"


@dataclass(frozen=True)
class Seen:
    """The safe tables of an earlier release, which readers have, whether it was withdrawn or not.

    Args:
        profile: The name of the thresholds it was made with.
        tables: As `hold_back` returned them.
    """

    profile: str
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class HeldBack:
    """A table held back: published as it was in an earlier release.

    Args:
        table: Its name among the published tables.
        unit: Which unit of it: wave, question and so on.
        released_on: The day it is from; None if it is left out because it was made with other thresholds.
    """

    table: str
    unit: tuple[str, ...]
    released_on: datetime.date | None


def hold_back(
    seen: Sequence[Seen], new: Mapping[str, pd.DataFrame], today: datetime.date, profile: Profile
) -> tuple[dict[str, pd.DataFrame], tuple[HeldBack, ...]]:
    """The safe tables of a release, with old ones where the difference from an earlier release would show a few people.

    A table (one wave, one question) is updated only if its number of people moved by at least `smallest_move`, for
    opinions by at least `smallest_base`: those who joined are a group too. None of its other published totals, and no
    count of members, may have moved by less either. If the number of people did not move, the table is held back
    too: any change in it could be one person's. A hidden number may be anything below `smallest_base`.

    Every earlier release counts: readers may compare any two. The table published is the newest made with the same
    thresholds.

    The table of areas with a member is held back with the table of members, but an area is dropped as soon as nobody
    there agrees to it any more.

    Args:
        seen: The earlier releases, the last one first.
        new: The tables of `published_tables`, made with the same profile.
        today: The day of the new release.
        profile: The thresholds.

    Returns:
        The tables with the column released_on, and which of them were held back. A table that is not among the new
        ones (a wave no longer covered) is left out.
    """
    import pandas as pd

    day = pd.Timestamp(today)
    released: dict[str, pd.DataFrame] = {}
    held: list[HeldBack] = []
    standing: set[tuple[str, ...]] = set()
    for table in PUBLISHED:
        rows = new[table.name].assign(**{RELEASED_ON: day})
        before = [
            (each.profile, _by_unit(each.tables[table.name], table)) for each in seen if table.name in each.tables
        ]
        chosen = [rows[:0]]
        for unit, now in _by_unit(rows, table).items():
            versions = [(made_by, units[unit]) for made_by, units in before if unit in units]
            if not any(_stands(old, now, table, standing, profile) for _, old in versions):
                chosen.append(now)
                continue
            standing.add((table.name, *unit))
            old = next((old for made_by, old in versions if made_by == profile.name), None)
            if old is None:
                held.append(HeldBack(table.name, unit, None))
                continue
            stands = _still_said(old, now) if table is MEMBER_AREAS else old
            chosen.append(stands)
            if not _same(stands, now):
                held.append(HeldBack(table.name, unit, old[RELEASED_ON].iloc[0].date()))
        released[table.name] = pd.concat(chosen, ignore_index=True)
    return released, tuple(held)


def _stands(
    old: pd.DataFrame, now: pd.DataFrame, table: PublishedTable, standing: Collection[tuple[str, ...]], profile: Profile
) -> bool:
    """Whether the old table is kept; areas go with members, a ranking with its answers."""
    wave = str(now["wave"].iloc[0])
    if table is MEMBER_AREAS:
        return (MEMBERS.name, wave) in standing
    if table is PRIORITY_RANKING:
        answers = (SURVEY_ANSWERS.name, PRIORITIES_SURVEY, wave, f"{now['purpose'].iloc[0]}_rank")
        if any(each[: len(answers)] == answers for each in standing):
            return True
    return _shows_a_few(old, now, table, profile)


def _still_said(old: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    is_said = old["has_member"].notna() & now["has_member"].notna()
    return old.assign(has_member=old["has_member"].where(is_said), state=old["state"].where(is_said, SUPPRESSED))


def _by_unit(rows: pd.DataFrame, table: PublishedTable) -> dict[tuple[str, ...], pd.DataFrame]:
    keys = rows[list(table.unit)].astype("str").fillna("")  # unranked questions are units too
    return {
        tuple(map(str, unit)): rows.loc[of_unit.index].reset_index(drop=True)
        for unit, of_unit in keys.groupby(list(table.unit))
    }


def _same(old: pd.DataFrame, now: pd.DataFrame) -> bool:
    return old.drop(columns=RELEASED_ON).equals(now.drop(columns=RELEASED_ON))


def _shows_a_few(old: pd.DataFrame, now: pd.DataFrame, table: PublishedTable, profile: Profile) -> bool:
    """Whether the two tables together would show that a few people joined, left or changed their answer."""
    both = old.merge(now, on=list(table.row), how="outer", suffixes=("_old", "_new"), indicator="found_in")
    is_everybody = _is_everybody(both, table)
    if not both.loc[is_everybody, "found_in"].eq("both").any():
        return True  # an earlier release has another code for everybody, so nothing can be compared
    if table is MEMBERS:
        total = _moved(both[is_everybody], "n_members", profile.smallest_base - 1)
        others = _moved(both[~is_everybody].dropna(subset=["n_members_old", "n_members_new"]), "n_members", 0)
        return not _are_many(total, profile.smallest_move, profile) or not _are_many(
            [move for move in others if move], profile.smallest_move, profile
        )
    base = table.totals[0]
    whole = _moved(both[is_everybody], base, profile.smallest_base - 1)
    shown_twice = both.dropna(subset=[f"{base}_old", f"{base}_new"])
    bases = [move for column in table.totals for move in _moved(shown_twice, column, 0) if move]
    swapped = shown_twice[shown_twice[f"{base}_old"] == shown_twice[f"{base}_new"]]
    return not _are_many([*whole, *bases], profile.smallest_base, profile) or any(
        any(_moved(swapped.dropna(subset=[f"{count}_old", f"{count}_new"]), count, 0)) for count in table.counts
    )


def _is_everybody(both: pd.DataFrame, table: PublishedTable) -> pd.Series:
    if table is MEMBERS:
        return both["region_name"].eq(EVERYWHERE) & both["organisation_type_code"].eq(TOTAL)
    return both["cut_code"].eq(ALL)


def _moved(both: pd.DataFrame, column: str, hidden: int) -> list[int]:
    """How far each published number moved; a hidden one counts as the largest it may have been."""
    old, new = (both[f"{column}_{when}"].fillna(hidden).astype(int) for when in ("old", "new"))
    return [abs(a - b) for a, b in zip(old, new, strict=True)]


def _are_many(moves: Iterable[int], least: int, profile: Profile) -> bool:
    """Whether each move is certain to be at least `least` people, however the numbers were rounded."""
    return all(move - (profile.rounding - 1) >= least for move in moves)

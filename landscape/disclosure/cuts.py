"""The groups whose opinions are shown, chosen so that neither a group nor the remainder is small."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.disclosure.declared import ALL, OTHERS, PublishedTable
from landscape.disclosure.suppression_mask import INTERVALS, SHARES

if TYPE_CHECKING:
    import pandas as pd

OTHER_NAMES = {"role": "Other roles together", "region": "Other regions, and area not stated, together"}


def groups_shown(sizes: Mapping[str, int], everybody: int, smallest: int) -> tuple[str, ...]:
    """The groups to show, so that the remainder is nobody or large enough to be shown as one group.

    The remainder could be worked out by subtraction, so it must not be small either: if it is, the smallest group
    is added to it.

    Args:
        sizes: People by group; no person is in two groups, some may be in none.
        everybody: All people.
        smallest: The fewest people whose opinions are shown.

    >>> groups_shown({"a": 19, "b": 8, "c": 8, "d": 5}, everybody=40, smallest=10)
    ('a',)
    >>> groups_shown({"a": 15, "b": 20, "c": 5}, everybody=40, smallest=10)
    ('b',)
    >>> groups_shown({"a": 33, "b": 7}, everybody=40, smallest=10)
    ()
    """
    shown = {group: size for group, size in sizes.items() if size >= smallest}
    while shown and 0 < everybody - sum(shown.values()) < smallest:
        del shown[min(shown, key=lambda group: (shown[group], group))]
    return tuple(sorted(shown))


def by_region(frame: pd.DataFrame, areas: pd.DataFrame, counts: Sequence[str]) -> pd.DataFrame:
    """Rows by police force area added up to regions; other rows are kept.

    Args:
        frame: A mart with the columns cut, cut_code and cut_name.
        areas: reference.force_areas.
        counts: The columns to add up.

    Returns:
        The columns of the frame; shares and intervals of regions are empty.
    """
    import pandas as pd

    regions = dict(zip(areas["force_area_code"], areas["region_name"], strict=True))
    of_areas = frame[frame["cut"] == "area"]
    region = of_areas["cut_code"].map(regions)
    placed = of_areas.assign(cut="region", cut_code=region, cut_name=region)
    # Shares are worked out again later; as keys they would keep areas of one region apart.
    keys = [column for column in frame.columns if column not in (*counts, *SHARES, *INTERVALS)]
    added = placed[[*keys, *counts]].groupby(keys, as_index=False, dropna=False, sort=True)[list(counts)].sum()
    return pd.concat([frame[frame["cut"] != "area"], added], ignore_index=True)


def shown_cuts(
    answers: pd.DataFrame, table: PublishedTable, smallest: int, groups: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """The rows of one question to show: the whole landscape, then each cut into groups and all others together.

    Args:
        answers: All rows of the question, by cut and option.
        table: The declaration of its columns.
        smallest: The fewest people whose opinions are shown.
        groups: The groups that may be shown, by cut; the same for all questions of a survey.
    """
    import pandas as pd

    whole = answers[answers["cut_code"] == ALL]
    everybody = int(whole["n_answered"].max())
    shown = [whole]
    for cut in OTHER_NAMES:
        of_cut = answers[answers["cut"] == cut]
        sizes = {
            str(group): int(rows["n_answered"].max())
            for group, rows in of_cut.groupby("cut_code")
            if group in groups[cut]
        }
        chosen = groups_shown(sizes, everybody, smallest)
        rows = of_cut[of_cut["cut_code"].isin(chosen)]
        shown.append(rows)
        if chosen and sum(sizes[group] for group in chosen) < everybody:
            shown.append(_others(whole, rows, cut, table))
    return pd.concat(shown, ignore_index=True)


def _others(whole: pd.DataFrame, groups: pd.DataFrame, cut: str, table: PublishedTable) -> pd.DataFrame:
    """Everybody except the groups that are shown."""
    option = table.row[-1]
    others = whole.assign(cut=cut, cut_code=OTHERS, cut_name=OTHER_NAMES[cut]).set_index(option)
    for column in (*table.counts, *table.totals):
        others[column] = others[column] - groups.groupby(option)[column].sum()
    return others.reset_index()[whole.columns]

"""Ranked priorities as published: overall, and by role where enough people ranked."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from landscape.analysis.ranking import PLACES, POINTS, ranks_of
from landscape.disclosure.cuts import groups_shown
from landscape.disclosure.declared import ALL, PRIORITIES_SURVEY, PRIORITY_RANKING
from landscape.disclosure.opinions import Groups, joined_tables
from landscape.disclosure.profiles import Profile
from landscape.disclosure.suppression_mask import SUPPRESSED, masked

if TYPE_CHECKING:
    import pandas as pd


def priority_ranking(mart: pd.DataFrame, groups: Groups, profile: Profile) -> pd.DataFrame:
    """Ranked topics for the whole landscape and by role, hidden with everything derived where too few ranked.

    How many people gave a topic which place is also shown by the answers to the ranked questions (`survey_answers`).
    A role is shown here only if it is shown there for each place, so that the two together reveal no more than one.

    Args:
        mart: marts.priority_ranking.
        groups: From `groups_of_respondents`.
        profile: The thresholds.

    Returns:
        The columns of the mart with `state`; points, mean and rank worked out from what is published.
    """
    tables = []
    for (wave, _), rows in mart.groupby(["wave", "purpose"], sort=True):
        roles = _roles_shown(rows, groups[PRIORITIES_SURVEY, str(wave)]["role"], profile)
        shown = rows[rows["cut_code"].eq(ALL) | rows["cut_code"].isin(roles)]
        shown = shown.sort_values(list(PRIORITY_RANKING.row), ignore_index=True)
        is_hidden = not _is_enough(shown[shown["cut_code"] == ALL], profile)
        published = masked(
            shown, [is_hidden] * len(shown), (*PRIORITY_RANKING.counts, *PRIORITY_RANKING.totals), profile
        )
        tables.append(_with_points(published, profile))
    return joined_tables(tables, PRIORITY_RANKING, mart)


def _is_enough(whole: pd.DataFrame, profile: Profile) -> bool:
    """Whether each place was given by nobody or by enough people."""
    given = [int(whole[place].sum()) for place in PLACES]
    return int(whole["n_answered"].max()) >= profile.smallest_base and all(
        n == 0 or n >= profile.smallest_base for n in given
    )


def _roles_shown(rows: pd.DataFrame, allowed: Collection[str], profile: Profile) -> set[str]:
    roles = rows[rows["cut"].eq("role") & rows["cut_code"].isin(allowed)]
    chosen = set(roles["cut_code"])
    for place in PLACES:
        sizes = {str(role): int(of_role[place].sum()) for role, of_role in roles.groupby("cut_code")}
        everybody = int(rows.loc[rows["cut_code"] == ALL, place].sum())
        if everybody:
            chosen &= set(groups_shown(sizes, everybody, profile.smallest_base))
    return chosen


def _with_points(published: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    import pandas as pd

    secret = published["state"].eq(SUPPRESSED)
    points = sum(weight * published[place] for place, weight in zip(PLACES, POINTS, strict=True))
    published["borda_points"] = pd.Series(points, dtype="Int64").mask(secret)
    n = published["n_answered"]
    mean = (published["borda_points"] / n.where(n >= profile.smallest_base)).astype("Float64")
    published["mean_points"] = mean.round(4).mask(secret)
    ranked = published.groupby("cut_code")["borda_points"].transform(
        lambda of_cut: pd.Series(ranks_of(of_cut.fillna(0).to_numpy(dtype=int)), index=of_cut.index)
    )
    published["topic_rank"] = ranked.astype("Int64").mask(secret)
    for column in ("rank_low", "rank_high"):
        published[column] = published[column].astype("Int64").mask(secret)
    is_zero = published["borda_points"].eq(0).fillna(False).astype(bool)
    published["state"] = published["state"].mask(~secret, "value").mask(is_zero, "zero")
    return published

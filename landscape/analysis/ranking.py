"""Ranked topics: points for three places, and how certain their order is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from duckdb import DuckDBPyConnection

PLACES = ("n_first_choice", "n_second_choice", "n_third_choice")
POINTS = (3, 2, 1)
RESAMPLES = 2000
_SEED = 20170509  # any fixed number; this is the day of the showcase
_PERCENTILES = (2.5, 97.5)
_COLUMNS = (
    "wave VARCHAR, purpose VARCHAR, cut VARCHAR, cut_code VARCHAR, cut_name VARCHAR, topic_code VARCHAR, "
    "topic_name VARCHAR, n_answered BIGINT, n_first_choice BIGINT, n_second_choice BIGINT, n_third_choice BIGINT, "
    "borda_points BIGINT, mean_points DOUBLE, topic_rank BIGINT, rank_low BIGINT, rank_high BIGINT, is_sample BOOLEAN"
)
_BALLOTS = """
SELECT wave, purpose, 'all' AS cut, 'ALL' AS cut_code, full_name_at_start AS cut_name,
    response_id, topic_code, choice_rank, is_sample
FROM staged.rankings
CROSS JOIN reference.landscape
UNION ALL
SELECT wave, purpose, 'role', role_code, roles.label, response_id, topic_code, choice_rank, is_sample
FROM staged.rankings
JOIN reference.codebook AS roles ON roles.code = role_code
ORDER BY ALL
"""
_MINIMUM_BASE = "SELECT max(CAST(parameter_value AS INTEGER)) FROM reference.rules WHERE rule = 'minimum_base'"


def write_priority_ranking(con: DuckDBPyConnection) -> None:
    """Writes `marts.priority_ranking`: for the whole landscape and for each role, all topics with points, rank and rank interval.

    Args:
        con: The staging database, with staged.rankings, reference.codebook, reference.landscape and reference.rules.
    """
    import pandas as pd

    ballots = con.execute(_BALLOTS).df()
    topics = dict(
        con.execute("SELECT code, label FROM reference.codebook WHERE scheme = 'topic' ORDER BY code").fetchall()
    )
    keys = ["wave", "purpose", "cut", "cut_code", "cut_name"]
    (minimum_base,) = con.execute(_MINIMUM_BASE).fetchone() or (0,)
    tables = []
    for names, rows in ballots.groupby(keys, sort=True):
        ranked = ranking(
            rows.pivot(index="response_id", columns="topic_code", values="choice_rank"), list(topics), minimum_base
        )
        for key, name in zip(keys, names, strict=True):
            ranked[key] = str(name)
        tables.append(
            ranked.assign(topic_name=ranked["topic_code"].map(topics), is_sample=bool(rows["is_sample"].any()))
        )
    con.execute(f"CREATE OR REPLACE TABLE marts.priority_ranking ({_COLUMNS})")
    if tables:
        con.register("ranked_topics", pd.concat(tables, ignore_index=True))
        con.execute("INSERT INTO marts.priority_ranking BY NAME SELECT * FROM ranked_topics")
        con.unregister("ranked_topics")


def ranking(places: pd.DataFrame, topics: list[str], minimum_base: int) -> pd.DataFrame:
    """Borda points of three ranked places, with ranks and bootstrap intervals of the ranks.

    A first place gives 3 points, a second 2, a third 1; a topic that was not ranked gets none (Borda 1784, as a score
    over the places that were asked for). Respondents are resampled with replacement 2,000 times; the interval of a
    rank goes from the 2.5th to the 97.5th percentile of the ranks found (Efron and Tibshirani 1993, chapter 13; for
    ranks: Goldstein and Spiegelhalter 1996). Neither the order of respondents nor their numbers matter.

    Args:
        places: Respondents × topics, the place given (1, 2, 3) or empty; each respondent ranked at least one.
        topics: All topics, ranked or not.
        minimum_base: With fewer respondents there is no mean and no interval.

    Returns:
        One row per topic: topic_code, n_answered, the number of first, second and third places, borda_points,
        mean_points, topic_rank (1 is first; equal points share the better rank), rank_low and rank_high. Mean and
        interval are empty for fewer respondents than the minimum base.
    """
    import numpy as np
    import pandas as pd

    given = places.reindex(columns=topics).fillna(0).to_numpy(dtype=np.int64)
    n_answered = len(given)
    points = np.select([given == place for place in (1, 2, 3)], POINTS, 0)
    total = points.sum(axis=0)
    frame = pd.DataFrame({"topic_code": topics, "n_answered": n_answered})
    for place, column in enumerate(PLACES, start=1):
        frame[column] = (given == place).sum(axis=0)
    frame["borda_points"] = total
    is_enough = n_answered >= minimum_base
    frame["mean_points"] = np.round(total / n_answered, 4) if is_enough else np.nan
    frame["topic_rank"] = ranks_of(total)
    low, high = _rank_intervals(points) if is_enough else (None, None)
    frame["rank_low"] = pd.array(low if low is not None else [pd.NA] * len(topics), dtype="Int64")
    frame["rank_high"] = pd.array(high if high is not None else [pd.NA] * len(topics), dtype="Int64")
    return frame


def ranks_of(points: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Ranks along the last axis: one more than the number of topics with more points.

    >>> import numpy as np
    >>> ranks_of(np.array([126, 194, 173, 173])).tolist()
    [4, 1, 2, 2]
    """
    above = points[..., None, :] > points[..., :, None]
    ranks: npt.NDArray[np.int64] = 1 + above.sum(axis=-1)
    return ranks


def _rank_intervals(points: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Lower ends from the best, upper ends from the worst of the ranks that equal points share."""
    import numpy as np

    in_order = points[np.lexsort(points.T)]
    drawn = np.random.Generator(np.random.PCG64(_SEED)).integers(0, len(points), size=(RESAMPLES, len(points)))
    totals = in_order[drawn].sum(axis=1)
    best, worst = ranks_of(totals), totals.shape[-1] + 1 - ranks_of(-totals)
    low, high = _PERCENTILES
    return (
        np.percentile(best, low, axis=0, method="inverted_cdf").astype(np.int64),
        np.percentile(worst, high, axis=0, method="inverted_cdf").astype(np.int64),
    )

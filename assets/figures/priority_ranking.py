"""Which topics come first for events and for research, and how certain their order is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.intervals import Dot, Panel, interval_panels
from landscape.charts.priorities import FEWEST, PURPOSES, latest_wave, n_answered
from landscape.charts.text import counted
from landscape.charts.words import as_a_whole, caption, sample_note
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("safe.priority_ranking", TABLE)
PICKS = {"marts.priority_ranking": "cut = 'all'"}
COLUMNS = [
    "wave", "purpose", "topic_code", "topic_name", "n_answered", "n_first_choice", "borda_points", "topic_rank", "rank_low",
    "rank_high",
]  # fmt: skip


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the ranks of the latest wave: only the cut `all`, if enough people ranked.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    whole, drawn = latest_wave(tables["safe.priority_ranking"], "borda_points")
    data = drawn[COLUMNS]
    words = _words(names_in(tables), whole, drawn)
    if drawn.empty:
        return statement(words, f"{_nothing(whole)} Ranks are not shown.", data)
    last = drawn.topic_code.nunique()
    return interval_panels(
        words,
        rows=dict(zip(drawn.topic_code, drawn.topic_name, strict=True)),
        panels=[
            Panel(
                title=f"{title} (n = {n_answered(drawn[drawn.purpose == purpose]) or '[c]'})",
                dots={row.topic_code: _dot(row, last) for row in rows_of(drawn[drawn.purpose == purpose])},
                nothing=_nothing(whole[whole.purpose == purpose]),
            )
            for purpose, title in PURPOSES.items()
        ],
        data=data,
        scale=((0.0, "first"), (1.0, "last")),
    )


def _dot(row: Row, last: int) -> Dot:
    place, low, high = ((int(rank) - 1) / max(last - 1, 1) for rank in (row.topic_rank, row.rank_low, row.rank_high))
    return Dot(place, low, high, f"{row.borda_points} ({row.n_first_choice})")


def _nothing(rows: pd.DataFrame) -> str:
    return "Nobody has ranked topics yet." if rows.empty else f"Fewer than {FEWEST} people have ranked topics."


def _words(names: Names, whole: pd.DataFrame, drawn: pd.DataFrame) -> Words:
    is_sample = bool(whole.is_sample.any())
    n = "; ".join(f"{purpose}: {_people(n_answered(drawn[drawn.purpose == purpose]))}" for purpose in PURPOSES)
    wave = f"; wave of {whole.wave.iloc[0]}" if len(whole) else ""
    return Words(
        figure_id="priority_ranking",
        headline="Topics in the order people gave them" if is_sample or drawn.empty else _finding(drawn),
        subtitle=f"Rank by points, with 95% bootstrap intervals; beside it points and, in brackets, first choices{wave}",
        caption=caption(
            f"Ranked by {n}",
            as_a_whole(names),
            "Points: 3 for a first, 2 for a second, 1 for a third place (Borda)",
            "Where intervals overlap widely, these answers do not settle the order of the topics",
            "Respondents chose themselves: intervals show how much chance is in the order, not whether others think alike",
        ),
        source=f"Source: priorities survey, {names.network}{sample_note(is_sample)}.",
        alt=f"Dots with intervals for the rank of each topic, events beside research. Ranked by {n}.",
        long_description=caption(*(_in_words(row) for row in rows_of(drawn))) or _nothing(whole),
        n=n,
        coverage=as_a_whole(names),
        is_sample=is_sample,
    )


def _people(number: int) -> str:
    return counted(number, "person", "people") if number else f"fewer than {FEWEST} people"


def _in_words(row: Row) -> str:
    return (
        f"{row.topic_name}, {row.purpose}: rank {row.topic_rank} ({row.rank_low} to {row.rank_high}), "
        f"{counted(row.borda_points, 'point')}, {counted(row.n_first_choice, 'first choice')}"
    )


def _finding(drawn: pd.DataFrame) -> str:
    """The topic that came first for each purpose, with its interval of ranks."""
    firsts = []
    for purpose in PURPOSES:
        of_purpose = drawn[(drawn.purpose == purpose) & (drawn.topic_rank == 1)]
        if len(of_purpose) == 1:
            row = of_purpose.iloc[0]
            firsts.append(f"for {purpose}, “{row.topic_name}” (rank {row.rank_low} to {row.rank_high})")
    return f"Ranked first: {'; '.join(firsts)}" if firsts else "Several topics share the first rank (1)"

"""What people want from events and from research, in the landscape as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import rows_of
from landscape.charts.intervals import Dot, Panel, interval_panels
from landscape.charts.priorities import FEWEST, PURPOSES, latest_wave, n_answered
from landscape.charts.text import counted
from landscape.charts.words import as_a_whole, caption, sample_note
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

READS = ("safe.priorities", TABLE)
PICKS = {"marts.priorities": "cut = 'all'"}


def draw(tables: Mapping[str, pd.DataFrame], boundaries: GeoDataFrame) -> Chart:
    """Draw the priorities of the latest wave: only the cut `all`, if enough people answered.

    Args:
        tables: The tables in `READS`.
        boundaries: Not used.
    """
    whole, drawn = latest_wave(tables["safe.priorities"], "n_selected")
    data = drawn[
        [
            "wave",
            "purpose",
            "topic_code",
            "topic_name",
            "n_selected",
            "n_answered",
            "selected_share",
            "interval_low_share",
            "interval_high_share",
        ]
    ]
    answered = {purpose: n_answered(whole[whole.purpose == purpose]) for purpose in PURPOSES}
    words = _words(names_in(tables), whole, drawn, answered)
    if drawn.empty:
        return statement(words, f"{_too_few(whole)} Priorities are not shown.", data)
    return interval_panels(
        words,
        rows=dict(zip(drawn.topic_code, drawn.topic_name, strict=True)),
        panels=[
            Panel(
                title=f"{title} (n = {answered[purpose] or '[c]'})",
                dots={
                    row.topic_code: Dot(
                        row.selected_share,
                        row.interval_low_share,
                        row.interval_high_share,
                        f"{row.n_selected} of {row.n_answered}",
                    )
                    for row in rows_of(drawn[drawn.purpose == purpose])
                },
                nothing=_too_few(whole[whole.purpose == purpose]),
            )
            for purpose, title in PURPOSES.items()
        ],
        data=data,
    )


def _too_few(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "Nobody has answered yet."
    return f"Fewer than {FEWEST} people have answered."


def _words(names: Names, whole: pd.DataFrame, drawn: pd.DataFrame, answered: Mapping[str, int]) -> Words:
    is_sample = bool(whole.is_sample.any())
    n = "; ".join(f"{purpose}: {_answers(number)}" for purpose, number in answered.items())
    wave = f"; wave of {whole.wave.iloc[0]}" if len(whole) else ""
    return Words(
        figure_id="priorities",
        headline="Priorities for future events and research" if is_sample or drawn.empty else _finding(drawn),
        subtitle=f"Share of those who answered who chose the topic, with 95% Wilson intervals (x of n){wave}",
        caption=caption(
            f"Answers on {n}",
            as_a_whole(names),
            "People could select several topics, so shares can add to more than 100%",
            "Respondents chose themselves and the link could be passed on: intervals show the uncertainty "
            "of a small sample, not that of who chose to answer",
        ),
        source=f"Source: priorities survey, {names.network}{sample_note(is_sample)}.",
        alt=f"Dots with intervals for each topic, events beside research. Answers on {n}.",
        long_description=caption(
            *(f"{row.topic_name}, {row.purpose}: {row.n_selected} of {row.n_answered}" for row in rows_of(drawn))
        )
        or _too_few(whole),
        n=n,
        coverage=as_a_whole(names),
        is_sample=is_sample,
    )


def _answers(number: int) -> str:
    return counted(number, "person", "people") if number else f"fewer than {FEWEST} people"


def _finding(drawn: pd.DataFrame) -> str:
    leaders = []
    for purpose in PURPOSES:
        of_purpose = drawn[drawn.purpose == purpose]
        if len(of_purpose):
            top = of_purpose[of_purpose.n_selected == of_purpose.n_selected.max()]
            names = " and ".join(f"“{name}”" for name in top.topic_name)
            leaders.append(f"for {purpose}, {names} ({top.n_selected.iloc[0]} of {top.n_answered.iloc[0]})")
    return f"Selected most often: {'; '.join(leaders)}"

"""The figures on priorities: topics wanted from events beside those wanted from research, x of n of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.charts.area_charts import statement
from landscape.charts.chart import Chart, Words
from landscape.charts.frame import Row, rows_of
from landscape.charts.intervals import Dot, Panel, interval_panels
from landscape.charts.words import as_a_whole, caption, closing, sample_note
from landscape.disclosure.declared import NO_ANSWER, PRIORITIES_SURVEY
from landscape.disclosure.limits import FEWEST_PEOPLE, SMALL
from landscape.places.landscape import TABLE, Names, names_in

if TYPE_CHECKING:
    import pandas as pd

READS = ("safe.survey_answers", TABLE)
PICKS = {"marts.survey_breakdown": "force_area_code IS NULL"}
PURPOSES = {"events": "Priorities for events", "research": "Priorities for research"}
COLUMNS = [
    "survey", "wave", "question", "purpose", "option_code", "option_name", "n_selected", "n_people", "people_share",
    "interval_low_share", "interval_high_share", "answer_words", "state",
]  # fmt: skip
NOTHING = f"Nobody has answered yet, or fewer than {FEWEST_PEOPLE} people have."


@dataclass(frozen=True)
class Asked:
    """What one figure on priorities shows.

    Args:
        figure_id: The figure.
        suffix: What the names of its two questions end with, after the purpose.
        title: Its headline where no finding may be stated.
        says: What was counted, for the subtitle.
        first: How the finding in the headline begins.
        note: A sentence of the caption on how to read it.
    """

    figure_id: str
    suffix: str
    title: str
    says: str
    first: str
    note: str


def priorities_chart(asked: Asked, tables: Mapping[str, pd.DataFrame]) -> Chart:
    """Draws the answers of everybody in the latest wave.

    Args:
        asked: What it shows.
        tables: The tables in `READS`.
    """
    whole = latest_answers(tables["safe.survey_answers"], asked.suffix)
    drawn = whole[whole.option_code != NO_ANSWER]
    is_sample = bool(tables["safe.survey_answers"].is_sample.any())
    words = _words(asked, names_in(tables), whole, drawn, is_sample)
    if drawn.empty:
        return statement(words, f"{NOTHING} Priorities are not shown.", drawn[COLUMNS])
    return interval_panels(
        words,
        rows=dict(zip(drawn.option_code, drawn.option_name, strict=True)),
        panels=[
            Panel(
                title=f"{title} (n = {n_people(whole, purpose, asked.suffix)})",
                dots={row.option_code: _dot(row) for row in rows_of(_of(drawn, purpose, asked.suffix))},
                nothing=NOTHING,
            )
            for purpose, title in PURPOSES.items()
        ],
        data=drawn[COLUMNS],
    )


def latest_answers(every: pd.DataFrame, suffix: str) -> pd.DataFrame:
    """What everybody answered in the latest wave to the questions on events and research, in the order of a ranking.

    The topics most often chosen in both together come first; of those without a number, all but few come before few.

    Args:
        every: safe.survey_answers.
        suffix: What the names of the two questions end with.
    """
    asked = every[
        (every.survey == PRIORITIES_SURVEY)
        & every.question.isin([f"{purpose}{suffix}" for purpose in PURPOSES])
        & (every.cut == "all")
    ]
    latest: pd.DataFrame = asked[asked.wave == asked.wave.max()].copy()
    known = latest.n_selected.fillna(latest.n_people.where(latest.answer_words.str.startswith("all"), 0))
    latest["purpose"] = latest.question.str.removesuffix(suffix)
    latest["order"] = known.groupby(latest.option_code).transform("sum")
    return latest.sort_values(["order", "option_name", "question"], ascending=[False, True, True])


def n_people(rows: pd.DataFrame, purpose: str, suffix: str) -> str:
    """The number of people a question is counted of; [c] where nothing is shown."""
    shown = _of(rows, purpose, suffix).n_people
    return f"{int(shown.iloc[0]):,}" if len(shown) else "[c]"


def _of(rows: pd.DataFrame, purpose: str, suffix: str) -> pd.DataFrame:
    of_purpose: pd.DataFrame = rows[rows.question == f"{purpose}{suffix}"]
    return of_purpose


def _dot(row: Row) -> Dot:
    if row.state != "value":  # in as few letters as a narrow figure holds
        return Dot(f"over {row.n_people - SMALL}" if row.answer_words.startswith("all") else f"under {SMALL}")
    return Dot(row.answer_words, row.people_share, row.interval_low_share, row.interval_high_share)


def _words(asked: Asked, names: Names, whole: pd.DataFrame, drawn: pd.DataFrame, is_sample: bool) -> Words:
    n = "; ".join(f"{purpose}: {_people(n_people(whole, purpose, asked.suffix))}" for purpose in PURPOSES)
    silent = "; ".join(
        f"{purpose}, {row.answer_words}"
        for purpose in PURPOSES
        for row in rows_of(_of(whole[whole.option_code == NO_ANSWER], purpose, asked.suffix))
    )
    return Words(
        figure_id=asked.figure_id,
        headline=asked.title if is_sample or drawn.empty else _finding(asked, drawn),
        subtitle=f"{asked.says}, with 95% Wilson intervals (x of n){closing(whole)}",
        caption=caption(
            f"Of everybody whose answers may be used, {n}",
            f"No answer: {silent}" if silent else "",
            as_a_whole(names),
            asked.note,
            f"No number is printed that fewer than {SMALL}, or all but fewer than {SMALL}, chose",
            "Respondents chose themselves and the link could be passed on: intervals show the uncertainty "
            "of a small sample, not that of who chose to answer",
        ),
        source=f"Source: priorities survey, {names.network}{sample_note(is_sample)}.",
        alt=f"Dots with intervals for each topic, events beside research. Answers on {n}.",
        long_description=caption(*(f"{row.option_name}, {row.purpose}: {row.answer_words}" for row in rows_of(drawn)))
        or NOTHING,
        n=n,
        coverage=as_a_whole(names),
        is_sample=is_sample,
    )


def _people(number: str) -> str:
    return f"fewer than {FEWEST_PEOPLE} people" if number == "[c]" else f"{number} people"


def _finding(asked: Asked, drawn: pd.DataFrame) -> str:
    leaders = []
    for purpose in PURPOSES:
        shown = _of(drawn, purpose, asked.suffix).dropna(subset=["n_selected"])
        top = shown[shown.n_selected == shown.n_selected.max()]
        if len(top):
            names = " and ".join(f"“{name}”" for name in top.option_name)
            leaders.append(f"for {purpose}, {names} ({top.answer_words.iloc[0]})")
    return f"{asked.first}: {'; '.join(leaders)}" if leaders else asked.title

"""Chapter: what people want from events and research, for the whole landscape and in tenths of groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.charts.priorities import PURPOSES as ASKED
from landscape.disclosure.declared import NO_ANSWER, PRIORITIES_SURVEY
from landscape.disclosure.limits import FEWEST_PEOPLE
from landscape.places.landscape import names_in
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, Words, found, id_of
from landscape.reporting.wording import closing, listing, number, percent, wave_words

if TYPE_CHECKING:
    import pandas as pd

PURPOSES = {"events": "future events", "research": "research"}
NOTHING = f"Nothing is shown about priorities: fewer than {FEWEST_PEOPLE} people answered in any wave that is shown."


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Priorities for events and for research."""
    answers = tables["safe.survey_answers"]
    asked = {purpose: topics_of(answers, purpose) for purpose in ASKED}
    title = "Priorities for events and for research"
    if all(rows.empty for rows in asked.values()):
        return Section(title, (Paragraph(NOTHING), FigureRef("priorities"), FigureRef("priority_ranking")))
    return Section(
        title,
        (
            Paragraph(
                "Respondents chose topics from a list and could choose several. The figures are for "
                f"{names_in(tables).short} as a whole. They describe those who answered and are not estimates for all who work "
                "in engagement. No number is printed that few, or all but few, chose."
            ),
            Paragraph(
                "Intervals of small samples are wide. Where two intervals overlap, the order of the two "
                "topics is not to be read as a ranking."
            ),
            FigureRef("priorities"),
            Paragraph(
                "Respondents also put up to three topics first, second and third. Counted is how many put a topic among their "
                "first three."
            ),
            FigureRef("priority_ranking"),
        ),
        tuple(
            Section(f"Priorities for {words}", _purpose(asked[purpose], answers, purpose))
            for purpose, words in PURPOSES.items()
        ),
    )


def topics_of(answers: pd.DataFrame, purpose: str, suffix: str = "_topics") -> pd.DataFrame:
    """What everybody answered to the question on one purpose, all waves.

    Args:
        answers: safe.survey_answers.
        purpose: Events or research.
        suffix: What the question's name ends with.
    """
    is_asked = answers["survey"].eq(PRIORITIES_SURVEY) & answers["question"].eq(f"{purpose}{suffix}")
    rows: pd.DataFrame = answers[is_asked & answers["cut"].eq("all")]
    return rows


def _purpose(rows: pd.DataFrame, answers: pd.DataFrame, purpose: str) -> tuple[Block, ...]:
    words = PURPOSES[purpose]
    if rows.empty:
        return (Paragraph(f"Nothing can be shown of the answers about priorities for {words}."),)
    blocks: list[Block] = []
    for wave, of_wave in rows.groupby("wave", sort=True):
        scope, is_sample = f"priorities.{purpose}.{id_of(wave_words(wave))}", bool(of_wave["is_sample"].any())
        ranked = topics_of(answers, purpose, "_rank")
        title = f"Topics chosen for {words}, {wave_words(wave)}"
        topics = in_order(of_wave[of_wave["option_code"] != NO_ANSWER])
        blocks += [
            Paragraph(_most(topics, of_wave, scope, words, is_sample)),
            _table(topics, ranked[ranked["wave"] == wave], scope, title, is_sample),
        ]
        groups = _groups(answers[answers["wave"] == wave], purpose)
        blocks += [groups] if groups else []
    return tuple(blocks)


def in_order(topics: pd.DataFrame) -> pd.DataFrame:
    """Topics by how many chose them; those without a number last, by name."""
    return topics.sort_values(["n_selected", "option_name"], ascending=[False, True], na_position="last")


def _most(topics: pd.DataFrame, every: pd.DataFrame, scope: str, words: str, is_sample: bool) -> Words:
    first = topics[topics["n_selected"].notna() & topics["n_selected"].eq(topics["n_selected"].max())]
    silent = every.loc[every["option_code"] == NO_ANSWER, "answer_words"]
    if first.empty:
        nothing = f"no topic for {words} has a number that may be printed{{see table:{scope}}}."
        return found(scope, nothing, is_sample)
    return found(
        scope,
        f"the question about {words} is counted of {{n_people}} people ("
        + closing(first["closes_on"].iloc[0])
        + f"){{see table:{scope}}}; {{n_silent}} gave no answer. Chosen most often: {{top}} ({{n_top}}).",
        is_sample,
        n_people=number(first["n_people"].iloc[0]),
        n_silent=str(silent.iloc[0]) if len(silent) else "[c]",
        top=listing([f"“{name}”" for name in first["option_name"]]),
        n_top=str(first["answer_words"].iloc[0]) + (" each" if len(first) > 1 else ""),
    )


def _table(topics: pd.DataFrame, ranked: pd.DataFrame, scope: str, title: str, is_sample: bool) -> DataTable:
    first_three = dict(zip(ranked["option_code"], ranked["answer_words"], strict=True))
    return DataTable(
        title=title,
        columns=("Topic", "Chosen by", "Share", "95% interval", "Among the first three of"),
        rows=tuple(
            (row["option_name"], row["answer_words"], *_share(row), first_three.get(row["option_code"], "[c]"))
            for row in topics.to_dict("records")
        ),
        note="Wilson intervals. Shares can add to more than 100% because several topics could be chosen.",
        is_sample=is_sample,
        table_id=scope,
    )


def _share(row: Mapping[Any, Any]) -> tuple[str, str]:
    if row["state"] != "value":
        return "[c]", "[c]"
    low, high = percent(row["interval_low_share"]), percent(row["interval_high_share"])
    return percent(row["people_share"]), f"{low} to {high}"


def _groups(answers: pd.DataFrame, purpose: str) -> DataTable | None:
    """Topics by the survey's groups, in tenths; None where no groups are shown."""
    rows = answers[
        answers["survey"].eq(PRIORITIES_SURVEY) & answers["question"].eq(f"{purpose}_topics") & answers["cut"].ne("all")
    ]
    if rows.empty:
        return None
    names = list(rows["cut_name"].drop_duplicates())
    words = rows[rows["option_code"] != NO_ANSWER].pivot(index="option_name", columns="cut_name", values="answer_words")
    wave = wave_words(rows["wave"].iloc[0])
    return DataTable(
        title=f"Topics chosen for {PURPOSES[purpose]} by group, {wave}",
        columns=("Topic", *names),
        rows=tuple((str(topic), *(str(words.loc[topic, name]) for name in names)) for topic in sorted(words.index)),
        note=f"Groups of {FEWEST_PEOPLE} people or more, in tenths of the group.",
        is_sample=bool(rows["is_sample"].any()),
        table_id=f"priorities.{purpose}.groups.{id_of(wave)}",
    )

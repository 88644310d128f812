"""Chapter: what people want from events and research, for the whole landscape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.profiles import STANDARD
from landscape.disclosure.suppression_mask import SUPPRESSED
from landscape.places.landscape import names_in
from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, Words, found, id_of
from landscape.reporting.wording import listing, number, percent, wave_words, x_of_n

if TYPE_CHECKING:
    import pandas as pd

PURPOSES = {"events": "future events", "research": "research"}


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Priorities for events and for research."""
    priorities = tables["safe.priorities"]
    whole = priorities[priorities["cut"] == "all"]
    title = "Priorities for events and for research"
    if whole.empty:
        return Section(title, (Paragraph("No answers about priorities have been received."), FigureRef("priorities")))
    return Section(
        title,
        (
            Paragraph(
                "Respondents chose topics from a list and could choose several. The figures are for "
                f"{names_in(tables).short} as a whole. They describe those who answered and are not estimates for all who work "
                "in engagement."
            ),
            Paragraph(
                "Intervals of small samples are wide. Where two intervals overlap, the order of the two "
                "topics is not to be read as a ranking."
            ),
            FigureRef("priorities"),
            Paragraph(
                "Respondents also put up to three topics first, second and third. Points (3, 2, 1) give each topic a rank; the "
                "interval shows which ranks it might have had if chance had drawn again from the same people."
            ),
            FigureRef("priority_ranking"),
        ),
        tuple(
            Section(f"Priorities for {words}", _purpose(whole[whole["purpose"] == purpose], purpose))
            for purpose, words in PURPOSES.items()
        ),
    )


def _purpose(rows: pd.DataFrame, purpose: str) -> tuple[Block, ...]:
    words = PURPOSES[purpose]
    if rows.empty:
        return (Paragraph(f"No answers about priorities for {words} have been received."),)
    blocks: list[Block] = []
    for wave, answers in rows.groupby("wave", sort=True, dropna=False):
        ordered = answers.sort_values(["n_selected", "topic_name"], ascending=[False, True])
        is_sample = bool(answers["is_sample"].any())
        title = f"Topics chosen for {words}, {wave_words(wave)}"
        if answers["state"].eq(SUPPRESSED).all():
            blocks.append(Paragraph(_few(f"priorities.{purpose}.few.{id_of(wave_words(wave))}", words, is_sample)))
        else:
            scope = f"priorities.{purpose}.{id_of(wave_words(wave))}"
            blocks += [Paragraph(_most(ordered, scope, words, is_sample)), _table(ordered, scope, title, is_sample)]
    return tuple(blocks)


def _few(scope: str, words: str, is_sample: bool) -> Words:
    few = f"the question about {words} was answered by fewer than {STANDARD.smallest_base}: too few to show anything."
    return found(scope, few, is_sample)


def _most(ordered: pd.DataFrame, scope: str, words: str, is_sample: bool) -> Words:
    n_selected = int(ordered["n_selected"].iloc[0])
    first = ordered[ordered["n_selected"] == n_selected]
    n_answered = number(first["n_answered"].iloc[0])
    topics = listing([f"“{name}”" for name in first["topic_name"]])
    each = " each" if len(first) > 1 else ""
    return found(
        scope,
        f"the question about {words} was answered by {{n_answered}}{{see table:{scope}}}. "
        "Chosen most often: {top} ({n_top}).",
        is_sample,
        n_answered=n_answered,
        top=topics,
        n_top=f"{number(n_selected)} of {n_answered}{each}",
    )


def _table(ordered: pd.DataFrame, scope: str, title: str, is_sample: bool) -> DataTable:
    return DataTable(
        title=title,
        columns=("Topic", "Chosen by", "Share", "95% interval", "First choice of"),
        rows=tuple(
            (
                row["topic_name"],
                x_of_n(row["n_selected"], row["n_answered"]),
                percent(row["selected_share"]),
                f"{percent(row['interval_low_share'])} to {percent(row['interval_high_share'])}",
                number(row["n_first_choice"]),
            )
            for row in ordered.to_dict("records")
        ),
        note="Wilson intervals. Shares can add to more than 100% because several topics could be chosen.",
        is_sample=is_sample,
        table_id=scope,
    )

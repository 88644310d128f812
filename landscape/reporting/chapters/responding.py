"""Part of the method chapter: how many of those invited responded, and what non-response means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.disclosure.declared import ALL
from landscape.disclosure.profiles import STANDARD
from landscape.disclosure.suppression_mask import SYMBOLS
from landscape.reporting.content import Block, DataTable, Paragraph, Section, found, id_of
from landscape.reporting.wording import label, number, percent, wave_words, x_of_n

if TYPE_CHECKING:
    import pandas as pd

NO_LIST = "No list of invitations was given, so no response rate can be given either."
ABSENCE = (
    "Someone invited who did not respond may not have seen the invitation, had no time, or had nothing to say: an absence is no "
    "opinion. Where one type of organisation responded more than another, it is heard more here; that does not mean that it "
    "cares more. The link can be passed on, so people who responded without an invitation are counted apart."
)


def section(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Response rates of all surveys that have a list of invitations."""
    rates = tables["safe.response_rates"]
    if rates.empty:
        return Section("Who responded", (Paragraph(NO_LIST), Paragraph(ABSENCE)))
    blocks: list[Block] = [Paragraph(ABSENCE)]
    for (survey, wave), rows in rates.groupby(["survey", "wave"], sort=True):
        blocks += _survey(f"{label(survey)}, {wave_words(wave)}", rows)
    return Section("Who responded", tuple(blocks))


def _survey(name: str, rows: pd.DataFrame) -> list[Block]:
    is_sample = bool(rows["is_sample"].any())
    is_whole = rows["cut_code"] == ALL
    (whole,) = rows[is_whole].to_dict("records")
    scope = f"response_rate.{id_of(name)}"
    if whole["state"] in SYMBOLS:
        why = {
            "not_covered": "does not ask who responds, so nobody can say how many of those invited did",
        }.get(whole["state"], "was sent to, or not answered by, too few people for a response rate")
        return [Paragraph(found(f"{scope}.none", "the survey {survey} " + why + ".", is_sample, survey=name))]
    summary = Paragraph(
        found(
            scope,
            "in the survey {survey}, {n_responded} people invited responded ({share}){see table:" + scope + "}, and "
            "{n_not_invited} responses came without an invitation.",
            is_sample,
            survey=name,
            n_responded=x_of_n(whole["n_responded"], whole["n_invited"]),
            share=percent(whole["response_share"]),
            n_not_invited=number(whole["n_not_invited"]),
        )
    )
    if is_whole.all():
        return [summary]
    return [
        summary,
        DataTable(
            title=f"Response rate: {name}",
            columns=("Type of organisation", "Invited", "Responded", "Response rate"),
            rows=tuple(_row(row) for row in [*rows[~is_whole].to_dict("records"), whole]),
            note="[c]: not shown to protect people. Types of which fewer than "
            f"{STANDARD.smallest_base} were invited are grouped together.",
            is_sample=is_sample,
            table_id=scope,
        ),
    ]


def _row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    symbol = SYMBOLS.get(str(row["state"]))
    if symbol:
        return (str(row["cut_name"]), symbol, symbol, symbol)
    return (
        str(row["cut_name"]), number(row["n_invited"]), number(row["n_responded"]), percent(row["response_share"])
    )  # fmt: skip

"""Part of the method chapter: about how many responded, and what non-response means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from landscape.disclosure.limits import FEWEST_PEOPLE
from landscape.reporting.content import Paragraph, Section, Words, found, id_of
from landscape.reporting.wording import closing, label, number, wave_words

if TYPE_CHECKING:
    import pandas as pd

NOTHING = f"Nothing is said about responses: fewer than {FEWEST_PEOPLE} people responded in any wave that is shown."
ABSENCE = (
    "Someone invited who did not respond may not have seen the invitation, had no time, or had nothing to say: an absence is no "
    "opinion. The link can be passed on, so some who responded may not have been invited."
)


def section(tables: Mapping[str, pd.DataFrame]) -> Section:
    """One sentence for each wave of each survey."""
    responses = tables["safe.responses"]
    if responses.empty:
        return Section("Who responded", (Paragraph(NOTHING), Paragraph(ABSENCE)))
    sentences = tuple(Paragraph(_sentence(row)) for row in responses.to_dict("records"))
    return Section("Who responded", (*sentences, Paragraph(ABSENCE)))


def _sentence(row: Mapping[Any, Any]) -> Words:
    import pandas as pd

    name = f"{label(row['survey'])}, {wave_words(row['wave'])}"
    has_list = not pd.isna(row["n_invited"])
    return found(
        f"responses.{id_of(name)}",
        "the survey {survey} ("
        + closing(row["closes_on"])
        + ") was answered by about {n_responded} people"
        + ("; {n_invited} were invited." if has_list else "; no list of invitations was given."),
        bool(row["is_sample"]),
        survey=name,
        n_responded=number(row["n_responded"]),
        **({"n_invited": number(row["n_invited"])} if has_list else {}),
    )

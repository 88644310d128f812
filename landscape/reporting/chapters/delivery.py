"""Chapter: who else delivers, who would be missed, how officers engage, and effects on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.reporting.content import Block, DataTable, FigureRef, Paragraph, Section, found
from landscape.reporting.wording import STATE_WORDS, counted, listing, number, x_of_n

if TYPE_CHECKING:
    import pandas as pd

_ROLES = ("wardens", "mediators", "agencies", "communities")
_DIGITAL_ONLY, _NO_ACTIVITY = "digital only", "no activity recorded"


def chapter(tables: Mapping[str, pd.DataFrame]) -> Section:
    """Delivery: partners, channels, officers, demand."""
    return Section(
        "Who delivers, and who is reached",
        (),
        (
            Section("Intermediaries and partners", _partners(tables["marts.intermediaries"])),
            Section("Channels and audiences", _channels(tables["marts.audience_reach"])),
            Section(
                "Officer models and training",
                _officers(tables["marts.officer_models"], tables["safe.survey_answers"]),
            ),
            Section("Effects on demand", _demand(tables["marts.demand"])),
        ),
    )


def _partners(every: pd.DataFrame) -> tuple[Block, ...]:
    overall = every[(every["breakdown"] == "all") & every["partner_role"].isin(_ROLES)]
    met = overall[overall["n_activities"] > 0].sort_values(["n_activities", "partner_name"], ascending=[False, True])
    if met.empty:
        return (Paragraph("No activity is recorded as delivered by or with anyone but the police."),)
    is_sample = bool(every["is_sample"].any())
    n_known = int(met["n_partner_known"].max())
    return (
        Paragraph(
            found(
                "intermediaries",
                "of {n_known} whose partners are known, most often others deliver too: {first} in {n_first}"
                "{see table:intermediaries}.",
                is_sample,
                n_known=counted(n_known, "activity", "activities"),
                first=str(met["partner_name"].iloc[0]),
                n_first=number(met["n_activities"].iloc[0]),
            )
        ),
        DataTable(
            title="Others who deliver, by activities and areas",
            columns=("Who", "Kind", "Activities", "Areas"),
            rows=tuple(
                (
                    row["partner_name"],
                    str(row["partner_role"]).capitalize(),
                    x_of_n(row["n_activities"], row["n_partner_known"]),
                    number(row["n_areas"]),
                )
                for row in met.to_dict("records")
            ),
            note="An activity can have several partners, so rows do not add up. Doubts about them are listed under challenges.",
            is_sample=is_sample,
            table_id="intermediaries",
        ),
    )


def _channels(reach: pd.DataFrame) -> tuple[Block, ...]:
    is_sample = bool(reach["is_sample"].any())
    missed, nobody = (
        listing(list(reach.loc[reach["audience_reach"] == kind, "audience_name"])) or "none"
        for kind in (_DIGITAL_ONLY, _NO_ACTIVITY)
    )
    return (
        Paragraph(
            found(
                "channels",
                "audiences addressed through digital channels alone{see figure:channel_audiences}: {missed}. Audiences that no "
                "activity counted here addresses: {nobody}.",
                is_sample,
                missed=missed,
                nobody=nobody,
            )
        ),
        Paragraph("Whom a channel is meant for is not whom it reaches."),
        FigureRef("channel_audiences"),
    )


def _officers(models: pd.DataFrame, answers: pd.DataFrame) -> tuple[Block, ...]:
    """What visits found and, separately, what respondents think right; the latter from the safe tables."""
    is_sample = bool(models["is_sample"].any())
    visits = models[(models["view"] == "visits") & models["force_area_code"].isna()]
    in_place = visits[visits["asked_about"] == "officer_model"]
    training = visits[visits["asked_about"] == "training"]
    wanted = answers[(answers["question"] == "officer_model") & (answers["cut"] == "all")]
    blocks: list[Block] = [
        Paragraph(
            "Two views are kept apart: what was found at visits, counted in visits, and what people who answered the "
            "priorities survey think right, counted in people."
        )
    ]
    shown = wanted.sort_values("wave", kind="stable")
    rows = [
        *(("Found at visits", _of_visits(row), row["option_name"]) for row in in_place.to_dict("records")),
        *(("Thought right", _of_people(row), row["option_name"]) for row in shown.to_dict("records")),
        *(("Training offered", _of_visits(row), row["option_name"]) for row in training.to_dict("records")),
    ]
    if not rows:
        return (*blocks, Paragraph("Nothing has been recorded about officer models or training."))
    table = DataTable(
        title="Officer models: found, thought right, and training offered",
        columns=("View", "Answer", "x of n"),
        rows=tuple((view, name, n) for view, n, name in rows),
        note="Of visits where the model, or the training, is known; of everybody whose answers may be used. Several kinds of "
        "training can be offered.",
        is_sample=is_sample,
        table_id="officer_models",
    )
    return (*blocks, table)


def _of_visits(row: Mapping[object, object]) -> str:
    if row["state"] not in ("value", "zero"):
        return STATE_WORDS[str(row["state"])]
    return x_of_n(row["n_saying"], row["n_said"])


def _of_people(row: Mapping[object, object]) -> str:
    return str(row["answer_words"])


def _demand(every: pd.DataFrame) -> tuple[Block, ...]:
    overall = every[every["breakdown"] == "all"]
    if overall.empty or not overall["n_activities"].sum():
        return (Paragraph("No effect on demand has been recorded."),)
    is_sample = bool(overall["is_sample"].any())
    return (
        Paragraph(
            "What follows was asserted by speakers; the evidence is that of the activity as a whole, not of its effect on demand."
        ),
        DataTable(
            title="Effect on demand, as asserted",
            columns=("Effect", "Activities", "Areas", "Of them evaluated", "Not evaluated", "Design unknown"),
            rows=tuple(
                (
                    row["demand_effect_name"],
                    x_of_n(row["n_activities"], row["n_breakdown_activities"]),
                    number(row["n_areas"]),
                    number(row["n_evaluated"]),
                    number(row["n_not_evaluated"]),
                    number(row["n_design_unknown"]),
                )
                for row in overall.to_dict("records")
            ),
            note="Evaluated: at least measured after the fact (SMS 1).",
            is_sample=is_sample,
            table_id="demand",
        ),
    )

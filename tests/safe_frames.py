"""Hand-made counts of people as they are published."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from landscape.disclosure.counts import NO_ANSWER_NAME, Question, Round
from landscape.disclosure.declared import (
    ALL,
    MEMBER_AREAS,
    MEMBERS,
    NO_ANSWER,
    RESPONSES,
    SURVEY_ANSWERS,
    PublishedTable,
)
from landscape.disclosure.opinions import answers_of
from landscape.disclosure.safe_tables import typed

CLOSES = dt.date(2017, 9, 30)
COLUMNS = {
    "members": ["wave", "closes_on", "cut", "cut_code", "cut_name", "n_members", "is_sample"],
    "member_areas": ["wave", "force_area_code", "force_area_name", "region_name", "has_member", "is_sample", "state"],
    "responses": ["survey", "wave", "closes_on", "n_responded", "n_invited", "is_sample"],
    "survey_answers": [
        "survey", "wave", "closes_on", "question", "cut", "cut_code", "cut_name", "option_code", "option_name", "n_selected",
        "n_people", "tenths", "answer_words", "people_share", "interval_low_share", "interval_high_share", "state",
        "is_sample",
    ],
}  # fmt: skip
Chosen = Mapping[str, Mapping[str, int]]


def question(
    name: str,
    n_people: int,
    chosen: Mapping[str, int],
    *,
    is_single: bool = False,
    silent: int | None = None,
    groups: Chosen | None = None,
    labels: Mapping[str, str] | None = None,
) -> Question:
    """A question with how many chose each option; those left over gave no answer."""
    labels = labels or {code: code for code in chosen}
    silent = max(n_people - sum(chosen.values()), 0) if silent is None else silent
    counts = Counter({(ALL, code): n for code, n in chosen.items()} | {(ALL, NO_ANSWER): silent})
    for group, of_group in (groups or {}).items():
        counts.update({(group, code): n for code, n in of_group.items()})
    return Question(name, is_single, name.endswith("_rank"), {**labels, NO_ANSWER: NO_ANSWER_NAME}, counts)


def round_of(
    survey: str,
    n_people: int,
    questions: Sequence[Question],
    *,
    cut: str = "",
    sizes: Mapping[str, int] | None = None,
    n_responded: int | None = None,
    n_invited: int | None = None,
    is_sample: bool = False,
) -> Round:
    """One wave of a survey."""
    return Round(
        survey, "2017", CLOSES, is_sample, n_responded or n_people, n_people, n_invited, cut, sizes or {}, {},
        tuple(questions),
    )  # fmt: skip


def answers(*rounds: Round) -> pd.DataFrame:
    """The published answers of these waves."""
    return _frame(SURVEY_ANSWERS, [row for those in rounds for row in answers_of(those, "The North")])


def members(
    by_region: Mapping[str, int], by_type: Mapping[str, int], *, is_sample: bool = False, wave: str = "2017"
) -> pd.DataFrame:
    """Members as printed."""
    rows = [
        {"wave": wave, "closes_on": CLOSES, "cut": cut, "cut_code": code, "cut_name": code, "n_members": n}
        for cut, cells in (("region", by_region), ("organisation_type", by_type))
        for code, n in (*cells.items(), (ALL, sum(cells.values())))
        if cells
    ]
    return _frame(MEMBERS, [{**row, "is_sample": is_sample} for row in rows])


def member_areas(
    areas: Sequence[tuple[str, str, str]], said: Sequence[str], *, is_sample: bool = False, wave: str = "2017"
) -> pd.DataFrame:
    """Areas (code, name, region), and of which it is said that they have members."""
    rows = [
        {"wave": wave, "force_area_code": code, "force_area_name": name, "region_name": region,
         "has_member": True if code in said else None, "is_sample": is_sample,
         "state": "value" if code in said else "not_said"}
        for code, name, region in areas
    ]  # fmt: skip
    return _frame(MEMBER_AREAS, rows)


def responses(survey: str, n_responded: int, n_invited: int | None, *, is_sample: bool = False) -> pd.DataFrame:
    """The sentence on responses."""
    row = {"survey": survey, "wave": "2017", "closes_on": CLOSES, "n_responded": n_responded, "n_invited": n_invited}
    return _frame(RESPONSES, [{**row, "is_sample": is_sample}])


def _frame(table: PublishedTable, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return typed(table, pd.DataFrame(rows, columns=COLUMNS[table.name]))

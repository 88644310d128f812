"""What people answered, as published: the whole landscape, by role, by region."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.disclosure.audit import audit
from landscape.disclosure.counts import GREATEST_LOSS, TOTAL, Cell, Counts, Sum
from landscape.disclosure.cuts import OTHER_NAMES, by_region, groups_shown, shown_cuts
from landscape.disclosure.declared import (
    ALL,
    MEMBERS_QUESTIONS,
    MEMBERS_SURVEY,
    PRIORITIES,
    PRIORITIES_QUESTIONS,
    PRIORITIES_SURVEY,
    ROLE_QUESTION,
    SURVEY_ANSWERS,
    UNPUBLISHED_USES,
    PublishedTable,
)
from landscape.disclosure.profiles import Profile
from landscape.disclosure.suppress import suppressed
from landscape.disclosure.suppression_mask import masked

if TYPE_CHECKING:
    import pandas as pd

Groups = Mapping[tuple[str, str], Mapping[str, Collection[str]]]
"""The roles and regions that may be shown as groups, by survey and wave."""


def priorities(mart: pd.DataFrame, areas: pd.DataFrame, groups: Groups, profile: Profile) -> pd.DataFrame:
    """Topics wanted, x of n: the whole landscape, by role and by region, for groups that are large enough.

    Args:
        mart: marts.priorities.
        areas: reference.force_areas.
        groups: From `groups_of_respondents`.
        profile: The thresholds.

    Returns:
        The columns of the mart with `state`. Where too few answered, there is only the whole landscape, hidden.
    """
    tables = []
    for (wave, _), rows in by_region(mart, areas, _counts(PRIORITIES)).groupby(["wave", "purpose"], sort=True):
        shown = _shown(rows, PRIORITIES, profile, groups[PRIORITIES_SURVEY, str(wave)])
        # Fewer people rank topics than choose them: by group, first choices are shown with the ranked question.
        is_whole = shown["cut_code"] == ALL
        is_enough = shown.loc[is_whole, "n_first_choice"].sum() >= profile.smallest_base
        shown["n_first_choice"] = shown["n_first_choice"].where(is_whole & is_enough)
        tables.append(masked(shown, _too_few(shown, profile), _counts(PRIORITIES), profile))
    return joined_tables(tables, PRIORITIES, mart)


def survey_answers(
    mart: pd.DataFrame,
    questions: pd.DataFrame,
    areas: pd.DataFrame,
    groups: Groups,
    everywhere: str,
    profile: Profile,
    secret: bytes,
) -> pd.DataFrame:
    """Answers to closed questions of surveys of people, for groups that are large enough.

    A question with one answer counts each person once, so its options and groups add up like a table of members:
    small counts are hidden. For questions with several answers and rankings, x of n is shown as it is.

    Args:
        mart: marts.survey_breakdown.
        questions: reference.questions.
        areas: reference.force_areas.
        groups: From `groups_of_respondents`.
        everywhere: Name of the whole landscape.
        profile: The thresholds.
        secret: The key of the order in which cells are hidden.

    Returns:
        Columns survey, wave, question, choice_rank, cut, cut_code, cut_name, option_code, option_name, n_selected,
        n_answered, n_asked, respondent_share, is_sample and state. Surveys of visits are left out: they do not count people.

    Raises:
        DisclosureError: A hidden count could be worked out.
    """
    published = _answers_of_people(mart, questions, areas)
    published["cut_name"] = published["cut_name"].mask(published["cut_code"].eq(ALL), everywhere)
    single = set(questions.loc[questions["kind"].eq("select_one") & questions["rank_list"].isna(), "question"])
    tables = []
    for unit, rows in published.groupby(list(SURVEY_ANSWERS.unit), sort=True, dropna=False):
        survey, wave, question, _ = map(str, unit)
        of_cuts = rows[rows["cut"].isin(_cuts(survey, question))]
        shown = _shown(of_cuts, SURVEY_ANSWERS, profile, groups[survey, wave])
        is_hidden = _too_few(shown, profile)
        if question in single and not any(is_hidden):
            is_hidden = _hidden_answers(shown, f"{survey}, {wave}, {question}", profile, secret)
        tables.append(masked(shown, is_hidden, _counts(SURVEY_ANSWERS), profile))
    return joined_tables(tables, SURVEY_ANSWERS, published)


def groups_of_respondents(
    mart: pd.DataFrame, questions: pd.DataFrame, areas: pd.DataFrame, profile: Profile, secret: bytes
) -> Groups:
    """The roles and regions whose answers may be shown, by survey and wave.

    They are chosen once for all questions: groups that differed between questions could be subtracted from each
    other. A role whose number of people is hidden is not among them.

    Args:
        mart: marts.survey_breakdown.
        questions: reference.questions.
        areas: reference.force_areas.
        profile: The thresholds.
        secret: The key of the order in which cells are hidden.
    """
    published = _answers_of_people(mart, questions, areas)
    groups = {}
    for unit, rows in published.groupby(["survey", "wave"]):
        survey, wave = map(str, unit)
        whole = rows[rows["cut_code"] == ALL]
        everybody = int(whole["n_asked"].max())
        roles = whole[whole["question"] == ROLE_QUESTION]
        sizes = {
            "role": dict(zip(roles["option_code"], roles["n_selected"], strict=True)),
            "region": dict(rows[rows["cut"] == "region"].groupby("cut_code")["n_asked"].max()),
        }
        if len(roles) and everybody >= profile.smallest_base:
            is_hidden = _hidden_answers(roles, f"{survey}, {wave}, {ROLE_QUESTION}", profile, secret)
            for role, hides in zip(roles["option_code"], is_hidden, strict=True):
                if hides:
                    del sizes["role"][role]
        groups[survey, wave] = {cut: groups_shown(sizes[cut], everybody, profile.smallest_base) for cut in OTHER_NAMES}
    return groups


def _counts(table: PublishedTable) -> tuple[str, ...]:
    return (*table.counts, *table.totals)


def _answers_of_people(mart: pd.DataFrame, questions: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """The mart by cut, without visits and without questions on places, organisations, consent or membership."""
    uses = questions.assign(use=questions["question_use"].fillna("").str.partition(":")[0])
    visits = set(uses.loc[uses["use"] == "wave_date", "survey"])  # only a visit has its own date
    kept = uses[uses["kind"].isin(["select_one", "select_multiple"]) & ~uses["use"].isin(UNPUBLISHED_USES)]
    kept = kept[~kept["survey"].isin(visits)]
    kept = kept[~(kept["survey"].eq(MEMBERS_SURVEY) & kept["question"].isin(MEMBERS_QUESTIONS))]
    asked = kept.assign(question=kept["rank_list"].fillna(kept["question"]))[["survey", "question"]].drop_duplicates()
    return by_region(_with_cuts(mart.merge(asked, on=["survey", "question"])), areas, _counts(SURVEY_ANSWERS))


def _with_cuts(mart: pd.DataFrame) -> pd.DataFrame:
    """The mart with the columns cut, cut_code and cut_name; it has areas by code only."""
    if "cut" in mart.columns:
        return mart.drop(columns="tick_share")
    codes = mart["force_area_code"]
    return mart.drop(columns=["force_area_code", "tick_share"]).assign(
        cut=codes.isna().map({True: "all", False: "area"}),
        cut_code=codes.fillna(ALL),
        cut_name=codes.fillna(ALL),
    )


def _cuts(survey: str, question: str) -> tuple[str, ...]:
    """The cuts that a question is shown by."""
    if question in PRIORITIES_QUESTIONS:
        return ("all",)
    cuts = ("all",) if question == ROLE_QUESTION else ("all", "role")
    return cuts if survey == MEMBERS_SURVEY else (*cuts, "region")


def _shown(
    rows: pd.DataFrame, table: PublishedTable, profile: Profile, groups: Mapping[str, Collection[str]]
) -> pd.DataFrame:
    """The rows of the groups that are shown, in order of names."""
    shown = shown_cuts(rows, table, profile.smallest_base, groups)
    return shown.sort_values(list(table.row), ignore_index=True)


def _too_few(shown: pd.DataFrame, profile: Profile) -> list[bool]:
    return [n < profile.smallest_base for n in shown["n_answered"]]


def _hidden_answers(shown: pd.DataFrame, name: str, profile: Profile, secret: bytes) -> list[bool]:
    counts = counts_of_answers(shown, name)
    hidden = suppressed(counts, profile, secret)
    audit(counts, hidden, profile)
    return [cell in hidden for cell in _cells(shown, name)]


def counts_of_answers(shown: pd.DataFrame, name: str) -> Counts:
    """The true counts of a question with one answer: options add up to a group, groups to the whole landscape.

    Args:
        shown: Its rows, with cut, cut_code, option_code and n_selected; the groups of a cut add up to everybody.
        name: What to call it.
    """
    values = dict(zip(_cells(shown, name), shown["n_selected"].astype(int), strict=True))
    groups = sorted({cell[1:3] for cell in values})
    options = sorted({cell[3] for cell in values})
    sums = []
    for cut, group in groups:
        each = Sum((name, cut, group, TOTAL), tuple((name, cut, group, option) for option in options))
        values[each.whole] = sum(values[part] for part in each.parts)
        sums.append(each)
    for cut in sorted({cut for cut, group in groups if group != ALL}):
        for option in (*options, TOTAL):
            parts = tuple((name, cut, group, option) for each, group in groups if each == cut)
            sums.append(Sum((name, "all", ALL, option), parts))
    bases = frozenset(each.whole for each in sums if each.whole[3] == TOTAL)
    information_loss: dict[Cell, int] = {(name, "all", ALL, option): GREATEST_LOSS for option in options}
    return Counts(values, tuple(sums), bases=bases, information_loss=information_loss)


def _cells(shown: pd.DataFrame, name: str) -> list[Cell]:
    columns = (shown[column].astype(str) for column in ("cut", "cut_code", "option_code"))
    return [(name, *cell) for cell in zip(*columns, strict=True)]


def joined_tables(tables: Sequence[pd.DataFrame], table: PublishedTable, mart: pd.DataFrame) -> pd.DataFrame:
    """Published tables of one kind joined in order; if there are none, the columns of their mart with `state`."""
    import pandas as pd

    if not tables:
        return mart[:0].assign(state=pd.Series(dtype="str"))
    joined = pd.concat(tables, ignore_index=True)
    return joined.sort_values([*table.unit, *table.row], ignore_index=True)

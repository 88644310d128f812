"""From one release to the next nobody who joined can be seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from test_disclosure_tables import AREAS, SECRET, network

from landscape.disclosure.members import member_areas, members_by_region
from landscape.disclosure.profiles import STANDARD, STRICT, Profile
from landscape.disclosure.releases import RELEASED_ON, HeldBack, Seen, hold_back

DAY = dt.date(2017, 7, 1)
NEXT = dt.date(2017, 8, 1)
PLACES = ("E1", "E2", "E3", "E4")
KINDS = ("FORCE", "UNI")
People = Mapping[tuple[str, str], int]


def tables(
    people: People, asked: Mapping[str, tuple[int, int]] | None = None, agreed: int = 0
) -> dict[str, pd.DataFrame]:
    """Published tables of these members, and of one question: x of n by cut."""
    rows = network(**{f"{area}{kind}": (kind, n, min(n, agreed)) for (area, kind), n in people.items() if n})
    wanted = pd.DataFrame(
        [
            {"wave": "2017", "purpose": "events", "cut": "all" if code == "ALL" else "role", "cut_code": code,
             "topic_code": "TOP.TRUST", "n_selected": x, "n_answered": n, "n_first_choice": 0, "state": "value"}
            for code, (x, n) in (asked or {}).items()
        ],
        columns=["wave", "purpose", "cut", "cut_code", "topic_code", "n_selected", "n_answered", "n_first_choice", "state"],
    )  # fmt: skip
    answers = pd.DataFrame(
        columns=["survey", "wave", "question", "choice_rank", "cut", "cut_code", "option_code", "n_selected"]
    )
    ranked = pd.DataFrame(columns=["wave", "purpose", "cut", "cut_code", "topic_code", "n_answered"])
    rates = pd.DataFrame(columns=["survey", "wave", "cut", "cut_code", "n_responded"])
    return {
        "members_by_region": members_by_region(rows, AREAS, STANDARD, SECRET),
        "member_areas": member_areas(rows, AREAS),
        "priorities": wanted,
        "survey_answers": answers,
        "priority_ranking": ranked,
        "response_rates": rates,
    }


def after(
    old: dict[str, pd.DataFrame], new: dict[str, pd.DataFrame], profile: Profile = STANDARD
) -> tuple[dict[str, pd.DataFrame], set[str]]:
    first, none = hold_back([], old, DAY, profile)
    assert none == ()
    second, held = hold_back([Seen(profile.name, first)], new, NEXT, profile)
    return second, {each.table for each in held}


BEFORE = {("E1", "FORCE"): 12, ("E1", "UNI"): 8, ("E3", "FORCE"): 10, ("E3", "UNI"): 9}


def test_one_joiner_changes_nothing_that_is_published() -> None:
    first, _ = hold_back([], tables(BEFORE), DAY, STANDARD)
    second, held = hold_back([Seen("standard", first)], tables({**BEFORE, ("E1", "FORCE"): 13}), NEXT, STANDARD)
    pd.testing.assert_frame_equal(second["members_by_region"], first["members_by_region"])
    assert held == (HeldBack("members_by_region", ("2017",), DAY),)


def test_one_who_came_for_one_who_left_is_not_seen_either() -> None:
    swapped = {**BEFORE, ("E1", "FORCE"): 13, ("E1", "UNI"): 7}
    second, held = after(tables(BEFORE), tables(swapped))
    assert held == {"members_by_region"}
    assert set(second["members_by_region"][RELEASED_ON]) == {pd.Timestamp(DAY)}


def test_many_joiners_are_shown_unless_one_total_moves_by_few() -> None:
    by_many = {place: n + 6 for place, n in BEFORE.items()}
    second, held = after(tables(BEFORE), tables(by_many))
    assert held == set()
    assert set(second["members_by_region"][RELEASED_ON]) == {pd.Timestamp(NEXT)}
    assert after(tables(BEFORE), tables({**by_many, ("E3", "UNI"): 10}))[1] == {"members_by_region"}


def test_a_table_of_too_few_comes_out_only_when_many_have_joined() -> None:
    few = {("E1", "FORCE"): 9}
    for members, is_held in ((10, True), (13, True), (14, False)):
        assert (after(tables(few), tables({("E1", "FORCE"): members}))[1] == {"members_by_region"}) is is_held


def test_a_wave_that_is_new_is_shown_and_one_that_is_gone_is_not() -> None:
    other = {name: table.assign(wave="2018") for name, table in tables(BEFORE).items()}
    second, held = after(tables(BEFORE), other)
    assert held == set()
    assert set(second["members_by_region"]["wave"]) == {"2018"}


def test_an_area_that_agrees_no_longer_is_hidden_though_the_table_is_kept() -> None:
    second, held = after(tables(BEFORE, agreed=1), tables({**BEFORE, ("E1", "FORCE"): 13}))
    assert not second["member_areas"]["has_member"].any()
    assert held == {"members_by_region"}
    newly, _ = after(tables(BEFORE), tables({**BEFORE, ("E1", "FORCE"): 13}, agreed=1))
    assert not newly["member_areas"]["has_member"].any()  # it would tell who joined


def test_opinions_of_fewer_than_ten_newcomers_are_not_shown() -> None:
    old = {"ALL": (10, 30), "R": (5, 15), "OTHERS": (5, 15)}
    for new, is_held in (
        ({"ALL": (11, 31), "R": (6, 16), "OTHERS": (5, 15)}, True),
        ({"ALL": (19, 39), "R": (14, 24), "OTHERS": (5, 15)}, True),
        ({"ALL": (20, 40), "R": (15, 25), "OTHERS": (5, 15)}, False),
        ({"ALL": (20, 40), "R": (15, 25), "OTHERS": (6, 15)}, True),  # one of the others answered again
        ({"ALL": (20, 45), "R": (15, 25), "OTHERS": (5, 20)}, True),
        ({"ALL": (11, 30), "R": (6, 15), "OTHERS": (5, 15)}, True),
        ({"ALL": (10, 30), "R": (5, 15), "OTHERS": (5, 15)}, False),
    ):
        assert (after(tables(BEFORE, old), tables(BEFORE, new))[1] == {"priorities"}) is is_held, new


def test_a_table_that_calls_everybody_by_another_code_is_kept_without_comparison() -> None:
    before, now = tables(BEFORE, {"EVERYBODY": (10, 30)}), tables(BEFORE, {"ALL": (20, 40)})
    assert after(before, now)[1] == {"priorities"}


def test_an_answer_without_a_rank_is_released_too() -> None:
    answers = pd.DataFrame(
        [("network_signup", "2017", question, rank, "all", "ALL", "ANS.YES", 12, 20, 20)
         for question, rank in (("attended", None), ("topics_rank", 1), ("topics_rank", 2))],
        columns=["survey", "wave", "question", "choice_rank", "cut", "cut_code", "option_code", "n_selected", "n_answered",
                 "n_asked"],
    ).astype({"choice_rank": "Int64"})  # fmt: skip
    new = {**tables(BEFORE), "survey_answers": answers}
    first, _ = hold_back([], new, DAY, STANDARD)
    assert len(first["survey_answers"]) == 3
    more = answers.assign(n_answered=21)
    second, held = hold_back([Seen("standard", first)], {**new, "survey_answers": more}, NEXT, STANDARD)
    assert {each.unit for each in held} == {
        ("network_signup", "2017", question, rank)
        for question, rank in (("attended", ""), ("topics_rank", "1"), ("topics_rank", "2"))
    }
    assert len(second["survey_answers"]) == 3


def test_a_total_that_comes_back_near_an_earlier_one_is_not_shown_either() -> None:
    """39, then 49, then 40: beside the first release, the third would show one person."""
    first, _ = hold_back([], tables(BEFORE), DAY, STANDARD)
    more = {**BEFORE, ("E1", "FORCE"): 22}
    second, held = hold_back([Seen("standard", first)], tables(more), NEXT, STANDARD)
    assert held == ()
    seen = [Seen("standard", second), Seen("standard", first)]
    third, held = hold_back(seen, tables({**BEFORE, ("E1", "FORCE"): 13}), dt.date(2017, 9, 1), STANDARD)
    assert held == (HeldBack("members_by_region", ("2017",), NEXT),)
    pd.testing.assert_frame_equal(third["members_by_region"], second["members_by_region"])


def test_other_thresholds_do_not_bring_an_old_table_back() -> None:
    """A controller who now asks for stricter thresholds gets the table by those, or not at all."""
    first, _ = hold_back([], tables(BEFORE), DAY, STANDARD)
    second, held = hold_back([Seen("standard", first)], tables(BEFORE), NEXT, STRICT)
    assert [each for each in held if each.table == "members_by_region"] == [
        HeldBack("members_by_region", ("2017",), None)
    ]
    assert second["members_by_region"].empty
    assert second["member_areas"].empty


def test_rounding_is_not_taken_for_a_large_move() -> None:
    old = {"ALL": (10, 30)}
    for n, is_held in ((35, True), (40, True), (45, False)):  # 30 can be 32 and 40 can be 38: six people
        assert (after(tables(BEFORE, old), tables(BEFORE, {"ALL": (10, n)}), STRICT)[1] == {"priorities"}) is is_held


STEPS = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(KINDS)), st.integers(-3, 9), min_size=1, max_size=4
    ),
    min_size=1,
    max_size=4,
)
BEGINNINGS = st.fixed_dictionaries({(area, kind): st.integers(0, 8) for area in ("E1", "E3") for kind in KINDS})


@settings(max_examples=max(20, settings.default.max_examples // 10), deadline=None)
@given(BEGINNINGS, STEPS)
def test_no_sequence_of_releases_shows_a_move_of_one_to_four_people(
    beginning: dict[tuple[str, str], int], steps: list[dict[tuple[str, str], int]]
) -> None:
    people = {**beginning, ("E1", "FORCE"): 5 + beginning["E1", "FORCE"]}
    last, _ = hold_back([], tables(people), DAY, STANDARD)
    seen = [Seen("standard", last)]
    for number, step in enumerate(steps, start=1):
        people = {place: max(0, people.get(place, 0) + step.get(place, 0)) for place in {**people, **step}}
        people["E1", "FORCE"] = max(5, people["E1", "FORCE"])
        now, _ = hold_back(seen, tables(people), DAY + dt.timedelta(weeks=number), STANDARD)
        keys = ["wave", "region_name", "organisation_type_code"]
        for earlier in seen:  # a reader may hold any two
            both = earlier.tables["members_by_region"].merge(now["members_by_region"], on=keys, how="outer")
            moves = (both["n_members_x"] - both["n_members_y"]).abs().dropna()
            assert not moves.between(1, 4).any()
            is_new = len(moves) and (both["released_on_x"] != both["released_on_y"]).any()
            total = both[(both["region_name"] == "All regions") & (both["organisation_type_code"] == "TOTAL")]
            shown = total[["n_members_x", "n_members_y"]].iloc[0].dropna()
            assert not is_new or len(shown) < 2 or abs(shown.iloc[0] - shown.iloc[1]) >= 5
        seen.insert(0, Seen("standard", now))


def test_a_ranking_is_kept_where_one_of_its_ranked_questions_is() -> None:
    """Else the new ranking, beside the old answers, would show whose third places came."""

    def with_rankings(n: int, n_third: int) -> dict[str, pd.DataFrame]:
        shared = {"wave": "2017", "cut": "all", "cut_code": "ALL", "state": "value"}
        ranked = pd.DataFrame(
            [{**shared, "purpose": "events", "topic_code": "TOP.TRUST", "n_answered": n, "n_first_choice": n,
              "n_second_choice": 0, "n_third_choice": n_third}]
        )  # fmt: skip
        third = pd.DataFrame(
            [{**shared, "survey": "priority_survey", "question": "events_rank", "choice_rank": 3, "option_code": "TOP.TRUST",
              "n_answered": n_third, "n_asked": n, "n_selected": n_third}]
        )  # fmt: skip
        return {**tables(BEFORE), "priority_ranking": ranked, "survey_answers": third}

    _, held = after(with_rankings(40, 20), with_rankings(60, 21))
    assert {"priority_ranking", "survey_answers"} <= held
    _, held = after(with_rankings(40, 20), with_rankings(60, 35))
    assert "priority_ranking" not in held

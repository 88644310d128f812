"""The tables about people, worked out by hand, and the rule of the line without a number attacked in every small table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from duckdb import DuckDBPyConnection
from people_sequences import LAST, Landscape, landscape, landscapes
from safe_frames import answers, question, round_of

from landscape.disclosure.audit import Behind, is_open
from landscape.disclosure.limits import line_of
from landscape.disclosure.opinions import answers_of

CUMBRIA, DURHAM = "E23000002", "E23000008"
OCTOBER = LAST.replace(month=10, day=1)


@pytest.fixture(scope="module")
def con() -> Iterator[DuckDBPyConnection]:
    with landscapes() as staging_db:
        yield staging_db


@pytest.fixture
def team(con: DuckDBPyConnection) -> Landscape:
    found = landscape(con, 1)
    found.invited = {"ORG.FORCE": 30, "ORG.UNI": 9}
    return found


def joins(team: Landscape, n: int, area: str | None = CUMBRIA, kind: str = "ORG.FORCE", *, agrees: bool = True) -> None:
    consents = {"CON.NETWORK": True, "CON.ANALYSIS": True, "CON.AREA": agrees}
    team.join("network_signup", "2017", n, area=area, kind=kind, consents=consents)


def released(team: Landscape, table: str) -> list[tuple[str, ...]]:
    tables = team.release("one", OCTOBER)
    assert tables is not None
    shown = {"members": ("cut_code", "n_members"), "member_areas": ("force_area_code", "has_member"),
             "responses": ("n_responded", "n_invited")}[table]  # fmt: skip
    return [tuple(row[name] for name in shown) for row in tables.get(table, [])]


def test_members_are_rounded_row_by_row_and_totals_are_what_is_printed(team: Landscape) -> None:
    joins(team, 13)
    joins(team, 2, DURHAM, "ORG.UNI")
    joins(team, 8, None, "ORG.VCS")
    assert released(team, "members") == [
        ("North East", "0"), ("North West", "15"), ("Yorkshire and The Humber", "0"), ("NOT_STATED", "10"), ("ALL", "25"),
        ("ORG.FORCE", "15"), ("OTHERS", "10"), ("ALL", "25"),
    ]  # fmt: skip # only of forces ten or more were invited


def test_of_fewer_than_ten_nothing_is_shown(team: Landscape) -> None:
    joins(team, 9)
    tables = team.release("one", OCTOBER)
    assert tables is not None and not any(tables.values())


def test_nothing_is_published_while_a_wave_is_open(team: Landscape) -> None:
    joins(team, 20)
    assert team.release("early", LAST) == {}
    assert team.ledger == ()


@pytest.mark.parametrize(
    ("kinds", "is_said"),
    [(("ORG.FORCE",), False), (("ORG.FORCE", "ORG.FORCE"), False), (("ORG.FORCE", "ORG.UNI"), True)],
)
def test_an_area_has_members_where_two_of_two_organisations_agreed(
    team: Landscape, kinds: tuple[str, ...], is_said: bool
) -> None:
    joins(team, 12, DURHAM, agrees=False)
    for kind in kinds:
        joins(team, 1, CUMBRIA, kind)
    assert dict(released(team, "member_areas"))[CUMBRIA] == ("True" if is_said else "")
    assert dict(released(team, "member_areas"))[DURHAM] == ""


@pytest.mark.parametrize(
    ("answered", "refused", "printed"), [(41, 1, "45"), (43, 0, "45"), (46, 1, "50"), (45, 5, "50")]
)
def test_responses_are_never_printed_below_the_base_of_the_answers(
    team: Landscape, answered: int, refused: int, printed: str
) -> None:
    joins(team, answered)
    team.join("network_signup", "2017", refused, consents={"CON.ANALYSIS": False})
    assert released(team, "responses") == [(printed, "39")]


def words(single: bool, n: int, **chosen: int) -> dict[str, str]:
    table = answers(round_of("priority_survey", n, [question("q", n, chosen, is_single=single, silent=0)]))
    return dict(zip(table.option_code, table.answer_words, strict=True))


def test_x_of_n_is_printed_unless_few_or_all_but_few_chose_it() -> None:
    assert words(False, 12, A=2, B=3, C=9, D=10) == {
        "A": "fewer than 3", "B": "3 of 12", "C": "9 of 12", "D": "all but fewer than 3", "NO_ANSWER": "fewer than 3",
    }  # fmt: skip
    assert words(False, 9, A=5) == {}


def test_of_a_question_with_one_answer_small_options_form_one_line() -> None:
    assert words(True, 40, A=20, B=15, C=2, D=1, E=2) == {"A": "20 of 40", "B": "15 of 40", "OTHERS": "no number"}
    # One option of nobody would be known by subtraction: the smallest joins it.
    assert words(True, 40, A=20, B=14, C=6) == {"A": "20 of 40", "B": "14 of 40", "OTHERS": "no number"}
    assert words(True, 40, A=39, B=1) == {"A": "all but fewer than 3", "OTHERS": "no number"}


@pytest.mark.parametrize("n", [10, 11, 12, 13, 14])
@pytest.mark.parametrize("options", [2, 3, 4])
def test_whoever_knows_the_rule_finds_three_numbers_for_every_option_of_a_line(n: int, options: int) -> None:
    """All tables there are, by what is printed of them: readers of one cannot tell which of them it is."""
    behind: dict[tuple[int | None, ...] | None, list[tuple[int, ...]]] = defaultdict(list)
    for counts in _adding_up_to(n, options):
        if max(counts) <= n - 3:
            line = line_of(counts)
            behind[None if line is None else tuple(None if i in line else x for i, x in enumerate(counts))].append(
                counts
            )
    for printed, worlds in behind.items():
        hidden = range(options) if printed is None else [i for i, x in enumerate(printed) if x is None]
        for option in hidden:
            assert len({world[option] for world in worlds}) >= 3, (printed, worlds)


def _adding_up_to(n: int, options: int) -> Iterator[tuple[int, ...]]:
    if options == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in _adding_up_to(n - first, options - 1):
            yield (first, *rest)


def test_a_ranking_counts_the_first_three_together(team: Landscape) -> None:
    for first in ("TOP.TRUST",) * 8 + ("TOP.TECH",) * 8:
        other = "TOP.TECH" if first == "TOP.TRUST" else "TOP.YOUTH"
        team.join("priority_survey", "2017", answers={"events_rank": [first, other]}, consents={"CON.ANALYSIS": True})
    tables = team.release("one", OCTOBER)
    assert tables is not None
    ranked = {
        row["option_code"]: row["answer_words"] for row in tables["survey_answers"] if row["question"] == "events_rank"
    }
    assert (ranked["TOP.TRUST"], ranked["TOP.YOUTH"], ranked["TOP.TECH"]) == (
        "8 of 16",
        "8 of 16",
        "all but fewer than 3",
    )
    assert not {"topic_rank", "borda_points", "n_first_choice"} & tables["survey_answers"][0].keys()


def grouped(n: int, in_a: int) -> list[dict[str, object]]:
    """Two groups, of which one chose the option mostly and the other seldom."""
    half = n // 2
    asked = question(
        "q",
        n,
        {"A": in_a + n // 5, "B": n // 2},
        groups={"North East": {"A": in_a, "B": n // 4, "NO_ANSWER": 0}},
        silent=0,
    )
    return answers_of(round_of("priority_survey", n, [asked], cut="region", sizes={"North East": half}), "The North")


def test_groups_are_told_in_tenths_without_their_sizes() -> None:
    rows = {(row["cut_code"], row["option_code"]): row for row in grouped(200, 70)}
    assert rows["North East", "A"]["answer_words"] == "about 7 in 10"
    assert rows["OTHERS", "A"]["answer_words"] == "about 4 in 10"
    assert rows["North East", "NO_ANSWER"]["answer_words"] == "fewer than 2 in 10"
    assert all(row["n_people"] is None and row["n_selected"] is None for (cut, _), row in rows.items() if cut != "ALL")


def test_groups_that_would_show_a_count_are_left_out_and_the_rest_stays() -> None:
    rows = grouped(20, 7)
    assert {row["cut_code"] for row in rows} == {"ALL"}


def test_by_role_the_numbers_of_the_roles_are_printed_so_that_no_group_of_few_is_shown() -> None:
    roles = question("role", 40, {"ROL.LEAD": 25, "ROL.POLICY": 15}, is_single=True)
    asked = question(
        "q", 40, {"A": 20}, groups={"ROL.LEAD": {"A": 15, "NO_ANSWER": 5}, "ROL.POLICY": {"A": 5}}, silent=5
    )
    sizes = {"ROL.LEAD": 25, "ROL.POLICY": 15}
    rows = answers_of(round_of("priority_survey", 40, [roles, asked], cut="role", sizes=sizes), "The North")
    assert Counter(row["cut_code"] for row in rows).keys() == {"ALL"}


def test_the_audit_finds_what_only_two_tables_together_show() -> None:
    """Two rounded rows of 3 to 7 add up to what cannot be more than 7, as no more responded: 3 and 4 are left."""
    known = Behind()
    cells = [known.add(("members", name), 3, 7) for name in ("a", "b")]
    assert is_open(known)
    everybody = known.add(("responses",), 0, 7)
    known.secret.discard(everybody)
    known.relate({**dict.fromkeys(cells, 1), everybody: -1}, -7, 0)
    assert not is_open(known)

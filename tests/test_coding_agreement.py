"""Agreement between coders: published and hand-worked examples, sheets compared, tentative codes marked."""

from __future__ import annotations

import pytest
from coding_landscape import CUMBRIA, EVERY_SURVEY, NOW, fill, last_made, reported_twice, rows_of, tables
from conftest import Receive
from figure_landscapes import plausible
from hypothesis import given, settings
from hypothesis import strategies as st
from marts_landscape import activity, visit
from reporting_landscape import landscape as report_tables
from test_coding_decisions import rows

from assets.figures import objective_breakdown
from landscape.coding.agreement import Measured, agreement_on_code, agreement_on_sets
from landscape.coding.comparing import compare
from landscape.coding.ledgers import Agreement, read_agreement, write_agreement
from landscape.coding.reviewing import export_activities
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.reporting.chapters import method, objectives
from landscape.reporting.content import DataTable, Paragraph

A, B, AB, C = (frozenset(codes) for codes in ("A", "B", "AB", "C"))


def values(line: str) -> list[frozenset[str] | None]:
    """Sets of one value each, on which agreement is that of nominal data."""
    return [None if value == "." else frozenset([value]) for value in line.split()]


def test_four_observers_and_five_nominal_values_as_published() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 12 units, missing data, alpha = .743."""
    published = agreement_on_sets(
        [
            values("1 2 3 3 2 1 4 1 2 . . ."),
            values("1 2 3 3 2 2 4 1 2 5 . 3"),
            values(". 3 3 3 2 3 4 2 2 5 1 ."),
            values("1 2 3 3 2 4 4 1 2 5 1 ."),
        ]
    )
    assert published.alpha == 0.743
    assert published.n_units == 11, "one unit was coded by one observer only"
    assert published.verdict == "tentative"


def test_two_observers_and_binary_data_as_published() -> None:
    """Krippendorff (2011), section A: 10 articles, two observers, alpha = .095."""
    coders = [
        [A if value == "1" else B for value in line.split()] for line in ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
    ]
    published = agreement_on_code(coders, "A")
    assert (published.alpha, published.n_units, published.n_given) == (0.095, 10, 5)
    assert published.verdict == "back_to_definition"
    assert agreement_on_sets(coders).alpha == 0.095, "with one code each, the distance of sets is agreement or not"


def test_two_observers_and_five_nominal_values_as_published() -> None:
    """Krippendorff (2011), section B: 12 articles, two observers, alpha = .692."""
    published = agreement_on_sets([values("a a b b d c c c e d d a"), values("b a b b b c c c e d d d")])
    assert (published.alpha, published.n_units) == (0.692, 12)


Coders = list[list[frozenset[str] | None]]
CODERS = st.tuples(st.integers(2, 4), st.integers(1, 8)).flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([*"vwxyz", "."]), min_size=size[1], max_size=size[1]).map(" ".join).map(values),
        min_size=size[0],
        max_size=size[0],
    )
)


@settings(deadline=None)
@given(CODERS, st.permutations("vwxyz"))
def test_neither_names_nor_order_matter(coders: Coders, names: list[str]) -> None:
    found = agreement_on_sets(coders).alpha
    other = {frozenset(old): frozenset(new) for old, new in zip("vwxyz", names, strict=True)}
    renamed = [[codes and other[codes] for codes in line] for line in coders]
    for same in (renamed, coders[::-1], [line[::-1] for line in coders]):
        alpha = agreement_on_sets(same).alpha
        assert alpha == (None if found is None else pytest.approx(found, abs=0.0011))  # both are rounded


@settings(deadline=None)
@given(CODERS)
def test_alpha_is_one_only_where_all_agree(coders: Coders) -> None:
    alpha = agreement_on_sets(coders).alpha
    if alpha is not None:
        units = [[codes for codes in unit if codes] for unit in zip(*coders, strict=True)]
        assert alpha <= 1
        assert (alpha == 1) == all(len(set(unit)) == 1 for unit in units if len(unit) > 1)
    same = agreement_on_sets([coders[0], coders[0]])
    assert same.alpha == (1 if len({*coders[0]} - {None}) > 1 else None)


def test_sets_that_overlap_disagree_in_part() -> None:
    """By hand. Units (A, AB) and (B, B): distance A–AB is 1/2, A–B is 1, B–AB is 1/2.

    Observed: (1/2 + 0) / 2 = 1/4. Expected over all 12 ordered pairs of the values A, AB, B, B: pairs A–AB 2 × 1/2,
    A–B 4 × 1, AB–B 4 × 1/2, B–B 0, in all 7/12. Alpha = 1 − (1/4) / (7/12) = 4/7.
    """
    assert agreement_on_sets([[A, B], [AB, B]]).alpha == 0.571


@pytest.mark.parametrize(
    ("alpha", "verdict"),
    [(0.8, "used"), (0.799, "tentative"), (0.667, "tentative"), (0.666, "back_to_definition"), (None, "not_computed")],
)
def test_what_follows_from_alpha(alpha: float | None, verdict: str) -> None:
    assert Measured(alpha, None, None, 10, 10).verdict == verdict


def test_where_nothing_varies_nothing_is_measured() -> None:
    assert agreement_on_sets([[A, A], [A, A]]) == Measured(None, None, None, 2, 2)
    assert agreement_on_code([[A, None], [None, B]], "A") == Measured(None, None, None, 0, 0)
    assert agreement_on_sets([[None, None], [None, None]]) == Measured(None, None, None, 0, 0)


def test_the_interval_holds_alpha_and_is_the_same_every_time() -> None:
    coders = [[A, A, B, B, C, A, B, C] * 4, [A, A, B, B, C, B, B, C] * 4]
    first = agreement_on_sets(coders)
    assert first == agreement_on_sets(coders)
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.alpha < first.high < 1  # type: ignore[operator]
    assert agreement_on_sets([coders[0], coders[0]]) == Measured(1.0, 1.0, 1.0, 32, 32)


@pytest.fixture
def two_sheets(project: ProjectPaths, receive: Receive) -> tuple[ProjectPaths, tuple]:
    """Four activities, coded by two people who differ on one primary objective and on one audience."""
    four = [activity(f"A{number}", "OBJ.INFORM") for number in range(1, 5)]
    receive("force_visits", [visit("V1", CUMBRIA, "ORG.FORCE", activities=four)])
    with tables(project) as made:
        sheet = export_activities(made.con, project, EVERY_SURVEY, NOW).path
    coded = ["OBJ.INFORM", "OBJ.TRUST", "OBJ.TRUST", "OBJ.DIVERT"]
    first = {
        row: {"primary_objective": code, "audiences": "AUD.YOUNG; AUD.PUBLIC", "coder": "LT"}
        for row, code in enumerate(coded)
    }
    second = {row: {**cells, "coder": "EM"} for row, cells in first.items()}
    second[0] = {"primary_objective": "OBJ.TRUST", "audiences": "AUD.YOUNG", "coder": "EM"}
    return project, (fill(sheet, first, sheet.with_name("a.xlsx")), fill(sheet, second, sheet.with_name("b.xlsx")))


def test_two_sheets_are_compared_by_scheme_and_code(two_sheets: tuple[ProjectPaths, tuple]) -> None:
    """By hand, primary objective: observed 1/4; values INFORM 1, TRUST 5, DIVERT 2, expected (1·7 + 5·3 + 2·6) / 56 = 34/56."""
    project, files = two_sheets
    found = compare(project, EVERY_SURVEY, files, NOW)
    by_name = {(scheme, code): measured.alpha for scheme, code, measured in found.measured}
    assert by_name["primary_objective", ""] == round(1 - (1 / 4) / (34 / 56), 3) == 0.588
    assert by_name["objective", "OBJ.DIVERT"] == 1.0
    assert by_name["audience", "AUD.YOUNG"] is None, "both gave it everywhere"
    assert (found.n_units, found.n_single, found.is_sample) == (4, 0, False)
    assert found.path is not None
    assert [(row["question"], row["coder A"], row["coder B"]) for row in rows_of(found.path)] == [
        ("primary_objective", "OBJ.INFORM", "OBJ.TRUST"),
        ("objective", "OBJ.INFORM", "OBJ.TRUST"),
        ("audience", "AUD.PUBLIC; AUD.YOUNG", "AUD.YOUNG"),
    ]
    assert found.n_disagreements == 3


def test_tentative_codes_are_marked_from_the_next_refresh_on(two_sheets: tuple[ProjectPaths, tuple]) -> None:
    project, files = two_sheets
    marked = "SELECT DISTINCT objective_code FROM marts.objective_breakdown WHERE is_tentative ORDER BY ALL"
    compare(project, EVERY_SURVEY, files, NOW)
    with tables(project, marts=True) as made:
        assert rows(made, marked) == [("OBJ.INFORM",), ("OBJ.TRUST",)]
    write_agreement(project, [Agreement("objective", "OBJ.TRUST", "0.7", "", "", "4", "tentative", "true")])
    with tables(project, marts=True) as made:
        assert rows(made, marked) == [], "made-up coding says nothing of real activities"


def test_other_schemes_measured_before_stay(project: ProjectPaths) -> None:
    topic = Agreement("topic", "", "0.9", "0.8", "1.0", "20", "used", "false")
    write_agreement(project, [topic, topic._replace(scheme="objective")])
    again = topic._replace(scheme="objective", alpha="0.7", verdict="tentative")
    write_agreement(project, [again])
    assert read_agreement(project) == (again, topic)


def test_sheets_that_cannot_be_compared_are_refused(two_sheets: tuple[ProjectPaths, tuple]) -> None:
    project, (first, second) = two_sheets
    with pytest.raises(LandscapeError, match="same coder"):
        compare(project, EVERY_SURVEY, (first, first), NOW)
    fill(second, {1: {"primary_objective": "OBJ.TRSUT"}})
    with pytest.raises(LandscapeError, match=r"row 3, primary_objective: no code; nearest OBJ\.TRUST"):
        compare(project, EVERY_SURVEY, (first, second), NOW)
    assert not project.agreement.exists()


def test_the_figure_and_its_table_name_tentative_codes() -> None:
    drawn = plausible()
    breakdown = drawn["marts.objective_breakdown"]
    assert "Tentative coding" not in objective_breakdown.draw(drawn, None).caption  # type: ignore[arg-type]
    breakdown["is_tentative"] = breakdown.objective_code == "OBJ.TRUST"
    caption = objective_breakdown.draw(drawn, None).caption  # type: ignore[arg-type]
    assert "Tentative coding (two coders agreed too little): Build trust with hard-to-reach groups." in caption
    tables_of_report = report_tables()
    (table,) = [b for b in objectives.chapter(tables_of_report).subsections[0].blocks if isinstance(b, DataTable)]
    assert table.note.endswith("Tentative coding: Build trust.")


def test_the_report_says_whether_agreement_was_measured() -> None:
    read = report_tables()
    section = next(s for s in method.chapter(read).subsections if s.title == "Coding by people")
    agreed, decided = [block for block in section.blocks if isinstance(block, DataTable)]
    assert agreed.rows == (("Objective", "0.82", "0.70 to 0.91", "30", "used"),)
    assert decided.rows == (("Answer corrected", "4", "1"), ("Activity reported twice merged", "2", "0"))
    read["reference.agreement"] = read["reference.agreement"].iloc[:0]
    section = next(s for s in method.chapter(read).subsections if s.title == "Coding by people")
    assert isinstance(section.blocks[0], Paragraph)
    assert section.blocks[0].text.startswith("No agreement between coders was measured")


def test_nothing_is_marked_where_nobody_coded_twice(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    with tables(project, marts=True):
        pass
    with last_made(project) as made:
        assert rows(made, "SELECT bool_or(is_tentative) FROM marts.objective_breakdown") == [(False,)]

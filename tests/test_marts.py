"""Each mart against answers worked out by hand on a small landscape, and what must never change them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from marts_landscape import LABELS, NOON, activity, landscape_of, priorities, signup, visit

from assets.tables import models
from landscape.staging_db import StagingDatabase, check_table

CUMBRIA, DURHAM, CLEVELAND, NORTHUMBRIA = "E23000002", "E23000008", "E23000013", "E23000007"

VISITS = [
    visit(
        "V01", CUMBRIA, "ORG.FORCE",
        activities=[
            activity("A1", "OBJ.INFORM", ["OBJ.INVRES"]),
            activity("A2", "OBJ.TRUST", areas=[CUMBRIA, DURHAM]),
        ],
    ),
    visit("V02", DURHAM, "ORG.OPCC"),
    visit("V03", NORTHUMBRIA, "ORG.FORCE"),
]  # fmt: skip
SIGNUPS = [
    signup("1", "a@example.org", CUMBRIA),
    signup("2", "b@example.org", CUMBRIA, join=False),
    signup("3", "c@example.org", CUMBRIA, keep=False),
    signup("4", "d@example.org", None),
    signup("5", "A@Example.org ", DURHAM),  # the person of 1 again, later
]
SIGNUPS[4] = dataclasses.replace(SIGNUPS[4], completed_at=NOON + dt.timedelta(days=1))
PRIORITIES = [
    *(priorities(f"356806-1-{n}", ["TOP.TRUST"], "TOP.TRUST") for n in range(7)),
    *(priorities(f"356806-2-{n}", ["TOP.TECH", "TOP.TRUST"], "TOP.TECH") for n in range(3)),
    *(priorities(f"356806-3-{n}", ["TOP.YOUTH"], "TOP.YOUTH") for n in range(2)),
    priorities("356806-4-1", ["TOP.YOUTH"], consent=False),
    priorities("356806-5-1", ["TOP.YOUTH"], done=False),
    priorities("356806-6-1", []),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> StagingDatabase:
    root = tmp_path_factory.mktemp("by_hand")
    received = {"force_visits": VISITS, "network_signup": SIGNUPS, "priority_survey": PRIORITIES}
    with landscape_of(root, received) as staging_db:
        yield staging_db  # type: ignore[misc]


def rows(made: StagingDatabase, query: str) -> list[tuple[object, ...]]:
    return made.con.execute(query).fetchall()


def test_every_table_keeps_the_rules_of_its_model(made: StagingDatabase) -> None:
    broken = {
        model.table: failures
        for layer in ("reference", "staged", "marts")
        for model in models(layer)
        if (failures := check_table(made.con, model))
    }
    assert broken == {}


def test_objectives_by_area(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT force_area_code, objective_code, n_activities, n_area_activities, state FROM marts.objective_breakdown "
        f"WHERE force_area_code IN ('{CUMBRIA}', '{DURHAM}', '{CLEVELAND}', '{NORTHUMBRIA}') "
        "AND objective_code IN ('OBJ.INFORM', 'OBJ.INVRES', 'OBJ.TRUST') ORDER BY ALL",
    )
    assert got == [
        (CUMBRIA, "OBJ.INFORM", 1, 2, "value"),
        (CUMBRIA, "OBJ.INVRES", 1, 2, "value"),
        (CUMBRIA, "OBJ.TRUST", 1, 2, "value"),
        (NORTHUMBRIA, "OBJ.INFORM", 0, 0, "zero"),
        (NORTHUMBRIA, "OBJ.INVRES", 0, 0, "zero"),
        (NORTHUMBRIA, "OBJ.TRUST", 0, 0, "zero"),
        (DURHAM, "OBJ.INFORM", 0, 1, "zero"),
        (DURHAM, "OBJ.INVRES", 0, 1, "zero"),
        (DURHAM, "OBJ.TRUST", 1, 1, "value"),
        (CLEVELAND, "OBJ.INFORM", 0, 0, "not_covered"),
        (CLEVELAND, "OBJ.INVRES", 0, 0, "not_covered"),
        (CLEVELAND, "OBJ.TRUST", 0, 0, "not_covered"),
    ]
    assert rows(made, "SELECT count(*), count(activity_share) FROM marts.objective_breakdown") == [(12 * 19, 0)]


def test_types_of_activity_by_area(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT force_area_code, activity_type_code, n_activities, n_area_activities, state FROM marts.activity_types "
        f"WHERE force_area_code IN ('{CUMBRIA}', '{DURHAM}', '{CLEVELAND}', '{NORTHUMBRIA}') "
        "AND activity_type_code IN ('ACT.MSG', 'ACT.OTHER') ORDER BY ALL",
    )
    assert got == [
        (CUMBRIA, "ACT.MSG", 2, 2, "value"),
        (CUMBRIA, "ACT.OTHER", 0, 2, "zero"),
        (NORTHUMBRIA, "ACT.MSG", 0, 0, "zero"),
        (NORTHUMBRIA, "ACT.OTHER", 0, 0, "zero"),
        (DURHAM, "ACT.MSG", 1, 1, "value"),
        (DURHAM, "ACT.OTHER", 0, 1, "zero"),
        (CLEVELAND, "ACT.MSG", 0, 0, "not_covered"),
        (CLEVELAND, "ACT.OTHER", 0, 0, "not_covered"),
    ]


def test_objectives_that_occur_together(made: StagingDatabase) -> None:
    got = rows(made, "SELECT objective_codes, n_objectives, n_activities, n_areas FROM marts.objective_combinations")
    assert got == [("OBJ.INFORM + OBJ.INVRES", 2, 1, 1), ("OBJ.TRUST", 1, 1, 2)]


def test_network_counts_only_those_who_asked_and_agreed_and_each_person_once(made: StagingDatabase) -> None:
    got = rows(
        made, "SELECT force_area_code, region_name, organisation_type_code, n_members FROM marts.network_by_area"
    )
    assert got == [(DURHAM, "North East", "ORG.FORCE", 1), (None, None, "ORG.FORCE", 1)]


def test_priorities_of_the_north_with_wilson_intervals(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT topic_code, n_selected, n_answered, selected_share, n_first_choice FROM marts.priorities "
        "WHERE purpose = 'events' AND cut = 'all' AND n_selected > 0 ORDER BY topic_code",
    )
    assert got == [
        ("TOP.TECH", 3, 12, 0.25, 3),
        ("TOP.TRUST", 10, 12, 0.8333, 7),
        ("TOP.YOUTH", 2, 12, 0.1667, 2),
    ]
    assert rows(made, "SELECT count(*) FROM marts.priorities WHERE purpose = 'research'") == [(0,)]


def test_wilson_interval_agrees_with_scipy(made: StagingDatabase) -> None:
    from scipy.stats import binomtest

    got = rows(
        made,
        "SELECT DISTINCT n_selected, n_answered, interval_low_share, interval_high_share FROM marts.priorities "
        "WHERE interval_low_share IS NOT NULL",
    )
    assert len(got) == 4
    for x, n, low, high in got:
        interval = binomtest(int(x), int(n)).proportion_ci(method="wilson")  # type: ignore[call-overload]
        assert (low, high) == pytest.approx((interval.low, interval.high), abs=6e-5)


def test_force_areas_tell_a_zero_from_an_area_not_covered(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT force_area_code, n_visits, n_force_visits, n_commissioner_visits, n_activities, n_members, n_responses, state "
        f"FROM marts.force_areas WHERE force_area_code IN ('{CUMBRIA}', '{NORTHUMBRIA}', '{DURHAM}', '{CLEVELAND}')",
    )
    assert got == [
        (CUMBRIA, 1, 1, 0, 2, 0, 16, "value"),
        (NORTHUMBRIA, 1, 1, 0, 0, 0, 0, "zero"),
        (DURHAM, 1, 0, 1, 1, 1, 1, "value"),
        (CLEVELAND, 0, 0, 0, 0, 0, 0, "not_covered"),
    ]


def test_coverage_has_every_area_under_every_survey(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT survey, count(*), sum(n_records), count(*) FILTER (state = 'not_covered'), min(first_on), max(last_on) "
        "FROM marts.coverage GROUP BY survey ORDER BY survey",
    )
    day = dt.date(2017, 6, 20)
    assert got == [
        ("force_visits", 12, 3, 9, day, day),
        ("network_signup", 12, 3, 10, day, day + dt.timedelta(days=1)),
        ("priority_survey", 12, 14, 11, day, day),
    ]


def test_context_rests_on_the_published_figures(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT measure_value, population, measure_per_100k FROM marts.context "
        "WHERE force_area_code = 'E23000010' AND measure_code = 'pcsos'",
    )
    assert got == [(566.89, 2307035, 24.57)]
    missing = rows(
        made, "SELECT force_area_code, measure_code, measure_per_100k FROM marts.context WHERE state = 'not_covered'"
    )
    assert missing == [(NORTHUMBRIA, "police_support_volunteers", None)]


def test_statuses_and_rows_add_up(made: StagingDatabase) -> None:
    got = rows(made, "SELECT survey, status, count(*) FROM staged.responses GROUP BY ALL ORDER BY ALL")
    assert got == [
        ("force_visits", "counted", 3),
        ("network_signup", "counted", 4),
        ("network_signup", "superseded", 1),
        ("priority_survey", "counted", 14),
        ("priority_survey", "partial", 1),
    ]
    assert rows(made, "SELECT * FROM staged.conservation WHERE n_received <> n_kept + n_set_aside") == []


def test_an_unrelated_activity_changes_no_other_objective(tmp_path: Path, made: StagingDatabase) -> None:
    counts = (
        "SELECT force_area_code, objective_code, n_activities FROM marts.objective_breakdown "
        "WHERE objective_code <> 'OBJ.QOL' ORDER BY ALL"
    )
    more = dataclasses.replace(VISITS[1], parts={"activities": [activity("A9", "OBJ.QOL")]})
    with landscape_of(tmp_path, {"force_visits": [VISITS[0], more, VISITS[2]]}) as grown:
        assert grown.con.execute(counts).fetchall() == made.con.execute(counts).fetchall()


def test_an_area_in_the_persons_own_spelling(tmp_path: Path) -> None:
    people = [
        signup("1", "a@example.org", "GMP"),
        signup("2", "b@example.org", "cleveland police "),
        signup("3", "c@example.org", "Northumberland Police"),
        signup("4", "d@example.org", None, organisation="Durham University", organisation_type=LABELS["ORG.UNI"]),
        signup("5", "e@example.org", None, organisation="Durham", organisation_type=LABELS["ORG.LA"]),
    ]
    with landscape_of(tmp_path, {"network_signup": people}) as made:
        assert rows(made, "SELECT response_ref, force_area_code FROM staged.responses ORDER BY response_ref") == [
            ("1", "E23000005"), ("2", CLEVELAND), ("3", None), ("4", DURHAM), ("5", None),
        ]  # fmt: skip
        issues = rows(made, "SELECT line, reason, cell_value, command FROM staged.issues")
    assert len(issues) == 1
    line, reason, cell, command = issues[0]
    assert (line, reason, cell) == (4, "force area not known", "Northumberland Police")
    assert command == 'landscape decide alias "Northumberland Police" --new "Northumbria" --by INITIALS --why WHY'


def test_survey_breakdown_of_ticks_and_ranks(made: StagingDatabase) -> None:
    got = rows(
        made,
        "SELECT question, choice_rank, option_code, n_selected, n_asked, n_answered, respondent_share, tick_share "
        "FROM marts.survey_breakdown WHERE survey = 'priority_survey' AND force_area_code IS NULL "
        "AND option_code IN ('TOP.TECH', 'TOP.TRUST', 'TOP.SKILLS') "
        "AND (question = 'events_topics' OR (question = 'events_rank' AND choice_rank = 1)) ORDER BY ALL",
    )
    assert got == [
        ("events_rank", 1, "TOP.SKILLS", 0, 13, 12, 0.0, 0.0),
        ("events_rank", 1, "TOP.TECH", 3, 13, 12, 0.25, 0.25),
        ("events_rank", 1, "TOP.TRUST", 7, 13, 12, 0.5833, 0.5833),
        ("events_topics", None, "TOP.SKILLS", 0, 13, 12, 0.0, 0.0),
        ("events_topics", None, "TOP.TECH", 3, 13, 12, 0.25, 0.2),
        ("events_topics", None, "TOP.TRUST", 10, 13, 12, 0.8333, 0.6667),
    ]

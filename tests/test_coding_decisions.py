"""Decisions of people: what they change, what they do not, and that nothing else is taken down."""

from __future__ import annotations

import pytest
from coding_landscape import CUMBRIA, DURHAM, EVERY_SURVEY, FORCE_ACTIVITY, NOW, OFFICE_ACTIVITY, reported_twice, tables
from conftest import Receive
from marts_landscape import LABELS, activity, signup, visit

from assets.tables import models
from landscape.coding.applying import OTHER_VALUE
from landscape.coding.deciding import decide, decided_today
from landscape.coding.duplicates import likely_pairs
from landscape.coding.ledgers import Decision, read_decisions, write_decisions
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, check_table

MERGE = Decision(OFFICE_ACTIVITY, "merged_into", "", FORCE_ACTIVITY, "LT", "2017-07-01", "one system, two offices")


def deciding(
    made: StagingDatabase, record: str, field: str, *, old: str = "", new: str = "", why: str = "it was miscoded"
) -> Decision:
    asked = decided_today(record, field, old=old, new=new, who="LT", why=why, at=NOW)
    return decide(made.con, made.paths, EVERY_SURVEY, asked)


def rows(made: StagingDatabase, query: str) -> list[tuple]:
    return made.con.execute(query).fetchall()


def refused(made: StagingDatabase) -> list[tuple]:
    return rows(
        made,
        "SELECT file_name, line, reason FROM staged.issues WHERE field IN ('decision', 'coding of own words') ORDER BY line",
    )


def broken(made: StagingDatabase) -> list[str]:
    return [found for m in models("staged") for found in check_table(made.con, m)]


def test_an_activity_reported_twice_counts_once(project: ProjectPaths, receive: Receive) -> None:
    """Worked out by hand: areas Cumbria and Durham, objectives inform, trust and intelligence, products Alert and Bulletin."""
    receive("force_visits", reported_twice())
    write_decisions(project, [MERGE])
    with tables(project, marts=True) as made:
        assert rows(made, "SELECT activity_id, visit_id FROM staged.activities") == [
            (FORCE_ACTIVITY, "force_visits/2017/V1")
        ]
        assert rows(
            made, "SELECT source_record_id, visit_id, source_number FROM staged.activity_sources ORDER BY ALL"
        ) == [
            (FORCE_ACTIVITY, "force_visits/2017/V1", 1),
            (OFFICE_ACTIVITY, "force_visits/2017/V2", 2),
        ]
        assert rows(made, "SELECT force_area_code, is_lead FROM staged.activity_areas ORDER BY ALL") == [
            (CUMBRIA, True), (DURHAM, False),
        ]  # fmt: skip
        assert rows(made, "SELECT code, is_primary FROM staged.activity_codes ORDER BY ALL") == [
            ("OBJ.INFORM", True), ("OBJ.INTEL", False), ("OBJ.TRUST", False),
        ]  # fmt: skip
        assert rows(made, "SELECT trim(product_name) FROM staged.technologies ORDER BY ALL") == [
            ("Alert",),
            ("Bulletin",),
        ]
        assert rows(
            made, "SELECT objective_code, n_activities, n_area_activities FROM marts.objective_breakdown "
            f"WHERE force_area_code = '{CUMBRIA}' AND n_activities > 0 ORDER BY ALL",
        ) == [("OBJ.INFORM", 1, 1), ("OBJ.INTEL", 1, 1), ("OBJ.TRUST", 1, 1)]  # fmt: skip
        assert rows(made, "SELECT count(*) FROM staged.records WHERE repeat = 'activities'") == [(2,)]
        assert broken(made) == refused(made) == []


def test_of_two_permissions_the_stricter_holds(project: ProjectPaths, receive: Receive) -> None:
    responses = reported_twice()
    inner = responses[1].parts["activities"][0].answers
    assert isinstance(inner, dict)
    inner["activity_release_level"] = LABELS["REL.INTERNAL"]
    receive("force_visits", responses)
    write_decisions(project, [MERGE])
    with tables(project) as made:
        assert rows(made, "SELECT release_level FROM staged.activities") == [("REL.INTERNAL",)]


def test_merges_follow_each_other_and_never_in_a_circle(project: ProjectPaths, receive: Receive) -> None:
    third = visit("V3", DURHAM, "ORG.FORCE", activities=[activity("C1", "OBJ.DIVERT")])
    receive("force_visits", [*reported_twice(), third])
    last = "force_visits/2017/V3/C1"
    chain = [MERGE, MERGE._replace(record=FORCE_ACTIVITY, new=last), MERGE._replace(record=last, new=OFFICE_ACTIVITY)]
    write_decisions(project, chain)
    with tables(project) as made:
        assert rows(made, "SELECT DISTINCT activity_id FROM staged.activity_sources") == [(last,)]
        assert rows(made, "SELECT count(*) FROM staged.activity_sources") == [(3,)]
        assert [line for _, line, _ in refused(made)] == [4]


def test_likely_pairs_are_suggested_and_never_merged(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    with tables(project) as made:
        (pair,) = likely_pairs(made.con)
        assert (pair.force_activity, pair.office_activity) == (FORCE_ACTIVITY, OFFICE_ACTIVITY)
        assert (pair.areas, pair.objectives, pair.n_objectives) == ("Cumbria", LABELS["OBJ.INFORM"], 3)
        assert rows(made, "SELECT count(*) FROM staged.activities") == [(2,)]
        deciding(made, OFFICE_ACTIVITY, "merged_into", new=FORCE_ACTIVITY)
    with tables(project) as made:
        assert likely_pairs(made.con) == ()


def test_a_miscode_is_put_right_and_the_received_file_stays(project: ProjectPaths, receive: Receive) -> None:
    path = receive("force_visits", reported_twice())
    before = path.read_bytes()
    with tables(project) as made:
        assert deciding(made, FORCE_ACTIVITY, "activity_type", new="Meetings and surgeries")[:4] == (
            FORCE_ACTIVITY, "activity_type", "ACT.MSG", "ACT.MEET",
        )  # fmt: skip
        deciding(made, FORCE_ACTIVITY, "other_objectives", old="OBJ.TRUST", new="OBJ.DIVERT")
        deciding(made, FORCE_ACTIVITY, "audiences", new="AUD.YOUNG")
        deciding(made, OFFICE_ACTIVITY, "activity_areas", old=DURHAM)
    with tables(project) as made:
        assert rows(made, "SELECT activity_type_code FROM staged.activities ORDER BY activity_id") == [
            ("ACT.MEET",),
            ("ACT.MSG",),
        ]
        assert rows(
            made,
            f"SELECT code, coded_by FROM staged.activity_codes WHERE activity_id = '{FORCE_ACTIVITY}' ORDER BY ALL",
        ) == [("AUD.YOUNG", "LT"), ("OBJ.DIVERT", "LT"), ("OBJ.INFORM", None)]
        assert rows(made, "SELECT DISTINCT force_area_code FROM staged.activity_areas") == [(CUMBRIA,)]
        assert broken(made) == refused(made) == []
        # 1 tick of objectives each, 2 areas, of which one was taken out; what was added was never received.
        assert rows(
            made, "SELECT counted_what, n_received, n_kept, n_set_aside FROM staged.conservation WHERE counted_what <> 'rows' "
            "ORDER BY ALL",
        ) == [("activity_areas", 2, 1, 1), ("other_objectives", 2, 2, 0)]  # fmt: skip
    assert path.read_bytes() == before


def test_a_correction_reaches_the_facts_of_a_response(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [signup("1", "a@one.example", None)])
    with tables(project) as made:
        assert rows(made, "SELECT force_area_code FROM staged.responses") == [(None,)]
        deciding(made, "network_signup/2017/1", "force_area", new=CUMBRIA)
    with tables(project) as made:
        assert rows(made, "SELECT force_area_code FROM staged.responses") == [(CUMBRIA,)]


def test_decisions_outlive_a_second_export_until_what_they_corrected_is_gone(
    project: ProjectPaths, receive: Receive
) -> None:
    receive("force_visits", reported_twice())
    with tables(project) as made:
        deciding(made, FORCE_ACTIVITY, "primary_objective", new="OBJ.MISSING")
    receive("force_visits", reported_twice(), "export again")
    with tables(project) as made:
        assert rows(made, "SELECT code FROM staged.activity_codes WHERE is_primary ORDER BY code") == [
            ("OBJ.INFORM",), ("OBJ.MISSING",),
        ]  # fmt: skip
    project.raw.joinpath("force_visits", "export again.xlsx").unlink()
    receive("force_visits", [visit("V1", CUMBRIA, "ORG.FORCE", activities=[activity("A1", "OBJ.DIVERT")])])
    with tables(project) as made:
        assert rows(made, "SELECT code FROM staged.activity_codes WHERE is_primary") == [("OBJ.DIVERT",)]
        assert refused(made) == [("data/decisions.csv", 2, f"not applied: it {OTHER_VALUE}")]


def test_a_decision_on_nothing_is_reported_and_changes_nothing(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    on = {
        "no record": MERGE._replace(record="force_visits/2017/V9/A1", field="activity_type", new="ACT.MEET"),
        "not a question": MERGE._replace(field="colour", new="ACT.MEET"),
        "no code": MERGE._replace(field="activity_type", old="ACT.MSG", new="ACT.NONE"),
        "a note is no code": MERGE._replace(field="activity_note", new="ACT.MEET"),
        "no activity": MERGE._replace(new="force_visits/2017/V9/A1"),
    }
    write_decisions(project, on.values())
    with tables(project) as made:
        assert [line for _, line, _ in refused(made)] == [2, 3, 4, 5, 6]
        assert rows(made, "SELECT count(*), count(DISTINCT activity_type_code) FROM staged.activities") == [(2, 1)]
        assert broken(made) == []


def test_an_accepted_spelling_places_answers(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [signup("1", "a@one.example", "Tees side")])
    with tables(project) as made:
        assert rows(made, "SELECT force_area_code FROM staged.responses") == [(None,)]
        assert deciding(made, "alias", "Tees side", new="Cleveland").new == "E23000013"
    with tables(project) as made:
        assert rows(made, "SELECT force_area_code FROM staged.responses") == [("E23000013",)]
        assert refused(made) == []


REFUSED = [
        ("force_visits/2017/V9", "officer_model", {"new": "MOD.ALL"}, "no record"),
        (FORCE_ACTIVITY, "activity_note", {"new": "ACT.MEET"}, "not a question"),
        (FORCE_ACTIVITY, "activity_type", {"new": "ACT.MEETS"}, r"did you mean ACT\.MEET"),
        (FORCE_ACTIVITY, "activity_type", {"old": "ACT.MEET", "new": "ACT.SOCIAL"}, r"A1, activity_type: ACT\.MSG"),
        (FORCE_ACTIVITY, "other_objectives", {"new": "OBJ.TRUST"}, "is not there"),
        (FORCE_ACTIVITY, "merged_into", {"new": FORCE_ACTIVITY}, "into itself"),
        (FORCE_ACTIVITY, "merged_into", {"new": "force_visits/2017/V1"}, "no activity"),
        ("alias", "a@b.example", {"new": "Cumbria"}, "something personal"),
        ("alias", "The Lakes", {"new": "Lakeland"}, "not a force area"),
        ("alias", "Cumbria", {"new": "Durham"}, "decides otherwise"),
        (FORCE_ACTIVITY, "activity_type", {"new": "ACT.MEET", "why": ""}, "who decided, and why"),
        (FORCE_ACTIVITY, "activity_type", {"new": "ACT.MEET", "why": "ring 07700 900417"}, "a telephone number"),
    ]  # fmt: skip


def test_what_cannot_be_is_not_taken_down(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    with tables(project) as made:
        for record, field, more, says in REFUSED:
            with pytest.raises(LandscapeError, match=says):
                deciding(made, record, field, **more)
    assert not project.decisions.exists()


def test_what_was_consented_to_is_nobody_elses_decision(project: ProjectPaths, receive: Receive) -> None:
    receive("network_signup", [signup("1", "a@one.example", CUMBRIA)])
    with tables(project) as made, pytest.raises(LandscapeError, match="can be decided"):
        deciding(made, "network_signup/2017/1", "consent_analysis", new="ANS.YES")


def test_a_second_decision_rests_on_the_first_also_before_a_refresh(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    with tables(project) as made:
        deciding(made, FORCE_ACTIVITY, "activity_type", new="ACT.MEET")
        with pytest.raises(LandscapeError, match="is not there"):
            deciding(made, FORCE_ACTIVITY, "activity_type", new="ACT.MEET")
        assert deciding(made, FORCE_ACTIVITY, "activity_type", new="ACT.SOCIAL").old == "ACT.MEET"
    with tables(project) as made:
        assert rows(made, "SELECT activity_type_code FROM staged.activities ORDER BY activity_id")[0] == ("ACT.SOCIAL",)
        assert refused(made) == []


def test_a_file_that_was_edited_into_pieces_stops_everything(project: ProjectPaths, receive: Receive) -> None:
    receive("force_visits", reported_twice())
    write_decisions(project, [MERGE._replace(when="1 July"), MERGE._replace(who="")])
    with pytest.raises(LandscapeError, match=r"(?s)decisions\.csv.*line 2.*line 3"):
        read_decisions(project)
    project.decisions.write_text("record;field\n", encoding="utf-8")
    with pytest.raises(LandscapeError, match="Comma delimited"):
        read_decisions(project)

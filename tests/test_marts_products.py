"""The marts the mapping was promised for, against tables worked out by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from marts_landscape import landscape_of
from products_landscape import DELEGATES, VISITS
from sample_landscape import sample_staging_db
from shipped import CHECKOUT

from assets.tables import models
from landscape.disclosure.permissions import permitted_marts
from landscape.staging_db import StagingDatabase, check_table


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> StagingDatabase:
    received = {"force_visits": VISITS, "priority_survey": DELEGATES}
    with landscape_of(tmp_path_factory.mktemp("products"), received) as staging_db:
        yield staging_db  # type: ignore[misc]


def shown(made: StagingDatabase, query: str) -> str:
    """Rows as lines, cells separated by bars; a dot is an empty cell."""
    rows = made.con.execute(query).fetchall()
    return "\n".join(" | ".join("·" if cell is None else str(cell) for cell in row) for row in rows)


def table(text: str) -> str:
    return "\n".join(re.sub(r" *\| *", " | ", line.strip()) for line in text.strip().splitlines())


def test_every_table_keeps_the_rules_of_its_model(made: StagingDatabase) -> None:
    layers = ("reference", "staged", "marts")
    broken = {m.table: found for layer in layers for m in models(layer) if (found := check_table(made.con, m))}
    assert broken == {}


def test_the_numbers_in_words_are_the_numbers_of_the_rules(made: StagingDatabase) -> None:
    page = (CHECKOUT.root / "docs" / "methods.md").read_text(encoding="utf-8")
    described = {
        "shared_objectives": re.findall(r"is \*\*shared\*\*.*", page)[0],
        "common_challenges": re.findall(r"is \*\*common\*\*.*", page)[0],
    }
    rules = made.con.execute("SELECT rule, parameter_value FROM reference.rules WHERE parameter LIKE 'fewest_%'")
    stated = {rule: [] for rule in ("shared_objectives", "common_challenges")}
    for rule, number in rules.fetchall():
        stated[rule].append(number)
    assert {rule: re.findall(r"at least (\d+)", described[rule]) for rule in stated} == stated


def test_every_code_of_the_rules_is_in_the_codebook(made: StagingDatabase) -> None:
    unknown = (
        "SELECT code FROM (SELECT parameter AS code FROM reference.rules UNION SELECT parameter_value FROM reference.rules) "
        "WHERE code LIKE '%.%' AND code NOT IN (SELECT code FROM reference.codebook)"
    )
    assert made.con.execute(unknown).fetchall() == []


def test_shared_objectives(made: StagingDatabase) -> None:
    # INFORM is on record in three areas and for three sources; two areas state it, and one of the three was inferred. INTEL runs
    # in three areas, yet one force reported both activities.
    got = shown(
        made,
        "SELECT objective_code, n_activities, n_areas, n_stated_areas, n_inferred_areas, n_sources, n_stated_sources, n_stated, "
        "n_inferred, is_shared, force_area_names FROM marts.shared_objectives WHERE n_activities > 0",
    )
    assert got == table("""
        OBJ.INFORM   | 3 | 3 | 2 | 1 | 3 | 2 | 2 | 1 | False | Cumbria, Durham, Northumbria
        OBJ.INTEL    | 2 | 3 | 1 | 0 | 1 | 1 | 2 | 0 | False | Cumbria, Durham, Northumbria
        OBJ.INVRES   | 2 | 3 | 2 | 0 | 2 | 2 | 2 | 0 | False | Cumbria, Durham, Northumbria
        OBJ.QOL      | 1 | 1 | 0 | 1 | 1 | 0 | 0 | 1 | False | Lancashire
        OBJ.TENSION  | 1 | 1 | 0 | 1 | 1 | 0 | 0 | 1 | False | Cumbria
        OBJ.TRUST    | 1 | 2 | 1 | 0 | 1 | 1 | 1 | 0 | False | Cumbria, Durham
        OBJ.UNSTATED | 2 | 4 | 2 | 0 | 2 | 2 | 2 | 0 | False | Cumbria, Durham, Lancashire, Northumbria
    """)
    assert shown(made, "SELECT count(*), bool_or(is_sample) FROM marts.shared_objectives") == "19 | False"


def test_exact_sets_of_objectives(made: StagingDatabase) -> None:
    got = shown(made, "SELECT objective_codes, n_objectives, n_activities, n_areas FROM marts.objective_combinations")
    assert got == table("""
        OBJ.INFORM                          | 1 | 1 | 1
        OBJ.INFORM + OBJ.INTEL + OBJ.INVRES | 3 | 1 | 2
        OBJ.INFORM + OBJ.INVRES             | 2 | 1 | 1
        OBJ.INTEL + OBJ.TRUST               | 2 | 1 | 2
        OBJ.QOL                             | 1 | 1 | 1
        OBJ.TENSION                         | 1 | 1 | 1
        OBJ.UNSTATED                        | 1 | 2 | 4
    """)


def test_innovative_practice_and_cautionary_tales(made: StagingDatabase) -> None:
    got = shown(
        made,
        "SELECT practice_id, practice_kind, is_new, is_stopped, has_not_worked, novelty_code, objective_codes, n_areas, "
        "source_name, recorded_year, started_year, stopped_year, evidence_design_code, evidence_stage_code, "
        "evidence_result_code FROM marts.innovative_practice",
    )
    force, office = "Police force", "Commissioner or mayoral policing office"
    assert got == table(f"""
        P001|new|True |False|False|NOV.2|OBJ.INTEL + OBJ.TRUST|2|{force}|2017|·|·|EVD.D1|EVD.S2|EVD.R?
        P002|adopted|False|False|False|NOV.1|OBJ.INFORM + OBJ.INVRES|1|{force}|2017|2016|·|EVD.D2|EVD.S2|EVD.R+
        P003|cautionary|True |False|True |NOV.3|OBJ.INFORM + OBJ.INTEL + OBJ.INVRES|2|{force}|2017|·|·|EVD.D3|EVD.S3|EVD.R-
        P004|cautionary|False|True |True |·|OBJ.INFORM|1|{office}|2017|·|2017|EVD.D1|EVD.S2|EVD.R-
    """)
    assert "force_visits/" not in shown(made, "SELECT * FROM marts.innovative_practice")


def test_common_challenges(made: StagingDatabase) -> None:
    # TECHDATA is asserted about three areas by one type of speaker; OTHER by two, yet it is no challenge.
    got = shown(
        made,
        "SELECT challenge_code, n_assertions, n_areas, n_speaker_types, n_by_force_leads, n_by_front_line, "
        "n_by_police_staff, n_by_commissioners, n_by_others, is_common, is_about_intermediaries "
        "FROM marts.common_challenges WHERE n_assertions > 0",
    )
    assert got == table("""
        CHL.INTERMED | 1 | 1 | 1 | 0 | 1 | 0 | 0 | 0 | False | True
        CHL.OTHER    | 2 | 3 | 2 | 1 | 0 | 0 | 1 | 0 | False | False
        CHL.RESOURCE | 4 | 3 | 4 | 1 | 1 | 0 | 1 | 1 | True  | False
        CHL.TECHDATA | 1 | 3 | 1 | 1 | 0 | 0 | 0 | 0 | False | False
    """)


def test_challenges_by_area(made: StagingDatabase) -> None:
    got = shown(
        made,
        "SELECT force_area_name, n_assertions, n_speaker_types, state FROM marts.challenge_areas "
        "WHERE challenge_code = 'CHL.RESOURCE' AND force_area_name IN "
        "('Cleveland', 'Cumbria', 'Durham', 'Lancashire', 'Northumbria') ORDER BY 1",
    )
    assert got == table("""
        Cleveland   | · | · | not_covered
        Cumbria     | 2 | 2 | value
        Durham      | 1 | 1 | value
        Lancashire  | 1 | 1 | value
        Northumbria | 0 | 0 | zero
    """)
    counts = "SELECT state, count(*) FROM marts.challenge_areas GROUP BY state ORDER BY state"
    assert shown(made, counts) == "not_covered | 152\nvalue | 10\nzero | 66"  # 8 of 12 areas × 19; 4 × 19 less 10


def test_gap_map(made: StagingDatabase) -> None:
    got = shown(
        made,
        "SELECT objective_code, activity_type_code, n_activities, n_areas, best_design_code, best_stage_code, n_worked, "
        "n_promising, n_not_worked, n_result_known FROM marts.gap_map WHERE state = 'value'",
    )
    assert got == table("""
        OBJ.INFORM   | ACT.MSG     | 2 | 3 | EVD.D3 | EVD.S3 | 1 | 0 | 1 | 2
        OBJ.INFORM   | ACT.SOCIAL  | 1 | 1 | EVD.D1 | EVD.S2 | 0 | 0 | 1 | 1
        OBJ.INTEL    | ACT.MEDIATE | 1 | 2 | EVD.D1 | EVD.S2 | 0 | 1 | 0 | 1
        OBJ.INTEL    | ACT.MSG     | 1 | 2 | EVD.D3 | EVD.S3 | 0 | 0 | 1 | 1
        OBJ.INVRES   | ACT.MSG     | 2 | 3 | EVD.D3 | EVD.S3 | 1 | 0 | 1 | 2
        OBJ.QOL      | ACT.WARDEN  | 1 | 1 | ·      | ·      | 0 | 0 | 0 | 0
        OBJ.TENSION  | ACT.WARDEN  | 1 | 1 | EVD.D0 | EVD.S1 | 0 | 0 | 0 | 0
        OBJ.TRUST    | ACT.MEDIATE | 1 | 2 | EVD.D1 | EVD.S2 | 0 | 1 | 0 | 1
        OBJ.UNSTATED | ACT.MEET    | 1 | 1 | ·      | ·      | 0 | 0 | 0 | 0
        OBJ.UNSTATED | ACT.TRAIN   | 1 | 3 | ·      | ·      | 0 | 0 | 0 | 0
    """)
    assert shown(made, "SELECT count(*), sum(n_activities) FROM marts.gap_map") == f"{19 * 18} | 12"


def test_products_side_by_side(made: StagingDatabase) -> None:
    # ALERT without a supplier is the Alert of Maker Ltd; 200 members of an unknown kind are left out.
    got = shown(
        made,
        "SELECT product_name, supplier_name, coalesce(force_area_name, 'all'), n_uses, n_areas, earliest_since_year, "
        "n_since_known, n_registered, n_registered_known, n_households, n_households_known, cost_band_names, n_cost_known, "
        "earliest_contract_ends_on, data_holder_names, n_data_holder_known FROM marts.technologies",
    )
    cost = "Under £10,000 a year"
    assert got == table(f"""
        ALERT     | Maker Ltd | all         |2|3|2014|1|1000|1|500|1|{cost} |1|·|The force|1
        ALERT     | Maker Ltd | Cumbria     |1|1|2014|1|1000|1|·  |0|{cost} |1|·|The force|1
        ALERT     | Maker Ltd | Northumbria |1|1|·   |0|·   |0|500|1|unknown|0|·|unknown  |0
        ALERT     | Maker Ltd | Durham      |1|1|·   |0|·   |0|500|1|unknown|0|·|unknown  |0
        Messenger | unknown   | all         |1|3|·   |0|·   |0|·  |0|unknown|0|2018-03-31|unknown|0
        Messenger | unknown   | Cumbria     |1|1|·   |0|·   |0|·  |0|unknown|0|2018-03-31|unknown|0
        Messenger | unknown   | Lancashire  |1|1|·   |0|·   |0|·  |0|unknown|0|2018-03-31|unknown|0
        Messenger | unknown   | Northumbria |1|1|·   |0|·   |0|·  |0|unknown|0|2018-03-31|unknown|0
    """)


def test_who_else_delivers(made: StagingDatabase) -> None:
    # Partners are known of A1, A3, A6 and A8, and of A2 by its type.
    columns = "partner_code, partner_role, n_activities, n_by_type, n_partner_known, n_areas FROM marts.intermediaries"
    assert shown(made, f"SELECT {columns} WHERE breakdown = 'all' AND n_activities > 0") == table("""
        PAR.LA       | agencies     | 1 | 0 | 5 | 2
        PAR.MEDIATOR | mediators    | 1 | 0 | 5 | 2
        PAR.NONE     | police alone | 1 | 0 | 5 | 1
        PAR.VCS      | communities  | 1 | 0 | 5 | 1
        PAR.VENDOR   | other        | 1 | 0 | 5 | 1
        PAR.WARDEN   | wardens      | 2 | 1 | 5 | 2
    """)
    cells = (
        f"SELECT breakdown_code, {columns} WHERE breakdown_code IN ('OBJ.TENSION', 'ACT.WARDEN') AND n_activities > 0"
    )
    assert shown(made, cells) == table("""
        ACT.WARDEN  | PAR.VCS    | communities | 1 | 0 | 2 | 1
        ACT.WARDEN  | PAR.WARDEN | wardens     | 2 | 1 | 2 | 2
        OBJ.TENSION | PAR.WARDEN | wardens     | 1 | 1 | 1 | 1
    """)
    assert shown(made, "SELECT count(*) FROM marts.intermediaries") == str(17 * (1 + 19 + 18))


def test_officer_models_in_two_views(made: StagingDatabase) -> None:
    got = shown(
        made,
        "SELECT view, asked_about, coalesce(force_area_name, 'all'), option_code, n_saying, n_said, said_share, n_areas, "
        "state FROM marts.officer_models WHERE (force_area_name IS NULL OR force_area_name IN ('Durham', 'Northumbria')) "
        "AND (asked_about = 'officer_model' OR n_saying > 0)",
    )
    assert got == table("""
        delegates | officer_model | all | MOD.ALL        | 9 | 12 | 0.75 | · | value
        delegates | officer_model | all | MOD.MIXED      | 0 | 12 | 0.0  | · | zero
        delegates | officer_model | all | MOD.SPECIALIST | 3 | 12 | 0.25 | · | value
        delegates | officer_model | all | MOD.UNDECIDED  | 0 | 12 | 0.0  | · | zero
        visits | officer_model | all         | MOD.ALL        | 1 | 3 | · | 1 | value
        visits | officer_model | all         | MOD.MIXED      | 1 | 3 | · | 1 | value
        visits | officer_model | all         | MOD.SPECIALIST | 1 | 3 | · | 1 | value
        visits | officer_model | all         | MOD.UNDECIDED  | 0 | 3 | · | 0 | zero
        visits | officer_model | Northumbria | MOD.ALL        | · | 0 | · | · | not_covered
        visits | officer_model | Northumbria | MOD.MIXED      | · | 0 | · | · | not_covered
        visits | officer_model | Northumbria | MOD.SPECIALIST | · | 0 | · | · | not_covered
        visits | officer_model | Northumbria | MOD.UNDECIDED  | · | 0 | · | · | not_covered
        visits | officer_model | Durham      | MOD.ALL        | 1 | 2 | · | 1 | value
        visits | officer_model | Durham      | MOD.MIXED      | 1 | 2 | · | 1 | value
        visits | officer_model | Durham      | MOD.SPECIALIST | 0 | 2 | · | 0 | zero
        visits | officer_model | Durham      | MOD.UNDECIDED  | 0 | 2 | · | 0 | zero
        visits | training | all    | TRN.GUIDANCE | 1 | 2 | · | 1 | value
        visits | training | all    | TRN.NONE     | 1 | 2 | · | 1 | value
        visits | training | all    | TRN.OPTIONAL | 1 | 2 | · | 1 | value
        visits | training | Durham | TRN.NONE     | 1 | 1 | · | 1 | value
    """)


def test_channels_and_audiences(made: StagingDatabase) -> None:
    got = shown(
        made,
        "SELECT channel_code, audience_code, is_digital, n_activities, n_areas FROM marts.channel_audiences "
        "WHERE state = 'value'",
    )
    assert got == table("""
        CHN.ALERT    | AUD.RECIPIENT | True  | 1 | 1
        CHN.F2F      | AUD.MINETH    | False | 1 | 2
        CHN.F2F      | AUD.OLDER     | False | 1 | 1
        CHN.F2F      | AUD.YOUNG     | False | 1 | 1
        CHN.PLATFORM | AUD.RECIPIENT | True  | 2 | 3
        CHN.SOCIAL   | AUD.MINETH    | True  | 1 | 2
        CHN.SOCIAL   | AUD.YOUNG     | True  | 1 | 1
    """)
    assert shown(made, "SELECT count(*) FROM marts.channel_audiences") == str(11 * 18)


def test_audiences_that_would_be_missed(made: StagingDatabase) -> None:
    got = shown(
        made,
        "SELECT audience_code, n_activities, n_areas, n_channel_known, n_digital_only, n_not_only_digital, audience_reach "
        "FROM marts.audience_reach WHERE n_activities > 0",
    )
    assert got == table("""
        AUD.INTERNAL  | 1 | 3 | 0 | 0 | 0 | channel unknown
        AUD.MINETH    | 1 | 2 | 1 | 0 | 1 | not only digital
        AUD.OLDER     | 2 | 2 | 1 | 0 | 1 | not only digital
        AUD.RECIPIENT | 2 | 3 | 2 | 2 | 0 | never a gap
        AUD.YOUNG     | 2 | 1 | 2 | 1 | 1 | not only digital
    """)
    rest = "SELECT DISTINCT audience_reach FROM marts.audience_reach WHERE n_activities = 0"
    assert shown(made, f"{rest} ORDER BY 1") == table("""
        never a gap
        no activity recorded
    """)


def test_effects_on_demand_as_asserted(made: StagingDatabase) -> None:
    columns = (
        "breakdown_code, demand_effect_code, n_activities, n_breakdown_activities, n_areas, n_not_evaluated, n_evaluated, "
        "n_design_unknown, best_design_name FROM marts.demand"
    )
    chosen = "breakdown_code IN ('ALL', 'ACT.WARDEN', 'OBJ.INFORM') AND n_activities > 0"
    assert shown(made, f"SELECT {columns} WHERE {chosen}") == table("""
        ACT.WARDEN | DEM.LESS    | 2 | 2 | 2 | 1 | 0 | 1 | No evaluation / account only
        ALL        | DEM.LESS    | 3 | 8 | 2 | 1 | 1 | 1 | SMS 2
        ALL        | DEM.MORE    | 1 | 8 | 2 | 0 | 1 | 0 | SMS 3
        ALL        | DEM.SAME    | 1 | 8 | 2 | 0 | 1 | 0 | SMS 1
        ALL        | DEM.UNKNOWN | 3 | 8 | 4 | 0 | 1 | 2 | SMS 1
        OBJ.INFORM | DEM.LESS    | 1 | 3 | 1 | 0 | 1 | 0 | SMS 2
        OBJ.INFORM | DEM.MORE    | 1 | 3 | 2 | 0 | 1 | 0 | SMS 3
        OBJ.INFORM | DEM.UNKNOWN | 1 | 3 | 1 | 0 | 1 | 0 | SMS 1
    """)


def test_a_release_counts_the_same_and_names_only_what_may_be_named(made: StagingDatabase) -> None:
    # Visits and activities may be named here; challenges, of which nothing was said, are reported without place.
    objectives = "SELECT objective_code, n_areas, n_sources, is_shared, force_area_names FROM marts.shared_objectives"
    places = "SELECT string_agg(force_area_names) FROM marts.common_challenges"
    training = "SELECT option_code, n_saying FROM marts.officer_models WHERE asked_about = 'training' AND n_saying > 0"
    with permitted_marts(
        made.con, *(models(layer) for layer in ("reference", "staged", "marts")), bytes(16)
    ) as release:
        for query in (objectives, training):
            assert release.con.execute(query).fetchall() == made.con.execute(query).fetchall()
        assert release.con.execute(places).fetchall() == [(None,)]
        views = release.con.execute("SELECT DISTINCT view FROM marts.officer_models").fetchall()
        assert views == [("visits",)]
        states = release.con.execute("SELECT DISTINCT state, n_assertions FROM marts.challenge_areas").fetchall()
        assert states == [("not_said", None)]
        said = release.con.execute(
            "SELECT DISTINCT n_assertions, n_areas, elsewhere FROM marts.common_challenges"
        ).fetchall()
        assert said == [(0, 0, None)]  # fewer than six areas were visited, so not even this is said


def test_the_sample_leaves_no_answer_of_the_mapping_out(tmp_path: Path) -> None:
    with sample_staging_db(tmp_path) as sample:
        check_sample(sample)


def check_sample(sample: StagingDatabase) -> None:
    def all_of(query: str) -> set[object]:
        return {value for (value,) in sample.con.execute(f"SELECT DISTINCT {query}").fetchall()}

    assert all_of("is_shared FROM marts.shared_objectives") == {True, False}
    assert all_of("is_common FROM marts.common_challenges") == {True, False}
    assert all_of("is_common FROM marts.common_challenges WHERE is_about_intermediaries AND n_assertions > 0")
    assert all_of("practice_kind || is_new FROM marts.innovative_practice") == {
        "newtrue", "adoptedfalse", "cautionarytrue", "cautionaryfalse",
    }  # fmt: skip
    assert all_of("state FROM marts.challenge_areas") == {"value", "zero", "not_covered"}
    assert all_of("state FROM marts.gap_map") == all_of("state FROM marts.channel_audiences") == {"value", "zero"}
    assert all_of("view || ' ' || asked_about FROM marts.officer_models WHERE n_saying > 0") == {
        "visits officer_model", "visits training", "delegates officer_model",
    }  # fmt: skip
    assert {"never a gap", "not only digital"} < all_of("audience_reach FROM marts.audience_reach")
    assert len(all_of("demand_effect_code FROM marts.demand WHERE n_activities > 0")) == 4
    assert {"wardens", "mediators", "agencies", "communities"} < all_of(
        "partner_role FROM marts.intermediaries WHERE n_activities > 0"
    )
    assert len(all_of("product_name FROM marts.technologies WHERE is_sample")) > 1

"""Eight made-up activities from six visits, small enough to count by hand."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from exports.responses import Record, Response
from marts_landscape import LABELS, labels, priorities

CUMBRIA, LANCASHIRE = "E23000002", "E23000003"
NORTHUMBRIA, DURHAM, CLEVELAND = "E23000007", "E23000008", "E23000013"
VISITED_ON = dt.date(2017, 6, 20)


def asked(**codes: object) -> dict[str, object]:
    """Answers as the workbook holds them: codes become labels, lists of codes lists of labels."""
    return {
        name: labels(*code) if isinstance(code, list) else LABELS.get(str(code), code) for name, code in codes.items()
    }


def activity(number: str, primary: str, kind: str, products: Sequence[Record] = (), **codes: object) -> Record:
    given = {"objective_basis": "BAS.STATED", "activity_release_level": "REL.NAMED", **codes}
    answers = asked(primary_objective=primary, activity_type=kind, **given)
    return Record(number, answers, {"products": list(products)} if products else {})  # type: ignore[arg-type]


def product(name: str, **codes: object) -> Record:
    return Record("", asked(product_name=name, **codes))  # type: ignore[arg-type]


def challenge(code: str, speaker: str, *areas: str) -> Record:
    more = {"challenge_areas": list(areas)} if areas else {}
    return Record("", asked(challenge=code, challenge_speaker_type=speaker, **more))  # type: ignore[arg-type]


def visit(
    number: str,
    area: str,
    organisation: str,
    activities: Sequence[Record] = (),
    challenges: Sequence[Record] = (),
    **codes: object,
) -> Response:
    answers = asked(
        visited_on=VISITED_ON, force_area=area, organisation_type=organisation, visit_release_level="REL.NAMED", **codes
    )
    return Response(number, answers, {"activities": list(activities), "challenges": list(challenges)})  # type: ignore[arg-type]


A1 = activity(
    "A1", "OBJ.INFORM", "ACT.MSG", other_objectives=["OBJ.INVRES"], audiences=["AUD.RECIPIENT"],
    channels=["CHN.PLATFORM", "CHN.ALERT"], partners=["PAR.VENDOR"], novelty="NOV.1", started_on=dt.date(2016, 3, 1),
    evidence_design="EVD.D2", evidence_stage="EVD.S2", evidence_result="EVD.R+", demand_effect="DEM.LESS",
    products=[
        product(
            "Alert", supplier="Maker Ltd", since_year=2014, n_members_reached=1000, reach_measure="RCH.REGISTERED",
            cost_band="CST.LT10", cost_year=2016, contact_data_holder="HLD.FORCE", measured_result="EVD.R+",
        )
    ],
)  # fmt: skip
A2 = activity(
    "A2", "OBJ.TENSION", "ACT.WARDEN", objective_basis="BAS.INFERRED", audiences=["AUD.YOUNG", "AUD.OLDER"],
    channels=["CHN.F2F"], novelty="NOV.0", evidence_design="EVD.D0", evidence_stage="EVD.S1", demand_effect="DEM.LESS",
)  # fmt: skip
A3 = activity(
    "A3", "OBJ.INFORM", "ACT.SOCIAL", objective_basis="BAS.INFERRED", audiences=["AUD.YOUNG"], channels=["CHN.SOCIAL"],
    partners=["PAR.NONE"], novelty="NOV.STOP", stopped_on=dt.date(2017, 1, 31), evidence_design="EVD.D1",
    evidence_stage="EVD.S2", evidence_result="EVD.R-",
)  # fmt: skip
A4 = activity(
    "A4", "OBJ.INFORM", "ACT.MSG", activity_areas=[NORTHUMBRIA, DURHAM], other_objectives=["OBJ.INTEL", "OBJ.INVRES"],
    audiences=["AUD.RECIPIENT"], channels=["CHN.PLATFORM"], novelty="NOV.3", evidence_design="EVD.D3",
    evidence_stage="EVD.S3", evidence_result="EVD.R-", demand_effect="DEM.MORE",
    products=[
        product(
            "ALERT", n_members_reached=500, reach_measure="RCH.HOUSEHOLDS", cost_band="CST.UNKNOWN", cost_year=2016,
            contact_data_holder="HLD.UNKNOWN",
        )
    ],
)  # fmt: skip
A5 = activity("A5", "OBJ.UNSTATED", "ACT.MEET")
A6 = activity(
    "A6", "OBJ.TRUST", "ACT.MEDIATE", activity_areas=[CUMBRIA, DURHAM], other_objectives=["OBJ.INTEL"],
    audiences=["AUD.MINETH"], channels=["CHN.F2F", "CHN.SOCIAL"], partners=["PAR.MEDIATOR", "PAR.LA"], novelty="NOV.2",
    evidence_design="EVD.D1", evidence_stage="EVD.S2", evidence_result="EVD.R?", demand_effect="DEM.SAME",
)  # fmt: skip
A7 = activity(
    "A7", "OBJ.UNSTATED", "ACT.TRAIN", activity_areas=[CUMBRIA, LANCASHIRE, NORTHUMBRIA], audiences=["AUD.INTERNAL"],
    novelty="NOV.0",
    products=[
        product(
            "Messenger", n_members_reached=200, reach_measure="RCH.UNKNOWN", contract_ends_on=dt.date(2018, 3, 31)
        )
    ],
)  # fmt: skip
A8 = activity(
    "A8", "OBJ.QOL", "ACT.WARDEN", objective_basis="BAS.INFERRED", audiences=["AUD.OLDER"],
    partners=["PAR.WARDEN", "PAR.VCS"], demand_effect="DEM.LESS",
)  # fmt: skip

VISITS = [
    visit(
        "V1", CUMBRIA, "ORG.FORCE", [A1, A2],
        [
            challenge("CHL.RESOURCE", "SPK.FORCE_LEAD"),
            challenge("CHL.TECHDATA", "SPK.FORCE_LEAD", CUMBRIA, LANCASHIRE, DURHAM),
            challenge("CHL.OTHER", "SPK.FORCE_LEAD", CUMBRIA, LANCASHIRE, DURHAM),
        ],
        officer_model="MOD.SPECIALIST", training=["TRN.GUIDANCE", "TRN.OPTIONAL"],
    ),
    visit("V2", CUMBRIA, "ORG.OPCC", [A3], [challenge("CHL.RESOURCE", "SPK.OPCC")]),
    visit(
        "V3", DURHAM, "ORG.FORCE", [A4, A5],
        [challenge("CHL.RESOURCE", "SPK.FRONTLINE"), challenge("CHL.INTERMED", "SPK.FRONTLINE")],
        officer_model="MOD.ALL", training=["TRN.NONE"],
    ),
    visit("V4", DURHAM, "ORG.FORCE", [A6], officer_model="MOD.MIXED"),  # the force of V3 once more: no other source
    visit("V5", NORTHUMBRIA, "ORG.FORCE"),
    visit(
        "V6", LANCASHIRE, "ORG.OPCC", [A7, A8],
        [challenge("CHL.RESOURCE", "SPK.PARTNER"), challenge("CHL.OTHER", "SPK.OPCC")],
    ),
]  # fmt: skip


def delegate(number: int, model: str, *, consent: bool = True) -> Response:
    asked_for = priorities(f"356806-{number}-1", ["TOP.TRUST"], consent=consent)
    return dataclasses.replace(asked_for, answers={**asked_for.answers, "officer_model": LABELS[model]})


DELEGATES = [
    *(delegate(number, "MOD.ALL") for number in range(9)),
    *(delegate(number, "MOD.SPECIALIST") for number in range(9, 12)),
    delegate(12, "MOD.MIXED", consent=False),
]

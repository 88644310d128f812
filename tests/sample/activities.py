"""Made-up activities, their cards and the products they use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from exports.responses import Answer, Record

from sample.draws import EVEN, Draws
from sample.texts import TEXTS

RELEASE: Mapping[str, float] = MappingProxyType(
    {"REL.NAMED": 5, "REL.REGION": 3, "REL.UNATTRIBUTED": 1, "REL.INTERNAL": 1}
)

_TYPES = {
    "ACT.MSG": 9, "ACT.SOCIAL": 5, "ACT.YOUTH": 5, "ACT.MEET": 4, "ACT.PATROL": 3, "ACT.VOLUNTEER": 3,
    "ACT.ADVISORY": 3, "ACT.WARDEN": 2, "ACT.MEDIATE": 2, "ACT.TRAIN": 2, "ACT.CONSULT": 2, "ACT.CCTVREG": 2,
    "ACT.SPECIALIST": 2,
}  # fmt: skip
# Objectives that suit a type of activity; types not named take the usual ones.
_OBJECTIVES = {
    "ACT.SOCIAL": {"OBJ.INFORM": 6, "OBJ.MISSING": 3, "OBJ.OFFENDER": 3, "OBJ.REASSURE": 2},
    "ACT.YOUTH": {"OBJ.DIVERT": 8, "OBJ.TRUST": 4, "OBJ.COHESION": 2},
    "ACT.CCTVREG": {"OBJ.INVRES": 8, "OBJ.OFFENDER": 3, "OBJ.INTEL": 2},
    "ACT.WARDEN": {"OBJ.TENSION": 5, "OBJ.QOL": 4, "OBJ.SIGNPOST": 3, "OBJ.DEMAND": 3},
    "ACT.MEDIATE": {"OBJ.TENSION": 8, "OBJ.DEMAND": 3, "OBJ.COHESION": 2},
    "ACT.VOLUNTEER": {"OBJ.MOBILISE": 8, "OBJ.PROBSOLVE": 3, "OBJ.REASSURE": 2},
    "ACT.ADVISORY": {"OBJ.ACCOUNT": 8, "OBJ.TRUST": 5, "OBJ.PRIORITY": 2},
    "ACT.TRAIN": {"OBJ.TRUST": 4, "OBJ.UNSTATED": 2},
}
_USUAL_OBJECTIVES = {"OBJ.TRUST": 4, "OBJ.REASSURE": 3, "OBJ.PRIORITY": 3, "OBJ.INTEL": 2, "OBJ.PROBSOLVE": 2}
_AUDIENCES = {
    "ACT.MSG": {"AUD.RECIPIENT": 9, "AUD.NEIGHB": 3},
    "ACT.SOCIAL": {"AUD.PUBLIC": 8, "AUD.YOUNG": 2},
    "ACT.YOUTH": {"AUD.YOUNG": 9, "AUD.STUDENT": 2},
    "ACT.ADVISORY": {"AUD.MINETH": 4, "AUD.DISTRUST": 4, "AUD.SELDOM": 3},
    "ACT.TRAIN": {"AUD.INTERNAL": 1},
}
_USUAL_AUDIENCES = {"AUD.NEIGHB": 5, "AUD.PUBLIC": 3, "AUD.RURAL": 1, "AUD.OLDER": 1, "AUD.DIGEXCL": 1}
_CHANNELS = {
    "ACT.MSG": {"CHN.PLATFORM": 9, "CHN.ALERT": 6, "CHN.DATABASE": 3},
    "ACT.SOCIAL": {"CHN.SOCIAL": 9, "CHN.VIDEO": 1},
    "ACT.CCTVREG": {"CHN.DATABASE": 6, "CHN.WEB": 4},
}
_USUAL_CHANNELS = {"CHN.F2F": 8, "CHN.SOCIAL": 2, "CHN.PRESS": 1, "CHN.RADIO": 1, "CHN.PHONE": 1}
_PARTNERS = {"PAR.NONE": 0, "PAR.LA": 5, "PAR.VCS": 4, "PAR.SCHOOL": 3, "PAR.NHW": 3, "PAR.VENDOR": 2}
_LEVELS = {"LVL.1": 6, "LVL.2": 4, "LVL.3": 3, "LVL.4": 1, "LVL.5": 0.5, "LVL.0": 0.5}
_NOVELTY = {"NOV.0": 5, "NOV.1": 4, "NOV.2": 2, "NOV.3": 1}
_STATUSES = {"STS.RUNNING": 8, "STS.PILOT": 2, "STS.STOPPED": 1.5, "STS.PLANNED": 0.7, "STS.PAUSED": 0.5}
_DELIVERERS = {
    "ACT.WARDEN": {"DLV.PARTNER": 5, "DLV.TOGETHER": 2},
    "ACT.MEDIATE": {"DLV.PARTNER": 6, "DLV.TOGETHER": 1},
    "ACT.VOLUNTEER": {"DLV.RESIDENTS": 5, "DLV.TOGETHER": 3},
}
_USUAL_DELIVERERS = {"DLV.POLICE": 4, "DLV.TOGETHER": 4, "DLV.UNKNOWN": 0.5}
_ANSWERS_TO = {
    "ACT.MSG": {"CHL.REACH": 3, "CHL.RESOURCE": 2}, "ACT.TRAIN": {"CHL.SKILL": 5, "CHL.MISSEDOPP": 2},
    "ACT.WARDEN": {"CHL.REPAIR": 3, "CHL.RIGHTPERSON": 2}, "ACT.MEDIATE": {"CHL.REPAIR": 4, "CHL.RIGHTPERSON": 2},
    "ACT.SPECIALIST": {"CHL.SKILL": 3, "CHL.MODEL": 2}, "ACT.ADVISORY": {"CHL.REPAIR": 4, "CHL.ALIENATE": 2},
}  # fmt: skip
_USUAL_ANSWERS_TO = {"CHL.RESOURCE": 3, "CHL.REACH": 3, "CHL.REPAIR": 2}
_REASONS = {"WHY.MONEY": 4, "WHY.STAFF": 3, "WHY.TAKEUP": 2, "WHY.DISTRUST": 1, "WHY.NOEFFECT": 1, "WHY.UNSAID": 1}
_DESIGNS = {"EVD.D0": 6, "EVD.D0Q": 1, "EVD.D1": 3, "EVD.D2": 2, "EVD.D3": 1, "EVD.D4": 0, "EVD.D5": 0.3}
_STAGES = {
    "EVD.D0": "EVD.S1",
    "EVD.D0Q": "EVD.S2",
    "EVD.D1": "EVD.S2",
    "EVD.D2": "EVD.S2",
    "EVD.D3": "EVD.S3",
    "EVD.D5": "EVD.S3",
}
_PRODUCTS = ("SAMPLE Alert", "SAMPLE Messenger", "SAMPLE Connect", "SAMPLE Bulletin")


@dataclass(frozen=True)
class Drawn:
    """An activity before it is written down: its line, and what a card would say of it.

    Args:
        number: Its number.
        line: The answers that every activity gets.
        card: The answers of a card, should it get one.
        products: The products used in it.
        interest: How much it is worth a card.
    """

    number: str
    line: Mapping[str, Answer]
    card: Mapping[str, Answer]
    products: Sequence[Record]
    interest: int

    def record(self, *, has_card: bool) -> Record:
        """The activity as the workbook holds it."""
        parts = {"cards": [Record("", self.card)] if has_card else [], "products": list(self.products)}
        return Record(self.number, self.line, {name: rows for name, rows in parts.items() if rows})


def made_up_activity(
    draws: Draws, number: str, day: dt.date, other_areas: Sequence[str], areas: Sequence[str]
) -> Drawn:
    """One activity found on a visit.

    Args:
        draws: The visit survey's draws.
        number: Its number.
        day: The day of the visit; nothing starts or stops later.
        other_areas: All areas it runs in, where these are more than the area visited; else empty.
        areas: The areas that it may have been taken over from.
    """
    type_code = draws.code("activity_type", _only(_TYPES))
    name, summary, lesson = TEXTS[type_code]
    status, novelty = draws.code("status", _STATUSES), draws.code("novelty", _NOVELTY)
    design = draws.code("evidence_design", _DESIGNS) if draws.happens(0.75) else ""
    line: dict[str, Answer] = {
        "public_name": f"{name} {number.rpartition('-')[2]}",
        "activity_type": draws.label("activity_type", type_code),
        **_objectives(draws, type_code),
        **_reach(draws, type_code),
        "status": draws.label("status", status),
        "activity_release_level": draws.one("activity_release_level", RELEASE),
        "coder": draws.random.randint(1, 2),
    }
    if draws.happens(0.9):
        line["novelty"] = draws.label("novelty", novelty)
    if design:
        line["evidence_design"] = draws.label("evidence_design", design)
        line["evidence_stage"] = draws.label("evidence_stage", _STAGES[design])
    card: dict[str, Answer] = {
        "summary": summary,
        **({"lesson": lesson} if draws.happens(0.8) else {}),
        **({"activity_areas": other_areas} if other_areas else {}),
        **_around(draws, type_code),
        **_history(draws, day, novelty, status, areas),
        **_effect(draws, design, status, line),
    }
    products = [_product(draws, day)] if type_code == "ACT.MSG" else []
    interest = 4 * bool(other_areas) + 3 * (status == "STS.STOPPED") + 2 * (novelty in ("NOV.2", "NOV.3"))
    return Drawn(number, line, card, products, interest + (design > "EVD.D0"))


def _only(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights that leave out every option they do not name."""
    return {**weights, "*": 0}


def _objectives(draws: Draws, type_code: str) -> dict[str, Answer]:
    """One to four objectives. Messaging systems mostly serve to inform and to investigate at once."""
    if type_code == "ACT.MSG":
        codes = ["OBJ.INFORM", "OBJ.INVRES"] if draws.happens(0.8) else ["OBJ.INFORM"]
        if draws.happens(0.3):
            codes += draws.codes("other_objectives", 1, _only({"OBJ.INTEL": 2, "OBJ.DEMAND": 1, "OBJ.REASSURE": 1}))
        if draws.happens(0.2):
            codes = [codes[-1], *codes[:-1]]
    else:
        n = draws.random.choices((1, 2, 3, 4), (4, 5, 3, 1))[0]
        codes = draws.codes("primary_objective", n, _only(_OBJECTIVES.get(type_code, _USUAL_OBJECTIVES)))
    if "OBJ.UNSTATED" in codes:
        codes = ["OBJ.UNSTATED"]
    primary, *others = codes
    answers: dict[str, Answer] = {
        "primary_objective": draws.label("primary_objective", primary),
    }
    if draws.happens(0.25):  # blank is stated
        answers["objective_basis"] = draws.label("objective_basis", "BAS.INFERRED")
    if others:
        answers["other_objectives"] = draws.labels("other_objectives", others)
    return answers


def _reach(draws: Draws, type_code: str) -> dict[str, Answer]:
    """Whom it is for, by which channels and who delivers it; what was not asked stays blank."""
    audiences = draws.codes("audiences", draws.random.randint(1, 2), _only(_AUDIENCES.get(type_code, _USUAL_AUDIENCES)))
    channels = draws.codes("channels", draws.random.randint(1, 2), _only(_CHANNELS.get(type_code, _USUAL_CHANNELS)))
    answers: dict[str, Answer] = {
        "audiences": draws.labels("audiences", audiences),
        "channels": draws.labels("channels", channels),
        "delivered_by": draws.one("delivered_by", _only(_DELIVERERS.get(type_code, _USUAL_DELIVERERS))),
    }
    if draws.happens(0.85):
        answers["participation_level"] = draws.one("participation_level", _LEVELS)
    return answers


def _around(draws: Draws, type_code: str) -> dict[str, Answer]:
    """With whom, how far, on whose money and against what."""
    partners = ["PAR.NONE"] if draws.happens(0.15) else draws.codes("partners", draws.random.randint(1, 3), _PARTNERS)
    meant = _only(_ANSWERS_TO.get(type_code, _USUAL_ANSWERS_TO))
    answers: dict[str, Answer] = {
        "partners": draws.labels("partners", partners),
        "scale": draws.one("scale", {"SCL.PLACE": 4, "SCL.DISTRICT": 4, "SCL.FORCE": 3, "SCL.SEVERAL": 0.5}),
        "responds_to": draws.labels("responds_to", draws.codes("responds_to", draws.random.randint(1, 2), meant)),
    }
    if draws.happens(0.8):
        answers["funding"] = draws.one("funding", {"FND.FORCE": 4, "FND.COMMISSIONER": 4, "FND.GRANT": 3})
    if draws.happens(0.1):
        answers["recognised"] = draws.labels("recognised", draws.codes("recognised", 1, {"RCG.NONE": 0}))
    return answers


def _history(draws: Draws, day: dt.date, novelty: str, status: str, areas: Sequence[str]) -> dict[str, Answer]:
    """Since when, from where, until when and why no longer."""
    answers: dict[str, Answer] = {}
    first_year, last_year = (2006, 2014) if novelty == "NOV.0" else (2015, 2016)
    if status != "STS.PLANNED" and draws.happens(0.7):
        answers["started_year"] = draws.random.randint(first_year, last_year)
    if status == "STS.STOPPED":
        answers["stopped_year"] = day.year - draws.random.randint(0, 1)
        answers["stopped_why"] = draws.one("stopped_why", _only(_REASONS))
    if novelty == "NOV.1":
        answers |= (
            {"adopted_from": draws.labels("adopted_from", draws.random.sample(areas, 1))}
            if draws.happens(0.7)
            else {"adopted_outside": draws.label("adopted_outside", "ANS.YES")}
        )
    return answers


def _effect(draws: Draws, design: str, status: str, line: Mapping[str, Answer]) -> dict[str, Answer]:
    """What is known of its effect."""
    answers: dict[str, Answer] = {}
    if design > "EVD.D0":
        result = "EVD.R-" if status == "STS.STOPPED" else draws.code("evidence_result", {"EVD.R?": 3, "EVD.R-": 0.5})
        answers["evidence_result"] = draws.label("evidence_result", result)
        answers["evidence_seen"] = draws.one("evidence_seen", {"ESN.SEEN": 2, "ESN.NONE": 0})
        answers["evidence_objective"] = line["primary_objective"]
    elif design:
        answers["evidence_seen"] = draws.label("evidence_seen", "ESN.NONE")
    if draws.happens(0.5):
        answers["demand_effect"] = draws.one("demand_effect", {"DEM.LESS": 3, "DEM.UNKNOWN": 3})
    return answers


def _product(draws: Draws, day: dt.date) -> Record:
    """A product of no real supplier; the less that is known, the more stays blank."""
    product = draws.random.choice(_PRODUCTS)
    answers: dict[str, Answer] = {"product_name": product}
    if draws.happens(0.7):
        answers["since_year"] = draws.random.randint(2010, 2016)
    if draws.happens(0.75):
        answers["n_members_reached"] = draws.random.randrange(2_000, 60_000, 500)
        answers["reach_measure"] = draws.one("reach_measure", {"RCH.REGISTERED": 4})
    if draws.happens(0.7):
        answers["cost_band"] = draws.one("cost_band", {"CST.NONE": 0.3, "CST.UNKNOWN": 2, "CST.GE250": 0.3})
        answers["cost_covers"] = draws.one("cost_covers", EVEN)
    if draws.happens(0.5):
        answers["staff_hours_week"] = draws.one("staff_hours_week", {"HRS.UNKNOWN": 0.5})
    if draws.happens(0.3):
        answers["contract_ends_on"] = dt.date(day.year + draws.random.randint(1, 2), 3, 31)
        answers["next_step"] = draws.one("next_step", EVEN)
    if draws.happens(0.7):
        answers["contact_data_holder"] = draws.one("contact_data_holder", EVEN)
    return Record("", answers)

"""Made-up activities and the products they use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from exports.responses import Answer, Record

from sample.draws import EVEN, Draws

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
_NOVELTY = {"NOV.0": 5, "NOV.1": 4, "NOV.2": 2, "NOV.3": 1, "NOV.STOP": 1.5}
_DESIGNS = {"EVD.D0": 6, "EVD.D1": 3, "EVD.D2": 2, "EVD.D3": 1, "EVD.D4": 0, "EVD.D5": 0.3}
_STAGES = {"EVD.D0": "EVD.S1", "EVD.D1": "EVD.S2", "EVD.D2": "EVD.S2", "EVD.D3": "EVD.S3", "EVD.D5": "EVD.S3"}
_PRODUCTS = ("SAMPLE Alert", "SAMPLE Messenger", "SAMPLE Connect", "SAMPLE Bulletin")


def made_up_activity(draws: Draws, number: str, day: dt.date, other_areas: Sequence[str]) -> Record:
    """One activity found on a visit.

    Args:
        draws: The visit survey's draws.
        number: Its number.
        day: The day of the visit; nothing starts or stops later.
        other_areas: All areas it runs in, where these are more than the area visited; else empty.
    """
    type_code = draws.code("activity_type", _only(_TYPES))
    answers: dict[str, Answer] = {
        "activity_note": f"Made-up activity {number}",
        **({"activity_areas": other_areas} if other_areas else {}),
        **_objectives(draws, type_code),
        "activity_type": draws.label("activity_type", type_code),
        **_reach(draws, type_code),
        **_history(draws, day),
        "coder": draws.random.randint(1, 2),
        "activity_release_level": draws.one("activity_release_level", RELEASE),
    }
    if draws.happens(0.5):
        answers["demand_effect"] = draws.one("demand_effect", {"DEM.LESS": 3, "DEM.UNKNOWN": 3})
    is_platform = type_code == "ACT.MSG"
    return Record(number, answers, {"products": [_product(draws, day)]} if is_platform else {})


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
        "objective_basis": draws.one("objective_basis", {"BAS.STATED": 3}),
    }
    if others:
        answers["other_objectives"] = draws.labels("other_objectives", others)
    return answers


def _reach(draws: Draws, type_code: str) -> dict[str, Answer]:
    """Whom it is for, with whom and by which channels; what was not asked stays blank."""
    audiences = draws.codes("audiences", draws.random.randint(1, 2), _only(_AUDIENCES.get(type_code, _USUAL_AUDIENCES)))
    channels = draws.codes("channels", draws.random.randint(1, 2), _only(_CHANNELS.get(type_code, _USUAL_CHANNELS)))
    answers: dict[str, Answer] = {
        "audiences": draws.labels("audiences", audiences),
        "channels": draws.labels("channels", channels),
    }
    if draws.happens(0.85):
        partners = (
            ["PAR.NONE"] if draws.happens(0.15) else draws.codes("partners", draws.random.randint(1, 3), _PARTNERS)
        )
        answers["partners"] = draws.labels("partners", partners)
    if draws.happens(0.8):
        answers["direction"] = draws.one("direction", {"DIR.OUT": 3, "DIR.TWO": 4})
    if draws.happens(0.85):
        answers["participation_level"] = draws.one("participation_level", _LEVELS)
    return answers


def _history(draws: Draws, day: dt.date) -> dict[str, Answer]:
    """How new it is, since when, and what is known of its effect."""
    answers: dict[str, Answer] = {}
    novelty = draws.code("novelty", _NOVELTY)
    if draws.happens(0.9):
        answers["novelty"] = draws.label("novelty", novelty)
    first_year, last_year = (2006, 2014) if novelty in ("NOV.0", "NOV.STOP") else (2015, 2016)
    if draws.happens(0.7):
        answers["started_on"] = dt.date(draws.random.randint(first_year, last_year), draws.random.randint(1, 12), 1)
    if novelty == "NOV.STOP" and draws.happens(0.8):
        answers["stopped_on"] = day - dt.timedelta(days=draws.random.randint(60, 700))
    if draws.happens(0.75):
        design = draws.code("evidence_design", _DESIGNS)
        answers["evidence_design"] = draws.label("evidence_design", design)
        answers["evidence_stage"] = draws.label("evidence_stage", _STAGES[design])
        if design != "EVD.D0":
            result = "EVD.R-" if novelty == "NOV.STOP" else draws.code("evidence_result", {"EVD.R?": 3, "EVD.R-": 0.5})
            answers["evidence_result"] = draws.label("evidence_result", result)
    return answers


def _product(draws: Draws, day: dt.date) -> Record:
    """A product of no real supplier; the less that is known, the more stays blank."""
    product = draws.random.choice(_PRODUCTS)
    answers: dict[str, Answer] = {"product_name": product}
    if draws.happens(0.8):
        answers["supplier"] = f"{product.replace('SAMPLE', 'Sample')} Ltd"
    if draws.happens(0.7):
        answers["since_year"] = draws.random.randint(2010, 2016)
    if draws.happens(0.75):
        answers["n_members_reached"] = draws.random.randrange(2_000, 60_000, 500)
        answers["reach_measure"] = draws.one("reach_measure", {"RCH.REGISTERED": 4})
    if draws.happens(0.7):
        answers["cost_band"] = draws.one("cost_band", {"CST.NONE": 0.3, "CST.UNKNOWN": 2, "CST.GE250": 0.3})
        answers["cost_year"] = draws.random.randint(2015, 2016)
    if draws.happens(0.3):
        answers["contract_ends_on"] = dt.date(day.year + draws.random.randint(1, 2), 3, 31)
    if draws.happens(0.7):
        answers["contact_data_holder"] = draws.one("contact_data_holder", EVEN)
    if draws.happens(0.25):
        answers["measured_result"] = draws.one("measured_result", {"EVD.R?": 3})
    return Record("", answers)

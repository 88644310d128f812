"""Made-up visits: where, when, with whom, and what was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from exports.responses import Answer, Record, Response

from landscape.surveys.definition import Survey
from sample.activities import RELEASE, made_up_activity
from sample.draws import Draws, marked
from sample.texts import WORDS

SURVEY = "force_visits"

_NOT_VISITED = ("E23000002", "E23000012", "E23000013")
_N_TO_BOTH, _N_ACTIVITIES, _N_IN_SEVERAL_AREAS, _N_CHALLENGES, _N_CARDS = 4, 45, 5, 30, 3
_AREA_WEIGHTS = {"E23000010": 2.4, "E23000005": 1.8, "E23000004": 1.4, "E23000009": 0.6, "E23000006": 0.7}
_SPEAKERS = {
    "ORG.FORCE": {"SPK.FORCE_LEAD": 5, "SPK.FRONTLINE": 4, "SPK.STAFF": 3, "SPK.PARTNER": 1, "*": 0},
    "ORG.OPCC": {"SPK.OPCC": 6, "SPK.STAFF": 2, "SPK.PARTNER": 2, "*": 0},
}
_CHALLENGES = {
    "CHL.RESOURCE": 5,
    "CHL.SKILL": 4,
    "CHL.TECHDATA": 4,
    "CHL.SILO": 3,
    "CHL.REACH": 3,
    "CHL.EVAL": 2,
    "CHL.INTERMED": 2,
}
_MISSED = {"AUD.YOUNG": 4, "AUD.NEWCOM": 3, "AUD.MINETH": 3, "AUD.OLDER": 2, "AUD.SELDOM": 2, "*": 0.3}
# Types that no made-up activity is of, so that what was asked about and is not running is not found all the same.
_NOT_FOUND = {"ACT.APP": 3, "ACT.EXCHANGE": 2, "ACT.TRADMEDIA": 2, "ACT.APPEAL": 1, "*": 0}


@dataclass(frozen=True)
class _Plan:
    """One visit before it is made: to whom, on which day, and how much is found there."""

    number: str
    area_code: str
    organisation_type: str
    day: dt.date
    n_activities: int
    n_challenges: int


def made_up_visits(survey: Survey, seed: int) -> list[Response]:
    """The sample's visits by date: nine areas, some to force and commissioner, one that found no activity."""
    draws = Draws(survey, seed)
    all_areas = [option.code for option in survey.questionnaire.by_name["force_area"].options]
    areas = [area for area in all_areas if area not in _NOT_VISITED]
    in_several = set(draws.random.sample(range(_N_ACTIVITIES), _N_IN_SEVERAL_AREAS))
    visits: list[Response] = []
    n_found = 0
    for plan in _plans(draws, survey, areas):
        found = range(n_found, n_found + plan.n_activities)
        shared = [number in in_several for number in found]
        visits.append(_visit(draws, plan, shared, areas))
        n_found += plan.n_activities
    return visits


def _plans(draws: Draws, survey: Survey, areas: list[str]) -> list[_Plan]:
    """A visit to each area, and to some both to the force and to the commissioner's office."""
    to_both = draws.random.sample(areas, _N_TO_BOTH)
    once = [area for area in areas if area not in to_both]
    only_commissioner, without_activity = draws.random.sample(once, 2)
    visits = [(area, "ORG.OPCC" if area == only_commissioner else "ORG.FORCE") for area in areas]
    visits += [(area, "ORG.OPCC") for area in to_both]
    draws.random.shuffle(visits)
    first, last = survey.waves[0].opens_on + dt.timedelta(days=35), survey.waves[0].closes_on
    days = sorted(draws.working_day(first, last, mean=60) for _ in visits)
    finding = [position for position, (area, _) in enumerate(visits) if area != without_activity]
    weights = [_AREA_WEIGHTS.get(visits[position][0], 1.0) for position in finding]
    activities = finding + draws.random.choices(finding, weights, k=_N_ACTIVITIES - len(finding))
    challenges = [
        *range(len(visits)),
        *draws.random.choices(range(len(visits)), k=_N_CHALLENGES - len(visits)),
    ]
    return [
        _Plan(f"V{position + 1:02}", *visit, day, activities.count(position), challenges.count(position))
        for position, (visit, day) in enumerate(zip(visits, days, strict=True))
    ]


def _visit(draws: Draws, plan: _Plan, shared: list[bool], areas: list[str]) -> Response:
    answers: dict[str, Answer] = {
        "visited_on": plan.day,
        "force_area": draws.label("force_area", plan.area_code),
        "organisation_type": draws.label("organisation_type", plan.organisation_type),
        "visit_release_level": draws.one("visit_release_level", RELEASE),
    }
    if plan.organisation_type == "ORG.FORCE":
        answers["officer_model"] = draws.one("officer_model", {"MOD.MIXED": 3, "MOD.SPECIALIST": 2})
        training = draws.codes("training", draws.random.randint(1, 2), {"TRN.NONE": 0})
        answers["training"] = draws.labels("training", training)
    answers |= _office(draws)
    speakers = draws.codes("challenge_speaker_type", draws.random.randint(2, 3), _SPEAKERS[plan.organisation_type])
    for speaker in speakers:
        answers[f"speakers_{speaker.removeprefix('SPK.').lower()}"] = draws.random.choices((1, 2, 3), (4, 5, 2))[0]
    found = [
        made_up_activity(
            draws,
            marked(f"{plan.number}-A{number}"),
            plan.day,
            _areas(draws, plan, areas) if is_shared else [],
            [area for area in areas if area != plan.area_code],
        )
        for number, is_shared in enumerate(shared, start=1)
    ]
    worth_it = sorted(found, key=lambda one: (-one.interest, one.number))[:_N_CARDS]
    parts = {
        "activities": [one.record(has_card=one in worth_it) for one in found],
        "challenges": [
            _challenge(draws, challenge, draws.random.choice(speakers))
            for challenge in draws.codes("challenge", plan.n_challenges, _CHALLENGES)
        ],
        "quotations": [_quotation(draws, speakers)] if draws.happens(0.5) else [],
    }
    return Response(marked(plan.number), answers, parts)


def _office(draws: Draws) -> dict[str, Answer]:
    """What the office looks for and offers, and whom it says it misses."""
    route = draws.code("contact_route", {"CTR.NETWORK": 3, "CTR.MAILBOX": 1, "CTR.NONE": 0.5})
    helped = draws.codes("skill_support", draws.random.randint(1, 2), {"SKS.NONE": 0, "SKS.UNKNOWN": 0})
    answers: dict[str, Answer] = {
        "skill_support": draws.labels("skill_support", helped),
        "types_none": draws.labels("types_none", draws.codes("types_none", 2, _NOT_FOUND)),
        "looking_for": draws.labels("looking_for", draws.codes("looking_for", draws.random.randint(1, 3))),
        "offers": draws.labels("offers", draws.codes("offers", draws.random.randint(1, 2), {"OFR.NONE": 0})),
        "contact_route": draws.label("contact_route", route),
    }
    if draws.happens(0.7):
        missed = draws.codes("audiences_missed", draws.random.randint(1, 2), _MISSED)
        answers["audiences_missed"] = draws.labels("audiences_missed", missed)
    if route == "CTR.MAILBOX":
        answers["office_mailbox"] = "engagement-office@example.org"
    return answers


def _areas(draws: Draws, plan: _Plan, areas: list[str]) -> list[str]:
    """The area visited and one or two more."""
    others = draws.random.sample([area for area in areas if area != plan.area_code], draws.random.randint(1, 2))
    return draws.labels("activity_areas", [plan.area_code, *others])


def _challenge(draws: Draws, challenge: str, speaker_type: str) -> Record:
    answers: dict[str, Answer] = {
        "challenge": draws.label("challenge", challenge),
        "challenge_speaker_type": draws.label("challenge_speaker_type", speaker_type),
    }
    if draws.happens(0.2):
        answers["n_asserting"] = draws.random.randint(2, 3)
    return Record("", answers)


def _quotation(draws: Draws, speakers: list[str]) -> Record:
    is_permitted = draws.happens(0.8)
    answers: dict[str, Answer] = {
        "quotation": draws.random.choice(WORDS),
        "quotation_challenge": draws.one("quotation_challenge", _CHALLENGES),
        "quotation_speaker_type": draws.label("quotation_speaker_type", draws.random.choice(speakers)),
        "quotation_permitted": draws.label("quotation_permitted", "ANS.YES" if is_permitted else "ANS.NO"),
    }
    if is_permitted:
        answers["permission_given"] = draws.one("permission_given", {"PRM.WRITTEN": 2})
    return Record("", answers)

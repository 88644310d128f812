"""Made-up visits: where, when, with whom, and what was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from exports.responses import Answer, Record, Response

from landscape.surveys.definition import Survey
from sample.activities import RELEASE, made_up_activity
from sample.draws import Draws, marked

SURVEY = "force_visits"

_NOT_VISITED = ("E23000002", "E23000012", "E23000013")
_N_TO_BOTH, _N_ACTIVITIES, _N_IN_SEVERAL_AREAS, _N_CHALLENGES = 4, 45, 5, 30
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
}


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
    speakers = draws.codes("speaker_type", draws.random.randint(2, 3), _SPEAKERS[plan.organisation_type])
    parts = {
        "speakers": [_speakers(draws, plan, speaker) for speaker in speakers],
        "activities": [
            made_up_activity(
                draws,
                marked(f"{plan.number}-A{number}"),
                plan.day,
                _areas(draws, plan, areas) if is_shared else [],
            )
            for number, is_shared in enumerate(shared, start=1)
        ],
        "challenges": [
            _challenge(draws, plan, challenge, draws.random.choice(speakers), areas)
            for challenge in draws.codes("challenge", plan.n_challenges, _CHALLENGES)
        ],
    }
    return Response(marked(plan.number), answers, parts)


def _areas(draws: Draws, plan: _Plan, areas: list[str]) -> list[str]:
    """The area visited and one or two more."""
    others = draws.random.sample([area for area in areas if area != plan.area_code], draws.random.randint(1, 2))
    return draws.labels("activity_areas", [plan.area_code, *others])


def _speakers(draws: Draws, plan: _Plan, speaker_type: str) -> Record:
    organisation = "ORG.VCS" if speaker_type == "SPK.PARTNER" else plan.organisation_type
    return Record(
        "",
        {
            "speaker_type": draws.label("speaker_type", speaker_type),
            "speaker_organisation_type": draws.label("speaker_organisation_type", organisation),
            "n_speakers": draws.random.choices((1, 2, 3), (4, 5, 2))[0],
        },
    )


def _challenge(draws: Draws, plan: _Plan, challenge: str, speaker_type: str, areas: list[str]) -> Record:
    answers: dict[str, Answer] = {
        "challenge": draws.label("challenge", challenge),
        "challenge_speaker_type": draws.label("challenge_speaker_type", speaker_type),
    }
    if draws.happens(0.1):
        answers["challenge_areas"] = _areas(draws, plan, areas)
    if draws.happens(0.15):
        answers["said_on"] = plan.day - dt.timedelta(days=7)
    if draws.happens(0.7):
        answers["challenge_release_level"] = draws.one("challenge_release_level", RELEASE)
    return Record("", answers)

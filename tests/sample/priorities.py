"""Made-up answers to the priority survey, with the traps that exports hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from itertools import islice

from exports.responses import Answer, Response

from landscape.surveys.definition import Survey
from sample.draws import MADE_UP_ANSWERS, Draws, begun_at, marked, ticked

SURVEY = "priority_survey"

_N_COMPLETE, _N_PARTIAL = 42, 3
_NUMBER = "356806-356797-{}"
_FIRST_NUMBER = 33882701  # the team's trial, always the first; survey.yml lists it
_TRAPS = (
    "Made-up answer in two lines:\nthe second line.",
    'Made-up answer: we were told "just engage", and nothing more.',
    '=HYPERLINK("http://example.org")',
    "<script>alert(1)</script>",
)
_ORGANISATION_TYPES = {"ORG.FORCE": 22, "ORG.OPCC": 9, "ORG.UNI": 8, "ORG.LA": 2, "ORG.VCS": 2, "*": 0}
_AREAS = {"E23000010": 2.5, "E23000005": 2, "E23000004": 1.6, "E23000012": 0.5, "E23000013": 0.4}
_ROLES = {
    "ORG.UNI": {"ROL.RESEARCH": 1, "*": 0},
    "ORG.OPCC": {"ROL.LEAD": 4, "ROL.SUPPORT": 4, "ROL.ENGAGE": 2, "*": 0},
}
_OTHER_ROLES = {"ROL.ENGAGE": 6, "ROL.LEAD": 3, "ROL.SUPPORT": 2, "*": 0}
_EVENTS = {
    "TOP.CROSSFORCE": 6,
    "TOP.TECH": 4,
    "TOP.SKILLS": 4,
    "TOP.DEMAND": 3,
    "TOP.TRUST": 3,
    "TOP.TRADMEDIA": 0.5,
}
_RESEARCH = {
    "TOP.EVIDENCE": 6,
    "TOP.PROCURE": 4,
    "TOP.DEMAND": 4,
    "TOP.INTERMEDIARIES": 3,
    "TOP.INVESTIGATION": 0.5,
}
_BY_ROLE = {
    "ROL.ENGAGE": {"TOP.SKILLS": 3.0, "TOP.YOUTH": 2.0, "TOP.TRUST": 2.0},
    "ROL.LEAD": {"TOP.DEMAND": 3.0, "TOP.PROCURE": 2.0},
    "ROL.SUPPORT": {"TOP.TECH": 3.0, "TOP.TRADMEDIA": 2.0},
    "ROL.RESEARCH": {"TOP.EVIDENCE": 3.0, "TOP.OBJECTIVES": 3.0},
}
_MODELS = {
    "ROL.ENGAGE": {"MOD.SPECIALIST": 5, "MOD.MIXED": 4, "MOD.ALL": 2},
    "ROL.LEAD": {"MOD.ALL": 5, "MOD.MIXED": 4, "MOD.UNDECIDED": 2},
}


def made_up_priorities(survey: Survey, seed: int) -> list[Response]:
    """The sample's answers, in the order begun: a trial, whole and partial ones, one late, one twice."""
    draws = Draws(survey, seed)
    closes_on = survey.waves[0].closes_on
    whole = [_respondent(draws, survey) for _ in range(_N_COMPLETE)]
    in_turn = iter(draws.random.sample(range(_N_COMPLETE), _N_COMPLETE))
    for respondent, trap in zip(islice(in_turn, len(_TRAPS)), _TRAPS, strict=True):
        whole[respondent] = _with(whole[respondent], events_why=trap)
    other, withholding, late, twice = islice(in_turn, 4)
    topics = [*ticked(whole[other], "events_topics"), "Made-up topic: engagement after dark"]
    whole[other] = _with(whole[other], events_topics=topics)
    no = draws.label("consent_analysis", "ANS.NO")
    whole[withholding] = _with(whole[withholding], consent_analysis=no)
    whole[late] = _begun(draws, whole[late], draws.moment(closes_on + dt.timedelta(days=4)))
    partial = [_partial(_respondent(draws, survey)) for _ in range(_N_PARTIAL)]
    trial = _begun(draws, _respondent(draws, survey), draws.moment(survey.waves[0].opens_on))
    numbered = _numbered(draws, [trial, *whole, *partial])
    copies = [row for row in numbered if row.answers is whole[twice].answers]
    return sorted([*numbered, *copies], key=lambda row: row.number)


def _respondent(draws: Draws, survey: Survey) -> Response:
    type_code = draws.code("organisation_type", _ORGANISATION_TYPES)
    role_code = draws.code("role", _ROLES.get(type_code, _OTHER_ROLES))
    answers: dict[str, Answer] = {
        "organisation_type": draws.label("organisation_type", type_code),
        "role": draws.label("role", role_code),
    }
    if draws.happens(0.9):
        answers["force_area"] = draws.one("force_area", _AREAS)
    answers |= _choices(draws, "events", _tilted(_EVENTS, role_code))
    if draws.happens(0.92):
        answers |= _choices(draws, "research", _tilted(_RESEARCH, role_code))
    answers["officer_model"] = draws.one("officer_model", _MODELS.get(role_code, {}))
    if draws.happens(0.4):
        answers["officer_model_why"] = draws.random.choice(MADE_UP_ANSWERS)
    answers["consent_analysis"] = draws.label("consent_analysis", "ANS.YES")
    opens_on, closes_on = survey.waves[0].opens_on, survey.waves[0].closes_on
    begun_at = draws.moment(draws.working_day(opens_on + dt.timedelta(days=30), closes_on, mean=16))
    return _begun(draws, Response("", answers), begun_at)


def _choices(draws: Draws, purpose: str, weights: Mapping[str, float]) -> dict[str, Answer]:
    """Topics ticked for a purpose, and up to three of them in order of priority; some people rank fewer."""
    question = f"{purpose}_topics"
    ticked = draws.codes(question, draws.random.randint(2, 6), weights)
    answers: dict[str, Answer] = {question: draws.labels(question, ticked)}
    n_ranked = draws.random.choices((0, 1, 2, 3), (1, 1, 3, 12))[0]
    for place, code in zip(("first", "second", "third")[:n_ranked], ticked, strict=False):
        answers[f"{purpose}_{place}"] = draws.label(f"{purpose}_{place}", code)
    if draws.happens(0.5):
        answers[f"{purpose}_why"] = draws.random.choice(MADE_UP_ANSWERS)
    return answers


def _tilted(weights: Mapping[str, float], role_code: str) -> dict[str, float]:
    tilt = _BY_ROLE[role_code]
    return {code: weights.get(code, 1.0) * tilt.get(code, 1.0) for code in {**weights, **tilt}}


def _with(response: Response, **changed: Answer) -> Response:
    return dataclasses.replace(response, answers={**response.answers, **changed})


def _begun(draws: Draws, response: Response, started_at: dt.datetime) -> Response:
    return dataclasses.replace(response, started_at=started_at, completed_at=draws.later(started_at, (4, 25)))


def _partial(response: Response) -> Response:
    """An answer broken off on the second page: no consent, no time of completion."""
    asked_first = ("organisation_type", "role", "force_area", "events_topics", "events_first")
    kept = {name: response.answers[name] for name in asked_first if name in response.answers}
    return dataclasses.replace(response, answers=kept, completed_at=None)


def _numbered(draws: Draws, responses: list[Response]) -> list[Response]:
    """Numbers by time of beginning, some way apart, as the tool serves many surveys at once."""
    number = _FIRST_NUMBER
    numbered: list[Response] = []
    for response in sorted(responses, key=begun_at):
        numbered.append(dataclasses.replace(response, number=marked(_NUMBER.format(number))))
        number += draws.random.randint(3, 4000)
    return numbered

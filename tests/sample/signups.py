"""Made-up answers to the network sign-up, with the mess that real ones bring."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import islice

from exports.responses import Answer, Response

from landscape.surveys.definition import Survey
from sample.draws import Draws, begun_at, marked, ticked

SURVEY = "network_signup"

_N_PEOPLE, _N_DECLINING, _N_TWICE, _N_NOT_AT_SHOWCASE = 49, 3, 2, 6
_TREES = (
    "Alder",
    "Ash",
    "Aspen",
    "Beech",
    "Birch",
    "Cedar",
    "Elm",
    "Hawthorn",
    "Hazel",
    "Larch",
    "Maple",
    "Rowan",
    "Yew",
)
_SURNAMES = ("Sample", "Example", "Placeholder", "Madeup")
_ORGANISATION_TYPES = {
    "ORG.FORCE": 21,
    "ORG.OPCC": 9,
    "ORG.UNI": 8,
    "ORG.LA": 4,
    "ORG.VCS": 4,
    "ORG.NATIONAL": 2,
    "ORG.COMMERCIAL": 1,
    "*": 0,
}
_AREAS = {
    "E23000002": 0.5,
    "E23000003": 1.2,
    "E23000004": 1.6,
    "E23000005": 1.8,
    "E23000006": 0.8,
    "E23000007": 1.2,
    "E23000008": 1.0,
    "E23000009": 0.8,
    "E23000010": 2.4,
    "E23000011": 1.4,
    "E23000012": 0.6,
    "E23000013": 0.4,
}
# Own words in the place of an area, and the organisation of whoever typed them.
_TYPED_AREAS = {
    "Northumberland Police": "Northumberland Police",
    "GMP": "GMP",
    "West Yorks Police": "West Yorks Police",
    "cleveland police ": "Cleveland Police",
    "Teesside": "Sample Force",
}
_UNIVERSITIES = {
    "Durham University": "E23000008",
    "Newcastle University": "E23000007",
    "University of Leeds": "E23000010",
    "University of Liverpool": "E23000004",
    "University of Sheffield": "E23000011",
    "University of York": "E23000009",
}
_WITHOUT_AREA = ("ORG.NATIONAL", "ORG.COMMERCIAL")
_ROLES = {
    "ORG.FORCE": {"ROL.ENGAGE": 6, "ROL.LEAD": 3, "ROL.SUPPORT": 2, "*": 0},
    "ORG.OPCC": {"ROL.ENGAGE": 2, "ROL.LEAD": 3, "ROL.SUPPORT": 4, "*": 0},
    "ORG.UNI": {"ROL.RESEARCH": 1, "*": 0},
}
_OTHER_ROLES = {"ROL.ENGAGE": 4, "ROL.LEAD": 1, "ROL.SUPPORT": 2, "*": 0}
_TOPICS = {
    "ORG.FORCE": {
        "TOP.TECH": 4,
        "TOP.CROSSFORCE": 4,
        "TOP.DEMAND": 3,
        "TOP.SKILLS": 3,
        "TOP.INVESTIGATION": 2,
    },
    "ORG.OPCC": {"TOP.TRUST": 4, "TOP.PROCURE": 3, "TOP.YOUTH": 3, "TOP.CROSSFORCE": 2},
    "ORG.UNI": {"TOP.EVIDENCE": 5, "TOP.OBJECTIVES": 3, "TOP.INTERMEDIARIES": 2},
    "ORG.VCS": {"TOP.INTERMEDIARIES": 4, "TOP.TRUST": 4, "TOP.TRADMEDIA": 2},
}
_CONSENTS = {
    "consent_visit": 0.8,
    "consent_directory": 0.65,
    "consent_area": 0.8,
    "consent_analysis": 0.95,
    "consent_link": 0.6,
}


def made_up_signups(survey: Survey, seed: int) -> list[Response]:
    """The sample's sign-ups, in the order received: a trial, people, and two of them a second time."""
    draws = Draws(survey, seed)
    names = [f"{tree} {surname}" for surname in _SURNAMES for tree in _TREES]
    people = [_person(draws, survey, name) for name in draws.random.sample(names, _N_PEOPLE)]
    in_turn = iter(draws.random.sample(range(_N_PEOPLE), _N_PEOPLE))
    for person in islice(in_turn, _N_DECLINING):
        people[person] = _declining(draws, people[person])
    for person in islice(in_turn, _N_NOT_AT_SHOWCASE):
        people[person] = _with(people[person], attended_showcase=draws.label("attended_showcase", "ANS.NO"))
    for person, typed in zip(islice(in_turn, len(_TYPED_AREAS)), _TYPED_AREAS.items(), strict=True):
        people[person] = _with(people[person], **_place_in_own_words(draws, *typed))
    withholding, own_topic = next(in_turn), next(in_turn)
    people[withholding] = _with(people[withholding], consent_network=draws.label("consent_network", "ANS.NO"))
    topics = [*ticked(people[own_topic], "topics"), "Made-up topic: engagement after dark"]
    people[own_topic] = _with(people[own_topic], topics=topics)
    again = [_again(draws, survey, people[person]) for person in islice(in_turn, _N_TWICE)]
    return _numbered(draws, [_trial(draws, survey, people[0]), *people, *again])


def _person(draws: Draws, survey: Survey, name: str) -> Response:
    first, last = survey.waves[0].opens_on + dt.timedelta(days=30), survey.waves[0].closes_on
    started_at = draws.moment(draws.working_day(first, last - dt.timedelta(days=10), mean=18))
    type_code = draws.code("organisation_type", _ORGANISATION_TYPES)
    answers: dict[str, Answer] = {
        "attended_showcase": draws.label("attended_showcase", "ANS.YES"),
        "full_name": name,
        "email": f"{name.replace(' ', '.').lower()}@example.org",
        "organisation_type": draws.label("organisation_type", type_code),
        "role": draws.one("role", _ROLES.get(type_code, _OTHER_ROLES)),
        "join_network": draws.label("join_network", "ANS.YES"),
        "prior_contact": draws.one("prior_contact", {"PRC.NONE": 5, "PRC.SOME": 3, "PRC.REGULAR": 1}),
        "formats": draws.labels("formats", draws.codes("formats", draws.random.randint(1, 3))),
        "consent_network": draws.label("consent_network", "ANS.YES"),
    }
    if draws.happens(0.4):
        answers["telephone"] = f"07700 {draws.random.randint(900000, 900999)}"  # Ofcom's range for drama
    answers |= _place(draws, type_code)
    wanted = draws.codes("topics", draws.random.randint(2, 6), _TOPICS.get(type_code, {}))
    answers["topics"] = draws.labels("topics", wanted)
    answers["expertise_wanted"] = draws.labels("expertise_wanted", wanted[:2])
    if draws.happens(0.6):
        offered = draws.codes("expertise_offered", draws.random.randint(1, 3), _TOPICS.get(type_code, {}))
        answers["expertise_offered"] = draws.labels("expertise_offered", offered)
    for consent, chance in _CONSENTS.items():
        answers[consent] = draws.label(consent, "ANS.YES" if draws.happens(chance) else "ANS.NO")
    return Response("", answers, started_at=started_at, completed_at=draws.later(started_at, (2, 12)))


def _place(draws: Draws, type_code: str) -> dict[str, Answer]:
    """Organisation and area; a university's area is left blank now and then, for its name to decide."""
    area = draws.one("force_area", _AREAS)
    if type_code == "ORG.UNI":
        university = draws.random.choice(sorted(_UNIVERSITIES))
        place: dict[str, Answer] = {"organisation": university}
        if draws.happens(0.6):
            place["force_area"] = draws.label("force_area", _UNIVERSITIES[university])
        return place
    if type_code in _WITHOUT_AREA:
        return {"organisation": "Sample National Body" if type_code == "ORG.NATIONAL" else "Sample Supplier Ltd"}
    organisation = {
        "ORG.FORCE": f"{area} Police",
        "ORG.OPCC": f"{area} OPCC",
        "ORG.LA": "Sample Council",
        "ORG.VCS": "Sample Community Trust",
    }[type_code]
    return {"organisation": organisation, "force_area": area}


def _place_in_own_words(draws: Draws, area: str, organisation: str) -> dict[str, Answer]:
    return {
        "force_area": area,
        "organisation": organisation,
        "organisation_type": draws.label("organisation_type", "ORG.FORCE"),
        "role": draws.one("role", _ROLES["ORG.FORCE"]),
    }


def _with(response: Response, **changed: Answer) -> Response:
    return dataclasses.replace(response, answers={**response.answers, **changed})


def _declining(draws: Draws, response: Response) -> Response:
    no = {name: draws.label(name, "ANS.NO") for name in ("join_network", "consent_network", *_CONSENTS)}
    kept = {name: answer for name, answer in response.answers.items() if not name.startswith("expertise_")}
    return dataclasses.replace(response, answers={**kept, **no})


def _again(draws: Draws, survey: Survey, first: Response) -> Response:
    """The same person some days later, with other topics and the address typed in capitals."""
    later = draws.working_day(begun_at(first).date() + dt.timedelta(days=2), survey.waves[0].closes_on, mean=9)
    started_at = draws.moment(later)
    changed = _with(
        first,
        email=str(first.answers["email"]).upper(),
        topics=draws.labels("topics", draws.codes("topics", 3)),
    )
    return dataclasses.replace(changed, started_at=started_at, completed_at=draws.later(started_at, (2, 12)))


def _trial(draws: Draws, survey: Survey, like: Response) -> Response:
    """The team's own try-out, on the day the form was opened."""
    started_at = draws.moment(survey.waves[0].opens_on)
    answers = {**like.answers, "full_name": "test", "organisation": "test", "email": "test@example.org"}
    answers.pop("telephone", None)
    return Response("", answers, started_at=started_at, completed_at=draws.later(started_at, (1, 3)))


def _numbered(draws: Draws, responses: list[Response]) -> list[Response]:
    """Numbers by time of completion, with gaps where the tool deleted an answer."""
    in_order = sorted(responses, key=lambda response: (response.completed_at, response.answers["email"]))
    gaps = draws.random.sample(range(2, len(in_order)), 3)
    numbers = [number for number in range(1, len(in_order) + len(gaps) + 1) if number not in gaps]
    return [
        dataclasses.replace(response, number=marked(number)) for number, response in zip(numbers, in_order, strict=True)
    ]

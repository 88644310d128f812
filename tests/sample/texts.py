"""Made-up texts of activities and quotations, and what made-up offices decided about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from exports.responses import Response

from landscape.coding.approving import words_sha256
from landscape.coding.ledgers import Approval

TEXTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "ACT.MSG": (
            "Made-up Street Alerts",
            "Made up: residents who signed up get alerts about crime nearby, and can write back.",
            "Made up: half of the list had moved away; ask members once a year whether they still want it.",
        ),
        "ACT.SOCIAL": (
            "Made-up Beat Page",
            "Made up: each neighbourhood team has a page and answers within a day.",
            "Made up: pages without a named team fell silent in the holidays.",
        ),
        "ACT.YOUTH": (
            "Made-up Saturday Club",
            "Made up: officers and youth workers run a Saturday club in two schools for pupils aged 11 to 15.",
            "Made up: ask young people first; sport drew the same few, cooking drew the others.",
        ),
        "ACT.MEET": (
            "Made-up Tea and Talk",
            "Made up: officers sit in a library once a month; whoever comes sets the subject.",
            "Made up: a fixed table by the door did more than any poster.",
        ),
        "ACT.PATROL": (
            "Made-up Doorstep Week",
            "Made up: for one week a team knocks on every door of an estate and asks one question.",
            "Made up: go back within a month with what was done, or do not go at all.",
        ),
        "ACT.VOLUNTEER": (
            "Made-up Speed Watchers",
            "Made up: residents measure speeds with a borrowed device; police write to the drivers.",
            "Made up: volunteers stay when they are told what became of their readings.",
        ),
        "ACT.ADVISORY": (
            "Made-up Scrutiny Panel",
            "Made up: twelve residents read stop-and-search records every quarter and put questions to an officer.",
            "Made up: pay for travel and meet in the evening, or only the retired come.",
        ),
        "ACT.WARDEN": (
            "Made-up Estate Wardens",
            "Made up: wardens paid by the council know every household on the estate and settle small disputes.",
            "Made up: wardens were trusted because they were not police; keep the uniforms apart.",
        ),
        "ACT.MEDIATE": (
            "Made-up Neighbour Mediation",
            "Made up: trained mediators see both sides of a quarrel within two weeks of a second call to police.",
            "Made up: referrals dried up when officers changed; it needs a person who looks after them.",
        ),
        "ACT.TRAIN": (
            "Made-up Listening Course",
            "Made up: a day on listening, held by residents for all new officers.",
            "Made up: residents as teachers changed more than slides did.",
        ),
        "ACT.CONSULT": (
            "Made-up Budget Vote",
            "Made up: residents of a ward vote on how a small fund for safety is spent.",
            "Made up: publish what lost as well as what won.",
        ),
        "ACT.CCTVREG": (
            "Made-up Camera Register",
            "Made up: shops and households say that they have a camera, so that officers know whom to ask.",
            "Made up: some would not register for fear of a police list; say first who can see it.",
        ),
        "ACT.SPECIALIST": (
            "Made-up Engagement Team",
            "Made up: four officers do nothing but engagement and coach the others.",
            "Made up: other officers left engagement to the team until coaching was made part of its work.",
        ),
    }
)
"""Name, summary and lesson by type of activity."""
WORDS = (
    "Made up: nobody had ever asked us what we wanted from them.",
    "Made up: we buy the same systems and never ring each other.",
    "Made up: the wardens can say things that I cannot.",
    "Made up: if I stop to talk, somebody asks me what I am doing.",
    "Made up: we count the messages, not the answers.",
    "Made up: the money ended in the week it began to work.",
)

_REFUSED, _NOT_YET = 2, 3
_APPROVER = "3"


def made_up_approvals(visits: Sequence[Response], wave: str) -> Iterator[Approval]:
    """What was decided about the texts: most offices confirmed them, some have not answered, two refused.

    One text was changed after it had been approved, so it is open again; the last visit's texts nobody has read yet.
    """
    telling = [visit for visit in visits if visit.parts.get("activities")]
    for place, visit in enumerate(telling[:-1]):
        day = visit.answers["visited_on"]
        assert isinstance(day, dt.date)
        state = "refused" if place < _REFUSED else "approved" if place < _REFUSED + _NOT_YET else "confirmed"
        for n, (record, question, words) in enumerate(_texts_of(visit, wave)):
            is_changed = place == _REFUSED and n == 0
            yield Approval(
                record,
                question,
                words_sha256(f"{words} (as it was)" if is_changed else words),
                "no" if state == "refused" else "yes",
                _APPROVER,
                (day + dt.timedelta(days=7)).isoformat(),
                (day + dt.timedelta(days=21)).isoformat() if state == "confirmed" else "",
                "e-mail" if state == "confirmed" else "",
            )


def _texts_of(visit: Response, wave: str) -> Iterator[tuple[str, str, str]]:
    """Record, question and words of each text of a visit."""
    response = f"force_visits/{wave}/{visit.number}"
    for activity in visit.parts.get("activities", ()):
        yield f"{response}/{activity.number}", "public_name", str(activity.answers["public_name"])
        for card in activity.parts.get("cards", ()):
            for name in ("summary", "lesson", "web_address"):
                if name in card.answers:
                    yield f"{response}/{activity.number}", name, str(card.answers[name])
    for n, quotation in enumerate(visit.parts.get("quotations", ()), start=1):
        yield f"{response}/quotations-{n}", "quotation", str(quotation.answers["quotation"])

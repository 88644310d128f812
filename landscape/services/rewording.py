"""Questions that a form asks in other words than the questionnaire, where its exports are headed by names and hide that."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from landscape.errors import SourceError
from landscape.services.catalogue import SERVICES, ask
from landscape.text import normal_wording

if TYPE_CHECKING:
    from landscape.services.connection import Connection
    from landscape.surveys.definition import Survey

_TAG = re.compile(r"<[^>]*>")


def reworded(survey: Survey, connection: Connection) -> tuple[str, ...]:
    """What the form asks in other words, one line a question.

    A wording that a person accepted is not reported. Responses are pulled even where a service does not give its wordings.
    """
    if survey.source is None:
        return ()
    service = SERVICES[survey.source.service]
    try:
        asked = ask(service.TITLE, lambda: service.wordings(connection))
    except SourceError:
        return ()
    accepted = {(entry.question, normal_wording(entry.wording)) for entry in survey.accepted}
    found = []
    for question in survey.questionnaire.questions:
        now = " ".join(_TAG.sub(" ", html.unescape(asked.get(question.name, ""))).split())
        wording = normal_wording(now)
        is_known = wording in ("", normal_wording(question.label)) or (question.name, wording) in accepted
        if not is_known and question.label != question.name:
            found.append(f"{question.name}: “{question.label}” is now “{now}”")
    return tuple(found)

"""Who sent the responses of a file, as people are compared: by e-mail address, and by name where several share one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from landscape.identity.person import normal_email, normal_name
from landscape.surveys.cells import CellColumn, occurring
from landscape.surveys.placing import column_at
from landscape.surveys.received import ReceivedFile


@dataclass(frozen=True)
class Senders:
    """The e-mail address and the name in each row of responses, as they are compared; empty where not asked."""

    email: CellColumn
    name: CellColumn


def senders_of(file: ReceivedFile) -> Senders:
    """Who sent the responses of a file."""
    cells = file.export.sheets[0].cells
    question_at = {question.name: position for position, question in file.columns[None].items()}
    asked = [file.survey.questionnaire.used_for(use) for use in ("email", "name")]
    email, name = (column_at(cells, question_at.get(question.name) if question else None) for question in asked)
    return Senders(email.mapped(normal_email), name.mapped(normal_name))


def shared_addresses(files: Iterable[Senders]) -> dict[str, set[str]]:
    """E-mail addresses under which several names answered, such as an office's, with the names: these are several people."""
    names: dict[str, set[str]] = {}
    for senders in files:
        for email, name in occurring([senders.email, senders.name])[0]:
            if email and name:
                names.setdefault(email, set()).add(name)
    return {email: found for email, found in names.items() if len(found) > 1}

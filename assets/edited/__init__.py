"""What people put in or edit: files that a refresh reads and never writes."""

from collections.abc import Iterable

import dagster as dg

from assets import OWNERS, group_of
from landscape.edited import DECISIONS, POLICE_UK, QUESTIONNAIRES, RECEIVED, TEMPLATE
from landscape.places.boundaries import FILE as BOUNDARIES
from landscape.places.landscape import FILE as LANDSCAPE
from landscape.step import Step
from landscape.steps import file_of


def _key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["edited", name])


ASKED = _key(QUESTIONNAIRES)
_SAYS = {
    RECEIVED: "Exports in data/raw, else the sample; with them, who was forgotten, who withdrew, and what was pulled.",
    POLICE_UK: "Answers of data.police.uk in data/raw/police_uk, as pulled.",
    DECISIONS: "What people decided: data/decisions.csv, and in data/private their codings and how far they agree.",
    QUESTIONNAIRES: "What was asked, and how: the folders in assets/raw/surveys.",
    TEMPLATE: "The institution’s own Word template, reports/template.docx; without it the project’s is used.",
}
_READS = {
    "raw__received": (RECEIVED, QUESTIONNAIRES),
    "raw__police_uk": (POLICE_UK,),
    "reference__boundaries": (BOUNDARIES,),
    "reference__decided": (DECISIONS,),
    "reference__landscape": (LANDSCAPE,),
    "reference__questions": (QUESTIONNAIRES,),
    "staged__surveys": (QUESTIONNAIRES,),
    "staged__known_people": (RECEIVED,),
    "figures__drawn": (LANDSCAPE,),
    "report__landscape": (TEMPLATE,),
}
"""What steps read that people edit, where it is not the file of a reference table."""


def edited_by_hand(step: Step) -> tuple[dg.AssetKey, ...]:
    """What a step reads that people edit."""
    is_loaded = step.layer == "reference" and step.name not in _READS
    names = tuple(map(file_of, step.makes)) if is_loaded else _READS.get(step.name, ())
    return tuple(map(_key, names))


def edited_layer(steps: Iterable[Step]) -> list[dg.AssetSpec]:
    """All that any of the steps reads; no run makes it."""
    keys = dict.fromkeys(key for step in steps for key in edited_by_hand(step))
    return [
        dg.AssetSpec(
            key,
            description=_SAYS.get(name := key.path[-1], f"data/reference/{name}, with its sources."),
            group_name=group_of("edited"),
            owners=list(OWNERS),
            kinds={"file"},
        )
        for key in keys
    ]

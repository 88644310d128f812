"""A survey as it is drafted, for a person to finish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from landscape.surveys.export import DateOrder
from landscape.surveys.guessing import Guess


@dataclass(frozen=True)
class DraftQuestion:
    """One row of the drafted questionnaire.

    Args:
        name: Its name.
        label: Its wording, as the export or the tool's definition has it.
        guess: What it asks, or seems to.
        option_list: The survey's own list that it takes its options from; empty if none.
        use: `rank:<list>:<place>` for a place of a ranking, or `area`.
        relevant: The condition under which it is asked.
        required: It must be answered.
        hint: The help below it.
        wordings: Other headings that exports give it.
        codes: The tool's own codes of options that have another code here, and which one.
        is_unsure: The tool's definition does not tell its type for certain.
    """

    name: str
    label: str
    guess: Guess
    option_list: str = ""
    use: str = ""
    relevant: str = ""
    required: bool = False
    hint: str = ""
    wordings: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    is_unsure: bool = False


@dataclass(frozen=True)
class DraftPart:
    """The questions of the responses (name None), or of a repeated part and the part it belongs to."""

    name: str | None
    parent: str | None
    questions: tuple[DraftQuestion, ...]
    label: str = ""


@dataclass(frozen=True)
class Draft:
    """A drafted survey.

    Args:
        name: The survey.
        tools: The tools whose shape the export has, or whose definition it is; the first was taken.
        parts: Its questions.
        title: What respondents see above the questions; made from the name where nothing says it.
        drafted_from: An export, a definition, or both, in words.
        skipped: Columns that were not drafted, and why.
        notes: What a person must know of the tool's definition: its language, what could not be carried over.
        lists_csv: Its own option lists; empty where it has none.
        is_defined: There was the tool's own definition.
        has_export: There were answers to draft from.
        first_on: The first day seen in the export; None where it has no times.
        last_on: The last day seen.
        zone: The time zone that the export itself says; None where it does not.
        dates: Whether day or month comes first, where the export says so and the tool's habit is another.
        is_order_unclear: Nothing says whether day or month comes first.
        differences: What survey.yml accepts, so that the export fits; each as written there, without the wave.
        unsettled: Where the export does not fit yet, and what a person must decide.
    """

    name: str
    tools: tuple[str, ...]
    parts: tuple[DraftPart, ...]
    title: str
    drafted_from: str
    skipped: tuple[str, ...]
    lists_csv: str
    is_defined: bool = False
    has_export: bool = False
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    zone: str | None = None
    notes: tuple[str, ...] = ()
    dates: DateOrder | None = None
    is_order_unclear: bool = False
    differences: tuple[Mapping[str, object], ...] = ()
    unsettled: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[DraftQuestion, ...]:
        """All questions of all parts."""
        return tuple(question for part in self.parts for question in part.questions)

"""The XLSForm questionnaire: what was asked, of whom, with which codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from landscape.surveys.options import Option

PRIVACY_LEVELS = ("personal", "private", "match", "onward")
_AREA_CODE = re.compile(r"E23\d{6}")


@dataclass(frozen=True)
class Question:
    """One question as asked.

    Args:
        name: Its name in the questionnaire and in the staged tables.
        kind: text, date, integer, decimal, select_one or select_multiple.
        label: The wording in force.
        privacy: How far an answer may go; see `PRIVACY_LEVELS`. Closed questions and numbers go onward.
        use: What the answer is for where the name alone does not say (`email`, `area`, `rank:…`).
        required: Whether the tool was to insist on an answer.
        options: The option list of a closed question.
        repeat: The repeated part it belongs to; None for the response itself.
        relevant: The XLSForm condition under which it is asked; empty if always.
        hint: The help below the wording; empty if none.
        columns: Headings of further columns that hold its answers, as after it was moved or re-worded.
    """

    name: str
    kind: str
    label: str
    privacy: str
    use: str
    required: bool
    options: tuple[Option, ...]
    repeat: str | None
    relevant: str = ""
    hint: str = ""
    columns: tuple[str, ...] = ()

    @property
    def other_code(self) -> str | None:
        """The code for an answer in the respondent's own words, where the list has one."""
        return next((o.code for o in self.offered if o.code.endswith(".OTHER")), None)

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that a new form offers: all but the retired ones."""
        return tuple(option for option in self.options if not option.is_retired)

    @property
    def is_of_areas(self) -> bool:
        """Whether its options are force areas."""
        return any(_AREA_CODE.fullmatch(option.code) for option in self.options)

    @property
    def rank(self) -> tuple[str, int] | None:
        """The ranking this question is one place of, and the place: (`events_rank`, 1)."""
        kind, _, rest = self.use.partition(":")
        if kind != "rank":
            return None
        name, _, place = rest.rpartition(":")
        return name, int(place)


@dataclass(frozen=True)
class Repeat:
    """A repeated part of a response (each activity of a visit). `parent` is None directly below the response."""

    name: str
    label: str
    parent: str | None


@dataclass(frozen=True)
class Questionnaire:
    """All questions of a survey, in the order asked."""

    survey: str
    version: str
    questions: tuple[Question, ...]
    repeats: tuple[Repeat, ...]

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """Questions by name; of one that moved to another part, as it is there."""
        named: dict[str, Question] = {}
        for question in self.questions:
            named.setdefault(question.name, question)
        return named

    def of(self, repeat: str | None) -> tuple[Question, ...]:
        """The questions of one repeated part, or of the response itself (None)."""
        return tuple(q for q in self.questions if q.repeat == repeat)

    def parent_of(self, repeat: str) -> str | None:
        """The part that a repeated part belongs to; None for the response itself."""
        return next(part.parent for part in self.repeats if part.name == repeat)

    def used_for(self, use: str) -> Question | None:
        """The question whose answer serves `use`, if there is one."""
        return next((q for q in self.questions if q.use == use), None)


def joined(versions: Sequence[Questionnaire]) -> tuple[Questionnaire, list[str]]:
    """All questions of a survey's versions as one questionnaire; of a question in several, as the first version has it.

    A question may have moved from one repeated part to another: it is then in both.

    Args:
        versions: The one in force first.

    Returns:
        The questionnaire, and the names that mean other questions in other versions.
    """
    questions: dict[tuple[str, str | None], Question] = {}
    repeats: dict[str, Repeat] = {}
    clashes: set[str] = set()
    first: dict[str, Question] = {}
    for version in versions:
        for part in version.repeats:
            if repeats.setdefault(part.name, part).parent != part.parent:
                clashes.add(part.name)
        for question in version.questions:
            questions.setdefault((question.name, question.repeat), question)
            same = first.setdefault(question.name, question)
            if (same.kind, same.options, same.privacy) != (question.kind, question.options, question.privacy):
                clashes.add(question.name)
    asked = Questionnaire(versions[0].survey, versions[0].version, tuple(questions.values()), tuple(repeats.values()))
    return asked, sorted(clashes)

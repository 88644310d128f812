"""Chance for the made-up sample: weighted draws from a questionnaire's option lists."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

from exports.responses import Response

from landscape.surveys.definition import Survey
from landscape.surveys.received import SAMPLE_MARK

EVEN: Mapping[str, float] = MappingProxyType({})
"""No weights: every option as likely as the next."""

MADE_UP_ANSWERS = (
    "Made-up answer: it comes up at every meeting.",
    "Made-up answer: we have tried two ways and cannot tell which is better.",
    "Made-up answer: colleagues ask for it, and there is little to give them.",
    "Made-up answer: money is short; we must choose well.",
    "Made-up answer: residents tell us so.",
)


class Draws:
    """Repeatable draws for one survey.

    Args:
        survey: Whose option lists are drawn from.
        seed: The same seed gives the same draws; each survey has draws of its own.
    """

    def __init__(self, survey: Survey, seed: int | str) -> None:
        self.random = random.Random(f"{seed}/{survey.name}")  # noqa: S311 - made-up answers, no secret
        self._survey = survey

    def code(self, question: str, weights: Mapping[str, float] = EVEN) -> str:
        """The code of one option, drawn by its weight."""
        return self.codes(question, 1, weights)[0]

    def codes(self, question: str, n: int, weights: Mapping[str, float] = EVEN) -> list[str]:
        """Codes of `n` different options.

        Args:
            question: A closed question. Its option for own words is never drawn.
            n: How many; fewer where the list is shorter.
            weights: By code; `*` is the weight of every option that is not named, 1 if left out.

        Returns:
            Codes, in the order drawn: the weightier tend to come first.
        """
        asked = self._survey.questionnaire.by_name[question]
        pool = {option.code: weights.get(option.code, weights.get("*", 1.0)) for option in asked.offered}
        pool = {code: weight for code, weight in pool.items() if weight > 0 and code != asked.other_code}
        drawn: list[str] = []
        for _ in range(min(n, len(pool))):
            code = self.random.choices(list(pool), list(pool.values()))[0]
            del pool[code]
            drawn.append(code)
        return drawn

    def label(self, question: str, code: str) -> str:
        """The label of an option."""
        return self.labels(question, [code])[0]

    def labels(self, question: str, codes: Sequence[str]) -> list[str]:
        """Labels of options as a tool writes them: in the order of the option list."""
        options = self._survey.questionnaire.by_name[question].options
        return [option.label for option in options if option.code in codes]

    def one(self, question: str, weights: Mapping[str, float] = EVEN) -> str:
        """The label of one option, drawn by its weight."""
        return self.label(question, self.code(question, weights))

    def happens(self, chance: float) -> bool:
        """True with a chance between 0 and 1."""
        return self.random.random() < chance

    def moment(self, day: dt.date) -> dt.datetime:
        """A time of that day in working hours."""
        return dt.datetime.combine(day, dt.time(8)) + dt.timedelta(seconds=self.random.randrange(10 * 3600))

    def later(self, moment: dt.datetime, minutes: tuple[int, int]) -> dt.datetime:
        """A moment some minutes later, between two bounds."""
        return moment + dt.timedelta(seconds=self.random.randrange(60 * minutes[0], 60 * minutes[1]))

    def working_day(self, first: dt.date, last: dt.date, *, mean: float) -> dt.date:
        """A weekday between two dates, the sooner the likelier: `mean` days after the first on average."""
        while True:
            day = first + dt.timedelta(days=int(self.random.expovariate(1 / mean)))
            if day <= last and day.weekday() < 5:
                return day


def begun_at(response: Response) -> dt.datetime:
    """When a response was begun, for surveys whose tool writes that down."""
    return cast("dt.datetime", response.started_at)


def ticked(response: Response, question: str) -> list[str]:
    """The options ticked in a choose-many list."""
    return list(cast("Sequence[str]", response.answers[question]))


def marked(number: object) -> str:
    """A row's number with the mark of made-up rows."""
    return f"{SAMPLE_MARK}{number}"

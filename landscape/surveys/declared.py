"""What survey.yml may say, and its JSON Schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass

from landscape.settings.yamlfiles import AnyText, Day, Fault, Settings, Text
from landscape.surveys.dialects import DIALECTS
from landscape.surveys.export import DateOrder
from landscape.surveys.questionnaire import Questionnaire
from landscape.surveys.source import AnySource
from landscape.text import normal_wording

SCHEMA = "docs/schemas/survey.schema.json"
SCHEMA_LINE = f"# yaml-language-server: $schema=../../../../{SCHEMA}"
"""The first line of each survey.yml: by it editors complete the names of settings."""
_STRICT = ConfigDict(extra="forbid", strict=True)


def _tool(name: str) -> str:
    if name not in DIALECTS:
        raise ValueError(f"must be one of {', '.join(DIALECTS)}")
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone that is known; write it as in Europe/London") from None
    return name


Tool = Annotated[Text, AfterValidator(_tool), Field(json_schema_extra={"enum": list(DIALECTS)})]
Zone = Annotated[Text, AfterValidator(_zone)]


@dataclass(frozen=True, config=_STRICT)
class Wave:
    """One round of a survey; both dates belong to it, in the survey's own time zone."""

    wave: Text
    opens_on: Day
    closes_on: Day


@dataclass(frozen=True, config=_STRICT)
class Accepted:
    """A difference between export and questionnaire that a person has accepted for one wave.

    Args:
        wave: The wave it holds for.
        question: The question's name; empty for a new column.
        wording: Another wording of the question.
        option: An answer that is not in the option list.
        means: The code that such an answer means.
        is_missing: The question was not asked; survey.yml calls it `missing`.
        new: The heading of a column that is not a question of ours; it stays in the received file.
    """

    wave: Text
    question: AnyText = ""
    wording: AnyText = ""
    option: AnyText = ""
    means: AnyText = ""
    is_missing: bool = Field(default=False, alias="missing")
    new: AnyText = ""

    @property
    def said(self) -> frozenset[str]:
        """What it says beside its wave, by the names in survey.yml."""
        names = ("question", "wording", "option", "means", "new")
        return frozenset(name for name in names if getattr(self, name)) | ({"missing"} if self.is_missing else set())


_ACCEPTED_AS = (
    frozenset({"question", "wording"}),
    frozenset({"question", "option", "means"}),
    frozenset({"question", "missing"}),
    frozenset({"new"}),
)


class SurveyFile(Settings):
    """A survey.yml; `landscape.surveys.definition.Survey` says what each setting means."""

    title: Text
    asked_by: Text | None = None
    licence: Text
    tool: Tool
    time_zone: Zone
    consent_version: Text
    retain_until: Day | None = None
    waves: Annotated[tuple[Wave, ...], Field(min_length=1)]
    undated: Text | None = None
    cut: Literal["role", "region"] | None = None
    dates: DateOrder | None = None
    decimal_mark: Literal[".", ","] = "."
    options_as: Literal["labels", "numbers"] = "labels"
    test_responses: tuple[Text, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    source: AnySource | None = None

    def faults(self, asked: Questionnaire | None) -> Iterator[Fault]:
        """What its settings say against each other, and against the questionnaire where it can be read."""
        yield from self._wave_faults()
        if self.source is not None and self.source.service != self.tool:
            yield ("source", "service"), f"is not that of this survey's tool: {self.tool}"
        named = Counter(self.test_responses)
        for at, ref in enumerate(self.test_responses):
            if named[ref] > 1:
                yield ("test_responses", at), f"is there {named[ref]} times: {ref}"
        for at, entry in enumerate(self.accepted):
            for name, says in self._accepted_faults(entry, asked):
                yield (("accepted", at, name) if name else ("accepted", at)), says

    def _wave_faults(self) -> Iterator[Fault]:
        names = [wave.wave for wave in self.waves]
        for at, wave in enumerate(self.waves):
            if wave.wave in names[:at]:
                yield ("waves", at, "wave"), f"is there twice: {wave.wave}; answers are known by it"
            if wave.opens_on > wave.closes_on:
                yield ("waves", at, "closes_on"), f"is before the wave opens on {wave.opens_on}"
            if self.retain_until is not None and wave.closes_on > self.retain_until:
                yield ("retain_until",), f"is before wave {wave.wave} closes on {wave.closes_on}"
        in_order = sorted(range(len(names)), key=lambda at: self.waves[at].opens_on)
        for first, second in pairwise(in_order):
            if self.waves[second].opens_on <= self.waves[first].closes_on:
                yield ("waves", second, "opens_on"), f"is within wave {names[first]}; a day belongs to one wave alone"
        if self.undated is not None and self.undated not in names:
            yield ("undated",), f"names no wave of this survey; the waves are {', '.join(names)}"

    def _accepted_faults(self, entry: Accepted, asked: Questionnaire | None) -> Iterator[tuple[str, str]]:
        if entry.wave not in {wave.wave for wave in self.waves}:
            yield "wave", f"names no wave of this survey: {entry.wave}"
        if entry.said not in _ACCEPTED_AS:
            yield (
                "",
                "must have wave and question with wording, or with option and means, or with missing: true; or wave and new",
            )
        if self.accepted.count(entry) > 1:
            yield "", "is there twice"
        if asked is None or not entry.question:
            return
        question = asked.by_name.get(entry.question)
        if question is None:
            yield "question", f"names no question of questionnaire.md: {entry.question}"
            return
        others = {normal_wording(t) for q in asked.of(question.repeat) if q != question for t in (q.name, q.label)}
        if entry.wording and normal_wording(entry.wording) in others:
            yield "wording", "is the wording of another question"
        if entry.means and entry.means not in {option.code for option in question.options}:
            yield "means", f"is no code of this question's options: {entry.means}"

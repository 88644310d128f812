"""Whether what questions are used for, their ranks and their conditions hold together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from landscape.codebook import CONSENT_SCHEME, read_codebook
from landscape.settings.reading import Findings
from landscape.surveys.condition import Term, condition
from landscape.surveys.questionnaire import Question, Questionnaire
from landscape.text import normal_wording

_KIND_OF_USE = {
    "email": "text", "name": "text", "telephone": "text", "organisation": "text", "organisation_type": "select_one",
    "area": "select_one", "release_level": "select_one", "wave_date": "date",
}  # fmt: skip
_PERSONAL = ("email", "name", "telephone")
_KIND_OF_FAMILY = {"consent": "select_one", "code": "text", "rank": "select_one"}
_PLACE = re.compile(r"(?P<ranking>[A-Za-z_]\w*):(?P<place>[1-9][0-9]?)", re.ASCII)
_NUMBERS = ("integer", "decimal")


def note_misuses(asked: Questionnaire, lines: Mapping[str, int], reference: Path, findings: Findings) -> None:
    """Notes each question whose use, rank or condition cannot be what it says.

    Args:
        asked: The questionnaire.
        lines: The line of each question.
        reference: data/reference, for the schemes that uses name.
        findings: Takes what is wrong.
    """
    schemes: dict[str, set[str]] = {}
    if any(question.use.startswith(("consent:", "code:")) for question in asked.questions):
        for code in read_codebook(reference):
            schemes.setdefault(code.scheme, set()).add(code.code)
    first: dict[str, Question] = {}
    for question in asked.questions:
        line = lines[question.name]
        for says in (
            *_use_faults(question, schemes),
            *_wording_faults(question, asked),
            *_condition_faults(question, asked),
        ):
            findings.add(line, f"{question.name}: {says}")
        if question.use and not question.use.startswith("code:"):
            other = first.setdefault(question.use, question)
            if other is not question:
                findings.add(line, f"{question.name}: use {question.use} is that of {other.name} already")
    _note_gaps(asked, lines, findings)


def _use_faults(question: Question, schemes: Mapping[str, set[str]]) -> Iterator[str]:
    if not question.use:
        return
    family, mark, named = question.use.partition(":")
    kind = _KIND_OF_FAMILY.get(family) if mark else _KIND_OF_USE.get(family)
    if kind is None:
        yield (
            f"use {question.use} is not known here; known are {', '.join(_KIND_OF_USE)}, rank:<list>:<place>, "
            "consent:<purpose> and code:<scheme>"
        )
        return
    if question.kind != kind:
        yield f"use {question.use} is for a question of type {kind}, and this is {question.kind}"
    if question.repeat and family not in ("code", "rank"):
        yield f"use {question.use} is for the response itself, not for a repeated part"
    if family in _PERSONAL and question.privacy != "personal":
        yield f"use {question.use} needs privacy personal"
    if family == "rank" and not _PLACE.fullmatch(named):
        yield "use must be written as rank:<list>:<place>, with the place in digits from 1"
    if family == "consent" and named not in schemes.get(CONSENT_SCHEME, ()):
        yield f"{named} is no consent purpose of codebook.csv (scheme {CONSENT_SCHEME})"
    if family == "code" and named not in schemes:
        yield f"{named} is no scheme of codebook.csv"
    if family == "code" and question.privacy != "private":
        yield "use code: is for answers in own words that are private"


def _wording_faults(question: Question, asked: Questionnaire) -> Iterator[str]:
    """A question is found in an export by its wording or its name, so that no text may mean two."""
    own = {normal_wording(question.label), normal_wording(question.name)}
    for other in asked.of(question.repeat):
        if other is question:
            return
        if own & {normal_wording(other.label), normal_wording(other.name)}:
            yield f"is worded like {other.name}, so an export could not tell them apart"


def _note_gaps(asked: Questionnaire, lines: Mapping[str, int], findings: Findings) -> None:
    rankings: dict[str, dict[int, Question]] = {}
    for question in asked.questions:
        if question.use.startswith("rank:") and _PLACE.fullmatch(question.use.removeprefix("rank:")):
            ranking, place = question.rank or ("", 0)
            rankings.setdefault(ranking, {})[place] = question
    for ranking, places in rankings.items():
        leader = places[min(places)]
        if missing := set(range(1, max(places) + 1)) - set(places):
            findings.add(
                lines[leader.name], f"ranking {ranking} has gaps: no place {', '.join(map(str, sorted(missing)))}"
            )
        for question in places.values():
            if (question.options, question.repeat) != (leader.options, leader.repeat):
                findings.add(
                    lines[question.name], f"{question.name}: all places of {ranking} must have the same options"
                )


def _condition_faults(question: Question, asked: Questionnaire) -> Iterator[str]:
    try:
        terms = [part for part in condition(question.relevant) if isinstance(part, Term)] if question.relevant else []
    except ValueError as error:
        yield f"relevant {error}"
        return
    before = {other.name for other in asked.questions[: asked.questions.index(question)]}
    for term in terms:
        there = asked.by_name.get(term.name)
        if there is None:
            yield f"relevant names no question: {term.name}"
        elif term.name not in before:
            yield f"relevant looks at {term.name}, which is not asked before it, so conditions could run in a circle"
        elif there.repeat not in (question.repeat, None):
            yield f"relevant looks at {term.name}, which is in another repeated part"
        elif term.code is None and there.kind not in _NUMBERS:
            yield f"relevant compares {term.name} with a number, and its answers are none"
        elif term.code is not None and term.code not in {option.code for option in there.options}:
            yield f"relevant compares {term.name} with {term.code or 'nothing'}, which is no code of its options"

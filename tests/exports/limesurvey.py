"""Writes exports as LimeSurvey does."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from exports.blocks import Block, blocks, chosen, option_words, single_cell
from exports.responses import Response
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

ENDING = ".csv"
VARIANTS = ("code", "code_numbers", "full", "code_and_text", "json")
_FACTS = {
    "id": "Response ID", "submitdate": "Date submitted", "lastpage": "Last page", "startlanguage": "Start language",
    "seed": "Seed", "startdate": "Date started", "datestamp": "Date last action",
}  # fmt: skip
_OTHER = "Other"
_FLAGS = {"code": ("Y", ""), "code_numbers": ("1", "0"), "full": ("Yes", "No"), "code_and_text": ("Yes", "No")}


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "code_and_text") -> None:
    """Writes responses as LimeSurvey would, each question on a page of its own.

    Args:
        survey: Whose questions head the columns; LimeSurvey knows no repeated parts.
        responses: In the order of the rows; one without a time of completion was not submitted.
        path: The file to write.
        variant: One of `VARIANTS`. `code` says nothing where an option is not ticked.
    """
    style = "code" if variant == "json" else variant
    asked = blocks(survey.questionnaire.of(None))
    headings = [_worded(name, text, "", "", style) for name, text in _FACTS.items()]
    headings += [heading for block in asked for heading in _headings(block, style)]
    rows = [_row(asked, response, style) for response in responses]
    path.parent.mkdir(parents=True, exist_ok=True)
    if variant == "json":
        entries = [dict(zip(headings, row, strict=True)) for row in rows]
        path.write_text(json.dumps({"responses": entries}), encoding="utf-8", newline="\n")
        return
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=",", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows([headings, *rows])
        stream.write("\r\n")


def _worded(code: str, text: str, sub: str, part: str, style: str) -> str:
    """A heading; `sub` and `part` are the code and the wording of a sub-question."""
    coded = f"{code}[{sub}]" if sub else code
    worded = f"{text} [{part}]" if sub else text
    return {"full": worded, "code_and_text": f"{coded}. {worded}"}.get(style, coded)


def _headings(block: Block, style: str) -> list[str]:
    first = block.questions[0]
    if block.kind in ("ranking", "grid"):
        words = zip(*(question.name.split("_") for question in block.questions), strict=False)
        shared = takewhile(lambda word: len(set(word)) == 1, words)
        code = "_".join(word[0] for word in shared) or first.name
        subs = [question.name.removeprefix(f"{code}_") for question in block.questions]
        ranks = [f"Rank {place}" for place, _ in enumerate(subs, start=1)]
        parts = ranks if block.kind == "ranking" else block.items
        return [_worded(code, block.heading, sub, part, style) for sub, part in zip(subs, parts, strict=True)]
    if block.kind == "single":
        found = [_worded(first.name, first.label, "", "", style)]
    else:
        options = [option for option in first.options if option.code != first.other_code]
        found = [_worded(first.name, first.label, option.code, option.label, style) for option in options]
    return [*found, _worded(first.name, first.label, "other", _OTHER, style)] if first.other_code else found


def _row(asked: Sequence[Block], response: Response, style: str) -> list[str]:
    answered = [n for n, block in enumerate(asked, 1) if any(q.name in response.answers for q in block.questions)]
    last_page = len(asked) if response.completed_at else max(answered, default=0)
    started, submitted = _time(response.started_at), _time(response.completed_at)
    found = [response.number, submitted, str(last_page), "en", "1", started, submitted or started]
    return found + [cell for block in asked for q in block.questions for cell in _cells(q, block, response, style)]


def _cells(question: Question, block: Block, response: Response, style: str) -> list[str]:
    is_named = style.startswith("code") and style != "code_and_text"
    if block.kind != "list":
        cell = single_cell(question, response, is_named=is_named)
        if question.kind == "date" and cell:
            cell += " 00:00:00"
        if not question.other_code:
            return [cell]
        own_words = chosen(question, response, is_named=True)[1]
        is_other = chosen(question, response, is_named=True)[0] == [question.other_code]
        return [("-oth-" if is_named else _OTHER) if is_other else cell, own_words]
    ticked, own_words = chosen(question, response, is_named=True)
    is_asked = question.name in response.answers
    tick, no_tick = _FLAGS[style]
    flags = [
        "" if not is_asked else tick if code in ticked else no_tick
        for code in option_words(question, is_named=True)
        if code != question.other_code
    ]
    if not question.other_code:
        return flags
    return [*flags, own_words or (_OTHER if question.other_code in ticked else "")]


def _time(moment: dt.datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""

"""A questionnaire as a survey tool lays it out: lists, rankings and grids as one question each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from exports.responses import Answer, Record
from landscape.surveys.questionnaire import Question

_PART = re.compile(r"(?P<stem>.*\S) \[(?P<part>[^\[\]]+)\]", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One question as a tool shows it.

    Args:
        kind: `single`; `list` (choose any); `ranking`; `grid`.
        heading: Its wording.
        questions: Ours: one, or one for each place of a ranking or row of a grid.
        items: The options of a list or ranking, the rows of a grid.
    """

    kind: Literal["single", "list", "ranking", "grid"]
    heading: str
    questions: tuple[Question, ...]
    items: tuple[str, ...] = ()


def blocks(questions: Sequence[Question]) -> list[Block]:
    """Questions next to each other that are worded "question [place]" or "question [row]" become one block."""
    found: list[Block] = []
    rest = list(questions)
    while rest:
        first = rest[0]
        worded = _PART.fullmatch(first.label)
        together = 1
        while worded and together < len(rest) and _goes_with(rest[together], first, worded["stem"], together):
            together += 1
        members, rest = tuple(rest[:together]), rest[together:]
        labels = tuple(option.label for option in first.options)
        if worded and _is_place(first, worded["part"], 1):
            found.append(Block("ranking", worded["stem"], members, labels))
        elif worded and together > 1:
            rows = tuple(_PART.fullmatch(member.label)["part"] for member in members)  # type: ignore[index]
            found.append(Block("grid", worded["stem"], members, rows))
        elif first.kind == "select_multiple":
            found.append(Block("list", first.label, members, labels))
        else:
            found.append(Block("single", first.label, members))
    return found


def _goes_with(question: Question, first: Question, stem: str, n_before: int) -> bool:
    worded = _PART.fullmatch(question.label)
    if worded is None or worded["stem"] != stem or question.kind != first.kind != "select_multiple":
        return False
    if first.rank is None:
        return question.rank is None
    return _is_place(question, worded["part"], n_before + 1)


def _is_place(question: Question, part: str, place: int) -> bool:
    return question.rank is not None and question.rank[1] == place and part == str(place)


def places(block: Block, record: Record) -> list[str]:
    """For each item of a ranking, the place it was given; empty where none."""
    at = {record.answers.get(q.name): str(place) for place, q in enumerate(block.questions, start=1)}
    return [at.get(item, "") for item in block.items]


def ticked(question: Question, record: Record) -> tuple[list[str], str]:
    """The options chosen, "Other" in place of own words; and the own words."""
    answer = record.answers.get(question.name)
    given = [answer] if isinstance(answer, str) else list(answer) if isinstance(answer, Sequence) else []
    labels = {option.code: option.label for option in question.options}
    if not question.other_code:
        return given, ""
    own_words = [part for part in given if part not in labels.values()]
    chosen = [labels[question.other_code] if part in own_words else part for part in given]
    return chosen, "; ".join(own_words)


def option_cells(block: Block, record: Record) -> Sequence[str | dt.date]:
    """The cells of a tool that has a column for each option, item or row, and one at the end for own words."""
    if block.kind == "ranking":
        return places(block, record)
    if block.kind == "grid" or not block.questions[0].options:
        answers = (record.answers.get(question.name) for question in block.questions)
        return [answer if isinstance(answer, dt.date) else text_cell(answer, "") for answer in answers]
    (question,) = block.questions
    chosen, own_words = ticked(question, record)
    other = other_label(question)
    beside = [own_words or (other if other in chosen else "")] if other else []
    if block.kind == "single":
        return [next((text for text in chosen if text != other), ""), *beside]
    return [item if item in chosen else "" for item in block.items if item != other] + beside


def other_label(question: Question) -> str:
    """The option for an answer in the respondent's own words; empty where the list has none."""
    return next((option.label for option in question.options if option.code == question.other_code), "")


def text_rows(
    table: Iterable[Iterable[str | dt.date | None]], date_format: str, time_format: str
) -> Iterator[list[str]]:
    """A table of texts, true dates and times with these written out."""
    for row in table:
        yield [
            cell.strftime(time_format) if isinstance(cell, dt.datetime) else text_cell(cell, date_format)
            for cell in row
        ]


def text_cell(answer: Answer | None, date_format: str) -> str:
    """A single answer as text."""
    if isinstance(answer, dt.date):
        return answer.strftime(date_format)
    return "" if answer is None else str(answer)


def chosen(question: Question, record: Record, *, is_named: bool) -> tuple[list[str], str]:
    """The options chosen, in the order of the list, and the respondent's own words beside “Other”.

    Args:
        question: Open questions have no options, so nothing is chosen.
        record: A response, or an entry of a repeated part.
        is_named: Options are written as codes, not as labels.
    """
    if not question.options:
        return [], ""
    labels, own_words = ticked(question, record)
    found = [option for option in question.options if option.label in labels]
    return [option.code if is_named else option.label for option in found], own_words


def single_cell(question: Question, record: Record, *, is_named: bool) -> str:
    """The cell of any question that a tool writes in one column: options joined by spaces, dates in ISO 8601."""
    if question.options:
        return " ".join(chosen(question, record, is_named=is_named)[0])
    return text_cell(record.answers.get(question.name), "%Y-%m-%d")


def option_words(question: Question, *, is_named: bool) -> list[str]:
    """What a tool calls each option: its code or its label."""
    return [option.code if is_named else option.label for option in question.options]

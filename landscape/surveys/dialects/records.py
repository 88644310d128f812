"""A record's answers in the words or names that a tool writes. Not here: in which columns."""

from __future__ import annotations

from landscape.surveys.dialects.blocks import text_cell, ticked
from landscape.surveys.questionnaire import Question
from landscape.surveys.render import Record

DATE_FORMAT = "%Y-%m-%d"


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
    return text_cell(record.answers.get(question.name), DATE_FORMAT)


def option_words(question: Question, *, is_named: bool) -> list[str]:
    """What a tool calls each option: its code or its label."""
    return [option.code if is_named else option.label for option in question.options]

"""An export in the shape its questionnaire asks for: parts by their names, a ranking by its places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from landscape.surveys.definition import Survey
from landscape.surveys.export import Column, Dialect, Export, Sheet
from landscape.surveys.questionnaire import Question
from landscape.text import normal_wording


def as_asked(export: Export, survey: Survey, dialect: Dialect) -> Export:
    """The export, as the survey's questionnaire can be held against it.

    Args:
        export: As the dialect read it.
        survey: Its questionnaire may call a repeated part by another name, with the tool's as its label, and has a
            question for each place of a ranking, which some tools write into one cell.
        dialect: How the tool joins what is ranked.
    """
    names = {normal_wording(part.label): part.name for part in survey.questionnaire.repeats}
    known = set(names.values())
    sheets = []
    for sheet in export.sheets:
        is_other = sheet.repeat is not None and sheet.repeat not in known
        name = names.get(normal_wording(sheet.repeat or ""), sheet.repeat) if is_other else sheet.repeat
        sheets.append(_with_places(replace(sheet, repeat=name), survey.questionnaire.of(name), dialect))
    return replace(export, sheets=tuple(sheets))


def _with_places(sheet: Sheet, questions: tuple[Question, ...], dialect: Dialect) -> Sheet:
    """A column for each place of a ranking in place of the one that holds all of them, first to last."""
    for at, places in list(_in_one_cell(sheet, questions)):
        width = len(sheet.columns)
        labels = [text for option in places[0].options for text in (option.label, option.code)]
        made = (Column(width + n, question.label, "answer") for n, question in enumerate(places))
        columns = [replace(column, role="tool") if column.position == at else column for column in sheet.columns]
        joined = sheet.cells.columns[at]
        items = {text: dialect.split(text, labels) for text in joined.texts}
        by_place = {width + n: joined.mapped(partial(_at_place, items, n)) for n in range(len(places))}
        sheet = replace(sheet, columns=(*columns, *made), cells=sheet.cells.with_columns(by_place))
    return sheet


def _in_one_cell(sheet: Sheet, questions: tuple[Question, ...]) -> Iterator[tuple[int, list[Question]]]:
    """Rankings of which the sheet has one column in all, and where it is."""
    headings = {
        normal_wording(text): column.position
        for column in sheet.columns
        if column.role == "answer"
        for text in (column.heading, *column.also)
    }
    rankings: dict[str, list[Question]] = {}
    for question in questions:
        if question.rank:
            rankings.setdefault(question.rank[0], []).append(question)
    for name, places in rankings.items():
        whole = [normal_wording(name), normal_wording(places[0].label.rpartition(" [")[0])]
        at = next((headings[text] for text in whole if text in headings), None)
        if at is not None and not any(normal_wording(t) in headings for q in places for t in (q.name, q.label)):
            yield at, sorted(places, key=lambda question: question.rank or ("", 0))


def _at_place(items: Mapping[str, list[str]], place: int, cell: str) -> str:
    return items[cell][place] if place < len(items[cell]) else ""

"""Makes a draft from a tool's definition fit an export of the same survey."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from landscape.surveys.draft import DraftPart, DraftQuestion
from landscape.surveys.draftquestions import Drafter, cells_of, parent_of, whole_rows
from landscape.surveys.export import Column, Dialect, Export, Sheet
from landscape.surveys.guessing import guess_column
from landscape.text import normal_wording

_NEAREST_CUTOFF = 0.8
_NOT_DEFINED = "in the export, and not in the definition"
_NOT_EXPORTED = "in the definition, and not in the export"


class Fitting:
    """Holds defined questions against the columns of an export.

    Args:
        export: The export.
        dialect: Its tool's.
        drafter: Drafts the columns that nothing defines.
        not_asked: Headings of columns that are no questions.
    """

    def __init__(self, export: Export, dialect: Dialect, drafter: Drafter, not_asked: Sequence[str]) -> None:
        self._export = export
        self._dialect = dialect
        self._drafter = drafter
        self._not_asked = {normal_wording(heading) for heading in not_asked}
        self.differences: list[Mapping[str, object]] = []

    def parts(self, defined: Sequence[DraftPart]) -> tuple[DraftPart, ...]:
        """The parts with what the export has otherwise: where a question is, how it is worded, what is there besides."""
        questions = [question for part in defined for question in part.questions]
        home = {question.name: part.name for part in defined for question in part.questions}
        found = {sheet.repeat: _matched(sheet, questions) for sheet in self._export.sheets}
        for repeat, matched in found.items():
            home |= {question.name: repeat for question in matched.values()}
        settled = {
            question.name: self._settled(question, sheet, column)
            for sheet in self._export.sheets
            for column in sheet.columns
            if (question := found[sheet.repeat].get(column.position))
        }
        parts: list[DraftPart] = []
        for own in _all_parts(defined, self._export):
            asked = [settled.get(q.name, q) for q in questions if home[q.name] == own.name]
            sheet = next((sheet for sheet in self._export.sheets if sheet.repeat == own.name), None)
            if sheet is not None:
                more = [column for column in sheet.columns if column.position not in found[sheet.repeat]]
                asked = [*self._reworded(asked, settled, more), *self._undefined(sheet, more)]
            parts.append(replace(own, questions=tuple(asked)))
        return tuple(parts)

    def _settled(self, question: DraftQuestion, sheet: Sheet, column: Column) -> DraftQuestion:
        """A question whose type the definition leaves open, as its answers show it."""
        if not question.is_unsure:
            return question
        (cells,) = cells_of([column], whole_rows(sheet))
        if question.option_list:
            labels = list(question.guess.labels)
            is_several = bool(column.options) or any(
                cell not in labels and len(parts := self._dialect.split(cell, labels)) > 1 and {*parts} <= {*labels}
                for cell in cells
            )
            note = "" if is_several else question.guess.note
            kind = "select_multiple" if is_several else "select_one"
            return replace(question, guess=replace(question.guess, kind=kind, note=note))
        guess = guess_column(column, cells, self._dialect, ())
        return replace(question, guess=guess) if not guess.labels else question

    def _reworded(
        self, asked: Sequence[DraftQuestion], settled: Mapping[str, DraftQuestion], more: list[Column]
    ) -> Iterator[DraftQuestion]:
        """The questions; one that is not in the export by its name or wording is the nearest that is, or missing there."""
        for question in asked:
            if question.name in settled:
                yield question
                continue
            headings = [column.heading for column in more if column.role == "answer"]
            nearest = difflib.get_close_matches(question.label, headings, n=1, cutoff=_NEAREST_CUTOFF)
            note = f"worded otherwise in the export: “{nearest[0]}”" if nearest else _NOT_EXPORTED
            noted = replace(
                question, guess=replace(question.guess, note="; ".join(filter(None, (question.guess.note, note))))
            )
            if nearest:
                more[:] = [column for column in more if column.heading != nearest[0]]
                noted = replace(noted, wordings=(*question.wordings, nearest[0]))
            elif not self._export.omits_unanswered:
                self.differences.append({"question": question.name, "missing": True})
            yield noted

    def _undefined(self, sheet: Sheet, more: Sequence[Column]) -> Iterator[DraftQuestion]:
        unknown = [c for c in more if normal_wording(c.heading) not in self._not_asked]
        for column in more:
            if column.role == "answer" and column not in unknown:
                self.differences.append({"new": column.heading})
        for question in self._drafter.questions(sheet, unknown):
            note = "; ".join(filter(None, (_NOT_DEFINED, question.guess.note)))
            yield replace(question, guess=replace(question.guess, note=note))


def _matched(sheet: Sheet, questions: Sequence[DraftQuestion]) -> dict[int, DraftQuestion]:
    """The question of each column, by its name or a wording of its own, as the contract finds it."""
    by_wording = {
        normal_wording(text): question
        for question in reversed(questions)
        for text in (question.name, question.label, *question.wordings)
    }
    return {
        column.position: by_wording[wording]
        for column in sheet.columns
        if column.role in ("answer", "empty")
        for wording in map(normal_wording, (*reversed(column.also), column.heading))
        if wording in by_wording
    }


def _all_parts(defined: Sequence[DraftPart], export: Export) -> list[DraftPart]:
    """The parts that are defined, then those that only the export has."""
    known = {part.name for part in defined}
    return [
        *defined,
        *(DraftPart(s.repeat, parent_of(s, export), ()) for s in export.sheets if s.repeat not in known),
    ]

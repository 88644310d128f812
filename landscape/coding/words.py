"""Answers in own words, read from the received files again for a person to code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.codebook import Code, read_codebook
from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths
from landscape.surveys.answer_list import AnswerList
from landscape.surveys.definition import Survey
from landscape.surveys.loading import words_check
from landscape.surveys.questionnaire import Question
from landscape.surveys.received import ReceivedFile, received_files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CODED_WITH = "code:"
"""How the `use` of an open question that people code begins; the scheme follows."""
NOTE, ACTIVITIES = "activity_note", "activities"
"""The form of 2017-06 had a note for the team; since then an activity has a name, and a summary on its card."""


@dataclass(frozen=True)
class Unit:
    """One answer in own words.

    Args:
        response: The response.
        record: The response itself, or a record of one of its repeated parts.
        survey: The survey.
        question: The question, or the ranking that it is a place in.
        position: Which part of the answer, or which place in the ranking.
        wording: The question as it was asked.
        words: What was answered.
        words_check: Check number of the cell.
        current: The code it has now; empty for free text.
        labels: The codes a person may give, with their labels.
        takes_several: Whether one answer may have several codes.
        is_sample: Whether it is made up.
    """

    response: str
    record: str
    survey: str
    question: str
    position: int
    wording: str
    words: str
    words_check: str
    current: str
    labels: Mapping[str, str]
    takes_several: bool
    is_sample: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """Record, question and position, as in codings."""
        return self.record, self.question, str(self.position)


def units_to_code(con: DuckDBPyConnection, paths: ProjectPaths, surveys: tuple[Survey, ...]) -> list[Unit]:
    """All answers in own words that count and are coded by people: “Other” answers, and open questions declared for it.

    Answers of people who were asked for consent to analysis and did not give it are left out.

    Args:
        con: The staging database of the last refresh: which answers there are.
        paths: The project folder: what the answers say.
        surveys: All surveys.

    Raises:
        LandscapeError: The received files are not those of the last refresh.
    """
    cells = _Cells(con, paths, surveys)
    codebook = read_codebook(paths.reference)
    found: dict[tuple[str, str, int | None], list[tuple[Any, ...]]] = {}
    for survey_name, name, place, *row in con.execute(_OWN_WORDS).fetchall():
        found.setdefault((survey_name, name, place), []).append(tuple(row))
    units: list[Unit] = []
    for survey in surveys:
        for question in survey.questionnaire.questions:
            name, place = question.rank or (question.name, None)
            rows, labels = found.get((survey.name, name, place), []), labels_of(question, codebook)
            for response, record, file_name, line, position, code, is_sample in rows if labels else ():
                cell, words = cells.read(file_name, line, question, 1 if place else position)
                units.append(
                    Unit(
                        response, record, survey.name, name, position, question.label, words, words_check(cell), code or "",
                        labels, question.kind != "select_one", is_sample,
                    )
                )  # fmt: skip
    return units


def activity_notes(
    con: DuckDBPyConnection, paths: ProjectPaths, surveys: tuple[Survey, ...]
) -> Iterator[tuple[str, str, bool]]:
    """Each report of an activity that counts, with its description by the researcher, and whether it is made up."""
    cells = _Cells(con, paths, surveys)
    note = next(q for s in surveys for q in s.questionnaire.of(ACTIVITIES) if q.name == NOTE)
    for record, file_name, line, is_sample, texts in con.execute(_ACTIVITIES, [ACTIVITIES]).fetchall():
        yield record, texts or cells.read(file_name, line, note, 1)[1], is_sample


def labels_of(question: Question, codebook: Sequence[Code]) -> dict[str, str]:
    """The codes that answers to a question may be given; none if people do not code it."""
    if question.other_code:
        return {option.code: option.label for option in question.offered}
    if question.kind == "text" and question.privacy == "private" and question.use.startswith(CODED_WITH):
        scheme = question.use.removeprefix(CODED_WITH)
        return {code.code: code.label for code in codebook if code.scheme == scheme and not code.is_retired}
    return {}


class _Cells:
    """The cells of the received files, by file and line."""

    def __init__(self, con: DuckDBPyConnection, paths: ProjectPaths, surveys: tuple[Survey, ...]) -> None:
        self._files = {file.name: file for file in received_files(paths, surveys)}
        loaded = dict(con.execute("SELECT file_name, sha256 FROM raw.received_files").fetchall())
        if loaded != {file.name: file.sha256 for file in self._files.values()}:
            raise LandscapeError(
                "received files were changed since the last refresh", file="data/raw", remedy="first: landscape refresh"
            )
        self._rows: dict[tuple[str, str | None], dict[int, tuple[str, ...]]] = {}

    def read(self, file_name: str, line: int, question: Question, part: int) -> tuple[str, str]:
        """The whole cell, and the part of it in own words."""
        file = self._files[file_name]
        at = next((at for at, asked in file.columns[question.repeat].items() if asked.name == question.name), None)
        cell = "" if at is None else self._sheet(file, question.repeat)[line][at]
        if not question.options:
            return cell, cell.strip()
        return cell, AnswerList(question, file.survey).parts(cell)[part - 1].text

    def _sheet(self, file: ReceivedFile, repeat: str | None) -> dict[int, tuple[str, ...]]:
        key = (file.name, repeat)
        if key not in self._rows:
            sheet = next(sheet for sheet in file.export.sheets if sheet.repeat == repeat)
            self._rows[key] = {row.line: row.cells for row in sheet.rows}
        return self._rows[key]


_OWN_WORDS = """
SELECT a.survey, a.question, a.choice_rank, a.response_id, a.record_id, coalesce(c.file_name, r.file_name),
    coalesce(c.line, r.line), a.answer_position, a.code, r.is_sample
FROM staged.answers AS a
JOIN staged.responses AS r ON r.response_id = a.response_id AND r.is_counted
LEFT JOIN staged.records AS c ON c.record_id = a.record_id
LEFT JOIN staged.consents AS consents
    ON consents.response_id = a.response_id AND consents.consent_purpose_code = 'CON.ANALYSIS'
WHERE coalesce(consents.consent_given AND consents.withdrawn_at IS NULL, true)
    AND a.is_own_words AND NOT a.is_added
ORDER BY a.record_id, a.answer_position
"""

_ACTIVITIES = """
SELECT c.record_id, c.file_name, c.line, r.is_sample,
    string_agg(texts.text_value, '. ' ORDER BY texts.question)
        FILTER (texts.question IN ('public_name', 'summary') AND texts.text_value <> '')
FROM staged.records AS c
JOIN staged.responses AS r ON r.response_id = c.response_id AND r.is_counted
LEFT JOIN staged.activity_answers AS texts ON texts.source_record_id = c.record_id
WHERE c.repeat = ?
GROUP BY ALL
ORDER BY c.record_id
"""

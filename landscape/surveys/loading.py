"""Loads received exports in the raw tables: cells as text, personal columns left behind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.identity.holds import Holds
from landscape.identity.keys import person_key, person_key_secret
from landscape.identity.tombstones import Tombstones
from landscape.identity.withdrawals import Withdrawals
from landscape.pii_scan.names import is_phrase
from landscape.staging_db import write_rows
from landscape.surveys.cells import CellColumn, made_of
from landscape.surveys.definition import Survey
from landscape.surveys.export import Sheet, column_name
from landscape.surveys.invited import PART, InvitedList, load_invited
from landscape.surveys.person_rows import person_rows, withdrawn_purposes
from landscape.surveys.placing import Placing, column_at, truth, unwanted_lines
from landscape.surveys.questionnaire import Question, Questionnaire
from landscape.surveys.received import ReceivedFile
from landscape.surveys.senders import Senders, senders_of, shared_addresses

if TYPE_CHECKING:
    import numpy as np
    from duckdb import DuckDBPyConnection
    from numpy.typing import NDArray

    from landscape.surveys.cells import Mask

NOBODYS_NAME = "typed as a name, but seems to be nobody’s; nothing published is searched for it"
KEPT_BACK = "(in the received file)"
"""Begins what stands in the raw tables for an answer whose words stay in the received file; a check number ends it."""

_FILE_FIELDS = ("file_name", "survey", "tool", "sha256", "is_sample", "exported_at", "encoding_note", "time_zone")
_SHEET_FIELDS = ("file_name", "survey", "repeat", "n_rows")
_COLUMN_FIELDS = ("file_name", "survey", "question", "sheet_column")
_WITHDRAWAL_FIELDS = ("file_name", "line", "consent_purpose_code", "withdrawn_at")
_ISSUE_FIELDS = ("file_name", "line", "survey", "field", "reason", "disposition", "responsibility", "cell")
RESPONSE_FIELDS = (
    "file_name",
    "line",
    "response_ref",
    "started_at",
    "completed_at",
    "is_partial",
    "person_key",
    "is_trial",
    "is_rejected",
)
RECORD_FIELDS = ("file_name", "line", "parent_ref", "record_ref")
ADDRESS_SHARED = "several names answered under its e-mail address, so they count as several people"
_TYPES = {"line": "BIGINT", "n_rows": "BIGINT"}
_TRIAL_WORDS = {"test", "testing", "test test", "a test", "test response"}


def raw_table(survey: str, repeat: str | None) -> str:
    """The raw table of a survey's responses, or of one of its repeated parts."""
    return f"raw.{survey}" if repeat is None else f"raw.{survey}__{repeat}"


def loaded_questions(questionnaire: Questionnaire, repeat: str | None) -> tuple[Question, ...]:
    """The questions that have a column in the raw table: all but the personal ones."""
    return tuple(q for q in questionnaire.of(repeat) if q.privacy != "personal")


def load(
    con: DuckDBPyConnection,
    surveys: tuple[Survey, ...],
    files: tuple[ReceivedFile, ...],
    secret_of: Callable[[str], bytes] = person_key_secret,
    tombstones: Tombstones | None = None,
    withdrawals: Withdrawals | None = None,
    invited: Sequence[InvitedList] = (),
    holds: Holds | None = None,
) -> None:
    """Writes the raw tables anew.

    Args:
        con: The staging database.
        surveys: All surveys; each gets its tables, filled or not.
        files: What was received.
        secret_of: The secret of a survey's pseudonyms, by the survey's name.
        tombstones: Who was forgotten; no row of theirs is loaded.
        withdrawals: Which consents were withdrawn since.
        invited: Lists of those who were invited to answer.
        holds: Whose answers are kept and not used; no row of theirs is loaded either.
    """
    sheets: list[tuple[object, ...]] = []
    issues: list[tuple[object, ...]] = []
    unwanted = {file.name: unwanted_lines(file, tombstones or Tombstones(), holds or Holds()) for file in files}
    senders = {file.name: senders_of(file) for file in files}
    shared = {
        survey.name: shared_addresses([senders[file.name] for file in files if file.survey.name == survey.name])
        for survey in surveys
    }
    for survey in surveys:
        for part in (None, *(part.name for part in survey.questionnaire.repeats)):
            fields = (RESPONSE_FIELDS if part is None else RECORD_FIELDS) + tuple(
                q.name for q in loaded_questions(survey.questionnaire, part)
            )
            _create(con, raw_table(survey.name, part), fields)
        for file in (file for file in files if file.survey.name == survey.name):
            placing = Placing(file, unwanted[file.name])
            for part in (
                None,
                *(part.name for part in survey.questionnaire.repeats),
            ):  # a part after what it belongs to
                sheet = next(s for s in file.export.sheets if s.repeat == part)
                if sheet.columns:  # else a part that the file does not have
                    sheets.append((file.name, survey.name, part or "", sheet.cells.n_rows))
                placed = placing.of(sheet)
                if part is None:
                    facts = _facts(file, sheet, senders[file.name], shared[survey.name], secret_of(survey.name))
                    placed.note(senders[file.name].email.where(shared[survey.name].__contains__), ADDRESS_SHARED)
                else:
                    facts = _links(sheet, placed.shared)
                issues += placed.issues()
                columns = facts | dict(_answers(file, sheet))
                _insert(con, raw_table(survey.name, part), file.name, sheet.cells.lines, columns, placed.rows)
    sheets += [(one.name, one.survey.name, PART, len(one.invitations)) for one in invited]
    issues += load_invited(
        con,
        invited,
        secret_of,
        shared.__getitem__,
        tombstones or Tombstones(),
        holds or Holds(),
    )
    _write(con, "raw.received_files", _FILE_FIELDS, [_file_row(file) for file in files])
    _write(con, "raw.received_sheets", _SHEET_FIELDS, sheets)
    _write(con, "raw.received_columns", _COLUMN_FIELDS, [row for file in files for row in _column_rows(file)])
    issues += [
        (file.name, None, file.survey.name, "", file.export.encoding_note, "noted", "us", None)
        for file in files
        if file.export.encoding_note
    ]
    issues += [row for file in files for row in (*_note_rows(file), *_phrase_rows(file))]
    _write(con, "raw.loading_issues", _ISSUE_FIELDS, issues)
    withdrawn: list[tuple[object, ...]] = [
        (file.name, line, purpose, at.strftime("%Y-%m-%d %H:%M:%S"))
        for file in files
        for line, purpose, at in withdrawn_purposes(file, withdrawals or Withdrawals())
    ]
    _write(con, "raw.withdrawals", _WITHDRAWAL_FIELDS, withdrawn)


def _file_row(file: ReceivedFile) -> tuple[object, ...]:
    exported = file.export.exported_at
    return (
        file.name,
        file.survey.name,
        file.export.tool,
        file.sha256,
        None if file.is_sample is None else str(file.is_sample).lower(),
        exported.strftime("%Y-%m-%d %H:%M:%S") if exported else None,
        file.export.encoding_note,
        file.export.time_zone or file.survey.time_zone,
    )


def _note_rows(file: ReceivedFile) -> Iterator[tuple[object, ...]]:
    """What a dialect could not read, or not for sure, as issues."""
    for sheet in file.export.sheets:
        for note in sheet.notes:
            disposition = "answer_set_aside" if note.is_answer else "noted"
            who = "coder" if note.is_answer else "us"
            yield file.name, note.line, file.survey.name, note.heading, note.reason, disposition, who, None


def _phrase_rows(file: ReceivedFile) -> Iterator[tuple[object, ...]]:
    """Where what was typed as a name seems to be nobody's; the PII scan does not search for it."""
    question = file.survey.questionnaire.used_for("name")
    if question is None or file.is_sample:
        return
    for row in person_rows(file):
        if " " in row.name and is_phrase(row.name):
            yield file.name, row.line, file.survey.name, question.name, NOBODYS_NAME, "noted", "us", None


def _column_rows(file: ReceivedFile) -> list[tuple[object, ...]]:
    """The questions a file has columns for, and which columns; one that it lacks was not asked."""
    return [
        (file.name, file.survey.name, q.name, column_name(sheet, at) if file.is_workbook else None)
        for sheet in file.export.sheets
        for at, q in file.columns[sheet.repeat].items()
    ]


def _facts(
    file: ReceivedFile, sheet: Sheet, senders: Senders, shared: Collection[str], secret: bytes
) -> dict[str, CellColumn]:
    """The facts of responses, `RESPONSE_FIELDS` from `response_ref` on."""
    survey, cells = file.survey, sheet.cells
    number, begun, completed, preview, rejected = (
        column_at(cells, sheet.position(role))
        for role in ("response_id", "started_at", "completed_at", "preview", "rejected")
    )
    question_at = {question.name: position for position, question in file.columns[None].items()}
    named = [survey.questionnaire.used_for(use) for use in ("name", "organisation")]
    trials = [column_at(cells, question_at.get(q.name)).where(_is_of_a_trial) for q in named if q]
    is_trial = number.where(survey.test_responses.__contains__) | preview.filled()
    for trial in trials:
        is_trial |= trial
    is_partial = ~completed.filled() & (sheet.position("completed_at") is not None)

    def key(sender: tuple[str, ...]) -> str:
        email, name = sender
        return person_key(f"{email} {name}" if email in shared else email, secret) or ""

    return {
        "response_ref": number,
        "started_at": begun,
        "completed_at": completed,
        "is_partial": truth(is_partial),
        "person_key": made_of([senders.email, senders.name if shared else cells.blank_column()], key),
        "is_trial": truth(is_trial),
        "is_rejected": truth(rejected.filled()),
    }


def _is_of_a_trial(text: str) -> bool:
    return text.casefold() in _TRIAL_WORDS


def _links(sheet: Sheet, shared: Mask) -> dict[str, CellColumn]:
    """The number of the row above, and the row's own, of a repeated part."""
    parent, own = (column_at(sheet.cells, sheet.position(role)) for role in ("parent_id", "record_id"))
    return {"parent_ref": parent, "record_ref": own.without(shared)}


def _answers(file: ReceivedFile, sheet: Sheet) -> Iterator[tuple[str, CellColumn]]:
    """The cells as received; nothing where the file has no column for the question."""
    question_at = {question.name: position for position, question in file.columns[sheet.repeat].items()}
    for question in loaded_questions(file.survey.questionnaire, sheet.repeat):
        at = question_at.get(question.name)
        column = sheet.cells.blank_column() if at is None else sheet.cells.columns[at]
        yield question.name, column.mapped(_kept_back) if question.privacy == "private" else column


def _kept_back(cell: str) -> str:
    return f"{KEPT_BACK} {words_check(cell)}" if cell.strip() else ""


def words_check(cell: str) -> str:
    """A check number that changes when words do; of 65,536 only, so that it says nothing of them.

    >>> words_check("Trust, above all") == words_check("Trust above all")
    False
    """
    return hashlib.md5(cell.encode(), usedforsecurity=False).hexdigest()[:4]


def _write(con: DuckDBPyConnection, table: str, fields: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Writes one raw table, every column text but `line` and `n_rows`."""
    write_rows(con, table, {field: _TYPES.get(field, "VARCHAR") for field in fields}, rows)


def _create(con: DuckDBPyConnection, table: str, fields: tuple[str, ...]) -> None:
    columns = ", ".join(f'"{field}" {_TYPES.get(field, "VARCHAR")}' for field in fields)
    con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")


def _insert(
    con: DuckDBPyConnection,
    table: str,
    file_name: str,
    lines: NDArray[np.int64],
    columns: Mapping[str, CellColumn],
    rows: Mask,
) -> None:
    """Adds some of the rows of a file to a raw table."""
    import pandas as pd

    if rows.any():
        texts = {name: column.filled_texts()[rows] for name, column in columns.items()}
        con.register("made_rows", pd.DataFrame({"file_name": file_name, "line": lines[rows], **texts}))
        con.execute(f"INSERT INTO {table} SELECT * FROM made_rows")
        con.unregister("made_rows")

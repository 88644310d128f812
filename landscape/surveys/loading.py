"""Loads received exports in the raw tables: cells as text, personal columns left behind. Not here: what a cell means."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from landscape.identity.keys import person_key, person_key_secret
from landscape.identity.person import normal_email, normal_name
from landscape.identity.tombstones import FORGOTTEN, Tombstones
from landscape.identity.withdrawals import Withdrawals
from landscape.staging_db import write_rows
from landscape.surveys.definition import Survey
from landscape.surveys.export import Role, Row, Sheet, column_name
from landscape.surveys.invited import PART, InvitedList, load_invited
from landscape.surveys.person_rows import forgotten_lines, person_rows, withdrawn_purposes
from landscape.surveys.questionnaire import Question, Questionnaire
from landscape.surveys.received import ReceivedFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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
NUMBER_SHARED = "its number stands at several rows"
GONE = "deleted at the service that its survey is pulled from, so it is withdrawn"
ADDRESS_SHARED = "several names answered under its e-mail address, so they count as several people"
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
    """
    sheets: list[tuple[object, ...]] = []
    issues: list[tuple[object, ...]] = []
    unwanted = {file.name: _unwanted(file, tombstones or Tombstones()) for file in files}
    for survey in surveys:
        rows: dict[str | None, list[tuple[object, ...]]] = {None: []}
        rows |= {part.name: [] for part in survey.questionnaire.repeats}
        shared = _shared_addresses([file for file in files if file.survey.name == survey.name])
        for file in (file for file in files if file.survey.name == survey.name):
            numbers: dict[str | None, set[str]] = {}
            for repeat, loaded in rows.items():  # a part stands after the part it belongs to
                sheet = next(s for s in file.export.sheets if s.repeat == repeat)
                if sheet.columns:  # else a part that the file does not have
                    sheets.append((file.name, survey.name, repeat or "", len(sheet.rows)))
                loaded.extend(
                    _load_sheet(file, sheet, numbers, secret_of(survey.name), issues, unwanted[file.name], shared)
                )
        for repeat, loaded in rows.items():
            fields = (RESPONSE_FIELDS if repeat is None else RECORD_FIELDS) + tuple(
                q.name for q in loaded_questions(survey.questionnaire, repeat)
            )
            _write(con, raw_table(survey.name, repeat), fields, loaded)
    sheets += [(one.name, one.survey.name, PART, len(one.invitations)) for one in invited]
    issues += load_invited(
        con,
        invited,
        secret_of,
        lambda name: _shared_addresses([file for file in files if file.survey.name == name]),
        tombstones or Tombstones(),
    )
    _write(con, "raw.received_files", _FILE_FIELDS, [_file_row(file) for file in files])
    _write(con, "raw.received_sheets", _SHEET_FIELDS, sheets)
    _write(con, "raw.received_columns", _COLUMN_FIELDS, [row for file in files for row in _column_rows(file)])
    issues += [
        (file.name, None, file.survey.name, "", file.export.encoding_note, "noted", "us", None)
        for file in files
        if file.export.encoding_note
    ]
    issues += [row for file in files for row in _note_rows(file)]
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


def _column_rows(file: ReceivedFile) -> list[tuple[object, ...]]:
    """The questions a file has columns for, and which columns; one that it lacks was not asked."""
    return [
        (file.name, file.survey.name, q.name, column_name(sheet, at) if file.is_workbook else None)
        for sheet in file.export.sheets
        for at, q in file.columns[sheet.repeat].items()
    ]


def _load_sheet(
    file: ReceivedFile,
    sheet: Sheet,
    numbers: dict[str | None, set[str]],
    secret: bytes,
    issues: list[tuple[object, ...]],
    unwanted: Mapping[int, str],
    shared: Collection[str],
) -> list[tuple[object, ...]]:
    """The raw rows of one sheet; a row that cannot be placed goes to `issues` with its reason.

    Args:
        file: The received file.
        sheet: One of its sheets.
        numbers: For each part loaded before, the numbers its rows bear, each by one row; this sheet's are added.
        secret: Of the survey's pseudonyms.
        issues: Grows by what does not fit.
        unwanted: Why responses are set aside whatever they say, by line.
        shared: E-mail addresses under which several people answered.
    """
    question_at = {question.name: position for position, question in file.columns[sheet.repeat].items()}
    asked = file.survey.questionnaire
    loaded = [(q, question_at.get(q.name)) for q in loaded_questions(asked, sheet.repeat)]
    own = sheet.position("response_id" if sheet.repeat is None else "record_id")
    bearers = Counter(_cell(row, own) for row in sheet.rows if len(row.cells) == len(sheet.columns))
    parents = None if sheet.repeat is None else numbers[asked.parent_of(sheet.repeat)]
    numbers[sheet.repeat] = set()
    rows: list[tuple[object, ...]] = []

    def tell(row: Row, reason: str, disposition: str, at: int | None = None) -> None:
        who = "us" if reason in (FORGOTTEN, GONE) else "sender"
        cell = f"{column_name(sheet, at or 0)}{row.line}" if file.is_workbook else None
        issues.append((file.name, row.line, file.survey.name, sheet.repeat or "", reason, disposition, who, cell))

    facts_of = _facts_of(file, sheet, secret, shared) if sheet.repeat is None else _links_of(sheet)
    sender = _sender_of(file)
    role: Role = "response_id" if sheet.repeat is None else "parent_id"
    placed_by = sheet.position(role)
    for row in sheet.rows:
        reason = unwanted.get(row.line, "") if sheet.repeat is None else ""
        reason = reason or _why_set_aside(row, len(sheet.columns), placed_by, parents)
        number = "" if reason else _cell(row, own)
        is_shared = bool(number) and bearers[number] > 1 and bool(asked.repeats)
        if is_shared and sheet.repeat is None:
            reason = NUMBER_SHARED
        if reason:
            tell(row, reason, "row_set_aside", own if reason == NUMBER_SHARED else placed_by)
            continue
        facts = facts_of(row)
        if sheet.repeat is None and shared and sender(row)[0] in shared:
            tell(row, ADDRESS_SHARED, "noted")
        if is_shared:  # it stands by itself; only rows that would belong to it cannot be placed
            tell(row, NUMBER_SHARED, "noted", own)
            facts = (*facts[:-1], None)
        elif number:
            numbers[sheet.repeat].add(number)
        rows.append((file.name, row.line, *facts, *(_loaded_cell(question, row, at) for question, at in loaded)))
    return rows


def _unwanted(file: ReceivedFile, tombstones: Tombstones) -> dict[int, str]:
    """The lines of responses that were deleted at their service, and of people who were forgotten, with the reason."""
    gone = {row.line: GONE for row in person_rows(file) if row.response_id in file.gone} if file.gone else {}
    return gone | dict.fromkeys(forgotten_lines(file, tombstones), FORGOTTEN)


def _why_set_aside(row: Row, n_columns: int, placed_by: int | None, parents: set[str] | None) -> str:
    if not any(cell.strip() for cell in row.cells):
        return "empty row"
    if len(row.cells) != n_columns:
        return f"{len(row.cells)} cells where the headings are {n_columns}"
    if parents is None:
        return "" if _cell(row, placed_by) else "no response number"
    return "" if _cell(row, placed_by) in parents else "belongs to no row that could be placed"


def _shared_addresses(files: Sequence[ReceivedFile]) -> dict[str, set[str]]:
    """E-mail addresses under which several names answered, such as an office's, with the names: these are several people."""
    names: dict[str, set[str]] = {}
    for file in files:
        sheet, sender = file.export.sheets[0], _sender_of(file)
        for row in sheet.rows:
            if len(row.cells) == len(sheet.columns):
                email, name = sender(row)
                if email and name:
                    names.setdefault(email, set()).add(name)
    return {email: found for email, found in names.items() if len(found) > 1}


def _sender_of(file: ReceivedFile) -> Callable[[Row], tuple[str, str]]:
    """What gives the e-mail address and the name in a row of responses, as they are compared; empty where not asked."""
    question_at = {question.name: position for position, question in file.columns[None].items()}
    asked = [file.survey.questionnaire.used_for(use) for use in ("email", "name")]
    email_at, name_at = (question_at.get(question.name) if question else None for question in asked)
    return lambda row: (normal_email(_cell(row, email_at)), normal_name(_cell(row, name_at)))


def _facts_of(
    file: ReceivedFile, sheet: Sheet, secret: bytes, shared: Collection[str]
) -> Callable[[Row], tuple[object, ...]]:
    """What makes the facts of a response (`RESPONSE_FIELDS` from `response_ref` on) from its row."""
    survey, asked = file.survey, file.survey.questionnaire
    question_at = {question.name: position for position, question in file.columns[None].items()}
    number, begun, completed, preview, rejected = (
        sheet.position(role) for role in ("response_id", "started_at", "completed_at", "preview", "rejected")
    )
    sender = _sender_of(file)
    named = [question_at.get(q.name) for q in (asked.used_for("name"), asked.used_for("organisation")) if q]

    def facts(row: Row) -> tuple[object, ...]:
        response_ref = _cell(row, number)
        email, name = sender(row)
        is_trial = (
            response_ref in survey.test_responses
            or bool(_cell(row, preview))
            or any(_cell(row, at).casefold() in _TRIAL_WORDS for at in named)
        )
        return (
            response_ref,
            _cell(row, begun) or None,
            _cell(row, completed) or None,
            "true" if completed is not None and not _cell(row, completed) else "false",
            person_key(f"{email} {name}" if email in shared else email, secret),
            "true" if is_trial else "false",
            "true" if _cell(row, rejected) else "false",
        )

    return facts


def _links_of(sheet: Sheet) -> Callable[[Row], tuple[object, ...]]:
    """What makes the number of the row above, and the row's own, from a row of a repeated part."""
    parent, own = sheet.position("parent_id"), sheet.position("record_id")
    return lambda row: (_cell(row, parent), _cell(row, own) or None)


def _cell(row: Row, position: int | None) -> str:
    return "" if position is None else row.cells[position].strip()


def _loaded_cell(question: Question, row: Row, position: int | None) -> str | None:
    """The cell as received; nothing where it is empty, or where the file has no column for the question."""
    if not _cell(row, position) or position is None:
        return None
    cell = row.cells[position]
    return f"{KEPT_BACK} {words_check(cell)}" if question.privacy == "private" else cell


def words_check(cell: str) -> str:
    """A check number that changes when words do; of 65,536 only, so that it says nothing of them.

    >>> words_check("Trust, above all") == words_check("Trust above all")
    False
    """
    return hashlib.md5(cell.encode(), usedforsecurity=False).hexdigest()[:4]


def _write(con: DuckDBPyConnection, table: str, fields: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Writes one raw table, every column text but `line` and `n_rows`."""
    types = {"line": "BIGINT", "n_rows": "BIGINT"}
    write_rows(con, table, {field: types.get(field, "VARCHAR") for field in fields}, rows)

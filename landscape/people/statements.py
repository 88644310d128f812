"""What people said on consent: received files say who, the staging database what; the two meet only in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.identity.holds import read_holds
from landscape.identity.person import PersonRow, emails_in, normal_email, normal_name
from landscape.last_refresh import read_last_refresh
from landscape.paths import ProjectPaths
from landscape.surveys.person_rows import person_rows
from landscape.surveys.received import received_files

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.definition import Survey
    from landscape.surveys.received import ReceivedFile


@dataclass(frozen=True)
class Contact:
    """A person as one response names them.

    Args:
        email: As typed.
        compared_email: The address itself, as addresses are compared.
        name: As typed.
        compared_name: As names are compared.
        telephone: As typed.
        organisation: As typed.
        file_name: The received file, below the project folder.
        line: Its line in the file.
    """

    email: str
    compared_email: str
    name: str
    compared_name: str
    telephone: str
    organisation: str
    file_name: str
    line: int


@dataclass(frozen=True)
class Statement:
    """What one response said about one purpose.

    Args:
        response_id: The response.
        person: The contact it belongs to.
        purpose: The purpose's code.
        is_given: Whether it consents.
        version: Which wording was shown.
        said_at: When (UTC); None where the export has no time.
        status: The response's status: counted, superseded, test, …
    """

    response_id: str
    person: Contact
    purpose: str
    is_given: bool
    version: str
    said_at: dt.datetime | None
    status: str


def read_statements(paths: ProjectPaths, surveys: tuple[Survey, ...]) -> tuple[Statement, ...]:
    """All statements on consent of named people, ordered so that the one that counts is last.

    Later ones come after earlier ones and those without a time; at the same time the version that counts comes last, and a
    refusal after a consent. Made-up responses and people who were forgotten or are on hold are left out.

    Raises:
        LandscapeError: Nothing was refreshed yet, or received files have changed since.
    """
    files = [file for file in received_files(paths, surveys) if not file.is_sample]
    with read_last_refresh(paths) as con:
        _refuse_changed(con, files)
        rows = con.execute(_STATEMENTS).fetchall()
    holds = read_holds(paths)
    rows_said = (row for file in files for row in person_rows(file) if _is_someone(row) and not holds.reason(row))
    people = {(row.file_name, row.line): row for row in rows_said}
    return tuple(
        Statement(
            response_id, _contact(row), purpose, given, version, said_at and said_at.replace(tzinfo=dt.UTC), status
        )
        for file_name, line, response_id, purpose, given, version, said_at, status in rows
        if (row := people.get((file_name, line)))
    )


def are_known(paths: ProjectPaths, surveys: tuple[Survey, ...], email: str) -> bool:
    """Whether somebody in a received file has this e-mail address."""
    return any(normal_email(email) in row.emails for row in _rows(paths, surveys))


def _rows(paths: ProjectPaths, surveys: tuple[Survey, ...]) -> Iterator[PersonRow]:
    for file in received_files(paths, surveys):
        yield from () if file.is_sample else person_rows(file)


def _refuse_changed(con: DuckDBPyConnection, files: Sequence[ReceivedFile]) -> None:
    query = "SELECT file_name, sha256 FROM raw.received_files WHERE NOT is_sample"
    loaded = dict(con.execute(query).fetchall())
    changed = {file.name for file in files if loaded.get(file.name) != file.sha256}
    changed |= loaded.keys() - {file.name for file in files}
    if changed:
        raise LandscapeError(
            "received files have changed since the last refresh, so nobody can say who consents",
            file="data/raw",
            culprits=sorted(changed),
            remedy="first: landscape refresh",
        )


def _contact(row: PersonRow) -> Contact:
    return Contact(
        row.email,
        _compared(row),
        row.name,
        normal_name(row.name),
        row.telephone,
        row.organisation,
        row.file_name,
        row.line,
    )


def _compared(row: PersonRow) -> str:
    """The address itself, even if there is more in the answer, as in `Bart <bart@…>`."""
    return min(emails_in(row.email), default=normal_email(row.email))


def _is_someone(row: PersonRow) -> bool:
    return bool(row.email or row.name or row.telephone)


_STATEMENTS = """
SELECT r.file_name, r.line, r.response_id, s.consent_purpose_code, s.consent_given, s.consent_version, s.given_at, r.status
FROM staged.consents AS s
JOIN staged.responses AS r ON r.response_id = s.response_id
WHERE NOT r.is_sample
ORDER BY s.given_at NULLS FIRST, r.status IN ('counted', 'outside_wave'), s.consent_given DESC, s.response_id,
    s.consent_purpose_code
"""

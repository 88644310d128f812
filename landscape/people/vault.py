"""The contacts vault: the one file made by a refresh with names, addresses and telephone numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.identity.person import PersonRow, emails_in, normal_email, normal_name
from landscape.paths import ProjectPaths
from landscape.private_files import make_private
from landscape.staging_db import write_rows
from landscape.surveys.person_rows import person_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.surveys.received import ReceivedFile

_CONTACTS = {
    "response_id": "VARCHAR", "survey": "VARCHAR", "person_key": "VARCHAR", "email": "VARCHAR", "compared_email": "VARCHAR",
    "name": "VARCHAR", "compared_name": "VARCHAR", "telephone": "VARCHAR", "organisation": "VARCHAR", "status": "VARCHAR",
    "submitted_at": "TIMESTAMP", "file_name": "VARCHAR", "line": "BIGINT",
}  # fmt: skip
_CONSENTS = {
    "response_id": "VARCHAR", "consent_purpose_code": "VARCHAR", "consent_given": "BOOLEAN", "consent_version": "VARCHAR",
    "given_at": "TIMESTAMP",
}  # fmt: skip


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


@dataclass(frozen=True)
class Contact:
    """A person as one response names them."""

    email: str
    compared_email: str
    name: str
    compared_name: str
    telephone: str
    organisation: str
    file_name: str
    line: int


def fill_vault(con: DuckDBPyConnection, paths: ProjectPaths, files: Sequence[ReceivedFile]) -> int:
    """Makes the vault from the received files and what staging says about their responses.

    Made-up responses and people who were forgotten are left out. The file is replaced whole: DuckDB keeps deleted rows in
    its pages, so nothing is ever deleted inside.

    Args:
        con: The staging database, with staged.responses and staged.consents in place.
        paths: The project folder.
        files: What was received, as it was loaded.

    Returns:
        The number of responses with a name or an address in it.

    Raises:
        LandscapeError: A file was changed since it was loaded.
    """
    import duckdb

    _refuse_changed(con, files)
    contacts = list(_contact_rows(con, files))
    known = {row[0] for row in contacts}
    consents = [row for row in con.execute(_STAGED_CONSENTS).fetchall() if row[0] in known]
    draft = make_private(paths.private) / "contacts.draft"
    draft.unlink(missing_ok=True)
    with duckdb.connect(draft) as vault:
        write_rows(vault, "main.contacts", _CONTACTS, contacts)
        write_rows(vault, "main.consents", _CONSENTS, consents)
    draft.chmod(0o600)
    draft.replace(paths.contacts)
    return len(contacts)


def read_statements(paths: ProjectPaths) -> tuple[Statement, ...]:
    """All statements on consent in the vault, ordered so that the one that counts is last.

    Later ones come after earlier ones and those without a time; at the same time the version that counts comes last, and a
    refusal after a consent.
    """
    with _opened(paths) as vault:
        rows = vault.execute(_STATEMENTS).fetchall()
    return tuple(
        Statement(
            response_id, Contact(*contact), purpose, given, version, said_at and said_at.replace(tzinfo=dt.UTC), status
        )
        for response_id, purpose, given, version, said_at, status, *contact in rows
    )


def count_contacts(paths: ProjectPaths) -> dict[str, int]:
    """Responses in the vault by survey."""
    with _opened(paths) as vault:
        return dict(vault.execute("SELECT survey, count(*) FROM contacts GROUP BY survey ORDER BY survey").fetchall())


@contextmanager
def _opened(paths: ProjectPaths) -> Iterator[DuckDBPyConnection]:
    import duckdb

    if not paths.contacts.exists():
        raise LandscapeError(
            "there is no vault yet, or it was emptied when someone was forgotten",
            file="data/contacts.duckdb",
            remedy="every refresh makes it: landscape refresh",
        )
    with duckdb.connect(paths.contacts, read_only=True) as vault:
        yield vault


def _refuse_changed(con: DuckDBPyConnection, files: Sequence[ReceivedFile]) -> None:
    loaded = dict(con.execute("SELECT file_name, sha256 FROM raw.received_files").fetchall())
    changed = [file.name for file in files if loaded.get(file.name) != file.sha256]
    if changed or len(loaded) != len(files):
        raise LandscapeError(
            "received files were changed while the refresh was running",
            file="data/raw",
            culprits=changed,
            remedy="wait until they are in place, then refresh again",
        )


def _contact_rows(con: DuckDBPyConnection, files: Sequence[ReceivedFile]) -> Iterator[tuple[object, ...]]:
    asking = [file for file in files if any(map(file.survey.questionnaire.used_for, ("email", "name", "telephone")))]
    rows = con.execute(_STAGED_RESPONSES, [[file.name for file in asking]]).fetchall()
    standing = {(file_name, line): rest for file_name, line, *rest in rows}
    for file in asking:
        for row in person_rows(file):
            if (row.file_name, row.line) in standing and _is_someone(row):
                response_id, person_key, status, submitted_at = standing[row.file_name, row.line]
                yield (
                    response_id, row.survey, person_key, row.email, _compared(row), row.name, normal_name(row.name),
                    row.telephone, row.organisation, status, submitted_at, row.file_name, row.line,
                )  # fmt: skip


def _compared(row: PersonRow) -> str:
    """The address itself, even if there is more in the answer, as in `Bart <bart@…>`."""
    return min(emails_in(row.email), default=normal_email(row.email))


def _is_someone(row: PersonRow) -> bool:
    return bool(row.email or row.name or row.telephone)


_STAGED_RESPONSES = """
SELECT file_name, line, response_id, person_key, status, submitted_at FROM staged.responses
WHERE NOT is_sample AND list_contains(?, file_name)
"""
_STAGED_CONSENTS = """
SELECT response_id, consent_purpose_code, consent_given, consent_version, given_at FROM staged.consents ORDER BY ALL
"""
_STATEMENTS = """
SELECT s.response_id, s.consent_purpose_code, s.consent_given, s.consent_version, s.given_at, c.status,
    c.email, c.compared_email, c.name, c.compared_name, c.telephone, c.organisation, c.file_name, c.line
FROM consents AS s
JOIN contacts AS c ON c.response_id = s.response_id
ORDER BY s.given_at NULLS FIRST, c.status IN ('counted', 'outside_wave'), s.consent_given DESC, s.response_id,
    s.consent_purpose_code
"""

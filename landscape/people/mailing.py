"""Who may be written to for one purpose, as a list for the coordinator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from landscape.errors import LandscapeError
from landscape.identity.person import normal_email
from landscape.identity.withdrawals import Withdrawals, consent_purposes, read_withdrawals, refuse_unknown
from landscape.paths import ProjectPaths
from landscape.people.statements import Statement, read_statements
from landscape.private_files import log_access, make_private
from landscape.surveys.definition import Survey
from landscape.text import safe_cell

_NOT_ANSWERS = ("test", "partial", "rejected")  # the team's own tests, answers never submitted, answers turned down
_BY_TELEPHONE = ("CON.VISIT",)  # visits are arranged by telephone; for the rest an address is enough
_HEADINGS = ("E-mail address", "Name", "Organisation", "Consented on", "Wording of the consent")
_WIDTH = 32


@dataclass(frozen=True)
class MailingList:
    """A list as written.

    Args:
        path: The workbook.
        n_people: How many people are in it.
        n_left_out: Addresses left out because not everyone who shares them consents.
    """

    path: Path
    n_people: int
    n_left_out: int


def statements_of(
    paths: ProjectPaths, surveys: tuple[Survey, ...], email: str
) -> list[tuple[Statement, dt.datetime | None]]:
    """The statements on consent from an e-mail address, each with when it was withdrawn (None if it was not)."""
    withdrawals = read_withdrawals(paths)
    sought = normal_email(email)
    found = [said for said in read_statements(paths, surveys) if said.person.compared_email == sought]
    found.sort(key=lambda said: (said.person.file_name, said.person.line, said.purpose))
    return [(said, _withdrawn_at(said, withdrawals)) for said in found]


def export_contacts(paths: ProjectPaths, surveys: tuple[Survey, ...], purpose: str, at: dt.datetime) -> MailingList:
    """Writes the people who consent to a purpose as a workbook, and a line into the access log.

    Args:
        paths: The project folder.
        surveys: All surveys.
        purpose: A code such as CON.NETWORK.
        at: When (UTC).

    Raises:
        LandscapeError: There is no such purpose, or there was no refresh since received files changed.
    """
    refuse_unknown(purpose, consent_purposes(paths))
    people, n_left_out = consenting(read_statements(paths, surveys), purpose, read_withdrawals(paths))
    path = make_private(paths.mailing_lists) / f"{purpose}.xlsx"
    with_telephone = purpose in _BY_TELEPHONE
    headings = (*_HEADINGS, *(("Telephone",) if with_telephone else ()))
    write_private_sheet(path, "Contacts", [headings, *(_cells(said, with_telephone) for said in people)], at)
    log_access(paths, "contacts export", purpose, len(people), at)
    return MailingList(path, len(people), n_left_out)


def consenting(
    statements: tuple[Statement, ...], purpose: str, withdrawals: Withdrawals
) -> tuple[list[Statement], int]:
    """The latest statement of each person who consents to a purpose, and how many shared addresses do not agree.

    Args:
        statements: As `read_statements` orders them.
        purpose: A code such as CON.NETWORK.
        withdrawals: The project's withdrawals, whether or not there has been a refresh since.
    """
    latest: dict[str, dict[str, Statement]] = {}
    for said in statements:
        if said.purpose == purpose and said.status not in _NOT_ANSWERS and said.person.compared_email:
            latest.setdefault(said.person.compared_email, {})[said.person.compared_name] = said
    people: list[Statement] = []
    n_left_out = 0
    for by_name in (latest[email] for email in sorted(latest)):
        holds = [said.is_given and _withdrawn_at(said, withdrawals) is None for said in by_name.values()]
        if all(holds):
            people += [by_name[name] for name in sorted(by_name)]
        elif any(holds):
            n_left_out += 1
    return people, n_left_out


def _withdrawn_at(said: Statement, withdrawals: Withdrawals) -> dt.datetime | None:
    at = withdrawals.of((said.person.email,)).get(said.purpose)
    return at if at is not None and (said.said_at is None or at >= said.said_at) else None


def _cells(said: Statement, with_telephone: bool) -> tuple[str, ...]:
    return (
        said.person.email, said.person.name, said.person.organisation,
        said.said_at.date().isoformat() if said.said_at else "not stated", said.version,
        *((said.person.telephone,) if with_telephone else ()),
    )  # fmt: skip


def write_private_sheet(path: Path, title: str, rows: Sequence[Sequence[str]], at: dt.datetime) -> None:
    """Writes a workbook of one sheet, without formulas, that only its owner may read.

    Args:
        path: The workbook, in a private folder.
        title: The sheet's title.
        rows: Headings first.
        at: When (UTC); written in the file.

    Raises:
        LandscapeError: It is open in another program.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from landscape.office_files import save_workbook, write_value

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            write_value(sheet.cell(row, column), safe_cell(text))
    for column in range(1, len(rows[0]) + 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.freeze_panes = "A2"
    try:
        save_workbook(book, path, at, is_private=True)
    except PermissionError as error:
        raise LandscapeError(
            "it is open in another program", file=path.name, remedy="close it there, then try again"
        ) from error

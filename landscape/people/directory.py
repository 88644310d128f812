"""The members-only directory of expertise: names by consent, with topics offered and wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.identity.withdrawals import read_withdrawals
from landscape.last_refresh import read_last_refresh
from landscape.paths import ProjectPaths
from landscape.people.mailing import MailingList, consenting, write_private_sheet
from landscape.people.statements import Statement, read_statements
from landscape.private_files import log_access, make_private
from landscape.staging_db import refresh_lock
from landscape.surveys.definition import Survey

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PURPOSE = "CON.DIRECTORY"
_HEADINGS = ("Name", "Organisation", "Police force area", "Can share expertise on", "Would like to hear about")
_NO_AREA = "not stated"


def export_directory(paths: ProjectPaths, surveys: tuple[Survey, ...], at: dt.datetime) -> MailingList:
    """Writes the directory as a workbook, by area and name, and a line into the access log.

    It contains no addresses or telephone numbers: the consent is to being listed.

    Args:
        paths: The project folder.
        surveys: All surveys.
        at: When (UTC).

    Raises:
        LandscapeError: There was no refresh since received files changed, or one is running.
    """
    with refresh_lock(paths.lock, waits=False):  # nobody is forgotten while their name is being written down
        people, n_left_out = consenting(read_statements(paths, surveys), PURPOSE, read_withdrawals(paths))
        with read_last_refresh(paths) as con:
            rows = sorted(_rows(con, people), key=lambda row: (row[2] == _NO_AREA, row[2], row[0]))
        path = make_private(paths.mailing_lists) / "directory.xlsx"
        write_private_sheet(path, "Directory", [_HEADINGS, *rows], at)
        log_access(paths, "contacts directory", PURPOSE, len(people), at)
    return MailingList(path, len(people), n_left_out)


def _rows(con: DuckDBPyConnection, people: Sequence[Statement]) -> list[tuple[str, ...]]:
    known = {
        response_id: (area, offered, wanted) for response_id, area, offered, wanted in con.execute(_SAID).fetchall()
    }
    return [
        (said.person.name, said.person.organisation, *known.get(said.response_id, (_NO_AREA, "", "")))
        for said in people
    ]


_SAID = f"""
WITH topics AS (
    SELECT answers.response_id, answers.question, string_agg(codebook.label, '; ' ORDER BY codebook.label) AS names
    FROM staged.answers AS answers
    JOIN reference.codebook AS codebook ON codebook.code = answers.code
    WHERE answers.question IN ('expertise_offered', 'expertise_wanted')
    GROUP BY answers.response_id, answers.question
)
SELECT
    responses.response_id,
    coalesce(areas.force_area_name, '{_NO_AREA}'),
    coalesce(offered.names, ''),
    coalesce(wanted.names, '')
FROM staged.responses AS responses
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = responses.force_area_code
LEFT JOIN topics AS offered ON offered.response_id = responses.response_id AND offered.question = 'expertise_offered'
LEFT JOIN topics AS wanted ON wanted.response_id = responses.response_id AND wanted.question = 'expertise_wanted'
"""

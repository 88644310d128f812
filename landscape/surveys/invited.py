"""Lists of people who were invited to answer: read, made pseudonyms at once, staged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError, ReceivedFileError
from landscape.identity.holds import OBJECTED, ON_HOLD, Holds
from landscape.identity.keys import person_key
from landscape.identity.person import PersonRow, emails_in, normal_email
from landscape.identity.tombstones import FORGOTTEN, Tombstones
from landscape.paths import ProjectPaths
from landscape.places.areas import AreaSpellings, normal_spelling, showable_spelling
from landscape.staging_db import write_rows
from landscape.surveys.definition import Survey
from landscape.surveys.dialects.textfiles import read_text_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

INVITED = "invited.csv"
SAMPLE_INVITED = f"SAMPLE-{INVITED}"
PART = "invitations"
"""What issues and the proof that nothing was lost call such a list."""

_HEADINGS = {
    "email": "email", "e mail": "email", "email address": "email", "e mail address": "email",
    "organisation type": "organisation_type", "organisation_type": "organisation_type",
    "force area": "force_area", "force_area": "force_area", "wave": "wave",
    "name": "name", "full name": "name", "first name": "first name", "last name": "last name", "surname": "last name",
}  # fmt: skip
_COLUMNS = {
    "file_name": "VARCHAR", "line": "BIGINT", "survey": "VARCHAR", "wave": "VARCHAR", "person_key": "VARCHAR",
    "organisation_type": "VARCHAR", "force_area": "VARCHAR", "is_sample": "BOOLEAN",
}  # fmt: skip
_STAGED = {
    "survey": "VARCHAR", "wave": "VARCHAR", "person_key": "VARCHAR", "organisation_type_code": "VARCHAR",
    "force_area_code": "VARCHAR", "is_sample": "BOOLEAN",
}  # fmt: skip
_UNREAD = {
    "file_name": "VARCHAR", "line": "BIGINT", "survey": "VARCHAR", "field": "VARCHAR", "reason": "VARCHAR",
    "cell_value": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class Invitation:
    """One row of a list, as far as it is read; its name and address are only compared, and stored nowhere.

    Args:
        line: Its line in the file.
        email: The address, as addresses are compared; empty where there is none.
        wave: The wave; empty where the row names one that the survey has not.
        organisation_type: As typed.
        force_area: As typed.
        name: As typed, where the list has names.
    """

    line: int
    email: str
    wave: str
    organisation_type: str = ""
    force_area: str = ""
    name: str = ""


@dataclass(frozen=True)
class InvitedList:
    """The list of those who were invited to one survey.

    Args:
        survey: The survey.
        name: The file, below the project folder.
        invitations: Its rows, empty ones left out.
        is_sample: Made up.
    """

    survey: Survey
    name: str
    invitations: tuple[Invitation, ...]
    is_sample: bool = False

    def person_rows(self) -> Iterator[PersonRow]:
        """Who is in it, for erasure and for the PII scan."""
        for row in self.invitations:
            yield PersonRow(
                survey=self.survey.name, file_name=self.name, line=row.line, response_ref="", answered_on=None, wave=row.wave,
                emails=frozenset(filter(None, [row.email])), email=row.email, name=row.name, telephone="", organisation="",
                tool_cells=(),
            )  # fmt: skip


def is_invited_list(path: Path) -> bool:
    """Whether a file is a list of invitations, by its name: no export is ever called so."""
    return path.name.casefold() in (INVITED, SAMPLE_INVITED.casefold())


def invited_lists(
    paths: ProjectPaths, surveys: Sequence[Survey], *, of_sample: bool = False
) -> tuple[InvitedList, ...]:
    """The lists beside the received files, one for each survey that has one.

    Args:
        paths: The project folder.
        surveys: All surveys.
        of_sample: Those of the made-up sample instead.

    Raises:
        ReceivedFileError: A list cannot be read as one.
    """
    folder = paths.sample if of_sample else paths.raw
    found = [
        (survey, path)
        for survey in surveys
        for path in sorted((folder / survey.name).glob("*"))
        if is_invited_list(path)
    ]
    return tuple(read_invited(path, path.relative_to(paths.root).as_posix(), survey) for survey, path in found)


def invitations_to(paths: ProjectPaths, surveys: Sequence[Survey], email: str) -> tuple[str, ...]:
    """Where an e-mail address is in lists of invitations, as survey, wave, file and line."""
    sought = normal_email(email)
    return tuple(
        f"{row.survey}, wave {row.wave or 'unknown'}, {row.file_name}, line {row.line}"
        for invited in invited_lists(paths, surveys)
        for row in invited.person_rows()
        if sought in row.emails
    )


def read_invited(path: Path, name: str, survey: Survey) -> InvitedList:
    """Reads one list: a CSV file with the column `email` and, if known, `organisation_type`, `force_area` and `wave`.

    Args:
        path: The file.
        name: What messages call it.
        survey: Which survey they were invited to.

    Raises:
        ReceivedFileError: It has no such column, has one twice, or does not say which of several waves it is for.
    """
    try:
        rows, _ = read_text_rows(path)
    except OSError as error:
        raise ReceivedFileError(
            f"it cannot be opened ({error.strerror})", file=name, remedy="close it in other programs"
        ) from error
    except LandscapeError as error:
        error.args = (str(error).replace(str(path), name),)  # a message names no folder of this machine
        raise
    headings = [_HEADINGS.get(normal_spelling(cell.replace("_", " ")), "") for cell in rows[0].cells] if rows else []
    twice = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if "email" not in headings or twice:
        raise ReceivedFileError(
            "as a list of those who were invited, it lacks the column email" if not twice else "it has a column twice",
            file=name,
            culprits=twice,
            remedy="its first line is: email,organisation_type,force_area (the last two may be left out); other columns "
            "are not read",
        )
    if "wave" not in headings and len(survey.waves) > 1:
        raise ReceivedFileError(
            "the survey has several waves, and the list does not say for which it is",
            file=name,
            remedy=f"add a column wave, with one of {', '.join(wave.wave for wave in survey.waves)} in each row",
        )
    invitations = []
    for row in rows[1:]:
        if any(cell.strip() for cell in row.cells):
            said = {heading: cell.strip() for heading, cell in zip(headings, row.cells, strict=False) if heading}
            invitations.append(_invitation(row.line, said, survey))
    return InvitedList(survey, name, tuple(invitations), is_sample=Path(name).name.startswith("SAMPLE-"))


def _invitation(line: int, said: Mapping[str, str], survey: Survey) -> Invitation:
    waves = [wave.wave for wave in survey.waves]
    wave = said.get("wave", "") or (waves[0] if len(waves) == 1 else "")
    return Invitation(
        line=line,
        email=min(emails_in(said.get("email", "")), default=""),
        wave=wave if wave in waves else "",
        organisation_type=said.get("organisation_type", ""),
        force_area=said.get("force_area", ""),
        name=said.get("name") or f"{said.get('first name', '')} {said.get('last name', '')}".strip(),
    )


def load_invited(
    con: DuckDBPyConnection,
    lists: Sequence[InvitedList],
    secret_of: Callable[[str], bytes],
    sharing: Callable[[str], Mapping[str, set[str]]],
    tombstones: Tombstones,
    holds: Holds,
) -> list[tuple[object, ...]]:
    """Writes raw.invitations: pseudonyms in place of addresses.

    Args:
        con: The staging database.
        lists: What was received.
        secret_of: The secret of a survey's pseudonyms, by the survey's name.
        sharing: By the survey's name, the addresses under which several names answered, with the names.
        tombstones: Who was forgotten; no row of theirs is loaded.
        holds: Whose answers are not used; no row of theirs is loaded either.

    Returns:
        Rows that were set aside, as rows of raw.loading_issues.
    """
    rows: list[tuple[object, ...]] = []
    issues: list[tuple[object, ...]] = []
    for invited in lists:
        survey = invited.survey.name
        secret, shared, seen = secret_of(survey), sharing(survey), set[tuple[str, str]]()
        for row, person in zip(invited.invitations, invited.person_rows(), strict=True):
            reason = _why_set_aside(row, person, seen, tombstones, holds)
            if reason:
                who = "us" if reason in (FORGOTTEN, ON_HOLD, OBJECTED) else "coder"
                issues.append((invited.name, row.line, survey, PART, reason, "row_set_aside", who, None))
                continue
            seen.add((row.email, row.wave))
            # One invitation to a shared address is answered by one of those who share it.
            answering = [f"{row.email} {name}" for name in sorted(shared.get(row.email, ()))] or [row.email]
            key = min(filter(None, (person_key(text, secret) for text in answering)))
            rows.append(
                (
                    invited.name,
                    row.line,
                    survey,
                    row.wave,
                    key,
                    row.organisation_type,
                    row.force_area,
                    invited.is_sample,
                )
            )
    write_rows(con, "raw.invitations", _COLUMNS, rows)
    return issues


def _why_set_aside(
    row: Invitation, person: PersonRow, seen: set[tuple[str, str]], tombstones: Tombstones, holds: Holds
) -> str:
    if not row.email:
        return "no e-mail address"
    if tombstones.is_forgotten(person):
        return FORGOTTEN
    if reason := holds.reason(person):
        return reason
    if not row.wave:
        return "a wave that the survey has not"
    return "invited twice" if (row.email, row.wave) in seen else ""


def stage_invitations(con: DuckDBPyConnection, spellings: AreaSpellings) -> None:
    """Writes staged.invitations, and what could not be read of it into the temporary table unread_invitations.

    Args:
        con: The staging database, with raw.invitations and reference.codebook.
        spellings: The reviewed spellings of force areas.
    """
    types = {
        normal_spelling(text): code
        for code, label in con.execute(
            "SELECT code, label FROM reference.codebook WHERE scheme = 'organisation_type' ORDER BY code"
        ).fetchall()
        for text in (code, label)
    }
    areas = dict(con.execute("SELECT force_area_code, force_area_code FROM reference.force_areas").fetchall())
    staged: list[tuple[object, ...]] = []
    unread: list[tuple[object, ...]] = []
    for file_name, line, survey, wave, key, kind, area, is_sample in con.execute(
        "SELECT * FROM raw.invitations ORDER BY file_name, line"
    ).fetchall():
        type_code = types.get(normal_spelling(kind))
        area_code = areas.get(area) or spellings.find(area).force_area_code if area else None
        if kind and type_code is None:
            unread.append((file_name, line, survey, "organisation_type", "not an option of the list", None))
        if area and area_code is None:
            unread.append(
                (file_name, line, survey, "force_area", "force area not known", showable_spelling(area) or None)
            )
        staged.append((survey, wave, key, type_code, area_code, is_sample))
    write_rows(con, "staged.invitations", _STAGED, staged)
    write_rows(con, "unread_invitations", _UNREAD, unread)

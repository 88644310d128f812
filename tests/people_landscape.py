"""People who sign up, and the search for what is left of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from exports.responses import Response
from marts_landscape import SURVEYS, UP_TO_STAGED, make_tables, signup
from test_bad_input_refresh import texts_of

from assets.tables import models
from landscape.paths import ProjectPaths
from landscape.staging_db import StagingDatabase, open_staging_db
from landscape.surveys.issuebook import write_issues

EVERY_SURVEY = tuple(SURVEYS.values())
CUMBRIA, HUMBERSIDE = "E23000002", "E23000012"
NOW = dt.datetime(2018, 3, 1, 9, 30, tzinfo=dt.UTC)
PERPETUA = ("Perpetua Quillfeather", "p.quillfeather@thistlewood-post.example", "07700 900417")
BART = ("Bartholomew Thistlewood", "Bart@Thistlewood-Post.example", "+44 7700 900982")
ANN = ("Ann Onesworth", "office@shared-mailbox.example", "07700 900111")
BOB = ("Bob Twoforth", "Office@Shared-Mailbox.example", "07700 900222")


def joins(number: str, person: tuple[str, str, str], **more: object) -> Response:
    """A sign-up of a person."""
    name, email, telephone = person
    return signup(number, email, CUMBRIA, full_name=name, telephone=telephone, **more)


def traces(person: tuple[str, str, str]) -> set[str]:
    """All that would give a person away, as typed and as compared."""
    name, email, telephone = person
    return {name, name.split()[-1], email, email.casefold(), telephone}


def holding(folder: Path, person: tuple[str, str, str]) -> list[str]:
    """The files below a folder with any trace of a person, also compressed or inside a database."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(trace in text for text in _readable(path) for trace in traces(person))
    )


def _readable(path: Path) -> Iterable[str]:
    for data in texts_of(path):
        yield data.decode("utf-8", errors="ignore")
        yield data.decode("utf-16-le", errors="ignore")
        yield data[1:].decode("utf-16-le", errors="ignore")


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refresh(paths: ProjectPaths, layers: Sequence[str] = (*UP_TO_STAGED, "marts")) -> None:
    """Tables up to the marts and the list of issues, from what was received."""
    with open_staging_db(paths.staging_db, paths.lock) as con:
        make_tables(StagingDatabase(con, paths), layers=layers)
        write_issues(con, next(model for model in models("staged") if model.name == "issues"), paths.issues)

"""How each survey tool's exports are read, one module per tool: whose file it is, and what each column holds.

A dialect knows only a file's shape, and no survey's questions. Nothing here writes exports: what a tool would write is
made by `tests/exports`, so a new dialect needs a module there too.
"""

from __future__ import annotations

from pathlib import Path
from typing import cast

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects import (
    google_forms,
    jisc_online_surveys,
    kobotoolbox,
    limesurvey,
    microsoft_forms,
    odk_central,
    qualtrics,
    redcap,
    smartsurvey,
    surveymonkey,
    visit_workbook,
)
from landscape.surveys.export import Dialect

DIALECTS: dict[str, Dialect] = {
    module.NAME: cast("Dialect", module)
    for module in (
        microsoft_forms,
        jisc_online_surveys,
        visit_workbook,
        qualtrics,
        google_forms,
        surveymonkey,
        smartsurvey,
        kobotoolbox,
        odk_central,
        limesurvey,
        redcap,
    )
}
EXPORT_ENDINGS = (".csv", ".xlsx", ".sav", ".json", ".zip")
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # a compound file, which also wraps a workbook with a password


def dialect_of(path: Path, declared: str) -> Dialect:
    """The dialect an export is written in, by its shape.

    Args:
        path: The received file.
        declared: The tool that survey.yml declares.

    Raises:
        ReceivedFileError: The file is empty, a web page, in no known tool's shape, or another tool's than declared.
    """
    fitting = fitting_dialects(path)
    if declared in fitting or (not fitting and _can_be_read(path, DIALECTS[declared])):
        return DIALECTS[declared]
    tools = ", ".join(DIALECTS[name].TITLE for name in fitting) or "no tool known here"
    raise ReceivedFileError(
        f"its shape is that of {tools}, but survey.yml declares {DIALECTS[declared].TITLE}",
        file=path,
        remedy="export it again from the declared tool, or declare the tool it comes from as `tool:` in survey.yml",
    )


def _can_be_read(path: Path, dialect: Dialect) -> bool:
    """Whether a file of no tool's shape can be read as one of the declared tool; the contract then says whether it is."""
    try:
        return dialect.read(path).sheets[0].cells.n_rows > 0
    except (ReceivedFileError, ValueError, LookupError):
        return False


def fitting_dialects(path: Path) -> tuple[str, ...]:
    """The names of the dialects whose shape a file has; seldom more than one.

    Raises:
        ReceivedFileError: The file is empty, a web page, or no kind of file that a tool exports.
    """
    _refuse_what_is_no_export(path)
    return tuple(name for name, dialect in DIALECTS.items() if dialect.recognises(path))


def _refuse_what_is_no_export(path: Path) -> None:
    if path.suffix.lower() not in EXPORT_ENDINGS:
        raise ReceivedFileError(
            f"a file ending in {path.suffix or 'nothing'} is not read as an export",
            file=path,
            remedy=f"export as {' or '.join(EXPORT_ENDINGS)}; keep other files outside data/raw/<survey>/",
        )
    with path.open("rb") as stream:
        head = stream.read(2048)
    if not head.strip():
        raise ReceivedFileError("the file is empty", file=path, remedy="export it again, or take it out of the folder")
    if head.startswith(_OLD_OR_LOCKED):
        raise ReceivedFileError(
            "the workbook is locked with a password, or in the old .xls format",
            file=path,
            remedy="open it in Excel and save a copy without a password as .xlsx; put only the copy into the folder",
        )
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise ReceivedFileError(
            "this is a web page, not an export (often the sign-in page, saved when a session had ended)",
            file=path,
            remedy="sign in to the survey tool and export again",
        )

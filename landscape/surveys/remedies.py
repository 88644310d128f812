"""What to do about each thing that did not fit, in words and as a command to paste."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from landscape.identity.holds import OBJECTED, ON_HOLD
from landscape.identity.tombstones import FORGOTTEN
from landscape.surveys.loading import ADDRESS_SHARED
from landscape.surveys.placing import GONE, NO_NUMBER, NO_PARENT, NUMBER_SHARED
from landscape.surveys.statuses import OUTSIDE_WAVE, STATUSES

UNKNOWN_AREA = "force area not known"
UNLISTED = "not an option of the list"
NEAREST = "; nearest is “"
"""Goes between that reason and the option that is nearest."""
UNANSWERED = "must be answered, and is blank"
OUTSIDE = f"given {STATUSES[OUTSIDE_WAVE][0]}"
UNDATED = "no time that can be read"
_SAFE_TO_PASTE = re.compile(r"[^\"'$`\\!%<>|&;\r\n]+")
_SIGNED = "--by INITIALS --why WHY"
_BY_REASON = {
    "empty row": ("nothing: it holds no answer", ""),
    "no e-mail address": ("add the address, or delete the row", ""),
    "a wave that the survey has not": ("write one of the waves in the survey’s survey.yml", ""),
    "invited twice": ("delete one of the two rows", ""),
    NO_NUMBER: ("give the row a number of its own; from a survey tool, export with response numbers", ""),
    NO_PARENT: ("put the number of the row it belongs to into this cell", ""),
    NUMBER_SHARED: ("give each of these rows a number of its own", ""),
    ADDRESS_SHARED: ("nothing, if several people share this address", ""),
    GONE: ("nothing", ""),
    ON_HOLD: ("end the hold once they agree", "landscape hold EMAIL --lift"),
    OBJECTED: ("nothing; if they ask for it, forget them", "landscape forget EMAIL"),
    FORGOTTEN: ("take the row out of the file", "landscape forget --again"),
    "replaced by a response of the same number elsewhere or on another day": (
        "if these are two responses, give one of them another number",
        "",
    ),
}


class Found(NamedTuple):
    """What a remedy depends on.

    Args:
        reason: What does not fit.
        survey: The survey.
        file_name: The received file.
        is_by_hand: It is a workbook that a colleague fills in, so that its cells may be changed; an export never is.
        cell_value: The spelling, where it may be shown.
        likely_area: The area it may mean.
        question: The question.
        record_id: The response, or the part of one, that a decision can be taken on.
    """

    reason: str
    survey: str
    file_name: str
    is_by_hand: bool
    cell_value: str | None
    likely_area: str | None
    question: str | None
    record_id: str | None


def remedy_of(found: Found) -> tuple[str, str]:
    """What to do, and the command; empty where there is none. What is in capitals is to be filled in."""
    if found.reason in _BY_REASON:
        return _BY_REASON[found.reason]
    if found.reason in _BY_KIND:
        return _BY_KIND[found.reason](found)
    if found.reason.startswith("not applied: "):
        if found.file_name.endswith("codings.csv"):
            return "delete the line, then code the answer again", "landscape review export"
        return "see what is there now; then delete the line, or decide again", "landscape decide --list"
    if " cells where the headings are " in found.reason:
        return "export the file again: something has moved its cells", ""
    return "look through the file; if its words read right, nothing is to be done", ""


def _of_wave(found: Found) -> tuple[str, str]:
    if found.reason == UNDATED and found.is_by_hand:
        return "give it a date that can be read", _checked(found)
    added = "a wave for its day" if found.reason == OUTSIDE else "`undated` with the wave of such responses"
    where = f"assets/raw/surveys/{found.survey}/survey.yml"
    return f"if it belongs to the survey, add {added} in {where}", "landscape check --settings"


def _of_area(found: Found) -> tuple[str, str]:
    spelling = found.cell_value or ""
    if not _SAFE_TO_PASTE.fullmatch(spelling):
        return _of_option(found)
    area = f'"{found.likely_area}"' if found.likely_area else "AREA"
    meant = f"if it means {found.likely_area}" if found.likely_area else "if you know which area it means"
    return f"{meant}, accept the spelling", f'landscape decide alias "{spelling}" --new {area} {_SIGNED}'


def _of_option(found: Found) -> tuple[str, str]:
    if found.is_by_hand:
        return "write into the cell what its list offers", _checked(found)
    if not found.record_id or not found.question:
        return "write it as the list has it", ""
    command = f'landscape decide "{found.record_id}" {found.question} --new CODE {_SIGNED}'
    return "if you know which option is meant, decide it", command


def _of_value(found: Found) -> tuple[str, str]:
    wanted = found.reason.removeprefix("not ") + (" (day/month/year)" if found.reason == "not a date" else "")
    if found.is_by_hand:
        return f"write {wanted} into the cell, or leave it blank", _checked(found)
    return f"if you can, put {wanted} there in the survey tool, and export again", ""


def _checked(found: Found) -> str:
    return f'landscape check "{found.file_name}"' if _SAFE_TO_PASTE.fullmatch(found.file_name) else ""


_BY_KIND: dict[str, Callable[[Found], tuple[str, str]]] = {
    OUTSIDE: _of_wave,
    UNDATED: _of_wave,
    UNKNOWN_AREA: _of_area,
    UNLISTED: _of_option,
    UNANSWERED: lambda found: ("fill in the cell", _checked(found)),
    "not a date": _of_value,
    "not a number": _of_value,
    "not a whole number": _of_value,
}

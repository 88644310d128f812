"""Texts that may be printed: a person approves the very wording, and the organisation confirms it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.coding.ledgers import Approval, read_approvals, write_approvals
from landscape.coding.reviewing import Exported
from landscape.coding.sheets import CHECK, CODER, RECORD, WORDS, Sheet, read_sheet, write_sheet
from landscape.errors import LandscapeError
from landscape.pii_scan import Known, personal_kinds
from landscape.private_files import log_access
from landscape.settings.reading import day
from landscape.surveys.known import known_people
from landscape.writing import one_writer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.paths import ProjectPaths

MAY_PRINT, CONFIRMED_ON, CONFIRMED_HOW, STATE, QUESTION = (
    "may be printed", "confirmed on", "confirmed how", "now", "question",
)  # fmt: skip
_FOUND = "look at"
_HEADINGS = (
    RECORD, QUESTION, "force area", WORDS, _FOUND, STATE, MAY_PRINT, CODER, CONFIRMED_ON, CONFIRMED_HOW, CHECK,
)  # fmt: skip
_YES_NO = {"yes": "", "no": ""}
_LONGEST = 40
_HOW_TO = (
    "Every text that was written to be printed, and what was decided about it. Read each: does it name or point to a person?",
    "may be printed: yes or no. coder: the initials or number of the person who read it, not of the one who wrote it.",
    "confirmed on: the day on which the organisation (for a quotation, the speaker) said that this very wording is right, as "
    "2017-09-20. confirmed how: such as “e-mail” or “slip”. Without both, the text stays inside the team.",
    "look at: what the scan for personal data finds in it. Such a text cannot be approved: change it in the workbook.",
    "Change no wording here. A text that is changed in the workbook has to be approved and confirmed again.",
    "Then: landscape review import FILE, and landscape refresh.",
)
_TEXTS = """
SELECT texts.record_id, texts.text_kind, areas.force_area_name, texts.words, texts.text_state, activities.is_sample
FROM staged.activity_texts AS texts
JOIN staged.activities AS activities ON activities.activity_id = texts.activity_id
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = activities.force_area_code
UNION ALL
SELECT quotations.record_id, 'quotation', areas.force_area_name, quotations.words, quotations.text_state, quotations.is_sample
FROM staged.quotations AS quotations
JOIN staged.visits AS visits ON visits.visit_id = quotations.visit_id
LEFT JOIN reference.force_areas AS areas ON areas.force_area_code = visits.force_area_code
ORDER BY record_id, text_kind
"""


@dataclass(frozen=True)
class Approved:
    """What was taken from a sheet of texts.

    Args:
        n_approved: Texts that may be printed inside the team.
        n_confirmed: Texts that the organisation confirmed as well.
        n_refused: Texts that may not be printed.
        n_open: Rows that say nothing yet.
        refused_rows: Line and reason of each row that was not taken.
    """

    n_approved: int
    n_confirmed: int
    n_refused: int
    n_open: int
    refused_rows: tuple[tuple[int, str], ...]


def words_sha256(words: str) -> str:
    """A hash of the very wording of a text."""
    return hashlib.sha256(words.strip().encode()).hexdigest()


def export_texts(con: DuckDBPyConnection, paths: ProjectPaths, at: dt.datetime) -> Exported:
    """Writes every text that is to be printed as a private sheet, with what was decided about it so far.

    Args:
        con: The staging database of the last refresh.
        paths: The project folder.
        at: When (UTC).

    Raises:
        LandscapeError: No text was written.
    """
    texts = con.execute(_TEXTS).fetchall()
    if not texts:
        raise LandscapeError(
            "there is no text to approve", remedy="names, summaries and quotations are in visit workbooks"
        )
    decided, known = read_approvals(paths), known_people(paths)
    rows = []
    for record, question, area, words, state, _ in texts:
        one = decided.get((record, question))
        said = one if one and one.words_sha256 == words_sha256(words) else None
        filled = (said.may_print, said.approver, said.confirmed_on, said.confirmed_how) if said else ("", "", "", "")
        found = ", ".join(personal_kinds(words, known))
        rows.append((record, question, area or "", words, found, state, *filled, words_sha256(words)))
    sheet = Sheet(
        headings=_HEADINGS,
        rows=rows,
        to_fill=(MAY_PRINT, CODER, CONFIRMED_ON, CONFIRMED_HOW),
        lists={"yes_no": _YES_NO},
        list_of={(row, MAY_PRINT): "yes_no" for row in range(len(rows))},
        how_to=_HOW_TO,
        is_sample=any(is_sample for *_, is_sample in texts),
    )
    path = write_sheet(sheet, paths.review, "texts", at)
    log_access(paths, "review export", "texts", len(rows), at)
    return Exported(
        path, sum(state == "open" for *_, state, _ in texts), sum(state != "open" for *_, state, _ in texts)
    )


def is_sheet_of_texts(file: Path) -> bool:
    """Whether a returned sheet is one of texts to approve, not of words to code."""
    rows = read_sheet(file, ())
    return bool(rows) and MAY_PRINT in rows[0][1]


def import_texts(con: DuckDBPyConnection, paths: ProjectPaths, file: Path, at: dt.datetime) -> Approved:
    """Takes over what a person decided about texts; the next refresh applies it.

    Args:
        con: The staging database of the last refresh.
        paths: The project folder.
        file: The sheet.
        at: When (UTC).

    Raises:
        LandscapeError: It is not such a sheet.
    """
    rows = read_sheet(file, (RECORD, QUESTION, MAY_PRINT, CODER, CONFIRMED_ON, CONFIRMED_HOW, CHECK))
    words = {(record, question): text for record, question, _, text, *_ in con.execute(_TEXTS).fetchall()}
    known, recorded = known_people(paths), read_approvals(paths)
    taken: dict[tuple[str, str], Approval] = {}
    refused: list[tuple[int, str]] = []
    n_open = 0
    for line, cells in rows:
        if not any(cells.get(name) for name in (MAY_PRINT, CONFIRMED_ON, CONFIRMED_HOW)):
            n_open += 1
            continue
        key = (cells[RECORD], cells.get(QUESTION, ""))
        reason = "; ".join(_why_refused(cells, words.get(key), known))
        if reason or key in taken:
            refused.append((line, reason or "the same text is in the sheet twice"))
            continue
        one = Approval(
            *key, cells[CHECK], cells[MAY_PRINT].casefold(), cells[CODER], at.date().isoformat(), cells.get(CONFIRMED_ON, ""),
            cells.get(CONFIRMED_HOW, ""),
        )  # fmt: skip
        before = recorded.get(key)
        taken[key] = before if before and one == before._replace(when=one.when) else one
    if taken:
        with one_writer(paths):
            write_approvals(paths, {**read_approvals(paths), **taken}.values())
        log_access(paths, "review import", "texts", len(taken), at)
    n_of = {state: sum(one.state == state for one in taken.values()) for state in ("approved", "confirmed", "refused")}
    return Approved(n_of["approved"], n_of["confirmed"], n_of["refused"], n_open, tuple(refused))


def _why_refused(cells: dict[str, str], words: str | None, known: Known) -> Iterator[str]:
    """Why a row is not taken over. No message repeats the text."""
    may_print, coder = cells.get(MAY_PRINT, "").casefold(), cells.get(CODER, "")
    on, how = cells.get(CONFIRMED_ON, ""), cells.get(CONFIRMED_HOW, "")
    if words is None:
        yield "there is no such text any more"
        return
    if cells.get(CHECK) != words_sha256(words):
        yield "the wording has changed since the sheet was written; export it again"
    if may_print not in _YES_NO:
        yield f"“{MAY_PRINT}” must be yes or no"
    if not coder or len(coder) > _LONGEST or any(personal_kinds(coder, Known())):
        yield "coder must be the initials or the number of the person who read it"
    if bool(on) != bool(how) or len(how) > _LONGEST:
        yield f"“{CONFIRMED_ON}” and “{CONFIRMED_HOW}” belong together: a day, and a word or two"
    if on:
        try:
            day(on)
        except ValueError as error:
            yield f"“{CONFIRMED_ON}” {error}"
    found = ", ".join(personal_kinds(words, known))
    if may_print == "yes" and found:
        yield f"the scan finds {found} in it: change the text in the workbook"

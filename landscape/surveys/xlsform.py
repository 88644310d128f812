"""The tables of a questionnaire.md, row by row with their lines, and whether they are an XLSForm."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from landscape.settings.csvfiles import Row
from landscape.settings.reading import Findings, read_text

SURVEY, FORM = "survey", "settings"
Tables = Mapping[str, Sequence[Row]]

_KNOWN = {
    SURVEY: (
        *("type", "name", "label", "hint", "required", "relevant", "privacy", "use", "choice_filter", "parameters"),
        "columns",  # further headings in exports that hold its answers
        "confirm",  # a draft's own notes
    ),
    FORM: ("form_id", "form_title", "version"),
}
_NEEDED = {SURVEY: ("type", "name", "label"), FORM: ("form_id", "version")}
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]+")
_NOTE = re.compile(r"#[^|]*$")
_TYPESET = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_ROW_NAMED = re.compile(r"\[row : (\d+)\]\s*")


def read_tables(path: Path, findings: Findings) -> Tables:
    """The two tables of a questionnaire; prose around them is passed over, and what is wrong is noted.

    Raises:
        LandscapeError: As `findings` say: the file cannot be read as text.
    """
    headings: dict[str, list[str]] = {}
    tables: dict[str, list[Row]] = {}
    sheet = ""
    for line, text in enumerate(_lines(read_text(path, findings)), start=1):
        written = text.strip()
        if written.startswith("#") or not _PIPE.search(written):
            continue
        written = _NOTE.sub("", written).strip()
        if not (written.startswith("|") and written.endswith("|") and not written.endswith("\\|")):
            findings.add(line, "a row of a table must begin and end with |")
            continue
        if _RULE.fullmatch(written):
            continue
        first, *cells = (" ".join(cell.replace(r"\|", "|").split()) for cell in _PIPE.split(written)[1:-1])
        if first and not any(cells):
            sheet = first
            _begin(sheet, line, tables, findings)
            continue
        if first:
            findings.add(line, "the first cell of a row must be empty; alone in its row, it begins a table")
        if sheet not in tables:
            findings.add(line, "this row is in no table: | survey | and | settings | begin one")
        elif sheet not in headings:
            headings[sheet] = cells
            _check_headings(sheet, cells, line, findings)
        else:
            tables[sheet].append(_row(headings[sheet], cells, line, findings))
    _check_whole(tables, findings)
    return tables


def _lines(text: str) -> list[str]:
    """The lines of a text; a wording may hold other signs that Python takes for the end of one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _check_whole(tables: Tables, findings: Findings) -> None:
    for name, needed in _NEEDED.items():
        if not tables.get(name):
            findings.add(
                None, f"its table | {name} | is missing or empty; its columns are {', '.join(needed)} and others"
            )
    for row in tables.get(FORM, ())[1:]:
        findings.add(row.line, "the table | settings | must have one row")
    for row in tables.get(FORM, ())[:1]:
        for name in _NEEDED[FORM]:
            if not row.get(name):
                findings.add(row.line, f"{name} is empty")


def _begin(sheet: str, line: int, tables: dict[str, list[Row]], findings: Findings) -> None:
    if sheet not in _KNOWN:
        findings.add(line, f"there is no table | {sheet} | here, only | survey | and | settings |")
    elif sheet in tables:
        findings.add(line, f"the table | {sheet} | is there twice")
    tables.setdefault(sheet, [])


def _check_headings(sheet: str, headings: Sequence[str], line: int, findings: Findings) -> None:
    known = _KNOWN.get(sheet, headings)
    for name in _NEEDED.get(sheet, ()):
        if name not in headings:
            findings.add(line, f"the table | {sheet} | lacks the column {name}")
    for at, name in enumerate(headings):
        if not name:
            findings.add(line, f"column {at + 1} has no heading")
        elif name in headings[:at]:
            findings.add(line, f"column {name} is there twice")
        elif name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
            findings.add(line, f"column {name} is not known here{hint}")


def _row(headings: Sequence[str], cells: Sequence[str], line: int, findings: Findings) -> Row:
    if len(cells) != len(headings):
        findings.add(line, f"the row has {len(cells)} cells in place of {len(headings)}; in a cell, | is written \\|")
    row = Row(zip(headings, cells, strict=False))
    for name in (
        "type",
        "choice_filter",
        "parameters",
        "relevant",
        "use",
    ):  # a word processor sets quotation marks its own way
        if name in row:
            row[name] = row[name].translate(_TYPESET)
    row.line = line
    return row


def note_invalid(tables: Tables, findings: Findings) -> None:
    """Notes what pyxform, which other tools rely on too, does not take for an XLSForm."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    sheets = {
        name: [{heading: cell for heading, cell in row.items() if cell} for row in rows]
        for name, rows in tables.items()
    }
    headings = {f"{name}_header": [dict.fromkeys(rows[0], "")] for name, rows in tables.items()}
    try:
        workbook_to_json(workbook_dict=get_xlsform({**sheets, **headings, "sheet_names": list(tables)}))
    except PyXFormError as error:
        says = str(error)
        named = _ROW_NAMED.search(says)
        at = int(named[1]) - 2 if named else -1
        line = tables[SURVEY][at].line if 0 <= at < len(tables[SURVEY]) else None
        findings.add(line, f"it is no valid XLSForm: {_ROW_NAMED.sub('', says)}")

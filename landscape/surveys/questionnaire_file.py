"""Reads questionnaire.md, an XLSForm, row by row into questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from landscape.errors import SurveyDefinitionError
from landscape.settings.csvfiles import Row
from landscape.settings.reading import Findings
from landscape.surveys.options import OptionLists
from landscape.surveys.questionnaire import PRIVACY_LEVELS, Question, Questionnaire, Repeat
from landscape.surveys.uses import note_misuses
from landscape.surveys.xlsform import FORM, SURVEY, note_invalid, read_tables

RESERVED_NAMES = (
    "file_name", "line", "response_ref", "started_at", "completed_at", "is_partial", "person_key", "is_trial",
    "parent_ref", "record_ref", "question", "cell", "repeat", "meta", "instanceid", "instancename", "start", "end", "today",
)  # fmt: skip
"""Columns that a raw table has beside the questions, and words with a meaning of their own in XLSForm or staging."""
COLUMNS_SEPARATOR = ";"
"""Goes between headings in the column `columns`."""
_OPEN = ("text", "date", "integer", "decimal")
_CLOSED = ("select_one", "select_multiple")
_FROM_FILE = re.compile(rf"({'|'.join(_CLOSED)})_from_file (?P<file>[\w.-]+\.csv)")
_PART = re.compile(r"(?P<edge>begin|end)[ _](?P<kind>repeat|group)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_questionnaire(path: Path, reference: Path) -> Questionnaire:
    """Reads an XLSForm written in markdown.

    Args:
        path: The questionnaire (`questionnaire.md`).
        reference: The folder with the option lists that the questionnaire names (`codebook.csv`, …).

    Raises:
        SurveyDefinitionError: It is no valid XLSForm, or its questions do not hold together; all of it is named.
        LandscapeError: An option list that it names cannot be read.
    """
    findings = Findings(path, SurveyDefinitionError)
    tables = read_tables(path, findings)
    findings.refuse()
    reader = _Reader(OptionLists(path.parent, reference), findings)
    questions = tuple(reader.questions(tables[SURVEY]))
    form = tables[FORM][0]
    asked = Questionnaire(form["form_id"], form["version"], questions, tuple(reader.repeats))
    note_misuses(asked, reader.lines, reference, findings)
    if not questions:
        findings.add(None, "it has no question")
    if not findings:
        note_invalid(tables, findings)
    findings.refuse()
    return asked


class _Reader:
    """Turns the rows of the survey table into questions, and knows in which part each is."""

    def __init__(self, lists: OptionLists, findings: Findings) -> None:
        self.lines: dict[str, int] = {}
        self.repeats: list[Repeat] = []
        self._lists = lists
        self._findings = findings
        self._taken: set[str] = set()

    def questions(self, rows: Sequence[Row]) -> Iterator[Question]:
        open_parts: list[tuple[str, str, int]] = []  # repeat or group, name, line
        for row in rows:
            part = _PART.fullmatch(row["type"])
            inside = [name for kind, name, _ in open_parts if kind == "repeat"]
            if part is None:
                if question := self._question(row, inside[-1] if inside else None):
                    yield question
            elif part["edge"] == "begin":
                self._begin(row, part["kind"], inside)
                open_parts.append((part["kind"], row["name"], row.line))
            elif open_parts and open_parts[-1][0] == part["kind"]:
                self._refuse_others(row, {"type", "name"} if row["name"] == open_parts[-1][1] else {"type"})
                open_parts.pop()
            else:
                self._findings.add(row.line, f"{row['type']} ends nothing that is open here")
        for kind, name, line in open_parts:
            self._findings.add(line, f"begin {kind} {name} has no end {kind}")

    def _begin(self, row: Row, kind: str, inside: Sequence[str]) -> None:
        self._check_name(row)
        if kind == "repeat":
            self.repeats.append(Repeat(row["name"], self._label(row), inside[-1] if inside else None))
        if row.get("relevant"):
            self._findings.add(row.line, "relevant is not read for a whole part; write it at each question in it")
        self._refuse_others(row, {"type", "name", "label", "relevant"})

    def _refuse_others(self, row: Row, known: set[str]) -> None:
        others = [name for name, cell in row.items() if cell and name not in known | {"confirm"}]
        if others:
            self._findings.add(row.line, f"{row['type']} has no {' or '.join(others)}; leave the cell empty")

    def _question(self, row: Row, repeat: str | None) -> Question | None:
        self._check_name(row)
        closed = _FROM_FILE.fullmatch(row["type"])
        kind = closed[1] if closed else row["type"]
        if closed is None and kind not in _OPEN:
            self._findings.add(
                row.line,
                f"type {kind or '(none)'} is not read here; use one of {', '.join(_OPEN)}, select_one_from_file <file> or "
                "select_multiple_from_file <file>, or begin repeat and end repeat",
            )
            return None
        if closed is None and (row.get("choice_filter") or row.get("parameters")):
            self._findings.add(row.line, f"choice_filter and parameters are for closed questions, and this is {kind}")
        privacy = row.get("privacy") or ("private" if kind == "text" else "onward")
        if privacy not in PRIVACY_LEVELS:
            self._findings.add(row.line, f"privacy {privacy} is not one of {', '.join(PRIVACY_LEVELS)}")
        required = row.get("required", "").casefold()
        if required not in ("", "yes", "no"):
            self._findings.add(row.line, "required must be yes, no or empty")
        return Question(
            name=row["name"],
            kind=kind,
            label=self._label(row),
            privacy=privacy,
            use=row.get("use", ""),
            required=required == "yes",
            options=self._lists.of(row, closed["file"], row.line, self._findings) if closed else (),
            repeat=repeat,
            relevant=row.get("relevant", ""),
            hint=row.get("hint", ""),
            columns=tuple(text.strip() for text in row.get("columns", "").split(COLUMNS_SEPARATOR) if text.strip()),
        )

    def _label(self, row: Row) -> str:
        if not row["label"]:
            self._findings.add(
                row.line, f"{row['name'] or 'the question'} has no label: how would it be found in an export?"
            )
        return row["label"]

    def _check_name(self, row: Row) -> None:
        name = row["name"]
        if not _NAME.fullmatch(name):
            self._findings.add(
                row.line, f"name {name or '(none)'} must be letters, digits and _, beginning with a letter"
            )
        elif name.casefold() in RESERVED_NAMES:
            self._findings.add(row.line, f"name {name} has a meaning of its own here; choose another")
        elif name.casefold() in self._taken:
            self._findings.add(row.line, f"name {name} is there twice")
        self._taken.add(name.casefold())
        self.lines.setdefault(name, row.line)

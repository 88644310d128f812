"""Guarded readers of the files that people edit by hand, in YAML and CSV: every fault at once, each with its line."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from landscape.errors import LandscapeError
from landscape.paths import project_paths

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Where = tuple[str | int, ...]
"""A place in a YAML file: names of settings, and numbers of entries from 0."""
Fault = tuple[Where, str]

REMEDY = "mend these in the file; `landscape check --settings` reads all settings again, without a refresh"
_LARGEST = 5_000_000
_DEEPEST = 12
_CHECKOUT = Path(__file__).resolve().parent.parent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OTHER_FILES = {
    b"\xff\xfe": "it is in UTF-16, which Notepad calls “Unicode”",
    b"\xfe\xff": "it is in UTF-16, which Notepad calls “Unicode big endian”",
    b"PK\x03\x04": "it is a workbook or another zip archive under this name",
    b"\xd0\xcf\x11\xe0": "it is an old or locked workbook under this name",
}
_IN_UTF8 = "in Excel, save it as “CSV UTF-8 (Comma delimited)”; in Notepad, choose the encoding UTF-8"
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffd]")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Findings:
    """What is wrong in one file, gathered so that all of it is said at once.

    Args:
        path: The file.
        error: What to raise.
        remedy: What to do, where a finding does not say it itself.
    """

    def __init__(self, path: Path, error: type[LandscapeError] = LandscapeError, remedy: str = REMEDY) -> None:
        self.file = shown(path)
        self._error = error
        self._remedy = remedy
        self._found: list[tuple[int, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, line: int | None, says: str) -> None:
        """Notes what is wrong, and on which line; None where it concerns the whole file."""
        if (line or 0, says) not in self._found:
            self._found.append((line or 0, says))

    def refuse(self) -> None:
        """Raises what was found, in the order of lines; does nothing where nothing was."""
        if self._found:
            raise self._error(
                "it is not as it must be",
                file=self.file,
                culprits=[f"line {line}: {says}" if line else says for line, says in sorted(self._found)],
                remedy=self._remedy,
            )


def shown(path: Path) -> str:
    """A file as messages name it: from the project folder, where it is in there."""
    for root in (project_paths().root, _CHECKOUT):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return str(path)


def read_text(path: Path, findings: Findings) -> str:
    """A text file in UTF-8, with or without the mark that Excel and Notepad put at its beginning.

    Raises:
        LandscapeError: As `findings` say: it is missing, in another encoding, or was cut short.
    """
    try:
        held = path.read_bytes()
    except OSError as error:
        findings.add(None, f"it cannot be opened ({error.strerror})")
        findings.refuse()
        raise
    if len(held) > _LARGEST:
        findings.add(None, f"it has {len(held):,} bytes, more than settings ever have")
        findings.refuse()
    for mark, what in _OTHER_FILES.items():
        if held.startswith(mark):
            findings.add(None, f"{what}, not in UTF-8; {_IN_UTF8}")
            findings.refuse()
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut = error.end >= len(held) and error.reason == "unexpected end of data"
        looks = (
            "it ends within a letter: it was cut short" if is_cut else "it looks like Windows-1252 (Notepad’s “ANSI”)"
        )
        findings.add(held.count(b"\n", 0, error.start) + 1, f"it is not in UTF-8: {looks}; {_IN_UTF8}")
        findings.refuse()
    for sign in _NO_TEXT.finditer(text):
        findings.add(
            text.count("\n", 0, sign.start()) + 1,
            f"there is a sign that no text has (U+{ord(sign.group()):04X}): the file was damaged, or converted wrongly",
        )
    if text and text[-1] not in "\r\n":
        findings.add(
            len(text.splitlines()),
            "the last line has no end, so the file may have been cut short; compare it with an earlier version, "
            "then press Enter at its end",
        )
    findings.refuse()
    return text


# -- YAML


class Settings(BaseModel):
    """What a YAML file of settings may hold: nothing but what is declared, and nothing taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


def _as_written(value: object) -> object:
    """A whole number as the text it is written as; `_plain` reads no other writing as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def day(value: object) -> dt.date:
    """A day as it is written in settings.

    >>> day("2017-06-30")
    datetime.date(2017, 6, 30)

    Raises:
        ValueError: It is none, or written otherwise.
    """
    if isinstance(value, dt.date):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("is no day; write it as in 2017-06-30")


AnyText = Annotated[str, BeforeValidator(_as_written), StringConstraints(strip_whitespace=True)]
Text = Annotated[str, BeforeValidator(_as_written), StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[dt.date, BeforeValidator(day)]
Model = TypeVar("Model", bound=Settings)


def read_yaml(
    path: Path,
    model: type[Model],
    error: type[LandscapeError] = LandscapeError,
    check: Callable[[Model], Iterable[Fault]] = lambda _: (),
) -> Model:
    """Reads a YAML file of settings.

    Args:
        path: The file.
        model: What it may hold.
        error: What to raise.
        check: What the model cannot say of the settings by itself: faults, each with its place.

    Raises:
        LandscapeError: It is no YAML, or does not fit the model; every fault is named with its line.
    """
    findings = Findings(path, error)
    held, lines = _plain(read_text(path, findings), findings)
    findings.refuse()
    try:
        made = model.model_validate_json(json.dumps(held))
    except ValidationError as refused:
        faults = [(_place(fault["loc"], lines), _in_words(fault, model)) for fault in refused.errors()]
    else:
        faults = list(check(made))
        if not faults:
            return made
    for where, says in faults:
        names = [f"entry {part + 1}" if isinstance(part, int) else part for part in where]
        findings.add(_line(where, lines), f"{': '.join(names)} {says}".strip())
    findings.refuse()
    raise AssertionError


def json_schema(model: type[Settings]) -> str:
    """The JSON Schema of a model, by which editors complete and check a YAML file while it is written."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _plain(text: str, findings: Findings) -> tuple[object, dict[Where, int]]:
    """What a YAML text holds, of texts, whole and decimal numbers, true and false; and the line of each place."""
    lines: dict[Where, int] = {}
    try:
        _refuse_tricks(text, findings)
        node = None if findings else yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        has_tab = line is not None and any("\t" in part for part in text.splitlines()[line - 1 : line])
        problem = "a tab; indent with spaces" if has_tab else str(getattr(error, "problem", "")) or "it cannot be read"
        findings.add(line, f"it is no YAML: {problem}")
        return None, lines
    if node is None:
        findings.add(None, "it is empty")
        return None, lines
    return _built(node, (), lines, findings), lines


def _refuse_tricks(text: str, findings: Findings) -> None:
    """Refuses what settings do not need and what can make a small file a large one: anchors, tags, deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1  # type: ignore[union-attr]
        if getattr(event, "anchor", None) is not None:
            findings.add(line, "anchors (&) and references (*) are not read here; write it out, or put it in quotes")
        if getattr(event, "tag", None) is not None:
            findings.add(line, "tags (!) are not read here; put it in quotes if it is a text")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            findings.add(line, "it is nested too deeply")
            return


def _built(node: yaml.Node, where: Where, lines: dict[Where, int], findings: Findings) -> object:
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_built(part, (*where, at), lines, findings) for at, part in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        if not node.style and node.value.count('"') % 2:
            findings.add(node.start_mark.line + 1, "a quotation mark has no partner")
        return _scalar(node)
    made: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            findings.add(line, "this is no name of a setting")
        elif key.value in made:
            findings.add(line, f"{key.value} is there twice, first on line {lines[*where, key.value]}; keep one")
        else:
            lines[*where, key.value] = line
            made[key.value] = _built(value, (*where, key.value), lines, findings)
    return made


def _scalar(node: yaml.ScalarNode) -> object:
    kind = node.tag.rpartition(":")[2]
    if kind == "bool":
        return node.value.lower() in ("true", "yes", "on")
    if kind == "null":
        return None
    if kind == "int" and _INTEGER.fullmatch(node.value):
        return int(node.value)
    if kind == "float" and _NUMBER.fullmatch(node.value):
        return float(node.value)
    return str(node.value)


def _place(loc: Where, lines: dict[Where, int]) -> Where:
    """Where a fault is in the file; pydantic also names the kind of a source, and what is not there."""
    where: Where = ()
    for at, part in enumerate(loc):
        if (*where, part) in lines or at == len(loc) - 1:
            where = (*where, part)
    return where


def _line(where: Where, lines: dict[Where, int]) -> int:
    while where not in lines:
        where = where[:-1]
    return lines[where]


_WORDS = {
    "missing": "is missing",
    "string_type": "must be a text; put it in quotes",
    "string_too_short": "is empty",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "list_type": "must be a list: each entry on a line of its own after “- ”; or [] for none",
    "tuple_type": "must be a list: each entry on a line of its own after “- ”; or [] for none",
    "dict_type": "must hold settings of its own, each as name: value",
    "model_type": "must hold settings of its own, each as name: value",
    "dataclass_type": "must hold settings of its own, each as name: value",
    "too_short": "is empty",
    "string_pattern_mismatch": "is not written as it must be",
    "unexpected_keyword_argument": "is not known here",
    "extra_forbidden": "is not known here",
}


def _in_words(fault: ErrorDetails, model: type[Settings]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden" and len(fault["loc"]) == 1:
        near = difflib.get_close_matches(str(fault["loc"][0]), model.model_fields, n=1)
        return "is not known here" + (f"; did you mean {near[0]}?" if near else "")
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    return _WORDS.get(kind) or fault["msg"]


# -- CSV


class Row(dict[str, str]):
    """The cells of a row by heading, without space around them; `line` is where it begins in the file."""

    line: int = 0


def read_csv(
    path: Path,
    needed: Sequence[str],
    error: type[LandscapeError] = LandscapeError,
    *,
    may_have: Sequence[str] | None = None,
    remedy: str = REMEDY,
) -> list[Row]:
    """Reads a CSV file with one row of headings, which people may have edited in Excel.

    Args:
        path: The file; it is there.
        needed: The columns that it must have, in any order.
        error: What to raise.
        may_have: Further columns that it may have; None for any.
        remedy: What to do, where a finding does not say it itself.

    Returns:
        The rows in which anything is written.

    Raises:
        LandscapeError: It is no such file, or rows are not whole; every fault is named with its line.
    """
    findings = Findings(path, error, remedy)
    (line, headings), *rows = _records(read_text(path, findings), findings) or [(1, [])]
    _check_headings(headings, needed, may_have, line, findings)
    findings.refuse()
    found: list[Row] = []
    for line, cells in rows:
        if len(cells) != len(headings):
            findings.add(line, f"it has {len(cells)} cells in place of {len(headings)}")
        row = Row(zip(headings, cells, strict=False))
        row.line = line
        found.append(row)
    findings.refuse()
    return found


def _records(text: str, findings: Findings) -> list[tuple[int, list[str]]]:
    """The cells of each row in which anything is written, and the line it begins on."""
    physical = io.StringIO(text, newline="").readlines()
    reader = csv.reader(iter(physical), strict=True)
    found: list[tuple[int, list[str]]] = []
    while True:
        begun = reader.line_num
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return found
        except csv.Error:
            findings.add(begun + 1, "a quotation mark is not closed, or is not at the edge of its cell")
            return found
        if sum(line.count('"') for line in physical[begun : reader.line_num]) % 2:
            findings.add(begun + 1, "a quotation mark has no partner")
        if any(cells):
            found.append((begun + 1, cells))


def _check_headings(
    headings: Sequence[str], needed: Sequence[str], may_have: Sequence[str] | None, line: int, findings: Findings
) -> None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(headings) == 1 and mark in headings[0]:
            findings.add(
                line,
                f"its columns lie between {name}, as Excel writes them in some countries, so it lacks columns; in Excel, "
                "save it as “CSV UTF-8 (Comma delimited)” with the comma as list separator",
            )
            return
    for name in (name for name in needed if name not in headings):
        near = difflib.get_close_matches(name, headings, n=1)
        findings.add(line, f"it lacks columns: {name}" + (f" (perhaps the one called {near[0]})" if near else ""))
    for at, name in enumerate(headings, start=1):
        if not name:
            findings.add(line, f"column {at} has no heading; delete the column, or name it")
        elif headings.index(name) < at - 1:
            findings.add(line, f"column {name} is there twice")
        elif may_have is not None and name not in needed and name not in may_have:
            findings.add(line, f"column {name} is not known here")


def typed(text: str, kind: str) -> object:
    """A cell as the type that a table's model declares; None where it is empty.

    >>> typed("12", "integer"), typed("", "date"), typed("0.5", "number")
    (12, None, 0.5)

    Raises:
        ValueError: It is not of that type; the message says what it must be.
    """
    if not text:
        return None
    if kind == "date":
        return day(text)
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "number" and _NUMBER.fullmatch(text):
        return float(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "string":
        return text
    raise ValueError(f"must be {_KINDS.get(kind, kind)}")


_KINDS = {"integer": "a whole number, in digits alone", "number": "a number, as in 12.5", "boolean": "true or false"}


def typed_rows(rows: Iterable[Row], kinds: dict[str, str], findings: Findings) -> Iterator[dict[str, object]]:
    """The rows with each cell as its type; what is not of its type is noted.

    Args:
        rows: From `read_csv`.
        kinds: Frictionless type by column.
        findings: Takes what is wrong.
    """
    for row in rows:
        made: dict[str, object] = {}
        for name, kind in kinds.items():
            try:
                made[name] = typed(row[name], kind)
            except ValueError as error:
                findings.add(row.line, f"{name} {error}")
        yield made

"""Reads settings in YAML by a pydantic model of what they may contain."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError

from landscape.errors import LandscapeError
from landscape.settings.reading import INTEGER, NUMBER, Findings, day, read_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Where = tuple[str | int, ...]
"""A place in a YAML file: names of settings, and numbers of entries from 0."""
Fault = tuple[Where, str]

_DEEPEST = 12
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Settings(BaseModel):
    """What a YAML file of settings may contain: only what is declared, and with no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


def _as_written(value: object) -> object:
    """A whole number as the text it is written as; `_plain` reads only one notation as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


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
        model: What it may contain.
        error: What to raise.
        check: Finds faults that the model cannot find by itself, each with its place.

    Raises:
        LandscapeError: It is not YAML, or does not fit the model; every fault is named with its line.
    """
    findings = Findings(path, error)
    held, lines = _plain(read_text(path, findings), findings)
    findings.refuse()
    try:
        made = model.model_validate_json(json.dumps(held))
    except ValidationError as refused:
        faults = [(_place(fault["loc"], lines), _in_words(fault, model)) for fault in _not_derived(refused.errors())]
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
    """The JSON Schema of a model, which editors use to complete and check a YAML file while it is written."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _plain(text: str, findings: Findings) -> tuple[object, dict[Where, int]]:
    """The content of a YAML text (texts, whole and decimal numbers, true and false), and the line of each place."""
    lines: dict[Where, int] = {}
    try:
        _refuse_tricks(text, findings)
        findings.refuse()
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        has_tab = line is not None and any("\t" in part for part in text.splitlines()[line - 1 : line])
        problem = "a tab; indent with spaces" if has_tab else str(getattr(error, "problem", "")) or "it cannot be read"
        findings.add(line, f"it is not YAML: {problem}")
        return None, lines
    if node is None:
        findings.add(None, "it is empty")
        return None, lines
    return _built(node, (), lines, findings), lines


def _refuse_tricks(text: str, findings: Findings) -> None:
    """Refuses what settings do not need and what can make a small file expand: anchors, tags, deep nesting."""
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
            findings.add(line, "this is not the name of a setting")
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
    if kind == "int" and INTEGER.fullmatch(node.value):
        return int(node.value)
    if kind == "float" and NUMBER.fullmatch(node.value):
        return float(node.value)
    return str(node.value)


def _not_derived(faults: list[ErrorDetails]) -> list[ErrorDetails]:
    """The faults without those that only follow from others: a list with a faulty entry is also called too short."""
    within = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    return [fault for fault in faults if fault["type"] != "too_short" or fault["loc"] not in within]


def _place(loc: Where, lines: dict[Where, int]) -> Where:
    """Where a fault is in the file; pydantic also names the kind of a source, and settings that are missing."""
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

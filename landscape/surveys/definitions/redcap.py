"""REDCap's data dictionary (CSV)."""

from __future__ import annotations

import csv
import io
import re

from landscape.surveys.definitions.plain import Choice, DefinedQuestion, Definition, plain_text

_COLUMNS = {
    "field_name": "variable / field name",
    "form_name": "form name",
    "field_type": "field type",
    "field_label": "field label",
    "choices": "choices, calculations, or slider labels",
    "note": "field note",
    "validation": "text validation type or show slider number",
    "branching": "branching logic (show field only if...)",
    "required": "required field?",
    "identifier": "identifier?",
}
_BY_API = {
    "select_choices_or_calculations": "choices",
    "field_note": "note",
    "text_validation_type_or_show_slider_number": "validation",
    "branching_logic": "branching",
    "required_field": "required",
}
_CLOSED = {"radio": "select_one", "dropdown": "select_one", "checkbox": "select_multiple"}
_OPEN = {"text": "text", "notes": "text", "calc": "decimal", "slider": "integer"}
_FIXED = {
    "yesno": (Choice("1", "Yes"), Choice("0", "No")),
    "truefalse": (Choice("1", "True"), Choice("0", "False")),
}
_PERSONAL = {"email", "phone", "zipcode", "postalcode_uk"}
_BOX = re.compile(r"\[(\w+)\((\w+)\)\]\s*(=|<>|!=)\s*(['\"])([01])\4")
_ANSWER = re.compile(r"\[(\w+)\]\s*(=|<>|!=|<=|>=|<|>)\s*(['\"]?)([^'\"()\s]+)\3")


def recognises(data: bytes) -> bool:
    """Whether the headings are a dictionary's, as downloaded or as the interface hands it out."""
    first = data[:4096].decode("utf-8-sig", errors="replace").partition("\n")[0].casefold()
    return ("variable / field name" in first or "field_name" in first) and (
        "form name" in first or "form_name" in first
    )


def read(data: bytes) -> Definition:
    """Reads a dictionary; its first field is the record's number and no question.

    Raises:
        ValueError: Its quoting breaks off.
    """
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""), strict=True))
    except csv.Error as error:
        raise ValueError("its quoting breaks off") from error
    left_out: list[str] = []
    questions: list[DefinedQuestion] = []
    not_asked: list[str] = []
    fields = [_plainly_named(row) for row in rows]
    types = {field["field_name"]: field for field in fields}
    for field in fields[1:]:
        name, kind = field["field_name"], field["field_type"].casefold()
        if kind not in {**_CLOSED, **_OPEN, **_FIXED}:
            says = "text that is shown" if kind == "descriptive" else f"type {kind} is not read here"
            left_out.append(f"{name}: {says}")
            not_asked += [name, plain_text(field["field_label"])]
            continue
        questions.append(_asked(field, types))
    left_out.append("which instruments repeat: the dictionary does not say it, an export does")
    return Definition(
        ("redcap",), "", tuple(questions), not_asked=tuple(filter(None, not_asked)), left_out=tuple(left_out)
    )


def _plainly_named(row: dict[str, str]) -> dict[str, str]:
    given = {
        (name or "").strip().casefold(): (value or "").strip() for name, value in row.items() if isinstance(name, str)
    }
    by_api = {_BY_API.get(name, name): value for name, value in given.items()}
    return {name: given.get(heading, by_api.get(name, "")) for name, heading in _COLUMNS.items()}


def _asked(field: dict[str, str], types: dict[str, dict[str, str]]) -> DefinedQuestion:
    kind, validation = field["field_type"].casefold(), field["validation"].casefold()
    asked = _CLOSED.get(kind) or ("select_one" if kind in _FIXED else _OPEN[kind])
    if kind == "text":
        asked = "date" if re.match(r"date_", validation) else {"integer": "integer"}.get(validation, asked)
        asked = "decimal" if validation.startswith("number") else asked
    options = _FIXED.get(kind, _choices(field["choices"]) if kind in _CLOSED else ())
    return DefinedQuestion(
        field["field_name"],
        plain_text(field["field_label"]) or field["field_name"],
        asked,
        options,
        relevant=_relevant(field["branching"], types),
        required=field["required"].casefold() == "y",
        hint=plain_text(field["note"]),
        is_personal=field["identifier"].casefold() == "y" or validation in _PERSONAL,
    )


def _choices(written: str) -> tuple[Choice, ...]:
    """The options of `1, Yes | 2, No`."""
    parts = [part.partition(",") for part in written.split("|") if part.strip()]
    return tuple(Choice(code.strip(), plain_text(label)) for code, _, label in parts)


def _relevant(written: str, types: dict[str, dict[str, str]]) -> str:
    """When it is shown, as an XLSForm says it, as far as it is made of comparisons."""

    def box(found: re.Match[str]) -> str:
        is_ticked = (found[5] == "1") == (found[3] == "=")
        said = f"selected(${{{found[1]}}}, '{found[2]}')"
        return said if is_ticked else f"not({said})"

    def answer(found: re.Match[str]) -> str:
        is_closed = types.get(found[1], {}).get("field_type", "") in {**_CLOSED, **_FIXED}
        sign = "!=" if found[2] == "<>" else found[2]
        return f"${{{found[1]}}} {sign} " + (f"'{found[4]}'" if is_closed else found[4])

    return _ANSWER.sub(answer, _BOX.sub(box, written))

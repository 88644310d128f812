"""XLSForm workbooks (KoboToolbox, ODK)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from landscape.surveys.definitions.plain import (
    Choice,
    DefinedQuestion,
    Definition,
    RepeatedPart,
    joined_conditions,
    language_to_take,
    plain_text,
)

_KINDS = {
    "text": "text", "string": "text", "barcode": "text", "time": "text", "datetime": "text", "calculate": "text",
    "hidden": "text", "integer": "integer", "int": "integer", "decimal": "decimal", "range": "decimal", "date": "date",
}  # fmt: skip
_CLOSED = {
    "select_one": "select_one",
    "select_multiple": "select_multiple",
    "rank": "ranking",
    "score__row": "select_one",
}
_METADATA = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
    "start-geopoint", "xml-external", "csv-external", "background-audio",
}  # fmt: skip
_NOTES = {"note": "text that is shown"}
_PART = re.compile(r"(?P<edge>begin|end)[ _](?P<kind>repeat|group|score|rank|kobomatrix)")
_ACKNOWLEDGED = "OK"
_OWN_WORDS = "_other"
_CHOSEN = re.compile(r"\$\{(?P<name>\w+)\}\s*(?:,|=)\s*['\"](?P<code>[^'\"]*)['\"]")
Row = Mapping[str, Any]


def recognises(data: bytes) -> bool:
    """Whether it is a workbook with the sheet `survey` of an XLSForm."""
    if not data.startswith(b"PK"):
        return False
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            if "survey" not in workbook.sheet_names:
                return False
            rows = workbook.get_sheet_by_name("survey").to_python(nrows=1)
    except CalamineError:
        return False
    return bool(rows) and "type" in {str(cell).strip().casefold() for cell in rows[0]}


def read(data: bytes) -> Definition:
    """Reads a form.

    Raises:
        ValueError: It is no XLSForm.
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    try:
        held = get_xlsform(io.BytesIO(data), file_type=".xlsx")
    except PyXFormError as error:
        raise ValueError(str(error)) from error
    form = (held.settings or [{}])[0]
    reader = _Reader(held.survey or [], held.choices or [], str(form.get("default_language", "")))
    questions = reader.questions()
    others = tuple(name for name in reader.languages if name != reader.language)
    return Definition(
        ("kobotoolbox", "odk_central"),
        str(form.get("form_title", "")),
        questions,
        tuple(reader.parts),
        reader.language if others else "",
        others,
        tuple(reader.not_asked),
        tuple(reader.left_out),
    )


class _Reader:
    """Goes down the rows of the form, knowing which groups and repeated parts are open."""

    def __init__(self, rows: Sequence[Row], choices: Sequence[Row], usual: str) -> None:
        self._rows = rows
        named = [name.removeprefix("label").lstrip(":") for row in rows for name in row if name.startswith("label:")]
        self.languages = tuple(dict.fromkeys(named))
        self.language = language_to_take(self.languages, usual)
        self._lists: dict[str, list[Choice]] = {}
        for row in choices:
            name = str(row.get("list_name", row.get("list name", "")))
            self._lists.setdefault(name, []).append(Choice(str(row.get("name", "")), self._worded(row, "label")))
        self.parts: list[RepeatedPart] = []
        self.not_asked: list[str] = []
        self.left_out: list[str] = []

    def questions(self) -> tuple[DefinedQuestion, ...]:
        """All questions; one that only asks for the words of another's “Other” is that option's."""
        found = list(self._all())
        named = {question.code: question for question in found}
        beside = {(there.code, code) for question in found for there, code in _own_words_of(question, named)}
        return tuple(
            replace(question, options=tuple(
                replace(option, is_own_words=True) if (question.code, option.code) in beside else option
                for option in question.options
            ))
            for question in found
            if not any(_own_words_of(question, named))
        )  # fmt: skip

    def _all(self) -> Iterator[DefinedQuestion]:
        inside: list[tuple[str, str, str]] = []  # kind, name, relevant
        for row in self._rows:
            kind, name = " ".join(str(row.get("type", "")).split()), self._name(row)
            part = _PART.match(kind)
            if part and part["edge"] == "end":
                inside = inside[:-1]
            elif part:
                if part["kind"] == "repeat":
                    above = [name for kind, name, _ in inside if kind == "repeat"]
                    self.parts.append(RepeatedPart(name, self._worded(row, "label") or name, (above or [""])[-1]))
                if part["kind"] in ("rank", "kobomatrix"):
                    self.left_out.append(f"{name}: a {part['kind'].removeprefix('kobo')} of Kobo's own kind")
                inside.append((part["kind"], name, str(row.get("relevant", "") or "")))
            elif kind:
                yield from self._question(row, kind, name, inside)

    def _question(
        self, row: Row, kind: str, name: str, inside: Sequence[tuple[str, str, str]]
    ) -> Iterator[DefinedQuestion]:
        first, _, rest = kind.partition(" ")
        label = self._worded(row, "label") or name
        closed = _CLOSED.get(first)
        known = _KINDS.get(first.casefold())
        if first.casefold() in _METADATA:
            return
        if inside and inside[-1][0] in ("rank", "kobomatrix"):
            self.not_asked += [name, label]
            return
        if closed is None and known is None and first != "acknowledge":
            self.left_out.append(f"{name}: {_NOTES.get(first, f'type {first} is not read here')}")
            self.not_asked += [name, label]
            return
        acknowledged = (Choice(_ACKNOWLEDGED, _ACKNOWLEDGED),)
        options = self._options(rest, name) if closed else () if known else acknowledged
        relevants = [text for _, _, text in inside] + [str(row.get("relevant", "") or "")]
        repeats = [name for kind, name, _ in inside if kind == "repeat"]
        yield DefinedQuestion(
            name,
            label,
            closed or known or "select_one",
            options,
            part=repeats[-1] if repeats else "",
            relevant=joined_conditions(relevants),
            required=str(row.get("required", "")).casefold() in ("yes", "true", "true()", "1"),
            hint=self._worded(row, "hint"),
        )

    def _options(self, named: str, question: str) -> tuple[Choice, ...]:
        listed, _, own_words = named.partition(" ")
        options = tuple(self._lists.get(listed, ()))
        if not options:
            self.left_out.append(f"{question}: its options are not in the form ({listed or 'no list'})")
        return (*options, Choice("other", "Other", is_own_words=True)) if "or_other" in own_words else options

    def _worded(self, row: Row, what: str) -> str:
        """A wording in the language taken; Kobo leaves a column without a language where there is but one."""
        written = [f"{what}::{self.language}", f"{what}:{self.language}", what]
        return plain_text(next((str(row[name]) for name in written if row.get(name)), ""))

    def _name(self, row: Row) -> str:
        return str(row.get("name", "") or row.get("$autoname", "") or "")


def _own_words_of(
    question: DefinedQuestion, named: Mapping[str, DefinedQuestion]
) -> Iterator[tuple[DefinedQuestion, str]]:
    """The question whose own words it asks for, and the option: `<question>_other`, asked where that option was chosen."""
    there = named.get(question.code.removesuffix(_OWN_WORDS)) if question.code.endswith(_OWN_WORDS) else None
    chosen = _CHOSEN.search(question.relevant)
    if question.kind == "text" and there is not None and there.options and chosen and chosen["name"] == there.code:
        yield there, chosen["code"]

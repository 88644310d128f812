"""The XLSForm questionnaire: what was asked, of whom, with which codes. Not here: any answer."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from landscape.codebook import standing_codes
from landscape.errors import SurveyDefinitionError

PRIVACY_LEVELS = ("personal", "private", "match", "onward")
_KINDS = {
    "text": "text",
    "date": "date",
    "integer": "integer",
    "decimal": "decimal",
    "select one": "select_one",
    "select all that apply": "select_multiple",
}
_FILTER = re.compile(r"(?P<column>\w+)\s*=\s*'(?P<value>[^']*)'")
_AREA_CODE = re.compile(r"E23\d{6}")


@dataclass(frozen=True)
class Option:
    """One answer of a closed question.

    Args:
        code: Its code.
        label: What respondents see.
        counted_as: The code it is counted under, where another has replaced its own; empty else.
        is_retired: New forms leave it out; older exports are still read by it.
    """

    code: str
    label: str
    counted_as: str = ""
    is_retired: bool = False

    @property
    def standing_code(self) -> str:
        """The code its answers are counted under."""
        return self.counted_as or self.code


@dataclass(frozen=True)
class Question:
    """One question as asked.

    Args:
        name: Its name in the questionnaire and in the staged tables.
        kind: text, date, integer, decimal, select_one or select_multiple.
        label: The wording in force.
        privacy: How far an answer may go; see `PRIVACY_LEVELS`. Closed questions and numbers go onward.
        use: What the answer is for where the name alone does not say (`email`, `area`, `rank:…`).
        required: Whether the tool was to insist on an answer.
        options: The option list of a closed question.
        repeat: The repeated part it belongs to; None for the response itself.
        relevant: The XLSForm condition under which it is asked; empty if always.
        hint: The help that stands below the wording; empty if none.
    """

    name: str
    kind: str
    label: str
    privacy: str
    use: str
    required: bool
    options: tuple[Option, ...]
    repeat: str | None
    relevant: str = ""
    hint: str = ""

    @property
    def other_code(self) -> str | None:
        """The code for an answer in the respondent's own words, where the list has one."""
        return next((o.code for o in self.offered if o.code.endswith(".OTHER")), None)

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options that a new form offers: all but the retired ones."""
        return tuple(option for option in self.options if not option.is_retired)

    @property
    def is_of_areas(self) -> bool:
        """Whether its options are force areas."""
        return any(_AREA_CODE.fullmatch(option.code) for option in self.options)

    @property
    def rank(self) -> tuple[str, int] | None:
        """The ranking this question is one place of, and the place: (`events_rank`, 1)."""
        kind, _, rest = self.use.partition(":")
        if kind != "rank":
            return None
        name, _, place = rest.rpartition(":")
        return name, int(place)


@dataclass(frozen=True)
class Repeat:
    """A repeated part of a response (each activity of a visit). `parent` is None directly below the response."""

    name: str
    label: str
    parent: str | None


@dataclass(frozen=True)
class Questionnaire:
    """All questions of a survey, in the order asked."""

    survey: str
    version: str
    questions: tuple[Question, ...]
    repeats: tuple[Repeat, ...]

    @cached_property
    def by_name(self) -> dict[str, Question]:
        """Questions by name."""
        return {question.name: question for question in self.questions}

    def of(self, repeat: str | None) -> tuple[Question, ...]:
        """The questions of one repeated part, or of the response itself (None)."""
        return tuple(q for q in self.questions if q.repeat == repeat)

    def parent_of(self, repeat: str) -> str | None:
        """The part that a repeated part belongs to; None for the response itself."""
        return next(part.parent for part in self.repeats if part.name == repeat)

    def used_for(self, use: str) -> Question | None:
        """The question whose answer serves `use`, if there is one."""
        return next((q for q in self.questions if q.use == use), None)


def read_questionnaire(path: Path, reference: Path) -> Questionnaire:
    """Reads an XLSForm written in markdown.

    Args:
        path: The questionnaire (`questionnaire.md`).
        reference: The folder with the option lists that the questionnaire names (`codebook.csv`, …).

    Raises:
        SurveyDefinitionError: It is no valid XLSForm, or names an option list that is not there.
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    try:
        workbook = get_xlsform(path)
        form = workbook_to_json(workbook_dict=workbook, form_name=path.parent.name)
    except (PyXFormError, OSError) as error:
        raise SurveyDefinitionError(
            f"not a valid XLSForm: {error}", file=path, remedy="mend the row it names in questionnaire.md"
        ) from error
    questions: list[Question] = []
    repeats: list[Repeat] = []
    _walk(form["children"], None, questions, repeats, path, reference)
    return Questionnaire(
        survey=form["id_string"],
        version=str(form.get("version", "")),
        questions=tuple(questions),
        repeats=tuple(repeats),
    )


def _walk(
    children: list[dict[str, Any]],
    repeat: str | None,
    questions: list[Question],
    repeats: list[Repeat],
    path: Path,
    reference: Path,
) -> None:
    for child in children:
        if child["type"] == "repeat":
            repeats.append(Repeat(child["name"], child["label"], repeat))
            _walk(child["children"], child["name"], questions, repeats, path, reference)
        elif child["type"] == "group":
            if child["name"] != "meta":
                _walk(child["children"], repeat, questions, repeats, path, reference)
        else:
            questions.append(_question(child, repeat, path, reference))


def _question(child: dict[str, Any], repeat: str | None, path: Path, reference: Path) -> Question:
    kind = _KINDS.get(child["type"])
    if kind is None:
        raise SurveyDefinitionError(
            f"question type {child['type']!r} is not read here",
            file=path,
            culprits=[child["name"]],
            remedy=f"use one of {', '.join(sorted(_KINDS.values()))}",
        )
    privacy = child.get("privacy") or ("private" if kind == "text" else "onward")
    if privacy not in PRIVACY_LEVELS:
        raise SurveyDefinitionError(
            f"privacy {privacy!r} is not one of {', '.join(PRIVACY_LEVELS)}", file=path, culprits=[child["name"]]
        )
    return Question(
        name=child["name"],
        kind=kind,
        label=child["label"],
        privacy=privacy,
        use=child.get("use", ""),
        required=child.get("bind", {}).get("required") == "yes",
        options=_options(child, path, reference) if kind.startswith("select") else (),
        repeat=repeat,
        relevant=child.get("bind", {}).get("relevant", ""),
        hint=child.get("hint", ""),
    )


def _options(child: dict[str, Any], path: Path, reference: Path) -> tuple[Option, ...]:
    """The option list that a `select_*_from_file` row names, filtered as its `choice_filter` says.

    It lies beside the questionnaire (the survey's own lists) or in `reference` (lists that surveys share).
    """
    named = child.get("itemset", "")
    listed = next((folder / named for folder in (path.parent, reference) if named and (folder / named).is_file()), None)
    if listed is None:
        raise SurveyDefinitionError(
            f"its option list {named or '(none)'!r} is neither beside the questionnaire nor in data/reference/",
            file=path,
            culprits=[child["name"]],
            remedy="name a file, as in select_one_from_file codebook.csv (shared) or options.csv (the survey’s own)",
        )
    parameters = child.get("parameters", {})
    code, label = parameters.get("value", "name"), parameters.get("label", "label")
    condition = _FILTER.fullmatch(child.get("choice_filter", "").strip())
    needed = {code, label, *([condition["column"]] if condition else [])}
    rows = [
        row for row in _read_list(listed, needed) if condition is None or row[condition["column"]] == condition["value"]
    ]
    if not rows:
        raise SurveyDefinitionError(
            f"no option in {listed.name} fits {child.get('choice_filter')}", file=path, culprits=[child["name"]]
        )
    doubled = [value for value, n in Counter(row[code].strip() for row in rows).items() if n > 1 or not value]
    if doubled:
        raise SurveyDefinitionError(
            f"its options in {listed.name} have the same code twice, or none",
            file=path,
            culprits=[f"{child['name']}: {value or '(empty)'}" for value in doubled],
        )
    standing = standing_codes(rows, listed.name, code)
    return tuple(_option(row, code, label, standing) for row in rows)


def _option(row: dict[str, str], code: str, label: str, standing: dict[str, str]) -> Option:
    own = row[code].strip()
    counted_as = standing[own] if standing[own] != own else ""
    is_retired = bool(counted_as or row.get("valid_to", "").strip())
    return Option(own, row[label].strip(), counted_as, is_retired)


def _read_list(listed: Path, needed: set[str]) -> list[dict[str, str]]:
    """The rows of a file of option lists, which people also edit in Excel."""
    try:
        with listed.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
    except UnicodeDecodeError as error:
        raise SurveyDefinitionError(
            "it is not in UTF-8", file=listed.name, remedy="in Excel, save it as “CSV UTF-8 (Comma delimited)”"
        ) from error
    lacking = sorted(needed - set(reader.fieldnames or ()))
    if lacking:
        raise SurveyDefinitionError(
            "it lacks columns that a questionnaire names",
            file=listed.name,
            culprits=lacking,
            remedy="its first row must name its columns, with commas between them",
        )
    return rows

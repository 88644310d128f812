"""What each of LimeSurvey's question types asks, and how its exports head it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from landscape.surveys.definitions.plain import Choice, DefinedQuestion, Definition, joined_conditions, plain_text

NAME = "limesurvey"
_TEXTS = {"S": "text", "T": "text", "U": "text", "N": "decimal", "D": "date", "I": "text"}
_LISTS, _MANY, _MANY_COMMENTED = "L!O", "M", "P"
_FIXED = {
    "Y": (("Y", "Yes"), ("N", "No")),
    "G": (("F", "Female"), ("M", "Male")),
    "5": tuple((str(n), str(n)) for n in range(1, 6)),
    "A": tuple((str(n), str(n)) for n in range(1, 6)),
    "B": tuple((str(n), str(n)) for n in range(1, 11)),
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}
_GRIDS, _ROW_TEXTS = "ABCEFH", {"K": "decimal", "Q": "text"}
_NUMBERS = ("N", "K", ":")
_WITHOUT_ANSWER = {"X": "text that is shown", "*": "an equation", "|": "a file to upload"}
_OTHER = Choice("-oth-", "Other", is_own_words=True)
_TERM = re.compile(
    r"(?P<name>[A-Za-z]\w*)(?:\.(?:NAOK|valueNAOK|value|code))?\s*(?P<sign>==|!=|<=|>=|<|>)\s*(?P<value>\"[^\"]*\"|'[^']*'|-?\d+(?:\.\d+)?)"
)
Part = tuple[int, str, str]  # scale, code, text


@dataclass(frozen=True)
class Group:
    """A group of questions, and when it is shown."""

    name: str
    relevance: str


@dataclass(frozen=True)
class Item:
    """A question as the structure has it, with its sub-questions and answers."""

    kind: str
    code: str
    text: str
    help: str
    relevance: str
    is_required: bool
    has_other: bool
    group: Group
    rows: list[Part] = field(default_factory=list)
    answers: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Structure:
    """A survey's structure in one language; `positions` is how old conditions name questions (`1X2X3`)."""

    title: str
    items: tuple[Item, ...]
    language: str
    languages: tuple[str, ...]
    positions: Mapping[str, str]


def definition_of(found: Structure) -> Definition:
    """The questionnaire that a structure defines."""
    left_out: list[str] = []
    not_asked: list[str] = []
    questions: list[DefinedQuestion] = []
    kinds = {item.code: item.kind for item in found.items}
    for item in found.items:
        if item.kind in _WITHOUT_ANSWER:
            left_out.append(f"{item.code}: {_WITHOUT_ANSWER[item.kind]}")
            not_asked += [item.code, plain_text(item.text)]
            continue
        asked = list(_asked(item, _relevant(item, kinds, found.positions)))
        questions += asked
        if not asked:
            left_out.append(f"{item.code}: type {item.kind} is not known here")
    others = tuple(name for name in found.languages if name != found.language)
    return Definition(
        (NAME,), plain_text(found.title), tuple(questions),
        language=found.language if others else "", languages=others, not_asked=tuple(filter(None, not_asked)),
        left_out=tuple(left_out),
    )  # fmt: skip


def _asked(item: Item, relevant: str) -> Iterator[DefinedQuestion]:
    label, hint = plain_text(item.text), plain_text(item.help)
    rows = [(code, plain_text(text)) for scale, code, text in item.rows if scale == 0]
    across = [(code, plain_text(text)) for scale, code, text in item.rows if scale == 1]
    answers = _choices((code, text) for scale, code, text in item.answers if scale == 0)
    other = (_OTHER,) if item.has_other else ()

    def asked(
        kind: str, options: tuple[Choice, ...] = (), part: str = "", row: str = "", *more: str
    ) -> DefinedQuestion:
        code, text = (f"{item.code}_{part}", f"{label} [{row}]") if part else (item.code, label)
        headings = (f"{item.code} [{part}]", *more) if part else ()
        is_empty = not label and bool(row)  # an array may have a text for its rows only
        return DefinedQuestion(
            code, row if is_empty else text, kind, options,
            relevant=relevant, required=item.is_required, hint=hint, headings=headings,
        )  # fmt: skip

    if item.kind in _TEXTS:
        yield asked(_TEXTS[item.kind])
    elif item.kind in _LISTS:
        yield asked("select_one", (*answers, *other))
        if item.kind == "O":
            yield asked("text", (), "comment", "Comment")
    elif item.kind in (_MANY, _MANY_COMMENTED):
        yield asked("select_multiple", (*(Choice(code, text) for code, text in rows), *other))
    elif item.kind == "R":
        yield asked("ranking", answers)
    elif item.kind in ("Y", "G", "5"):
        yield asked("select_one", _choices(_FIXED[item.kind]))
    elif item.kind in _GRIDS:
        options = answers or _choices(_FIXED.get(item.kind, ()))
        yield from (asked("select_one", options, code, text) for code, text in rows)
    elif item.kind == "1":
        scales = (answers, _choices((code, text) for scale, code, text in item.answers if scale == 1))
        for (code, text), (n, options) in product(rows, enumerate(scales, start=1)):
            yield asked("select_one", options, f"{code}_{n}", f"{text}] [Scale {n}", f"{item.code} [{code} {n}]")
    elif item.kind in _ROW_TEXTS:
        yield from (asked(_ROW_TEXTS[item.kind], (), code, text) for code, text in rows)
    elif item.kind in ";:":
        kind = "text" if item.kind == ";" else "decimal"
        for (code, text), (column, heading) in product(rows, across):
            yield asked(kind, (), f"{code}_{column}", f"{text}] [{heading}")


def _choices(pairs: Sequence[tuple[str, str]] | Iterator[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(code, plain_text(text)) for code, text in pairs)


def _relevant(item: Item, kinds: Mapping[str, str], positions: Mapping[str, str]) -> str:
    """When it is asked, as an XLSForm says it, as far as it is made of comparisons."""
    written = [text for text in (item.group.relevance, item.relevance) if text.strip() not in ("", "1")]
    return joined_conditions(_translated(text, kinds, positions) for text in written)


def _translated(written: str, kinds: Mapping[str, str], positions: Mapping[str, str]) -> str:
    def term(found: re.Match[str]) -> str:
        name, sign, value = found["name"], found["sign"], found["value"].strip("\"'")
        base, _, sub = name.partition("_")
        if kinds.get(base, "") in (_MANY, _MANY_COMMENTED) and value == "Y" and sign in ("==", "!="):
            chosen = f"selected(${{{base}}}, '{sub}')"
            return chosen if sign == "==" else f"not({chosen})"
        said = value if kinds.get(base) in _NUMBERS else f"'{value}'"
        return f"${{{name}}} {'=' if sign == '==' else sign} {said}"

    text = written
    for position, code in positions.items():
        text = re.sub(rf"\b{position}(?=\D)", code, text)
    text = _TERM.sub(term, text).replace("&&", " and ").replace("||", " or ")
    return re.sub(r"\b(AND|OR|NOT)\b", lambda found: found[0].lower(), text).strip()

"""Turns a tool's own definition of a questionnaire into questions of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from landscape.surveys.condition import Term, condition
from landscape.surveys.definitions.plain import Choice, DefinedQuestion, Definition, unbracketed
from landscape.surveys.draft import DraftPart, DraftQuestion
from landscape.surveys.guessing import Guess, open_question
from landscape.surveys.naming import Names
from landscape.surveys.optionlists import OTHER_CODE, KnownList, OwnLists
from landscape.text import normal_wording

_NUMBERS = ("integer", "decimal")
_REFERENCE = re.compile(r"\$\{(\w+)\}")
_UNSURE = "the definition does not tell whether one answer may be given or several"
_LONGEST_SHOWN = 60


class Defined:
    """The questions that a definition gives, with names and lists that are the survey's own.

    Args:
        definition: The tool's.
        lists: The lists of data/reference.
        names: The names that are taken already.
        own_lists: The survey's own lists so far.
    """

    def __init__(self, definition: Definition, lists: Sequence[KnownList], names: Names, own_lists: OwnLists) -> None:
        self._definition = definition
        self._lists = lists
        self._names = names
        self._own_lists = own_lists
        self._made: dict[str, DraftQuestion] = {}
        self._options: dict[str, dict[str, str]] = {}
        self._parts: dict[str, str | None] = {}
        self._worded: set[tuple[str, str]] = set()
        self._has_area = False
        self.notes = [f"Not carried over: {says}" for says in definition.left_out]
        if definition.languages:
            others = ", ".join(definition.languages)
            self.notes.insert(0, f"Wordings are those in {definition.language}; the definition has {others}, too")

    def parts(self) -> tuple[DraftPart, ...]:
        """The responses and the repeated parts, with all their questions."""
        names = {"": None} | {part.name: self._names.of_code(part.name) for part in self._definition.parts}
        questions: dict[str, list[DraftQuestion]] = {part: [] for part in names}
        for asked in self._definition.questions:
            questions[asked.part] += self._questions(asked)
        labels = {part.name: part for part in self._definition.parts}
        return tuple(
            DraftPart(
                names[part], names[labels[part].parent] if part else None, tuple(questions[part]),
                labels[part].label if part else "",
            )
            for part in names
        )  # fmt: skip

    def _questions(self, asked: DefinedQuestion) -> Iterator[DraftQuestion]:
        name = self._names.of_code(asked.code)
        guess, codes = self._guess(asked, name)
        label = asked.label
        if (asked.part, normal_wording(label)) in self._worded:
            label = f"{label} ({name})"
            note = "worded like another question, so it is found by its name alone: export with names or codes"
            guess = replace(guess, note="; ".join(filter(None, (guess.note, note))))
        self._worded.add((asked.part, normal_wording(asked.label)))
        own_heading = [] if normal_wording(asked.code) == normal_wording(name) else [asked.code]
        relevant = self._relevant(asked)
        if asked.kind == "ranking":
            for place in range(1, len(asked.options) + 1):
                yield self._remembered(asked, replace(guess, kind="select_one"), codes, DraftQuestion(
                    self._names.take(f"{name}_{place}"), f"{label} [{place}]", guess, use=f"rank:{name}:{place}",
                    relevant=relevant, hint=asked.hint, wordings=(f"{asked.code} [{place}]",),
                ), name)  # fmt: skip
            return
        use = ""
        is_of_areas = any(map(self._areas.holds, guess.codes)) or guess.known is self._areas
        if is_of_areas and guess.kind == "select_one" and not asked.part and not self._has_area:
            use, self._has_area = "area", True
        yield self._remembered(asked, guess, codes, DraftQuestion(
            name, label, guess, use=use, relevant=relevant, required=asked.required, hint=asked.hint,
            wordings=(*own_heading, *asked.headings), is_unsure=asked.is_unsure,
        ), name)  # fmt: skip

    def _remembered(
        self, asked: DefinedQuestion, guess: Guess, codes: Mapping[str, str], question: DraftQuestion, shared: str
    ) -> DraftQuestion:
        """A question with its list, which later conditions may look at."""
        named = self._own_lists.name_for(guess.labels, shared, guess.codes) if guess.labels else ""
        given = self._own_lists.codes_of(named) if named else {}
        meant = {code: given.get(label, label) for code, label in codes.items()}
        written = {code: there for code, there in meant.items() if code and not _is_found(code, there, guess.labels)}
        made = replace(question, guess=guess, option_list=named, codes=written)
        self._made.setdefault(asked.code, made)
        self._options.setdefault(asked.code, meant)
        self._parts.setdefault(asked.code, asked.part)
        return made

    @property
    def _areas(self) -> KnownList:
        return next(known for known in self._lists if known.is_of_areas)

    def _guess(self, asked: DefinedQuestion, name: str) -> tuple[Guess, dict[str, str]]:
        """What it asks; and of each of the tool's codes the label here, or where a shared list has it, its code there."""
        if asked.kind not in ("select_one", "select_multiple", "ranking"):
            opened = open_question(asked.label) if asked.kind == "text" else Guess(asked.kind)
            if asked.is_personal:
                opened = Guess("text", privacy="personal", note="the survey tool marks it as identifying people")
            return opened, {}
        if not asked.options:
            return Guess(
                "text", privacy="private", note="a closed question, whose options the definition does not have"
            ), {}
        options = _told_apart(asked.options)
        for known in self._lists:
            if all(known.code_of(o.label) and known.code_of(o.label) == known.code_of(o.code) for o in options):
                return Guess(asked.kind, known=known), {o.code: known.code_of(o.label) for o in options}
        areas = [self._areas.code_of(option.label) for option in options]
        is_of_areas = 2 * sum(map(bool, areas)) >= len(areas) and len(set(areas) - {""}) == sum(map(bool, areas))
        given = areas if is_of_areas else ["" for _ in options]
        are_clear = _are_clear(options)
        codes = tuple(
            there or _code(option, name, are_clear=are_clear) for option, there in zip(options, given, strict=True)
        )
        note = _UNSURE if asked.is_unsure else ""
        if not are_clear:
            note = "; ".join(filter(None, (note, "its codes are other options’ wordings: export answers in full")))
        labels = tuple(option.label for option in options)
        return Guess(asked.kind, labels, codes, note=note), {o.code: o.label for o in options} if are_clear else {}

    def _relevant(self, asked: DefinedQuestion) -> str:
        """Its condition, with the names and codes here; left out, and said, where it looks at anything else."""
        if not asked.relevant:
            return ""
        try:
            parts = [self._part(part, asked) for part in condition(asked.relevant)]
        except (ValueError, KeyError):
            shown = asked.relevant if len(asked.relevant) <= _LONGEST_SHOWN else f"{asked.relevant[:_LONGEST_SHOWN]}…"
            self.notes.append(f"Not carried over: {asked.code} is asked only where {shown}")
            return ""
        return unbracketed(" ".join(parts).replace("( ", "(").replace(" )", ")").replace("not (", "not("))

    def _part(self, part: Term | str, asked: DefinedQuestion) -> str:
        if isinstance(part, str):
            return part
        there = self._made[part.name]  # a KeyError: it is not asked before
        if self._parts[part.name] not in (asked.part, "") or (part.code is None and there.guess.kind not in _NUMBERS):
            raise ValueError
        if part.code is None:
            return f"${{{there.name}}} {part.sign} {part.number}"
        code = self._options[part.name][part.code]
        return (
            f"selected(${{{there.name}}}, '{code}')"
            if part.sign == "selected"
            else f"${{{there.name}}} {part.sign} '{code}'"
        )


def _code(option: Choice, name: str, *, are_clear: bool) -> str:
    """The tool's own code; own words go to one that ends in .OTHER."""
    if option.is_own_words and not option.code.endswith(f".{OTHER_CODE}"):
        return f"{name.upper()}.{OTHER_CODE}"
    return option.code if are_clear else ""


def _told_apart(options: Sequence[Choice]) -> tuple[Choice, ...]:
    """Options of which no two are worded alike, and none is without words."""
    made: list[Choice] = []
    for option in options:
        label = option.label or option.code
        if normal_wording(label) in {normal_wording(other.label) for other in made}:
            label = f"{label} ({option.code})"
        made.append(replace(option, label=label))
    return tuple(made)


def _are_clear(options: Sequence[Choice]) -> bool:
    """Whether no option's code is another's wording: an answer is found by either."""
    labels = {normal_wording(option.label): option.code for option in options}
    codes = [normal_wording(option.code) for option in options if option.code]
    return len(set(codes)) == len(codes) and all(
        labels.get(normal_wording(option.code), option.code) == option.code for option in options
    )


def _is_found(code: str, there: str, labels: Sequence[str]) -> bool:
    """Whether an answer written as the tool's code is found without more: it is the code here, or a label."""
    return normal_wording(code) == normal_wording(there) or normal_wording(code) in map(normal_wording, labels)

"""The columns of Qualtrics' questions: options, items and rows made one column per question. Not here: its own facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landscape.surveys.dialects.merging import Merging, spread_of

_DERIVED = re.compile(
    r".*(_DO(_.+)?|_(First Click|Last Click|Page Submit|Click Count)| - (Topics|Sentiment.*|Parent Topics))"
)
_OWN_WORDS = re.compile(r".+_TEXT")
_MEMBER = re.compile(r"(?P<question>.+)_(?P<choice>x?\d+)(?P<text>_TEXT)?")
_UNTICKED = ("0", "-99")
_TICKS = ("1", *_UNTICKED)


@dataclass(frozen=True)
class Heading:
    """What the rows of headings say of one column: short name, wording, and what the ImportId row holds."""

    name: str
    wording: str
    import_id: Mapping[str, str]

    @property
    def fact(self) -> str:
        """The name of a fact about the response that it might be, in the account's language or not."""
        return self.import_id.get("ImportId", self.name).casefold()


def keep_questions(merging: Merging, headings: Sequence[Heading], facts: set[int]) -> None:
    """Columns that share a question become one, by ImportId where the file has it, else by short name."""
    groups: dict[str, dict[int, str]] = {}
    own_words: dict[str, list[int]] = {}
    for at, heading in enumerate(headings):
        if at in facts or not (heading.name or heading.wording):
            continue
        import_id = heading.import_id.get("ImportId", "")
        member = _MEMBER.fullmatch(heading.name)
        is_text = bool(_OWN_WORDS.fullmatch(heading.name))
        if _DERIVED.fullmatch(heading.name) or (import_id and not import_id.startswith("QID")):
            merging.keep(at, heading.name, "tool")  # display order, timings, found topics, embedded data
        elif is_text and (member or heading.wording.endswith(" - Text")):
            own_words.setdefault(member["question"] if member else heading.name.removesuffix("_TEXT"), []).append(at)
            merging.keep(at, heading.name, "tool")
        elif member and (not import_id or "choiceId" in heading.import_id or re.fullmatch(r"QID\d+_x?\d+", import_id)):
            groups.setdefault(member["question"], {})[at] = heading.wording
        else:
            merging.keep(at, heading.wording.removesuffix(" - Selected Choice") or heading.name, "answer")
    for name, members in groups.items():
        _merge(merging, name, members, headings, own_words.get(name, []))


def _merge(
    merging: Merging,
    name: str,
    members: Mapping[int, str],
    headings: Sequence[Heading],
    own_words: Sequence[int],
) -> None:
    question = _stem(merging, members)
    if question is None:  # `Q2_1` is the name of a question of its own
        for at, wording in members.items():
            merging.keep(at, wording or headings[at].name, "answer")
        return
    items = {at: wording[len(question) + 3 :] for at, wording in members.items()}
    wording = question.removesuffix(" - Selected Choice") or name
    is_chosen = any("choiceId" in headings[at].import_id for at in members)
    has_ids = bool(headings[min(members)].import_id)
    spread = spread_of(items, merging.complete, ticks=() if has_ids and not is_chosen else _TICKS)
    if len(members) == 1 and spread != "list" and not is_chosen:
        (at,) = members
        merging.keep(at, members[at], "answer")
    elif is_chosen or spread == "list":
        merging.as_list(wording, items, unticked=_UNTICKED)
        merging.aside(wording, own_words)
    elif spread == "unclear":
        merging.as_unclear(wording, items)
        merging.aside(wording, own_words)
    elif spread == "ranking":
        merging.as_ranking(wording, items)
    else:
        merging.as_grid(wording, items)


def _stem(merging: Merging, members: Mapping[int, str]) -> str | None:
    """The question in "question - option", where either may hold " - " too.

    A ticked cell repeats its option and so shows where the option begins; else it is what the wordings share.
    """
    for at, wording in members.items():
        for cell in merging.values(at):
            if cell and cell not in _TICKS and wording.endswith(f" - {cell}"):
                stem = wording.removesuffix(f" - {cell}")
                if all(other.startswith(f"{stem} - ") for other in members.values()):
                    return stem
    first, *others = members.values()
    stem, found, _ = first.rpartition(" - ")
    while found and not all(other.startswith(f"{stem} - ") for other in others):
        stem, found, _ = stem.rpartition(" - ")
    return stem if found else None

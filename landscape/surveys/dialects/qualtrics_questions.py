"""The columns of Qualtrics' questions: options, items and rows made one column per question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landscape.surveys.dialects.merging import Merging

_DERIVED = re.compile(
    r".*(_DO(_.+)?|_(First Click|Last Click|Page Submit|Click Count)| - (Topics|Sentiment.*|Parent Topics))"
)
_OWN_WORDS = re.compile(r".+_TEXT")
_OTHER = re.compile(r"\bother\b|\belse\b|\bplease (specify|state)\b", re.IGNORECASE)
_OF_A_QUESTION = re.compile(r"((?P<loop>\d+)_)?QID")
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
    loops = _loops(headings)
    for at, heading in enumerate(headings):
        if at in facts or not (heading.name or heading.wording):
            continue
        import_id = heading.import_id.get("ImportId", "")
        member = _MEMBER.fullmatch(heading.name)
        is_text = bool(_OWN_WORDS.fullmatch(heading.name))
        if _DERIVED.fullmatch(heading.name) or (import_id and not _OF_A_QUESTION.match(import_id)):
            merging.keep(at, heading.name, "tool")  # display order, timings, found topics, embedded data
        elif is_text and (member or heading.wording.endswith(" - Text")):
            own_words.setdefault(member["question"] if member else heading.name.removesuffix("_TEXT"), []).append(at)
        elif member and (
            not import_id or "choiceId" in heading.import_id or re.fullmatch(r"(\d+_)?QID\d+_x?\d+", import_id)
        ):
            groups.setdefault(member["question"], {})[at] = heading.wording
        else:
            wording = heading.wording.removesuffix(" - Selected Choice") or heading.name
            merging.keep(at, wording + loops[at], "answer")
    for name, members in groups.items():
        _merge(merging, name, members, headings, own_words.pop(name, []), loops[min(members)])
    named = {heading.name: at for at, heading in enumerate(headings)}
    for name, positions in own_words.items():
        if name in named:
            merging.beside(named[name], positions)
        else:
            for at in positions:
                merging.keep(at, headings[at].wording or headings[at].name, "answer")


def _loops(headings: Sequence[Heading]) -> dict[int, str]:
    """What is added to the wording of a question that was asked once for each turn of a loop (“loop and merge”)."""
    counted = Counter(heading.wording for heading in headings)
    found: dict[int, str] = {}
    for at, heading in enumerate(headings):
        turn = _OF_A_QUESTION.match(heading.import_id.get("ImportId", ""))
        is_repeated = turn is not None and turn["loop"] is not None and counted[heading.wording] > 1
        found[at] = f" (loop {turn['loop']})" if turn is not None and is_repeated else ""
    return found


def _merge(
    merging: Merging,
    name: str,
    members: Mapping[int, str],
    headings: Sequence[Heading],
    own_words: Sequence[int],
    loop: str,
) -> None:
    question = _stem(merging, members)
    own_words = _beside_other(merging, own_words, headings)
    if question is None:  # `Q2_1` is the name of a question of its own
        for at, wording in members.items():
            merging.keep(at, (wording or headings[at].name) + loop, "answer")
        merging.aside(name, own_words)
        return
    items = {at: wording[len(question) + 3 :] for at, wording in members.items()}
    wording = (question.removesuffix(" - Selected Choice") or name) + loop
    is_chosen = any("choiceId" in headings[at].import_id for at in members)
    has_ids = bool(headings[min(members)].import_id)
    ticks = () if has_ids and not is_chosen else _TICKS
    spread = merging.spread(wording, items, ticks)
    if len(members) == 1 and spread != "list" and not is_chosen:
        (at,) = members
        merging.keep(at, members[at] + loop, "answer")
        merging.beside(at, own_words)
    elif is_chosen or spread == "list":
        merging.as_list(wording, items, own_words, unticked=_UNTICKED)
    elif spread == "unclear":
        merging.as_unclear(wording, items)
        merging.beside(min(items), own_words)
    elif spread == "ranking":
        merging.aside(wording, own_words)
        merging.as_ranking(wording, items)
    else:
        merging.aside(wording, own_words)
        merging.as_grid(wording, items)


def _beside_other(merging: Merging, columns: Sequence[int], headings: Sequence[Heading]) -> list[int]:
    """Of the columns of own words, those beside “Other”: any option can have such a field. The rest is named."""
    found = []
    for at in columns:
        option = headings[at].wording.removesuffix(" - Text")
        if option == headings[at].name or _OTHER.search(option.rpartition(" - ")[2]):
            found.append(at)
            continue
        merging.keep(at, headings[at].wording, "tool")
        n_filled = int(merging.cells.columns[at].filled().sum())
        if n_filled:
            merging.note(
                f"words beside an option other than “Other” are not read: {n_filled} answers in column {headings[at].name}",
                headings[at].wording,
            )
    return found


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

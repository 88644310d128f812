"""Which columns of a KoboToolbox table are one question, and what the others are."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landscape.surveys.cells import CellColumn
from landscape.surveys.dialects.jsonfiles import Table
from landscape.surveys.dialects.merging import OWN_WORDS_NAME, Merging
from landscape.surveys.dialects.times import in_utc
from landscape.surveys.export import Asked, Role, Sheet

_NAME = re.compile(r"[^\W\d][\w.-]*(/[\w.-]+)*")
_OWN = re.compile(r"_[\w-]*|_.*_(latitude|longitude|altitude|precision)", re.DOTALL)
_METADATA = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "simid", "phonenumber", "username", "audit",
    "instanceID", "instanceName", "rootUuid", "deprecatedID", "uuid",
}  # fmt: skip
_OWN_WORDS_LABEL = "Specify other."
_OTHER = "other"
_FLAGS = {"", "0", "1"}


@dataclass(frozen=True)
class OptionColumns:
    """The option columns of one choose-many question, with each option's text, and its joined column if there is one."""

    base: str
    options: tuple[tuple[int, str], ...]
    joined: int | None


def are_names(headings: Sequence[str]) -> bool:
    """Whether all headings are XML names, as in an export of “XML values and headers”."""
    return all(_NAME.fullmatch(heading) for heading in headings if heading)


def sheet_of(
    table: Table, asked: Asked, *, is_named: bool, id_column: str, parents: Mapping[str, str] | None = None
) -> Sheet:
    """The sheet that is handed over of a table.

    Args:
        table: The responses, or a repeated part.
        asked: What is asked.
        is_named: The headings are XML names, so that groups end at a slash; labels may hold one.
        id_column: The heading of the column with each row's own number.
        parents: For a repeated part, the number of the row above by `_parent_index`.
    """
    headings = table.headings
    sheet = Merging(table.cells, asked)
    own_words = _own_words(headings, asked, is_named=is_named)
    paths = _Paths(headings, is_named=is_named)
    finished = "_submission_time" if "_submission_time" in headings else "end"
    for at, heading in enumerate(headings):
        if heading == id_column:
            sheet.keep(
                at, heading, "response_id" if parents is None else "record_id", _own_numbers(sheet, at, table, parents)
            )
        elif parents is not None and heading == "_parent_index":
            sheet.keep(at, heading, "parent_id", _looked_up(sheet, at, parents))
        elif parents is None and heading == finished:
            sheet.keep(
                at, heading, "completed_at", in_utc(sheet.cells.columns[at], is_utc_without_offset=heading != "end")
            )
        elif parents is None and heading == "start":
            sheet.keep(at, heading, "started_at", in_utc(sheet.cells.columns[at], is_utc_without_offset=False))
        elif parents is None and heading == "_validation_status":
            sheet.keep(at, heading, "rejected", sheet.cells.columns[at].mapped(_rejected))
        else:
            is_asked = bool(asked.kind(heading, _last(heading), *paths.all(heading)))
            role = "tool" if at in own_words and not is_asked else _role(heading, headings)
            sheet.keep(at, paths.shown(heading) if role == "answer" else heading, role, also=paths.all(heading))
    for group in option_groups(headings, [sheet.values(at) for at in range(len(headings))], is_named=is_named):
        positions = [at for at, _ in group.options]
        stands_at = positions.pop(0) if group.joined is None else group.joined
        sheet.aside(group.base, positions)
        offered = [option for _, option in group.options]
        sheet.keep(stands_at, paths.shown(group.base), "answer", _ticked(sheet, group), offered, paths.all(group.base))
    _join_own_words(sheet, headings, own_words, asked)
    return dataclasses.replace(sheet.sheet(table.title), repeat=None if parents is None else table.title)


def numbered(title: str, index: str) -> str:
    """A row's number in the whole file; its index alone begins again on each sheet.

    >>> numbered("activities", "1")
    'activities-1'
    """
    return f"{title}-{index}" if index else ""


def _own_numbers(sheet: Merging, at: int, table: Table, parents: Mapping[str, str] | None) -> CellColumn | None:
    if parents is None:
        return None
    return sheet.cells.columns[at].mapped(lambda text: numbered(table.title, text.strip()))


def option_groups(headings: Sequence[str], columns: Sequence[Sequence[str]], *, is_named: bool) -> list[OptionColumns]:
    """The choose-many questions that have a column per option.

    With the joined column beside them, option columns begin with its heading. Without it, they share all before their
    last slash and hold nothing but 0, 1 and blanks; or blanks alone, in a table that has others without a joined column.
    A group of questions can look the same: the contract then names what is missing, and nothing is read wrongly.
    Labels may hold slashes themselves, so that one option column can begin with another's heading: what holds 0 and 1
    under labels is an option and never a joined column.
    """
    flags = ["/" in heading and set(cells) <= _FLAGS for heading, cells in zip(headings, columns, strict=True)]
    known = {
        heading: at
        for at, heading in reversed(list(enumerate(headings)))
        if is_named or not (flags[at] and any(columns[at]))
    }
    prefixes = [_known_prefix(heading, known) for heading in headings]
    alone = [at for at, is_flag in enumerate(flags) if is_flag and prefixes[at] is None]
    befores = {headings[at].rsplit("/", 1)[0] for at in alone}
    if not any(cell for at in alone for cell in columns[at]):
        alone = []
    bases: dict[str, list[int]] = {}
    for at, heading in enumerate(headings):
        base = prefixes[at]
        if base is None and at in alone:
            before = heading.rsplit("/", 1)[0]
            base = before if is_named else min((b for b in befores if f"{before}/".startswith(f"{b}/")), key=len)
        if base is not None and flags[at]:
            bases.setdefault(base, []).append(at)
    return [
        OptionColumns(base, tuple((at, headings[at][len(base) + 1 :]) for at in positions), known.get(base))
        for base, positions in bases.items()
    ]


def _known_prefix(heading: str, known: Mapping[str, int]) -> str | None:
    """The shortest other heading that this one goes on from after a slash: an option may hold slashes of its own."""
    parts = heading.split("/")
    return next((p for n in range(1, len(parts)) if (p := "/".join(parts[:n])) in known), None)


def _ticked(sheet: Merging, group: OptionColumns) -> CellColumn:
    """A cell of the ticked options; empty where all columns are, since Kobo writes 0 where the question was seen."""
    has_spaces = any(" " in option for _, option in group.options)

    def cell(cells: Mapping[int, str]) -> str:
        flags = [(option, cells[at].strip()) for at, option in group.options]
        joined = "" if group.joined is None else cells[group.joined].strip()
        if not joined and not any(flag for _, flag in flags):
            return ""
        ticked = [option for option, flag in flags if flag == "1"]
        left = Counter(" ".join(ticked).split())
        unknown: list[str] = []  # options of another version of the form, which have no column
        for word in joined.split():
            if left[word]:
                left[word] -= 1
            else:
                unknown.append(word)
        if has_spaces and unknown:
            unknown = [" ".join(unknown)]
        return json.dumps(ticked + unknown, ensure_ascii=False)

    positions = [at for at, _ in group.options] + ([] if group.joined is None else [group.joined])
    return sheet.cells.made(positions, cell)


def _role(heading: str, headings: Sequence[str]) -> Role:
    last = _last(heading)
    if not heading:
        return "empty"
    if _OWN.fullmatch(heading) or heading.startswith(("meta/", "formhub/")) or last in _METADATA:
        return "tool"
    is_link = heading.endswith("_URL") and heading.removesuffix("_URL") in headings
    is_place = any(f"_{word}_latitude" in headings for word in (heading, last))
    return "tool" if is_link or is_place else "answer"


class _Paths:
    """What a question is called: by its name; with the groups it is in where another one has the same name."""

    def __init__(self, headings: Sequence[str], *, is_named: bool) -> None:
        self._is_named = is_named
        bases = {heading for heading in headings if not _is_option(heading, headings)}
        self._counted = Counter(_last(heading) for heading in bases)

    def shown(self, heading: str) -> str:
        """The heading that is handed over."""
        is_alone = self._counted[_last(heading)] < 2
        return _last(heading) if self._is_named and is_alone else heading

    def all(self, heading: str) -> list[str]:
        """The other names it may be asked for by: `morning/rating`, `morning_rating`."""
        return [heading, heading.replace("/", "_"), _last(heading)] if self._is_named and "/" in heading else []


def _is_option(heading: str, headings: Sequence[str]) -> bool:
    return "/" in heading and heading.rpartition("/")[0] in headings


def _own_words(headings: Sequence[str], asked: Asked, *, is_named: bool) -> dict[int, str]:
    """Columns of what was written beside “Other”, each with the heading of its question; "" for the one before it."""
    found: dict[int, str] = {}
    for at, heading in enumerate(headings):
        if heading == _OWN_WORDS_LABEL:
            found[at] = ""
        elif not _is_option(heading, headings) and not _OWN.fullmatch(heading):
            base = heading.removesuffix(OWN_WORDS_NAME)
            there = base != heading and any(other == base or other.startswith(f"{base}/") for other in headings)
            names = (base, _last(base)) if is_named else (base,)
            if there and asked.kind(*names).startswith(("select", "rank")):
                found[at] = base
    return found


def _join_own_words(sheet: Merging, headings: Sequence[str], own_words: Mapping[int, str], asked: Asked) -> None:
    for at, base in own_words.items():
        columns = [n for n, heading in enumerate(headings) if heading == base or heading.startswith(f"{base}/")]
        columns = columns if base else list(range(at - 1, -1, -1))
        is_asked_itself = bool(asked.kind(headings[at], _last(headings[at])))
        answers = [n for n in columns if sheet.role(n) == "answer"]
        if answers:
            sheet.beside(answers[0], [at], ticked_as=_OTHER if is_asked_itself else None)


def _last(heading: str) -> str:
    return heading.rsplit("/", 1)[-1]


def _looked_up(sheet: Merging, at: int, parents: Mapping[str, str]) -> CellColumn:
    return sheet.cells.columns[at].mapped(lambda text: parents.get(text.strip(), ""))


def _rejected(text: str) -> str:
    """Filled where a person has set the submission aside in Kobo: it is kept, and does not count."""
    return text.strip() if text.strip().replace("_", " ").casefold().endswith("not approved") else ""

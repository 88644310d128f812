"""What an export's settings put around KoboToolbox's headings: another separator, and groups in front."""

from __future__ import annotations

import dataclasses
from collections import Counter

from landscape.surveys.dialects.jsonfiles import Table
from landscape.surveys.dialects.kobotoolbox_columns import are_names

_OTHER_SEPARATORS = ("__", ".")
_OWN = "_"
_OWN_WORDS = "Specify other."  # which Kobo itself puts beside every “Other”
_FLAGS = {"", "0", "1"}


def with_usual_headings(table: Table) -> Table:
    """A table as Kobo writes it by default: `/` before an option, and labels without the groups they are in."""
    table = _with_slashes(table)
    return table if are_names(table.headings) else _without_groups(table)


def _with_slashes(table: Table) -> Table:
    """Another separator than `/`, where option columns beside their question show it."""
    headings = table.headings
    for separator in _OTHER_SEPARATORS:
        options = [
            heading
            for heading in headings
            if (before := _question_before(heading, separator, headings))
            and before != heading
            and _is_flag(table, heading)
        ]
        if len(options) > 1:
            named = {
                heading: heading.replace(f"{before}{separator}", f"{before}/", 1)
                for heading in options
                if (before := _question_before(heading, separator, headings))
            }
            return dataclasses.replace(table, headings=tuple(named.get(heading, heading) for heading in headings))
    return table


def _question_before(heading: str, separator: str, headings: tuple[str, ...]) -> str:
    """The heading that this one goes on from after the separator; empty where there is none."""
    return next((h for h in headings if h and not h.startswith(_OWN) and heading.startswith(f"{h}{separator}")), "")


def _without_groups(table: Table) -> Table:
    """Headings without a group in front, wherever they stay different from each other.

    What comes before a slash is a group where several headings have it, it is no question of its own, and the columns
    behind it are not all ticks, which would be the options of one that is exported without its joined column.
    """
    headings = table.headings
    while groups := _groups(dataclasses.replace(table, headings=headings)):
        shorter = tuple(h.split("/", 1)[1].strip() if h.split("/", 1)[0] in groups else h for h in headings)
        n_same = Counter(shorter)
        made = tuple(
            short if n_same[short] < 2 or short.endswith(_OWN_WORDS) else heading
            for short, heading in zip(shorter, headings, strict=True)
        )
        if made == headings:
            break
        headings = made
    return dataclasses.replace(table, headings=headings)


def _groups(table: Table) -> set[str]:
    behind: dict[str, list[str]] = {}
    for heading in table.headings:
        group, slash, rest = heading.partition("/")
        if slash and rest.strip() and not heading.startswith(_OWN) and group == group.strip():
            behind.setdefault(group, []).append(heading)
    known = set(table.headings)
    return {
        group
        for group, headings in behind.items()
        if len(headings) > 1 and group not in known and not all(_is_flag(table, heading) for heading in headings)
    }


def _is_flag(table: Table, heading: str) -> bool:
    return set(table.values(heading)) <= _FLAGS

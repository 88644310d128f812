"""Chapter: what changed since the last release, number by number."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from landscape.reporting.content import BulletList, DataTable, Number, Paragraph, Report, Section, Words, words
from landscape.reporting.wording import counted, day, number
from landscape.reporting.wordxml import tag_of, words_of_tag

_NOT_COMPARED = ("status.", "changes.", "area.")  # the report itself, and whole sentences of single areas


@dataclass(frozen=True)
class Earlier:
    """The numbers in the last release.

    Args:
        name: Its name.
        released_on: Its day.
        numbers: Each number by its tag, as printed there.
    """

    name: str
    released_on: datetime.date
    numbers: Mapping[str, str]


def chapter(report: Report, earlier: Earlier | None) -> Section:
    """What changed since the last release.

    Args:
        report: All other chapters.
        earlier: The last release that was not withdrawn; None if there is none.
    """
    title = "What changed since the last release"
    if earlier is None:
        return Section(title, (Paragraph("Nothing has been released yet, so there is nothing to compare with."),))
    now = {tag_of(number_.id): number_.text for number_ in numbers_of(report)}
    shared = [tag for tag in now if tag in earlier.numbers and not tag.startswith(_NOT_COMPARED)]
    changed = [tag for tag in shared if now[tag] != earlier.numbers[tag] and not tag.endswith(".opening")]
    said = words(
        "changes",
        "Compared with release {name} of {released_on}: {n_changed}, of {n_shared} that are in both (profiles of single "
        "areas apart). A release contains only what may be shown outside the team, so a number can also differ because of "
        "that.",
        name=earlier.name,
        released_on=day(earlier.released_on),
        n_changed=counted(len(changed), "number or name changed", "numbers or names changed"),
        n_shared=number(len(shared)),
    )
    rows = tuple((words_of_tag(tag), earlier.numbers[tag], now[tag]) for tag in changed)
    columns = ("What", f"Release {earlier.name}", "Now")
    table = DataTable("Numbers that changed since the last release", columns, rows, is_sample=report.is_sample)
    return Section(title, (Paragraph(said), *((table,) if rows else ())))


def numbers_of(report: Report) -> list[Number]:
    """Every number in a sentence of the report."""
    found: list[Number] = []

    def walk(sections: tuple[Section, ...]) -> None:
        for section in sections:
            for block in section.blocks:
                texts: tuple[str | Words, ...] = ()
                if isinstance(block, Paragraph):
                    texts = (block.words,)
                elif isinstance(block, BulletList):
                    texts = block.items
                found.extend(
                    part for text in texts if isinstance(text, tuple) for part in text if isinstance(part, Number)
                )
            walk(section.subsections)

    walk(report.sections)
    return found

"""Composes the report: puts chapters in order and figures in their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.places.landscape import names_in
from landscape.reporting.chapters import (
    about,
    activities,
    areas,
    challenges,
    context,
    coverage,
    delivery,
    dictionary,
    learning,
    method,
    network,
    objectives,
    police_uk,
    practice,
    priorities,
    shared,
    summary,
    technologies,
)
from landscape.reporting.chapters.changes import Earlier
from landscape.reporting.chapters.changes import chapter as changes
from landscape.reporting.content import DRAFT, Figure, FigureRef, Paragraph, Report, Section, Status

if TYPE_CHECKING:
    import pandas as pd

SUBTITLE = "Coverage, activities, objectives and priorities as recorded so far"
SAMPLE = "Made-up sample data"
_FURTHER = (
    "Each survey’s closed questions, as they were asked: how many chose each option, of how many answered. "
    "They show {} as a whole, never an area."
)
SAMPLE_NOTICE = (
    "Every response, visit and activity counted in this report was invented to show what the report will "
    "look like. Nothing in it describes a real police force, commissioner’s office, organisation or person. "
    "Only facts about the showcase, populations{open_data} and the Home Office workforce figures are real."
)
_OPEN_DATA = ", what forces publish on data.police.uk"


def compose(tables: Mapping[str, pd.DataFrame], figures: list[dict[str, Any]], status: Status = DRAFT) -> Report:
    """The content of the report: sentences, tables and places for figures.

    Args:
        tables: Every mart by its full name, with `staged.submissions`, `staged.response_statuses`,
            `staged.issue_counts`, `reference.codebook`, `reference.landscape`, `reference.showcase` and `dictionary`.
        figures: The entries of `figures.json`, in order.
        status: A draft, or which release it belongs to. A release has neither `staged.response_statuses` nor
            `staged.issue_counts`: what was set aside can be one person's.

    Returns:
        The content, not yet numbered; figures that no chapter places are in a separate chapter.
    """
    names = names_in(tables)
    is_sample = any(bool(table["is_sample"].any()) for table in tables.values() if "is_sample" in table.columns)
    findings = [
        summary.chapter(tables),
        about.chapter(tables, status),
        coverage.chapter(tables),
        activities.chapter(tables),
        objectives.chapter(tables),
        shared.chapter(tables),
        practice.chapter(tables),
        challenges.chapter(tables),
        technologies.chapter(tables),
        delivery.chapter(tables),
        priorities.chapter(tables),
        learning.chapter(tables),
        network.chapter(tables),
        context.chapter(tables),
    ]
    drawn = [Figure.from_manifest(entry) for entry in figures]
    placed = {figure_id for section in findings for figure_id in _placed(section)}
    others = tuple(FigureRef(figure.figure_id) for figure in drawn if figure.figure_id not in placed)
    known = {figure.figure_id for figure in drawn}
    sections = [_without_undrawn(section, known) for section in findings]
    if others:
        sections.append(Section("Further figures", (Paragraph(_FURTHER.format(names.short)), *others)))
    open_data = _OPEN_DATA if police_uk.sections(tables) else ""
    sections += [method.chapter(tables), areas.chapter(tables), dictionary.chapter(tables)]
    return Report(
        title=names.title,
        subtitle=SUBTITLE,
        is_sample=is_sample,
        stamp=f"{SAMPLE} – {status.stamp}" if is_sample else status.stamp,
        notice=f"{SAMPLE}. {SAMPLE_NOTICE.format(open_data=open_data)}" if is_sample else "",
        sections=tuple(sections),
        figures=tuple(drawn),
    )


def with_changes(report: Report, earlier: Earlier | None) -> Report:
    """The report with what changed since the last release, before its annexes.

    Args:
        report: The report.
        earlier: The numbers in the last release; None if nothing has been released.
    """
    *chapters, profiles, dictionary_ = report.sections
    return replace(report, sections=(*chapters, changes(report, earlier), profiles, dictionary_))


def _placed(section: Section) -> list[str]:
    here = [block.figure_id for block in section.blocks if isinstance(block, FigureRef)]
    return here + [figure_id for below in section.subsections for figure_id in _placed(below)]


def _without_undrawn(section: Section, known: set[str]) -> Section:
    """The section without places for figures that this landscape does not have."""
    return replace(
        section,
        blocks=tuple(block for block in section.blocks if not isinstance(block, FigureRef) or block.figure_id in known),
        subsections=tuple(_without_undrawn(below, known) for below in section.subsections),
    )

"""Composes the report: chapters in order, figures in their places. Not here: the sentences of a chapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.reporting.chapters import (
    about,
    activities,
    areas,
    context,
    coverage,
    dictionary,
    method,
    network,
    objectives,
    priorities,
    summary,
)
from landscape.reporting.chapters.changes import Earlier
from landscape.reporting.chapters.changes import chapter as changes
from landscape.reporting.content import DRAFT, Figure, FigureRef, Paragraph, Report, Section, Status

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Police-community engagement in the North of England"
SUBTITLE = "Coverage, activities, objectives and priorities as recorded so far"
SAMPLE = "Made-up sample data"
_FURTHER = (
    "Each survey’s closed questions, as they were asked: how many chose each option, of how many answered. "
    "They show the North as a whole, never an area."
)
SAMPLE_NOTICE = (
    "Every response, visit and activity counted in this report was invented to show what the report will "
    "look like. Nothing in it describes a real police force, commissioner’s office, organisation or person. "
    "Only facts about the showcase, populations and the Home Office workforce figures are real."
)


def compose(tables: Mapping[str, pd.DataFrame], figures: list[dict[str, Any]], status: Status = DRAFT) -> Report:
    """The report in words, tables and places of figures.

    Args:
        tables: Every mart by its full name, with `staged.submissions`, `staged.response_statuses`,
            `staged.issue_counts`, `reference.codebook`, `reference.showcase` and `dictionary`.
        figures: The entries of `figures.json`, in order.
        status: A draft, or which release it belongs to. A release has neither `staged.response_statuses` nor
            `staged.issue_counts`: what was set aside can be one person's.

    Returns:
        The content, not yet numbered; figures that no chapter places stand in a chapter of their own.
    """
    is_sample = any(bool(table["is_sample"].any()) for table in tables.values() if "is_sample" in table.columns)
    findings = [
        summary.chapter(tables),
        about.chapter(tables, status),
        coverage.chapter(tables),
        activities.chapter(tables),
        objectives.chapter(tables),
        priorities.chapter(tables),
        network.chapter(tables),
        context.chapter(tables),
    ]
    drawn = [Figure.from_manifest(entry) for entry in figures]
    placed = {figure_id for section in findings for figure_id in _placed(section)}
    others = tuple(FigureRef(figure.figure_id) for figure in drawn if figure.figure_id not in placed)
    known = {figure.figure_id for figure in drawn}
    sections = [_without_undrawn(section, known) for section in findings]
    if others:
        sections.append(Section("Further figures", (Paragraph(_FURTHER), *others)))
    sections += [method.chapter(tables), areas.chapter(tables), dictionary.chapter(tables)]
    return Report(
        title=TITLE,
        subtitle=SUBTITLE,
        is_sample=is_sample,
        stamp=f"{SAMPLE} – {status.stamp}" if is_sample else status.stamp,
        notice=f"{SAMPLE}. {SAMPLE_NOTICE}" if is_sample else "",
        sections=tuple(sections),
        figures=tuple(drawn),
    )


def with_changes(report: Report, earlier: Earlier | None) -> Report:
    """The report with what changed since the last release, before its annexes.

    Args:
        report: The report.
        earlier: What the last release says; None where nothing has been released.
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

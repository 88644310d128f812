"""The profile of one force area as a separate document, in Word and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.places.areas import AreaSpellings
from landscape.publishing import publish, published
from landscape.reporting.chapters.areas import READS, profile_sections
from landscape.reporting.compose import SAMPLE, SAMPLE_NOTICE
from landscape.reporting.content import DRAFT, Report, id_of
from landscape.reporting.pdf import write_pdf
from landscape.reporting.template import template_of
from landscape.reporting.word import write_docx
from landscape.staging_db import StagingDatabase, read_table
from landscape.surveys.known import scan_for

if TYPE_CHECKING:
    import pandas as pd


def find_area(text: str, areas: pd.DataFrame, aliases: pd.DataFrame) -> str:
    """The code of the area with this name, code or reviewed spelling.

    Args:
        text: What was typed.
        areas: Columns force_area_code and force_area_name.
        aliases: `reference.aliases`.

    Raises:
        LandscapeError: There is none; the error names the nearest.
    """
    if text.strip().upper() in set(areas["force_area_code"]):
        return text.strip().upper()
    pairs = {use: rows[["alias", "force_area_code"]] for use, rows in aliases.groupby("alias_use")}
    deciding, suggesting = (
        pairs[use].itertuples(index=False, name=None) if use in pairs else () for use in ("decides", "suggests")
    )
    named = zip(areas["force_area_name"], areas["force_area_code"], strict=True)
    found = AreaSpellings([*deciding, *named], suggesting).find(text)
    if found.force_area_code:
        return found.force_area_code
    names = dict(zip(areas["force_area_code"], areas["force_area_name"], strict=True))
    raise LandscapeError(
        f"there is no force area “{text}”",
        remedy=f"did you mean {names[found.suggestion]}?"
        if found.suggestion in names
        else f"the areas are {', '.join(sorted(names.values()))}",
    )


def publish_profile(staging_db: StagingDatabase, area: str) -> list[Path]:
    """Writes one area's profile to `reports/areas/`, as of the last refresh.

    Args:
        staging_db: The staging database.
        area: A name, a code or a reviewed spelling.

    Returns:
        The files.

    Raises:
        LandscapeError: There is no such area.
    """
    tables = {name: read_table(staging_db.con, name) for name in READS}
    areas = tables["marts.force_areas"]
    code = find_area(area, areas, read_table(staging_db.con, "reference.aliases"))
    name = str(areas.loc[areas["force_area_code"] == code, "force_area_name"].iloc[0])
    report = compose_profile(tables, code, name)
    folder = staging_db.paths.area_profiles
    stem = id_of(name).replace("_", "-")

    def build(staging: Path) -> set[str]:
        write_docx(report, folder, staging / f"{stem}.docx", template_of(staging_db.paths))
        write_pdf(report, folder, staging / f"{stem}.pdf")
        return {f"{stem}.docx", f"{stem}.pdf"} | published(folder)

    folder.mkdir(parents=True, exist_ok=True)
    return [folder / written for written in publish(folder, f"{stem}.pdf", build, scan_for(staging_db.paths))]


def compose_profile(tables: dict[str, pd.DataFrame], code: str, name: str) -> Report:
    """An area's profile as a report of a page or two, without cover and contents."""
    is_sample = bool(tables["marts.force_areas"]["is_sample"].any())
    return Report(
        title=name,
        subtitle="Police-community engagement: profile of a force area",
        is_sample=is_sample,
        stamp=f"{SAMPLE} – {DRAFT.stamp}" if is_sample else DRAFT.stamp,
        notice=f"{SAMPLE}. {SAMPLE_NOTICE}" if is_sample else "",
        sections=profile_sections(tables, code),
        is_brief=True,
    )

"""Publishes figures: drawn together, swapped in together, listed in figures.json. Not here: drawing them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from landscape.charts.chart import Chart
from landscape.charts.index import INDEX, index_page
from landscape.charts.render import MANIFEST, render
from landscape.figure_marks import DRAFT_RELEASE
from landscape.pii_scan import Known, refuse_personal
from landscape.publishing import publish


def publish_figures(
    charts: Sequence[Chart], folder: Path, order: Sequence[str], known: Known, release: str = DRAFT_RELEASE
) -> list[dict[str, Any]]:
    """Draws charts and publishes them beside the figures that were not drawn this time.

    Args:
        charts: The charts to draw.
        folder: The published folder.
        order: Ids of all figures there are, in the order of the report; others are dropped.
        known: People whose names and numbers must not stand in them.
        release: Name of the release that they belong to.

    Returns:
        The entries of figures.json for the charts drawn.
    """
    drawn: list[dict[str, Any]] = []

    def build(staging: Path) -> set[str]:
        drawn.extend(render(charts, staging, folder, release))
        entries = {entry["id"]: entry for entry in [*_published(folder), *drawn]}
        listed = [entries[name] for name in order if name in entries]
        manifest = json.dumps({"figures": listed}, indent=1, ensure_ascii=False)
        (staging / MANIFEST).write_text(manifest + "\n", encoding="utf-8")
        (staging / INDEX).write_text(index_page(listed, release), encoding="utf-8", newline="\n")
        return {MANIFEST, INDEX, *(file["path"] for entry in listed for file in entry["files"].values())}

    publish(folder, MANIFEST, build, partial(refuse_personal, known=known))
    return drawn


def _published(folder: Path) -> list[dict[str, Any]]:
    path = folder / MANIFEST
    return json.loads(path.read_text(encoding="utf-8"))["figures"] if path.exists() else []

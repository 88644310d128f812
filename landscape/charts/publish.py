"""Publishes figures: drawn together, swapped in together, listed in figures.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from landscape.charts.chart import Chart
from landscape.charts.index import INDEX, index_page
from landscape.charts.render import MANIFEST, published_figures, render
from landscape.figure_marks import DRAFT_RELEASE
from landscape.pii_scan import Known, refuse_personal
from landscape.publishing import publish


def publish_figures(
    charts: Sequence[Chart], folder: Path, order: Sequence[str], known: Known, stamps: Mapping[str, str], stamp: str
) -> None:
    """Draws charts and publishes them with the figures that were not drawn this time.

    Args:
        charts: The charts to draw.
        folder: The published folder.
        order: Ids of all figures, in the order of the report; others are dropped.
        known: People whose names and numbers must not appear in them.
        stamps: What each figure is made from, by its id.
        stamp: What all of them are made from.
    """

    def build(staging: Path) -> set[str]:
        drawn = [{**entry, "stamp": stamps[entry["id"]]} for entry in render(charts, staging, folder)]
        entries = {entry["id"]: entry for entry in [*published_figures(folder), *drawn]}
        listed = [entries[name] for name in order if name in entries]
        manifest = json.dumps({"figures": listed}, indent=1, ensure_ascii=False)
        (staging / MANIFEST).write_text(manifest + "\n", encoding="utf-8")
        (staging / INDEX).write_text(index_page(listed, DRAFT_RELEASE), encoding="utf-8", newline="\n")
        return {MANIFEST, INDEX, *(file["path"] for entry in listed for file in entry["files"].values())}

    publish(folder, MANIFEST, build, partial(refuse_personal, known=known), stamp)

"""Pictures of a hand-made landscape against pictures that a person has accepted.

What changed on purpose is accepted by LANDSCAPE_ACCEPT_PICTURES=1 pytest -n 0 tests/test_charts_pictures.py; look at the
new pictures in tests/pictures before committing them.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from figure_landscapes import REFERENCE, plausible
from PIL import Image, ImageChops, ImageStat

from landscape.charts.browser import find_browser
from landscape.charts.export import laid_out
from landscape.charts.render import draw_pictures, mark_of
from landscape.places.boundaries import read_boundaries

ACCEPTED = Path(__file__).parent / "pictures"
ACCEPT = "LANDSCAPE_ACCEPT_PICTURES"
DRAWN = (
    "coverage_map@16",
    "coverage_map@8",
    "objective_breakdown@16",
    "objective_combinations@16",
    "priorities@8",
)
WIDTH = 360
MEAN, SPOT = 1.5, 40.0  # of 255: over the whole picture, and over the worst spot of 12 × 12 pixels
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium to draw with"),
]


def small(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB").resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.BOX)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """All pictures, drawn in one batch."""
    folder = tmp_path_factory.mktemp("pictures")
    tables, boundaries = plausible(), read_boundaries(REFERENCE / "force_areas.geojson")
    charts = []
    for drawn in DRAWN:
        name, _, width = drawn.partition("@")
        module = importlib.import_module(f"assets.figures.{name}")
        needed = {table: tables[table].copy() for table in module.READS}
        chart = laid_out(lambda module=module, needed=needed: module.draw(needed, boundaries), float(width))
        charts.append(replace(chart, figure_id=drawn))
    assert draw_pictures(charts, [mark_of(chart, "draft") for chart in charts], folder) is None
    return {drawn: folder / f"{drawn}.png" for drawn in DRAWN}


@pytest.mark.parametrize("drawn", DRAWN)
def test_a_picture_looks_as_it_was_accepted(pictures: Mapping[str, Path], drawn: str) -> None:
    accepted, now = ACCEPTED / f"{drawn}.png", small(pictures[drawn])
    if os.environ.get(ACCEPT):
        ACCEPTED.mkdir(exist_ok=True)
        now.quantize(64).save(accepted, optimize=True)
    was = small(accepted)
    assert now.size == was.size, f"another height; to accept it, see {ACCEPT} in docs/architecture.md"
    difference = ImageChops.difference(now, was).convert("L")
    mean = ImageStat.Stat(difference).mean[0]
    spots = difference.reduce(12).getextrema()[1]
    assert mean <= MEAN and spots <= SPOT, f"{mean:.2f} and {spots} of 255 differ; now: {pictures[drawn]}"


def test_a_label_that_is_missing_or_a_fill_that_changed_is_noticed(pictures: Mapping[str, Path]) -> None:
    was = small(ACCEPTED / "coverage_map@16.png")
    changed = was.copy()
    changed.paste((255, 255, 255), (60, 160, 110, 190))
    difference = ImageChops.difference(was, changed).convert("L")
    assert difference.reduce(12).getextrema()[1] > SPOT

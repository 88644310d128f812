"""Pictures are light, and look as they would if they were not."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure_landscapes import REFERENCE, plausible
from lxml import etree
from PIL import Image

from assets.figures import coverage_map, objective_maps
from landscape.charts.browser import find_browser
from landscape.charts.chart import Chart
from landscape.charts.png import _in_full_colour
from landscape.charts.render import render
from landscape.charts.style import HATCH, INK, NOT_SHOWN, PAPER, SEQUENTIAL
from landscape.charts.svg import lightened
from landscape.places.boundaries import read_boundaries

if TYPE_CHECKING:
    from playwright.sync_api import Page

BROWSER = find_browser()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to draw with"),
]
NAMES = ("coverage_map", "objective_maps")
MOST_BYTES = {"coverage_map": 400_000, "objective_maps": 650_000}
SEEN, MOST_SEEN = 8, 0.003  # of 255, and of all dots


@pytest.fixture(scope="module")
def charts() -> dict[str, Chart]:
    tables, boundaries = plausible(), read_boundaries(REFERENCE / "force_areas.geojson")
    drawn = [
        module.draw({table: tables[table] for table in module.READS}, boundaries)
        for module in (coverage_map, objective_maps)
    ]
    return {chart.figure_id: chart for chart in drawn}


@pytest.fixture(scope="module")
def folder(charts: dict[str, Chart], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("light")
    render(list(charts.values()), made, made / "nowhere")
    return made


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 1000, "height": 1200})
        browser.close()


def texts_of(chart: Chart) -> list[str]:
    return [html.unescape(trace.text) for trace in chart.plot.data if trace.text]


def svg_of(folder: Path, name: str) -> str:
    return (folder / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_palette_leaves_fills_as_they_are_and_nearly_all_else(folder: Path, name: str) -> None:
    (full,) = _in_full_colour([svg_of(folder, name)])
    before = np.asarray(Image.open(io.BytesIO(full)).convert("RGB")).astype(int)
    with Image.open(folder / f"{name}.png") as picture:
        assert picture.mode == "P"
        after = np.asarray(picture.convert("RGB")).astype(int)
    off = np.abs(before - after).max(axis=2)
    assert (off > SEEN).mean() <= MOST_SEEN
    for colour in (*SEQUENTIAL, PAPER, INK, HATCH, NOT_SHOWN):
        filled = (before == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=2)
        assert not off[filled].any(), colour


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_light_and_no_outline_is_in_it_twice(folder: Path, name: str) -> None:
    page = folder / f"{name}.html"
    assert page.stat().st_size <= MOST_BYTES[name]
    outlines = [path.get("d") for path in etree.fromstring(svg_of(folder, name).encode()).iter("{*}path")]
    long = [outline for outline in outlines if len(outline) >= 60]
    assert len(long) == len(set(long)) and len(long) >= 12


def test_small_maps_use_outlines_that_are_defined(charts: dict[str, Chart], folder: Path) -> None:
    root = etree.fromstring(svg_of(folder, "objective_maps").encode())
    defined = {element.get("id") for element in root.find("{*}defs")}
    used = [use.get("{http://www.w3.org/1999/xlink}href").removeprefix("#") for use in root.iter("{*}use")]
    assert set(used) <= defined
    assert len(used) > 0.9 * len(texts_of(charts["objective_maps"]))


@pytest.mark.parametrize("name", NAMES)
def test_every_area_has_its_text_whichever_order_it_is_drawn_in(
    charts: dict[str, Chart], folder: Path, name: str
) -> None:
    titles = [title.text for title in etree.fromstring(svg_of(folder, name).encode()).iter("{*}title")]
    assert sorted(titles) == sorted(texts_of(charts[name]))


def test_a_text_follows_its_trace_and_what_draws_nothing_goes(charts: dict[str, Chart]) -> None:
    """Two traces, drawn in an order of the renderer's own; a box without colour; a group that does nothing."""
    first, second = [i for i, trace in enumerate(charts["coverage_map"].plot.data) if trace.text][:2]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g class="empty"/><g class="opened">'
        f'<g class="trace scatter trace-{second}"><path class="js-fill" d="M0,0L9,0L9,9L0,0Z" style="fill: rgb(1, 2, 3)"/>'
        '<path class="js-line" d="M0,0L9,0L9,9L0,0" style="fill: none; stroke: rgb(4, 5, 6); stroke-width: 2px"/></g>'
        f'<g class="trace scatter trace-{first}"><path d="M0,0L1.123456,2" style="stroke: rgb(7, 8, 9)"/></g></g>'
        '<rect class="bg" style="fill: rgb(0, 0, 0); fill-opacity: 0; stroke-width: 0"/></svg>'
    )
    root = etree.fromstring(lightened(svg, charts["coverage_map"]).encode())
    one, other = texts_of(charts["coverage_map"])[:2]
    assert [title.text for title in root.iter("{*}title")] == [other, one]
    assert [dict(path.attrib) for path in root.iter("{*}path")] == [
        {"d": "M0,0l9,0 0,9z", "fill": "#010203", "stroke": "#040506", "stroke-width": "2"},
        {"d": "M0,0l1.12,2", "stroke": "#070809"},
    ]
    assert [etree.QName(element).localname for element in root.iter()] == [
        "svg",
        "g",
        "title",
        "path",
        "g",
        "title",
        "path",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_whoever_points_at_an_area_or_its_label_gets_its_text(
    charts: dict[str, Chart], folder: Path, page: Page, name: str
) -> None:
    """What a browser shows is the title of the nearest element around what is at the pointer."""
    page.goto((folder / f"{name}.html").as_uri())
    found = page.evaluate(
        """() => [...document.querySelectorAll('figure svg g:has(> title)')].map(area => {
            const {left, top, width, height} = area.getBoundingClientRect()
            const hits = new Set()
            for (let i = 1; i < 12; i++) for (let j = 1; j < 12; j++) {
                const at = document.elementFromPoint(left + width * i / 12, top + height * j / 12)
                hits.add(at?.closest('g:has(> title)') ?? null)
            }
            return [area.querySelector('title').textContent, hits.has(area)]
        })"""
    )
    assert sorted(text for text, _ in found) == sorted(texts_of(charts[name]))
    assert all(is_hit for _, is_hit in found)
    label = page.locator("figure svg text", has_text="Durham").first
    if name == "coverage_map":
        box = label.bounding_box()
        assert box is not None
        at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        under = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('g:has(> title)').textContent", at)
        assert under.startswith("Durham: ")


def test_the_keyboard_reaches_the_areas_of_one_map_and_shows_their_texts(
    charts: dict[str, Chart], folder: Path, page: Page
) -> None:
    page.goto((folder / "coverage_map.html").as_uri())
    shown = []
    for _ in range(12):
        page.keyboard.press("Tab")
        shown.append(page.inner_text(".shown"))
    assert shown == texts_of(charts["coverage_map"])
    page.keyboard.press("Tab")
    assert page.inner_text(".shown") == ""
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    names = page.locator("figure svg").aria_snapshot()
    assert charts["coverage_map"].alt in names and all(text in names for text in shown)
    page.goto((folder / "objective_maps.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "nobody tabs through over a hundred areas"

"""Whoever cannot see colours, a picture or a mouse still gets it all."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure_landscapes import draw
from reporting_documents import make, write

from assets.figures import coverage_map
from landscape.charts import style, survey_charts
from landscape.charts.browser import find_browser
from landscape.charts.index import INDEX, index_page
from landscape.charts.render import render
from landscape.charts.style import PAPER, SEQUENTIAL_FILLS, STATE_FILLS, Fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TELLS_APART = 8.0  # CAM02-UCS: about four times what is just noticed when two fills lie side by side
VISIONS = ("normal", "deuteranomaly", "protanomaly", "tritanomaly", "grey")
BROWSER = find_browser()
_FOCUSABLE = "[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
needs_browser = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to look at pages with")


def seen(colour: str, vision: str) -> np.ndarray:
    """A colour as it is seen, in sRGB from 0 to 1."""
    from colorspacious import cspace_convert

    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    if vision == "normal":
        return rgb
    if vision == "grey":
        lightness, _, _ = cspace_convert(rgb, "sRGB1", "CIELab")
        return np.clip(cspace_convert([lightness, 0, 0], "CIELab", "sRGB1"), 0, 1)
    space = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
    return np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)


def difference(one: str, other: str, vision: str) -> float:
    from colorspacious import deltaE

    return float(deltaE(seen(one, vision), seen(other, vision), input_space="sRGB1"))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def told_apart(one: Fill, other: Fill, vision: str) -> bool:
    return one.pattern != other.pattern or difference(one.colour, other.colour, vision) >= TELLS_APART


@pytest.mark.parametrize("vision", VISIONS)
def test_classes_and_states_are_told_apart_however_colours_are_seen(vision: str) -> None:
    fills = [*SEQUENTIAL_FILLS, *STATE_FILLS.values()]
    alike = [(a, b) for a, b in itertools.combinations(fills, 2) if not told_apart(a, b, vision)]
    assert alike == []
    for a, b in itertools.combinations(coverage_map.FILLS.values(), 2):
        assert told_apart(a, b, vision)
    assert told_apart(survey_charts._CHOSE, survey_charts._DID_NOT, vision)


def test_text_reads_well_on_every_background() -> None:
    for fill in (*SEQUENTIAL_FILLS, *STATE_FILLS.values(), *coverage_map.FILLS.values()):
        under = PAPER if fill.pattern else fill.colour  # a pattern gets a backing
        assert contrast(fill.ink, under) >= 4.5, fill
    for ink in (style.INK, style.SOFT_INK, style.PLUM):
        assert contrast(ink, PAPER) >= 4.5
    assert contrast(style.RULE, PAPER) >= 3
    assert contrast(style.BLUE, PAPER) >= 3 and contrast(style.PLUM, PAPER) >= 3


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report, a page of a figure and the page of all figures; the picture of one figure is missing."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        entries = render([draw("coverage_map")], folder, folder)
        patch.setenv("BROWSER_PATH", "/no/such/browser")
        entries += render([draw("priorities")], folder, folder)
    (folder / INDEX).write_text(index_page(entries), encoding="utf-8")
    report = write(folder / "report", *make(folder / "made"))["html"]
    return {
        "report": report,
        "figure": folder / "coverage_map.html",
        "no picture": folder / "priorities.html",
        "index": folder / INDEX,
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page cut off from every network."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize(
    ("which", "width"),
    [("report", 1200), ("report", 400), ("figure", 400), ("no picture", 400), ("index", 1200)],
)
def test_axe_finds_nothing(pages: dict[str, Path], page: Page, which: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(pages[which].as_uri())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": tags, "resultTypes": ["violations"]}).response["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found] == []


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize("which", ["report", "figure", "index"])
def test_a_keyboard_reaches_everything_in_reading_order(pages: dict[str, Path], page: Page, which: str) -> None:
    page.goto(pages[which].as_uri())
    reached: list[int] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        number = page.evaluate(f"({_FOCUSABLE}).indexOf(document.activeElement)")
        if number < 0:
            break
        reached.append(number)
    seen_by_all = page.evaluate(f"({_FOCUSABLE}).map((e, i) => e.checkVisibility() ? i : -1).filter(i => i >= 0)")
    assert reached == seen_by_all
    assert reached[0] == 0, "the way past the contents comes first"
    levels = [int(tag[1]) for tag in page.eval_on_selector_all("h1, h2, h3, h4", "all => all.map(e => e.tagName)")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), "no level is left out"


@pytest.mark.browser
@needs_browser
def test_the_page_of_all_figures_shows_pictures_and_its_links_lead_somewhere(
    pages: dict[str, Path], page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages["index"].as_uri())
    picture = page.locator("img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == style.WIDTH
    assert all(url.startswith(("file:", "data:")) for url in asked)
    linked = page.eval_on_selector_all("a[href]:not([href^='#'])", "all => all.map(a => a.getAttribute('href'))")
    assert linked and all((pages["index"].parent / name).is_file() for name in linked)
    assert "No picture. No browser was found" in page.inner_text("#priorities")
    assert "Draft, not for circulation" in page.inner_text("header")


def test_the_page_of_all_figures_is_the_same_each_time_and_says_which_release() -> None:
    entry = {
        **dict.fromkeys(("title", "subtitle", "caption", "alt", "long_description", "n", "coverage", "source"), "<b>words</b>"),
        "id": "coverage_map", "is_sample": False, "width_px": 720, "height_px": 500,
        "files": {kind: {"path": f"coverage_map.{kind}", "sha256": ""} for kind in ("html", "svg", "png", "csv")},
    }  # fmt: skip
    page = index_page([entry], "2018-02")
    assert page == index_page(json.loads(json.dumps([entry])), "2018-02")
    assert "Release 2018-02" in page and "Draft" not in page
    assert "<b>" not in page

from __future__ import annotations

import csv
import datetime
import hashlib
import html
import json
import os
import re
import shutil
import struct
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from choreographer.cli._cli_utils import get_chrome_download_path
from figure_landscapes import REFERENCE, hostile, plausible

from assets.figures import coverage_map, priorities
from landscape.charts import render as renderer
from landscape.charts.browser import find_browser, install_browser
from landscape.charts.page import chart_csv
from landscape.charts.render import MANIFEST, render
from landscape.charts.sheet import SAMPLE
from landscape.places.boundaries import read_boundaries

NOWHERE = Path("nowhere")

needs_browser = pytest.mark.skipif(
    find_browser() is None, reason="no browser found: pictures are not tested (plotly_get_chrome gets one)"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="stands in for a browser with a shell script")


@pytest.fixture(scope="module")
def charts():
    boundaries = read_boundaries(REFERENCE / "force_areas.geojson")
    return [coverage_map.draw(plausible(), boundaries), priorities.draw(hostile(), boundaries)]


@pytest.fixture(scope="module")
def drawn(charts, tmp_path_factory):
    """A published folder: two figures, with pictures where there is a browser."""
    folder = tmp_path_factory.mktemp("figures")
    entries = render(charts, folder, NOWHERE)
    (folder / MANIFEST).write_text(json.dumps({"figures": entries}), encoding="utf-8")
    return folder, entries


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/no/such/browser")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.browser
@needs_browser
def test_two_renderings_give_the_same_bytes(charts, drawn, tmp_path):
    folder, entries = drawn
    again = render(charts, tmp_path, NOWHERE)
    assert again == entries
    for chart in charts:
        for kind in ("html", "svg", "png", "csv"):
            name = f"{chart.figure_id}.{kind}"
            assert (folder / name).read_bytes() == (tmp_path / name).read_bytes()


@pytest.mark.browser
@needs_browser
def test_pictures_carry_the_house_font_and_are_sharp_enough_for_word(charts, drawn):
    folder, entries = drawn
    for chart, entry in zip(charts, entries, strict=True):
        svg = (folder / f"{chart.figure_id}.svg").read_text(encoding="utf-8")
        assert svg.count('@font-face{font-family:"Open Sans"') == 2
        assert SAMPLE in svg
        png = (folder / f"{chart.figure_id}.png").read_bytes()
        assert png.startswith(b"\x89PNG")
        assert struct.unpack(">II", png[16:24]) == (3 * entry["width_px"], 3 * entry["height_px"])
        assert "pictures_missing" not in entry


@pytest.mark.browser
@needs_browser
def test_unchanged_figures_are_copied_and_changed_ones_drawn(charts, drawn, tmp_path, no_browser):
    folder, entries = drawn
    changed = replace(charts[1], caption="Another caption.")
    first, second = render([charts[0], changed], tmp_path, folder)
    # Without a browser only a copy can have its pictures.
    assert first == entries[0]
    assert (tmp_path / "coverage_map.png").read_bytes() == (folder / "coverage_map.png").read_bytes()
    assert set(second["files"]) == {"html", "csv"}
    assert second["content_sha256"] != entries[1]["content_sha256"]


@pytest.mark.browser
@needs_browser
def test_a_picture_that_was_tampered_with_is_not_copied(charts, drawn, tmp_path, no_browser):
    folder, entries = drawn
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "coverage_map.png").write_bytes(b"not the picture that was recorded")
    staging = tmp_path / "staging"
    staging.mkdir()
    first, second = render(charts, staging, tmp_path)
    assert "pictures_missing" in first
    assert not (staging / "coverage_map.png").exists()
    assert second == entries[1]


@pytest.mark.browser
@needs_browser
def test_the_page_fetches_nothing_shows_its_chart_and_runs_no_label(drawn):
    from playwright.sync_api import sync_playwright

    folder, _ = drawn
    asked, said = [], []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for name in ("coverage_map", "priorities"):
            page = browser.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("dialog", lambda dialog: said.append(dialog.message))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("console", lambda message: said.append(message.text))
            page.goto((folder / f"{name}.html").as_uri())
            assert "Draft, not for circulation" in page.locator("figure svg").text_content()
            page.close()
        browser.close()
    assert not said
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert len([url for url in asked if url.startswith("file:")]) == 2


@pytest.mark.browser
@needs_browser
def test_the_page_holds_its_picture_nothing_to_fetch_no_script_and_no_machine_path(charts, drawn):
    folder, _ = drawn
    for chart in charts:
        page = (folder / f"{chart.figure_id}.html").read_text(encoding="utf-8")
        assert "default-src 'none'" in page
        assert not re.search(r"<script|https?://(?!www\.w3\.org/)|(?<!xlink:)(?:src|href)\s*=", page)
        assert str(Path.cwd()) not in page
        assert page.count("<svg ") == 1 and page.count(html.escape(chart.alt, quote=False)) == 1
        assert page.count("@font-face") == 2, "the page has the house font once"


def test_the_data_are_under_the_chart_as_it_was_drawn(charts, drawn):
    folder, _ = drawn
    page = (folder / "coverage_map.html").read_text(encoding="utf-8")
    with (folder / "coverage_map.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == list(charts[0].data.columns)
    assert len(rows) == 12
    assert rows[0][:3] == ["E23000006", "Cheshire", "Force and commissioner’s office"]
    for row in rows:
        assert "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" in page
    assert "(made-up sample data)" in page


def test_entries_name_files_by_their_hash(charts, drawn):
    folder, entries = drawn
    assert [entry["id"] for entry in entries] == ["coverage_map", "priorities"]
    for chart, entry in zip(charts, entries, strict=True):
        assert entry["title"] == chart.headline
        assert entry["is_sample"] is True
        for kind, file in entry["files"].items():
            assert file == {"path": f"{chart.figure_id}.{kind}", "sha256": sha256(folder / file["path"])}
    json.dumps(entries)


def test_without_a_browser_there_are_pages_and_data_and_a_remedy(charts, tmp_path, no_browser):
    entries = render(charts, tmp_path, NOWHERE)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "coverage_map.csv",
        "coverage_map.html",
        "priorities.csv",
        "priorities.html",
    ]
    for entry in entries:
        page = (tmp_path / f"{entry['id']}.html").read_text(encoding="utf-8")
        assert "No picture. No browser was found" in page
        assert "<svg" not in page and "<caption>The data drawn" in page
        assert set(entry["files"]) == {"html", "csv"}
        assert "plotly_get_chrome" in entry["pictures_missing"]
        assert "apt-get install -y chromium" in entry["pictures_missing"]


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


@posix
def test_a_browser_that_hangs_is_ended(charts, tmp_path, monkeypatch):
    browser = script(tmp_path / "browser", f"echo $$ > {tmp_path}/pid\nexec sleep 300")
    monkeypatch.setenv("BROWSER_PATH", browser)
    monkeypatch.setattr(renderer, "SECONDS_TO_START", 3)
    monkeypatch.setattr(renderer, "SECONDS_PER_FIGURE", 0)
    staging = tmp_path / "staging"
    staging.mkdir()
    started = time.monotonic()
    entries = render(charts[:1], staging, NOWHERE)
    assert time.monotonic() - started < 15
    assert "took longer than 3 seconds" in entries[0]["pictures_missing"]
    assert set(entries[0]["files"]) == {"html", "csv"}
    pid = int((tmp_path / "pid").read_text())
    for _ in range(20):
        if not is_running(pid):
            break
        time.sleep(0.1)
    assert not is_running(pid)


@posix
def test_a_browser_that_fails_is_reported_without_naming_folders(charts, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", script(tmp_path / "browser", "exit 1"))
    staging = tmp_path / "staging"
    staging.mkdir()
    entries = render(charts[:1], staging, NOWHERE)
    assert entries[0]["pictures_missing"].startswith("The browser could not draw the pictures (")
    assert str(tmp_path) not in entries[0]["pictures_missing"]
    assert not (staging / "coverage_map.png").exists()


def test_a_named_browser_is_the_only_one_tried(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", "/no/such/browser")
    assert find_browser() is None
    monkeypatch.setenv("BROWSER_PATH", sys.executable)
    assert find_browser() == Path(sys.executable)


@posix
@pytest.mark.skipif(get_chrome_download_path(mkdir=False).is_file(), reason="Kaleido has fetched its own already")
def test_getting_a_browser_tells_each_step_and_gives_up_politely(monkeypatch, tmp_path):
    """With no way out and a package manager that fails, as on a locked-down laptop."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    script(tmp_path / "apt-get", "exit 100")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BROWSER_PATH", "/no/such/browser")
    lines: list[str] = []
    assert install_browser(lines.append) is None
    assert lines[0].startswith("Fetching Chrome for Testing")
    assert any(line.startswith("That did not work") for line in lines)
    assert "plotly_get_chrome" in lines[-1]


def test_csv_cells_are_safe_in_spreadsheets():
    data = pd.DataFrame(
        {
            "topic_name": ["=1+1", "@SUM(A1)", "-minus", "+plus", "\tTab", "plain, with “quotes”", None],
            "n_selected": pd.array([-1, 2, None, 4, 5, 6, 7], dtype="Int64"),
            "selected_share": [-0.5, 1 / 3, None, 0.25, 1.0, 1234567.5, 0.1],
            "is_sample": [True, False, True, True, True, True, True],
            "first_on": [datetime.date(2017, 6, 12), None, None, None, None, None, None],
        }
    )
    assert chart_csv(data) == (
        "topic_name,n_selected,selected_share,is_sample,first_on\n"
        "'=1+1,-1,-0.5,true,2017-06-12\n"
        "'@SUM(A1),2,0.333333,false,\n"
        "'-minus,,,true,\n"
        "'+plus,4,0.25,true,\n"
        "'\tTab,5,1,true,\n"
        '"plain, with “quotes”",6,1234567.5,true,\n'
        ",7,0.1,true,\n"
    )

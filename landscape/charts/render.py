"""Turns charts into HTML, SVG, PNG and CSV, and entries of figures.json."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

from landscape.charts.browser import REMEDY, find_browser
from landscape.charts.chart import Chart, Words
from landscape.charts.page import chart_csv, chart_page
from landscape.charts.picture import TIMED_OUT, font_faces
from landscape.charts.png import PNG_SCALE, pngs_of
from landscape.charts.style import PIXELS_PER_CM
from landscape.charts.svg import lightened, numbered_traces, with_fonts
from landscape.errors import LandscapeError
from landscape.figure_marks import DRAFT_RELEASE, Mark, marked_html, marked_png, marked_svg
from landscape.progress import making
from landscape.publishing import read_record

MANIFEST = "figures.json"
KINDS = ("html", "svg", "png", "csv")
SECONDS_TO_START, SECONDS_PER_FIGURE = 60, 10
DOTS_PER_METRE = PIXELS_PER_CM * PNG_SCALE * 100  # so that a picture is as wide in a document as it was laid out
_NEEDED = {"id", "files"}
_SECONDS_TO_END = 20
_SECONDS_BETWEEN_LOOKS = 0.5
_PROJECT = Path(__file__).resolve().parents[2]


def render(
    charts: Sequence[Chart], staging: Path, previous: Path, release: str = DRAFT_RELEASE
) -> list[dict[str, Any]]:
    """Write every chart's files; a chart that has not changed since the last rendering is copied, not drawn.

    Args:
        charts: The charts in the order of the report.
        staging: An existing folder that the files are written to.
        previous: The folder of the last rendering with its figures.json; it need not exist.
        release: Name of the release that the figures belong to; it is in every file.

    Returns:
        The entries of figures.json, one per chart and in order. Where no picture could be made, `files` has no
        svg and png, and `pictures_missing` says why and what to do.
    """
    renderer = _renderer_sha256()
    content = {chart.figure_id: _content_sha256(chart, renderer, release) for chart in charts}
    earlier = _reusable(previous)
    unchanged = {figure_id for figure_id in content if content[figure_id] in earlier}
    changed = [chart for chart in charts if chart.figure_id not in unchanged]
    for figure_id in sorted(unchanged):
        for kind in KINDS:
            shutil.copyfile(previous / f"{figure_id}.{kind}", staging / f"{figure_id}.{kind}")
    marks = [mark_of(chart, release) for chart in changed]
    missing = draw_pictures(changed, marks, staging) if changed else None
    for chart, mark in zip(changed, marks, strict=True):
        making(f"page of {chart.figure_id}")
        _write(staging / f"{chart.figure_id}.html", page_of(chart, mark, staging, missing))
        _write(staging / f"{chart.figure_id}.csv", chart_csv(chart.data))
    return [
        _entry(chart, content[chart.figure_id], staging, release, None if chart.figure_id in unchanged else missing)
        for chart in charts
    ]


def page_of(chart: Chart, mark: Mark, folder: Path, missing: str | None) -> str:
    """The page of a chart whose picture is in a folder, or why there is none."""
    svg = None if missing else (folder / f"{chart.figure_id}.svg").read_text(encoding="utf-8")
    return marked_html(chart_page(chart, svg, missing), mark)


def mark_of(chart: Chart, release: str) -> Mark:
    """The mark in a chart's files; its checksum is that of the CSV."""
    return Mark(chart.figure_id, release, _sha256(chart_csv(chart.data).encode("utf-8")))


def _entry(chart: Chart, content_sha256: str, folder: Path, release: str, missing: str | None) -> dict[str, Any]:
    files = {kind: folder / f"{chart.figure_id}.{kind}" for kind in KINDS}
    entry = {
        "id": chart.figure_id,
        "title": chart.headline,
        "subtitle": chart.subtitle,
        "caption": chart.caption,
        "alt": chart.alt,
        "long_description": chart.long_description,
        "n": chart.n,
        "coverage": chart.coverage,
        "source": chart.source,
        "is_sample": chart.is_sample,
        "release": release,
        "content_sha256": content_sha256,
        "files": {
            kind: {"path": path.name, "sha256": _sha256(path.read_bytes())}
            for kind, path in files.items()
            if path.is_file()
        },
        "width_px": int(chart.plot.layout.width),
        "height_px": int(chart.plot.layout.height),
    }
    return entry if missing is None else {**entry, "pictures_missing": missing}


def draw_pictures(charts: Sequence[Chart], marks: Sequence[Mark], staging: Path) -> str | None:
    """Draw SVG in one child process, and PNG from it; returns why there are none, or None where there are.

    Args:
        charts: The charts.
        marks: The mark in the pictures of each.
        staging: Where each <figure_id>.svg and .png is written.
    """
    browser = find_browser()
    if browser is None:
        return f"No browser was found to draw pictures with. {REMEDY}"
    with tempfile.TemporaryDirectory(prefix="landscape-pictures-") as scratch:
        folder = Path(scratch)
        figures = [
            {"figure_id": chart.figure_id, "figure": numbered_traces(json.loads(chart.plot.to_json()))}
            for chart in charts
        ]
        seconds = SECONDS_TO_START + SECONDS_PER_FIGURE * len(charts)
        job = folder / "job.json"
        _write(job, json.dumps({"folder": scratch, "seconds": seconds, "figures": figures}))
        problem = _run_child(job, browser, seconds, [chart.figure_id for chart in charts])
        drawn = [folder / f"{chart.figure_id}.svg" for chart in charts]
        if problem is None and not all(path.is_file() and path.stat().st_size for path in drawn):
            problem = "The browser ended without drawing every picture."
        if problem is not None:
            return f"{problem} Refresh again; if it happens again, use another browser. {REMEDY}"
        svgs = [lightened(path.read_text(encoding="utf-8"), chart) for path, chart in zip(drawn, charts, strict=True)]
    for chart, mark, svg, png in zip(charts, marks, svgs, pngs_of(svgs), strict=True):
        _write(staging / f"{chart.figure_id}.svg", marked_svg(with_fonts(svg, font_faces()), mark))
        (staging / f"{chart.figure_id}.png").write_bytes(marked_png(png, mark, dots_per_metre=DOTS_PER_METRE))
    return None


def _run_child(job: Path, browser: Path, seconds: float, names: Sequence[str]) -> str | None:
    """Run the drawing process, which keeps the time limit itself; returns what went wrong.

    Which pictures it has drawn is seen by their files.
    """
    command = [sys.executable, "-m", "landscape.charts.picture", str(job)]
    # The browser's profile goes into the scratch folder too, so that nothing is left behind.
    scratch = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(job.parent))
    environment = {**os.environ, **scratch, "BROWSER_PATH": str(browser)}
    with (job.parent / "errors.txt").open("w+", encoding="utf-8", errors="replace") as errors:
        child = subprocess.Popen(  # noqa: S603 our own module
            command, cwd=_PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors
        )
        ends, code = time.monotonic() + seconds + _SECONDS_TO_END, TIMED_OUT
        try:
            while time.monotonic() < ends:
                waiting = [name for name in names if not (job.parent / f"{name}.svg").is_file()]
                making(
                    f"picture {len(names) - len(waiting) + 1} of {len(names)}, {waiting[0]}" if waiting else "pictures"
                )
                try:
                    code = child.wait(timeout=_SECONDS_BETWEEN_LOOKS)
                    break
                except subprocess.TimeoutExpired:
                    continue
        finally:
            _end(child)
        if code == 0:
            return None
        if code == TIMED_OUT:
            return f"Drawing the pictures took longer than {seconds} seconds and was stopped."
        errors.seek(0)
        last = (errors.read().strip().splitlines() or ["no message"])[-1]
        kind = last.partition(":")[0].rpartition(".")[2]  # the rest may name folders of this machine
        return f"The browser could not draw the pictures ({kind})."


def _end(child: subprocess.Popen[bytes]) -> None:
    """Stop the process if it still runs: the refresh was interrupted, or it could not stop itself."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(timeout=_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def published_figures(folder: Path) -> list[dict[str, Any]]:
    """The entries of figures.json; none where nothing was published, or the file is damaged."""
    entries = (read_record(folder / MANIFEST) or {}).get("figures")
    if not isinstance(entries, list) or not all(isinstance(each, dict) and each.keys() >= _NEEDED for each in entries):
        return []
    return entries


def listed_figures(folder: Path) -> list[dict[str, Any]]:
    """The same, for whoever cannot do without them.

    Raises:
        LandscapeError: The file is damaged.
    """
    entries = published_figures(folder)
    if not entries and (folder / MANIFEST).exists():
        raise LandscapeError(
            "it is damaged and cannot be read",
            file=f"{folder.parent.name}/{folder.name}/{MANIFEST}",
            remedy="`landscape refresh` makes that of the drafts again; of a release, use another copy",
        )
    return entries


def _reusable(previous: Path) -> set[str]:
    """Content hashes of the charts whose four files are still as recorded."""
    return {
        entry.get("content_sha256", "")
        for entry in published_figures(previous)
        if are_as_made(entry["files"], previous)
    }


def are_as_made(files: dict[str, dict[str, str]], folder: Path) -> bool:
    """Whether all four files of a figure are there and unchanged."""
    return set(files) == set(KINDS) and all(
        (folder / file["path"]).is_file() and _sha256((folder / file["path"]).read_bytes()) == file["sha256"]
        for file in files.values()
    )


def _content_sha256(chart: Chart, renderer: str, release: str) -> str:
    words = {field.name: getattr(chart, field.name) for field in fields(Words)}
    parts = [renderer, release, json.dumps(words, sort_keys=True), chart.plot.to_json(), chart_csv(chart.data)]
    return _sha256("\0".join(parts).encode("utf-8"))


def _renderer_sha256() -> str:
    """The renderer's own version: everything that decides how a figure and its data become files."""
    here = Path(__file__).parent
    sources = [
        here.parent / "figure_marks.py",
        *(here / f"{name}.py" for name in ("render", "picture", "svg", "png", "page", "style")),
        *(here / name for name in ("picture.js", "png.typ", "page.html.j2")),
        *sorted((here / "fonts").glob("OpenSans-*")),
    ]
    versions = " ".join(f"{name} {version(name)}" for name in ("plotly", "kaleido", "typst", "pillow"))
    return _sha256(versions.encode() + b"".join(path.read_bytes() for path in sources))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")

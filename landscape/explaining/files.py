"""Whether a file of a figure shows the current data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from landscape.charts.render import listed_figures
from landscape.figure_marks import DRAFT_RELEASE, Mark, read_marks
from landscape.paths import ProjectPaths

PRESENT, OLDER, GONE = "present", "other", "gone"


@dataclass(frozen=True)
class MarkedFigure:
    """A figure as a file shows it.

    Args:
        mark: The mark in the file.
        state: Whether its data are the `present` ones, `other` ones, or of a figure that is `gone`.
    """

    mark: Mark
    state: str


def figures_in(path: Path, paths: ProjectPaths) -> list[MarkedFigure]:
    """The figures in a file, each compared with the published figure of its release.

    Raises:
        LandscapeError: The file does not say which figure it is.
    """
    return [MarkedFigure(mark, _state(mark, paths)) for mark in read_marks(path)]


def _state(mark: Mark, paths: ProjectPaths) -> str:
    entries = listed_figures(figures_folder(paths, mark.release))
    published = {entry["id"]: entry["files"]["csv"]["sha256"] for entry in entries}
    if mark.figure_id not in published:
        return GONE
    return PRESENT if published[mark.figure_id] == mark.data_sha256 else OLDER


def figures_folder(paths: ProjectPaths, release: str) -> Path:
    """The folder of the figures of a release, or of the drafts."""
    return paths.figures if release == DRAFT_RELEASE else paths.releases / release / "figures"

"""Reads the numbers in the last release from its Word report."""

from __future__ import annotations

from landscape.paths import ProjectPaths
from landscape.releasing.shelf import releases
from landscape.reporting.chapters.changes import Earlier
from landscape.reporting.exchange import text_of
from landscape.reporting.updating import WORD, values_of
from landscape.reporting.wordfile import WordFile


def last_release(paths: ProjectPaths) -> Earlier | None:
    """The last release that was not withdrawn; None if there is none."""
    before = [
        release for release in releases(paths) if release.withdrawn_on is None and (release.folder / WORD).exists()
    ]
    if not before:
        return None
    last = before[-1]
    values = values_of(WordFile(last.folder / WORD))
    numbers = {tag: text_of(value.content) for tag, value in values.items()}
    return Earlier(last.name, last.released_on, numbers)

"""KoboToolbox: CSV, XLSX with repeated parts, and JSON of its interface; names or labels. Not here: any question."""

from landscape.surveys.dialects.kobotoolbox.reading import read, recognises, split
from landscape.surveys.dialects.kobotoolbox.writing import ENDING, VARIANTS, render
from landscape.surveys.export import ISO_FORMAT

NAME = "kobotoolbox"
TITLE = "KoboToolbox"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT

__all__ = [
    "DATE_FORMAT", "ENDING", "NAME", "TIME_FORMAT", "TITLE", "VARIANTS", "read", "recognises", "render", "split",
]  # fmt: skip

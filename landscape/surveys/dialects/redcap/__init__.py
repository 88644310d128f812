"""REDCap: CSV of raw data or labels, with repeating instruments. Not here: any question."""

from landscape.surveys.dialects.redcap.reading import read, recognises, split
from landscape.surveys.dialects.redcap.writing import ENDING, VARIANTS, render
from landscape.surveys.export import ISO_FORMAT

NAME = "redcap"
TITLE = "REDCap"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT

__all__ = [
    "DATE_FORMAT", "ENDING", "NAME", "TIME_FORMAT", "TITLE", "VARIANTS", "read", "recognises", "render", "split",
]  # fmt: skip

"""ODK Central: CSV, a zip of CSVs with repeated parts, and OData; always names. Not here: any question."""

from landscape.surveys.dialects.odk_central.reading import read, recognises, split
from landscape.surveys.dialects.odk_central.writing import ENDING, VARIANTS, render
from landscape.surveys.export import ISO_FORMAT

NAME = "odk_central"
TITLE = "ODK Central"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT

__all__ = [
    "DATE_FORMAT", "ENDING", "NAME", "TIME_FORMAT", "TITLE", "VARIANTS", "read", "recognises", "render", "split",
]  # fmt: skip

"""LimeSurvey: CSV and JSON, headed by codes, full text or both. Not here: any question."""

from landscape.surveys.dialects.limesurvey.reading import read, recognises, split
from landscape.surveys.dialects.limesurvey.writing import ENDING, VARIANTS, render
from landscape.surveys.export import ISO_FORMAT

NAME = "limesurvey"
TITLE = "LimeSurvey"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT

__all__ = [
    "DATE_FORMAT", "ENDING", "NAME", "TIME_FORMAT", "TITLE", "VARIANTS", "read", "recognises", "render", "split",
]  # fmt: skip

"""What each survey tool would write, so that tests receive real files.

A module per tool lays responses out as the tool exports them, in each of its ways (`VARIANTS`). It knows nothing of
how the product reads them, so that what is read can be held against what was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from exports import (
    google_forms,
    jisc_online_surveys,
    kobotoolbox,
    limesurvey,
    microsoft_forms,
    odk_central,
    qualtrics,
    redcap,
    smartsurvey,
    surveymonkey,
    visit_workbook,
)
from exports.responses import Response
from landscape.surveys.definition import Survey


class Writer(Protocol):
    """A survey tool's way of writing exports; each module here is one."""

    ENDING: str  # of its files, in its usual variant
    VARIANTS: tuple[str, ...]

    def write(self, survey: Survey, responses: Sequence[Response], path: Path, variant: str = ...) -> None:
        """Writes responses as the tool would export them; in its usual variant where none is named."""


WRITERS: dict[str, Writer] = {
    module.__name__.rpartition(".")[2]: cast("Writer", module)
    for module in (
        microsoft_forms,
        jisc_online_surveys,
        visit_workbook,
        qualtrics,
        google_forms,
        surveymonkey,
        smartsurvey,
        kobotoolbox,
        odk_central,
        limesurvey,
        redcap,
    )
}
"""By the tool's name, as survey.yml declares it."""

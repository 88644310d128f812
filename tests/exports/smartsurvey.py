"""Writes exports as SmartSurvey does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from exports.blocks import Block, blocks, option_cells, other_label, text_rows
from exports.responses import Response, write_text_rows
from landscape.surveys.definition import Survey

ENDING = ".csv"
VARIANTS = ("csv",)
_FACTS = ("UserID", "UserNo", "Name", "Email", "IP Address", "Started", "Ended")
_MISSING, _APOSTROPHE = "-", "@SQ@"
_DATE, _TIME = "%d/%m/%Y", "%d/%m/%Y %H:%M:%S"


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "csv") -> None:
    """Writes responses as SmartSurvey would: one column per option, own words in a column at the end.

    Args:
        survey: Whose questions head the columns.
        responses: In the order of the rows; one without a time of completion has no end.
        path: The .csv to write.
        variant: There is one only.
    """
    laid_out = blocks(survey.questionnaire.of(None))
    headings = [list(_FACTS), *([""] * len(_FACTS) for _ in range(2))]
    for number, block in enumerate(laid_out, start=1):
        below = _below(block)
        headings[0] += [f"Q{number}. {block.heading}", *[""] * (len(below) - 1)]
        headings[1] += [sub for sub, _ in below]
        headings[2] += [option for _, option in below]
    table: list[list[str | dt.date | None]] = []
    for place, response in enumerate(responses, start=1):
        times = (response.started_at, response.completed_at)
        cells = [cell for block in laid_out for cell in option_cells(block, response)]
        table.append([response.number, str(place), "", "", "192.0.2.1", *times, *cells])
    rows = ([text or _MISSING for text in row] for row in text_rows(table, _DATE, _TIME))
    write_text_rows(path, [[text.replace("'", _APOSTROPHE) for text in row] for row in [*headings, *rows]])


def _below(block: Block) -> list[tuple[str, str]]:
    """The second and third row of headings below a question."""
    (question, *_) = block.questions
    beside = [("Other (please specify)", "")] if question.other_code and block.kind in ("single", "list") else []
    if block.kind == "single":
        return [("Answer", ""), *beside]
    if block.kind == "list":
        listed = [item for item in block.items if item != other_label(question)]
        return [("Answer" if n == 0 else "", item) for n, item in enumerate(listed)] + beside
    return [(item, "") for item in block.items]

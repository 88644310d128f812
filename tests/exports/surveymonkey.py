"""Writes exports as SurveyMonkey does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from exports.blocks import Block, blocks, option_cells, other_label, text_rows
from exports.responses import Response, day_after, save_table, write_text_rows
from landscape.surveys.definition import Survey

ENDING = ".csv"
VARIANTS = ("csv", "xlsx")
_FACTS = (
    *("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"),
    *("response_status", "collection_mode"),
)
_DATE = "%d/%m/%Y"
_TIME = "%m/%d/%Y %I:%M:%S %p"


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "csv") -> None:
    """Writes responses as SurveyMonkey would: one column per option, own words in a column at the end.

    Args:
        survey: Whose questions head the columns.
        responses: In the order of the rows; one without a time of completion is `partial`.
        path: The file to write.
        variant: `csv`, or `xlsx` with true dates.
    """
    laid_out = blocks(survey.questionnaire.of(None))
    first, second = list(_FACTS), [""] * len(_FACTS)
    for block in laid_out:
        below = _options(block)
        first += [block.heading, *[""] * (len(below) - 1)]
        second += below
    table: list[list[str | dt.date | None]] = [[*first], [*second]]
    for response in responses:
        status = "completed" if response.completed_at else "partial"
        last = response.completed_at or response.started_at
        cells = [cell for block in laid_out for cell in option_cells(block, response)]
        table.append([response.number, "1", response.started_at, last, "192.0.2.1", status, "default", *cells])
    if variant == "xlsx":
        save_table(table, path, day_after(survey), "Sheet", "mm/dd/yyyy hh:mm:ss")
    else:
        write_text_rows(path, text_rows(table, _DATE, _TIME))


def _options(block: Block) -> list[str]:
    """The second row of headings below a question."""
    (question, *_) = block.questions
    beside = ["Other (please specify)"] if question.other_code and block.kind in ("single", "list") else []
    if block.kind == "single":
        return ["Response" if question.options else "Open-Ended Response", *beside]
    return [item for item in block.items if not beside or item != other_label(question)] + beside

"""Writes exports as Qualtrics does."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from exports.blocks import Block, blocks, places, text_cell, text_rows, ticked
from exports.responses import Response, day_after, save_table, write_text_rows
from landscape.surveys.definition import Survey
from landscape.surveys.questionnaire import Question

ENDING = ".csv"
VARIANTS = ("csv", "csv_joined", "csv_numeric", "legacy_csv", "xlsx")
_DATE_FORMAT = "%d/%m/%Y"
_TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
_FACTS = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Finished": ("Finished", "finished"),
    "ResponseId": ("Response ID", "_recordId"),
}
_LEGACY = ("ResponseID", "ResponseSet", "Name", "IPAddress", "Status", "StartDate", "EndDate", "Finished")


def write(survey: Survey, responses: Sequence[Response], path: Path, variant: str = "csv") -> None:
    """Writes responses as Qualtrics would.

    Args:
        survey: Whose questions head the columns; its zone is in the row of ImportIds.
        responses: In the order of the rows; one without a time of completion is not finished.
        path: The file to write.
        variant: `csv` (choice text, a column per option), `csv_joined` (one column), `csv_numeric`, `legacy_csv`
            (two rows of headings, byte order mark, an empty column at the end) or `xlsx`.
    """
    is_numeric, is_joined = variant in ("csv_numeric", "legacy_csv"), variant == "csv_joined"
    laid_out = list(enumerate(blocks(survey.questionnaire.of(None)), start=1))
    columns = [heading for number, block in laid_out for heading in _headings(number, block, is_joined)]
    facts = _LEGACY if variant == "legacy_csv" else tuple(_FACTS)
    names, wordings, import_ids = (list(row) for row in zip(*columns, strict=True)) if columns else ([], [], [])
    if variant == "legacy_csv":
        table = [[*(f"V{n}" for n in range(1, len(facts) + 1)), *names, ""], [*facts, *wordings, ""]]
    else:
        table = [[*facts, *names], [*(_FACTS[fact][0] for fact in facts), *wordings]]
    if variant.startswith("csv"):
        zone = {"timeZone": survey.time_zone}
        ids = [{"ImportId": _FACTS[f][1]} | (zone if f.endswith("Date") else {}) for f in facts]
        table.append([json.dumps(i, separators=(",", ":")) for i in [*ids, *import_ids]])
    for response in responses:
        row: list[str | dt.date | None] = [_fact(fact, response, is_numeric) for fact in facts]
        for _, block in laid_out:
            row += _cells(block, response, is_numeric, is_joined)
        table.append([*row, ""] if variant == "legacy_csv" else row)
    if variant == "xlsx":
        save_table(table, path, day_after(survey), "Sheet0", "yyyy-mm-dd hh:mm:ss")
    else:
        write_text_rows(path, text_rows(table, _DATE_FORMAT, _TIME_FORMAT), has_mark=variant == "legacy_csv")


def _headings(number: int, block: Block, is_joined: bool) -> list[tuple[str, str, dict[str, str]]]:
    """Short name, wording and ImportId of each column of a question."""
    name, question_id = f"Q{number}", f"QID{number}"
    has_other = block.questions[0].other_code is not None
    chosen = f"{block.heading} - Selected Choice" if has_other and block.kind in ("single", "list") else block.heading
    if block.kind == "single" or (block.kind == "list" and is_joined):
        text = "" if block.questions[0].options else "_TEXT"
        columns = [(name, chosen, {"ImportId": f"{question_id}{text}"})]
    elif block.kind == "list":
        columns = [
            (f"{name}_{n}", f"{chosen} - {item}", {"ImportId": question_id, "choiceId": str(n)})
            for n, item in enumerate(block.items, start=1)
        ]
    else:
        columns = [
            (f"{name}_{n}", f"{block.heading} - {item}", {"ImportId": f"{question_id}_{n}"})
            for n, item in enumerate(block.items, start=1)
        ]
    if has_other and block.kind in ("single", "list"):
        place = len(block.questions[0].options)
        columns.append(
            (
                f"{name}_{place}_TEXT",
                f"{block.heading} - Other - Text",
                {"ImportId": f"{question_id}_{place}_TEXT"},
            )
        )
    return columns


def _cells(block: Block, response: Response, is_numeric: bool, is_joined: bool) -> list[str]:
    if block.kind == "ranking":
        return places(block, response)
    if block.kind == "grid":
        return [_choice(question, response.answers.get(question.name), is_numeric) for question in block.questions]
    (question,) = block.questions
    chosen, own_words = ticked(question, response)
    beside = [own_words] if question.other_code else []
    if block.kind == "list" and is_joined:
        return [",".join(chosen), *beside]
    if block.kind == "list":
        return [("1" if is_numeric else item) if item in chosen else "" for item in block.items] + beside
    answer = chosen[0] if question.options and chosen else response.answers.get(question.name)
    return [_choice(question, answer, is_numeric), *beside]


def _choice(question: Question, answer: object, is_numeric: bool) -> str:
    if is_numeric and question.options and answer is not None:
        return str([option.label for option in question.options].index(str(answer)) + 1)
    return text_cell(answer, _DATE_FORMAT)  # type: ignore[arg-type]


def _fact(fact: str, response: Response, is_numeric: bool) -> str | dt.date | None:
    """A fact about the response; one that is not finished still has the time of its last page."""
    is_finished = response.completed_at is not None
    return {
        "StartDate": response.started_at,
        "EndDate": response.completed_at or response.started_at,
        "Status": "0" if is_numeric else "IP Address",
        "Progress": "100" if is_finished else "50",
        "Finished": str(int(is_finished)) if is_numeric else str(is_finished),
        "ResponseId": response.number,
        "ResponseID": response.number,
        "ResponseSet": "Default Response Set",
        "Name": "Anonymous",
    }.get(fact, "")

"""Jisc Online Surveys: the uncoded CSV; numbered headings, empty columns at pages. Not here: any question."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from landscape.errors import ReceivedFileError
from landscape.surveys.definition import Survey
from landscape.surveys.export import Column, Export, Role, Row, Sheet, split_against
from landscape.surveys.questionnaire import Question
from landscape.surveys.render import Answer, Response, cell_value

NAME = "jisc_online_surveys"
TITLE = "Jisc Online Surveys"
ENDING = ".csv"
TIME_FORMAT = "%d/%m/%Y %H:%M:%S"
DATE_FORMAT = "%d/%m/%Y"
SEPARATOR = ","
_NUMBERED = re.compile(r"^\d+(\.\d+)*\.(?:[a-z]\.)?(?:[ivx]+\.)?\s+")
_ROLES: dict[str, Role] = {
    "unique response number": "response_id",
    "start date": "started_at",
    "completion date": "completed_at",
}
_OWN_WORDS = "If you selected Other, please specify"


def recognises(path: Path) -> bool:
    """Whether the headings are numbered questions beside a response number or completion date."""
    if path.suffix.lower() != ".csv":
        return False
    headings = next(_rows(_decode(path)[0], path), Row(1, ())).cells
    known = _ROLES.keys() & {heading.strip().casefold() for heading in headings}
    return bool(known) and any(_NUMBERED.match(heading) for heading in headings)


def read(path: Path) -> Export:
    """Reads the CSV.

    Raises:
        ReceivedFileError: It was exported without response numbers, or its quoting breaks off.
    """
    text, note = _decode(path)
    heading, *rows = _rows(text, path)
    columns = tuple(Column(i, _wording(cell), _role(cell)) for i, cell in enumerate(heading.cells))
    sheet = Sheet(None, "", columns, tuple(rows))
    if sheet.position("response_id") is None:
        raise ReceivedFileError(
            "it has no response numbers, so a response cannot be told from its copy",
            file=path,
            remedy="export again with “Unique response number” ticked",
        )
    return Export(NAME, (sheet,), encoding_note=note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options joined by a comma without a space, while options may hold commas of their own."""
    return split_against(cell, labels, SEPARATOR)


def render(survey: Survey, responses: Sequence[Response], path: Path) -> None:
    """Writes responses as the uncoded export does: every question numbered, an empty column before each page.

    Args:
        survey: Whose questions head the columns. Pages begin at the first question and each choose-many list.
        responses: In the order of the rows; one without a time of completion is partial.
        path: The .csv to write.
    """
    headings, fields = ["Unique Response Number"], list[Question | None]()
    for number, question in enumerate(survey.questionnaire.of(None), start=1):
        if number == 1 or question.kind == "select_multiple":
            headings.append("")
            fields.append(None)
        headings.append(f"{number}. {question.label}")
        fields.append(question)
        if question.other_code:
            headings.append(f"{number}.a. {_OWN_WORDS}:")
    headings += ["Start Date", "Completion Date"]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(headings)
        for response in responses:
            cells = [cell for question in fields for cell in _cells(question, response)]
            writer.writerow(
                [response.number, *cells, _time(response.started_at), _time(response.completed_at)]
            )


def _cells(question: Question | None, response: Response) -> list[str]:
    """A question's cell, and beside a list with “Other” the respondent's own words."""
    if question is None:
        return [""]
    answer = response.answers.get(question.name)
    if not question.other_code:
        return [_cell(answer)]
    labels = {option.code: option.label for option in question.options}
    given = [answer] if isinstance(answer, str) else list(answer) if isinstance(answer, Sequence) else []
    own_words = [part for part in given if part not in labels.values()]
    ticked = [labels[question.other_code] if part in own_words else part for part in given]
    return [SEPARATOR.join(ticked), "; ".join(own_words)]


def _cell(answer: Answer | None) -> str:
    value = cell_value(answer, SEPARATOR)
    if isinstance(value, dt.date):
        return value.strftime(DATE_FORMAT)
    return "" if value is None else str(value)


def _time(moment: dt.datetime | None) -> str:
    return moment.strftime(TIME_FORMAT) if moment else ""


def _role(heading: str) -> Role:
    if not heading.strip():
        return "empty"
    if _OWN_WORDS in heading:
        return "tool"
    return _ROLES.get(heading.strip().casefold(), "answer")


def _wording(heading: str) -> str:
    return _NUMBERED.sub("", heading.strip())


def _decode(path: Path) -> tuple[str, str]:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return data.decode(
            "cp1252", errors="replace"
        ), "not UTF-8: read as Windows-1252; check accented letters"


def _rows(text: str, path: Path) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)  # an answer may be long; the limit of 128 KiB would refuse it
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReceivedFileError(
            f"the quoting breaks off after line {line}",
            file=path,
            remedy="export it again; do not edit it by hand",
        ) from error

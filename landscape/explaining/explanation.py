"""The parts of an explanation of one number, from the figure to the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FigureSource:
    """What a figure is drawn from, as its module declares it.

    Args:
        reads: The tables it reads, schema-qualified.
        picks: For a mart, the rows that it draws, as an SQL condition, if the columns of its data do not identify them.
    """

    reads: tuple[str, ...]
    picks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """An answer that made a record count: the question's name and wording, and the code with its label."""

    question: str
    wording: str
    code: str
    label: str


@dataclass(frozen=True)
class Record:
    """A record that was counted, and where it was received.

    Args:
        record_id: The record; the response itself if it is not a repeated part.
        response_id: The response it belongs to.
        part: The repeated part, or "" for the response itself.
        file_name: The received file, below the project folder.
        line: Its row in that file; in a workbook, on the sheet of its part.
        n_counted: How much it counts.
        answers: The answers that made it count.
    """

    record_id: str
    response_id: str
    part: str
    file_name: str
    line: int
    n_counted: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Count:
    """A count in a mart's row with the records behind it; None if it is not traced, `hidden` if it is not shown."""

    column: str
    description: str
    value: object
    records: tuple[Record, ...] | None
    is_hidden: bool = False


@dataclass(frozen=True)
class Fact:
    """A row of a committed reference file that a mart's row is made from."""

    table: str
    file_name: str
    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class MartRow:
    """A row of a mart behind a row of the figure."""

    table: str
    description: str
    grain: str
    caveats: tuple[str, ...]
    upstream: tuple[str, ...]
    sql: str
    row: Mapping[str, object]
    counts: tuple[Count, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Code:
    """A code of the codebook as it is defined now."""

    code: str
    scheme: str
    label: str
    definition: str


@dataclass(frozen=True)
class SourceCount:
    """Responses counted of one survey and wave."""

    survey: str
    wave: str
    n_responses: int


@dataclass(frozen=True)
class Explanation:
    """Everything behind one row of a figure.

    Args:
        figure: Its entry in figures.json.
        release: The release it belongs to, or "draft".
        data_sha256: Checksum of the figure's data table (its CSV).
        line: The row's line in that CSV.
        cell: The row, by column.
        marts: The rows of marts behind it, with their records.
        read_for_more: Marts that the figure reads only for totals or names.
        wording: How each question was asked, by survey and question.
        sources: Responses counted from the surveys it is based on.
        codes: The codes in it.
        decisions: Corrections made by people to records that were counted.
        codebook_sha256: Checksum of the codebook.
        code_version: The commit of this project, or its version if there is none.
        warnings: What a reader needs to know before trusting it.
    """

    figure: Mapping[str, Any]
    release: str
    data_sha256: str
    line: int
    cell: Mapping[str, str]
    marts: tuple[MartRow, ...]
    read_for_more: tuple[str, ...]
    wording: Mapping[str, str]
    sources: tuple[SourceCount, ...]
    codes: tuple[Code, ...]
    decisions: tuple[Mapping[str, str], ...]
    codebook_sha256: str
    code_version: str
    warnings: tuple[str, ...]

"""Which files were received, and whether they are real or made up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import methodcaller
from pathlib import Path

from landscape.errors import LandscapeError, MixedSampleError, ReceivedFileError
from landscape.paths import ProjectPaths
from landscape.surveys import contract
from landscape.surveys.as_asked import as_asked
from landscape.surveys.cells import cells_of
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import DIALECTS, dialect_of, fitting_dialects
from landscape.surveys.dialects.times import DateOrderError
from landscape.surveys.export import Asked, Column, Dialect, Export, Sheet
from landscape.surveys.invited import is_invited_list
from landscape.surveys.joining import in_one_zone, with_columns_joined
from landscape.surveys.pull_record import is_pulled, read_record
from landscape.text import normal_wording

SAMPLE_MARK = "SAMPLE-"


@dataclass(frozen=True)
class ReceivedFile:
    """One export, read and fitted to its questionnaire.

    Args:
        survey: The survey it answers.
        name: Its path below the project folder, with forward slashes; what messages and tables show.
        sha256: Of the file's bytes.
        dialect: The tool's way of writing.
        export: Its cells.
        columns: Questions by column, for each repeated part.
        is_sample: All its rows are made up; None where it has no rows.
        differences: How it does not fit its questionnaire; empty unless it was read leniently.
        gone: Responses (survey/wave/number) of its survey that were pulled once and that the service no longer has.
    """

    survey: Survey
    name: str
    sha256: str
    dialect: Dialect
    export: Export
    columns: dict[str | None, contract.ColumnMap]
    is_sample: bool | None
    gone: frozenset[str] = frozenset()
    differences: tuple[str, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Whether people find its cells by sheet, letter and number."""
        return self.name.casefold().endswith(".xlsx")


def received_files(paths: ProjectPaths, surveys: tuple[Survey, ...]) -> tuple[ReceivedFile, ...]:
    """Reads everything received; where nothing real was, the committed made-up sample.

    Returns:
        All files, sorted by survey and name; every one real, or every one made up.

    Raises:
        ReceivedFileError, ContractError: A file cannot be read or does not fit; all files at fault are named.
        MixedSampleError: Real and made-up rows are side by side.
    """
    _refuse_unknown_folders(paths, surveys)
    received = [with_record(paths, file) for file in _read_all(paths, paths.raw, surveys)]
    real = [file.name for file in received if file.is_sample is False]
    made_up = [file.name for file in received if file.is_sample]
    if real and made_up:
        raise MixedSampleError(
            "made-up sample files are among real ones",
            file=paths.raw.relative_to(paths.root).as_posix(),
            culprits=made_up,
            remedy="take the sample files out of data/raw; they are used by themselves only where there is nothing real",
        )
    if not real:
        received += _read_all(paths, paths.sample, surveys)
    return tuple(received)


def exports_in(folder: Path, surveys: Iterable[Survey]) -> Iterator[tuple[Survey, Path]]:
    """The files in the surveys' folders that are to be read as exports.

    Left out are an editor's own lock and cache files, and lists of invitations.
    """
    for survey in surveys:
        for path in sorted((folder / survey.name).glob("*")):
            if not path.name.startswith((".", "~$")) and not is_invited_list(path):
                yield survey, path


def _read_all(paths: ProjectPaths, folder: Path, surveys: tuple[Survey, ...]) -> list[ReceivedFile]:
    files: list[ReceivedFile] = []
    errors: list[LandscapeError] = []
    for survey, path in exports_in(folder, surveys):
        try:
            files.append(read_received(path, path.relative_to(paths.root).as_posix(), survey))
        except LandscapeError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ReceivedFileError(f"{len(errors)} files cannot be used", culprits=[str(error) for error in errors])
    return files


def with_record(paths: ProjectPaths, file: ReceivedFile) -> ReceivedFile:
    """What is known of pulls is said of a file: what its service no longer has, and of the pulled one its age.

    A pulled file in a format that does not say when it was written would else rank below any file that does.
    """
    record = read_record(paths, file.survey.name)
    gone = frozenset(record.gone)
    if record.pulled_at is None or not is_pulled(Path(file.name)):
        return replace(file, gone=gone)
    return replace(file, export=replace(file.export, exported_at=record.pulled_at), gone=gone)


def read_received(path: Path, name: str, survey: Survey, *, leniently: bool = False) -> ReceivedFile:
    """Reads one export and holds it against its survey.

    Args:
        path: The file.
        name: What messages and tables call it.
        survey: Which survey's responses it holds.
        leniently: Read it even where it does not fit, to say all at once that is to be said of it.

    Raises:
        ReceivedFileError, ContractError, MixedSampleError: It cannot be read, does not fit, or mixes real and made-up rows.
    """
    if path.is_dir():
        raise ReceivedFileError(
            "this is a folder", file=name, remedy=f"move its files up into {Path(name).parent.as_posix()}"
        )
    refuse_special_file(path, name)
    try:
        dialect = dialect_of(path, survey.tool)
        export = read_for(path, survey, dialect)
        held = (contract.compare if leniently else contract.hold)(export, survey, path)
    except LandscapeError as error:
        error.args = (str(error).replace(str(path), name),)  # a message names no folder of this machine
        raise
    except OSError as error:
        raise ReceivedFileError(
            f"it cannot be opened ({error.strerror})",
            file=name,
            remedy="close it in other programs, or copy it here again",
        ) from error
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return ReceivedFile(
        survey=survey,
        name=name,
        sha256=sha256,
        dialect=dialect,
        export=_with_parts_of_other_versions(export, held.columns),
        columns=held.columns,
        differences=held.differences,
        is_sample=_is_sample(export, path.name, name),
    )


def _with_parts_of_other_versions(export: Export, parts: Iterable[str | None]) -> Export:
    """The export with an empty sheet for each part that only other versions of the questionnaire have."""
    there = {sheet.repeat for sheet in export.sheets}
    empty = tuple(Sheet(part, part or "", (), cells_of((), 0)) for part in parts if part not in there)
    return replace(export, sheets=(*export.sheets, *empty))


def read_for(path: Path, survey: Survey, dialect: Dialect) -> Export:
    """Reads an export as a survey's folder asks for it, before it is held against the questionnaire."""
    export = in_one_zone(dialect.read(path, survey.asked), survey.time_zone)
    return _with_unanswered(with_columns_joined(as_asked(export, survey, dialect), survey), survey)


def refuse_special_file(path: Path, name: Path | str) -> None:
    """Only ordinary files are read: a pipe or a device never ends.

    Raises:
        ReceivedFileError: It is there and is neither a file nor a folder.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ReceivedFileError(
            "this is no ordinary file, but a pipe, a device or a socket",
            file=name,
            remedy="take it out of the folder, and put the export itself there",
        )


def _with_unanswered(export: Export, survey: Survey) -> Export:
    """The export with an empty sheet or column for each part or question that the tool leaves out where nobody answered."""
    present = {sheet.repeat: sheet for sheet in export.sheets}
    sheets = dict(present)
    if export.omits_empty_parts:
        for part in survey.questionnaire.repeats:
            sheets.setdefault(part.name, Sheet(part.name, part.name, (), cells_of((), 0)))
    filled = {
        repeat: sheet if repeat in present and not export.omits_unanswered else _with_columns(sheet, survey)
        for repeat, sheet in sheets.items()
    }
    return replace(export, sheets=tuple(filled.values()))


def _with_columns(sheet: Sheet, survey: Survey) -> Sheet:
    named = {normal_wording(text) for column in sheet.columns for text in (column.heading, *column.also)}
    n_there = len(sheet.columns)
    absent = [
        question
        for question in survey.questionnaire.of(sheet.repeat)
        if named.isdisjoint(
            normal_wording(text)
            for text in (
                question.name,
                question.label,
                *(entry.wording for entry in survey.accepted if entry.question == question.name and entry.wording),
            )
        )
    ]
    columns = (Column(n_there + n, question.label, "empty", also=(question.name,)) for n, question in enumerate(absent))
    blank = {n_there + n: sheet.cells.blank_column() for n in range(len(absent))}
    return replace(sheet, columns=(*sheet.columns, *columns), cells=sheet.cells.with_columns(blank))


def read_undeclared(path: Path, dialect: Dialect) -> Export:
    """Reads an export of a survey that nobody has declared; where day and month cannot be known apart, in a possible order."""
    try:
        return dialect.read(path)
    except DateOrderError as unclear:  # whichever it is, the columns are the same
        return dialect.read(path, Asked(dates=unclear.possible))


def read_unknown(path: Path) -> dict[str, Export]:
    """Reads an export of a tool that nobody has declared.

    Args:
        path: The file.

    Returns:
        What it holds, by each tool that can have written it; seldom more than one.

    Raises:
        ReceivedFileError: No tool known here can have written it, or it is damaged.
    """
    refuse_special_file(path, path)
    if not path.is_file():
        raise ReceivedFileError("there is no such file", file=path)
    read: dict[str, Export] = {}
    errors: list[ReceivedFileError] = []
    for tool in fitting_dialects(path):
        try:
            read[tool] = read_undeclared(path, DIALECTS[tool])
        except ReceivedFileError as error:
            errors.append(error)
    if read:
        return read
    if errors:
        raise errors[0]
    raise ReceivedFileError(
        "its shape is that of no survey tool known here",
        file=path,
        culprits=[f"known: {dialect.TITLE}" for dialect in DIALECTS.values()],
        remedy="export it again as the tool writes it, without opening and saving it in between",
    )


def _is_sample(export: Export, file_name: str, name: str) -> bool | None:
    """Whether all rows are made up, judged by the mark in each response's id and in the file's name."""
    sheet = export.sheets[0]
    position = sheet.position("response_id")
    named = file_name.startswith(SAMPLE_MARK)
    ids = sheet.cells.blank_column() if position is None else sheet.cells.columns[position]
    if not ids.filled().any():
        return True if named else None
    is_marked, is_filled = ids.where(methodcaller("startswith", SAMPLE_MARK)), ids.filled()
    is_sample = named or bool(is_marked[is_filled].all())
    odd = sheet.cells.lines_where(is_filled & (is_marked != is_sample))
    if odd:
        raise MixedSampleError(
            "made-up and real rows are in one file"
            if is_marked.any()
            else "named as a sample, but its rows are not marked",
            file=name,
            culprits=[f"line {line}" for line in odd],
            remedy=f"keep real rows in a file of their own; made-up rows begin their id with {SAMPLE_MARK}",
        )
    return is_sample


def _refuse_unknown_folders(paths: ProjectPaths, surveys: tuple[Survey, ...]) -> None:
    known = {survey.name for survey in surveys}
    others = {"README.md", paths.police_uk.name}
    stray = [p.name for p in sorted(paths.raw.glob("*")) if p.name not in known | others and not p.name.startswith(".")]
    if stray:
        raise ReceivedFileError(
            "these are where no survey is",
            file="data/raw",
            culprits=stray,
            remedy=f"received files go into data/raw/<survey>/, and the surveys are {', '.join(sorted(known))}",
        )

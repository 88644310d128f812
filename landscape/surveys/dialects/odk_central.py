"""ODK Central: CSV, a zip of CSVs with repeated parts, and OData; always names."""

from __future__ import annotations

import dataclasses
import json
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from landscape.errors import ReceivedFileError
from landscape.surveys.cells import CellColumn, Cells
from landscape.surveys.dialects.jsonfiles import Table, is_json, read_json, table_of_text
from landscape.surveys.dialects.merging import Merging, json_list, own_words_columns
from landscape.surveys.dialects.odk_central_odata import is_odata, tables_of
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import in_utc, refuse_other_times
from landscape.surveys.dialects.workbooks import WORKBOOK_PARTS, names_in_archive
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Export, Role, Sheet
from landscape.text import normal_wording

NAME = "odk_central"
TITLE = "ODK Central"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = False
_KEY, _PARENT, _SENT, _REVIEW, _STATUS = "KEY", "PARENT_KEY", "SubmissionDate", "ReviewState", "Status"
_ROLES: dict[str, Role] = {_KEY: "response_id", _SENT: "completed_at", "start": "started_at", _REVIEW: "rejected"}
_CENTRAL = {
    "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", _STATUS, "DeviceID", "Edits",
    "FormVersion", "UpdatedAt", "DeletedAt",
}  # fmt: skip
_METADATA = {
    "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "audit", "instanceID",
    "instanceName",
}  # fmt: skip
_PLACE = ("-Latitude", "-Longitude", "-Altitude", "-Accuracy")
_OTHER = "other"
_MOST_BYTES = 100_000_000
_WHOLE = "export all data as .zip, which has a file for the submissions and one for each repeat"


def recognises(path: Path) -> bool:
    """Whether it is OData, or its columns, or those of a file in the zip, are the ones Central adds."""
    if is_json(path):
        try:
            return is_odata(read_json(path)[0])
        except ReceivedFileError:
            return False
    if (names := names_in_archive(path)) is not None:
        return WORKBOOK_PARTS not in names and bool(_tables_among(names))
    return any({_SENT, _KEY} <= set(cells) or {_PARENT, _KEY} <= set(cells) for cells in first_text_rows(path, 1))


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads an export of any variant.

    Raises:
        ReceivedFileError: It is damaged, holds only a page, repeats without their submissions or answers that were not
            decrypted, or its times were re-written by another program.
    """
    if is_json(path):
        held, note = read_json(path)
        tables = tables_of(held, path)
    elif names_in_archive(path) is not None:
        tables, note = _unzipped(path)
    else:
        text = read_text(path)
        tables, note = [table_of_text(text)], text.note
    mains = [table for table in tables if _PARENT not in table.headings]
    if len(mains) != 1:
        raise ReceivedFileError(
            "it holds repeats without the submissions they belong to" if not mains else "it holds several forms",
            file=path,
            culprits=[table.title for table in mains],
            remedy=_WHOLE,
        )
    (main,) = mains
    _refuse_undecrypted(main, path)
    parts = [
        dataclasses.replace(table, title=table.title.removeprefix(f"{main.title}-"))
        for table in tables
        if table is not main
    ]
    sheets = (_sheet(main, asked, is_main=True), *(_sheet(part, asked, is_main=False) for part in parts))
    if is_json(path):
        sheets = tuple(map(_with_unknown_blanks, sheets))
    refuse_other_times(sheets[0], path)
    return Export(NAME, sheets, encoding_note=note, time_zone="UTC", omits_empty_parts=is_json(path))


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Ticked options: a list made of option columns, or names joined by spaces, which no name holds."""
    found = json_list(cell)
    return cell.split() if found is None else found


def _tables_among(names: Sequence[str]) -> list[str]:
    """The tables in a zip; pictures and other media that were attached lie in a folder of their own."""
    return sorted(name for name in names if name.lower().endswith(".csv") and "/" not in name)


def _unzipped(path: Path) -> tuple[list[Table], str]:
    tables: list[Table] = []
    notes: set[str] = set()
    _refuse_large(path)
    try:
        with zipfile.ZipFile(path) as archive, TemporaryDirectory() as folder:
            for name in _tables_among(archive.namelist()):
                part = Path(folder) / "part.csv"
                part.write_bytes(archive.read(name))
                text = read_text(part)
                notes |= {text.note} - {""}
                tables.append(dataclasses.replace(table_of_text(text), title=PurePosixPath(name).stem))
    except (ReceivedFileError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise ReceivedFileError(
            "the zip, or a file in it, is damaged or locked with a password", file=path, remedy="export it again"
        ) from error
    return tables, "; ".join(sorted(notes))


def _refuse_large(path: Path) -> None:
    """A part that is longer than the zip says is damaged; one that says so itself is not unpacked."""
    with zipfile.ZipFile(path) as archive:
        large = [info.filename for info in archive.infolist() if info.file_size > _MOST_BYTES]
    if large:
        raise ReceivedFileError(
            f"it is too large to be read: unpacked, files in it are longer than {_MOST_BYTES // 10**6} MB",
            file=path,
            culprits=large,
            remedy="export fewer submissions at a time, by date",
        )


def _refuse_undecrypted(main: Table, path: Path) -> None:
    status = main.column(_STATUS)
    n_locked = 0 if status is None else int(status.where(lambda text: text == "not decrypted").sum())
    if n_locked:
        raise ReceivedFileError(
            f"{n_locked} submissions are encrypted, so their answers are not in the file",
            file=path,
            remedy="export it again and give the passphrase of the project's key",
        )


def _sheet(table: Table, asked: Asked, *, is_main: bool) -> Sheet:
    headings = table.headings
    sheet = Merging(table.cells, asked)
    fields = {heading.partition("/")[0] for heading in headings}
    own_words = own_words_columns(dict(enumerate(headings)), fields, Asked({**asked.kinds, **_by_path(fields, asked)}))
    counted = Counter(_last(field) for field in fields if _role(field, headings) == "answer")

    def shown(heading: str) -> str:
        return _last(heading) if counted[_last(heading)] < 2 else heading

    def also(heading: str) -> list[str]:
        return [name for name in _names(heading) if name != heading] if "-" in heading else []

    spread: dict[str, dict[int, str]] = {}
    for at, heading in enumerate(headings):
        base, slash, option = heading.partition("/")
        if slash:
            spread.setdefault(base, {})[at] = option
            continue
        role = _role(heading, headings)
        if not is_main:
            role = {_KEY: "record_id", _PARENT: "parent_id"}.get(heading, "tool" if heading in _ROLES else role)  # type: ignore[assignment]
        if role in ("completed_at", "started_at"):
            sheet.keep(at, heading, role, in_utc(sheet.cells.columns[at], is_utc_without_offset=False))
        elif role == "rejected":
            sheet.keep(at, heading, role, _rejected(sheet.cells, at, headings))
        else:
            is_asked = bool(asked.kind(*_names(heading)))
            role = "tool" if at in own_words.values() and not is_asked else role
            sheet.keep(at, shown(heading) if role == "answer" else heading, role, also=also(heading))
    for base, options in spread.items():
        offered = list(options.values())
        if base in headings:
            sheet.keep(headings.index(base), shown(base), "answer", options=offered, also=also(base))
            sheet.aside(base, list(options))
        else:
            first, *others = options
            ticked = sheet.cells.made(tuple(options), partial(_ticked, options))
            sheet.keep(first, shown(base), "answer", ticked, offered, also(base))
            sheet.aside(base, others)
            sheet.note_zeros(shown(base), options, (), ("0",))
    for base, at in own_words.items():
        stands_at = headings.index(base) if base in headings else min(spread[base])
        sheet.beside(stands_at, [at], ticked_as=_OTHER if asked.kind(*_names(headings[at])) else None)
    return dataclasses.replace(sheet.sheet(table.title), repeat=None if is_main else table.title)


def _names(heading: str) -> list[str]:
    """All names that a question may be asked for by: with the groups it is in, and by its own name."""
    return [heading.replace("-", "_"), heading.replace("-", "/"), heading, _last(heading)]


def _by_path(fields: Collection[str], asked: Asked) -> dict[str, str]:
    return {normal_wording(field): kind for field in fields if (kind := asked.kind(*_names(field)))}


def _with_unknown_blanks(sheet: Sheet) -> Sheet:
    """OData does not say whether what nobody answered is a question or a place on the map, so it is nothing new."""
    filled = {at for at in range(len(sheet.columns)) if any(sheet.cells.values(at))}
    columns = (
        column if column.position in filled or column.role != "answer" else dataclasses.replace(column, role="empty")
        for column in sheet.columns
    )
    return dataclasses.replace(sheet, columns=tuple(columns))


def _role(heading: str, headings: Sequence[str]) -> Role:
    last = _last(heading)
    if not heading:
        return "empty"
    role = _ROLES.get(heading) or _ROLES.get(last)
    if role:
        return role
    is_tool = heading in _CENTRAL or last in _METADATA or heading.startswith(("meta-", "__"))
    return "tool" if is_tool or heading.endswith(_PLACE) else "answer"


def _last(heading: str) -> str:
    """A question's own name, without the groups it is in."""
    return heading.rsplit("-", 1)[-1]


def _ticked(options: Mapping[int, str], cells: Mapping[int, str]) -> str:
    """A cell of the ticked options where the joined column is gone.

    Central writes 0 for an option not ticked and for a question never answered, so a row of nothing but 0 becomes an empty
    cell: that a question was seen and nothing ticked is lost, while nobody is said to have seen it who did not.
    """
    ticked = [option for at, option in options.items() if cells[at].strip() == "1"]
    return json.dumps(ticked, ensure_ascii=False) if ticked else ""


def _rejected(cells: Cells, at: int, headings: Sequence[str]) -> CellColumn:
    """Filled where a person has rejected or deleted the submission in Central: it is kept, and does not count."""
    deleted_at = headings.index("DeletedAt") if "DeletedAt" in headings else None

    def cell(row: Mapping[int, str]) -> str:
        if deleted_at is not None and row[deleted_at].strip():
            return "deleted"
        return row[at].strip() if row[at].strip().casefold() == "rejected" else ""

    return cells.made([at] if deleted_at is None else [at, deleted_at], cell)

"""Takes rows out of a received file, whatever its format, and leaves all else as it was."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import warnings
import zipfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path, PurePosixPath

from landscape.errors import LandscapeError, ReceivedFileError
from landscape.office_files import write_fixed_zip
from landscape.surveys.cells import Row
from landscape.surveys.dialects.jsonfiles import is_json
from landscape.surveys.dialects.spss import is_spss, library, read_spss
from landscape.surveys.dialects.textfiles import decode, read_text_rows
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, names_in_archive, read_rows, sheet_names
from landscape.surveys.export import Sheet
from landscape.surveys.invited import InvitedList, read_invited
from landscape.surveys.person_rows import rows_with_parts
from landscape.surveys.received import ReceivedFile, read_received

Lines = Mapping[str, Set[int]]
"""Line numbers by the title of the sheet."""

_DELIMITERS = (",;\t", ",", "\t", ";", ",;\t|^")  # as the dialects try them
_LISTS = ("results", "responses", "value", "records")  # of Kobo, LimeSurvey, ODK Central and SmartSurvey
_UNDATED = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)  # a workbook that said nothing of its age stays the oldest
_SPSS_WRITTEN_ON = slice(84, 101)
_ISO = "%Y-%m-%dT%H:%M:%S"
_REMEDY = (
    "delete the response in the survey tool, export again, put the new export in this file's place, and then "
    "give the same command again"
)


def write_without(file: ReceivedFile, path: Path, draft: Path, lines: frozenset[int]) -> bool:
    """Writes a received file again without some of its responses and their repeated parts.

    Args:
        file: The file as it was read.
        path: Where it lies.
        draft: Where to write the new one.
        lines: The lines of the responses to leave out.

    Returns:
        Whether any response is left; where none is, nothing is written.

    Raises:
        LandscapeError: Its format cannot be written so that everything else reads as before; no draft is left.
    """
    kept = [row for row in file.export.sheets[0].rows if row.line not in lines and any(map(str.strip, row.cells))]
    if not kept:
        return False
    gone = rows_with_parts(file, lines)
    draft.touch(mode=0o600)
    try:
        _write(path, draft, gone)
        shutil.copymode(path, draft)
        _refuse_other_reading(file, draft, gone)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile) as error:
        draft.unlink(missing_ok=True)
        why = error.message if isinstance(error, LandscapeError) else "its format cannot be written by this program"
        raise LandscapeError(f"rows cannot be taken out of it: {why}", file=file.name, remedy=_REMEDY) from error
    return True


def write_list_without(invited: InvitedList, path: Path, draft: Path, lines: frozenset[int]) -> bool:
    """Writes a list of invitations again without some of its rows; arguments and result as for `write_without`.

    Raises:
        LandscapeError: It cannot be written so that all other rows read as before; no draft is left.
    """
    kept = [row for row in invited.invitations if row.line not in lines]
    if not kept:
        return False
    try:
        draft.write_bytes(_text_without(path, set(lines)))
        read = read_invited(draft, invited.name, invited.survey)
        if [replace(row, line=0) for row in read.invitations] != [replace(row, line=0) for row in kept]:
            raise ReceivedFileError("the other invitations would no longer read as before")
    except LandscapeError as error:
        draft.unlink(missing_ok=True)
        remedy = "take the row out in a text editor, and then give the same command again"
        raise LandscapeError(
            f"rows cannot be taken out of it: {error.message}", file=invited.name, remedy=remedy
        ) from error
    return True


def _write(path: Path, draft: Path, gone: Lines) -> None:
    if is_spss(path):
        _write_spss(path, draft, gone)
    elif is_json(path):
        _write_json(path, draft, gone)
    elif is_workbook(path):
        _write_workbook(path, draft, gone)
    elif names_in_archive(path) is not None:
        _write_archive(path, draft, gone)
    else:
        draft.write_bytes(_text_without(path, set().union(*gone.values())))


def _refuse_other_reading(file: ReceivedFile, draft: Path, gone: Lines) -> None:
    """The last proof: the survey's own reader finds the same responses, and as many rows of their parts."""
    read = read_received(draft, file.name, file.survey)
    for before, after in zip(file.export.sheets, read.export.sheets, strict=True):
        left = [row for row in before.rows if row.line not in gone[before.title]]
        if _facts(before, left) != _facts(after, after.rows):
            raise ReceivedFileError("the other responses would no longer read as before")


def _facts(sheet: Sheet, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Number and time of each response; of a part nothing but how many rows, since some tools number them by place."""
    at = [sheet.position(role) for role in ("response_id", "completed_at") if sheet.repeat is None]
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    return [tuple(row.cells[i].strip() if i is not None and i < len(row.cells) else "" for i in at) for row in filled]


# -- Delimited text: whole lines are left out, all other bytes stay


def _text_without(path: Path, lines: set[int]) -> bytes:
    data = path.read_bytes()
    marks = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    encoding = marks.get(data[:2], "latin-1")  # latin-1 hands every byte through; delimiters and quotes are ASCII
    physical = list(io.StringIO(data.decode(encoding), newline=""))
    starts = [row.line for row in _rows_holding(path, lines)]
    ends = dict(zip(starts, [*starts[1:], len(physical) + 1], strict=True))
    left_out = {number for line in lines for number in range(line, ends[line])}
    return "".join(text for number, text in enumerate(physical, start=1) if number not in left_out).encode(encoding)


def _rows_holding(path: Path, lines: set[int]) -> list[Row]:
    """The rows of a text file, taken apart at the delimiter that gives the lines sought and the most headings."""
    best: list[Row] = []
    for delimiters in _DELIMITERS:
        try:
            rows, _ = read_text_rows(path, delimiters)
        except ReceivedFileError:
            continue
        is_wider = not best or len(rows[0].cells) > len(best[0].cells)
        if is_wider and lines <= {row.line for row in rows}:
            best = rows
    if not best:
        raise ReceivedFileError("it is not clear where its rows begin and end")
    return best


def _write_archive(path: Path, draft: Path, gone: Lines) -> None:
    """A zip of tables, one for each repeated part."""
    with zipfile.ZipFile(path) as source:
        names = source.namelist()
        media = [name for name in names if not name.lower().endswith(".csv")]
        if media:
            raise ReceivedFileError("it also holds attachments, which may be theirs")
        main = next(iter(gone))
        part = draft.with_name(f"{draft.name}.part")
        try:
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as target:
                for name in names:
                    stem = PurePosixPath(name).stem
                    lines = gone.get(stem) or gone.get(stem.removeprefix(f"{main}-")) or set()
                    part.write_bytes(source.read(name))
                    target.writestr(
                        source.getinfo(name), _text_without(part, set(lines)) if lines else source.read(name)
                    )
        finally:
            part.unlink(missing_ok=True)


# -- JSON: entries of the list of submissions, with all that is nested in them


def _write_json(path: Path, draft: Path, gone: Lines) -> None:
    held = json.loads(decode(path)[0])
    lines = next(iter(gone.values()))
    key = None if isinstance(held, list) else next(key for key in _LISTS if isinstance(held.get(key), list))
    entries = [entry for entry in (held if key is None else held[key]) if isinstance(entry, dict)]
    left = [entry for number, entry in enumerate(entries, start=1) if number not in lines]
    if key is not None:
        held[key] = left
        held |= {name: len(left) for name in ("count", "@odata.count", "total") if name in held}
    draft.write_text(json.dumps(left if key is None else held, ensure_ascii=False, indent=1), encoding="utf-8")


# -- Workbooks


def _write_workbook(path: Path, draft: Path, gone: Lines) -> None:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out is decoration; cells are compared below
        book = load_workbook(path, data_only=True, keep_links=False)  # a formula stays as the value that was read
    for title, lines in gone.items():
        if not lines:  # nothing goes, or the file has no such sheet
            continue
        sheet = book[title]
        for line in sorted(lines, reverse=True):
            sheet.delete_rows(line)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink:
                    cell.hyperlink.ref = cell.coordinate
        for area in (*sheet.tables.values(), sheet.auto_filter):
            area.ref = _shortened(area.ref, len(lines))
    unfixed = io.BytesIO()
    book.save(unfixed)
    write_fixed_zip(unfixed, draft, modified_at(path) or _UNDATED)
    for title in sheet_names(path):
        left = [row.cells for row in read_rows(path, title) if row.line not in gone.get(title, ())]
        if _trimmed(left) != _trimmed([row.cells for row in read_rows(draft, title)]):
            raise ReceivedFileError("other cells would change")


def _shortened(area: str | None, n_lines: int) -> str | None:
    """A table's area with so many rows fewer; headings and one row always stay, as Excel wants it."""
    from openpyxl.utils import range_boundaries
    from openpyxl.utils.cell import get_column_letter

    if not area:
        return area
    first, top, last, bottom = range_boundaries(area)
    return f"{get_column_letter(first)}{top}:{get_column_letter(last)}{max(top + 1, bottom - n_lines)}"


def _trimmed(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Rows without the empty cells and rows at their ends, which no reader looks at."""
    found = [cells[: max((at for at, cell in enumerate(cells, start=1) if cell), default=0)] for cells in rows]
    while found and not found[-1]:
        found.pop()
    return found


# -- SPSS


def _write_spss(path: Path, draft: Path, gone: Lines) -> None:
    pyreadstat = library(path)
    (lines,) = gone.values()
    frame, meta = pyreadstat.read_sav(path, disable_datetime_conversion=True, user_missing=True)
    left = frame.drop(index=[line - 1 for line in lines])
    pyreadstat.write_sav(
        left,
        draft,
        file_label=meta.file_label or "",
        column_labels=meta.column_names_to_labels,
        variable_value_labels=meta.variable_value_labels,
        missing_ranges=meta.missing_ranges,
        variable_display_width=meta.variable_display_width,
        variable_measure=dict(meta.variable_measure),
        variable_format={name: kind for name, kind in meta.original_variable_types.items() if kind},
    )
    data = bytearray(draft.read_bytes())
    data[_SPSS_WRITTEN_ON] = path.read_bytes()[_SPSS_WRITTEN_ON]  # when the tool exported it decides between versions
    draft.write_bytes(data)
    before, after = (read_spss(found, _ISO, _ISO) for found in (path, draft))
    cells = [row.cells for row in before.cells.rows() if row.line not in lines]
    if (cells, before.names, before.labels, before.value_labels) != (
        [row.cells for row in after.cells.rows()], after.names, after.labels, after.value_labels,
    ):  # fmt: skip
        raise ReceivedFileError("other cells would change")

"""REDCap: CSV of raw data or labels, forms side by side, check boxes as columns, repeats as rows. Not here: numbers and dates."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from landscape.surveys.dialects.jsonfiles import Table, table_of_rows
from landscape.surveys.dialects.merging import Merging, json_list, own_words_columns
from landscape.surveys.dialects.redcap_values import Value, date_columns, date_reader, holds_decimal_commas, with_point
from landscape.surveys.dialects.textfiles import first_text_rows, read_text_rows
from landscape.surveys.dialects.times import UNDATED, refuse_other_times
from landscape.surveys.dialects.workbooks import is_workbook
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Export, Row, Sheet

NAME = "redcap"
TITLE = "REDCap"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = ISO_FORMAT
MIXES_OWN_WORDS = False
_DELIMITERS = ",;\t|^"
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_BOX = re.compile(r"(?P<field>\w+?)___(?P<raw>\w+)|(?P<label>.*\S) \(choice=(?P<option>.*)\)", re.DOTALL)
_END, _END_LABEL = "_complete", "Complete?"
_INSTRUMENT = ("redcap_repeat_instrument", "Repeat Instrument")
_INSTANCE = ("redcap_repeat_instance", "Repeat Instance")
_EVENT = ("redcap_event_name", "Event Name")
_TOOL = {
    *_INSTRUMENT, *_INSTANCE, *_EVENT, "redcap_data_access_group", "Data Access Group", "redcap_survey_identifier",
    "Survey Identifier",
}  # fmt: skip
_TIMESTAMP, _TIMESTAMP_LABEL, _NOT_COMPLETED = "_timestamp", "Survey Timestamp", "[not completed]"
_TICKS, _UNTICKED = {"1", "Checked"}, ("0", "Unchecked")
_FINISHED = {"2", "Complete"}
_STATES = {"", "0", "1", "Incomplete", "Unverified"} | _FINISHED


@dataclass(frozen=True)
class Form:
    """The columns of one form (instrument); its last one says how far it is, where the export has it."""

    name: str
    columns: tuple[int, ...]
    state: int | None


def recognises(path: Path) -> bool:
    """Whether the headings are field names with REDCap's own among them, or labels with “Complete?” at each form's end."""
    if is_workbook(path):
        return False
    headings = [cell.strip() for cells in first_text_rows(path, 1, _DELIMITERS) for cell in cells]
    is_raw = all(_FIELD.fullmatch(heading) for heading in headings) and any(
        heading.startswith("redcap_") or heading.endswith(_END) or "___" in heading for heading in headings
    )
    return len(headings) > 1 and (is_raw or _END_LABEL in headings)


def read(path: Path, asked: Asked = NOTHING_ASKED) -> Export:
    """Reads the CSV; each repeating instrument becomes a repeated part.

    Raises:
        ReceivedFileError: Its quoting breaks off, or the order of day and month in its dates cannot be told.
    """
    rows, note = read_text_rows(path, _DELIMITERS)
    table = table_of_rows("", rows)
    whole = [row for row in table.rows if len(row.cells) == len(table.headings)]
    forms = _forms(table, whole)
    instrument = _position(table, _INSTRUMENT)
    repeated = {} if instrument is None else _repeated_forms(table, forms, whole, instrument)
    values = _values(table, whole, path, asked)
    parts = {
        name: tuple(row for row in whole if instrument is not None and row.cells[instrument].strip() == name)
        for name in repeated
    }
    placed = {row.line for found in parts.values() for row in found}
    main_forms = [form for form in forms if form not in repeated.values()]
    main = Table("", table.headings, tuple(row for row in table.rows if row.line not in placed))
    sheets = (
        _sheet(main, main_forms, values, None, asked),
        *(
            _sheet(Table(name, table.headings, parts[name]), [form], values, name, asked)
            for name, form in repeated.items()
        ),
    )
    refuse_other_times(sheets[0], path)
    return Export(NAME, sheets, encoding_note=note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Ticked options: the list that `read` makes of a field's check boxes."""
    found = json_list(cell)
    return [cell.strip()] if found is None else found


def _position(table: Table, names: Sequence[str]) -> int | None:
    return next((at for at, heading in enumerate(table.headings) if heading in names), None)


def _forms(table: Table, rows: Sequence[Row]) -> list[Form]:
    forms: list[Form] = []
    columns: list[int] = []
    for at, heading in enumerate(table.headings):
        if at == 0 or heading in _TOOL:
            continue
        columns.append(at)
        is_end = heading == _END_LABEL or heading.endswith(_END)
        if is_end and {row.cells[at].strip() for row in rows} <= _STATES:
            forms.append(Form(heading.removesuffix(_END), tuple(columns), at))
            columns = []
    return [*forms, Form("", tuple(columns), None)] if columns else forms


def _repeated_forms(table: Table, forms: Sequence[Form], rows: Sequence[Row], instrument: int) -> dict[str, Form]:
    """The form of each repeating instrument: the one of its name, else the one filled in on its rows.

    One that nobody has filled in yet is blank on all rows, its state too, while other forms have a state everywhere.
    """
    named = {form.name: form for form in forms}
    found: dict[str, Form] = {}
    for name in dict.fromkeys(row.cells[instrument].strip() for row in rows):
        filled = [f for f in forms if any(r.cells[at].strip() for r in _of(rows, instrument, name) for at in f.columns)]
        if name and (name in named or filled):
            found[name] = named.get(name) or filled[0]
    n_blank = [
        form
        for form in forms
        if rows and form.state is not None and table.headings[form.state] != _END_LABEL
        and not any(row.cells[at].strip() for row in rows for at in form.columns)
    ]  # fmt: skip
    return found | {form.name: form for form in n_blank if form not in found.values()}


def _of(rows: Sequence[Row], instrument: int, name: str) -> list[Row]:
    return [row for row in rows if row.cells[instrument].strip() == name]


def _values(table: Table, rows: Sequence[Row], path: Path, asked: Asked) -> dict[int, Value]:
    """How to read the columns of decimal commas, and of dates in which the year comes last."""
    columns = {at: [row.cells[at].strip() for row in rows] for at in range(1, len(table.headings))}
    found: dict[int, Value] = {at: with_point for at, values in columns.items() if holds_decimal_commas(values)}
    dated = date_columns(columns)
    reader = date_reader(dated, rows, path, asked.dates)
    return found | dict.fromkeys(dated, reader)


def _sheet(table: Table, forms: Sequence[Form], values: Mapping[int, Value], part: str | None, asked: Asked) -> Sheet:
    headings = table.headings
    sheet = Merging(table.rows, len(headings), asked)
    for at, heading in enumerate(headings):
        sheet.keep(at, heading, "tool" if heading else "empty")
    number = _numbers(table, part)
    for form in forms:
        boxes: dict[str, dict[int, str]] = {}
        for at in form.columns:
            box = _BOX.fullmatch(headings[at])
            if box is not None:
                boxes.setdefault(box["field"] or box["label"], {})[at] = box["raw"] or box["option"]
            elif _is_question(at, headings, form):
                sheet.keep(at, headings[at], "answer", _value(at, values.get(at)))
        fields = {*(headings[at] for at in form.columns), *boxes}
        own_words = own_words_columns({at: headings[at] for at in form.columns}, fields, asked)
        for at in own_words.values():
            if not asked.kind(headings[at]):
                sheet.keep(at, headings[at], "tool")
        for field, options in boxes.items():
            first, *others = options
            sheet.keep(first, field, "answer", _ticked(options), list(options.values()))
            sheet.aside(field, others)
            beside = [own_words[field]] if field in own_words else []
            sheet.note_zeros(field, options, beside, _UNTICKED)
        for field, at in own_words.items():
            sheet.beside(min(boxes[field]) if field in boxes else headings.index(field), [at])
    if part is None:
        sheet.keep(0, headings[0], "response_id", number)
        _keep_times(sheet, headings, forms, values)
    else:
        sheet.keep(0, headings[0], "parent_id", number)
        instance = _position(table, _INSTANCE)
        if instance is not None:
            sheet.keep(
                instance,
                headings[instance],
                "record_id",
                lambda cells: f"{number(cells)}/{part}/{cells[instance].strip()}",
            )
    return dataclasses.replace(sheet.sheet(table.title), repeat=part)


def _is_question(at: int, headings: Sequence[str], form: Form) -> bool:
    heading = headings[at]
    return bool(heading) and at != form.state and not _is_stamp(heading, form)


def _is_stamp(heading: str, form: Form) -> bool:
    return heading in (_TIMESTAMP_LABEL, f"{form.name}{_TIMESTAMP}")


def _numbers(table: Table, part: str | None) -> Callable[[Sequence[str]], str]:
    """A response's number: the record's; with its event where there are several, and the number of a repeated event."""
    event, instance = _position(table, _EVENT), _position(table, _INSTANCE)
    has_events = event is not None and len({*table.cells(table.headings[event])} - {""}) > 1

    def number(cells: Sequence[str]) -> str:
        found = cells[0].strip()
        if found and event is not None and (has_events or (part is not None and cells[event].strip())):
            found += f" [{cells[event].strip()}]"
        if found and part is None and instance is not None and cells[instance].strip():
            found += f" [{cells[instance].strip()}]"
        return found

    return number


def _value(at: int, read_value: Value | None) -> Callable[[Sequence[str]], str] | None:
    return None if read_value is None else lambda cells: read_value(cells[at])


def _ticked(options: Mapping[int, str]) -> Callable[[Sequence[str]], str]:
    """A cell of the ticked boxes.

    REDCap writes 0 for a box not ticked, for one that a condition hid and for one on a form that nobody opened. So a row of
    nothing but 0 does not say that the question was answered, and its cell is empty.
    """

    def cell(cells: Sequence[str]) -> str:
        ticked = [option for at, option in options.items() if cells[at].strip() in _TICKS]
        return json.dumps(ticked, ensure_ascii=False) if ticked else ""

    return cell


def _keep_times(sheet: Merging, headings: Sequence[str], forms: Sequence[Form], values: Mapping[int, Value]) -> None:
    """When the first form was finished; where no time is exported, its state says at least whether it was."""
    first = next((form for form in forms if form.state is not None and len(form.columns) > 1), None)
    if first is None or first.state is None:
        return
    state = first.state
    stamp = next((at for at in first.columns if _is_stamp(headings[at], first)), None)

    def finished(cells: Sequence[str]) -> str:
        if cells[state].strip() not in _FINISHED:
            return ""
        if stamp is None:
            return UNDATED
        text = values.get(stamp, str.strip)(cells[stamp])
        return "" if text.strip() == _NOT_COMPLETED else text

    at = state if stamp is None else stamp
    sheet.keep(at, headings[at], "completed_at", finished)

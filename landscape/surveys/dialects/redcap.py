"""REDCap: CSV of raw data or labels, forms side by side, check boxes as columns, repeats as rows."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.surveys.cells import CellColumn, made_of
from landscape.surveys.dialects.jsonfiles import Table, table_of_text
from landscape.surveys.dialects.merging import Merging, json_list, own_words_columns
from landscape.surveys.dialects.redcap_values import Value, date_columns, date_reader, holds_decimal_commas, with_point
from landscape.surveys.dialects.textfiles import first_text_rows, read_text
from landscape.surveys.dialects.times import UNDATED, refuse_other_times
from landscape.surveys.dialects.workbooks import is_workbook
from landscape.surveys.export import ISO_FORMAT, NOTHING_ASKED, Asked, Export, Sheet

if TYPE_CHECKING:
    from landscape.surveys.cells import Mask

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
        ReceivedFileError: Its quoting breaks off, or the order of day and month in its dates is not known.
    """
    text = read_text(path, _DELIMITERS)
    table = table_of_text(text)
    forms = _forms(table)
    instrument = _position(table, _INSTRUMENT)
    repeated = {} if instrument is None else _repeated_forms(table, forms, instrument)
    values = _values(table, path, asked)
    main_forms = [form for form in forms if form not in repeated.values()]
    sheets = [_sheet(_main(table, instrument, repeated), main_forms, values, None, asked)]
    if instrument is not None:
        for name, form in repeated.items():
            part = Table(name, table.headings, table.cells.of(_is_of(table, instrument, name)))
            sheets.append(_sheet(part, [form], values, name, asked))
    refuse_other_times(sheets[0], path)
    return Export(NAME, tuple(sheets), encoding_note=text.note)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Ticked options: the list that `read` makes of a field's check boxes."""
    found = json_list(cell)
    return [cell.strip()] if found is None else found


def _position(table: Table, names: Sequence[str]) -> int | None:
    return next((at for at, heading in enumerate(table.headings) if heading in names), None)


def _main(table: Table, instrument: int | None, repeated: Collection[str]) -> Table:
    """The table without the rows of repeated parts."""
    if instrument is None:
        return table
    stays = table.cells.columns[instrument].where(lambda text: text.strip() not in repeated)
    return dataclasses.replace(table, cells=dataclasses.replace(table.cells.of(stays), odd=table.cells.odd))


def _is_of(table: Table, instrument: int, name: str) -> Mask:
    return table.cells.columns[instrument].where(lambda text: text.strip() == name)


def _forms(table: Table) -> list[Form]:
    forms: list[Form] = []
    columns: list[int] = []
    for at, heading in enumerate(table.headings):
        if at == 0 or heading in _TOOL:
            continue
        columns.append(at)
        is_end = heading == _END_LABEL or heading.endswith(_END)
        if is_end and set(table.cells.values(at)) <= _STATES:
            forms.append(Form(heading.removesuffix(_END), tuple(columns), at))
            columns = []
    return [*forms, Form("", tuple(columns), None)] if columns else forms


def _repeated_forms(table: Table, forms: Sequence[Form], instrument: int) -> dict[str, Form]:
    """The form of each repeating instrument: the one of its name, else the one filled in on its rows.

    One that nobody has filled in yet is blank on all rows, its state too, while other forms have a state everywhere.
    """
    named = {form.name: form for form in forms}
    found: dict[str, Form] = {}
    for name in table.cells.values(instrument):
        own = table.cells.of(_is_of(table, instrument, name))
        filled = [form for form in forms if own.any_filled(form.columns).any()]
        if name and (name in named or filled):
            found[name] = named.get(name) or filled[0]
    n_blank = [
        form
        for form in forms
        if len(table.cells.lines) and form.state is not None and table.headings[form.state] != _END_LABEL
        and not table.cells.any_filled(form.columns).any()
    ]  # fmt: skip
    return found | {form.name: form for form in n_blank if form not in found.values()}


def _values(table: Table, path: Path, asked: Asked) -> dict[int, Value]:
    """How to read the columns of decimal commas, and of dates in which the year comes last."""
    columns = {at: table.cells.values(at) for at in range(1, len(table.headings))}
    found: dict[int, Value] = {at: with_point for at, values in columns.items() if holds_decimal_commas(values)}
    dated = date_columns(columns)
    reader = date_reader(dated, table.cells, path, asked.dates)
    return found | dict.fromkeys(dated, reader)


def _sheet(table: Table, forms: Sequence[Form], values: Mapping[int, Value], part: str | None, asked: Asked) -> Sheet:
    headings = table.headings
    sheet = Merging(table.cells, asked)
    for at, heading in enumerate(headings):
        sheet.keep(at, heading, "tool" if heading else "empty")
    numbers = _numbers(table, part)
    for form in forms:
        boxes: dict[str, dict[int, str]] = {}
        for at in form.columns:
            box = _BOX.fullmatch(headings[at])
            if box is not None:
                boxes.setdefault(box["field"] or box["label"], {})[at] = box["raw"] or box["option"]
            elif _is_question(at, headings, form):
                sheet.keep(at, headings[at], "answer", table.cells.columns[at].mapped(values.get(at, _as_it_is)))
        fields = {*(headings[at] for at in form.columns), *boxes}
        own_words = own_words_columns({at: headings[at] for at in form.columns}, fields, asked)
        for at in own_words.values():
            if not asked.kind(headings[at]):
                sheet.keep(at, headings[at], "tool")
        for field, options in boxes.items():
            first, *others = options
            ticked = table.cells.made(tuple(options), partial(_ticked, options))
            sheet.keep(first, field, "answer", ticked, list(options.values()))
            sheet.aside(field, others)
            beside = [own_words[field]] if field in own_words else []
            sheet.note_zeros(field, options, beside, _UNTICKED)
        for field, at in own_words.items():
            sheet.beside(min(boxes[field]) if field in boxes else headings.index(field), [at])
    if part is None:
        sheet.keep(0, headings[0], "response_id", numbers)
        _keep_times(sheet, headings, forms, values)
    else:
        sheet.keep(0, headings[0], "parent_id", numbers)
        instance = _position(table, _INSTANCE)
        if instance is not None:
            record_ids = made_of(
                [numbers, table.cells.columns[instance]], lambda texts: f"{texts[0]}/{part}/{texts[1].strip()}"
            )
            sheet.keep(instance, headings[instance], "record_id", record_ids)
    return dataclasses.replace(sheet.sheet(table.title), repeat=part)


def _is_question(at: int, headings: Sequence[str], form: Form) -> bool:
    heading = headings[at]
    return bool(heading) and at != form.state and not _is_stamp(heading, form)


def _is_stamp(heading: str, form: Form) -> bool:
    return heading in (_TIMESTAMP_LABEL, f"{form.name}{_TIMESTAMP}")


def _numbers(table: Table, part: str | None) -> CellColumn:
    """A response's number: the record's; with its event where there are several, and the number of a repeated event."""
    event, instance = _position(table, _EVENT), _position(table, _INSTANCE)
    has_events = event is not None and len({*table.cells.values(event)} - {""}) > 1

    def number(cells: Mapping[int, str]) -> str:
        found = cells[0].strip()
        if found and event is not None and (has_events or (part is not None and cells[event].strip())):
            found += f" [{cells[event].strip()}]"
        if found and part is None and instance is not None and cells[instance].strip():
            found += f" [{cells[instance].strip()}]"
        return found

    return table.cells.made([0, *(at for at in (event, instance) if at)], number)


def _as_it_is(text: str) -> str:
    return text


def _ticked(options: Mapping[int, str], cells: Mapping[int, str]) -> str:
    """A cell of the ticked boxes.

    REDCap writes 0 for a box not ticked, for one that a condition hid and for one on a form that nobody opened. So a row of
    nothing but 0 does not say that the question was answered, and its cell is empty.
    """
    ticked = [option for at, option in options.items() if cells[at].strip() in _TICKS]
    return json.dumps(ticked, ensure_ascii=False) if ticked else ""


def _keep_times(sheet: Merging, headings: Sequence[str], forms: Sequence[Form], values: Mapping[int, Value]) -> None:
    """When the first form was finished; where no time is exported, its state says at least whether it was."""
    first = next((form for form in forms if form.state is not None and len(form.columns) > 1), None)
    if first is None or first.state is None:
        return
    state = first.state
    stamp = next((at for at in first.columns if _is_stamp(headings[at], first)), None)

    def finished(cells: Mapping[int, str]) -> str:
        if cells[state].strip() not in _FINISHED:
            return ""
        if stamp is None:
            return UNDATED
        text = values.get(stamp, str.strip)(cells[stamp])
        return "" if text.strip() == _NOT_COMPLETED else text

    at = state if stamp is None else stamp
    sheet.keep(at, headings[at], "completed_at", sheet.cells.made(tuple({at, state}), finished))

"""Makes the staged tables of data.police.uk, without contact details: answers, methods, neighbourhoods, events, priorities."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.models import DUCKDB_TYPES, TableModel
from landscape.opendata.police_uk import Answer, force_path, neighbourhood_paths, neighbourhoods_path
from landscape.opendata.police_uk_files import Pull, read_pulls
from landscape.opendata.police_uk_pull import body_of, items_of, neighbourhood_ids
from landscape.opendata.police_uk_text import names_someone, text_key, text_of_html
from landscape.pii_scan import Known
from landscape.staging_db import StagingDatabase, write_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PREFIX = "police_uk_"
Item = Mapping[str, object]
_Row = dict[str, object]
_Key = tuple[str, ...]


@dataclass
class _Seen:
    """What all pulls saw, by key; the latest version counts."""

    known: Known
    answers: list[_Row] = field(default_factory=list)
    methods: list[_Row] = field(default_factory=list)
    neighbourhoods: dict[_Key, _Row] = field(default_factory=dict)
    events: dict[_Key, _Row] = field(default_factory=dict)
    priorities: dict[_Key, _Row] = field(default_factory=dict)
    _cleaned: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def clean(self, html: object) -> tuple[str, bool]:
        """A text without mark-up, and whether it may name somebody; cached, since most texts come with every pull."""
        marked_up = str(html or "")
        if marked_up not in self._cleaned:
            text = text_of_html(marked_up)
            self._cleaned[marked_up] = text, names_someone(text, self.known)
        return self._cleaned[marked_up]

    def tables(self) -> dict[str, list[_Row]]:
        """Rows by table name."""
        return {
            "police_uk_answers": self.answers,
            "police_uk_methods": self.methods,
            "police_uk_neighbourhoods": list(self.neighbourhoods.values()),
            "police_uk_events": list(self.events.values()),
            "police_uk_priorities": list(self.priorities.values()),
        }


def stage_police_uk(staging_db: StagingDatabase, models: Sequence[TableModel], known: Known) -> None:
    """Makes the staged tables of data.police.uk from all pulls; empty tables if there are none.

    Args:
        staging_db: The staging database, with reference.force_areas.
        models: The models of the tables, whose names begin with PREFIX.
        known: Whom the PII scan searches for.

    Raises:
        OpenDataError: A pull's file was damaged.
    """
    areas = _areas(staging_db.con)
    seen = _Seen(known)
    for pull in read_pulls(staging_db.paths.police_uk):
        for force in pull.forces:
            if force in areas:
                _stage_force(seen, pull, force, areas[force])
    tables = seen.tables()
    for model in models:
        columns = {each.name: DUCKDB_TYPES[each.type] for each in model.fields}
        rows = [tuple(row.get(name) for name in columns) for row in tables[model.name]]
        write_rows(staging_db.con, model.table, columns, sorted(rows, key=str))


def _areas(con: DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT police_uk_id, force_area_code FROM reference.force_areas").fetchall())


def _stage_force(seen: _Seen, pull: Pull, force: str, area: str) -> None:
    answers = pull.answers(force)
    place: _Row = {"pull": pull.name, "force_area_code": area}
    if (answer := answers.get(force_path(force))) is not None:
        body = body_of(answer)
        methods = body.get("engagement_methods") if isinstance(body, dict) else None
        found = [method for method in methods if isinstance(method, dict)] if isinstance(methods, list) else []
        seen.answers.append(_fact(place, "force", answer, len(found)))
        seen.methods += _methods(found, {**place, "fetched_on": _day(answer)})
    listed = answers.get(neighbourhoods_path(force))
    if listed is None:
        return
    seen.answers.append(_fact(place, "neighbourhoods", listed, len(items_of(listed))))
    names = {str(item["id"]): item.get("name") for item in items_of(listed) if item.get("id")}
    for neighbourhood_id in neighbourhood_ids(listed):
        here: _Row = {"force_area_code": area, "neighbourhood_id": neighbourhood_id}
        _stage_neighbourhood(seen, here, names[neighbourhood_id], listed)
        for endpoint, path in neighbourhood_paths(force, neighbourhood_id).items():
            if (answer := answers.get(path)) is not None:
                seen.answers.append(_fact({**place, **here}, endpoint, answer, len(_items_of_any(answer))))
                _STAGE[endpoint](seen, here, answer)


def _fact(place: _Row, endpoint: str, answer: Answer, n_items: int) -> _Row:
    facts = {"endpoint": endpoint, "http_status": answer.status, "fetched_on": _day(answer)}
    return {**place, **facts, "body_state": _body_state(answer, endpoint), "n_items": n_items}


def _body_state(answer: Answer, endpoint: str) -> str:
    """What was received: items, an empty list (no proof that there are none), an error, or something unreadable."""
    if not answer.is_good:
        return "error"
    body = body_of(answer)
    if not isinstance(body, dict if endpoint in ("force", "neighbourhood") else list):
        return "unreadable"
    return "items" if body else "empty"


def _items_of_any(answer: Answer) -> Sequence[object]:
    body = body_of(answer)
    return [body] if isinstance(body, dict) else items_of(answer)


def _methods(found: Sequence[Item], place: _Row) -> Iterator[_Row]:
    for number, method in enumerate(found, 1):
        has_type = value_state(method, "type") == "value"
        called = method["type"] if has_type else method.get("title")  # older bodies only have the title
        yield {
            **place,
            "method_number": number,
            "contact_channel_code": "_".join(str(called or "unnamed").casefold().split()),
            "link_state": value_state(method, "url"),
            "has_link": value_state(method, "url") == "value",
        }


def _stage_neighbourhood(seen: _Seen, here: _Row, name: object, listed: Answer) -> None:
    row = _sighted(seen.neighbourhoods, _key_of(here), here, listed)
    text, is_withheld = seen.clean(name)
    row["neighbourhood_name"] = None if is_withheld else text
    row.setdefault("population_state", "absent")
    row.setdefault("description_state", "absent")


def _stage_detail(seen: _Seen, here: _Row, answer: Answer) -> None:
    body = body_of(answer)
    if isinstance(body, dict):
        row = seen.neighbourhoods[_key_of(here)]
        row["population_state"] = value_state(body, "population")
        row["population"] = int(str(body["population"])) if row["population_state"] == "value" else None
        row["description_state"] = value_state(body, "description")


def _stage_events(seen: _Seen, here: _Row, answer: Answer) -> None:
    for item in items_of(answer):
        start, title = str(item.get("start_date") or ""), str(item.get("title") or "")
        key = (*_key_of(here), start, title)
        row = _sighted(seen.events, key, here, answer)
        row |= _texts(seen, item, "title", "event_title")
        row |= {
            "event_id": _id(key),
            "event_type": str(item.get("type") or "") or None,
            "start_text": start or None,
            "starts_on": _date(start),
            "address_state": value_state(item, "address"),
            "description_state": value_state(item, "description"),
        }


def _stage_priorities(seen: _Seen, here: _Row, answer: Answer) -> None:
    for item in items_of(answer):
        words = text_key(seen.clean(item.get("issue"))[0])
        issued = str(item.get("issue-date") or "")
        key = (*_key_of(here), words, issued)
        row = _sighted(seen.priorities, key, here, answer)
        row |= _texts(seen, item, "issue", "issue_text") | _texts(seen, item, "action", "action_text")
        row |= {
            "priority_id": _id(key),
            "text_key": words,
            "issue_on": _date(issued),
            "action_on": _date(str(item.get("action-date") or "")),
        }


_STAGE = {"neighbourhood": _stage_detail, "events": _stage_events, "priorities": _stage_priorities}


def _sighted(things: dict[_Key, _Row], key: _Key, here: _Row, answer: Answer) -> _Row:
    """The row of an item, with the days it was first and last seen."""
    day = _day(answer)
    row = things.setdefault(key, {**here, "first_seen_on": day})
    row["last_seen_on"] = day  # pulls are in order, oldest first
    return row


def _texts(seen: _Seen, item: Item, name: str, column: str) -> _Row:
    """A text without mark-up with its state; withheld if it may name somebody."""
    state = value_state(item, name)
    text, is_withheld = seen.clean(item.get(name))
    if state == "value":
        state = "withheld" if is_withheld else "value" if text else "blank"
    return {column: text if state == "value" else None, f"{column.removesuffix('_text')}_state": state}


def value_state(item: Item, name: str) -> str:
    """The state of a value: value, zero ("0"; for a population, not known), blank, null, absent or odd.

    >>> [value_state(item, "population") for item in ({"population": "0"}, {"population": ""}, {"population": None}, {})]
    ['zero', 'blank', 'null', 'absent']
    """
    if name not in item:
        return "absent"
    value = item[name]
    if value is None:
        return "null"
    text = str(value).strip()
    if not text:
        return "blank"
    if name == "population" and not text.isdecimal():
        return "odd"
    return "zero" if name == "population" and int(text) == 0 else "value"


def _key_of(here: _Row) -> _Key:
    return str(here["force_area_code"]), str(here["neighbourhood_id"])


def _id(key: _Key) -> str:
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:16]


def _day(answer: Answer) -> dt.date:
    return dt.date.fromisoformat(answer.fetched_at[:10])


def _date(text: str) -> dt.date | None:
    """The day of a time without a zone, as the service writes it; None if it is not such a time."""
    try:
        return dt.datetime.fromisoformat(text).date()
    except ValueError:
        return None

"""OData of ODK Central laid out as the tables of its CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from landscape.errors import ReceivedFileError
from landscape.surveys.dialects.jsonfiles import Table, json_cell, table_of_entries

_SYSTEM = {
    "submissionDate": "SubmissionDate", "updatedAt": "UpdatedAt", "submitterId": "SubmitterID",
    "submitterName": "SubmitterName", "attachmentsPresent": "AttachmentsPresent",
    "attachmentsExpected": "AttachmentsExpected", "status": "Status", "reviewState": "ReviewState",
    "deviceId": "DeviceID", "edits": "Edits", "formVersion": "FormVersion", "deletedAt": "DeletedAt",
}  # fmt: skip
_LATITUDE = "-Latitude"
_LINK = "@odata.navigationLink"
_LOCKED = {"notDecrypted": "not decrypted"}


def is_odata(held: object) -> bool:
    """Whether it is a list of submissions as Central hands it out."""
    found = held.get("value") if isinstance(held, dict) else None
    return isinstance(found, list) and all(isinstance(entry, dict) and "__system" in entry for entry in found)


def tables_of(held: Mapping[str, Any], path: Path) -> list[Table]:
    """The table of submissions (without a title), then one for each repeat that someone filled in.

    Raises:
        ReceivedFileError: It is one page of several, or its repeats were not handed out with it.
    """
    if held.get("@odata.nextLink"):
        raise ReceivedFileError(
            "it holds one page of several, so submissions are missing",
            file=path,
            remedy="fetch all pages into one list, or ask without $top and $skip",
        )
    found: dict[str, list[dict[str, str]]] = {"": []}
    for entry in held["value"]:
        _lay_out(entry, "", None, found)
    links = {key.removesuffix(_LINK) for entry in held["value"] for key, _ in _flat(entry, "") if key.endswith(_LINK)}
    absent = sorted(name for name in links if name.rsplit("-", 1)[-1] not in found)
    if absent:
        raise ReceivedFileError(
            "its repeats are links, so their answers are not in the file",
            file=path,
            culprits=absent,
            remedy="ask for the submissions with ?$expand=*",
        )
    for entries in found.values():
        _drop_blank_places(entries)
    return [table_of_entries(title, entries) for title, entries in found.items() if entries or not title]


def _drop_blank_places(entries: list[dict[str, str]]) -> None:
    """Takes out the cell of a whole place on the map where it was left blank: others have it in parts."""
    places = {name.removesuffix(_LATITUDE) for row in entries for name in row if name.endswith(_LATITUDE)}
    for row in entries:
        for name in places & row.keys():
            del row[name]


def _lay_out(entry: Mapping[str, Any], title: str, parent: str | None, found: dict[str, list[dict[str, str]]]) -> None:
    """Adds an entry's row to its table, and the rows of the repeats below it to theirs."""
    key = entry.get("__id") or f"{parent}/{title}[{len(found[title]) + 1}]"
    row = {"KEY": key} if parent is None else {"PARENT_KEY": parent, "KEY": key}
    found[title].append(row)
    for name, value in _flat({k: v for k, v in entry.items() if k not in ("__id", "__system")}, ""):
        if isinstance(value, list):
            part = name.rsplit("-", 1)[-1]
            found.setdefault(part, [])
            for below in value:
                _lay_out(below, part, key, found)
        elif name.endswith(_LINK):
            continue
        elif isinstance(value, dict):  # a place on the map
            row[f"{name}{_LATITUDE}"] = json_cell(value)
        else:
            row[name] = json_cell(value)
    for name, value in entry.get("__system", {}).items():
        row[_SYSTEM.get(name, f"__{name}")] = _LOCKED.get(json_cell(value), json_cell(value))


def _flat(entry: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """All values, those of groups named as in the CSV: `group-question`."""
    for name, value in entry.items():
        if isinstance(value, dict) and "coordinates" not in value:
            yield from _flat(value, f"{before}{name}-")
        else:
            yield f"{before}{name}", value

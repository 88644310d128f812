"""Qualtrics: CSV with three or two rows of headings, Excel with two; choices as text or numbers. Not here: how it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from landscape.errors import ReceivedFileError
from landscape.surveys.definition import Survey
from landscape.surveys.dialects import qualtrics_writing
from landscape.surveys.dialects.merging import Merging, json_list, spread_of
from landscape.surveys.dialects.textfiles import first_text_rows, read_text_rows
from landscape.surveys.dialects.times import refuse_other_order, utc_times
from landscape.surveys.dialects.workbooks import is_workbook, modified_at, read_rows, sheet_names
from landscape.surveys.export import ISO_FORMAT, Export, Role, Row, split_against
from landscape.surveys.render import Response

NAME = "qualtrics"
TITLE = "Qualtrics"
ENDING = ".csv"
TIME_FORMAT = ISO_FORMAT
DATE_FORMAT = "%d/%m/%Y"
SEPARATOR = ","
VARIANTS = qualtrics_writing.VARIANTS
_ROLES: dict[str, Role] = {
    "startdate": "started_at",
    "enddate": "completed_at",
    "responseid": "response_id",
    "_recordid": "response_id",
    "status": "preview",
}
_FACTS = {
    *(
        "ipaddress",
        "progress",
        "duration",
        "duration (in seconds)",
        "finished",
        "recordeddate",
        "responseset",
        "name",
    ),
    *("recipientlastname", "recipientfirstname", "recipientemail", "emailaddress", "externalreference"),
    *("externaldatareference", "externaldata", "locationlatitude", "locationlongitude", "locationaccuracy"),
    *("distributionchannel", "userlanguage"),
}
_DERIVED = re.compile(
    r".*(_DO(_.+)?|_(First Click|Last Click|Page Submit|Click Count)| - (Topics|Sentiment.*|Parent Topics))"
)
_OWN_WORDS = re.compile(r".+_TEXT")
_MEMBER = re.compile(r"(?P<question>.+)_(?P<choice>x?\d+)(?P<text>_TEXT)?")
_UNTICKED = ("0", "-99")
_TICKS = ("1", *_UNTICKED)
_PREVIEWS = {
    "1",
    "2",
    "9",
    "17",
    "survey preview",
    "survey test",
    "survey preview spam",
    "offline survey preview",
}
_GENUINE = {
    "",
    "0",
    "4",
    "8",
    "12",
    "16",
    "ip address",
    "imported",
    "spam",
    "imported spam",
    "offline",
    "offline response",
}
_FINISHED, _UNFINISHED = {"1", "true"}, {"0", "false"}


@dataclass(frozen=True)
class _Heading:
    """What the rows of headings say of one column: short name, wording, and what the ImportId row holds."""

    name: str
    wording: str
    import_id: Mapping[str, str]

    @property
    def fact(self) -> str:
        """The name of a fact about the response that it might be, in the account's language or not."""
        return self.import_id.get("ImportId", self.name).casefold()


def recognises(path: Path) -> bool:
    """Whether a row of ImportIds stands third, or Qualtrics' own columns head the file."""
    if is_workbook(path):
        rows = [row.cells for row in read_rows(path, sheet_names(path)[0])[:3]]
    else:
        rows = first_text_rows(path, 3)
    return bool(rows) and _n_headings(rows) > 0


def read(path: Path) -> Export:
    """Reads the export.

    Raises:
        ReceivedFileError: It has no response ids, or words for its status, its time zone or its dates that are not known.
    """
    note, exported_at, title = "", None, ""
    if is_workbook(path):
        title, exported_at = sheet_names(path)[0], modified_at(path)
        rows = read_rows(path, title)
    else:
        rows, note = read_text_rows(path)
    n_headings = _n_headings([row.cells for row in rows[:3]])
    headings, below = _headings([row.cells for row in rows[:n_headings]]), rows[n_headings:]
    merging = Merging(below, len(headings))
    facts = {fact: at for at, heading in reversed(list(enumerate(headings))) if (fact := _fact(heading))}
    zone = _keep_facts(merging, headings, facts, path)
    _keep_questions(merging, headings, set(facts.values()))
    sheet = merging.sheet(title)
    if sheet.position("response_id") is None:
        raise ReceivedFileError(
            "it has no response ids, so a response cannot be told from its copy",
            file=path,
            remedy="export again with all fields (“Download all fields”)",
        )
    answers = [column.position for column in sheet.columns if column.role == "answer"]
    refuse_other_order(
        sheet.rows,
        answers,
        "day first",
        path,
        "ask for dates as dd/mm/yyyy in the question’s validation, or as text",
    )
    return Export(NAME, (sheet,), exported_at=exported_at, encoding_note=note, time_zone=zone)


def split(cell: str, labels: Sequence[str]) -> list[str]:
    """Options in a JSON array, or joined by a comma without any escape; or the numbers of choices."""
    merged = json_list(cell)
    if merged is not None:
        return merged
    parts = cell.split(SEPARATOR)
    if cell not in labels and all(part.strip().isdigit() for part in parts) and not set(parts) & set(labels):
        return [part.strip() for part in parts]
    return split_against(cell, labels, SEPARATOR)


def render(survey: Survey, responses: Sequence[Response], path: Path, *, variant: str = "csv") -> None:
    """Writes responses as Qualtrics would; see `qualtrics_writing.VARIANTS`."""
    qualtrics_writing.render(survey, responses, path, variant)


def _n_headings(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of headings stand above the responses; 0 where this is no Qualtrics export."""
    if len(rows) > 2 and rows[2][:1] and "ImportId" in _import_id(rows[2][0]):
        return 3
    names = {cell.strip().casefold() for cell in rows[0]}
    wordings = {cell.strip().casefold() for cell in rows[1]} if len(rows) > 1 else set()
    if {"startdate", "enddate", "status"} <= names or {"responseid", "responseset", "status"} <= wordings:
        return 2 if len(rows) > 1 else 0
    return 0


def _import_id(cell: str) -> Mapping[str, str]:
    try:
        found = json.loads(cell)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _headings(rows: Sequence[Sequence[str]]) -> list[_Heading]:
    width = max(len(row) for row in rows)
    padded = [(*row, *[""] * (width - len(row))) for row in rows]
    ids = [_import_id(cell) for cell in padded[2]] if len(padded) > 2 else [{}] * width
    return [
        _Heading(name.strip(), text.strip(), i)
        for name, text, i in zip(padded[0], padded[1], ids, strict=True)
    ]


def _fact(heading: _Heading) -> str:
    """Which of Qualtrics' own facts a column holds; legacy exports name them in the second row (`V1`, `ResponseID`)."""
    known = _ROLES.keys() | _FACTS
    legacy = heading.wording if re.fullmatch(r"V\d+|Location\w+", heading.name) else ""
    return next((name for name in (heading.fact, legacy.casefold()) if name in known), "")


def _keep_facts(
    merging: Merging, headings: Sequence[_Heading], facts: Mapping[str, int], path: Path
) -> str | None:
    """Gives each fact its role; returns the zone of the times, where the file says it."""
    for fact, at in facts.items():
        merging.keep(at, headings[at].name, _ROLES.get(fact, "tool"))
    if "status" in facts:
        at = facts["status"]
        _refuse_unknown(merging, at, _PREVIEWS | _GENUINE, "status", path)
        merging.keep(at, headings[at].name, "preview", _only_where(at, at, _PREVIEWS))
    if "finished" in facts and "enddate" in facts:
        _refuse_unknown(merging, facts["finished"], _FINISHED | _UNFINISHED | {""}, "“Finished”", path)
        merging.keep(
            facts["enddate"],
            "EndDate",
            "completed_at",
            _only_where(facts["enddate"], facts["finished"], _FINISHED),
        )
    times = [at for fact, at in facts.items() if fact in ("startdate", "enddate")]
    if times and all(utc_times(merging.values(at)) for at in times):
        for at in times:
            role = _ROLES[next(fact for fact, position in facts.items() if position == at)]
            in_utc = dict(zip(merging.values(at), utc_times(merging.values(at)) or (), strict=True))
            kept = (
                _only_where(at, facts["finished"], _FINISHED)
                if role == "completed_at" and "finished" in facts
                else None
            )
            merging.keep(at, headings[at].name, role, _in_utc(at, in_utc, kept))
        return "UTC"
    zone = next(
        (headings[at].import_id["timeZone"] for at in times if "timeZone" in headings[at].import_id), None
    )
    if zone is None:
        return None
    zone = "UTC" if zone == "Z" else zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ReceivedFileError(
            "its time zone is not known",
            file=path,
            culprits=[zone],
            remedy="export again with a zone such as Europe/London",
        ) from error
    return zone


def _only_where(at: int, flag: int, values: set[str]):  # noqa: ANN202
    return lambda cells: cells[at].strip() if cells[flag].strip().casefold() in values else ""


def _in_utc(at: int, in_utc: Mapping[str, str], kept):  # noqa: ANN001, ANN202
    return lambda cells: in_utc[cells[at].strip()] if kept is None or kept(cells) else ""


def _refuse_unknown(merging: Merging, at: int, known: set[str], what: str, path: Path) -> None:
    """Such a word says whether a response counts, so it is never guessed."""
    odd = sorted({cell for cell in merging.values(at) if cell.casefold() not in known})
    if odd:
        raise ReceivedFileError(
            f"words for {what} are in a language that is not known here",
            file=path,
            culprits=odd,
            remedy="export again as numeric values, or with the account’s language set to English (UK)",
        )


def _keep_questions(merging: Merging, headings: Sequence[_Heading], facts: set[int]) -> None:
    """Columns that share a question become one, by ImportId where the file has it, else by short name."""
    groups: dict[str, dict[int, str]] = {}
    own_words: dict[str, list[int]] = {}
    for at, heading in enumerate(headings):
        if at in facts or not (heading.name or heading.wording):
            continue
        import_id = heading.import_id.get("ImportId", "")
        member = _MEMBER.fullmatch(heading.name)
        is_text = bool(_OWN_WORDS.fullmatch(heading.name))
        if _DERIVED.fullmatch(heading.name) or (import_id and not import_id.startswith("QID")):
            merging.keep(at, heading.name, "tool")  # display order, timings, found topics, embedded data
        elif is_text and (member or heading.wording.endswith(" - Text")):
            own_words.setdefault(
                member["question"] if member else heading.name.removesuffix("_TEXT"), []
            ).append(at)
            merging.keep(at, heading.name, "tool")
        elif member and (
            not import_id or "choiceId" in heading.import_id or re.fullmatch(r"QID\d+_x?\d+", import_id)
        ):
            groups.setdefault(member["question"], {})[at] = heading.wording
        else:
            merging.keep(at, heading.wording.removesuffix(" - Selected Choice") or heading.name, "answer")
    for name, members in groups.items():
        _merge(merging, name, members, headings, own_words.get(name, []))


def _merge(
    merging: Merging,
    name: str,
    members: Mapping[int, str],
    headings: Sequence[_Heading],
    own_words: Sequence[int],
) -> None:
    question = _stem(merging, members)
    if question is None:  # `Q2_1` is the name of a question of its own
        for at, wording in members.items():
            merging.keep(at, wording or headings[at].name, "answer")
        return
    items = {at: wording[len(question) + 3 :] for at, wording in members.items()}
    wording = question.removesuffix(" - Selected Choice") or name
    spread = spread_of(items, merging.complete, ticks=_TICKS)
    is_chosen = any("choiceId" in headings[at].import_id for at in members)
    if len(members) == 1 and spread != "list" and not is_chosen:
        (at,) = members
        merging.keep(at, members[at], "answer")
    elif is_chosen or spread == "list" or (spread == "blank" and not headings[min(members)].import_id):
        merging.as_list(wording, items, unticked=_UNTICKED)
        merging.aside(wording, own_words)
    elif spread == "ranking":
        merging.as_ranking(wording, items)
    else:
        merging.as_grid(wording, items)


def _stem(merging: Merging, members: Mapping[int, str]) -> str | None:
    """The question in "question - option", where either may hold " - " too.

    A ticked cell repeats its option and so shows where the option begins; else it is what the wordings share.
    """
    for at, wording in members.items():
        for cell in merging.values(at):
            if cell and cell not in _TICKS and wording.endswith(f" - {cell}"):
                stem = wording.removesuffix(f" - {cell}")
                if all(other.startswith(f"{stem} - ") for other in members.values()):
                    return stem
    first, *others = members.values()
    stem, found, _ = first.rpartition(" - ")
    while found and not all(other.startswith(f"{stem} - ") for other in others):
        stem, found, _ = stem.rpartition(" - ")
    return stem if found else None

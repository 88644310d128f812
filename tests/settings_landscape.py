"""A project folder with every kind of setting and ledger, read in full or by naive readers."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from duckdb import DuckDBPyConnection
from marts_landscape import CHECKOUT

from assets.tables import reference_models
from landscape.coding.ledgers import (
    Agreement,
    Coding,
    Decision,
    read_agreement,
    read_codings,
    read_decisions,
    write_agreement,
    write_codings,
    write_decisions,
)
from landscape.identity.marks import add_marks, read_marks
from landscape.paths import ProjectPaths
from landscape.places.landscape import read_landscape
from landscape.private_files import log_access, read_access_log
from landscape.settings.csvfiles import read_csv
from landscape.staging_db import load_reference, scratch_staging_db
from landscape.surveys.definition import Survey, read_asked, read_declared, read_survey
from landscape.surveys.pull_record import Record, read_record, write_record
from landscape.surveys.questionnaire import Questionnaire

NOW = dt.datetime(2018, 3, 1, 9, 30, tzinfo=dt.UTC)
TRIED = "assets/raw/surveys/tried"
YAML = f"{TRIED}/survey.yml"
FORM = f"{TRIED}/questionnaire.md"
LANDSCAPE = "data/reference/landscape.yml"
OPTIONS = f"{TRIED}/options.csv"
SURVEY_YML = """\
# yaml-language-server: $schema=../../../../docs/schemas/survey.schema.json
title: What officers use
asked_by: the team
licence: internal
tool: kobotoolbox
time_zone: Europe/London
consent_version: "2017-06"
retain_until: 2030-12-31
waves:
  - wave: "2017"
    opens_on: 2017-05-10
    closes_on: 2017-12-31
  - {wave: "2018", opens_on: 2018-05-10, closes_on: 2018-12-31}
undated: "2018"
decimal_mark: ","
options_as: labels
test_responses:
  - trial-1
  - "12"
accepted:
  - {wave: "2018", question: hours, wording: "How many hours – in a week?"}
  - {wave: "2018", question: mood, option: "Middling", means: MOOD.GOOD}
  - {wave: "2017", question: why, missing: true}
  - {wave: "2018", new: "Would you like a copy?"}
source:
  service: kobotoolbox
  base_url: https://eu.kobotoolbox.org
  asset: aBcD
  secrets: {token: KOBO_TOKEN}
"""
CODES = "select_one_from_file codebook.csv"
CHOSEN = "selected(${uses}, 'ANS.YES')"
VALUES = "value=code label=label"
QUESTIONNAIRE = f"""\
# What officers use

An XLSForm. Prose is passed over.

| survey |
| | type | name | label | required | privacy | use | choice_filter | parameters | relevant |
| | {CODES} | uses | Do you use it? | yes | | | scheme='yes_no' | {VALUES} | |
| | select_multiple_from_file codebook.csv | channels | Which channels? | | | | scheme='channel' | {VALUES} | {CHOSEN} |
| | integer | hours | Hours – a week | | | | | | ${{uses}} = 'ANS.YES' |
| | text | why | Why so many? | | private | code:topic | | | ${{hours}} >= 10 and not(${{uses}} = 'ANS.NO') |
| | text | email | Your e-mail address | | personal | email | | | |
| | {CODES} | first | Which comes first? | | | rank:best:1 | scheme='topic' | {VALUES} | |
| | {CODES} | second | Which comes second? | | | rank:best:2 | scheme='topic' | {VALUES} | |
| | select_one_from_file options.csv | mood | How do you feel? | | | | list='mood' | {VALUES} | |
| | {CODES} | consent_analysis | May we use your answers? | yes | | consent:CON.ANALYSIS | scheme='yes_no' | {VALUES} | |
| | begin repeat | walks | Walks | | | | | | |
| | date | walked_on | When? | | | | | | |
| | decimal | minutes | How long? | | | | | | ${{uses}} = 'ANS.YES' |
| | end repeat | | | | | | | | |

| settings |
| | form_id | form_title | version |
| | tried | What officers use | 2017-06 |
"""
OPTION_LIST = "list,code,label\nmood,MOOD.GOOD,Good\nmood,MOOD.BAD,Not so good – at all\nother,X.Y,Why\n"
REFERENCE = tuple(f"data/reference/{model.file or f'{model.name}.csv'}" for model in reference_models())
LEDGERS = (
    "data/decisions.csv",
    "data/private/codings.csv",
    "data/private/agreement.csv",
    "data/private/access-log.csv",
)
_OPEN = ExitStack()
MARKS = ("data/private/tombstones.csv", "data/private/withdrawals.csv")
RECORD = "data/private/pulled/tried.json"


def make_settings(paths: ProjectPaths) -> None:
    """Writes a survey with every setting, the reference files as committed, and each ledger by its own command."""
    folder = paths.root / TRIED
    folder.mkdir(parents=True)
    (paths.root / YAML).write_text(SURVEY_YML, encoding="utf-8")
    (paths.root / FORM).write_text(QUESTIONNAIRE, encoding="utf-8")
    (paths.root / OPTIONS).write_text(OPTION_LIST, encoding="utf-8")
    for name in ("force_visits", "network_signup", "priority_survey"):
        shutil.copytree(CHECKOUT.root / f"assets/raw/surveys/{name}", folder.parent / name)
    (paths.reference / "public_addresses.csv").write_text("address\nteam@university.example\n", encoding="utf-8")
    who = ("alias", "The Lakes, “so-called”", "", "E23000002", "LP", "2018-03-01", "as the map says, plainly")
    activity = "force_visits/2017/V1/A1"
    write_decisions(
        paths,
        [
            Decision(*who),
            Decision(activity, "activity_type", "ACT.MSG", "", "LP", "2018-03-02", ""),
            Decision(activity, "merged_into", "", "force_visits/2017/V2/B1", "LP", "2018-03-03", "the same"),
        ],
    )
    coded = ("tried/2017/1", "tried/2017/1", "why", "1", "TOP.TRUST", "LP", "2018-03-01", "0a1f")
    write_codings(paths, [Coding(*coded), Coding(*coded[:3], "2", *coded[4:])])
    write_agreement(paths, [Agreement("topic", "", "0.8125", "-0.1", "0.9", "40", "used", "false")])
    add_marks(paths, paths.tombstones, [("email", ("a@one.example",), ""), ("response", ("tried/2017/9",), "")], NOW)
    add_marks(paths, paths.withdrawals, [("withdrawal", ("b@one.example",), "CON.NETWORK")], NOW)
    log_access(paths, "contacts export", "CON.NETWORK", 12, NOW)
    log_access(paths, "forget", "tried", 1, NOW)
    write_record(paths, "tried", Record(NOW, {"tried/2017/3": "2018-02-01"}))


@dataclass(frozen=True)
class Kind:
    """How files of one kind are read: in full, and naively by another library. Both give plain texts."""

    read: Callable[[ProjectPaths, str], object]
    naive: Callable[[str], object]


def kind_of(name: str) -> Kind:
    if name in (YAML, FORM):
        return Kind(read_yml if name == YAML else read_form, naive_yml if name == YAML else naive_form)
    if name == LANDSCAPE:
        return Kind(read_places, naive_places)
    if name == RECORD:
        return Kind(read_pulled, naive_pulled)
    return Kind(read_table, naive_table)


def survey(paths: ProjectPaths) -> Survey:
    return read_survey(paths.root / TRIED, paths.reference)


# -- survey.yml


def read_yml(paths: ProjectPaths, _: str) -> dict[str, Any]:
    held = read_declared(paths.root / TRIED, _asked(paths))
    source = held.source
    return {
        "title": held.title, "licence": held.licence, "tool": held.tool, "time_zone": held.time_zone,
        "consent_version": held.consent_version, "retain_until": held.retain_until.isoformat() if held.retain_until else "",
        "waves": [(wave.wave, wave.opens_on.isoformat(), wave.closes_on.isoformat()) for wave in held.waves],
        "undated": held.undated or "", "decimal_mark": held.decimal_mark, "options_as": held.options_as,
        "test_responses": sorted(held.test_responses),
        "accepted": [
            {"wave": a.wave, **{name: getattr(a, name) for name in ("question", "wording", "option", "means", "new")}}
            | {"missing": a.is_missing}
            for a in held.accepted
        ],
        "source": {"service": source.service, **source.settings, "secrets": source.variables} if source else None,
    }  # fmt: skip


@cache
def _asked(paths: ProjectPaths) -> Questionnaire:
    return read_asked(paths.root / TRIED, paths.reference)


def naive_yml(text: str) -> dict[str, Any]:
    """As PyYAML reads it without guessing any type: what is written."""
    held = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts alone
    known = {*read_names(), "asked_by"}
    assert set(held) <= known, "an unknown setting would be passed over"
    said = {name: _stripped(value) for name, value in held.items()}
    accepted = [
        {name: entry.get(name, "") for name in ("wave", "question", "wording", "option", "means", "new")}
        | {"missing": entry.get("missing", "false").lower() in ("true", "yes", "on")}
        for entry in said.get("accepted", [])
    ]
    for entry in said.get("accepted", []):
        assert set(entry) <= {"wave", "question", "wording", "option", "means", "new", "missing"}
    source, undated, kept = (
        None if said.get(name, "") in ("", "null", "~") else said[name]
        for name in ("source", "undated", "retain_until")
    )
    return {
        **{name: said[name] for name in ("title", "licence", "tool", "time_zone", "consent_version")},
        "retain_until": kept or "",
        "waves": [(wave["wave"], wave["opens_on"], wave["closes_on"]) for wave in said["waves"]],
        "undated": undated or "",
        "decimal_mark": said.get("decimal_mark", "."), "options_as": said.get("options_as", "labels"),
        "test_responses": sorted(said.get("test_responses", [])), "accepted": accepted,
        "source": source and {**source, "base_url": source["base_url"].rstrip("/")},
    }  # fmt: skip


def read_names() -> set[str]:
    return {
        "title", "licence", "tool", "time_zone", "consent_version", "retain_until", "waves", "undated", "decimal_mark",
        "options_as", "test_responses", "accepted", "source",
    }  # fmt: skip


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(part) for key, part in value.items()}
    return [_stripped(part) for part in value] if isinstance(value, list) else value.strip()


# -- landscape.yml


def read_places(paths: ProjectPaths, _: str) -> dict[str, Any]:
    held = read_landscape(paths.reference).model_dump(mode="json")
    held["areas"] = {
        code: {name: part for name, part in place.items() if part} for code, place in held["areas"].items()
    }
    return {name: part for name, part in held.items() if part}


def naive_places(text: str) -> dict[str, Any]:
    held = _stripped(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 - it makes texts alone
    assert set(held) <= {"names", "regions", "map_extent", "small_map_extent", "areas"}
    for name in ("map_extent", "small_map_extent"):
        if held.get(name) in ("", "~", "null"):
            del held[name]
        if name in held:
            held[name] = [float(part) for part in held[name]]
    for place in held.get("areas", {}).values():
        assert set(place) <= {"tile", "label", "label_at", "leader_to", "is_small"}
        for name in ("tile", "label_at", "leader_to"):
            if name in place:
                place[name] = [int(part) for part in place[name]]
        if "is_small" in place:
            place["is_small"] = place["is_small"].lower() in ("true", "yes", "on")
    held["areas"] = {
        code: {name: part for name, part in place.items() if part} for code, place in held.get("areas", {}).items()
    }
    return {name: part for name, part in held.items() if part}


# -- questionnaire.md


def read_form(paths: ProjectPaths, _: str) -> list[tuple[str, ...]]:
    held = survey(paths).questionnaire
    rows = [
        (q.kind, q.name, q.label, "yes" if q.required else "", q.privacy, q.use, q.relevant, q.repeat or "")
        for q in held.questions
    ]
    return [*rows, ("version", held.version), *(("part", part.name, part.label) for part in held.repeats)]


def naive_form(text: str) -> list[tuple[str, ...]]:
    """Every row that has a name, as it is written."""
    rows = [
        [" ".join(cell.replace("\\|", "|").split()) for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        for line in text.splitlines()
        if line.strip().startswith("|")
    ]
    begins = [at for at, row in enumerate(rows) if row[0]]
    tables = {rows[at][0]: rows[at + 1 : end] for at, end in zip(begins, [*begins[1:], len(rows)], strict=True)}
    assert sorted(tables) == ["settings", "survey"]
    headings, *asked = tables["survey"]
    questions, parts, inside = [], [], ""
    for row in asked:
        said = dict(zip(headings, row, strict=True))
        if said["type"].startswith(("begin", "end")):
            inside = said["name"]
            parts += [("part", said["name"], said["label"])] if inside else []
            continue
        kind = said["type"].partition("_from_file")[0]
        privacy = said.get("privacy") or ("private" if kind == "text" else "onward")
        required = said.get("required", "").lower().replace("no", "")
        typeset = str.maketrans("‘’“”", "''\"\"")
        use, relevant = (said.get(name, "").translate(typeset) for name in ("use", "relevant"))
        questions.append((kind, said["name"], said["label"], required, privacy, use, relevant, inside))
    version = dict(zip(*tables["settings"], strict=True))["version"]
    return [*questions, ("version", version), *parts]


# -- CSV


def read_table(paths: ProjectPaths, name: str) -> list[dict[str, str]]:
    if name in MARKS:
        return [mark._asdict() for mark in read_marks(paths.root / name)]
    if name in LEDGERS:
        if name == "data/private/access-log.csv":
            return [dict(row) for row in read_access_log(paths)]
        readers = {"decisions": read_decisions, "codings": read_codings, "agreement": read_agreement}
        held: Any = readers[Path(name).stem](paths)
        return [one._asdict() for one in (held.values() if isinstance(held, dict) else held)]
    if name == OPTIONS:
        survey(paths)
        return [dict(row) for row in read_csv(paths.root / OPTIONS, ())]
    if name.endswith("public_addresses.csv"):
        return [dict(row) for row in read_csv(paths.root / name, ("address",))]
    return read_reference(paths, name)


def read_reference(paths: ProjectPaths, name: str) -> list[dict[str, str]]:
    """As a refresh loads it, into a database that forgets it."""
    model = next(m for m in reference_models() if (m.file or f"{m.name}.csv") == Path(name).name)
    return [dict(row) for row in load_reference(_scratch(), model, paths.reference)]


@cache
def _scratch() -> DuckDBPyConnection:
    return _OPEN.enter_context(scratch_staging_db())


def naive_table(text: str) -> list[dict[str, str]]:
    """As the csv module reads it, blank lines left out; the key of a ledger of marks is no mark."""
    headings, *rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    assert all(len(row) == len(headings) for row in rows if any(row)), "cells would be passed over"
    return [dict(zip(headings, row, strict=True)) for row in rows if any(row) and row[0] != "key"]


def read_pulled(paths: ProjectPaths, _: str) -> tuple[str, dict[str, str]]:
    held = read_record(paths, "tried")
    return held.pulled_at.isoformat() if held.pulled_at else "", dict(held.gone)


def naive_pulled(text: str) -> tuple[str, dict[str, str]]:
    held = json.loads(text)
    assert set(held) == {"pulled_at", "gone"}
    return dt.datetime.fromisoformat(held["pulled_at"]).isoformat() if held["pulled_at"] else "", held["gone"]

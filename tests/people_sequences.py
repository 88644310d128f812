"""Landscapes of people who answer, join, leave and withdraw from one release to the next."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

from attacker import Attacker, Row
from duckdb import DuckDBPyConnection
from marts_landscape import SURVEYS
from release_landscape import REGION_OF, empty_staging_db
from staged_rows import MARTS, STAGED

from landscape.disclosure.ledger import Published, to_publish, with_new
from landscape.errors import DisclosureError
from landscape.models import DUCKDB_TYPES
from landscape.staging_db import build_table, write_rows
from landscape.surveys.declared import Wave
from landscape.surveys.definition import Survey
from landscape.surveys.questions import write_questions

SECRET = b"only for the tests of sequences."
FIRST, LAST = dt.date(2017, 5, 10), dt.date(2017, 9, 30)
AREAS = (*sorted(REGION_OF), None)
TYPES = ("ORG.FORCE", "ORG.OPCC", "ORG.UNI", "ORG.VCS", "ORG.OTHER")
FEEDS = ("staged.responses", "staged.answers", "staged.consents", "staged.invitations")
COPY = "copied_signup"


@dataclass
class Person:
    """One response: who, where, of what type, and what was answered."""

    ref: str
    survey: str
    wave: str
    area: str | None
    kind: str
    answers: dict[str, list[str]]
    consents: dict[str, bool]
    at: dt.datetime


@dataclass
class Landscape:
    """What a team holds: surveys with their waves, responses, invitations, and the ledger.

    Args:
        con: A staging database in memory.
        random: Where everything is drawn from.
        surveys: The surveys as declared now.
        people: The responses that count now.
        invited: How many of each type were invited to the sign-up.
        ledger: What was published so far.
    """

    con: DuckDBPyConnection
    random: Random
    surveys: list[Survey]
    people: list[Person] = field(default_factory=list)
    invited: dict[str, int] = field(default_factory=dict)
    ledger: tuple[Published, ...] = ()
    _number: int = 0

    def join(self, survey: str, wave: str, n: int = 1, **chosen: object) -> None:
        """So many more people answer, within the days of the wave."""
        declared = next(each for each in self.surveys if each.name == survey)
        opens = next(each.opens_on for each in declared.waves if each.wave == wave)
        for _ in range(n):
            self._number += 1
            at = dt.datetime.combine(opens, dt.time(9, 0, 1)) + dt.timedelta(minutes=self._number)
            answers = {
                question: codes
                for question, codes in _answers(self.random, declared).items()
                if self.random.random() < 0.9
            }
            answers |= chosen.get("answers", {})  # type: ignore[arg-type]
            consents = {f"CON.{name}": self.random.random() < 0.9 for name in ("NETWORK", "ANALYSIS", "AREA")}
            consents |= chosen.get("consents", {})  # type: ignore[arg-type]
            area = chosen.get("area", self.random.choice(AREAS))
            kind = chosen.get("kind", self.random.choice(TYPES))
            self.people.append(Person(f"{self._number}", survey, wave, area, kind, answers, consents, at))  # type: ignore[arg-type]

    def leave(self, n: int = 1) -> None:
        """So many people are forgotten."""
        for _ in range(min(n, len(self.people))):
            self.people.pop(self.random.randrange(len(self.people)))

    def withdraw(self, n: int = 1) -> None:
        """So many people withdraw a consent."""
        for person in self.random.sample(self.people, min(n, len(self.people))):
            person.consents[self.random.choice(list(person.consents))] = False

    def rename(self, survey: str, wave: str, new: str) -> None:
        """A wave gets another name, with all its responses."""
        self._declare(survey, lambda waves: [replace(each, wave=new) if each.wave == wave else each for each in waves])
        for person in self.people:
            if (person.survey, person.wave) == (survey, wave):
                person.wave = new

    def lengthen(self, survey: str, wave: str, days: int) -> None:
        """A wave's last day is put off."""
        self._declare(
            survey,
            lambda waves: [
                replace(each, closes_on=each.closes_on + dt.timedelta(days)) if each.wave == wave else each
                for each in waves
            ],
        )

    def add_wave(self, survey: str, wave: str, opens_on: dt.date, closes_on: dt.date) -> None:
        """A further wave is declared."""
        self._declare(survey, lambda waves: [*waves, Wave(wave, opens_on, closes_on)])

    def copy(self, survey: str) -> None:
        """The survey's folder is copied under another name, with its responses."""
        original = next(each for each in self.surveys if each.name == survey)
        self.surveys.append(replace(original, name=COPY))
        self.people += [replace(person, survey=COPY) for person in self.people if person.survey == survey]

    def _declare(self, survey: str, change: object) -> None:
        at = next(place for place, each in enumerate(self.surveys) if each.name == survey)
        waves = tuple(change(self.surveys[at].waves))  # type: ignore[operator]
        self.surveys[at] = replace(self.surveys[at], waves=waves)

    def release(self, name: str, on: dt.date) -> dict[str, list[Row]] | None:
        """The tables about people of a release as a reader gets them; None if it is refused."""
        self._stage()
        try:
            shown = to_publish(self.con, tuple(self.surveys), self.ledger, on, name, SECRET)
        except DisclosureError:
            return None
        self.ledger = with_new(self.ledger, shown)
        tables: dict[str, list[Row]] = {}
        for entry in shown:
            for table, rows in json.loads(entry.tables).items():
                tables.setdefault(table, []).extend(
                    {key: "" if value is None else str(value) for key, value in row.items()} for row in rows
                )
        return tables

    def _stage(self) -> None:
        write_questions(self.con, tuple(self.surveys))
        rows: dict[str, list[dict[str, object]]] = {table: [] for table in FEEDS}
        for person in self.people:
            response = f"{person.survey}/{person.wave}/{person.ref}"
            rows["staged.responses"].append(
                {
                    "response_id": response, "survey": person.survey, "response_ref": person.ref, "wave": person.wave,
                    "submitted_at": person.at, "organisation_type_code": person.kind, "force_area_code": person.area,
                    "is_counted": True, "is_sample": False,
                }
            )  # fmt: skip
            answered = {**person.answers, "join_network": ["ANS.YES"]}
            rows["staged.answers"] += [
                {
                    "response_id": response,
                    "record_id": response,
                    "survey": person.survey,
                    "question": question,
                    "code": code,
                }
                for question, codes in answered.items()
                for code in codes
            ]
            rows["staged.consents"] += [
                {"response_id": response, "consent_purpose_code": purpose, "consent_given": given}
                for purpose, given in person.consents.items()
            ]
        rows["staged.invitations"] = [
            {"survey": "network_signup", "wave": "2017", "person_key": f"{kind} {n}", "organisation_type_code": kind}
            for kind, number in self.invited.items()
            for n in range(number)
        ]
        for table, found in rows.items():
            columns = {each.name: DUCKDB_TYPES[each.type] for each in STAGED[table].fields}
            write_rows(self.con, table, columns, [tuple(row.get(name) for name in columns) for row in found])
        build_table(self.con, MARTS["network_by_area"])


@contextmanager
def landscapes() -> Iterator[DuckDBPyConnection]:
    """A staging database for many landscapes, one after the other."""
    with empty_staging_db() as con:
        yield con


def landscape(con: DuckDBPyConnection, seed: int) -> Landscape:
    """The two surveys of people, nobody in them yet."""
    cut = "region" if seed % 12 == 0 else None  # the audit of groups takes longest
    surveys = [SURVEYS["network_signup"], replace(SURVEYS["priority_survey"], cut=cut)]
    found = Landscape(con, Random(seed), surveys)  # noqa: S311 - the same landscape for each seed
    found.invited = {kind: found.random.choice((0, 4, 12, 25)) for kind in TYPES}
    return found


def attacker() -> Attacker:
    """One who knows the questionnaires."""
    singles, ranked, options = set(), set(), {}
    for survey in (SURVEYS["network_signup"], SURVEYS["priority_survey"]):
        for question in survey.questionnaire.questions:
            if question.kind not in ("select_one", "select_multiple"):
                continue
            ranking = question.use.split(":")[1] if question.use.startswith("rank:") else ""
            name = ranking or question.name
            options[name] = tuple(option.code for option in question.options)
            if ranking:
                ranked.add(name)
            elif question.kind == "select_one":
                singles.add(name)
    return Attacker(frozenset(singles), frozenset(ranked), options)


def _answers(random: Random, survey: Survey) -> dict[str, list[str]]:
    """Some options are liked by nearly all, some by hardly anybody."""
    found: dict[str, list[str]] = {}
    for question in survey.questionnaire.questions:
        if question.kind not in ("select_one", "select_multiple") or question.use.startswith(("area", "consent")):
            continue
        codes = [option.code for option in question.options]
        if question.use.startswith("rank:"):
            name = question.use.split(":")[1]
            found.setdefault(name, []).append(_liked(random, codes))
        elif question.kind == "select_one":
            found[question.name] = [_liked(random, codes)]
        else:
            found[question.name] = sorted({_liked(random, codes) for _ in range(random.randint(1, 4))})
    return {name: sorted(set(codes)) for name, codes in found.items()}


def _liked(random: Random, codes: Sequence[str]) -> str:
    return codes[min(int(random.expovariate(0.6)), len(codes) - 1)]


EVENTS = ("join", "leave", "withdraw", "rename", "copy", "lengthen", "wave", "nothing")


def sequence(con: DuckDBPyConnection, seed: int) -> tuple[Attacker, int]:
    """Three releases with something between them; the attacker that received them, and how many were refused."""
    team, reader = landscape(con, seed), attacker()
    random = team.random
    team.join("network_signup", "2017", random.randint(6, 45))
    team.join("priority_survey", "2017", random.choice((8, 14, 30, 60)))
    n_refused = 0
    for number in range(3):
        tables = team.release(f"r{number}", LAST + dt.timedelta(30 * (number + 1)))
        if tables is None:
            n_refused += 1
        else:
            reader.receive(tables)
        _happens(team, random.choice(EVENTS), number)
    return reader, n_refused


def _happens(team: Landscape, event: str, number: int) -> None:
    survey = team.random.choice(["network_signup", "priority_survey"])
    waves = next(each.waves for each in team.surveys if each.name == survey)
    n = team.random.randint(1, 3)
    if event == "join":
        team.join(survey, waves[0].wave, n)
    elif event == "leave":
        team.leave(n)
    elif event == "withdraw":
        team.withdraw(n)
    elif event == "rename":
        team.rename(survey, waves[0].wave, f"2017 {number}")
        team.join(survey, f"2017 {number}", n)
    elif event == "copy" and len(team.surveys) == 2:
        team.copy("network_signup")
        team.join(COPY, team.surveys[-1].waves[0].wave, n)
    elif event == "lengthen":
        team.lengthen(survey, waves[0].wave, n)
        team.join(survey, waves[0].wave, n)
    elif event == "wave":
        begins = LAST + dt.timedelta(1 + 30 * number)
        team.add_wave(survey, f"wave {number}", begins, begins + dt.timedelta(20))
        team.join(survey, f"wave {number}", team.random.choice((2, 12, 20)))

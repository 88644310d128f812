"""Reads and writes the files of people's decisions, codings, approvals and agreement."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from pathlib import Path
from typing import NamedTuple

from landscape.paths import ProjectPaths
from landscape.private_files import make_private
from landscape.settings.csvfiles import Row, read_csv, typed
from landscape.settings.reading import Findings, day
from landscape.writing import one_writer, write_ledger

MERGED_INTO = "merged_into"
"""The field of a decision that merges one activity into another."""
ALIAS = "alias"
"""The record of a decision on a spelling; its field is the spelling."""


class Decision(NamedTuple):
    """One decision on what was received.

    Args:
        record: A response, a record of a repeated part, or `alias`.
        field: The question; `merged_into`; or the spelling.
        old: The value before; a decision is applied only while it is there.
        new: The value to put there.
        who: Who decided.
        when: The day, as ISO 8601.
        why: Why, without mentioning any person.
    """

    record: str
    field: str
    old: str
    new: str
    who: str
    when: str
    why: str

    @property
    def kind(self) -> str:
        """`alias`, `merge` or `correction`."""
        if self.record == ALIAS:
            return "alias"
        return "merge" if self.field == MERGED_INTO else "correction"


class Coding(NamedTuple):
    """One code that a person gave to an answer in own words; several codes are several lines.

    Args:
        response: The response.
        record: The response itself, or a record of one of its repeated parts.
        question: The question, or the ranking that it is a place in.
        position: Which part of the answer, or which place in the ranking.
        code: The code given.
        coder: Who coded.
        when: The day, as ISO 8601.
        words_check: Check number of the cell that was coded: too short to reveal anything of the words.
    """

    response: str
    record: str
    question: str
    position: str
    code: str
    coder: str
    when: str
    words_check: str

    @property
    def unit(self) -> tuple[str, str, str]:
        """What was coded."""
        return self.record, self.question, self.position


class Approval(NamedTuple):
    """What a person decided about the very wording of one text.

    Args:
        record: The record whose text it is.
        question: The question that the text answers.
        words_sha256: Of the wording. A text that was changed since is another one.
        may_print: `yes` or `no`.
        approver: Who read it.
        when: The day, as ISO 8601.
        confirmed_on: The day on which the organisation, or the speaker, confirmed this wording; empty if nobody has.
        confirmed_how: How they did, such as by e-mail.
    """

    record: str
    question: str
    words_sha256: str
    may_print: str
    approver: str
    when: str
    confirmed_on: str
    confirmed_how: str

    @property
    def state(self) -> str:
        """`refused`, `approved` by a person, or `confirmed` by the organisation as well."""
        return "refused" if self.may_print != "yes" else "confirmed" if self.confirmed_on else "approved"


class Agreement(NamedTuple):
    """How far two coders agreed on a scheme, or on one code of it (empty: the scheme as a whole)."""

    scheme: str
    code: str
    alpha: str
    low: str
    high: str
    n_units: str
    verdict: str
    is_sample: str


_POSITION, _CHECK = re.compile(r"[1-9][0-9]{0,5}"), re.compile(r"[0-9a-f]{4}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def read_decisions(paths: ProjectPaths) -> dict[int, Decision]:
    """The decisions by their line in data/decisions.csv; none if there is no such file.

    Raises:
        LandscapeError: It has other columns, or lines are incomplete; all of these are named.
    """
    rows = _read(paths.decisions, Decision._fields, _decision_faults)
    return {row.line: Decision(*(row[name] for name in Decision._fields)) for row in rows}


def read_codings(paths: ProjectPaths) -> dict[int, Coding]:
    """The codings by their line in data/private/codings.csv; raises as `read_decisions`."""
    rows = _read(paths.codings, Coding._fields, _coding_faults)
    return {row.line: Coding(*(row[name] for name in Coding._fields)) for row in rows}


def read_approvals(paths: ProjectPaths) -> dict[tuple[str, str], Approval]:
    """What was decided last about each text, by record and question; raises as `read_decisions`."""
    return {(one.record, one.question): one for one in _approvals_in(paths.approvals)}


def read_sample_approvals(paths: ProjectPaths) -> list[Approval]:
    """What was decided, as made up, about the texts of the made-up sample; raises as `read_decisions`."""
    return _approvals_in(paths.sample_approvals)


def _approvals_in(path: Path) -> list[Approval]:
    rows = _read(path, Approval._fields, _approval_faults)
    return [Approval(*(row[name] for name in Approval._fields)) for row in rows]


def read_agreement(paths: ProjectPaths) -> tuple[Agreement, ...]:
    """The agreement measured last, by scheme; raises as `read_decisions`."""
    rows = _read(paths.agreement, Agreement._fields, _agreement_faults)
    return tuple(Agreement(*(row[name] for name in Agreement._fields)) for row in rows)


def _read(path: Path, fields: Sequence[str], faults: Callable[[Row], Iterator[str]]) -> list[Row]:
    if not path.exists():
        return []
    remedy = "correct these there, or delete the lines and give the decision or the codes again"
    rows = read_csv(path, fields, may_have=(), remedy=remedy)
    findings = Findings(path, remedy=remedy)
    for row in rows:
        for says in faults(row):
            findings.add(row.line, says)
    findings.refuse()
    return rows


def _decision_faults(row: Row) -> Iterator[str]:
    may_be_empty = {"old", "why"} if row["record"] == ALIAS or row["field"] == MERGED_INTO else {"old", "why", "new"}
    yield from _empty(row, may_be_empty)  # a correction may remove an answer
    yield from _no_day(row)


def _coding_faults(row: Row) -> Iterator[str]:
    yield from _empty(row)
    yield from _no_day(row)
    if not _POSITION.fullmatch(row["position"]):
        yield "position is not a whole number from 1"
    if not _CHECK.fullmatch(row["words_check"]):
        yield "words_check was changed"


def _approval_faults(row: Row) -> Iterator[str]:
    yield from _empty(row, {"confirmed_on", "confirmed_how"})
    yield from _no_day(row)
    if row["may_print"] not in ("yes", "no"):
        yield "may_print must be yes or no"
    if not _SHA256.fullmatch(row["words_sha256"]):
        yield "words_sha256 was changed"
    if row["confirmed_on"]:
        yield from _no_day(row, "confirmed_on")


def _agreement_faults(row: Row) -> Iterator[str]:
    yield from _empty(row, {"code", "alpha", "low", "high"})
    for name, kind in {"alpha": "number", "low": "number", "high": "number", "n_units": "integer"}.items():
        try:
            typed(row[name], kind)
        except ValueError as error:
            yield f"{name} {error}"
    if row["is_sample"] not in ("true", "false"):
        yield "is_sample must be true or false"


def _empty(row: Row, may_be: Collection[str] = ()) -> Iterator[str]:
    yield from (f"{name} is empty" for name, text in row.items() if not text and name not in may_be)


def _no_day(row: Row, name: str = "when") -> Iterator[str]:
    try:
        day(row[name])
    except ValueError as error:
        yield f"{name} {error}"


def write_decisions(paths: ProjectPaths, decisions: Iterable[Decision]) -> None:
    """Rewrites data/decisions.csv completely or not at all."""
    write_ledger(paths, paths.decisions, [Decision._fields, *decisions])


def write_codings(paths: ProjectPaths, codings: Iterable[Coding]) -> None:
    """Rewrites data/private/codings.csv completely or not at all."""
    make_private(paths.codings.parent)
    write_ledger(paths, paths.codings, [Coding._fields, *codings])


def write_approvals(paths: ProjectPaths, approvals: Iterable[Approval]) -> None:
    """Rewrites data/private/approvals.csv completely or not at all."""
    make_private(paths.approvals.parent)
    write_ledger(paths, paths.approvals, [Approval._fields, *sorted(approvals)])


def write_agreement(paths: ProjectPaths, measured: Sequence[Agreement]) -> None:
    """Stores what was measured; schemes measured only before are kept."""
    now = {one.scheme for one in measured}
    with one_writer(paths):
        recorded = [one for one in read_agreement(paths) if one.scheme not in now]
        make_private(paths.agreement.parent)
        write_ledger(paths, paths.agreement, [Agreement._fields, *sorted((*recorded, *measured))])


def n_decided(paths: ProjectPaths, gone: Set[str], staying: Set[str]) -> int:
    """How many decisions, codings and approvals there are on responses or records of one; arguments as for `drop_decided`."""
    theirs = _deciding(gone, staying)
    ledgers = (read_decisions(paths), read_codings(paths), read_approvals(paths))
    return sum(theirs(one) for ledger in ledgers for one in ledger.values())


def drop_decided(paths: ProjectPaths, gone: Set[str], staying: Set[str]) -> None:
    """Removes every decision, coding and approval on a response or a record of one.

    Args:
        paths: The project folder.
        gone: The responses concerned.
        staying: All others; what is decided on them is kept, however alike their numbers are.
    """
    theirs = _deciding(gone, staying)
    with one_writer(paths):
        decisions, codings = read_decisions(paths).values(), read_codings(paths).values()
        approvals = read_approvals(paths).values()
        if any(map(theirs, decisions)):
            write_decisions(paths, [one for one in decisions if not theirs(one)])
        if any(map(theirs, codings)):
            write_codings(paths, [one for one in codings if not theirs(one)])
        if any(map(theirs, approvals)):
            write_approvals(paths, [one for one in approvals if not theirs(one)])


def _deciding(gone: Set[str], staying: Set[str]) -> Callable[[Decision | Coding | Approval], bool]:
    """Whether a decision, coding or approval is on one of the responses that are gone."""

    def is_theirs(record: str) -> bool:
        return _is_of(record, gone) and not _is_of(record, staying)

    def is_on_them(one: Decision | Coding | Approval) -> bool:
        if isinstance(one, Coding) and one.response in gone:
            return True
        return is_theirs(one.record) or (isinstance(one, Decision) and is_theirs(one.new))

    return is_on_them


def drop_codings(paths: ProjectPaths, surveys: Iterable[str]) -> None:
    """Removes every coding and every approval of an answer to these surveys."""
    gone = set(surveys)

    def is_kept(one: Coding | Approval) -> bool:
        return one.record.partition("/")[0] not in gone

    with one_writer(paths):
        codings, approvals = read_codings(paths).values(), read_approvals(paths).values()
        if not all(map(is_kept, codings)):
            write_codings(paths, filter(is_kept, codings))
        if not all(map(is_kept, approvals)):
            write_approvals(paths, filter(is_kept, approvals))


def _is_of(record: str, responses: Set[str]) -> bool:
    """Whether a record is one of the responses or, by its number, a part of one."""
    ends = (found.start() for found in re.finditer("[/#]", record))
    return record in responses or any(record[:end] in responses for end in ends)

"""The ledger: which wave of which survey was published in which release, and the very rows; a wave is published once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from landscape.disclosure.counts import Round, rounds_of
from landscape.disclosure.declared import MEMBER_AREAS, MEMBERS, RESPONSES, SURVEY_ANSWERS
from landscape.disclosure.limits import FEWEST_PEOPLE
from landscape.disclosure.members import member_areas, members_of
from landscape.disclosure.safe_tables import SafeRows, safe_rows
from landscape.errors import DisclosureError, LandscapeError
from landscape.identity.keys import keyed_hash
from landscape.paths import ProjectPaths
from landscape.private_files import WRITTEN_BY_COMMANDS, make_private
from landscape.surveys.definition import Survey
from landscape.writing import one_writer, write_whole

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_RESPONSES = """
SELECT responses.response_ref, responses.submitted_at,
    string_agg(answers.question || '=' || answers.code, ' ' ORDER BY answers.question, answers.code)
FROM staged.responses AS responses
LEFT JOIN staged.answers AS answers ON answers.response_id = responses.response_id
WHERE responses.is_counted AND responses.survey = ? AND responses.wave = ?
GROUP BY responses.response_id, responses.response_ref, responses.submitted_at
"""


@dataclass(frozen=True)
class Published:
    """One wave of one survey as it was published, or as it is about to be.

    Args:
        survey: The survey.
        wave: The wave.
        opens_on: Its first day.
        closes_on: Its last day.
        lapses_on: After this day no release repeats it; fixed when it was published. Empty for made-up rows without a day.
        release: The release that it was first in.
        is_sample: Whether its rows are made up.
        tables: The published rows by table, as JSON: every release has these, to the byte.
        sha256: Their hash.
        responses: Keyed marks of the responses counted, so that none is counted in a second wave.
    """

    survey: str
    wave: str
    opens_on: str
    closes_on: str
    lapses_on: str
    release: str
    is_sample: bool
    tables: str
    sha256: str
    responses: tuple[str, ...]

    @property
    def name(self) -> str:
        """Survey and wave in one."""
        return f"{self.survey}, {self.wave}"

    def rows(self) -> SafeRows:
        """The published rows by table."""
        found: dict[str, list[dict[str, Any]]] = json.loads(self.tables)
        for row in (row for rows in found.values() for row in rows if "closes_on" in row):
            row["closes_on"] = dt.date.fromisoformat(row["closes_on"])
        return found


def read_published(paths: ProjectPaths) -> tuple[Published, ...]:
    """All that was published of people.

    Raises:
        LandscapeError: The ledger is damaged or was edited.
    """
    if not paths.published.exists():
        return ()
    try:
        entries = [
            Published(**{**entry, "responses": tuple(entry["responses"])})
            for entry in json.loads(paths.published.read_text(encoding="utf-8"))
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise LandscapeError(
            "the ledger of what was published of people cannot be read",
            file=paths.published.name,
            remedy=WRITTEN_BY_COMMANDS,
        ) from error
    changed = [entry.name for entry in entries if _sha256(entry.tables) != entry.sha256]
    if changed:
        raise LandscapeError(
            "the ledger of what was published of people was changed",
            file=paths.published.name,
            culprits=changed,
            remedy=WRITTEN_BY_COMMANDS,
        )
    return tuple(entries)


def write_published(paths: ProjectPaths, entries: Sequence[Published]) -> None:
    """Writes the ledger, private to its owner; completely or not at all."""
    text = json.dumps([asdict(entry) for entry in entries], indent=1, ensure_ascii=False) + "\n"
    make_private(paths.published.parent)
    with one_writer(paths):
        write_whole(paths.published, text, is_private=True)


def to_publish(
    con: DuckDBPyConnection,
    surveys: tuple[Survey, ...],
    ledger: Sequence[Published],
    on: dt.date,
    release: str,
    secret: bytes,
) -> tuple[Published, ...]:
    """What a release shows of people: waves that are in the ledger as they are there, and those that closed since.

    A published table is repeated or left out, never made again. It is left out after its day, and where its rule no longer
    holds: fewer than 10 people, or an area of which two members no longer agree.

    Args:
        con: The staging database, after a refresh.
        surveys: The surveys.
        ledger: What was published so far.
        on: The day of the release.
        release: Its name.
        secret: The key of the marks of responses.

    Returns:
        Old entries with the tables that may be repeated, and new ones, by survey and wave.

    Raises:
        DisclosureError: A wave was renamed, overlaps with a published one, or counts a response that another has counted.
    """
    periods = {(survey.name, wave.wave): (survey, wave) for survey in surveys for wave in survey.waves}
    shown: list[Published] = []
    faults: list[str] = []
    for those in rounds_of(con, surveys):
        survey, wave = periods[those.survey, those.wave]
        others = [entry for entry in ledger if entry.is_sample == those.is_sample]
        now = Published(
            those.survey, those.wave, str(wave.opens_on), str(wave.closes_on), str(survey.retain_until or ""), release,
            those.is_sample, "", "", tuple(sorted(_marks(con, those, secret))),
        )  # fmt: skip
        faults += _faults(now, others)
        if wave.closes_on >= on:
            continue
        old = next((entry for entry in others if entry.name == now.name), None)
        if old is None:
            shown.append(_with_tables(now, safe_rows(con, those)))
        elif not old.lapses_on or str(on) <= old.lapses_on:
            shown.append(_with_tables(old, _repeatable(con, those, old.rows())))
    if faults:
        raise DisclosureError(
            "tables about people are published once, and these would be published again in another form",
            culprits=faults,
            remedy="give waves and surveys the names and days that they were published with; later answers need a wave of "
            "their own that begins after the last one",
        )
    return tuple(shown)


def with_new(ledger: Sequence[Published], shown: Iterable[Published]) -> tuple[Published, ...]:
    """The ledger with what is published for the first time."""
    known = {(entry.name, entry.is_sample) for entry in ledger}
    return (*ledger, *(entry for entry in shown if (entry.name, entry.is_sample) not in known))


def _with_tables(entry: Published, rows: SafeRows) -> Published:
    text = json.dumps(rows, default=str, ensure_ascii=False)
    return replace(entry, tables=text, sha256=_sha256(text))


def _repeatable(con: DuckDBPyConnection, those: Round, published: SafeRows) -> SafeRows:
    """The published tables that may be repeated."""
    kept = dict(published)
    if those.n_people < FEWEST_PEOPLE:
        kept.pop(SURVEY_ANSWERS.name, None)
    if those.n_responded < FEWEST_PEOPLE:
        kept.pop(RESPONSES.name, None)
    if not members_of(con, those):
        kept.pop(MEMBERS.name, None)
    said, agreed = (
        {row["force_area_code"] for row in rows if row["has_member"]}
        for rows in (published.get(MEMBER_AREAS.name, []), member_areas(con, those))
    )
    if not said <= agreed:
        kept.pop(MEMBER_AREAS.name, None)
    return kept


def _faults(now: Published, ledger: Iterable[Published]) -> Iterator[str]:
    for entry in ledger:
        if entry.name == now.name:
            if (entry.opens_on, entry.closes_on) != (now.opens_on, now.closes_on):
                yield f"{now.name}: published for {entry.opens_on} to {entry.closes_on} in release {entry.release}"
        elif entry.survey == now.survey and entry.opens_on <= now.closes_on and now.opens_on <= entry.closes_on:
            yield f"{now.name}: its days are among those of {entry.name}, published in release {entry.release}"
        elif not set(now.responses).isdisjoint(entry.responses):
            yield f"{now.name}: counts responses that {entry.name} counted, published in release {entry.release}"


def _marks(con: DuckDBPyConnection, those: Round, secret: bytes) -> Iterator[str]:
    """A mark of each response that is the same whatever survey or wave it is filed under."""
    for ref, at, content in con.execute(_RESPONSES, [those.survey, those.wave]).fetchall():
        is_exact = at is not None and (at.minute or at.second)  # some tools only know the day
        yield keyed_hash(secret, "counted response", ref, str(at) if is_exact else content or "")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

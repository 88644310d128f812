"""Records a decision: only on a record that is there, only to a code that the codebook has."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from landscape.codebook import nearest_codes
from landscape.coding.applying import DECIDED_OTHERWISE, NO_AREA, kept_under, question_of
from landscape.coding.ledgers import ALIAS, MERGED_INTO, Decision, read_decisions, write_decisions
from landscape.errors import LandscapeError
from landscape.pii_scan import personal_kinds
from landscape.places.areas import showable_spelling
from landscape.surveys.known import known_people
from landscape.surveys.options import Option
from landscape.writing import one_writer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.paths import ProjectPaths
    from landscape.surveys.definition import Survey

_LONGEST_WHO = 40
_FILE = "data/decisions.csv"


def decide(
    con: DuckDBPyConnection,
    paths: ProjectPaths,
    surveys: tuple[Survey, ...],
    asked: Decision,
) -> Decision:
    """Adds one decision to data/decisions.csv; the next refresh applies it.

    Args:
        con: The staging database of the last refresh.
        paths: The project folder.
        surveys: All surveys.
        asked: The decision. `old` may be left empty if the question has one answer: it is then filled in.

    Returns:
        The decision as written.

    Raises:
        LandscapeError: The record is not there, or the question has no such code; the message says what would do.
    """
    _refuse_person(asked, paths)
    with one_writer(paths):
        recorded = list(read_decisions(paths).values())
        if asked.record == ALIAS:
            decision = _spelling(con, asked, recorded)
        elif asked.field == MERGED_INTO:
            decision = _merge(con, asked, recorded)
        else:
            decision = _correction(con, asked, recorded, surveys)
        if any(one[:4] == decision[:4] for one in recorded):
            raise LandscapeError("this has already been decided", file=_FILE, remedy="landscape decide --list shows it")
        write_decisions(paths, [*recorded, decision])
    return decision


def _refuse_person(asked: Decision, paths: ProjectPaths) -> None:
    """Who and why are kept for years: neither may contain an address, a number or a respondent's name."""
    if not asked.who.strip() or len(asked.who) > _LONGEST_WHO or not asked.why.strip():
        raise LandscapeError(
            "a decision says who decided, and why", remedy="--by with your initials, and --why with a short sentence"
        )
    known = known_people(paths)
    texts = {"--by": asked.who, "--why": asked.why}
    if asked.record == ALIAS:
        texts["the spelling"] = asked.field
    found = [f"{name}: {kind}" for name, text in texts.items() for kind in sorted(set(personal_kinds(text, known)))]
    if asked.record == ALIAS and showable_spelling(asked.field) != asked.field.strip():
        found.append("the spelling: an address, a number, or too long")
    if found:
        raise LandscapeError(
            "there is something personal in it, so it was not written",
            culprits=found,
            remedy="say it without naming anyone, as in “stated in the second interview”",
        )


def _spelling(con: DuckDBPyConnection, asked: Decision, recorded: list[Decision]) -> Decision:
    areas = con.execute("SELECT force_area_code, force_area_name FROM reference.force_areas ORDER BY ALL").fetchall()
    by_name = {name.casefold(): code for code, name in areas} | {code.casefold(): code for code, _ in areas}
    code = by_name.get(asked.new.strip().casefold())
    if code is None:
        raise LandscapeError(
            f"it {NO_AREA}", culprits=[asked.new], remedy=f"give one of {', '.join(n for _, n in areas)}"
        )
    decided = {
        found
        for (found,) in con.execute(
            "SELECT force_area_code FROM reference.aliases WHERE alias = ? AND alias_use = 'decides'",
            [asked.field.strip()],
        ).fetchall()
    } | {one.new for one in recorded if one.record == ALIAS and one.field == asked.field.strip()}
    if decided:
        same = decided == {code}
        raise LandscapeError(
            "this spelling is decided already" if same else f"it {DECIDED_OTHERWISE}, or another decision does",
            remedy="nothing to do" if same else "correct the line in data/reference/aliases.csv or data/decisions.csv",
        )
    return asked._replace(field=asked.field.strip(), old="", new=code)


def _merge(con: DuckDBPyConnection, asked: Decision, recorded: list[Decision]) -> Decision:
    there = dict(con.execute(_ACTIVITIES).fetchall())
    unknown = [record for record in (asked.record, asked.new) if not there.get(record)]
    if unknown:
        raise LandscapeError(
            "no activity that counts has this number",
            culprits=unknown,
            remedy="landscape decide --suggest lists likely pairs; numbers are written as in force_visits/2017/V01/V01-A1",
        )
    merged = {one.record: one.new for one in recorded if one.kind == "merge"}
    if asked.record in merged:
        raise LandscapeError(f"{asked.record} is merged already, into {merged[asked.record]}", file=_FILE)
    if kept_under(asked.new, merged) == asked.record:
        raise LandscapeError("an activity cannot be merged into itself, also not by way of others", file=_FILE)
    return asked._replace(old="")


def _correction(
    con: DuckDBPyConnection, asked: Decision, recorded: list[Decision], surveys: tuple[Survey, ...]
) -> Decision:
    owner = con.execute(
        "SELECT survey, '' FROM staged.responses WHERE response_id = $1 UNION ALL "
        "SELECT survey, repeat FROM staged.records WHERE record_id = $1",
        [asked.record],
    ).fetchone()
    if owner is None:
        raise LandscapeError(
            f"there is no record {asked.record}",
            remedy="a response is written as priority_survey/2017/12, a part of one as force_visits/2017/V01/V01-A1",
        )
    survey = next(survey for survey in surveys if survey.name == owner[0])
    field = question_of(con, owner[0], owner[1], asked.record, asked.field)
    if field is None:
        takes = [
            question.name
            for question in survey.questionnaire.of(owner[1] or None)
            if question.options and not question.use.startswith("consent:")
        ]
        raise LandscapeError(
            f"{asked.field} is not a question of {asked.record} that can be decided",
            remedy=f"give one of {', '.join(takes)}",
        )
    options = tuple(option for option in survey.questionnaire.by_name[asked.field].offered)
    old = _chosen(asked.old, options, may_be_retired=survey.questionnaire.by_name[asked.field].options)
    new = _chosen(asked.new, options)
    present = _present(con, asked.record, asked.field, field, recorded)
    if not old and len(present) == 1 and field[2] == "select_one":
        old = present[0]
    if (old and old not in present) or (not old and present and field[2] == "select_one") or new in present:
        raise LandscapeError(
            "the answer it is to correct is not there",
            culprits=[f"{asked.record}, {asked.field}: {', '.join(present) or 'no answer'}"],
            remedy="give the code that is there as --old, and another one as --new",
        )
    if not old and not new:
        raise LandscapeError("it changes nothing", remedy="give --new, or --old with the code to remove")
    return asked._replace(old=old, new=new)


def _chosen(text: str, options: tuple[Option, ...], may_be_retired: tuple[Option, ...] = ()) -> str:
    """The code of an option given by code or by label; empty for nothing."""
    text = text.strip()
    known = {o.code.casefold(): o.counted_code for o in may_be_retired} | {o.code.casefold(): o.code for o in options}
    known |= {option.label.casefold(): option.code for option in options}
    if not text or text.casefold() in known:
        return known.get(text.casefold(), "")
    listed = ", ".join(option.code for option in options)
    nearest = nearest_codes(text, {option.code: option.label for option in options})
    raise LandscapeError(
        f"{text} is not an option of the question",
        remedy=f"did you mean {' or '.join(nearest)}?" if nearest else f"give one of {listed}",
    )


def _present(
    con: DuckDBPyConnection,
    record: str,
    field: str,
    asked: tuple[str, int | None, str, str],
    recorded: list[Decision],
) -> list[str]:
    """The codes there now: those of the last refresh, with what was decided since."""
    rows = con.execute(
        "SELECT code FROM staged.answers WHERE record_id = ? AND question = ? AND choice_rank IS NOT DISTINCT FROM ? "
        "AND code IS NOT NULL ORDER BY answer_position",
        [record, asked[0], asked[1]],
    ).fetchall()
    codes = [code for (code,) in rows]
    known = con.execute(
        "SELECT record_id, decided_field, coalesce(old_value, ''), coalesce(new_value, '') FROM reference.decisions"
    )
    applied = set(known.fetchall())
    for one in recorded:
        if (one.record, one.field) == (record, field) and one[:4] not in applied:
            codes = [code for code in codes if code != one.old] + ([one.new] if one.new else [])
    return codes


def decided_today(record: str, field: str, *, old: str, new: str, who: str, why: str, at: dt.datetime) -> Decision:
    """A decision made now."""
    return Decision(record.strip(), field, old.strip(), new.strip(), who.strip(), at.date().isoformat(), why.strip())


_ACTIVITIES = """
SELECT c.record_id, r.is_counted FROM staged.records AS c JOIN staged.responses AS r ON r.response_id = c.response_id
WHERE c.repeat = 'activities'
"""

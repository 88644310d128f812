"""The members of the network as published: by region, by type of organisation, and which areas have some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from landscape.disclosure.audit import Behind, is_open
from landscape.disclosure.counts import Round
from landscape.disclosure.declared import (
    ALL,
    EVERY_TYPE,
    EVERYWHERE,
    MEMBERS_SURVEY,
    NO_REGION,
    NOT_STATED,
    OTHER_TYPES,
    OTHERS,
)
from landscape.disclosure.limits import FEWEST_PEOPLE, STEP, behind, rounded

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, object]
_ANY = 100_000  # more than ever respond
FEWEST_AGREED = 2
"""An area is said to have members only where this many, of as many organisations, agreed."""

_MEMBERS = """
SELECT region_name, organisation_type_code, sum(n_members) FROM marts.network_by_area WHERE wave = ? GROUP BY ALL
"""
_TYPES = """
SELECT codes.code, codes.label, count(invited.person_key) FILTER (invited.wave = $wave)
FROM reference.codebook AS codes
LEFT JOIN staged.invitations AS invited ON invited.organisation_type_code = codes.code AND invited.survey = $survey
WHERE codes.scheme = 'organisation_type'
GROUP BY ALL
ORDER BY codes.code
"""
# The organisation itself is not passed on: members of two types of organisation are certainly of two organisations.
_AREAS = f"""
SELECT areas.force_area_code, areas.force_area_name, areas.region_name,
    sum(members.n_area_agreed) >= {FEWEST_AGREED}
    AND count(DISTINCT members.organisation_type_code) FILTER (members.n_area_agreed > 0) >= {FEWEST_AGREED}
FROM reference.force_areas AS areas
LEFT JOIN marts.network_by_area AS members ON members.force_area_code = areas.force_area_code AND members.wave = ?
GROUP BY ALL
ORDER BY areas.force_area_code
"""


def responses_printed(those: Round) -> int | None:
    """How many responded, as printed: rounded, and never below those whose answers may be used; None of too few.

    Their number is printed exactly with the answers; a rounded number below it would count who refused that use.
    """
    if those.n_responded < FEWEST_PEOPLE:
        return None
    return max(rounded(those.n_responded), _base_rounded_up(those))


def _base_rounded_up(those: Round) -> int:
    """The base of the answers, if there are any, as a multiple of 5."""
    return -(-those.n_people // STEP) * STEP if those.n_people >= FEWEST_PEOPLE else 0


def members_of(con: DuckDBPyConnection, those: Round) -> list[Row]:
    """Members by region and by type of organisation, rounded to the nearest 5, totals as the sum of what is printed.

    Rows come from the areas, the codebook and the list of invitations, never from answers. A type is named if 10 or more
    of it were invited. Where the audit finds a count, the types are left out, then the table.

    Args:
        con: The staging database, after the marts.
        those: The wave of the sign-up survey.
    """
    found = _members(con, those)
    if not found:
        return []
    regions: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for region, kind, n in found:
        regions[region or NOT_STATED] += n
        types[kind or OTHERS] += n
    cuts = {"region": _regions(con, regions), "organisation_type": _types(con, those, types)}
    while cuts and not is_open(_behind(those, cuts)):
        cuts.popitem()
    return [
        {
            "wave": those.wave, "closes_on": those.closes_on, "cut": cut, "cut_code": code, "cut_name": name,
            "n_members": n, "is_sample": those.is_sample,
        }
        for cut, rows in cuts.items()
        for code, name, n in _with_total(cut, rows)
    ]  # fmt: skip


def member_areas(con: DuckDBPyConnection, those: Round) -> list[Row]:
    """Which areas have members: yes only where at least two members of two organisations agreed; else nothing is said."""
    if not _members(con, those):
        return []
    return [
        {
            "wave": those.wave, "force_area_code": code, "force_area_name": name, "region_name": region,
            "has_member": True if is_said else None, "is_sample": those.is_sample,
            "state": "value" if is_said else "not_said",
        }
        for code, name, region, is_said in con.execute(_AREAS, [those.wave]).fetchall()
    ]  # fmt: skip


def _members(con: DuckDBPyConnection, those: Round) -> list[tuple[str | None, str | None, int]]:
    """Members by region and type of organisation; nobody in another survey, or where fewer than 10 joined."""
    if those.survey != MEMBERS_SURVEY:
        return []
    found = con.execute(_MEMBERS, [those.wave]).fetchall()
    return found if sum(n for _, _, n in found) >= FEWEST_PEOPLE else []


Rows = list[tuple[str, str, int]]


def _regions(con: DuckDBPyConnection, members: Mapping[str, int]) -> Rows:
    names = con.execute("SELECT DISTINCT region_name FROM reference.force_areas ORDER BY region_name").fetchall()
    rows = [(name, name, rounded(members[name])) for (name,) in names]
    return [*rows, (NOT_STATED, NO_REGION, rounded(members[NOT_STATED]))]


def _types(con: DuckDBPyConnection, those: Round, members: Counter[str]) -> Rows:
    invited = con.execute(_TYPES, {"survey": those.survey, "wave": those.wave}).fetchall()
    named = [(code, label) for code, label, n in invited if n >= FEWEST_PEOPLE]
    others = sum(members.values()) - sum(members[code] for code, _ in named)
    return [*((code, label, rounded(members[code])) for code, label in named), (OTHERS, OTHER_TYPES, rounded(others))]


def _with_total(cut: str, rows: Rows) -> Iterator[tuple[str, str, int]]:
    yield from rows
    yield ALL, EVERYWHERE if cut == "region" else EVERY_TYPE, sum(n for _, _, n in rows)


def _behind(those: Round, cuts: Mapping[str, Rows]) -> Behind:
    """What is printed of members: both cuts add up to the members, and no more joined than responded."""
    known = Behind()
    printed = responses_printed(those)
    most = _ANY if printed is None else behind(printed)[1]
    responded = known.add(("responses",), _fewest_responses(those), most)
    totals = []
    for cut, rows in cuts.items():
        totals.append({known.add(("members", cut, code), *behind(n)): 1 for code, _, n in rows})
        known.relate({**totals[-1], responded: -1}, -most, 0)
    if len(totals) > 1:
        known.relate({**totals[0], **dict.fromkeys(totals[1], -1)}, 0, 0)
    return known


def _fewest_responses(those: Round) -> int:
    printed = responses_printed(those)
    if printed is None:
        return 0
    is_least = printed == _base_rounded_up(those)
    return those.n_people if is_least else behind(printed)[0]

"""What a release says about itself: its README, and the status in its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from landscape.disclosure.declared import MEMBER_AREAS
from landscape.models import TableModel
from landscape.places.landscape import Names
from landscape.reporting.compose import SAMPLE, SAMPLE_NOTICE
from landscape.reporting.content import Status
from landscape.reporting.wording import day

_NOT_SAID = (
    "“Not said” ([c]) means of an area or a region that nothing is reported of it by name: nothing was found, nobody visited, or "
    "it may not be named. These look alike."
)
_ELSEWHERE = (
    "The areas that are named may be followed by “elsewhere: fewer than 3 areas”, which may be none, or “elsewhere: 3 areas or "
    "more”. Nothing else is said of what may not be named: all counts of visits, activities and challenges are of those that may."
)
_PEOPLE = (
    "Tables about people belong to one wave of one survey and are the same in every release that has them. Numbers that few, or "
    "all but few, people chose are not printed; members and responses are rounded to the nearest 5."
)


def stamp_of(name: str, on: dt.date) -> str:
    """The stamp on every page and figure of a release.

    >>> stamp_of("2017-10", dt.date(2017, 10, 31))
    'Release 2017-10, 31 October 2017'
    """
    return f"Release {name}, {day(on)}"


def status_of(name: str, on: dt.date, replaces: str) -> Status:
    """The status of the report of a release."""
    words = [
        f"This is release {name} of {day(on)}. It contains what may be shown outside the team, and nothing else was used to "
        "make it." + (f" It replaces release {replaces}, which was withdrawn." if replaces else ""),
        f"{_NOT_SAID} {_ELSEWHERE}",
        _PEOPLE,
    ]
    return Status(stamp_of(name, on), tuple(words))


def guide(names: Names, name: str, on: dt.date, models: Sequence[TableModel], *, is_sample: bool) -> str:
    """README.md: what is in the release, its symbols and states, and the meaning of each field of each table."""
    lines = [
        f"# {names.title}",
        "",
        f"{stamp_of(name, on)}.",
        "",
        *((f"**{SAMPLE}.** {SAMPLE_NOTICE}", "") if is_sample else ()),
        "| here | what it is |",
        "|---|---|",
        "| `landscape.docx`, `.pdf`, `.html` | the report |",
        "| `figures/` | each figure as web page, SVG, PNG and its data as CSV; `figures.json` lists them |",
        "| `tables/` | each table as CSV and Parquet; `datapackage.json` describes them |",
        "| `codebook.csv` | every code with its label and definition |",
        "| `rules.csv` | the thresholds for calling something shared, common, innovative or digital |",
        "| `CHANGES.md` | what changed since the last release |",
        "| `provenance.json` | the code, surveys and waves it was made from |",
        "| `checksums.txt` | SHA-256 of every file |",
        "",
        "## How to read it",
        "",
        f"- {_NOT_SAID}",
        f"- {_ELSEWHERE}",
        f"- {_PEOPLE}",
        "- An empty number is not zero: `state` says why it is empty.",
        f"- In `{MEMBER_AREAS.name}`, empty is not “no”.",
        "- Symbols in figures and report: [c] confidential, [x] not available, [z] not applicable, [low] too few for a "
        "percentage.",
        "- A text in a CSV file that a spreadsheet would run as a formula starts with an apostrophe.",
        "",
        "## Fields",
    ]
    for model in models:
        lines += [
            "",
            f"### {model.name}: {model.title}",
            "",
            model.long_description,
            "",
            "| field | type | meaning |",
            "|---|---|---|",
            *(f"| {field.name} | {field.type} | {field.description} |" for field in model.fields),
        ]
    return "\n".join(lines) + "\n"

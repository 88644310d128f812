"""What a release says about itself: its README, and the status in its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from landscape.disclosure.declared import MEMBER_AREAS
from landscape.disclosure.permitted import FEWEST_AREAS, FEWEST_ORGANISATIONS, FEWEST_SPEAKERS
from landscape.disclosure.profiles import Profile
from landscape.disclosure.releases import HeldBack
from landscape.models import TableModel
from landscape.places.landscape import Names
from landscape.releasing.changes import held_back_words
from landscape.reporting.compose import SAMPLE, SAMPLE_NOTICE
from landscape.reporting.content import Status
from landscape.reporting.wording import day

_WITHHELD = (
    "“Withheld” means that for an area (or region) there is nothing that may be reported by name, or nothing at all. It is "
    "used wherever something reported without the area’s name could come from there, so it does not mean that something does."
)
_NOT_COVERED = "“Not covered” means that no visit may be reported from there, not that there is no engagement."
_REGION = (
    f"A region is named only where at least {FEWEST_AREAS} of its areas were visited, with at least {FEWEST_SPEAKERS} "
    f"speakers of at least {FEWEST_ORGANISATIONS} organisations. "
    "What may not be reported for a region is reported for {} only; there, the region is empty."
)


def stamp_of(name: str, on: dt.date) -> str:
    """The stamp on every page and figure of a release.

    >>> stamp_of("2017-10", dt.date(2017, 10, 31))
    'Release 2017-10, 31 October 2017'
    """
    return f"Release {name}, {day(on)}"


def status_of(
    names: Names, name: str, on: dt.date, profile: Profile, held: Sequence[HeldBack], replaces: str
) -> Status:
    """The status of the report of a release."""
    words = [
        f"This is release {name} of {day(on)}. It contains what may be shown outside the team, and nothing else was used to "
        f"make it. Tables of people were made with the {profile.name} thresholds."
        + (f" It replaces release {replaces}, which was withdrawn." if replaces else ""),
        f"{_WITHHELD} {_NOT_COVERED}",
        _REGION.format(names.short),
    ]
    if held:
        words.append("Some tables of people are as in an earlier release, or are left out:")
        words += [f"{point.removeprefix('- ')}." for point in held_back_words(held)]
    return Status(stamp_of(name, on), tuple(words))


def guide(
    names: Names, name: str, on: dt.date, profile: Profile, models: Sequence[TableModel], *, is_sample: bool
) -> str:
    """README.md: what is in the release, its symbols and states, and the meaning of each field of each table."""
    lines = [
        f"# {names.title}",
        "",
        f"{stamp_of(name, on)}. Thresholds: {profile.name}.",
        "",
        *((f"**{SAMPLE}.** {SAMPLE_NOTICE}", "") if is_sample else ()),
        "| here | what it is |",
        "|---|---|",
        "| `landscape.docx`, `.pdf`, `.html` | the report |",
        "| `figures/` | each figure as web page, SVG, PNG and its data as CSV; `figures.json` lists them |",
        "| `tables/` | each table as CSV and Parquet; `datapackage.json` describes them |",
        "| `codebook.csv` | every code with its label and definition |",
        "| `rules.csv` | the thresholds for calling something shared, common, innovative or digital |",
        "| `CHANGES.md` | what changed since the last release, and which tables were held back |",
        "| `provenance.json` | the code, surveys and waves it was made from |",
        "| `checksums.txt` | SHA-256 of every file |",
        "",
        "## How to read it",
        "",
        f"- {_WITHHELD}",
        f"- {_NOT_COVERED}",
        f"- {_REGION.format(names.short)}",
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

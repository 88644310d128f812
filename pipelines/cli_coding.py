"""The commands around coding: codebook, review, decide, agreement. Not here: anything they do; they show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths, project_paths

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from landscape.coding.comparing import Compared
    from landscape.coding.ledgers import Decision

review_app = typer.Typer(no_args_is_help=True, help="Answers in own words, for people to code.")
console = Console(highlight=False)
REFUSED = 1
_FIRST_REFRESH = "every refresh makes it anew: landscape refresh"
_VERDICTS = {
    "used": "used",
    "tentative": "tentative",
    "back_to_definition": "back to the definition",
    "not_computed": "nothing varied",
}


def codebook(
    scheme: Annotated[str | None, typer.Argument(help="One coding scheme, such as objective; all without it.")] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="What the codebook file would change, against the last refresh.")
    ] = False,
) -> None:
    """Shows the codebook: a scheme with its codes, or all schemes; or what a change to it would move."""
    from landscape.codebook import read_codebook

    if changes:
        _show_changes()
        return
    codes = read_codebook(project_paths().reference)
    schemes = list(dict.fromkeys(code.scheme for code in codes))
    if scheme is None:
        rows = [
            (name, str(len([c for c in codes if c.scheme == name and not c.is_retired])),
             str(len([c for c in codes if c.scheme == name and c.is_retired]) or ""))
            for name in schemes
        ]  # fmt: skip
        _print_table(("scheme", "codes in force", "retired"), rows)
        console.print("One scheme with its codes: landscape codebook SCHEME")
        return
    if scheme not in schemes:
        raise LandscapeError(f"there is no scheme {scheme}", remedy=f"the schemes are {', '.join(schemes)}")
    _print_table(
        ("code", "label", "what it means", "from", "in force"),
        [
            (
                c.code,
                c.label,
                c.definition or c.briefing_words,
                c.origin,
                _in_force(c.valid_from, c.valid_to, c.replaced_by),
            )
            for c in codes
            if c.scheme == scheme
        ],
    )


def _in_force(valid_from: str, valid_to: str, replaced_by: str) -> str:
    if replaced_by:
        return f"retired: now {replaced_by}"
    if valid_to:
        return f"retired after {valid_to}"
    return f"since {valid_from}" if valid_from else "yes"


def _show_changes() -> None:
    from landscape.coding.changes import codebook_changes, reach_of
    from pipelines.definitions import figure_reads, models_of

    staged, marts = models_of("staged"), models_of("marts")
    with _last_refresh() as (con, paths):
        found = codebook_changes(con, paths.reference, marts)
        reaches = reach_of({change.scheme for change in found}, con, (*staged, *marts), figure_reads())
    if not found:
        console.print("The codebook is the one that the tables were last made with.")
        return
    for change in found:
        console.print(f"{change.what}: {change.code} ({change.scheme})", style="bold", markup=False)
        console.print(f"  {change.says}", markup=False)
        held = ", ".join(f"{mart} ({n})" for mart, n in change.n_rows.items())
        console.print(
            f"  Answers with it now: {change.n_answers}. Rows that count it now: {held or 'none'}.", markup=False
        )
    for reach in reaches:
        console.print(f"\nWhat rests on the scheme {reach.scheme}, by its SQL:", style="bold", markup=False)
        console.print(f"  marts: {', '.join(reach.marts) or 'none'}", markup=False)
        console.print(f"  figures: {', '.join(reach.figures) or 'none'}", markup=False)
    console.print("\nNothing has changed yet: landscape refresh makes it so.")


@review_app.command("export")
def review_export(
    survey: Annotated[str | None, typer.Option(help="One survey; all without it.")] = None,
    activities: Annotated[
        bool, typer.Option("--activities", help="Activities instead, for two people to code; nothing is filled in.")
    ] = False,
) -> None:
    """Writes answers in own words into a private sheet for a person to code."""
    from landscape.coding.reviewing import export_activities, export_words
    from landscape.people.keeping import warnings_of
    from pipelines.definitions import declared_surveys

    if survey and activities:
        raise LandscapeError("--survey and --activities are two different sheets", remedy="give one of them")
    with _last_refresh() as (con, paths):
        if activities:
            written = export_activities(con, paths, declared_surveys(), _now())
        else:
            written = export_words(con, paths, declared_surveys(), survey, _now())
    _say(f"Written: {_shown(written.path)}, with {written.n_units} rows to code")
    if written.n_coded:
        console.print(f"Left out, since they are coded: {written.n_coded}")
    if activities:
        console.print("Give a copy to each of two people; then: landscape agreement FILE_A FILE_B")
    else:
        console.print("Fill in the yellow columns; then: landscape review import FILE")
    console.print("It holds people’s own words: private. The access log says that it was written.")
    for warning in warnings_of(paths):
        console.print(f"Warning: {warning}", style="bold red", markup=False)


@review_app.command("import")
def review_import(file: Annotated[Path, typer.Argument(help="A sheet that came back.")]) -> None:
    """Takes the codes from a sheet that a person filled in. Exit status 0 only if no row was refused."""
    from landscape.coding.reviewing import import_words
    from pipelines.definitions import declared_surveys

    with _last_refresh() as (con, paths):
        taken = import_words(con, paths, declared_surveys(), file, _now())
    console.print(f"Coded: {taken.n_units} answers, of which {taken.n_replaced} had other codes before")
    console.print(f"Open: {taken.n_open} rows without code or coder")
    for line, reason in taken.refused:
        console.print(f"Refused, row {line}: {reason}", style="bold red", markup=False, soft_wrap=True)
    if taken.n_units:
        console.print("They count from the next refresh on: landscape refresh")
    if taken.refused:
        raise typer.Exit(REFUSED)


def decide(
    record: Annotated[str | None, typer.Argument(help="A response or a part of one; or the word alias.")] = None,
    field: Annotated[str | None, typer.Argument(help="The question; or merged_into; or the spelling.")] = None,
    old: Annotated[str, typer.Option(help="What stands there now; may be left out where there is one answer.")] = "",
    new: Annotated[str, typer.Option(help="What is to stand there: a code or label, an activity, an area.")] = "",
    by: Annotated[str, typer.Option(help="Who decides: initials.")] = "",
    why: Annotated[str, typer.Option(help="Why, in a short sentence that names nobody.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Show all decisions.")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="Show activities that may be one.")] = False,
) -> None:
    """Corrects an answer, merges an activity reported twice, or accepts a spelling; the received files stay as they are."""
    from landscape.coding.deciding import decide as take_down
    from landscape.coding.deciding import decided_today
    from pipelines.definitions import declared_surveys

    if listed:
        _show_decisions()
        return
    if suggest:
        _show_pairs()
        return
    if not record or not field:
        raise LandscapeError(
            "say what is decided",
            remedy="landscape decide RECORD QUESTION --old CODE --new CODE; landscape decide ACTIVITY merged_into --new "
            "ACTIVITY; landscape decide alias SPELLING --new AREA; each with --by and --why",
        )
    asked = decided_today(record, field, old=old, new=new, who=by, why=why, at=_now())
    with _last_refresh() as (con, paths):
        written = take_down(con, paths, declared_surveys(), asked)
    _say(f"Decided: {_said(written)}")
    console.print("Kept in data/decisions.csv; it counts from the next refresh on: landscape refresh")


def _said(decision: Decision) -> str:
    if decision.kind == "merge":
        return f"{decision.record} is the same activity as {decision.new}, which stays"
    if decision.kind == "alias":
        return f"“{decision.field}” means {decision.new}"
    return f"{decision.record}, {decision.field}: {decision.old or 'no answer'} → {decision.new or 'no answer'}"


def _show_decisions() -> None:
    from landscape.coding.ledgers import read_decisions

    decisions = read_decisions(project_paths())
    if not decisions:
        console.print("Nothing has been decided yet.")
        return
    with _last_refresh() as (con, _):
        states = con.execute("SELECT line, is_applied, reason FROM staged.decisions").fetchall()
    applied = {line: "yes" if is_applied else f"no: it {reason}" for line, is_applied, reason in states}
    _print_table(
        ("line", "decision", "who", "when", "why", "applied in the last refresh"),
        [
            (str(line), _said(one), one.who, one.when, one.why, applied.get(line, "not yet"))
            for line, one in decisions.items()
        ],
    )


def _show_pairs() -> None:
    from landscape.coding.duplicates import likely_pairs

    with _last_refresh() as (con, _):
        pairs = likely_pairs(con)
    if not pairs:
        console.print("No activity of a force and of a commissioner’s office look like one.")
        return
    for pair in pairs:
        console.print(f"{pair.activity_type}, {pair.areas}", style="bold", markup=False)
        _say(f"  reported by the force:  {pair.force_activity}")
        _say(f"  reported by the office: {pair.office_activity}")
        _say(f"  objectives in common:   {pair.objectives} (either has {pair.n_objectives} in all)")
    console.print("These only may be one: nothing is merged by itself. If a pair is one activity:")
    console.print(
        "landscape decide ACTIVITY merged_into --new ACTIVITY_THAT_STAYS --by INITIALS --why WHY", markup=False
    )


def agreement(
    file_a: Annotated[Path, typer.Argument(help="The sheet of one coder.")],
    file_b: Annotated[Path, typer.Argument(help="The sheet of the other, made from the same export.")],
) -> None:
    """Measures how far two coders agree, by Krippendorff's alpha, and lists where they do not."""
    from landscape.coding.comparing import compare
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    _show_agreement(compare(paths, declared_surveys(), (file_a, file_b), _now()))


def _show_agreement(found: Compared) -> None:
    if found.is_sample:
        console.print("Made-up sample data.", style="bold")
    console.print(f"Units that both coded: {found.n_units}; that only one coded: {found.n_single}")
    rows: list[tuple[str, ...]] = []
    for scheme, code, one in found.measured:
        interval = "" if one.low is None else f"{one.low:.2f} to {one.high:.2f}"
        alpha = "" if one.alpha is None else f"{one.alpha:.2f}"
        rows.append(
            (
                scheme if not code else "",
                code or "(whole)",
                alpha,
                interval,
                f"{one.n_given} of {one.n_units}" if code else str(one.n_units),
                _VERDICTS[one.verdict],
            )
        )
    _print_table(("scheme", "code", "alpha", "95 % interval", "units with it", "verdict"), rows)
    console.print("Kept in data/private/agreement.csv; tables mark tentative codes from the next refresh on.")
    if found.path:
        _say(f"To talk over ({found.n_disagreements}): {_shown(found.path)}")


@contextmanager
def _last_refresh() -> Iterator[tuple[DuckDBPyConnection, ProjectPaths]]:
    """The staging database as the last refresh left it."""
    from landscape.staging_db import open_staging_db

    paths = project_paths()
    if not paths.staging_db.exists():
        raise LandscapeError("there is no staging database yet", file="data/warehouse.duckdb", remedy=_FIRST_REFRESH)
    with open_staging_db(paths.staging_db, paths.lock) as con:
        made = con.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE schema_name || '.' || table_name = 'staged.decisions'"
        )
        if made.fetchall() == [(0,)]:
            raise LandscapeError("the staging database is older than this command", remedy="first: landscape refresh")
        yield con, paths


def _shown(path: Path) -> str:
    root = project_paths().root
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _print_table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.markup import escape

    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")  # numbers of records are to be copied: none is cut short
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _say(text: str) -> None:
    """A line as it is, not broken, so that it can be copied."""
    console.print(text, markup=False, soft_wrap=True)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

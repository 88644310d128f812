"""The commands around the report: update, area. Not here: anything they do themselves; they show it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from landscape.errors import LandscapeError
from landscape.paths import project_paths

if TYPE_CHECKING:
    from landscape.reporting.updating import Change, Outcome

report_app = typer.Typer(no_args_is_help=True, help="The report in Word, once people work with it.")
console = Console(highlight=False, soft_wrap=True)
_CELLS_SHOWN = 6


@report_app.command()
def update(
    document: Annotated[Path, typer.Argument(help="A Word document made from a copy of the report, and edited.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write it; else the document itself, the old one kept.")
    ] = None,
    comments: Annotated[bool, typer.Option("--comments", help="Also a Word comment at each changed sentence.")] = False,
    release: Annotated[
        str | None, typer.Option("--from", help="A release's name; else the report as it stands.")
    ] = None,
) -> None:
    """Brings numbers, tables and figures in an edited Word document up to date, and leaves every other word alone."""
    from landscape.reporting.updating import source_of
    from landscape.reporting.updating import update as update_document

    source = source_of(project_paths(), release)
    _show_update(update_document(document, source, out, with_comments=comments))


@report_app.command()
def area(name: Annotated[str, typer.Argument(help="A force area: its name, code, or a known spelling.")]) -> None:
    """Writes one force area's profile alone, in Word and PDF, to reports/areas/."""
    from landscape.reporting.area_profile import publish_profile
    from landscape.staging_db import StagingDatabase, open_staging_db

    paths = project_paths()
    if not paths.staging_db.exists():
        raise LandscapeError("there is nothing to take a profile from yet", remedy="landscape refresh")
    with open_staging_db(paths.staging_db, paths.lock) as con:
        for path in publish_profile(StagingDatabase(con, paths), name):
            console.print(f"Written: {path.relative_to(paths.root).as_posix()}", markup=False)


def _show_update(outcome: Outcome) -> None:
    told = [change for change in outcome.changes if change.what == "sentence"]
    tables = [change for change in outcome.changes if change.what == "table"]
    figures = [change for change in outcome.changes if change.what == "figure"]
    _show_sentences(told)
    if tables:
        console.print("\nTables:", style="bold")
    for change in tables:
        _show_table(change)
    if figures:
        console.print("\nFigures: ", style="bold", end="")
        console.print(", ".join(change.where.partition(":")[2] for change in figures), markup=False)
    _show_left(outcome)
    console.print(
        f"\nOf {outcome.n_controls} numbers, texts, tables and figures of the report in the document, "
        f"{sum(len(c.texts) if c.what == 'sentence' else 1 for c in outcome.changes)} changed."
    )
    if outcome.written:
        console.print(f"Written: {outcome.written}", markup=False)
        console.print("In Word, press Ctrl+A and F9 to bring numbering, contents and page numbers up to date.")
    if outcome.backup:
        console.print(f"As it was before: {outcome.backup}", markup=False)


def _show_sentences(told: list[Change]) -> None:
    if told:
        console.print("Sentences whose numbers changed, as they stand now:", style="bold")
    shown: set[str] = set()  # the status stands on every page, a caption in the list of figures too
    for change in told:
        where = next((new for tag, _, new in change.texts if tag == "stamp"), change.where)
        if where in shown:
            continue
        shown.add(where)
        console.print(f"\n  {where}", markup=False)
        for _, old, new in change.texts:
            console.print(
                f"    was: {old}" if new == where else f"    {old or 'nothing'} → {new or 'nothing'}", markup=False
            )


def _show_table(change: Change) -> None:
    console.print(f"\n  {change.where.partition(':')[2]}", markup=False)
    for place, old, new in change.texts[:_CELLS_SHOWN]:
        console.print(f"    {place}: {old} → {new}" if old and new else f"    {place} {old or new}", markup=False)
    if len(change.texts) > _CELLS_SHOWN:
        console.print(f"    … ({len(change.texts)} changes in all)")


def _show_left(outcome: Outcome) -> None:
    if outcome.unknown:
        console.print(
            "\nLeft as they were, because the report no longer has them; look at them by hand:", style="bold red"
        )
        for paragraph in dict.fromkeys(paragraph for _, paragraph in outcome.unknown):
            tags = ", ".join(tag for tag, where in outcome.unknown if where == paragraph)
            console.print(f"  {paragraph} [{tags}]" if paragraph else f"  {tags}", markup=False)
    if outcome.emptied:
        console.print("\nLeft empty, as somebody emptied them:", style="bold")
        for tag in outcome.emptied:
            console.print(f"  {tag}", markup=False)
    if outcome.is_stamp_kept:
        console.print(
            "\nThe document keeps its status (draft, or made up): what was left does not come from the same numbers. Take "
            "it out, then update again.",
            style="bold red",
        )
    if outcome.is_stamp_added:
        console.print(
            "\nThe numbers are made up, which the document did not say: its first line now does.", style="bold red"
        )
    elif outcome.is_sample:
        console.print("\nMade-up sample data: the numbers describe nothing real.", style="bold")

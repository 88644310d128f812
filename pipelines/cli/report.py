"""The commands `report update` and `report area`: an edited report brought up to date, and the profile of one area."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import head, say, shown, unfinished

if TYPE_CHECKING:
    from landscape.reporting.updating import Change, Outcome

report_app = typer.Typer(no_args_is_help=True, help="Brings a Word report up to date; writes one area's profile.")
_CELLS_SHOWN = 6


@report_app.command()
@unfinished("The document is as it was.")
def update(
    document: Annotated[Path, typer.Argument(help="A Word document made from a copy of the report, and edited.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write it; else the document itself, the old one kept.")
    ] = None,
    comments: Annotated[bool, typer.Option("--comments", help="Also a Word comment at each changed sentence.")] = False,
    release: Annotated[str | None, typer.Option("--from", help="A release's name; else the current report.")] = None,
) -> None:
    """Brings an edited Word document up to date.

    Its numbers, tables and figures are renewed; every other word is left alone.
    """
    from landscape.reporting.updating import source_of
    from landscape.reporting.updating import update as update_document

    source = source_of(project_paths(), release)
    _show_update(update_document(document, source, out, with_comments=comments))


@report_app.command()
@unfinished("Profiles that were there are as they were.")
def area(name: Annotated[str, typer.Argument(help="A force area: its name, code, or a known spelling.")]) -> None:
    """Writes one force area's profile, in Word and PDF, to reports/areas/."""
    from landscape.last_refresh import read_last_refresh
    from landscape.reporting.area_profile import publish_profile
    from landscape.staging_db import StagingDatabase, refresh_lock

    paths = project_paths()
    with refresh_lock(paths.lock, waits=False), read_last_refresh(paths) as con:
        for path in publish_profile(StagingDatabase(con, paths), name):
            say(f"Written: {shown(path)}")


def _show_update(outcome: Outcome) -> None:
    sentences = [change for change in outcome.changes if change.what == "sentence"]
    tables = [change for change in outcome.changes if change.what == "table"]
    figures = [change for change in outcome.changes if change.what == "figure"]
    _show_sentences(sentences)
    if tables:
        head("\nTables:")
    for change in tables:
        _show_table(change)
    if figures:
        head("\nFigures:")
        say(f"  {', '.join(change.where.partition(':')[2] for change in figures)}")
    _show_left(outcome)
    say(
        f"\nOf {outcome.n_controls} numbers, texts, tables and figures of the report in the document, "
        f"{sum(len(c.texts) if c.what == 'sentence' else 1 for c in outcome.changes)} changed."
    )
    if outcome.written:
        say(f"Written: {outcome.written}")
        say("In Word, press Ctrl+A and F9 to bring numbering, contents and page numbers up to date.")
    if outcome.backup:
        say(f"As it was before: {outcome.backup}")


def _show_sentences(sentences: list[Change]) -> None:
    if sentences:
        head("Sentences whose numbers changed, as they are now:")
    shown: set[str] = set()  # the status is on every page, a caption in the list of figures too
    for change in sentences:
        where = next((new for tag, _, new in change.texts if tag == "stamp"), change.where)
        if where in shown:
            continue
        shown.add(where)
        say(f"\n  {where}")
        for _, old, new in change.texts:
            say(f"    was: {old}" if new == where else f"    {old or 'nothing'} → {new or 'nothing'}")


def _show_table(change: Change) -> None:
    say(f"\n  {change.where.partition(':')[2]}")
    for place, old, new in change.texts[:_CELLS_SHOWN]:
        say(f"    {place}: {old} → {new}" if old and new else f"    {place} {old or new}")
    if len(change.texts) > _CELLS_SHOWN:
        say(f"    … ({len(change.texts)} changes in all)")


def _show_left(outcome: Outcome) -> None:
    if outcome.unknown:
        say("\nLeft as they were, because the report no longer has them; look at them by hand:", style="bold red")
        for paragraph in dict.fromkeys(paragraph for _, paragraph in outcome.unknown):
            tags = ", ".join(tag for tag, where in outcome.unknown if where == paragraph)
            say(f"  {paragraph} [{tags}]" if paragraph else f"  {tags}")
    if outcome.emptied:
        head("\nLeft empty, as somebody emptied them:")
        for tag in outcome.emptied:
            say(f"  {tag}")
    if outcome.is_stamp_kept:
        say(
            "\nThe document keeps its status (draft, or made up): what was left does not come from the same numbers. Take "
            "it out, then update again.",
            style="bold red",
        )
    if outcome.is_stamp_added:
        say("\nThe numbers are made up, which the document did not say: its first line now does.", style="bold red")
    elif outcome.is_sample:
        head("\nMade-up sample data: the numbers describe nothing real.")

"""The commands `review export` and `review import`: open answers out to a coder, and the codes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landscape.errors import LandscapeError
from landscape.paths import project_paths
from pipelines.cli.terminal import FAILED, now, say, shown, unfinished, warn

review_app = typer.Typer(no_args_is_help=True, help="Answers in own words: out to people who code, and back.")


@review_app.command("export")
@unfinished("No sheet was written.")
def review_export(
    survey: Annotated[str | None, typer.Option(help="One survey; all without it.")] = None,
    activities: Annotated[
        bool, typer.Option("--activities", help="Activities instead, for two people to code; nothing is filled in.")
    ] = False,
) -> None:
    """Writes answers in own words into a private sheet, for a person to code."""
    from landscape.coding.reviewing import export_activities, export_words
    from landscape.last_refresh import read_last_refresh
    from landscape.people.keeping import warnings_of
    from landscape.staging_db import refresh_lock
    from pipelines.definitions import declared_surveys

    if survey and activities:
        raise LandscapeError("--survey and --activities are two different sheets", remedy="give one of them")
    paths = project_paths()
    with refresh_lock(paths.lock, waits=False), read_last_refresh(paths) as con:
        if activities:
            written = export_activities(con, paths, declared_surveys(), now())
        else:
            written = export_words(con, paths, declared_surveys(), survey, now())
    say(f"Written: {shown(written.path)}, with {written.n_units} rows to code")
    if written.n_coded:
        say(f"Left out, since they are coded: {written.n_coded}")
    if activities:
        say("Give a copy to each of two people; then: landscape agreement FILE_A FILE_B")
    else:
        say("Fill in the yellow columns; then: landscape review import FILE")
    say("It holds people’s own words: private. The access log says that it was written.")
    warn(warnings_of(paths))


@review_app.command("import")
@unfinished("No code was taken over.")
def review_import(file: Annotated[Path, typer.Argument(help="A sheet that came back.")]) -> None:
    """Takes the codes from a sheet that a person filled in.

    Exit status 0 only if no row was refused.
    """
    from landscape.coding.reviewing import import_words
    from landscape.last_refresh import read_last_refresh
    from landscape.staging_db import refresh_lock
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    with refresh_lock(paths.lock), read_last_refresh(paths) as con:
        taken = import_words(con, paths, declared_surveys(), file, now())
    say(f"Coded: {taken.n_units} answers, of which {taken.n_replaced} had other codes before")
    say(f"Open: {taken.n_open} rows without code or coder")
    for line, reason in taken.refused:
        say(f"Refused, row {line}: {reason}", style="bold red")
    if taken.n_units:
        say("They count from the next refresh on: landscape refresh")
    if taken.refused:
        raise typer.Exit(FAILED)

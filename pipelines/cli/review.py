"""The commands `review export` and `review import`: open answers out to a coder, and the codes back."""

from __future__ import annotations

from collections.abc import Sequence
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
    texts: Annotated[
        bool, typer.Option("--texts", help="Texts to be printed instead: names, summaries, lessons, quotations.")
    ] = False,
) -> None:
    """Writes answers in own words into a private sheet, for a person to code; or texts, for a person to approve."""
    from landscape.coding.approving import export_texts
    from landscape.coding.reviewing import export_activities, export_words
    from landscape.last_refresh import read_last_refresh
    from landscape.people.keeping import warnings_of
    from landscape.staging_db import refresh_lock
    from pipelines.definitions import declared_surveys

    if bool(survey) + activities + texts > 1:
        raise LandscapeError("--survey, --activities and --texts are different sheets", remedy="give one of them")
    paths = project_paths()
    with refresh_lock(paths.lock, waits=False), read_last_refresh(paths) as con:
        if texts:
            written = export_texts(con, paths, now())
        elif activities:
            written = export_activities(con, paths, declared_surveys(), now())
        else:
            written = export_words(con, paths, declared_surveys(), survey, now())
    if texts:
        say(
            f"Written: {shown(written.path)}, with {written.n_units} texts to approve; {written.n_coded} were decided before"
        )
        say("Fill in the yellow columns; then: landscape review import FILE")
        warn(warnings_of(paths))
        return
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
    """Takes the codes, or the approvals of texts, from a sheet that a person filled in.

    Exit status 0 only if no row was refused.
    """
    from landscape.coding.approving import import_texts, is_sheet_of_texts
    from landscape.coding.reviewing import import_words
    from landscape.last_refresh import read_last_refresh
    from landscape.staging_db import refresh_lock
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    with refresh_lock(paths.lock), read_last_refresh(paths) as con:
        if is_sheet_of_texts(file):
            approved = import_texts(con, paths, file, now())
            say(
                f"May be printed: {approved.n_approved + approved.n_confirmed} texts, of which {approved.n_confirmed} with place"
            )
            say(f"May not: {approved.n_refused}. Open: {approved.n_open}")
            _finish(approved.refused_rows, approved.n_approved + approved.n_confirmed + approved.n_refused)
            return
        taken = import_words(con, paths, declared_surveys(), file, now())
    say(f"Coded: {taken.n_units} answers, of which {taken.n_replaced} had other codes before")
    say(f"Open: {taken.n_open} rows without code or coder")
    _finish(taken.refused, taken.n_units)


def _finish(refused: Sequence[tuple[int, str]], n_taken: int) -> None:
    for line, reason in refused:
        say(f"Refused, row {line}: {reason}", style="bold red")
    if n_taken:
        say("They count from the next refresh on: landscape refresh")
    if refused:
        raise typer.Exit(FAILED)

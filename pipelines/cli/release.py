"""The commands around releases: `release` make, verify, list, withdraw."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from landscape.errors import LandscapeError
from landscape.paths import ProjectPaths, project_paths
from pipelines.cli.terminal import head, now, say, show_table, unfinished


class _MakeFirst(TyperGroup):
    """`landscape release NAME` makes one; `landscape release verify NAME` and the like do what they say."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override] # its base is private
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["make", *args]
        return super().parse_args(ctx, args)


release_app = typer.Typer(
    cls=_MakeFirst,
    no_args_is_help=True,
    help="Makes a release, the only thing meant to leave the team.\n\n`landscape release NAME` makes one.",
)

On = Annotated[str | None, typer.Option("--on", help="The day, as YYYY-MM-DD; today without it.")]


@release_app.command()
@unfinished("No release was made.")
def make(
    name: Annotated[str, typer.Argument(help="Letters, digits and hyphens, as in 2017-10.")],
    on: On = None,
    replaces: Annotated[str, typer.Option(help="The withdrawn release that this one replaces.")] = "",
) -> None:
    """Freezes what may be shown into reports/releases/NAME and one zip.

    The word `make` can be left out: `landscape release NAME`.
    """
    from landscape.people.retention import refuse_expired
    from landscape.private_files import log_access
    from landscape.publishing import recover
    from landscape.releasing.changes import summary_of
    from landscape.releasing.make import Wanted, make_release
    from landscape.releasing.register import note_made
    from landscape.staging_db import StagingDatabase, open_staging_db
    from pipelines.definitions import declared_for_release, declared_surveys

    paths = _mended()
    refuse_expired(paths, declared_surveys(), now().date())
    with open_staging_db(paths.staging_db, paths.lock) as con:
        recover(paths.releases)
        made = make_release(StagingDatabase(con, paths), declared_for_release(), Wanted(name, _day(on), replaces))
    note_made(paths, name, now())
    log_access(paths, "release make", name, 0, now())
    say(f"Released: reports/releases/{name}/ and {name}.zip, {len(made.files) - 1} files")
    if made.is_sample:
        head("Made-up sample data: every page and figure says so.")
    if "Compared with" in made.changes:
        say(f"{summary_of(made.changes)} (CHANGES.md).")
    for entry in made.people:
        when = "for the first time" if entry.release == name else f"as in release {entry.release}"
        say(f"Tables about people: {entry.name}, {when}")
    if not made.people:
        say("Tables about people: none; a wave is published in the first release after its last day.")
    say(
        f"\nNext: have it checked by a second person (landscape release sheet {name}), note whom it goes to "
        f"(landscape release give {name} --to WHOM), and give them {name}.zip.",
    )


@release_app.command()
def verify(name: Annotated[str, typer.Argument(help="A release's name, or the path of its zip.")]) -> None:
    """Says whether a release is the one that was made.

    Every file as it was, none more or less, and nobody named.
    """
    from landscape.releasing.parcel import verify_folder, verify_zip
    from landscape.releasing.register import refuse_other
    from landscape.releasing.shelf import release_named
    from landscape.surveys.known import known_people

    paths = _mended()
    known = known_people(paths)
    if name.endswith(".zip"):
        refuse_other(paths, Path(name).stem, Path(name))
        say(f"{name}: {verify_zip(Path(name), known)} files, each as it was made.")
        return
    release = release_named(paths, name)
    if release.withdrawn_on:
        raise LandscapeError(
            f"release {name} was withdrawn on {release.withdrawn_on}", remedy="copies of it are not to be used"
        )
    refuse_other(paths, name)
    n_files = verify_folder(release.folder, known)
    verify_zip(paths.releases / f"{name}.zip", known)
    say(f"{name}: {n_files} files, each as it was made, in the folder and in the zip.")


@release_app.command("list")
def list_all() -> None:
    """Lists all releases, withdrawn ones too."""
    from landscape.releasing.shelf import releases

    rows = []
    for release in releases(_mended()):
        state = f"withdrawn on {release.withdrawn_on}: {release.reason}" if release.withdrawn_on else "in force"
        made_up = "made-up sample data; " if release.is_sample else ""
        rows.append((release.name, str(release.released_on), made_up + state))
    if rows:
        show_table(("release", "day", "state"), rows)
    else:
        say("No release was made yet.")


@release_app.command()
@unfinished("Unless it says that the release is withdrawn, the release is as it was.")
def withdraw(
    name: Annotated[str, typer.Argument(help="The release's name.")],
    reason: Annotated[str, typer.Option(help="Why; it stays in the note, so name nobody.")],
    on: On = None,
) -> None:
    """Withdraws a release; a note with the day and the reason stays.

    Say because it holds a person's words.
    """
    from landscape.private_files import log_access
    from landscape.releasing.register import recipients
    from landscape.releasing.withdrawal import withdraw_release
    from landscape.staging_db import refresh_lock

    paths = _mended()
    with refresh_lock(paths.lock):
        removed = withdraw_release(paths, name, _day(on), reason)
    log_access(paths, "release withdraw", name, 0, now())
    say(f"Withdrawn: {name}, {len(removed)} files removed; reports/releases/{name}/WITHDRAWN.md stays.")
    for recipient in recipients(paths, name):
        head(f"Tell: {recipient}")
    say(
        "Next: call back the copies that were sent on. A release without what was wrong: landscape release NAME "
        f"--replaces {name}",
    )


def _mended() -> ProjectPaths:
    """The project folder, once what describes its releases can be read; what was mended is said."""
    from landscape.releasing.shelf import mend_manifests

    say(*mend_manifests(project_paths()))
    return project_paths()


def _day(given: str | None) -> dt.date:
    if given is None:
        return now().date()
    try:
        return dt.date.fromisoformat(given)
    except ValueError as error:
        raise LandscapeError(f"{given} is no day", remedy="write it as YYYY-MM-DD, as in 2017-10-31") from error

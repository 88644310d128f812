"""The commands on what becomes of a release: `release` sheet, approve, give, recipients."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.release import release_app
from pipelines.cli.terminal import now, say, show_table, shown, unfinished

__all__ = ["release_app"]

Name = Annotated[str, typer.Argument(help="The release's name.")]


@release_app.command()
@unfinished("No sheet was written.")
def sheet(name: Name) -> None:
    """Writes what a second person ticks when checking it."""
    from landscape.releasing.register import write_check_sheet

    say(f"Written: {shown(write_check_sheet(project_paths(), name))}")


@release_app.command()
@unfinished("It is not approved.")
def approve(
    name: Name,
    signature: Annotated[Path, typer.Argument(help="What ssh-keygen -Y sign -n landscape-release wrote.")],
) -> None:
    """Notes a second person's signature over the zip.

    Where LANDSCAPE_SIGNERS names a file of those who may approve, no release is given without it.
    """
    from landscape.private_files import log_access
    from landscape.releasing.register import approve as note_approval

    paths, at = project_paths(), now()
    who = note_approval(paths, name, signature, at)
    log_access(paths, "release approve", name, 1, at)
    say(f"Approved by {who}: {name}")


@release_app.command()
@unfinished("Nothing was noted; do not give it.")
def give(
    name: Name, to: Annotated[str, typer.Option(help="Organisation and role, as in “Cumbria OPCC, engagement”.")]
) -> None:
    """Notes to whom a release is given."""
    from landscape.private_files import log_access
    from landscape.releasing.register import give as note_recipient

    paths, at = project_paths(), now()
    note_recipient(paths, name, to, at)
    log_access(paths, "release give", name, 1, at)
    say(f"Noted. Now give them reports/releases/{name}.zip, and nothing else.")


@release_app.command()
def recipients(name: Annotated[str | None, typer.Argument(help="One release; all without it.")] = None) -> None:
    """Lists who made, approved and received releases."""
    from landscape.releasing.register import read_register

    rows = read_register(project_paths(), name)
    if rows:
        show_table(("release", "what", "who", "at (UTC)", "hash, or to whom"), rows)
    else:
        say("Nothing is noted yet.")

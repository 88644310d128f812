"""The commands around the keys of pseudonyms: `keys` status, backup, rotate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import say, unfinished, warn

keys_app = typer.Typer(no_args_is_help=True, help="Looks after keys and private files.")


@keys_app.command()
def status(
    mend: Annotated[bool, typer.Option("--mend", help="Let nobody but you read received and private files.")] = False,
) -> None:
    """Says where the keys are, and whether they and private files are safe."""
    from landscape.people.keeping import key_status, mend_modes

    paths = project_paths()
    for name in mend_modes(paths) if mend else ():
        say(f"From now on only you may read: {name}")
    found = key_status(paths)
    say(f"Keys: {len(found.keys)} in {found.key_folder}")
    for name in found.keys:
        say(f"  {name}")
    say(
        f"Tombstones: {found.n_tombstones} marks. Withdrawals: {found.n_withdrawals}. Holds and objections: {found.n_holds}."
    )
    warn(found.warnings)


@keys_app.command()
@unfinished("No copy was written; the keys are as they were.")
def backup(file: Annotated[Path, typer.Argument(help="The zip to write, outside the project folder.")]) -> None:
    """Copies all keys into one zip for escrow.

    Unpacked into the key folder, it restores them.
    """
    from landscape.people.keeping import back_up_keys

    for name in back_up_keys(project_paths(), file):
        say(f"Copied: {name}")
    say(f"Written: {file}. Give it into escrow, apart from the project, and keep no other copy.")


@keys_app.command()
@unfinished("Give the command again: only keys that it names are sure to be new.")
def rotate() -> None:
    """Renews the keys of the surveys' pseudonyms.

    The key of the tombstones is never renewed.
    """
    from landscape.people.keeping import rotate_keys

    for name in rotate_keys(project_paths()):
        say(f"Renewed: {name}")
    say("The next refresh gives everyone a new pseudonym. Copy the keys again: landscape keys backup FILE")

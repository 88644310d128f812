"""The commands around the contacts vault: `vault` status, backup-key, rotate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import say, unfinished, warn

vault_app = typer.Typer(no_args_is_help=True, help="Looks after the contacts vault and its keys.")


@vault_app.command()
def status() -> None:
    """Says what the vault holds, where the keys are, and whether both are safe."""
    from landscape.people.keeping import vault_status

    found = vault_status(project_paths())
    if found.contacts is None:
        say("Vault: none yet; every refresh makes it from the received files.")
    else:
        say(f"Vault: data/contacts.duckdb, with {sum(found.contacts.values())} responses of named people")
        for survey, n_responses in found.contacts.items():
            say(f"  {survey}: {n_responses}")
    say(f"Keys: {len(found.keys)} in {found.key_folder}")
    for name in found.keys:
        say(f"  {name}")
    say(f"Tombstones: {found.n_tombstones} marks. Withdrawn consents: {found.n_withdrawals}.")
    warn(found.warnings)


@vault_app.command("backup-key")
@unfinished("No copy was written; the keys are as they were.")
def backup_key(file: Annotated[Path, typer.Argument(help="The zip to write, outside the project folder.")]) -> None:
    """Copies all keys into one zip for escrow.

    Unpacked into the key folder, it restores them.
    """
    from landscape.people.keeping import back_up_keys

    for name in back_up_keys(project_paths(), file):
        say(f"Copied: {name}")
    say(f"Written: {file}. Give it into escrow, apart from the project, and keep no other copy.")


@vault_app.command()
@unfinished("Give the command again: only keys that it names are sure to be new.")
def rotate() -> None:
    """Renews the keys of the surveys' pseudonyms.

    The key of the tombstones is never renewed.
    """
    from landscape.people.keeping import rotate_keys

    for name in rotate_keys(project_paths()):
        say(f"Renewed: {name}")
    say("The next refresh gives everyone a new pseudonym. Copy the keys again: landscape vault backup-key FILE")

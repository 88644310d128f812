"""The commands `contacts export` and `contacts directory`: lists of people who agreed to be on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import now, plural, say, shown, unfinished, warn

if TYPE_CHECKING:
    from landscape.people.mailing import MailingList

contacts_app = typer.Typer(no_args_is_help=True, help="Writes lists of people, as far as they consent.")


@contacts_app.command()
@unfinished("No list was written.")
def export(purpose: Annotated[str, typer.Option(help="What for, such as CON.NETWORK.")]) -> None:
    """Writes the people who consent to a purpose as a workbook.

    For the coordinator only.
    """
    from landscape.people.keeping import warnings_of
    from landscape.people.mailing import export_contacts
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    written = export_contacts(paths, declared_surveys(), purpose, now())
    _show_written(written)
    say("Delete it when the message is sent. The access log says that it was written.")
    warn(warnings_of(paths))


@contacts_app.command()
@unfinished("No list was written.")
def directory() -> None:
    """Writes the members-only directory of expertise.

    Who consents to be listed, with the topics they offer and want.
    """
    from landscape.people.directory import export_directory
    from landscape.people.keeping import warnings_of
    from pipelines.definitions import declared_surveys

    paths = project_paths()
    written = export_directory(paths, declared_surveys(), now())
    _show_written(written)
    say(
        "For members of the network only: never in a report, on a website or in a release. It holds no addresses; put "
        "people in touch yourself. The access log says that it was written."
    )
    warn(warnings_of(paths))


def _show_written(written: MailingList) -> None:
    say(f"Written: {shown(written.path)}, with {written.n_people} {plural(written.n_people, 'person', 'people')}")
    if written.n_left_out:
        addresses = plural(written.n_left_out, "shared address", "shared addresses")
        say(f"Left out: {written.n_left_out} {addresses} where not everyone consents.")

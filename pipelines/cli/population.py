"""The command `population update`: populations from a table that ONS publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import LOOKED, Apply, say, show_table, shown, unfinished

population_app = typer.Typer(
    no_args_is_help=True, help="Renews the populations of the force areas, from a table of ONS."
)


@population_app.command("update")
@unfinished("The populations in data/reference are as they were.")
def update_population(
    file: Annotated[
        Path, typer.Argument(help="Table P3 of the police force area tables, or MYE2 - Persons; .xlsx or .csv.")
    ],
    apply: Apply = False,
) -> None:
    """Reads populations from a table that ONS publishes, checks them, and shows what would change."""
    from landscape.opendata.ons_population import new_population, put_population

    paths = project_paths()
    new = new_population(paths, file)
    before = new.changes[0].before_year
    show_table(
        ("area", "", f"mid-{before}", f"mid-{new.mid_year}", "change"),
        ((each.code, each.name, f"{each.before:,}", f"{each.after:,}", f"{each.change:+.2%}") for each in new.changes),
    )
    say(new.source)
    if new.is_replaced:
        say(f"mid-{new.mid_year} is there already; its figures would be replaced.")
    if not apply:
        say(LOOKED)
        return
    say(f"Written: {shown(put_population(paths, new))}")
    say("Then: landscape refresh")

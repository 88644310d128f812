"""The command `boundaries update`: new boundaries of the force areas from ONS."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import LOOKED, Apply, now, say, show_table, shown, unfinished

boundaries_app = typer.Typer(no_args_is_help=True, help="Renews the boundaries of the force areas, from ONS.")
_URL_VARIABLE = "LANDSCAPE_ONS_URL"


@boundaries_app.command("update")
@unfinished("The boundaries in data/reference are as they were.")
def update_boundaries(
    service: Annotated[
        str | None, typer.Option(help="Another ONS service than data/reference/boundaries.yml names.")
    ] = None,
    apply: Apply = False,
) -> None:
    """Fetches boundaries from ONS, checks them, and shows what would change."""
    from landscape.opendata.ons_boundaries import BASE_URL, new_boundaries
    from landscape.opendata.ons_boundaries_file import BOUNDARIES, declared_service, put_boundaries
    from landscape.places.boundaries import read_boundaries

    paths = project_paths()
    present = read_boundaries(paths.reference / BOUNDARIES)
    url = os.environ.get(_URL_VARIABLE, BASE_URL)
    new = new_boundaries(service or declared_service(paths), present, url)
    show_table(
        ("area", "", "km² now", "new", "change", "vertices now", "new"),
        (
            (
                *(each.code, each.name),
                *(f"{each.km2_before:,.1f}", f"{each.km2_after:,.1f}", f"{each.area_change:+.2%}"),
                *(f"{each.n_vertices_before:,}", f"{each.n_vertices_after:,}"),
            )
            for each in new.changes
        ),
    )
    say(new.attribution)
    if not apply:
        say(LOOKED)
        return
    for path in put_boundaries(paths, new, now().date()):
        say(f"Written: {shown(path)}")
    say("Then: landscape refresh")

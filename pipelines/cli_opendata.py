"""The commands about open data: police-uk, boundaries, population. Not here: anything they do; they show it."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from landscape.paths import project_paths

police_uk_app = typer.Typer(
    no_args_is_help=True, help="What forces publish on data.police.uk: channels, events, priorities."
)
boundaries_app = typer.Typer(no_args_is_help=True, help="Boundaries of the force areas, from ONS.")
population_app = typer.Typer(no_args_is_help=True, help="Populations of the force areas, from a table of ONS.")
console = Console(highlight=False, soft_wrap=True)
_URL_VARIABLE = "LANDSCAPE_POLICE_UK_URL"  # another address, such as a proxy of the university

_ONS_URL_VARIABLE = "LANDSCAPE_ONS_URL"
_LOOKED = "Nothing was changed. To put this in the place of what is there: the same command with --apply"

Apply = Annotated[bool, typer.Option("--apply", help="Put it in the place of what is there; without it, only look.")]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@police_uk_app.command("pull")
def pull_police_uk(
    force: Annotated[
        list[str] | None, typer.Option(help="One force, by id or name; again for more. All without it.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be asked for; ask for nothing.")] = False,
) -> None:
    """Asks data.police.uk for engagement methods, neighbourhoods, events and priorities, and keeps every answer."""
    from landscape.opendata.police_uk import BASE_URL, PoliceUk
    from landscape.opendata.police_uk_pull import forces_here, plan_pull
    from landscape.opendata.police_uk_pull import pull_police_uk as pull

    paths = project_paths()
    forces = forces_here(paths, force or ())
    plan = plan_pull(paths, forces, _now())
    if plan.goes_on_with:
        console.print(f"Goes on with the pull {plan.goes_on_with}: {plan.n_kept} answers are there already.")
    if dry_run:
        for name, n_requests in plan.n_requests.items():
            console.print(f"  {name}: {f'{n_requests} requests last time' if n_requests else 'never pulled'}")
        console.print("Dry run: nothing was asked for.")
        return
    service = PoliceUk(os.environ.get(_URL_VARIABLE, BASE_URL))
    try:
        with console.status("asking data.police.uk") as status:
            done = pull(paths, service, forces, _now, lambda name, n: status.update(f"{name}: {n} answers"))
    finally:
        service.close()
    console.print(
        f"Kept in data/raw/police_uk/{done.name}: {done.n_fetched} answers fetched, {done.n_kept} already there."
    )
    for code, n_answers in sorted(done.statuses.items()):
        console.print(f"  status {code}: {n_answers}")
    if done.n_refused:
        console.print(f"Refused for the moment: {done.n_refused}. Pull again within a day: it asks for those alone.")
    console.print("Then: landscape refresh")


@police_uk_app.command("texts")
def texts_to_code() -> None:
    """Writes the priorities that nobody has given a theme yet, each wording once, for a person to code."""
    from landscape.opendata.police_uk_texts import CODINGS, write_texts_to_code

    path, n_texts = write_texts_to_code(project_paths())
    console.print(f"Written: data/private/{path.name}, with {n_texts} wordings.", markup=False)
    console.print(
        "Give each a theme (LPR. in data/reference/codebook.csv), and copy text_key, theme_code, coder and coded_on "
        f"into {CODINGS}.",
        markup=False,
    )


@boundaries_app.command("update")
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
    url = os.environ.get(_ONS_URL_VARIABLE, BASE_URL)
    new = new_boundaries(service or declared_service(paths), present, url)
    table = Table("area", "", "km² now", "new", "change", "vertices now", "new", box=None)
    for each in new.changes:
        km2 = f"{each.km2_before:,.1f}", f"{each.km2_after:,.1f}", f"{each.area_change:+.2%}"
        table.add_row(each.code, each.name, *km2, f"{each.n_vertices_before:,}", f"{each.n_vertices_after:,}")
    console.print(table)
    console.print(new.attribution, markup=False)
    if not apply:
        console.print(_LOOKED)
        return
    for path in put_boundaries(paths, new, _now().date()):
        console.print(f"Written: {path.relative_to(paths.root).as_posix()}", markup=False)
    console.print("Then: landscape refresh")


@population_app.command("update")
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
    table = Table("area", "", f"mid-{before}", f"mid-{new.mid_year}", "change", box=None)
    for each in new.changes:
        table.add_row(each.code, each.name, f"{each.before:,}", f"{each.after:,}", f"{each.change:+.2%}")
    console.print(table)
    console.print(new.source, markup=False)
    if new.is_replaced:
        console.print(f"mid-{new.mid_year} is there already; its figures would be replaced.")
    if not apply:
        console.print(_LOOKED)
        return
    console.print(f"Written: {put_population(paths, new).relative_to(paths.root).as_posix()}", markup=False)
    console.print("Then: landscape refresh")

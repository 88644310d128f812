"""The commands about open data: police-uk, boundaries, population. Not here: anything they do; they show it."""

from __future__ import annotations

import datetime as dt
import os
from typing import Annotated

import typer
from rich.console import Console

from landscape.paths import project_paths

police_uk_app = typer.Typer(
    no_args_is_help=True, help="What forces publish on data.police.uk: channels, events, priorities."
)
console = Console(highlight=False, soft_wrap=True)
_URL_VARIABLE = "LANDSCAPE_POLICE_UK_URL"  # another address, such as a proxy of the university


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
    from landscape.sources.police_uk import BASE_URL, PoliceUk
    from landscape.sources.police_uk_pull import northern_forces, plan_pull
    from landscape.sources.police_uk_pull import pull_police_uk as pull

    paths = project_paths()
    forces = northern_forces(paths, force or ())
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
    from landscape.sources.police_uk_texts import CODINGS, write_texts_to_code

    path, n_texts = write_texts_to_code(project_paths())
    console.print(f"Written: data/private/{path.name}, with {n_texts} wordings.", markup=False)
    console.print(
        "Give each a theme (LPR. in data/reference/codebook.csv), and copy text_key, theme_code, coder and coded_on "
        f"into {CODINGS}.",
        markup=False,
    )

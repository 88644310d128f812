"""The commands `police-uk pull` and `police-uk texts`: answers of data.police.uk, and their priorities to code."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from landscape.paths import project_paths
from pipelines.cli.terminal import DryRun, console, now, say, unfinished

police_uk_app = typer.Typer(no_args_is_help=True, help="Pulls what forces publish on data.police.uk.")
_URL_VARIABLE = "LANDSCAPE_POLICE_UK_URL"  # another address, such as a proxy of the university


@police_uk_app.command("pull")
@unfinished("Answers that had come are kept; pull again, and it goes on from there. Earlier pulls are as they were.")
def pull_police_uk(
    force: Annotated[
        list[str] | None, typer.Option(help="One force, by id or name; again for more. All without it.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Asks data.police.uk what forces publish, and keeps every answer.

    Their engagement methods, neighbourhoods, events and priorities.
    """
    from landscape.opendata.police_uk import BASE_URL, PoliceUk
    from landscape.opendata.police_uk_pull import forces_here, plan_pull
    from landscape.opendata.police_uk_pull import pull_police_uk as pull

    paths = project_paths()
    forces = forces_here(paths, force or ())
    plan = plan_pull(paths, forces, now())
    if plan.goes_on_with:
        say(f"Goes on with the pull {plan.goes_on_with}: {plan.n_kept} answers are there already.")
    if dry_run:
        for name, n_requests in plan.n_requests.items():
            say(f"  {name}: {f'{n_requests} requests last time' if n_requests else 'never pulled'}")
        say("Dry run: nothing was asked for.")
        return
    service = PoliceUk(os.environ.get(_URL_VARIABLE, BASE_URL))
    try:
        with console.status("asking data.police.uk") as status:
            done = pull(paths, service, forces, now, lambda name, n: status.update(f"{name}: {n} answers"))
    finally:
        service.close()
    say(f"Kept in data/raw/police_uk/{done.name}: {done.n_fetched} answers fetched, {done.n_kept} already there.")
    for code, n_answers in sorted(done.statuses.items()):
        say(f"  status {code}: {n_answers}")
    if done.n_refused:
        say(f"Refused for the moment: {done.n_refused}. Pull again within a day: it asks for those alone.")
    say("Then: landscape refresh")


@police_uk_app.command("texts")
@unfinished("No sheet was written.")
def texts_to_code() -> None:
    """Writes the priorities without a theme, for a person to code.

    Each wording once.
    """
    from landscape.opendata.police_uk_texts import CODINGS, write_texts_to_code

    path, n_texts = write_texts_to_code(project_paths())
    say(f"Written: data/private/{path.name}, with {n_texts} wordings.")
    say(
        "Give each a theme (LPR. in data/reference/codebook.csv), and copy text_key, theme_code, coder and coded_on "
        f"into {CODINGS}.",
    )
